"""The workbook and the CSV file: what a program reads out of them is what the report holds."""

import csv
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO, StringIO
from math import isclose
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from config.domain.indicators import Missing
from services.reports.forms.csv_file import CsvForm
from services.reports.forms.form import ReportRenderer
from services.reports.forms.workbook import WorkbookForm, number_format, shorten
from services.reports.printing import figure_table, printed
from services.reports.report import Column, Publication, ReportedFigure, Row, Section, Table
from services.reports.wording import LANGUAGES, MINUS, NBSP, Language, number, share
from tests.services.reports.example_report import NO_FACTOR, OCTOBER, REISSUED, REPORT, words

_SHARE = ReportedFigure(0.07, "1", OCTOBER, 0.5, "m", margin=0.02)
_ODD = Table(
    "odd",
    words("=1+1", "=1+1"),
    words("@rad", "@row"),
    (
        Column("share", words("Andel", "Share"), "1"),
        Column("text", words("+46", "+46")),
        Column("loss", words("-x", "-x"), "kWh"),
    ),
    (
        Row(
            "a",
            words("-1; \"citat\"\n=SUM(A1)", "-1; \"quote\"\n=SUM(A1)"),
            (_SHARE, words("=HYPERLINK(1)", "=HYPERLINK(1)"), replace(_SHARE, value=-1 / 3, unit="kWh")),
        ),
        Row("b", words("b", "b"), (replace(_SHARE, value=NO_FACTOR), None, replace(_SHARE, value=1e-7, unit="kWh")), strong=True),
    ),
)  # fmt: skip
_NAMES = ("History", "Nyckeltal [a/b]: å", "x" * 40, "X" * 40, "'citat'", "Alla siffror")
BOTH = Publication(
    replace(
        REPORT,
        sections=(
            *REPORT.sections,
            Section("odd", words("Udda", "Odd"), tables=(_ODD,)),
            *(
                Section(f"s{n}", words(name, name), tables=(replace(_ODD, key=f"t{n}", rows=()),))
                for n, name in enumerate(_NAMES)
            ),
        ),
    ),
    REISSUED.number,
    2,
    REISSUED.published,
    REISSUED.changes,
)
FORMS: tuple[ReportRenderer, ...] = (WorkbookForm(), CsvForm())


def read_workbook(language: Language) -> Workbook:
    return load_workbook(BytesIO(WorkbookForm().render(printed(BOTH, language))))


@pytest.fixture(scope="module")
def swedish() -> Workbook:
    return read_workbook("sv")


def figures_of(cells: Iterator[list[Any]], number_of: Callable[[Any], Any]) -> dict[str, tuple[Any, str]]:
    """Address → value and unit, of a table of figures, by its headings."""
    heading = next(cells)
    value, unit = heading.index("Värde"), heading.index("Enhet")
    return {row[0]: (number_of(row[value]), row[unit]) for row in cells}


def expected() -> dict[str, tuple[float | str, str]]:
    """What the report holds; shares in per cent, as they are printed."""
    units = {"1": "%", "kg CO2e": "kg CO₂e", "m2": "m²"}
    return {
        address: (
            "saknas" if isinstance(figure.value, Missing) else figure.value * (100 if figure.unit == "1" else 1),
            units.get(figure.unit, figure.unit),
        )
        for address, figure in BOTH.report.figures()
    }


def test_every_figure_comes_back_from_the_workbook_with_its_unit(swedish: Workbook) -> None:
    """To fourteen digits: the format keeps sixteen."""
    rows = ([cell.value for cell in row] for row in swedish.worksheets[-1].iter_rows())

    found, wanted = figures_of(rows, lambda value: value), expected()

    assert list(found) == list(wanted)
    for address, (value, unit) in wanted.items():
        was, in_unit = found[address]
        assert in_unit == unit, address
        assert was == value if isinstance(value, str) else isclose(was, value, rel_tol=1e-14), address


