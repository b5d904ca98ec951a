"""A publication in one language: every text as it is printed. All forms print this, so that they say the same, to the digit.

A figure that is known and not wholly measured is marked "≈". A missing one is "saknas" with a letter, and the reason stands under
the table at that letter. Charts keep their numbers, and have their table beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from config.domain.figure_names import period_name
from config.domain.indicators import Missing
from config.domain.periods import MONTHS_EN, MONTHS_SV, Period, PeriodKind, local_date, zone_named
from services.reports.report import (
    REPORT_NAMES,
    Cell,
    Chart,
    ChartKind,
    ChartRole,
    How,
    Publication,
    ReportedFigure,
    Section,
    Sentence,
    Table,
    Words,
)
from services.reports.wording import DASH, NBSP, Language, amount, number, pick, share, unit_text

ABOUT = "≈"
MISSING = Words("saknas", "missing")
HUNDRED = 100.0
WHOLE = 0.05  # per cent: nearer to a whole number than this, no decimal is written


class CellState(StrEnum):
    PLAIN = ""
    ESTIMATED = "estimated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """
    Attributes:
        text: without unit, which the heading has; "" of nothing.
        figure: what it is of, where it is a figure.
        value: for files that keep numbers, days and instants as such, in the unit that is printed (shares in per cent), instants
            naive by the clock that is printed; None where it is words, nothing or missing.
        letter: of its reason under the table, where it is missing.
    """

    text: str
    state: CellState = CellState.PLAIN
    figure: ReportedFigure | None = None
    value: float | date | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class PrintedHead:
    """`unit`: as printed, "" of words and where the rows say theirs. `numeric`: to be set flush right."""

    key: str
    label: str
    unit: str
    numeric: bool

    @property
    def text(self) -> str:
        return f"{self.label}, {self.unit}" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """`label` without, `text` with its unit."""

    key: str
    label: str
    unit: str
    cells: tuple[PrintedCell, ...]
    strong: bool

    @property
    def text(self) -> str:
        return f"{self.label}, {self.unit}" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """`reasons`: letter and why, of what is missing in it."""

    key: str
    caption: str
    corner: str
    heads: tuple[PrintedHead, ...]
    rows: tuple[PrintedRow, ...]
    note: str
    reasons: tuple[tuple[str, str], ...]

    @property
    def estimated(self) -> bool:
        """Whether any of it is marked as not wholly measured."""
        return any(cell.state is CellState.ESTIMATED for row in self.rows for cell in row.cells)


@dataclass(frozen=True, slots=True)
class PrintedSeries:
    key: str
    name: str
    role: ChartRole
    values: tuple[float | None, ...]
    estimated: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class PrintedChart:
    key: str
    kind: ChartKind
    title: str
    alt: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[PrintedSeries, ...]
    twin: PrintedTable


@dataclass(frozen=True, slots=True)
class PrintedSection:
    key: str
    title: str
    sentences: tuple[str, ...]
    charts: tuple[PrintedChart, ...]
    tables: tuple[PrintedTable, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """
    Attributes:
        kind: "Månadsrapport". `title`: of the document.
        facts: heading and text of what the report is: number, period, as known when, clock, program.
        notices: what must be read first.
        sentences: the first page.
        changes: since the edition before; None in a first edition.
        legend: what the marks mean, of those that are in it.
    """

    publication: Publication
    language: Language
    kind: str
    title: str
    subject: str
    period: str
    name: str
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    sentences: tuple[str, ...]
    sections: tuple[PrintedSection, ...]
    changes: PrintedTable | None
    legend: tuple[str, ...]

    def tables(self) -> Iterator[PrintedTable]:
        """Every table, charts' twins too, in the order of the report; the changes last."""
        for section in self.sections:
            yield from (chart.twin for chart in section.charts)
            yield from section.tables
        if self.changes is not None:
            yield self.changes


def printed(publication: Publication, language: Language) -> PrintedReport:
    """The publication as it is printed in the language."""
    report = publication.report
    sections = tuple(_section(section, language, report.zone) for section in report.sections)
    changes = _changes(publication, language) if publication.edition > 1 else None
    whole = PrintedReport(
        publication=publication,
        language=language,
        kind=REPORT_NAMES[report.kind].said(language),
        title=report.title.said(language),
        subject=report.subject_name.said(language),
        period=period_text(report.period, language),
        name=publication.name or pick(language, "Förhandsvisning", "Preview"),
        facts=tuple(_facts(publication, language)),
        notices=tuple(notice.said(language) for notice in report.notices),
        sentences=tuple(sentence_text(each, language) for each in report.sentences),
        sections=sections,
        changes=changes,
        legend=(),
    )
    return replace(whole, legend=tuple(_legend(whole)))


