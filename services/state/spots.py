"""Where a point's settlement looked at history: what must be judged again when readings near it change."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from services.settlement.reach import HourSpan
from services.state.database import Database, from_seconds, to_seconds


class SpotsTable:
    """The present spots of every point."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, point: str, start: datetime, end: datetime, spots: Iterable[HourSpan]) -> None:
        """The point's spots that touch the hours from `start` to `end` are now these."""
        rows = [(point, to_seconds(item.start), to_seconds(item.end), int(item.lasts)) for item in spots]
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM settled_spots WHERE point = ? AND start < ? AND end > ?", (point, to_seconds(end), to_seconds(start))
            )
            connection.executemany("INSERT OR IGNORE INTO settled_spots VALUES (?, ?, ?, ?)", rows)

    def near(self, point: str, start: datetime, end: datetime, within: timedelta) -> list[HourSpan]:
        """Spots no further than `within` from the hours, by start."""
        rows = self._database.rows(
            "SELECT start, end, lasts FROM settled_spots WHERE point = ? AND start < ? AND end > ? ORDER BY start, end, lasts",
            (point, to_seconds(end + within), to_seconds(start - within)),
        )
        return _spans(rows)

    def lasting_before(self, point: str, instant: datetime) -> list[HourSpan]:
        """Spots before `instant` of which something still holds, by start."""
        rows = self._database.rows(
            "SELECT start, end, lasts FROM settled_spots WHERE point = ? AND lasts = 1 AND start < ? ORDER BY start, end",
            (point, to_seconds(instant)),
        )
        return _spans(rows)


def _spans(rows: Sequence[tuple[int, int, int]]) -> list[HourSpan]:
    return [HourSpan(from_seconds(start), from_seconds(end), bool(lasts)) for start, end, lasts in rows]
