"""The lines of a goal's picture."""

from dataclasses import replace
from datetime import date

import pytest

from config.domain.assessments import Forecast
from config.domain.goals import Path
from services.goals.course import course
from services.goals.verdict import assess
from tests.config.test_goals import BUDGET, SOLAR
from tests.services.goals.test_verdict import years

AS_OF = date(2026, 3, 31)
STANDING_STILL = years(3.15, 3.2, 3.18, 3.2, 3.2)


def test_measured_values_are_those_that_the_goal_is_judged_by() -> None:
    """Five years, and the base of 2020; one of too low coverage is neither judged by nor drawn."""
    thin = replace(STANDING_STILL[2], coverage=0.5)

    drawn = course(SOLAR, [*STANDING_STILL[:2], thin, *STANDING_STILL[3:]], AS_OF)

    assert [value.end.year for value in drawn.measured] == [2020, 2021, 2022, 2024, 2025]


def test_the_path_goes_from_base_to_target() -> None:
    """3.13 MW in 2020, 5 MW in 2030, evenly."""
    path = dict(course(SOLAR, STANDING_STILL, AS_OF).path)

    assert (min(path), max(path)) == (2020, 2030)
    assert (path[2020], path[2025], path[2030]) == pytest.approx((3.13, 4.065, 5.0))


def test_a_goal_without_a_path_has_none() -> None:
    """Decided without one."""
    assert course(replace(SOLAR, path=Path.NONE), STANDING_STILL, AS_OF).path == ()


def test_the_forecast_is_the_verdict_s_own() -> None:
    """This year's and the target year's are those that it is judged by, and every year between them is there."""
    judged = assess(SOLAR, STANDING_STILL, AS_OF)

    forecasts = {item.year: item for item in course(SOLAR, STANDING_STILL, AS_OF).forecasts}

    assert sorted(forecasts) == [2026, 2027, 2028, 2029, 2030]
    assert isinstance(judged.this_year, Forecast)
    assert (forecasts[2026], forecasts[2030]) == (judged.this_year, judged.target_year)


def test_the_band_widens_with_the_years() -> None:
    """Nobody knows more of 2030 than of 2026."""
    widths = [item.high - item.low for item in course(SOLAR, STANDING_STILL, AS_OF).forecasts]

    assert widths == sorted(widths)


def test_years_too_far_ahead_have_no_forecast() -> None:
    """2040 lies further from 2025 than the values reach back; what can be said is drawn."""
    forecasts = course(BUDGET, years(100.0, 80.0, 60.0, 50.0, 41.0), AS_OF).forecasts

    assert [item.year for item in forecasts] == [2026, 2027, 2028, 2029, 2030]


def test_a_goal_without_values_has_its_path_only() -> None:
    """A forecast of nothing is none."""
    drawn = course(replace(SOLAR, base_value=None, base_year=2020), [], AS_OF)

    assert (drawn.measured, drawn.path, drawn.forecasts) == ((), (), ())
