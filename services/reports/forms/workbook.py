"""XLSX by XlsxWriter: the first page, a sheet a section, the changes of a later edition, and every figure to sort and filter.

Numbers are numbers, with all their digits; the number format shows those that are printed, with "≈" before what is not wholly
measured. Units stand in headings. What is missing is text, with its reason under the table. Charts are their tables.
The format is Office Open XML (ECMA-376); limits as in Excel: 31 characters in a sheet's name, sixteen digits in a number.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from io import BytesIO
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.reports.printing import (
    ABOUT,
    CellState,
    PrintedCell,
    PrintedReport,
    PrintedSection,
    PrintedTable,
    figure_table,
    instant_cell,
)
from services.reports.wording import MINUS, NBSP, Language, pick

_OPTIONS = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
_A4 = 9
_LONGEST_NAME = 31  # characters
_RESERVED = "history"  # Excel keeps the name for itself
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NUMBER = re.compile(r"\d+(?:\.(\d+))?")
_MORE_DIGITS = 6  # beyond those printed, where rounding as Excel does would print another number
_NARROWEST, _WIDEST, _PARAGRAPH = 9, 42, 96  # characters
_WIDEST_SHARED = 28  # of a column that tables below each other share: one's words make another's numbers stand far apart
_LINE = 15.0  # points
_HEADING, _RULE, _GREY = "#E4ECF2", "#5B6B7A", "#4A4A4A"
Style = dict[str, Any]
_TITLE: Style = {"bold": True, "font_size": 16}
_CAPTION: Style = {"bold": True, "font_size": 12}
_HEAD: Style = {"bold": True, "bg_color": _HEADING, "bottom": 1, "bottom_color": _RULE, "text_wrap": True, "valign": "bottom"}
_TEXT: Style = {"text_wrap": True, "valign": "top"}
_NOTE: Style = {**_TEXT, "font_color": _GREY}
_STRONG: Style = {"bold": True, "top": 1, "top_color": _RULE}


class WorkbookForm:
    """Fills `ReportRenderer`; the same report gives the same bytes, by the same versions of XlsxWriter and zlib."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = "xlsx"

    def render(self, report: PrintedReport) -> bytes:
        file = BytesIO()
        workbook = Workbook(file, _OPTIONS)
        _describe(workbook, report)
        _Book(workbook, report).write()
        workbook.close()
        return file.getvalue()


def _describe(workbook: Workbook, report: PrintedReport) -> None:
    publication = report.publication
    made = publication.published or publication.report.known
    workbook.set_properties(
        {
            "title": report.title,
            "subject": f"{report.kind}, {report.subject}, {report.period}",
            "author": "energimonitor",
            "keywords": report.name,
            "created": made.astimezone(UTC).replace(tzinfo=None, microsecond=0),  # else the machine's clock is in the bytes
        }
    )
    workbook.set_custom_property("Language", pick(report.language, "sv-SE", "en-GB"))


