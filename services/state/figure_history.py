"""Figures as they were: what a new version replaced, from when to when it was known so, and the log of what moved and why.

A figure of a period that is over keeps every version. One of a running period (this month so far) changes with every hour; of
those the last version of each day is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import polars as pl

from services.state.database import Database, from_seconds, to_seconds

_KEY = ("indicator", "carrier", "subject_kind", "subject", "period")
_CHANGE = (
    "at, indicator, carrier, subject_kind, subject, period, start, end, old, new, cause, sentence_sv, sentence_en, why_sv, why_en"
)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A published figure of a period that is over moved. `old` or `new` is None where it was or is missing.

    Attributes:
        why_sv, why_en: the end of the sentence, why alone; "" where nothing is known of it (a group's buildings know).
    """

    at: datetime
    indicator: str
    carrier: str
    subject_kind: str
    subject: str
    period: str
    start: datetime
    end: datetime
    old: float | None
    new: float | None
    cause: str
    sentence_sv: str
    sentence_en: str
    why_sv: str = ""
    why_en: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A figure as it was known from one instant until another; `fields` are those of the series `indicators`."""

    known_from: datetime
    known_until: datetime
    fields: Mapping[str, Any]


class FigureHistoryTable:
    """Replaced versions. Points are rows of the series `indicators` (`time` and all its tags and fields)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, replaced: pl.DataFrame, at: datetime) -> None:
        """Keep points that are about to be overwritten. Keeping them again changes nothing."""
        rows = []
        for row in replaced.iter_rows(named=True):
            fields = {name: value for name, value in row.items() if name not in (*_KEY, "time")}
            rows.append(
                (*(row[name] for name in _KEY), to_seconds(row["time"]), row["calculated"], _ms(at), orjson.dumps(fields))
            )
        if rows:
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT OR IGNORE INTO figure_history (indicator, carrier, subject_kind, subject, period, filed, calculated, "
                    "replaced, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    rows,
                )

    def known_at(self, instant: datetime, start: datetime, end: datetime, subjects: Sequence[str]) -> list[dict[str, Any]]:
        """Versions that held at `instant` and were replaced since, of figures filed from `start` to `end`, as rows of points."""
        marks = ", ".join("?" * len(subjects))
        rows = self._database.rows(
            "SELECT indicator, carrier, subject_kind, subject, period, filed, fields FROM figure_history "  # noqa: S608 - only marks
            f"WHERE calculated <= ? AND replaced > ? AND filed >= ? AND filed < ? AND subject IN ({marks})",
            (_ms(instant), _ms(instant), to_seconds(start), to_seconds(end), *subjects),
        )
        return [{**dict(zip(_KEY, row[:5], strict=True)), "time": from_seconds(row[5]), **orjson.loads(row[6])} for row in rows]

    def versions(
        self, indicator: str, carrier: str, subject_kind: str, subject: str, period: str, filed: datetime
    ) -> list[Version]:
        """The replaced versions of one figure, the oldest first."""
        rows = self._database.rows(
            "SELECT calculated, replaced, fields FROM figure_history WHERE indicator = ? AND carrier = ? AND subject_kind = ? "
            "AND subject = ? AND period = ? AND filed = ? ORDER BY calculated",
            (indicator, carrier, subject_kind, subject, period, to_seconds(filed)),
        )
        return [Version(_of_ms(row[0]), _of_ms(row[1]), orjson.loads(row[2])) for row in rows]


class FigureChangesTable:
    """The change log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, changes: Iterable[FigureChange]) -> None:
        rows = [
            (
                _ms(item.at), item.indicator, item.carrier, item.subject_kind, item.subject, item.period,
                to_seconds(item.start), to_seconds(item.end), item.old, item.new, item.cause, item.sentence_sv, item.sentence_en,
                item.why_sv, item.why_en,
            )
            for item in changes
        ]  # fmt: skip
        if rows:
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT INTO figure_changes (at, indicator, carrier, subject_kind, subject, period, start, end, old, new, "
                    "cause, sentence_sv, sentence_en, why_sv, why_en) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    rows,
                )

    def since(self, instant: datetime, limit: int = 1000) -> list[FigureChange]:
        """The changes from `instant` on, the newest first."""
        rows = self._database.rows(
            f"SELECT {_CHANGE} FROM figure_changes WHERE at >= ? ORDER BY id DESC LIMIT ?",  # noqa: S608 - our own names
            (_ms(instant), limit),
        )
        return [_change(row) for row in rows]

    def between(
        self,
        start: datetime,
        end: datetime,
        subject_kind: str,
        subjects: Sequence[str],
        periods: Sequence[str],
        indicators: Sequence[str],
    ) -> list[FigureChange]:
        """The changes from `start` to before `end` of the subjects' figures of these kinds, the oldest first."""
        rows = self._database.rows(
            "SELECT at, indicator, carrier, subject_kind, subject, period, start, end, old, new, cause, sentence_sv, sentence_en "  # noqa: S608 - only marks
            f"FROM figure_changes WHERE at >= ? AND at < ? AND subject_kind = ? AND subject IN ({_marks(subjects)}) "
            f"AND period IN ({_marks(periods)}) AND indicator IN ({_marks(indicators)}) ORDER BY id",
            (_ms(start), _ms(end), subject_kind, *subjects, *periods, *indicators),
        )
        return [_change(row) for row in rows]

    def last(self) -> int:
        """The number of the newest change; 0 where there is none."""
        return int(self._database.rows("SELECT COALESCE(MAX(id), 0) FROM figure_changes")[0][0])

    def after(self, number: int, periods: Sequence[str], limit: int) -> list[tuple[int, FigureChange]]:
        """The changes that came after the one of that number, of figures of these kinds of period, with theirs; oldest first."""
        rows = self._database.rows(
            f"SELECT id, {_CHANGE} FROM figure_changes WHERE id > ? "  # noqa: S608 - our own names, and marks
            f"AND period IN ({', '.join('?' * len(periods))}) ORDER BY id LIMIT ?",
            (number, *periods, limit),
        )
        return [(row[0], _change(row[1:])) for row in rows]

    def of(
        self, indicator: str, carrier: str, subject_kind: str, subject: str, period: str, start: datetime, end: datetime
    ) -> list[FigureChange]:
        """The changes of one figure, the oldest first."""
        rows = self._database.rows(
            f"SELECT {_CHANGE} FROM figure_changes WHERE subject = ? AND subject_kind = ? "  # noqa: S608 - our own names
            "AND indicator = ? AND carrier = ? AND period = ? AND start = ? AND end = ? ORDER BY id",
            (subject, subject_kind, indicator, carrier, period, to_seconds(start), to_seconds(end)),
        )
        return [_change(row) for row in rows]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)


def _change(row: tuple[Any, ...]) -> FigureChange:
    at, indicator, carrier, kind, subject, period, start, end, old, new, *words = row
    starts, ends = from_seconds(start), from_seconds(end)
    return FigureChange(
        from_seconds(at // 1000),
        indicator,
        carrier,
        kind,
        subject,
        period,
        starts,
        ends,
        old,
        new,
        *words,
    )


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _of_ms(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
