"""Where a value lies beside its path."""

from dataclasses import replace
from datetime import date

import pytest

from config.domain.assessments import GoalValue, Place
from config.domain.goals import Path
from config.domain.indicators import Missing
from services.goals.path import on_path, place_on_path, target_of, with_measured_base
from tests.config.test_goals import SOLAR


def value(end: date, number: float) -> GoalValue:
    return GoalValue(end, number, "provet")


def test_the_path_runs_evenly_between_the_ends_of_two_years() -> None:
    """4.065 at the end of 2025, 4.252 at the end of 2026; 30 June is day 181 of 365."""
    assert on_path(SOLAR, date(2026, 6, 30)) == pytest.approx(4.065 + 0.187 * 181 / 365)


@pytest.mark.parametrize(("number", "gap"), [(4.0, 0.252), (4.5, -0.248)])
def test_above_nought_is_the_worse_side(number: float, gap: float) -> None:
    """More sun is better; 4.252 MW is the path at the end of 2026."""
    place = place_on_path(SOLAR, value(date(2026, 12, 31), number))

    assert isinstance(place, Place)
    assert place.gap == pytest.approx(gap)


def test_a_base_that_was_decided_as_a_year_is_the_measured_one() -> None:
    """ "50 % less than 2021" is nothing until 2021 is measured."""
    goal = replace(SOLAR, base_value=None, target_value=None, target_share=0.5, base_year=2021)

    assert isinstance(target_of(goal, 2030), Missing)
    assert target_of(with_measured_base(goal, [value(date(2021, 12, 31), 80.0)]), 2030) == pytest.approx(40.0)
    assert with_measured_base(goal, [value(date(2022, 12, 31), 80.0)]) is goal


def test_without_a_path_nothing_is_asked_before_the_target_year() -> None:
    """Neutral by 2030 says nothing of 2026."""
    goal = replace(SOLAR, path=Path.NONE)

    assert isinstance(target_of(goal, 2026), Missing)
    assert target_of(goal, 2030) == 5.0
