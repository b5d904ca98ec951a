"""What must be calculated again: hours of metering points, and from them days of buildings.

A mark is a row with a number that is never given twice. Who does the work takes the marks up to a number, works, and clears up
to that number: a mark that came meanwhile has a higher one and stays. Losing the process anywhere means doing it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

import orjson

from config.domain.readings import DirtyHours
from services.state.database import Database, from_seconds, to_seconds

_COMPACT_AT = 256  # marks of one point; a meter that reports every ten seconds makes this many in forty minutes of standstill


class HourRange(NamedTuple):
    """Whole UTC hours; `end` is outside."""

    start: datetime
    end: datetime


class TakenHours(NamedTuple):
    """The marks of one point, overlapping and touching ones joined, by start. `up_to` is what `clear` is to be called with."""

    ranges: tuple[HourRange, ...]
    up_to: int


class DirtyHoursTable:
    """Fills the collectors' `DirtyHoursSink`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, hours: Sequence[DirtyHours]) -> None:
        """Remember hours that must be settled again. Safe on disk when it returns."""
        rows = [
            (point, start, end)
            for point, ranges in _by_point(hours).items()
            for start, end in _joined(ranges)
        ]  # fmt: skip
        if rows:
            with self._database.transaction() as connection:
                connection.executemany("INSERT INTO dirty_hours (point, start, end) VALUES (?, ?, ?)", rows)

    def pending_points(self, started_before: datetime | None = None) -> list[str]:
        """The points with marks, the longest waiting first; with `started_before`: with a marked hour that starts before it."""
        statement = "SELECT point FROM dirty_hours {} GROUP BY point ORDER BY MIN(id)"
        if started_before is None:
            return [row[0] for row in self._database.rows(statement.format(""))]
        return [row[0] for row in self._database.rows(statement.format("WHERE start < ?"), (to_seconds(started_before),))]

    def waiting(self, before: datetime) -> int:
        """How many hours of points are marked that begin before the instant, each once."""
        rows = self._database.rows("SELECT DISTINCT point, start, end FROM dirty_hours WHERE start < ?", (to_seconds(before),))
        ranges: dict[str, list[tuple[int, int]]] = {}
        for point, start, end in rows:
            ranges.setdefault(point, []).append((start, min(end, to_seconds(before))))
        return sum(end - start for marked in ranges.values() for start, end in _joined(marked)) // 3600

    def take(self, point: str) -> TakenHours:
        """The point's marks. They stay until they are cleared.

        A meter that nobody settles for days would fill the disk with the same hours, so many marks are replaced by few here.
        """
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT start, end, id FROM dirty_hours WHERE point = ?", (point,)).fetchall()
            joined = _joined((start, end) for start, end, _ in rows)
            up_to = max((row[2] for row in rows), default=0)
            if len(rows) >= _COMPACT_AT and len(joined) * 2 < len(rows):
                self.clear(point, up_to)
                connection.executemany(
                    "INSERT INTO dirty_hours (point, start, end) VALUES (?, ?, ?)", [(point, *r) for r in joined]
                )
                (up_to,) = connection.execute("SELECT MAX(id) FROM dirty_hours WHERE point = ?", (point,)).fetchone()
        return TakenHours(tuple(HourRange(from_seconds(start), from_seconds(end)) for start, end in joined), up_to)

    def clear(self, point: str, up_to: int) -> None:
        """Forget the point's marks up to the number that `take` gave."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM dirty_hours WHERE point = ? AND id <= ?", (point, up_to))


class TakenDays(NamedTuple):
    """The local days of one building, each once, in order, and why they were marked where somebody said so."""

    days: tuple[date, ...]
    up_to: int
    reasons: Mapping[date, frozenset[str]]


class DirtyDaysTable:
    """Local days of buildings whose figures must be calculated again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, building: str, days: Iterable[date], reason: str = "") -> None:
        """Remember days whose figures must be calculated again; `reason` is one of `config.domain.changes.Cause`, or ""."""
        texts = [day.isoformat() for day in days]
        if texts:
            with self._database.transaction() as connection:
                # one statement: a municipality that moves in has a hundred thousand days
                connection.execute(
                    "INSERT INTO dirty_days (building, day, reason) SELECT ?, value, ? FROM json_each(?)",
                    (building, reason, orjson.dumps(texts).decode()),
                )

    def pending_buildings(self) -> list[str]:
        """The buildings with marks, the longest waiting first."""
        return [row[0] for row in self._database.rows("SELECT building FROM dirty_days GROUP BY building ORDER BY MIN(id)")]

    def waiting(self) -> int:
        """How many days of buildings are marked, each once."""
        number: int = self._database.rows("SELECT COUNT(*) FROM (SELECT DISTINCT building, day FROM dirty_days)")[0][0]
        return number

    def take(self, building: str) -> TakenDays:
        """The building's marks. They stay until they are cleared."""
        rows = self._database.rows(
            "SELECT day, reason, MAX(id) FROM dirty_days WHERE building = ? GROUP BY day, reason ORDER BY day", (building,)
        )
        reasons: dict[date, set[str]] = {}
        for day, reason, _ in rows:
            reasons.setdefault(date.fromisoformat(day), set()).update((reason,) if reason else ())
        return TakenDays(
            tuple(reasons), max((row[2] for row in rows), default=0), {day: frozenset(why) for day, why in reasons.items()}
        )

    def clear(self, building: str, up_to: int) -> None:
        """Forget the building's marks up to the number that `take` gave."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM dirty_days WHERE building = ? AND id <= ?", (building, up_to))


class GroupPeriod(NamedTuple):
    """A period of a group (an owner, a kind of building, the portfolio) whose members' figures changed."""

    subject_kind: str
    subject: str
    period: str
    start: datetime
    end: datetime


