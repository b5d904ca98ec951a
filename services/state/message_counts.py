"""How many values of each meter came, were stored and were set aside, a day. What was expected follows from the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.state.database import Database


@dataclass(frozen=True, slots=True)
class MeterDay:
    """`received` = `stored` + `flagged` (dead letters), save for values sent twice."""

    meter: str
    day: date
    received: int
    stored: int
    flagged: int


class MessageCountsTable:
    """Counts for the panel of meter health.

    The one table here where repeating a call adds again: after a crash the last batch may be counted twice. They are for the eye;
    what must be exact is counted in the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, counts: Sequence[MeterDay]) -> None:
        """Add to the days' counts."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO message_counts VALUES (?, ?, ?, ?, ?) ON CONFLICT (meter, day) DO UPDATE SET "
                "received = received + excluded.received, stored = stored + excluded.stored, "
                "flagged = flagged + excluded.flagged",
                [(c.meter, c.day.isoformat(), c.received, c.stored, c.flagged) for c in counts],
            )

    def between(self, first: date, last: date) -> list[MeterDay]:
        """The counts of the days from `first` to `last`, both inside."""
        rows = self._database.rows(
            "SELECT meter, day, received, stored, flagged FROM message_counts WHERE day BETWEEN ? AND ? ORDER BY meter, day",
            (first.isoformat(), last.isoformat()),
        )
        return [MeterDay(meter, date.fromisoformat(day), *counts) for meter, day, *counts in rows]
