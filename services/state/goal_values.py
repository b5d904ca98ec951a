"""Goals' values from files and Kolada: dated, with unit, source and mark; every version as it was entered."""

from collections.abc import Iterable
from datetime import date, datetime

from config.domain.assessments import GoalRecord, GoalValue
from config.domain.factors import Mark
from services.state.database import Database, from_micros, to_micros

_FIELDS = "value, unit, uncertainty, coverage, mark, source"


class GoalValuesTable:
    """(goal, end of its twelve months, when entered) → value. Nothing is overwritten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, records: Iterable[GoalRecord], entered: datetime) -> int:
        """Enter values, all or none; how many were new or other than before. Entering the same again changes nothing."""
        changed = 0
        with self._database.transaction() as connection:
            for record in records:
                value = record.value
                row = (value.value, record.unit, value.uncertainty, value.coverage, value.mark.value, value.source)
                key = (record.goal, value.end.isoformat())
                last = connection.execute(
                    f"SELECT {_FIELDS} FROM goal_values WHERE goal = ? AND end = ? ORDER BY entered DESC LIMIT 1",  # noqa: S608 - our own names
                    key,
                ).fetchone()
                if last == row:
                    continue
                connection.execute(
                    f"INSERT INTO goal_values (goal, end, entered, {_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 - our own names
                    "ON CONFLICT (goal, end, entered) DO UPDATE SET value = excluded.value, unit = excluded.unit, "
                    "uncertainty = excluded.uncertainty, coverage = excluded.coverage, mark = excluded.mark, "
                    "source = excluded.source",
                    (*key, to_micros(entered), *row),
                )
                changed += 1
        return changed

    def of(self, goal: str, unit: str, known_at: datetime | None = None) -> tuple[GoalValue, ...]:
        """The goal's values in `unit` by end, as they were known at an instant; as they are known now where None.

        A value entered in another unit, before goals.yaml was changed, is not given: `in_other_units` names those.
        """
        return tuple(record.value for record in self._known(goal, known_at) if record.unit == unit)

    def in_other_units(self, goal: str, unit: str) -> tuple[GoalRecord, ...]:
        """Values whose unit is no longer the goal's: to be entered again."""
        return tuple(record for record in self._known(goal, None) if record.unit != unit)

    def goals(self) -> tuple[str, ...]:
        """Ids that have values, also of goals that goals.yaml no longer has."""
        return tuple(name for (name,) in self._database.rows("SELECT DISTINCT goal FROM goal_values ORDER BY goal"))

    def _known(self, goal: str, known_at: datetime | None) -> list[GoalRecord]:
        until = 2**62 if known_at is None else to_micros(known_at)
        rows = self._database.rows(
            f"SELECT end, max(entered), {_FIELDS} FROM goal_values WHERE goal = ? AND entered <= ? GROUP BY end ORDER BY end",  # noqa: S608 - our own names
            (goal, until),
        )
        return [
            GoalRecord(
                goal,
                unit,
                GoalValue(
                    date.fromisoformat(end),
                    value,
                    source,
                    Mark(mark),
                    uncertainty,
                    coverage,
                    from_micros(entered).date(),
                ),
            )
            for end, entered, value, unit, uncertainty, coverage, mark, source in rows
        ]