def figure_text(figure: ReportedFigure, language: Language) -> str:
    """Without its unit; "≈" before what is not wholly measured, "saknas" where it is not known. Shares [1] as per cent."""
    value = figure.known
    if value is None:
        return MISSING.said(language)
    mark = f"{ABOUT}{NBSP}" if figure.estimated else ""
    return f"{mark}{_bare(value, figure.unit, language)}"


def amount_text(figure: ReportedFigure, language: Language, how: How = How.AMOUNT) -> str:
    """With its unit, as in a sentence: the digits are the table's."""
    if figure.known is None:
        return MISSING.said(language)
    value = abs(figure.known) if how is How.SIZE else figure.known
    unit = "%" if figure.unit == "1" else unit_text(figure.unit)
    bare = _bare(value, figure.unit, language)
    return f"{bare}{NBSP}{unit}" if unit else bare


def sentence_text(sentence: Sentence, language: Language) -> str:
    """The sentence with its figures."""
    return "".join(
        part if isinstance(part, str) else amount_text(part.figure, language, part.how) for part in sentence.parts(language)
    )


def period_text(period: Period, language: Language) -> str:
    """ "oktober 2026", "januari–augusti 2026", "november 2025–oktober 2026", "2026", "2026-11-23"."""
    first, last = local_date(period.start, period.zone), local_date(period.end - timedelta(hours=1), period.zone)
    months = MONTHS_SV if language == "sv" else MONTHS_EN
    if period.kind is PeriodKind.DAY:
        return first.isoformat()
    if period.kind is PeriodKind.HOUR:
        return moment_text(period.start, period.zone)
    if period.kind is PeriodKind.YEAR:
        return f"{first.year}"
    end = f"{months[last.month - 1]}{NBSP}{last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    year = "" if first.year == last.year else f"{NBSP}{first.year}"
    return f"{months[first.month - 1]}{year}{DASH}{end}"


def moment_text(instant: datetime, zone: str) -> str:
    """An instant by the zone's clock, to the minute."""
    return f"{instant.astimezone(zone_named(zone)):%Y-%m-%d{NBSP}%H:%M}"


def clock_text(zone: str, language: Language) -> str:
    """Which clock a figure's period follows."""
    return pick(language, "svensk normaltid (UTC+1)", "metering time (UTC+1)") if zone == "UTC+1" else zone


def printed_value(value: float, unit: str) -> float:
    """In the unit that is printed: shares [1] in per cent."""
    return float(f"{100 * value:.15g}") if unit == "1" else value  # 0.07 is 7 %, not 7.000000000000001 %


def _bare(value: float, unit: str, language: Language) -> str:
    if unit == "1":
        return share(value, language).removesuffix(f"{NBSP}%")
    if unit == "%":
        if HUNDRED - WHOLE <= value < HUNDRED:  # a share that lacks a little is not all of it
            return number(HUNDRED - 2 * WHOLE, language, 1)
        whole = abs(value) >= HUNDRED or abs(value - round(value)) < WHOLE
        return number(value, language, 0 if whole else 1)
    return amount(value, "", language) if unit == "" else number(value, language)


def _facts(publication: Publication, language: Language) -> Iterator[tuple[str, str]]:
    report = publication.report
    yield pick(language, "Gäller", "Subject"), report.subject_name.said(language)
    period = period_text(report.period, language)
    variant = report.variant.said(language)
    yield pick(language, "Period", "Period"), f"{period} ({variant})" if variant else period
    number_of = pick(language, "Rapport", "Report")
    yield number_of, publication.name or pick(language, "Förhandsvisning, inte publicerad", "Preview, not published")
    if publication.published is not None:
        yield pick(language, "Publicerad", "Published"), moment_text(publication.published, report.zone)
    yield pick(language, "Siffror som de var kända", "Figures as known"), moment_text(report.known, report.zone)
    yield pick(language, "Klocka", "Clock"), clock_text(report.period.zone, language)
    yield pick(language, "Program", "Program"), f"energimonitor {report.program}"


