"""Goals and their paths, with the figures of the domain facts."""

from dataclasses import replace

import pytest

from config.domain.factors import Mark
from config.domain.goals import Better, Goal, Goals, Level, Path
from config.domain.indicators import Missing

EED = Goal(
    id="eed",
    level=Level.EU,
    owner="",
    text_sv="EED-linje",
    text_en="EED line",
    indicator="use",
    unit="MWh",
    path=Path.YEARLY_OF_BASE,
    source="",
    mark=Mark.SECOND_HAND,
    base_year=2021,
    base_value=10_000,
    yearly_change=-0.019,
)
BUDGET = replace(EED, path=Path.YEARLY_COMPOUND, base_year=2020, base_value=100, target_year=2040, yearly_change=-0.164)
SOLAR = replace(EED, path=Path.LINEAR, base_year=2020, base_value=3.13, target_year=2030, target_value=5.0, yearly_change=None)


@pytest.mark.parametrize(("year", "linear", "compound"), [(2026, 9_050.0, 9_085.4), (2030, 8_290.0, 8_414.4)])
def test_the_eed_line_in_both_readings(year: int, linear: float, compound: float) -> None:
    """Domain facts 1.1: E2021 = 10 000 MWh."""
    assert EED.value_on_path(year) == pytest.approx(linear)
    assert replace(EED, path=Path.YEARLY_COMPOUND).value_on_path(year) == pytest.approx(compound, abs=0.05)


@pytest.mark.parametrize(("year", "index"), [(2020, 100.0), (2025, 40.8), (2026, 34.1), (2030, 16.7)])
def test_the_carbon_budget_does_not_reach_nought_in_2030(year: int, index: float) -> None:
    """Domain facts 1.3, trap 20: 16.7 is not climate neutral."""
    assert BUDGET.value_on_path(year) == pytest.approx(index, abs=0.05)


def test_a_linear_path_goes_evenly_from_base_to_target() -> None:
    """3.13 MW in 2020, 5 MW in 2030: half way in 2025."""
    assert SOLAR.value_on_path(2020) == pytest.approx(3.13)
    assert SOLAR.value_on_path(2025) == pytest.approx(4.065)
    assert SOLAR.value_on_path(2030) == pytest.approx(5.0)


def test_a_target_may_be_a_share_of_the_base() -> None:
    """−63 % is 0.37 of the base."""
    goal = replace(SOLAR, base_value=200.0, target_value=None, target_share=0.37)

    assert goal.target == pytest.approx(74.0)
    assert goal.value_on_path(2025) == pytest.approx(137.0)


@pytest.mark.parametrize(
    ("goal", "year", "reason"),
    [
        (replace(EED, base_value=None), 2026, "EED line: no base value in goals.yaml."),
        (replace(EED, yearly_change=None), 2026, "EED line: no yearly change in goals.yaml."),
        (replace(SOLAR, target_value=None), 2026, "EED line: no target value in goals.yaml."),
        (replace(EED, path=Path.NONE), 2026, "EED line: decided without a path."),
        (BUDGET, 2041, "EED line: 2041 lies outside the goal's years."),
        (BUDGET, 2019, "EED line: 2019 lies outside the goal's years."),
    ],
)
def test_what_a_path_lacks_is_said(goal: Goal, year: int, reason: str) -> None:
    """Never 0, never a guess."""
    found = goal.value_on_path(year)

    assert isinstance(found, Missing)
    assert found.reason_en == reason


def test_a_goal_is_found_by_its_id() -> None:
    """Or is missing, in words."""
    goals = Goals((EED,))

    assert goals.goal("eed") == EED
    assert isinstance(goals.goal("x"), Missing)


@pytest.mark.parametrize(
    ("goal", "towards"),
    [
        (EED, Better.LOWER),
        (SOLAR, Better.HIGHER),
        (replace(SOLAR, base_value=None, target_value=None, target_share=0.37), Better.LOWER),
        (replace(SOLAR, base_value=None, better=Better.HIGHER), Better.HIGHER),
    ],
)
def test_the_direction_is_said_or_shown(goal: Goal, towards: Better) -> None:
    """A share to be raised and a use to be lowered must not be judged alike."""
    assert goal.towards is towards


def test_a_direction_that_nothing_shows_is_asked_for() -> None:
    """A target of 3 % a year says nothing of which side is better."""
    found = replace(SOLAR, base_value=None).towards

    assert isinstance(found, Missing)
    assert "better: lower or higher" in found.reason_en
