"""The lines of a goal's picture: what was measured, the path, and where the figure is going by the verdict's own model. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.domain.assessments import Forecast, GoalValue
from config.domain.goals import Goal, GoalLimits
from config.domain.indicators import Missing
from services.goals.path import with_measured_base
from services.goals.verdict import Judged, usable_values


@dataclass(frozen=True, slots=True)
class Course:
    """In the goal's unit; what is not known is absent.

    Attributes:
        measured: the values that it is judged by, by end.
        path: year → where the path lies at its end, from the base year to the target year.
        forecasts: for the years after the last value, up to the target year or, where there is none, the present one.
    """

    measured: tuple[GoalValue, ...]
    path: tuple[tuple[int, float], ...]
    forecasts: tuple[Forecast, ...]


def course(goal: Goal, values: Sequence[GoalValue], as_of: date, limits: GoalLimits | None = None) -> Course:
    """The goal's lines as they stand on `as_of`; arguments as of `services.goals.verdict.assess`."""
    limits = limits or GoalLimits()
    usable, _ = usable_values(goal, values, as_of, limits)
    whole = with_measured_base(goal, usable)
    judged = Judged(whole, usable, as_of, limits)
    last = as_of.year if goal.target_year is None else goal.target_year
    path: list[tuple[int, float]] = []
    if goal.base_year is not None:
        lies = [(year, whole.value_on_path(year)) for year in range(goal.base_year, last + 1)]
        path = [(year, value) for year, value in lies if not isinstance(value, Missing)]
    ahead = range(_year_after(usable[-1].end), last + 1) if usable and judged.outside() is None else range(0)
    forecasts = [judged.forecast(year) for year in ahead]
    return Course(usable, tuple(path), tuple(item for item in forecasts if isinstance(item, Forecast)))


def _year_after(end: date) -> int:
    """The first year whose end lies after a value's."""
    return end.year + 1 if (end.month, end.day) == (12, 31) else end.year