def test_every_figure_comes_back_from_the_csv_file_to_the_last_bit() -> None:
    """The decimal comma is all that a reader must know."""
    text = CsvForm().render(printed(BOTH, "sv")).decode("utf-8-sig")
    rows = csv.reader(StringIO(text, newline=""), delimiter=";", strict=True)

    found = figures_of(iter(rows), lambda value: value if value == "saknas" else float(value.replace(",", ".")))

    wanted = {address: (7.0 if address == "odd/a/share" else value, unit) for address, (value, unit) in expected().items()}
    assert found == wanted


def test_the_sheets_of_sections_hold_numbers_days_and_instants_as_such(swedish: Workbook) -> None:
    """A cell that is a number can be added up; "saknas" cannot, and has its letter."""
    summary, deviations = swedish["Månaden i siffror"], swedish["Avvikelser att åtgärda"]
    values = [[cell.value for cell in row] for row in summary.iter_rows(min_row=4, max_row=9, max_col=5)]

    assert values[0] == ["Siffra", "Oktober 2026", "Oktober 2026, tidpunkt", "Oktober 2025", "Förändring, %"]
    assert values[1] == ["Energianvändning, kWh", 62_970.25, None, 71_558, -12.0009]
    assert values[3] == ["Utsläpp, platsbaserat, kg CO₂e", f"saknas{NBSP}(a)", None, 1_904.4, f"saknas{NBSP}(a)"]
    assert values[4][:3] == ["Effekttopp, kW", 187.4, datetime.fromisoformat("2026-10-25 02:00")]
    assert values[5][0] == f"(a) {NO_FACTOR.reason_sv}"
    assert deviations["B5"].value == datetime.fromisoformat("2026-10-03")


def test_what_is_not_wholly_measured_is_marked_and_still_a_number(swedish: Workbook) -> None:
    """The mark is in the number format."""
    sheet = swedish["Månaden i siffror"]

    assert f'"≈{NBSP}"' in sheet["B5"].number_format
    assert "≈" not in sheet["D5"].number_format
    assert sheet["B5"].data_type == sheet["D5"].data_type == "n"


def test_the_first_sheet_says_what_the_first_page_says(swedish: Workbook) -> None:
    """Facts, what must be read first, sentences, and sections that are words alone."""
    said = [cell.value for row in swedish.worksheets[0].iter_rows() for cell in row if cell.value]
    report = printed(BOTH, "sv")

    wanted = [report.title, *(text for fact in report.facts for text in fact), *report.notices, *report.sentences, *report.legend]

    assert [text for text in wanted if text not in said] == []
    assert "Inget har ändrats sedan förra rapporten." in said


def test_texts_that_look_like_formulas_stay_texts(swedish: Workbook) -> None:
    """In a cell of a workbook a text is a text; in a CSV file only an apostrophe says so, and numbers have none."""
    cells = [cell for sheet in swedish for row in sheet.iter_rows() for cell in row]
    text = CsvForm().render(printed(BOTH, "sv")).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text, newline=""), delimiter=";"))

    assert not [cell for cell in cells if cell.data_type == "f"]
    assert swedish["Udda"]["A5"].value == '-1; "citat"\n=SUM(A1)'
    odd = {row[0]: row for row in rows}
    assert odd["odd/a/share"][1:3] == ["'=1+1", '\'-1; "citat"\n=SUM(A1)']
    assert odd["odd/a/loss"][4] == repr(-1 / 3).replace(".", ",")
    assert odd["odd/b/loss"][4] == "1e-07"


def test_sheets_have_names_that_excel_takes() -> None:
    """31 characters, none of []:*?/\\, no apostrophe outermost, each once whatever the case, and not History."""
    names = [sheet.title for sheet in read_workbook("en")]

    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert not [name for name in names if name.startswith("'") or name.endswith("'")]
    assert len({name.casefold() for name in names}) == len(names)
    assert "history" not in {name.casefold() for name in names}
    assert names[0] == "Report"
    assert names[-1] == "All figures"


