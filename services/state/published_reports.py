"""What is published: numbers, editions, and the sums of the files that each edition is kept in. Nothing is ever deleted.

A number belongs to one report (kind, subject, period, variant) from the moment it is given, so that a loss of the process
before the report is out neither uses it up nor gives it to another: the next attempt has the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.state.database import Database, from_micros, to_micros


@dataclass(frozen=True, slots=True)
class ReportKey:
    """Which report, of all its editions. `period` as figures' names have it; `variant` in Swedish, "" of none."""

    kind: str
    subject_kind: str
    subject: str
    period: str
    zone: str
    variant: str


@dataclass(frozen=True, slots=True)
class EditionRow:
    """
    Attributes:
        year: that the report is of; of a period in two, the later.
        start: of the period.
        order: sorts as Swedes do.
        words: what is searched in, folded.
    """

    number: str
    edition: int
    key: ReportKey
    year: int
    start: datetime
    published: datetime
    known: datetime
    title_sv: str
    title_en: str
    subject_sv: str
    subject_en: str
    variant_en: str
    order: str
    words: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of an edition. `language`: "" of the report's own value."""

    language: str
    suffix: str
    media_type: str
    size: int
    sha256: str


_KEY = "kind, subject_kind, subject, period, zone, variant"
_ROW = (
    f"number, edition, {_KEY}, year, start, published, known, title_sv, title_en, subject_sv, subject_en, variant_en, "
    "sort_order, words"
)


class PublishedReportsTable:
    """Threads and processes may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def number_of(self, key: ReportKey, year: int) -> str:
        """The report's permanent number: the one that it has, else the next of the year. Asking again gives the same."""
        with self._database.transaction() as connection:
            had = connection.execute(
                "SELECT year, place FROM report_numbers WHERE kind = ? AND subject_kind = ? AND subject = ? AND period = ? "
                "AND zone = ? AND variant = ?",
                _key_values(key),
            ).fetchone()
            if had is None:
                (place,) = connection.execute(
                    "SELECT COALESCE(MAX(place), 0) + 1 FROM report_numbers WHERE year = ?", (year,)
                ).fetchone()
                connection.execute(
                    f"INSERT INTO report_numbers (year, place, {_KEY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
                    (year, place, *_key_values(key)),
                )
                had = (year, place)
        return "ER-{}-{:04}".format(*had)

    def begin(self, number: str, edition: int) -> None:
        """The files of that edition are about to come into their place; `unfinished` names it until `put`."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO unfinished_editions (number, edition) VALUES (?, ?)", (number, edition))

    def unfinished(self) -> list[tuple[str, int]]:
        """Editions that were begun and neither put nor forgotten."""
        return self._database.rows("SELECT number, edition FROM unfinished_editions ORDER BY number, edition")

    def forget_unfinished(self, number: str, edition: int) -> None:
        """Its files are cleared away."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM unfinished_editions WHERE number = ? AND edition = ?", (number, edition))

    def put(self, row: EditionRow, files: Iterable[KeptFile], also: Callable[[], None] | None = None) -> None:
        """The edition is published, and what is written of that `also` with it. All of it or nothing."""
        values = (
            row.number, row.edition, *_key_values(row.key), row.year, to_micros(row.start), to_micros(row.published),
            to_micros(row.known), row.title_sv, row.title_en, row.subject_sv, row.subject_en, row.variant_en, row.order,
            row.words,
        )  # fmt: skip
        marks = ", ".join("?" * len(values))
        with self._database.transaction() as connection:
            connection.execute(f"INSERT INTO published_reports ({_ROW}) VALUES ({marks})", values)  # noqa: S608 - our own names
            connection.executemany(
                "INSERT INTO published_files (number, edition, language, suffix, media_type, size, sha256) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(row.number, row.edition, f.language, f.suffix, f.media_type, f.size, f.sha256) for f in files],
            )
            self.forget_unfinished(row.number, row.edition)
            if also is not None:
                also()

    def latest(self, key: ReportKey) -> EditionRow | None:
        """The newest edition of the report."""
        rows = self._database.rows(
            f"SELECT {_ROW} FROM published_reports WHERE kind = ? AND subject_kind = ? AND subject = ? AND period = ? "  # noqa: S608 - our own names
            "AND zone = ? AND variant = ? ORDER BY edition DESC LIMIT 1",
            _key_values(key),
        )
        return _edition(rows[0]) if rows else None

    def editions(self, number: str) -> list[EditionRow]:
        """The oldest first."""
        rows = self._database.rows(f"SELECT {_ROW} FROM published_reports WHERE number = ? ORDER BY edition", (number,))  # noqa: S608 - our own names
        return [_edition(row) for row in rows]

    def files(self, number: str, edition: int) -> list[KeptFile]:
        """By language and suffix; none where there is no such edition."""
        rows = self._database.rows(
            "SELECT language, suffix, media_type, size, sha256 FROM published_files WHERE number = ? AND edition = ? "
            "ORDER BY language, suffix",
            (number, edition),
        )
        return [KeptFile(*row) for row in rows]

    def matching(
        self,
        words: Iterable[str] = (),
        kind: str | None = None,
        subject: tuple[str, str] | None = None,
        year: int | None = None,
    ) -> list[EditionRow]:
        """The newest edition of each report that has all the (folded) words: the newest period first, then in Swedish order.

        Args:
            subject: kind and id.
        """
        wanted = ["edition = (SELECT MAX(edition) FROM published_reports AS other WHERE other.number = r.number)"]
        values: list[str | int] = []
        for word in words:
            wanted.append("instr(words, ?)")
            values.append(word)
        for column, value in (
            ("kind", kind),
            ("subject_kind", subject and subject[0]),
            ("subject", subject and subject[1]),
            ("year", year),
        ):
            if value is not None:
                wanted.append(f"{column} = ?")
                values.append(value)
        rows = self._database.rows(
            f"SELECT {_ROW} FROM published_reports AS r WHERE {' AND '.join(wanted)} "  # noqa: S608 - our own names
            "ORDER BY start DESC, sort_order, kind, number",
            values,
        )
        return [_edition(row) for row in rows]

    def years(self) -> list[int]:
        """That reports are of, the newest first."""
        return [year for (year,) in self._database.rows("SELECT DISTINCT year FROM published_reports ORDER BY year DESC")]


def _key_values(key: ReportKey) -> tuple[str, ...]:
    return key.kind, key.subject_kind, key.subject, key.period, key.zone, key.variant


def _edition(row: tuple[Any, ...]) -> EditionRow:
    number, edition, *rest = row
    key, (year, start, published, known, *texts) = ReportKey(*rest[:6]), rest[6:]
    return EditionRow(number, edition, key, year, from_micros(start), from_micros(published), from_micros(known), *texts)