@dataclass
class _Book:
    workbook: Workbook
    report: PrintedReport
    _formats: dict[str, Any] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    @property
    def language(self) -> Language:
        return self.report.language

    def write(self) -> None:
        first = self.sheet(pick(self.language, "Rapport", "Report"))
        names = [self._section(section) for section in self.report.sections if _tables(section)]
        changes = self.report.changes
        if changes is not None:
            names.append(self._tables(self.sheet(changes.caption), changes.caption, (), (changes,)))
        names.append(self._figures())
        self._first(first, names)

    def sheet(self, title: str) -> Worksheet:
        """A new sheet, its name as like `title` as Excel allows, and set up to be printed."""
        sheet = self.workbook.add_worksheet(self._name(title))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # a year that heads a row is a word
        name = self.report.name.replace("&", "&&")
        sheet.set_footer(f"&L{name}&C&A&R" + pick(self.language, "Sida &P av &N", "Page &P of &N"))
        return sheet

    def format(self, *styles: Style) -> Any:
        style = {key: value for each in styles for key, value in each.items()}
        key = repr(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(style)
        return self._formats[key]

    def _name(self, title: str) -> str:
        bare = " ".join(_FORBIDDEN.sub(" ", title).split()).strip(" '") or pick(self.language, "Blad", "Sheet")
        name, number = shorten(bare, _LONGEST_NAME), 1
        while name.casefold() in self._names or name.casefold() == _RESERVED:
            number += 1
            name = f"{shorten(bare, _LONGEST_NAME - len(f' ({number})'))} ({number})"
        self._names.add(name.casefold())
        return name

    def _first(self, sheet: Worksheet, names: list[str]) -> None:
        """Facts, what must be read first, the first page's sentences, sections of words alone, marks, and where the rest is."""
        report, row = self.report, 0
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, _PARAGRAPH)
        sheet.write_string(row, 0, report.title, self.format(_TITLE))
        for label, text in self._said(names):
            row += 1
            if label:
                sheet.write_string(row, 0, label, self.format(_TEXT, {"bold": True}))
            if text in names:
                quoted = text.replace("'", "''")
                sheet.write_url(row, 1, f"internal:'{quoted}'!A1", string=text)
            elif text:
                sheet.write_string(row, 1, text, self.format(_TEXT))
        sheet.activate()

    def _said(self, names: list[str]) -> Iterator[tuple[str, str]]:
        report, language = self.report, self.language
        yield pick(language, "Sort", "Kind"), report.kind
        yield from report.facts
        groups = [
            (pick(language, "Läs detta först", "Read this first"), report.notices),
            (pick(language, "Sammanfattning", "Summary"), report.sentences),
            *((each.title, each.sentences or (each.empty,)) for each in report.sections if not _tables(each)),
            (pick(language, "Tecken", "Marks"), report.legend),
            (pick(language, "Blad", "Sheets"), tuple(names)),
        ]
        for label, texts in groups:
            if any(texts):
                yield "", ""
                yield from ((label if place == 0 else "", text) for place, text in enumerate(texts))

    def _section(self, section: PrintedSection) -> str:
        return self._tables(self.sheet(section.title), section.title, section.sentences, _tables(section))

    def _tables(self, sheet: Worksheet, title: str, sentences: tuple[str, ...], tables: tuple[PrintedTable, ...]) -> str:
        """Title, sentences, and the tables below each other; the name of the sheet."""
        zone = self.report.publication.report.zone
        placed = [_Placed(table, _with_instants(table, self.language, zone)) for table in tables]
        widths = _widths(placed)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, title, self.format(_TITLE))
        row = 1
        for sentence in sentences:
            row = self._paragraph(sheet, row, sentence, widths, _TEXT)
        for each in placed:
            row += 1
            if each.table.caption != title:
                sheet.write_string(row, 0, each.table.caption, self.format(_CAPTION))
                row += 1
            if len(placed) == 1:
                sheet.repeat_rows(row)
            row = self._table(sheet, row, each)
            reasons = [f"({letter}) {reason}" for letter, reason in each.table.reasons]
            for text in (*reasons, each.table.note):
                if text:
                    row = self._paragraph(sheet, row, text, widths, _NOTE)
        return str(sheet.get_name())

    def _table(self, sheet: Worksheet, row: int, placed: "_Placed") -> int:
        """Heading and rows; the first row after them."""
        sheet.write_string(row, 0, placed.table.corner, self.format(_HEAD))
        for place, column in enumerate(placed.columns, start=1):
            sheet.write_string(row, place, column.text, self.format(_HEAD, {"align": "right"} if column.numeric else {}))
        for printed in placed.table.rows:
            row += 1
            strong = _STRONG if printed.strong else {}
            sheet.write_string(row, 0, printed.text, self.format(_TEXT, strong))
            for place, column in enumerate(placed.columns, start=1):
                self._cell(sheet, row, place, column.of(printed.cells[column.place]), strong)
        return row + 1

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: PrintedCell, style: Style) -> None:
        value = cell.value
        if isinstance(value, date):
            shape = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
            sheet.write_datetime(row, column, value, self.format(style, {"num_format": shape, "align": "left", "valign": "top"}))
        elif value is not None:
            shape = number_format(value, cell.text, self.language, estimated=cell.state is CellState.ESTIMATED)
            sheet.write_number(row, column, value, self.format(style, {"num_format": shape, "valign": "top"}))
        elif cell.state is CellState.MISSING:
            sheet.write_string(row, column, cell.text, self.format(_NOTE, style, {"align": "right"}))
        elif cell.text:
            sheet.write_string(row, column, cell.text, self.format(_TEXT, style))
        elif style:
            sheet.write_blank(row, column, None, self.format(style))

    def _paragraph(self, sheet: Worksheet, row: int, text: str, widths: list[int], style: Style) -> int:
        """Over all columns, as high as it needs: Excel does not see to the height of joined cells."""
        sheet.merge_range(row, 0, row, len(widths) - 1, "", self.format(style))
        sheet.write_string(row, 0, text, self.format(style))
        sheet.set_row(row, _LINE * ceil(len(text) / sum(widths)))  # widths are of digits, letters are narrower
        return row + 1

    def _figures(self) -> str:
        """Every figure, its heading frozen, to be sorted and filtered."""
        table = figure_table(self.report)
        placed = _Placed(table, _columns(table))
        sheet = self.sheet(table.caption)
        for column, width in enumerate(_widths([placed])[: len(placed.columns) + 1]):
            sheet.set_column(column, column, width)
        last = self._table(sheet, 0, placed) - 1
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(placed.columns))
        sheet.repeat_rows(0)
        return str(sheet.get_name())


