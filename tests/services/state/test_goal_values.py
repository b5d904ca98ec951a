"""Goals' values: kept with unit, source and mark, never overwritten, and asked for as they were known."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.assessments import GoalRecord, GoalValue
from config.domain.factors import Mark
from services.state.state import State

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def record(year: int, value: float, unit: str = "%", goal: str = "waste", source: str = "avfallsplanen") -> GoalRecord:
    return GoalRecord(goal, unit, GoalValue(date(year, 12, 31), value, source, Mark.SECOND_HAND, 0.5, 0.98))


def test_a_value_comes_back_with_all_that_was_said_of_it(tmp_path: Path) -> None:
    """Source and mark are shown beside the verdict."""
    with State.open(tmp_path / "s") as state:
        entered = state.goal_values.put([record(2025, 38.5), record(2024, 37.0)], NOW)

        assert entered == 2
        assert state.goal_values.of("waste", "%")[1] == GoalValue(
            date(2025, 12, 31), 38.5, "avfallsplanen", Mark.SECOND_HAND, 0.5, 0.98, date(2026, 3, 2)
        )
        assert state.goal_values.goals() == ("waste",)
        assert state.goal_values.of("transport", "%") == ()


def test_entering_the_same_again_changes_nothing(tmp_path: Path) -> None:
    """A file is imported twice sooner or later."""
    with State.open(tmp_path / "s") as state:
        state.goal_values.put([record(2025, 38.5)], NOW)
        again = state.goal_values.put([record(2025, 38.5)], LATER)

        assert again == 0
        assert [value.entered for value in state.goal_values.of("waste", "%")] == [date(2026, 3, 2)]


def test_a_corrected_value_counts_and_the_old_one_can_still_be_asked_for(tmp_path: Path) -> None:
    """A report of March is made again in May as it was."""
    with State.open(tmp_path / "s") as state:
        state.goal_values.put([record(2025, 38.5)], NOW)
        corrected = state.goal_values.put([record(2025, 36.5)], LATER)

        assert corrected == 1
        assert [value.value for value in state.goal_values.of("waste", "%")] == [36.5]
        assert [value.value for value in state.goal_values.of("waste", "%", LATER - timedelta(seconds=1))] == [38.5]
        assert state.goal_values.of("waste", "%", NOW - timedelta(days=1)) == ()


def test_a_value_taken_back_to_what_it_was_is_a_new_version(tmp_path: Path) -> None:
    """Compared with the last version, not with any."""
    with State.open(tmp_path / "s") as state:
        for value, at in ((38.5, NOW), (36.5, LATER), (38.5, LATER + timedelta(days=1))):
            state.goal_values.put([record(2025, value)], at)

        assert [value.value for value in state.goal_values.of("waste", "%")] == [38.5]
        assert [value.value for value in state.goal_values.of("waste", "%", LATER)] == [36.5]


def test_a_value_in_a_unit_that_is_no_longer_the_goals_is_not_used(tmp_path: Path) -> None:
    """0.385 and 38.5 are the same share: mixed, the goal would have fallen to a hundredth."""
    with State.open(tmp_path / "s") as state:
        state.goal_values.put([record(2024, 0.37, "andel"), record(2025, 38.5)], NOW)

        assert [value.value for value in state.goal_values.of("waste", "%")] == [38.5]
        assert [item.value.value for item in state.goal_values.in_other_units("waste", "%")] == [0.37]


def test_all_or_none_are_entered(tmp_path: Path) -> None:
    """Half a file would look like a series that ended."""

    def broken() -> object:
        yield record(2024, 37.0)
        raise RuntimeError("the file was taken away")

    with State.open(tmp_path / "s") as state:
        with pytest.raises(RuntimeError, match="taken away"):
            state.goal_values.put(broken(), NOW)  # type: ignore[arg-type] # a generator that fails half way

        assert state.goal_values.of("waste", "%") == ()