def test_a_sheets_name_ends_with_a_whole_word() -> None:
    """ "De fem största avvikelserna, oc" looks like a fault."""
    assert shorten("De fem största avvikelserna, och vad de kostar", 31) == "De fem största avvikelserna"
    assert shorten("Normalårskorrigeringsmetodernas", 20) == "Normalårskorrigering"


def test_the_table_of_figures_can_be_filtered_and_every_sheet_printed(swedish: Workbook) -> None:
    """Its heading stays in sight and stands on every page; all columns fit the page; pages are numbered."""
    figures = swedish.worksheets[-1]

    assert figures.freeze_panes == "A2"
    assert figures.auto_filter.ref == figures.dimensions
    assert figures.print_title_rows == "$1:$1"
    for sheet in swedish:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.oddFooter.left.text == "ER-2026-0017-2"
        assert sheet.oddFooter.right.text == "Sida &P av &N"
    assert swedish.properties.title == "Björkskolan, oktober 2026"
    assert swedish.properties.created == datetime.fromisoformat("2026-11-20 08:00")


@pytest.mark.parametrize("language", list(LANGUAGES.values()))
def test_both_forms_have_the_same_bytes_from_another_process(language: Language) -> None:
    """Nothing of the clock, the machine or the order of a set is in them."""
    code = (
        "import hashlib; from tests.services.reports.forms.test_files import *;"
        f"print(*(hashlib.sha256(form.render(printed(BOTH, {language!r}))).hexdigest() for form in FORMS))"
    )

    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert again == [hashlib.sha256(form.render(printed(BOTH, language))).hexdigest() for form in FORMS]


@pytest.mark.parametrize(
    ("value", "text", "shape"),
    [
        (62_970.25, f"62{NBSP}970", '#,##0;"−"#,##0'),
        (84_312.5, f"84{NBSP}312", '#,##0.0;"−"#,##0.0'),  # halves: to even as printed, up in Excel
        (-12.34, f"{MINUS}12,3", '#,##0.0;"−"#,##0.0'),
        (97.6, "97", '#,##0.0;"−"#,##0.0'),  # a coverage is never rounded upwards
        (99.996, "99", '#,##0.000;"−"#,##0.000'),
        (0.4, f"<{NBSP}1", '#,##0.0;"−"#,##0.0'),
        (0.004, f"<{NBSP}1", '#,##0.000;"−"#,##0.000'),
        (0.0, "0", '#,##0;"−"#,##0'),
    ],
)
def test_a_number_is_shown_as_it_is_printed(value: float, text: str, shape: str) -> None:
    """With more digits where Excel's rounding would say another number."""
    assert number_format(value, text, "sv", estimated=False) == shape


@given(st.floats(-1e9, 1e9, allow_nan=False), st.sampled_from(list(LANGUAGES.values())))
def test_no_number_is_shown_as_another(value: float, language: Language) -> None:
    """Whatever it is, the digits that are printed are the first of those that are shown."""
    text = number(value, language)
    thousand, decimal = (NBSP, ",") if language == "sv" else (",", ".")
    plain = text.replace(thousand, "").replace(decimal, ".").lstrip(MINUS)
    places = len(number_format(value, text, language, estimated=False).split(";")[0].removeprefix("#,##0").lstrip("."))

    shown = f"{abs(value):.{places}f}"

    assert shown.startswith(plain) or isclose(float(shown), float(plain), rel_tol=1e-14)


def test_a_share_is_in_the_unit_of_its_heading() -> None:
    """Of figures' coverage and ± too."""
    table = figure_table(printed(BOTH, "sv"))
    row = next(row for row in table.rows if row.key == "odd/a/share")
    values = {head.key: cell for head, cell in zip(table.heads, row.cells, strict=True)}

    assert [values[key].value for key in ("value", "margin", "coverage")] == [7.0, 2.0, 50.0]
    assert values["value"].text == f"≈{NBSP}{share(0.07, 'sv').removesuffix(f'{NBSP}%')}"
    assert values["unit"].text == "%"
