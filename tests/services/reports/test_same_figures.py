"""Every form of a report has the figures that `energimonitor export` gives, read back from the documents themselves."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from math import isclose

import pytest
from openpyxl import load_workbook

from config.domain.figure_names import FigureName, named_period
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from services.reports.forms.csv_file import CsvForm
from services.reports.forms.mail_body import mail_body
from services.reports.forms.page import PageForm
from services.reports.forms.pdf import PdfForm
from services.reports.forms.workbook import WorkbookForm
from services.reports.making import MAKERS
from services.reports.printing import PrintedReport, PrintedTable, printed
from services.reports.report import Publication, ReportedFigure, ReportKind
from services.reports.wording import NBSP
from services.store.export import ExportFormat, export
from services.store.points import EPOCH, MILLISECOND
from tests.services.reports.forms.pdf_reading import Rows, bare, read_pdf
from tests.services.reports.months import Months

ZONE = "Europe/Stockholm"
CASES = (
    (ReportKind.MONTHLY, Subject(SubjectKind.PORTFOLIO, PORTFOLIO), "2025-10"),
    (ReportKind.TREND, Subject(SubjectKind.PORTFOLIO, PORTFOLIO), "2025-10-ytd"),
    (ReportKind.SHEET, Subject(SubjectKind.BUILDING, "bjorkskolan"), "2025-10"),
    (ReportKind.OWNER, Subject(SubjectKind.OWNER, "kommunen"), "2025-10"),
)
LARGER = {"MWh": 1e3, "tkr": 1e3, "ton": 1e3}  # of the units that a board reads, in those of the store


@pytest.fixture(scope="module")
def exported(town: Months) -> dict[str, float | None]:
    """Name of each published figure → value in the export, None where it is missing there."""
    out = io.BytesIO()
    export(town.store, SeriesQuery(INDICATOR_VALUES), ExportFormat.CSV, out)
    return dict(_exported(csv.DictReader(io.StringIO(out.getvalue().decode()))))


def _exported(rows: Iterator[Mapping[str, str]]) -> Iterator[tuple[str, float | None]]:
    for row in rows:
        if row["period"] not in ("hour", "day"):
            subject = Subject(SubjectKind(row["subject_kind"]), row["subject"])
            end = EPOCH + int(row["end"]) * MILLISECOND
            period = Period(PeriodKind(row["period"]), end, end, row["zone"])
            name = f"{row['period']} {FigureName(row['indicator'], row['carrier'], subject, period)}"
            yield name, None if row["method"] == "missing" else float(row["value"])


@pytest.fixture(scope="module")
def pages(town: Months) -> dict[ReportKind, PrintedReport]:
    owners = {building.owner for building in town.portfolio.buildings.values()}
    found = {}
    for kind, about, period in CASES:
        subject = Subject(SubjectKind.OWNER, min(owners)) if kind is ReportKind.OWNER else about
        report = MAKERS[kind](town.material(), subject, named_period(period, ZONE))
        found[kind] = printed(Publication(report), "sv")
    return found


def _value(exported: Mapping[str, float | None], name: str, period: Period) -> float | None:
    """In the export; KeyError where it has no such figure."""
    address, _, _ = name.rpartition("/")
    indicator, _, of = address.partition("/")
    kind, _, subject = of.partition(":")
    what, _, carrier = indicator.partition(":")
    ends = Period(period.kind, period.end, period.end, period.zone)
    return exported[f"{period.kind} {FigureName(what, carrier, Subject(SubjectKind(kind), subject), ends)}"]


def _is_published(name: str, exported: Mapping[str, float | None], period: Period) -> bool:
    try:
        _value(exported, name, period)
    except KeyError:
        return False
    return True


def _scale(figure: ReportedFigure) -> float:
    """What the figure's printed unit is in the store's."""
    return LARGER.get(figure.unit.split()[0], 1.0) if figure.unit else 1.0


def _name(figure: ReportedFigure, address: str) -> str:
    """Of the published figure that it is: also one that is only told in a larger unit. "" where there is none."""
    if figure.name or len(figure.made_of) != 1 or _scale(figure) == 1.0 or address.startswith(FORECAST):
        return figure.name
    return figure.made_of[0]


FORECAST = "year_end"  # tables of the report's own calculation, from published figures
KINDS = [kind for kind, _, _ in CASES]


@pytest.mark.parametrize("kind", KINDS)
def test_every_named_figure_of_a_report_is_in_the_export(
    pages: dict[ReportKind, PrintedReport], exported: dict[str, float | None], kind: ReportKind
) -> None:
    """A figure that was never published is missing in the report; every other has its value, to the last bit but rounding."""
    addressed = list(pages[kind].publication.report.figures())
    named = [(name, figure) for address, figure in addressed if (name := _name(figure, address))]

    assert len(named) >= 5
    for name, figure in named:
        if not _is_published(name, exported, figure.period):
            assert figure.known is None, name
            continue
        value = _value(exported, name, figure.period)
        if value is None or figure.known is None:
            assert (value, figure.known) == (None, None), name
        else:
            assert isclose(figure.known * _scale(figure), value, rel_tol=1e-12), name


@pytest.mark.parametrize("kind", KINDS)
def test_the_workbook_and_the_csv_file_have_the_export_s_values(
    pages: dict[ReportKind, PrintedReport], exported: dict[str, float | None], kind: ReportKind
) -> None:
    """By the figures' names, as somebody would look them up."""
    sheet = load_workbook(io.BytesIO(WorkbookForm().render(pages[kind]))).worksheets[-1]
    book = [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = CsvForm().render(pages[kind]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))

    assert [row[0] for row in rows] == [row[0] for row in book]
    at = {head: rows[0].index(head) for head in ("Värde", "Enhet", "Siffrans namn")}
    compared = 0
    for line, cells, (address, figure) in zip(rows[1:], book[1:], pages[kind].publication.report.figures(), strict=True):
        assert line[0] == address
        name = _name(figure, address)
        if name and figure.known is not None:
            value = _value(exported, name, figure.period)
            assert value is not None
            scale = _scale(figure) / (100 if figure.unit == "1" else 1)
            assert line[at["Siffrans namn"]].removeprefix("av ") == name
            assert isclose(float(line[at["Värde"]].replace(",", ".")) * scale, value, rel_tol=1e-12), address
            assert isclose(cells[at["Värde"]] * scale, value, rel_tol=1e-12), address
            compared += 1
        elif figure.known is None:
            assert (line[at["Värde"]], cells[at["Värde"]]) == ("saknas", "saknas")
    assert compared >= 5


