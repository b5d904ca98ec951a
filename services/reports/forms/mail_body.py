"""The first page of a report as a mail that can be forwarded unread: sentences, the first figures and chart, what is missing.

HTML with its text twin, which says the same figures in the same order. The rest is in the archive and in what is attached.
"""

import struct
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from services.mail.mail import InlineImage
from services.reports.forms.charts import NARROW, chart_png
from services.reports.forms.page import apart, templates
from services.reports.printing import PrintedChart, PrintedReport, PrintedTable
from services.reports.wording import NBSP, Language, pick

COLUMNS = 72  # of the text twin
LACKS = "lacks"  # the section that says what is missing, and who can supply it
_WIDEST, _LONGEST = 4, 28  # columns, and letters of a cell, that a telephone has room for; other tables are lists
_SHARP, _SHOWN = 2, 520  # pixels of a picture for each px drawn; width as shown [px]
_ROWS, _LACKING = 24, 5  # of the table and of what is missing: a first page is no ledger


@dataclass(frozen=True, slots=True)
class MailBody:
    """`images`: those that the HTML shows."""

    subject: str
    text: str
    html: str
    images: tuple[InlineImage, ...]


@dataclass(frozen=True, slots=True)
class MailTables:
    """Those of the first page: what changed since the edition before and the first table; what is missing."""

    figures: tuple[PrintedTable, ...]
    lacks: tuple[PrintedTable, ...]


def mail_body(report: PrintedReport, address: str = "") -> MailBody:
    """`address`: of the report in the archive; "" where there is none to lead to.

    Raises:
        ValueError: the address is none of the web.
        ReportError: the chart cannot be drawn.
    """
    if address and not address.startswith(("https://", "http://")):
        raise ValueError(f"{address!r} is no address of the web")
    subject, tables, chart = mail_subject(report), mail_tables(report), _first_chart(report)
    images = (_image(chart, report),) if chart is not None else ()
    elsewhere = pick(report.language, "Bildens siffror står i rapporten.", "The figures of the picture stand in the report.")
    html = (
        templates()
        .get_template("mail.html")
        .render(
            report=report,
            subject=subject,
            address=address,
            tables=tables,
            chart=chart,
            image=images[0] if images else None,
            size=_size(images[0].content) if images else None,
            is_long=is_long,
            apart=apart,
            figures_elsewhere=elsewhere,
            say=lambda swedish, english: pick(report.language, swedish, english),
        )
    )
    return MailBody(subject, "\n".join(_lines(report, address, tables, chart)).strip() + "\n", html, images)


def mail_subject(report: PrintedReport) -> str:
    """ "Månadsrapport oktober 2026: Björkskolan"; of a later edition which one it is."""
    publication = report.publication
    variant = publication.report.variant.said(report.language)
    period = f"{report.period}, {variant}" if variant else report.period
    edition = pick(report.language, "utgåva", "edition")
    later = f" ({edition} {publication.edition})" if publication.edition > 1 else ""
    preview = "" if publication.number else pick(report.language, "Förhandsvisning: ", "Preview: ")
    return f"{preview}{report.kind} {period}: {report.subject}{later}".replace(NBSP, " ")


def mail_tables(report: PrintedReport) -> MailTables:
    """The first table is the first section's; of what is missing the first rows, and how many more there are."""
    changes = [report.changes] if report.changes is not None and report.changes.rows else []
    first = [table for section in report.sections[:1] for table in section.tables][:1]
    lacks = [table for section in report.sections[1:] if section.key == LACKS for table in section.tables]
    return MailTables(
        tuple(table for table in (*changes, *first) if len(table.rows) <= _ROWS),
        tuple(_shortened(table, report.language) for table in lacks),
    )


def _shortened(table: PrintedTable, language: Language) -> PrintedTable:
    more = len(table.rows) - _LACKING
    if more <= 0:
        return table
    rest = pick(language, f"{more} till står i rapporten.", f"{more} more stand in the report.")
    return replace(table, rows=table.rows[:_LACKING], note=f"{rest} {table.note}".strip())


def is_long(table: PrintedTable) -> bool:
    """Wider than a telephone: such a table is a list."""
    cells = [cell.text for row in table.rows for cell in row.cells]
    return len(table.heads) > _WIDEST or any(len(text) > _LONGEST for text in cells)


def _first_chart(report: PrintedReport) -> PrintedChart | None:
    return next((chart for section in report.sections for chart in section.charts), None)


def _image(chart: PrintedChart, report: PrintedReport) -> InlineImage:
    """Known by what it shows: the same picture has the same id."""
    content = chart_png(chart, report.language, _SHARP, NARROW)
    return InlineImage(f"{sha256(content).hexdigest()[:24]}@energimonitor", f"{chart.key}.png", "image/png", content)


def _size(png: bytes) -> tuple[int, int]:
    """As it is shown at most [px]: its letters are then as large as those of the mail."""
    width, height = struct.unpack(">II", png[16:24])
    return _SHOWN, round(height * _SHOWN / width)


def _lines(report: PrintedReport, address: str, tables: MailTables, chart: PrintedChart | None) -> Iterator[str]:
    """The text twin: no line is longer than a screen, and no figure is torn from its unit."""
    yield report.kind + (f" {report.name}" if report.name else "")
    yield from _wrapped(report.title)
    yield "=" * min(COLUMNS, len(report.title))
    for notice in report.notices:
        yield ""
        yield from _wrapped(f"! {notice}", "  ")
    for sentence in report.sentences:
        yield ""
        yield from _wrapped(sentence)
    if address:
        yield ""
        yield pick(report.language, "Hela rapporten i arkivet:", "The whole report in the archive:")
        yield address
    for table in tables.figures:
        yield ""
        yield from _table_lines(table)
    if chart is not None:
        yield ""
        yield from _underlined(chart.title)
        yield from _wrapped(chart.alt)
    for table in tables.lacks:
        yield ""
        yield from _table_lines(table)
    if report.legend:
        yield ""
    for line in report.legend:
        yield from _wrapped(line)
    yield ""
    yield "-" * COLUMNS
    for name, text in report.facts:
        yield from _wrapped(f"{name}: {text}", "  ")


def _table_lines(table: PrintedTable) -> Iterator[str]:
    """A line a cell: a table of spaces would fall apart in a proportional type."""
    yield from _underlined(table.caption)
    for row in table.rows:
        yield from _wrapped(row.text)
        for head, cell in zip(table.heads, row.cells, strict=True):
            if cell.text:
                yield from _wrapped(f"  {head.text}: {cell.text}", "    ")
    for letter, reason in table.reasons:
        yield from _wrapped(f"({letter}) {reason}", "    ")
    if table.note:
        yield from _wrapped(table.note)


def _underlined(heading: str) -> Iterator[str]:
    yield from _wrapped(heading)
    yield "-" * min(COLUMNS, len(heading))


def _wrapped(text: str, later: str = "") -> list[str]:
    return textwrap.wrap(text, COLUMNS, subsequent_indent=later, break_long_words=False, break_on_hyphens=False) or [""]
