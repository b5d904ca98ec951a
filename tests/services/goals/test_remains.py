"""What remains to a goal, by building; and the renovated share."""

from dataclasses import replace

import pytest

from config.domain.indicators import Missing
from services.goals.remains import is_sum, per_building, remaining
from services.goals.renovation import renovated_share
from tests.config.test_goals import SOLAR

UNKNOWN = Missing("saknas", "missing")


def test_each_building_has_the_part_that_its_use_is() -> None:
    """10 MWh by 30 and 10 MWh of use; the third is not measured, and says so."""
    parts = per_building(10.0, {"liten": 10_000.0, "stor": 30_000.0, "okänd": UNKNOWN})

    assert [(part.building, part.remains) for part in parts] == [("stor", 7.5), ("liten", 2.5), ("okänd", UNKNOWN)]


def test_nobody_uses_anything() -> None:
    """No share of nothing."""
    (part,) = per_building(10.0, {"tom": 0.0})

    assert isinstance(part.share, Missing)


def test_a_use_below_nought_is_a_fault_of_the_caller() -> None:
    """A plant's production is no building's part of a saving."""
    with pytest.raises(ValueError, match="below 0"):
        per_building(10.0, {"panel": -1.0})


@pytest.mark.parametrize(("latest", "left"), [(4.0, 1.0), (5.5, 0.0)])
def test_what_is_reached_leaves_nothing(latest: float, left: float) -> None:
    """5 MW is the target of 2030."""
    assert remaining(SOLAR, latest, 2026) == pytest.approx(left)


@pytest.mark.parametrize(("unit", "adds_up"), [("MWh/år", True), ("ton CO2e/år", True), ("kWh/m²", False), ("%", False)])
def test_shares_and_ratios_are_not_divided_among_buildings(unit: str, adds_up: bool) -> None:
    """A building has no part of a percentage."""
    assert is_sum(replace(SOLAR, unit=unit)) is adds_up


def test_the_renovated_share_is_of_the_whole_stock() -> None:
    """30 m² of 1,500 m² are 2 %; an area that nobody entered leaves it unknown."""
    assert renovated_share({"a": 30.0}, {"a": 1000.0, "b": 500.0}) == pytest.approx(0.02)
    assert isinstance(renovated_share({"a": 30.0}, {"a": 1000.0, "b": None}), Missing)
    with pytest.raises(ValueError, match="not among the buildings"):
        renovated_share({"c": 30.0}, {"a": 1000.0})
