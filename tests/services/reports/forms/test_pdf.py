"""The PDF of reports: every number is in it, nothing is cut or covered, and the same report gives the same bytes."""

import hashlib
import re
import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from pdfminer.pdftypes import resolve1

from config.errors import ReportError
from services.reports.forms.pdf import SOURCE, PdfForm
from services.reports.forms.typeface import FILES, FOLDER
from services.reports.printing import PrintedTable, printed
from services.reports.report import Column, Publication, Report, ReportKind, Row, Section, Table, Words
from services.reports.report_json import publication_json
from services.reports.wording import LANGUAGES, Language
from tests.services.reports.example_report import KEY_FIGURES, PREVIEW, PUBLISHED, REISSUED, REPORT, USE
from tests.services.reports.forms.pdf_reading import PdfRead, Rows, bare, read_pages, read_pdf

FORM = PdfForm()
SHEET = replace(
    PUBLISHED,
    report=replace(
        REPORT,
        kind=ReportKind.SHEET,
        sections=(REPORT.sections[0], replace(REPORT.sections[1], charts=REPORT.sections[1].charts[:1])),
    ),
)
EXAMPLES: Mapping[str, Publication] = {"preview": PREVIEW, "published": PUBLISHED, "reissued": REISSUED, "sheet": SHEET}
CASES: list[tuple[str, Language]] = [
    ("preview", "en"), ("published", "sv"), ("published", "en"), ("reissued", "sv"), ("sheet", "sv"), ("sheet", "en")
]  # fmt: skip
WORD = "Energieffektiviseringsåtgärdsuppföljningssammanställningsmöte"
NAME = " ".join(["Förskolan Blåsippans paviljong vid Östra skolgården"] * 4)
FOUL = '#set text(red) *fet* $x^2$ <etikett> @ref \\ // [a] "b" `c` #import "@preview/x" = -- ~ \n- d'


@pytest.fixture(scope="module")
def read() -> dict[tuple[str, Language], PdfRead]:
    return {(name, language): read_pdf(FORM.render(printed(EXAMPLES[name], language))) for name, language in CASES}


def shown(table: PrintedTable) -> Rows:
    heads = [table.corner, *(head.text for head in table.heads)]
    rows = [[row.text, *(cell.text for cell in row.cells)] for row in table.rows]
    return [[bare(text) for text in row] for row in (heads, *rows)]


def numbers_of(rows: Rows) -> Rows:
    return [row[1:] for row in rows[1:]]


@pytest.mark.parametrize(("name", "language"), CASES)
def test_every_table_is_read_back_whole_by_its_tags(
    read: dict[tuple[str, Language], PdfRead], name: str, language: Language
) -> None:
    """A chart's twin may lie down; then its columns are the twin's rows."""
    report = printed(EXAMPLES[name], language)
    found = read[name, language].tables

    for table in report.tables():
        wanted = shown(table)
        lying = [list(column) for column in zip(*numbers_of(wanted), strict=True)]
        assert wanted in found or lying in map(numbers_of, found), table.caption


@pytest.mark.parametrize(("name", "language"), CASES)
def test_every_text_is_read_back(read: dict[tuple[str, Language], PdfRead], name: str, language: Language) -> None:
    """Sentences, notices, notes and the reasons of what is missing carry the report as much as its numbers do."""
    report = printed(EXAMPLES[name], language)
    texts = [report.title, report.kind, *report.notices, *report.sentences, *report.legend]
    texts += [text for fact in report.facts for text in fact]
    for section in report.sections:
        texts += [section.title, section.empty, *section.sentences, *(chart.title for chart in section.charts)]
    for table in report.tables():
        texts += [table.note, *(text for reason in table.reasons for text in reason)]

    assert [text for text in texts if bare(text) not in read[name, language].element.text] == []


@pytest.mark.parametrize(("name", "language"), CASES)
def test_nothing_is_cut_or_covered(read: dict[tuple[str, Language], PdfRead], name: str, language: Language) -> None:
    """Typst says nothing of text beyond the page or on other text."""
    pages = read[name, language].pages
    assert [page.strays() for page in pages] == [[] for _ in pages]
    assert [page.overlaps() for page in pages] == [[] for _ in pages]


