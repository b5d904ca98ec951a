"""Sums of the same buildings, with figures worked by hand."""

import pytest

from config.domain.indicators import Missing
from services.analysis.constant_stock import StockBuilding, StockYear, constant_stock

HOLE = Missing("Bara 71 % av periodens timmar är kända.", "Only 71 % of the period's hours are known.")
MOVED = Missing("Mäts på annat sätt.", "Metered otherwise.")


def building(name: str, area_m2: float | None, changed: Missing | None = None, **years: float | Missing) -> StockBuilding:
    figures = {f"{key[1:]}": StockYear(kwh, 0.9, 30.0) for key, kwh in years.items()}
    return StockBuilding(name, name.capitalize(), figures, area_m2, changed)


SCHOOL = building("skolan", 1_000.0, y2023=100_000.0, y2024=90_000.0, y2025=85_000.0)
HALL = building("hallen", 3_000.0, y2023=600_000.0, y2024=HOLE, y2025=560_000.0)
BOUGHT = building("köpta", 500.0, y2024=40_000.0, y2025=41_000.0)


def test_only_buildings_that_are_whole_in_every_period_are_in() -> None:
    """The hall lacks 2024 and the bought one 2023: the whole span is the school's alone."""
    stock = constant_stock([SCHOOL, HALL, BOUGHT], ["2023", "2024", "2025"])

    assert stock.members == ("skolan",)
    assert [stock.sums[year].kwh for year in ("2023", "2024", "2025")] == [100_000.0, 90_000.0, 85_000.0]
    assert [(name, why.reason_sv) for name, why in stock.left_out] == [
        ("Hallen", "2024: Bara 71 % av periodens timmar är kända."),
        ("Köpta", "Ingen siffra för 2023."),
    ]


def test_the_sum_by_area_is_the_sum_by_the_sum() -> None:
    """(100 000 + 600 000) / (1 000 + 3 000) = 175; the mean of 100 and 200 would be 150."""
    stock = constant_stock([SCHOOL, HALL], ["2023", "2025"])

    assert stock.sums["2023"].kwh_per_m2 == pytest.approx(175.0)
    assert stock.sums["2025"].kwh_per_m2 == pytest.approx(161.25)


def test_what_is_not_measured_the_same_is_out_and_says_why() -> None:
    """Whatever its figures are."""
    stock = constant_stock([SCHOOL, building("huset", 1.0, MOVED, y2024=1.0, y2025=2.0)], ["2024", "2025"])

    assert stock.members == ("skolan",)
    assert stock.left_out == (("Huset", MOVED),)


def test_a_sum_is_as_covered_as_its_buildings_and_less_unsure_than_they_are_together() -> None:
    """Two of ±30 are ±42.4."""
    stock = constant_stock([SCHOOL, BOUGHT], ["2024", "2025"])

    assert stock.sums["2024"].coverage == pytest.approx(0.9)
    assert stock.sums["2024"].half_width == pytest.approx(42.43, abs=0.01)


def test_without_an_area_there_is_energy_and_nothing_per_square_metre() -> None:
    """The building without one is named."""
    stock = constant_stock([SCHOOL, building("nya", None, y2024=10.0, y2025=20.0)], ["2024", "2025"])
    per_m2 = stock.sums["2025"].kwh_per_m2

    assert stock.sums["2025"].kwh == 85_020.0
    assert isinstance(per_m2, Missing)
    assert per_m2.reason_sv == "Arean saknas för Nya: ange area_m2 (Atemp) i portfolio.yaml."


def test_no_common_building_is_no_sum() -> None:
    """Never a nought."""
    stock = constant_stock([HALL], ["2023", "2024"])

    assert isinstance(stock.sums["2023"].kwh, Missing)
    assert isinstance(stock.sums["2023"].kwh_per_m2, Missing)
