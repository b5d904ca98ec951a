"""What settlement found odd. Settling a window again replaces what it said of that window."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from config.domain.intervals import Finding, FindingCode
from services.state.database import Database, from_seconds, to_seconds

_COLUMNS = "point, code, start, end, sentence_sv, sentence_en, evidence"


class FindingsTable:
    """The present findings of every point."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, point: str, start: datetime, end: datetime, findings: Sequence[Finding]) -> None:
        """The point's findings that touch the window from `start` to `end` are now these."""
        rows = [
            (
                point,
                item.code,
                to_seconds(item.start),
                to_seconds(item.end),
                item.sentence_sv,
                item.sentence_en,
                _json(item.evidence),
            )
            for item in findings
        ]
        with self._database.transaction() as connection:
            # A finding of one moment (an exchange) on the window's first instant belongs to it, on its last to the next one.
            connection.execute(
                "DELETE FROM findings WHERE point = ? AND start < ? AND (end > ? OR (start = end AND start = ?))",
                (point, to_seconds(end), to_seconds(start), to_seconds(start)),
            )
            connection.executemany("INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def of(self, point: str | None = None, start: datetime | None = None, end: datetime | None = None) -> list[Finding]:
        """The findings of a point (or of all) that touch the time from `start` to `end`, by start."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM findings "  # noqa: S608 - our own words
            "WHERE (?1 IS NULL OR point = ?1) AND (?2 IS NULL OR end >= ?2) AND (?3 IS NULL OR start < ?3) "
            "ORDER BY start, point, code",
            (point, None if start is None else to_seconds(start), None if end is None else to_seconds(end)),
        )
        return [_finding(row) for row in rows]

    def lasting(self, code: FindingCode, least: timedelta, since: datetime) -> list[Finding]:
        """Those of one kind that last so long at least and begin at `since` or later, by start."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM findings WHERE code = ? AND start >= ? AND end - start >= ? ORDER BY start, point",  # noqa: S608 - our own words
            (code, to_seconds(since), least.total_seconds()),
        )
        return [_finding(row) for row in rows]

    def summary(self, code: FindingCode, least: timedelta, since: datetime) -> tuple[int, ...]:
        """What differs when `lasting` would give something else: how many, and their instants added up."""
        rows = self._database.rows(
            "SELECT COUNT(*), COALESCE(SUM(start), 0), COALESCE(SUM(end), 0) FROM findings "
            "WHERE code = ? AND start >= ? AND end - start >= ?",
            (code, to_seconds(since), least.total_seconds()),
        )
        return tuple(rows[0])


def _finding(row: Sequence[Any]) -> Finding:
    point, code, start, end, swedish, english, evidence = row
    return Finding(point, FindingCode(code), from_seconds(start), from_seconds(end), swedish, english, orjson.loads(evidence))


def _json(evidence: object) -> bytes:
    return orjson.dumps(evidence, option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS)