@dataclass(frozen=True)
class _Column:
    """`place`: of the printed cells that it is made of. `of`: what it shows of one."""

    text: str
    place: int
    numeric: bool
    of: Callable[[PrintedCell], PrintedCell] = lambda cell: cell


@dataclass(frozen=True)
class _Placed:
    table: PrintedTable
    columns: tuple[_Column, ...]


def shorten(name: str, longest: int) -> str:
    """As many whole words as have room; of a single longer one its beginning."""
    if len(name) <= longest:
        return name
    whole = name[: longest + 1].rpartition(" ")[0] or name[:longest]
    return whole.rstrip(" ,;:.-–'")


def number_format(value: float, text: str, language: Language, *, estimated: bool) -> str:
    """Excel's number format that shows `value` with the digits of `text`, in the reader's own marks.

    Where rounding as Excel does (halves up, no share downwards) would show another number than is printed, it shows more digits.
    """
    places = _places(abs(value), text, language)
    digits = "#,##0" + (f".{'0' * places}" if places else "")
    about = f'"{ABOUT}{NBSP}"' if estimated else ""
    return f'{about}{digits};{about}"{MINUS}"{digits}'


def _places(size: float, text: str, language: Language) -> int:
    thousand, decimal = (NBSP, ",") if language == "sv" else (",", ".")
    found = _NUMBER.search(text.replace(thousand, "").replace(decimal, "."))
    printed = Decimal(found[0]) if found else Decimal(0)
    least = len(found[1] or "") if found else 0
    exact = Decimal(repr(size))
    for places in range(least, least + _MORE_DIGITS):
        shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if "<" in text:
            if 0 < shown < printed:
                return places
        elif shown.quantize(Decimal(1).scaleb(-least), ROUND_DOWN) == printed:
            return places
    return least


def _tables(section: PrintedSection) -> tuple[PrintedTable, ...]:
    """Charts' twins first, as in the report."""
    return (*(chart.twin for chart in section.charts), *section.tables)


def _columns(table: PrintedTable) -> tuple[_Column, ...]:
    return tuple(_Column(head.text, place, head.numeric) for place, head in enumerate(table.heads))


def _with_instants(table: PrintedTable, language: Language, zone: str) -> tuple[_Column, ...]:
    """Its columns, and beside one of peaks another of when."""

    def instant(cell: PrintedCell) -> PrintedCell:
        at = cell.figure.at if cell.figure is not None and cell.value is not None else None
        return PrintedCell("") if at is None else instant_cell(at, zone)

    columns: list[_Column] = []
    for column in _columns(table):
        columns.append(column)
        figures = [row.cells[column.place].figure for row in table.rows]
        if any(figure is not None and figure.at is not None for figure in figures):
            label = table.heads[column.place].label
            columns.append(_Column(f"{label}, {pick(language, 'tidpunkt', 'time')}", column.place, numeric=False, of=instant))
    return tuple(columns)


def _widths(tables: list[_Placed]) -> list[int]:
    """Characters of each column, and as many more columns as text needs to be read in. Long words make rows higher instead."""
    widths = [_NARROWEST + 5]
    for each in tables:
        texts = [[each.table.corner, *(row.text for row in each.table.rows)]]
        texts += [[column.text, *(column.of(row.cells[column.place]).text for row in each.table.rows)] for column in each.columns]
        widths += [_NARROWEST] * (len(texts) - len(widths))
        for place, column in enumerate(texts):
            heading = max(len(word) for word in column[0].split(" "))  # the longest that no line may end in
            needed = max(round(1.15 * heading), min(len(column[0]), 16), *(len(text) for text in column[1:])) + 2
            widest = _WIDEST if place == 0 or len(tables) == 1 else _WIDEST_SHARED
            widths[place] = max(widths[place], min(widest, needed))
    while sum(widths) < _PARAGRAPH:
        widths.append(_NARROWEST)
    return widths
