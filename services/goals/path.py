"""The path to a goal: its target in a year, where it lies on a day, and the place of a value beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from config.domain.assessments import GoalValue, Place
from config.domain.goals import Better, Goal, Path
from config.domain.indicators import Missing


def with_measured_base(goal: Goal, values: Sequence[GoalValue]) -> Goal:
    """The goal with the measured value of its base year, where it was decided against a year without a figure.

    A goal that has a base value, or no base year, is returned as it is.
    """
    if goal.base_value is not None or goal.base_year is None:
        return goal
    measured = [value.value for value in values if value.end == date(goal.base_year, 12, 31)]
    return replace(goal, base_value=measured[-1]) if measured else goal


def target_of(goal: Goal, year: int) -> float | Missing:
    """What is to be reached by the end of `year`: the path's value, or a target that holds every year. [the goal's unit]

    A goal without a path asks nothing before its target year, which is said.
    """
    if goal.path is not Path.NONE:
        return goal.value_on_path(year)
    target = goal.target
    if isinstance(target, Missing) or goal.target_year is None or year >= goal.target_year:
        return target
    return goal.value_on_path(year)


def on_path(goal: Goal, day: date) -> float | Missing:
    """Where the path lies when the twelve months end with `day`: evenly between the ends of two years. [the goal's unit]"""
    after = goal.value_on_path(day.year)
    whole = date(day.year + 1, 1, 1) - date(day.year, 1, 1)
    passed = (day - date(day.year - 1, 12, 31)) / whole
    if isinstance(after, Missing) or passed == 1.0 or goal.base_year == day.year:
        return after
    before = goal.value_on_path(day.year - 1)
    return before if isinstance(before, Missing) else before + (after - before) * passed


def place_on_path(goal: Goal, latest: GoalValue) -> Place | Missing:
    """The last value beside the path; `gap` is above 0 on the worse side."""
    there, towards = on_path(goal, latest.end), goal.towards
    if isinstance(there, Missing):
        return there
    if isinstance(towards, Missing):
        return towards
    gap = latest.value - there
    return Place(latest, there, gap if towards is Better.LOWER else -gap)