def _section(section: Section, language: Language, zone: str) -> PrintedSection:
    return PrintedSection(
        key=section.key,
        title=section.title.said(language),
        sentences=tuple(sentence_text(each, language) for each in section.sentences),
        charts=tuple(_chart(chart, language, zone) for chart in section.charts),
        tables=tuple(printed_table(table, language, zone) for table in section.tables),
        empty=section.empty.said(language) if not (section.sentences or section.charts or section.tables) else "",
    )


def _chart(chart: Chart, language: Language, zone: str) -> PrintedChart:
    series = tuple(
        PrintedSeries(
            key=each.key,
            name=each.name.said(language),
            role=each.role,
            values=tuple(
                None if figure is None or figure.known is None else printed_value(figure.known, figure.unit)
                for figure in each.values
            ),
            estimated=tuple(figure is not None and figure.estimated for figure in each.values),
        )
        for each in chart.series
    )
    return PrintedChart(
        key=chart.key,
        kind=chart.kind,
        title=chart.title.said(language),
        alt=chart.alt.said(language),
        unit=_unit(chart.unit),
        labels=tuple(label.said(language) for label in chart.labels),
        series=series,
        twin=printed_table(chart.twin(), language, zone),
    )


def printed_table(table: Table, language: Language, zone: str) -> PrintedTable:
    """The table with its texts. `zone`: by whose clock instants are told."""
    letters: dict[str, str] = {}
    rows = tuple(
        PrintedRow(
            key=row.key,
            label=row.label.said(language),
            unit=_unit(row.unit),
            cells=tuple(_cell(cell, language, zone, letters) for cell in row.cells),
            strong=row.strong,
        )
        for row in table.rows
    )
    heads = tuple(
        PrintedHead(
            key=column.key,
            label=column.label.said(language),
            unit=_unit(column.unit),
            numeric=any(isinstance(row.cells[place], ReportedFigure) for row in table.rows),
        )
        for place, column in enumerate(table.columns)
    )
    reasons = tuple((letter, reason) for reason, letter in letters.items())
    return PrintedTable(
        table.key, table.caption.said(language), table.corner.said(language), heads, rows, table.note.said(language), reasons
    )


def _unit(unit: str) -> str:
    return "%" if unit == "1" else unit_text(unit)


def _cell(cell: Cell, language: Language, zone: str, letters: dict[str, str]) -> PrintedCell:
    if cell is None:
        return PrintedCell("")
    if isinstance(cell, Words):
        return PrintedCell(cell.said(language))
    if isinstance(cell, date):
        return PrintedCell(cell.isoformat(), value=cell)
    text = figure_text(cell, language)
    if isinstance(cell.value, Missing):
        reason = pick(language, cell.value.reason_sv, cell.value.reason_en)
        letter = letters.setdefault(reason, _letter(len(letters)))
        return PrintedCell(f"{text}{NBSP}({letter})", CellState.MISSING, cell, None, letter)
    if cell.at is not None:
        text = f"{text}{NBSP}({moment_text(cell.at, zone)})"
    return PrintedCell(
        text, CellState.ESTIMATED if cell.estimated else CellState.PLAIN, cell, printed_value(cell.value, cell.unit)
    )


def instant_cell(instant: datetime, zone: str) -> PrintedCell:
    """An instant by the zone's clock, for a file that keeps it as such."""
    return PrintedCell(moment_text(instant, zone), value=instant.astimezone(zone_named(zone)).replace(tzinfo=None))


def _letter(place: int) -> str:
    """a … z, aa, ab …"""
    rest, last = divmod(place, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("a") + last)


def _changes(publication: Publication, language: Language) -> PrintedTable:
    zone = publication.report.zone
    letters: dict[str, str] = {}
    rows = []
    for change in publication.changes:
        unit = next((figure.unit for figure in (change.old, change.new) if figure is not None), "")
        cells = tuple(_cell(cell, language, zone, letters) for cell in (change.old, change.new, change.cause))
        rows.append(PrintedRow(change.address, change.what.said(language), _unit(unit), cells, strong=False))
    heads = (
        PrintedHead("old", pick(language, "Förra utgåvan", "Edition before"), "", numeric=True),
        PrintedHead("new", pick(language, "Den här utgåvan", "This edition"), "", numeric=True),
        PrintedHead("cause", pick(language, "Orsak", "Cause"), "", numeric=False),
    )
    caption = pick(language, "Ändrat sedan förra utgåvan", "Changed since the edition before")
    reasons = tuple((letter, reason) for reason, letter in letters.items())
    return PrintedTable("changes", caption, pick(language, "Siffra", "Figure"), heads, tuple(rows), "", reasons)


