"""A report of one table, to publish over and over, and what it is published with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.domain.figure_names import named_period
from config.domain.indicators import Missing, Subject, SubjectKind
from services.reports.archive import ReportArchive
from services.reports.difference import Causes, no_cause
from services.reports.printing import PrintedReport, figure_table
from services.reports.report import (
    NO_WORDS,
    Cell,
    Column,
    Report,
    ReportedFigure,
    ReportKind,
    Row,
    Said,
    Section,
    Sentence,
    Table,
    Words,
)
from services.state.state import State
from tests.services.jobs.world import FixedClock

ZONE = "Europe/Stockholm"
OCTOBER = named_period("2026-10", ZONE)
MORNING = datetime(2026, 11, 4, 6, 30, tzinfo=UTC)
NOT_READ = Missing("Mätaren är inte avläst.", "The meter is not read.")


def words(text: str) -> Words:
    return Words(text, f"{text} (en)")


def figure(value: float | Missing, name: str = "energy_total/building:skola/2026-10", coverage: float = 1.0) -> ReportedFigure:
    return ReportedFigure(value, "kWh", OCTOBER, coverage, "energy 1.2", name=name)


def report(
    rows: Mapping[str, tuple[Cell, ...]],
    subject: str = "skola",
    name: str = "Björkskolan",
    kind: ReportKind = ReportKind.MONTHLY,
    month: str = "2026-10",
    variant: Words = NO_WORDS,
    known: datetime = MORNING,
) -> Report:
    """`rows`: key → cells of the columns "use" and "note"; the first figure stands in a sentence too."""
    table = Table(
        "use",
        words("Användning"),
        words("Rad"),
        (Column("use", words("Oktober"), "kWh"), Column("note", words("Anmärkning"), "kWh")),
        tuple(Row(key, words(key.capitalize()), cells) for key, cells in rows.items()),
    )
    said = [cell for cells in rows.values() for cell in cells if isinstance(cell, ReportedFigure)][:1]
    parts = tuple(Said(each) for each in said)
    return Report(
        kind=kind,
        subject=Subject(SubjectKind.BUILDING, subject),
        subject_name=Words(name, name),
        period=named_period(month, ZONE),
        title=Words(f"{name}, {month}", f"{name}, {month}"),
        known=known,
        zone=ZONE,
        program="0.6.0",
        sentences=(Sentence("use", parts, parts),),
        sections=(Section("use", words("Användning"), tables=(table,)),),
        variant=variant,
    )


def using(value: float, **about: object) -> Report:
    """With one figure."""
    return report({"el": (figure(value), None)}, **about)  # type: ignore[arg-type]  # any field


@dataclass
class TextForm:
    """Fills `ReportRenderer`; `ballast` makes its bytes as many as a test needs."""

    media_type: str = "text/plain"
    suffix: str = "txt"
    ballast: int = 0

    def render(self, report: PrintedReport) -> bytes:
        said = (report.name, *report.sentences, *(cell.text for row in figure_table(report).rows for cell in row.cells))
        return "\n".join(said).encode() + b"." * self.ballast


def archive(state: State, folder: Path, clock: FixedClock | None = None, causes: Causes = no_cause) -> ReportArchive:
    return ReportArchive(state.published_reports, folder, [TextForm()], clock or FixedClock(MORNING), causes)
