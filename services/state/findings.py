"""What settlement found odd. Settling a window again replaces what it said of that window."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from config.domain.intervals import Finding, FindingCode
from services.state.database import Database, from_seconds, to_seconds


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
            "SELECT point, code, start, end, sentence_sv, sentence_en, evidence FROM findings "
            "WHERE (?1 IS NULL OR point = ?1) AND (?2 IS NULL OR end >= ?2) AND (?3 IS NULL OR start < ?3) "
            "ORDER BY start, point, code",
            (point, None if start is None else to_seconds(start), None if end is None else to_seconds(end)),
        )
        return [
            Finding(row[0], FindingCode(row[1]), from_seconds(row[2]), from_seconds(row[3]), row[4], row[5], orjson.loads(row[6]))
            for row in rows
        ]


def _json(evidence: object) -> bytes:
    return orjson.dumps(evidence, option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS)