def _legend(report: PrintedReport) -> Iterator[str]:
    states = {cell.state for table in report.tables() for row in table.rows for cell in row.cells}
    say = report.language
    if CellState.ESTIMATED in states:
        yield pick(
            say,
            f"{ABOUT} betyder ungefär: allt är inte uppmätt, och timmar som saknas helt är inte medräknade. Hur stor del som är "
            "uppmätt står sist i rapporten.",
            f"{ABOUT} means about: not all is measured, and hours that are missing altogether are not counted. How much is "
            "measured stands last in the report.",
        )
    if CellState.MISSING in states:
        yield pick(
            say,
            "”saknas” betyder att siffran inte kan anges; bokstaven visar varför, under tabellen. Det är inte noll.",
            "“missing” means that the figure cannot be given; the letter leads to why, under the table. It is not nought.",
        )


def figure_table(report: PrintedReport) -> PrintedTable:
    """Every figure of the edition, with coverage, ±, method, factor versions, period and clock: workbook and CSV end with it."""
    language = report.language
    named = (
        ("table", "Tabell", "Table"),
        ("row", "Rad", "Row"),
        ("column", "Kolumn", "Column"),
        ("value", "Värde", "Value"),
        ("unit", "Enhet", "Unit"),
        ("margin", "± (90 %)", "± (90 %)"),
        ("coverage", "Täckning, %", "Coverage, %"),
        ("period", "Period", "Period"),
        ("start", "Från", "From"),
        ("end", "Till", "Until"),
        ("clock", "Klocka", "Clock"),
        ("at", "Toppens tidpunkt", "Time of the peak"),
        ("method", "Metod", "Method"),
        ("factors", "Faktorer", "Factors"),
        ("name", "Siffrans namn", "Name of the figure"),
        ("reason", "Saknas därför", "Missing because"),
    )
    numbers = {"value", "margin", "coverage"}
    heads = tuple(PrintedHead(key, pick(language, sv, en), "", key in numbers) for key, sv, en in named)
    rows = []
    for table in report.tables():
        for row in () if table is report.changes else table.rows:
            for head, cell in zip(table.heads, row.cells, strict=True):
                if cell.figure is not None:
                    place = f"{table.key}/{row.key}/{head.key}"
                    cells = _figure_cells(table, row, head, cell, report)
                    rows.append(PrintedRow(place, place, "", tuple(cells), strong=False))
    caption = pick(language, "Alla siffror", "All figures")
    return PrintedTable("figures", caption, pick(language, "Plats", "Place"), heads, tuple(rows), "", ())


def _figure_cells(
    table: PrintedTable, row: PrintedRow, head: PrintedHead, cell: PrintedCell, report: PrintedReport
) -> Iterator[PrintedCell]:
    figure, language, zone = cell.figure, report.language, report.publication.report.zone
    if figure is None:
        raise ValueError(f"{table.key}/{row.key}/{head.key} is no figure")
    known, period = figure.known, figure.period
    yield PrintedCell(table.caption)
    yield PrintedCell(row.label)
    yield PrintedCell(head.label)
    yield replace(cell, text=figure_text(figure, language))
    yield PrintedCell(_unit(figure.unit))
    has_margin = known is not None and figure.margin > 0
    margin = printed_value(figure.margin, figure.unit)
    yield PrintedCell(number(margin, language), value=margin) if has_margin else PrintedCell("")
    if figure.coverage is None:
        yield PrintedCell("")
    else:
        text = share(figure.coverage, language).removesuffix(f"{NBSP}%")
        yield PrintedCell(text, value=printed_value(figure.coverage, "1"))
    yield PrintedCell(period_name(period))
    yield instant_cell(period.start, period.zone)
    yield instant_cell(period.end, period.zone)
    yield PrintedCell(clock_text(period.zone, language))
    yield PrintedCell("") if figure.at is None else instant_cell(figure.at, zone)
    yield PrintedCell(figure.method)
    yield PrintedCell("; ".join(f"{name} {version}" for name, version in sorted(figure.factors.items())))
    if figure.name:
        yield PrintedCell(figure.name)
    else:
        made_of = pick(language, "av ", "of ") + ", ".join(figure.made_of) if figure.made_of else ""
        yield PrintedCell(made_of or (figure.source.said(language) if figure.source else ""))
    missing = figure.value if isinstance(figure.value, Missing) else None
    yield PrintedCell(pick(language, missing.reason_sv, missing.reason_en) if missing else "")
