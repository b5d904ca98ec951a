"""How many values of each meter came, were stored and were set aside, a day. What was expected follows from the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.state.database import Database, from_micros, to_micros


@dataclass(frozen=True, slots=True)
class MeterDay:
    """`received` = `stored` + `flagged` (dead letters); a value sent twice is counted twice. `heard`: when the last one came."""

    meter: str
    day: date
    received: int
    stored: int
    flagged: int
    heard: datetime | None = None


class Counted(Protocol):
    """What comes in: the collectors' `MeterDay`, by shape."""

    @property
    def meter(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def received(self) -> int: ...
    @property
    def stored(self) -> int: ...
    @property
    def flagged(self) -> int: ...
    @property
    def heard(self) -> datetime | None: ...


class MessageCountsTable:
    """Counts for the panel of meter health.

    The one table here where repeating a call adds again: after a crash the last batch may be counted twice. They are for the eye;
    what must be exact is counted in the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, counts: Sequence[Counted]) -> None:
        """Add to the days' counts."""
        if not counts:
            return
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO message_counts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (meter, day) DO UPDATE SET "
                "received = received + excluded.received, stored = stored + excluded.stored, "
                "flagged = flagged + excluded.flagged, heard = MAX(heard, excluded.heard)",
                [
                    (c.meter, c.day.isoformat(), c.received, c.stored, c.flagged, 0 if c.heard is None else to_micros(c.heard))
                    for c in counts
                ],
            )

    def between(self, first: date, last: date) -> list[MeterDay]:
        """The counts of the days from `first` to `last`, both inside."""
        rows = self._database.rows(
            "SELECT meter, day, received, stored, flagged, heard FROM message_counts WHERE day BETWEEN ? AND ? "
            "ORDER BY meter, day",
            (first.isoformat(), last.isoformat()),
        )
        return [
            MeterDay(meter, date.fromisoformat(day), received, stored, flagged, from_micros(heard) if heard else None)
            for meter, day, received, stored, flagged, heard in rows
        ]

    def last_heard(self) -> dict[str, datetime]:
        """Meter → when its last value came, of the meters that were ever counted."""
        rows = self._database.rows("SELECT meter, MAX(heard) FROM message_counts WHERE heard > 0 GROUP BY meter")
        return {meter: from_micros(heard) for meter, heard in rows}

    def first_heard(self) -> dict[str, datetime]:
        """Meter → when its first value came, to the day that it was counted with, of the meters that were ever counted."""
        rows = self._database.rows("SELECT meter, MIN(heard) FROM message_counts WHERE heard > 0 GROUP BY meter")
        return {meter: from_micros(heard) for meter, heard in rows}

    def first_day(self) -> date | None:
        """The earliest day that a value was of; None where none was counted."""
        (first,) = self._database.rows("SELECT MIN(day) FROM message_counts WHERE stored > 0")[0]
        return None if first is None else date.fromisoformat(first)

    def forget_before(self, instant: datetime) -> int:
        """Delete the counts of days before that of the instant, save for each meter's last; how many."""
        with self._database.transaction() as connection:
            return connection.execute(
                "DELETE FROM message_counts AS old WHERE day < ? AND EXISTS "
                "(SELECT 1 FROM message_counts AS other WHERE other.meter = old.meter AND other.day > old.day)",
                (instant.date().isoformat(),),
            ).rowcount