def test_what_a_figure_rests_on_is_in_the_appendix(read: dict[tuple[str, Language], PdfRead]) -> None:
    """Coverage, ± and method of the row's figures in the columns' order; rows that rest on the same share a line."""
    found = read["published", "sv"]

    rows = [row for table in found.tables for row in table if table[0][-1] == "Metod"]
    assert [bare(text) for text in ("Energianvändning", "93 / 100 / 93", "1\u00a0210 / – / –", "1 / 1 / 2")] in rows
    assert [bare("nov\u00a0– juni"), "100", "–", "1"] in rows
    assert ["juli", "0/100", "–", "1"] in rows
    assert bare("1 energy 1.2: A, B · 2 energy 1.2 · 3 cost 1.0: C") in found.element.text
    assert bare("A el-2026-plats 2026-03-01 B fjarrvarme-borlange-2025 2026-02-10 C tariff 2026") in found.element.text


def test_language_title_and_data_are_in_the_file(read: dict[tuple[str, Language], PdfRead]) -> None:
    """A screen reader speaks the language that the file names, and the data travel with the print."""
    found = read["published", "en"]

    assert resolve1(found.catalog["Lang"]).decode().startswith("en")
    assert found.info["Title"] == "Björkskolan, October 2026"
    assert resolve1(found.catalog["ViewerPreferences"])["DisplayDocTitle"] is True
    assert found.attached() == publication_json(PUBLISHED)
    assert found.kinds.count("Title") == 1
    assert found.kinds.index("Title") < found.kinds.index("H1")


def test_a_preview_says_so_on_every_page_and_a_reissue_its_edition(read: dict[tuple[str, Language], PdfRead]) -> None:
    """A page that lies loose on a table must not be taken for what was published."""
    assert all("Preview" in page.text for page in read["preview", "en"].pages)
    assert all("ER-2026-0017·utgåva2" in page.text for page in read["reissued", "sv"].pages)


def test_the_same_report_gives_the_same_bytes_in_threads_and_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spawned one, of another time zone and another order of sets."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    report = printed(PUBLISHED, "sv")

    with ProcessPoolExecutor(1, get_context("spawn")) as processes, ThreadPoolExecutor(2) as threads:
        other = processes.submit(FORM.render, report)
        ours = list(threads.map(FORM.render, [report] * 3))

    assert {hashlib.sha256(pdf).hexdigest() for pdf in (*ours, other.result())} == {hashlib.sha256(ours[0]).hexdigest()}


def hostile() -> Report:
    foul, word, name = Words(FOUL, FOUL), Words(WORD, WORD), Words(NAME, NAME)
    empty = Table("empty", word, foul, (Column("a", word),), ())
    wide = Table(
        "wide", name, word, tuple(Column(f"{place}", word, "kWh") for place in range(9)), (Row("a", name, (USE,) * 9),)
    )  # fmt: skip
    long = Table(
        "long", foul, name, (Column("use", word, "kWh"), Column("said", name)),
        tuple(Row(f"{place}", word, (USE, Words(f"{place} {FOUL}", f"{place} {FOUL}"))) for place in range(60)), note=foul,
    )  # fmt: skip
    sections = (
        Section("a", name, tables=(empty, wide, long)), Section("b", word, empty=foul), Section("c", foul, tables=(KEY_FIGURES,)),
    )  # fmt: skip
    return replace(REPORT, subject_name=name, title=Words(f"{NAME} {WORD}", NAME), notices=(foul, word), sections=sections)


def test_hostile_texts_stand_as_they_are() -> None:
    """What looks like markup, words longer than a column, and names longer than a line."""
    report = printed(replace(PUBLISHED, report=hostile()), "sv")
    found = read_pdf(FORM.render(report))

    tables = found.tables
    for table in report.tables():
        if table.rows:
            assert shown(table) in tables, table.caption
    assert bare(FOUL) in found.element.text
    assert found.element.text.count(bare(NAME)) >= 4
    assert any(page.width > page.height for page in found.pages)
    assert [page.strays() + page.overlaps() for page in found.pages] == [[] for _ in found.pages]