@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_has_the_export_s_values_to_the_digits_that_it_shows(
    pages: dict[ReportKind, PrintedReport], exported: dict[str, float | None], kind: ReportKind
) -> None:
    """Cells by the tags, as a screen reader has them; a chart's twin may lie on its side."""
    tables = read_pdf(PdfForm().render(pages[kind])).tables

    assert _compared(pages[kind], tables, exported) >= 5


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_the_export_s_values(
    pages: dict[ReportKind, PrintedReport], exported: dict[str, float | None], kind: ReportKind
) -> None:
    """Every table of the report is in the archive's page."""
    assert _compared(pages[kind], _html_tables(PageForm().render(pages[kind]).decode()), exported) >= 5


@pytest.mark.parametrize("kind", KINDS)
def test_the_mail_has_the_export_s_values(
    pages: dict[ReportKind, PrintedReport], exported: dict[str, float | None], kind: ReportKind
) -> None:
    """It shows the first tables only; what it shows is right."""
    assert _compared(pages[kind], _html_tables(mail_body(pages[kind]).html), exported, all_of_them=False) >= 3


def _compared(page: PrintedReport, tables: list[Rows], exported: Mapping[str, float | None], *, all_of_them: bool = True) -> int:
    """How many figures were found in the document and compared with the export."""
    compared = 0
    closed = [[[_closed(cell) for cell in row] for row in table] for table in tables]
    lying = [list(column) for table in closed for column in zip(*table, strict=False)]
    by_row = {tuple(row): row for row in (*lying, *(row for table in closed for row in table))}
    for table in page.tables():
        for row, wanted in zip(table.rows, _shown(table), strict=True):
            found = by_row.get(tuple(wanted))
            assert found is not None or not all_of_them, (table.caption, wanted)
            for head, cell, text in zip(table.heads, row.cells, (found or [])[1:], strict=False):
                figure = cell.figure
                name = "" if figure is None else _name(figure, f"{table.key}/{row.key}/{head.key}")
                if figure is None or not name or figure.known is None:
                    continue
                value = _value(exported, name, figure.period)
                assert value is not None
                scale = _scale(figure) / (100 if figure.unit == "1" else 1)
                number, step = _read(text)
                assert abs(number - value / scale) <= step / 2 * 1.001 or number >= 99, (table.caption, text, value)
                compared += 1
    return compared


def _shown(table: PrintedTable) -> Rows:
    return [[_closed(text) for text in (row.text, *(cell.text for cell in row.cells))] for row in table.rows]


def _closed(text: str) -> str:
    """Without spaces of any kind: a form may let a line end at one, or not."""
    return bare(text).replace(NBSP, "")


def _read(text: str) -> tuple[float, float]:
    """The number of a cell, and what its last digit is worth."""
    found = re.match(r"≈?(−?)(\d+)(?:,(\d+))?", text)
    assert found is not None, text
    sign, whole, rest = found.groups()
    number = float(f"{whole}.{rest or 0}")
    return (-number if sign else number), 10.0 ** -len(rest or "")


@dataclass
class _Tables(HTMLParser):
    """The cells of every table that has a caption."""

    tables: list[Rows] = field(default_factory=list)
    _open: list[bool] = field(default_factory=list)
    _row: list[str] | None = None
    _cell: str | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(("role", "presentation") not in attrs)
            if self._open[-1]:
                self.tables.append([])
        elif self._open and self._open[-1] and tag == "tr":
            self._row = []
        elif self._row is not None and tag in ("td", "th"):
            self._cell = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._open.pop()
        elif tag in ("td", "th") and self._row is not None and self._cell is not None:
            self._row.append(bare(self._cell))
            self._cell = None
        elif tag == "tr" and self._row is not None:
            self.tables[-1].append(self._row)
            self._row = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell += data


def _html_tables(text: str) -> list[Rows]:
    read = _Tables()
    read.feed(text)
    return read.tables