class TakenGroups(NamedTuple):
    periods: tuple[GroupPeriod, ...]
    up_to: int


class DirtyGroupsTable:
    """Periods of groups that must be added up again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, periods: Iterable[GroupPeriod]) -> None:
        rows = [
            (item.subject_kind, item.subject, item.period, to_seconds(item.start), to_seconds(item.end))
            for item in sorted(set(periods))
        ]
        if rows:
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT INTO dirty_groups (subject_kind, subject, period, start, end) VALUES (?, ?, ?, ?, ?)", rows
                )

    def any(self) -> bool:
        """Whether there is a mark."""
        return bool(self._database.rows("SELECT 1 FROM dirty_groups LIMIT 1"))

    def take(self) -> TakenGroups:
        """The marked periods, each once. They stay until they are cleared."""
        rows = self._database.rows(
            "SELECT subject_kind, subject, period, start, end, MAX(id) FROM dirty_groups "
            "GROUP BY subject_kind, subject, period, start, end ORDER BY subject_kind, subject, period, start, end"
        )
        periods = tuple(
            GroupPeriod(kind, subject, period, from_seconds(start), from_seconds(end))
            for kind, subject, period, start, end, _ in rows
        )
        return TakenGroups(periods, max((row[5] for row in rows), default=0))

    def clear(self, up_to: int) -> None:
        """Forget the marks up to the number that `take` gave."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM dirty_groups WHERE id <= ?", (up_to,))


def _by_point(hours: Sequence[DirtyHours]) -> dict[str, set[tuple[int, int]]]:
    ranges: dict[str, set[tuple[int, int]]] = {}
    for item in hours:
        ranges.setdefault(item.point, set()).add((to_seconds(item.start), to_seconds(item.end)))
    return ranges


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted, with overlapping and touching ranges made one."""
    ordered = sorted(ranges)
    if not ordered:
        return []
    joined, (start, end) = [], ordered[0]
    for _, (next_start, next_end) in pairwise(ordered):
        if next_start <= end:
            end = max(end, next_end)
        else:
            joined.append((start, end))
            start, end = next_start, next_end
    joined.append((start, end))
    return joined