def test_a_document_of_3000_rows_is_whole() -> None:
    """Its heading stands on every page; rows that rest on the same are one line of the appendix. Reading all would take long."""
    rows = tuple(Row(f"{place}", Words(f"Byggnad {place}", ""), (USE,) * 3, "kWh") for place in range(3_000))
    columns = tuple(Column(key, Words(key, "")) for key in ("nu", "då", "sedan"))
    long = Table("long", Words("Byggnader", ""), Words("Byggnad", ""), columns, rows)
    report = printed(
        Publication(replace(REPORT, sentences=(), sections=(Section("a", Words("Allt", ""), tables=(long,)),))), "sv"
    )

    first, second, last = read_pages(FORM.render(report), (1, 2, 59))

    shown_rows = [[int(place) for place in re.findall(r"Byggnad(\d+),kWh", page.text)] for page in (first, second, last)]
    assert [row for rows in shown_rows[:2] for row in rows] == list(range(shown_rows[1][-1] + 1))
    assert shown_rows[2] == list(range(shown_rows[2][0], 3_000))
    assert all("Byggnadnudåsedan" in page.text for page in (first, second, last))
    assert bare("Byggnad 0\u00a0– Byggnad 2999") in last.text
    assert [page.strays() + page.overlaps() for page in (first, second, last)] == [[], [], []]


def test_a_table_too_wide_for_any_page_is_refused() -> None:
    """The alternative is text that nobody can read, or that is cut."""
    columns = tuple(Column(f"{place}", Words(WORD[:30], ""), "kWh") for place in range(20))
    wide = Table("wide", Words("Bred", "Wide"), Words("", ""), columns, (Row("a", Words("a", "a"), (USE,) * 20),))
    report = replace(REPORT, sentences=(), sections=(Section("a", Words("A", "A"), tables=(wide,)),))

    with pytest.raises(ReportError, match="more columns than a page is wide") as refused:
        FORM.render(printed(Publication(report), "sv"))
    assert "fler kolumner än sidan rymmer" in refused.value.sv


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_a_building_sheet_is_one_page(read: dict[tuple[str, Language], PdfRead], language: Language) -> None:
    """It is pinned up: nobody turns it."""
    assert read["sheet", language].pages[1:] == []


def test_a_building_sheet_that_needs_two_pages_is_refused() -> None:
    """A second page would be left in the printer."""
    with pytest.raises(ReportError, match="does not fit on one page") as refused:
        FORM.render(printed(replace(SHEET, report=replace(SHEET.report, sections=REPORT.sections)), "sv"))
    assert "ryms inte på en sida" in refused.value.sv


def test_a_sign_that_the_typeface_lacks_is_told() -> None:
    """Else the reader would see an empty box."""
    with pytest.raises(ReportError, match="lacks a sign") as refused:
        FORM.render(printed(Publication(replace(REPORT, title=Words("Björkskolan 𓀀", "")), "ER-1"), "sv"))
    assert "skriv namnet utan det" in refused.value.sv


@pytest.mark.parametrize("fault", ["no folder", "one file gone", "another file", "one more"])
def test_a_missing_font_is_told_before_anything_is_set(tmp_path: Path, fault: str) -> None:
    """Typst would only warn, and give a document without text."""
    folder = tmp_path / "fonts"
    if fault != "no folder":
        folder.mkdir()
        for name in FILES:
            shutil.copy(FOLDER / name, folder / name)
    match fault:
        case "one file gone":
            (folder / "SourceSans3-It.ttf").unlink()
        case "another file":
            shutil.copy(FOLDER / "SourceSans3-Bold.ttf", folder / "SourceSans3-It.ttf")
        case "one more":
            shutil.copy(FOLDER / "SourceSans3-Bold.ttf", folder / "a.ttf")

    with pytest.raises(ReportError, match="Install energimonitor again") as refused:
        PdfForm(fonts=folder).render(printed(PUBLISHED, "sv"))
    assert "Installera om energimonitor" in refused.value.sv


def test_our_typst_files_use_nothing_from_elsewhere() -> None:
    """Packages cannot be switched off in Typst: it would ask the network for them."""
    imports = {
        path.name: re.findall(r'(?:import|include|read|json|image)[ (]"([^"]+)"', path.read_text())
        for path in SOURCE.glob("*.typ")
    }

    assert set(imports) == {"house.typ", "tables.typ", "report.typ", "sheet.typ"}
    assert {name for names in imports.values() for name in names} <= set(imports)
    assert not any(mark in path.read_text() for path in SOURCE.glob("*.typ") for mark in ("@preview", "@local", "eval("))
