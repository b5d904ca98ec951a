"""One language of a report: what every form prints."""

import re
from dataclasses import replace

import pytest

from config.domain.figure_names import named_period
from config.domain.indicators import Missing
from services.reports.printing import (
    CellState,
    PrintedTable,
    amount_text,
    figure_table,
    figure_text,
    period_text,
    printed,
    printed_table,
)
from services.reports.report import How, Row, Table, Words
from services.reports.wording import Language
from tests.services.reports.example_report import (
    COST,
    EMITTED,
    KEY_FIGURES,
    LESS,
    PREVIEW,
    PUBLISHED,
    REISSUED,
    REPORT,
    USE,
    USE_BEFORE,
    ZONE,
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def rows(table: PrintedTable) -> dict[str, list[str]]:
    return {row.text: [plain(cell.text) for cell in row.cells] for row in table.rows}


def tables(language: Language) -> dict[str, PrintedTable]:
    return {table.key: table for table in printed(PUBLISHED, language).tables()}


def test_sentences_have_the_digits_of_the_table() -> None:
    """The same figure twice on a page must not look like two."""
    swedish, english = printed(PUBLISHED, "sv"), printed(PUBLISHED, "en")

    said = "Björkskolan använde ungefär 62 970 kWh i oktober 2026, 12 % mindre än i oktober 2025."
    assert plain(swedish.sentences[0]) == said
    assert plain(english.sentences[0]) == "Björkskolan used about 62,970 kWh in October 2026, 12 % less than in October 2025."
    assert plain(swedish.sentences[1]) == "Det kostade 84 312 kr utan moms."


def test_what_is_not_wholly_measured_is_marked() -> None:
    """The mark is what a reader sees of the coverage."""
    assert rows(tables("sv")["key_figures"])["Energianvändning, kWh"] == ["≈ 62 970", "71 558", "≈ −12"]
    assert rows(tables("en")["key_figures"])["Energy use, kWh"] == ["≈ 62,970", "71,558", "≈ −12"]


def test_what_is_missing_says_why_under_the_table_and_is_never_nought() -> None:
    """Nought is a good month; missing is a task for somebody."""
    table = tables("sv")["key_figures"]

    assert rows(table)["Utsläpp, platsbaserat, kg CO₂e"] == ["saknas (a)", "1 904", "saknas (a)"]
    assert [letter for letter, _ in table.reasons] == ["a"]
    assert table.reasons[0][1].startswith("Utsläppsfaktorn för fjärrvärme 2026 är inte införd")
    missing = [cell for row in table.rows for cell in row.cells if cell.state is CellState.MISSING]
    assert [cell.value for cell in missing] == [None, None]


def test_the_twenty_seventh_reason_has_a_letter_of_its_own() -> None:
    """Many buildings lack many things; no two reasons share a letter."""
    figures = [replace(USE, value=Missing(f"Orsak {n}", f"Reason {n}")) for n in range(28)]
    many = Table(
        "many",
        KEY_FIGURES.caption,
        KEY_FIGURES.corner,
        KEY_FIGURES.columns[:1],
        tuple(Row(f"{n}", Words("Rad", "Row"), (each,), "kWh") for n, each in enumerate(figures)),
    )

    assert [letter for letter, _ in printed_table(many, "sv", ZONE).reasons][-3:] == ["z", "aa", "ab"]


def test_a_peak_tells_its_instant_by_the_clock_of_the_municipality() -> None:
    """25 October 2026, 01:00 UTC: the clock has just been put back."""
    assert rows(tables("sv")["key_figures"])["Effekttopp, kW"][0] == "≈ 187 (2026-10-25 02:00)"


@pytest.mark.parametrize(
    ("name", "swedish", "english"),
    [
        ("2026-10", "oktober 2026", "October 2026"),
        ("2026", "2026", "2026"),
        ("2026-08-ytd", "januari–augusti 2026", "January–August 2026"),
        ("2026-01-ytd", "januari 2026", "January 2026"),
        ("2026-10-r12", "november 2025–oktober 2026", "November 2025–October 2026"),
        ("2026-12-r12", "januari–december 2026", "January–December 2026"),
        ("2026-03-29", "2026-03-29", "2026-03-29"),
    ],
)
def test_periods_are_told_as_people_say_them(name: str, swedish: str, english: str) -> None:
    """25 October 2026, 01:00 UTC: the clock has just been put back."""
    period = named_period(name, ZONE)

    assert plain(period_text(period, "sv")) == swedish
    assert plain(period_text(period, "en")) == english


@pytest.mark.parametrize(
    ("value", "unit", "swedish", "english"),
    [
        (1_234_567.89, "kWh", "1 234 568 kWh", "1,234,568 kWh"),
        (12.34, "kWh/m2", "12,3 kWh/m²", "12.3 kWh/m²"),
        (0.1234, "kr/kWh", "0,123 kr/kWh", "0.123 kr/kWh"),
        (-0.04, "%", "0 %", "0 %"),
        (-0.4, "%", "−0,4 %", "−0.4 %"),
        (99.97, "%", "99,9 %", "99.9 %"),
        (100.0, "%", "100 %", "100 %"),
        (99.2, "%", "99,2 %", "99.2 %"),
        (0.995, "1", "99 %", "99 %"),
        (0.0, "kr", "0 kr", "0 kr"),
        (7.0, "", "7", "7"),
    ],
)
def test_amounts_as_swedes_and_others_write_them(value: float, unit: str, swedish: str, english: str) -> None:
    """A reader must not have to decode 2026-08-ytd."""
    figure = replace(USE_BEFORE, value=value, unit=unit)

    assert plain(amount_text(figure, "sv")) == swedish
    assert plain(amount_text(figure, "en")) == english


def test_a_size_has_no_sign_and_a_missing_amount_no_unit() -> None:
    """Decimal comma, thousands, the true minus; a share that lacks a little is not all of it."""
    assert plain(amount_text(LESS, "sv", How.SIZE)) == "12 %"
    assert amount_text(EMITTED, "sv") == "saknas"
    assert figure_text(EMITTED, "en") == "missing"


def test_a_first_edition_has_no_list_of_changes_and_a_second_has() -> None:
    """ "12 % mindre", never "−12 % mindre"."""
    assert printed(PUBLISHED, "sv").changes is None
    changes = printed(REISSUED, "sv").changes

    assert changes is not None
    assert rows(changes) == {
        "Nyckeltal: Energianvändning, oktober 2026, kWh": ["≈ 61 000", "≈ 62 970", "Avläsningar kom in i efterhand."]
    }


def test_a_preview_says_so() -> None:
    """A re-issue that does not say what changed is read as the same report."""
    assert printed(PREVIEW, "sv").name == "Förhandsvisning"
    assert ("Report", "Preview, not published") in printed(PREVIEW, "en").facts
    assert "Published" not in dict(printed(PREVIEW, "en").facts)


def test_marks_are_explained_where_they_stand() -> None:
    """It must not be taken for a report that somebody stands by."""
    whole = replace(REPORT, sentences=(), sections=(REPORT.sections[3],))

    assert len(printed(PUBLISHED, "sv").legend) == 2
    assert printed(replace(PUBLISHED, report=whole), "sv").legend == ()


def test_an_empty_section_says_what_it_would_have() -> None:
    """A legend of marks that are not there is noise."""
    assert printed(PUBLISHED, "sv").sections[3].empty == "Inget har ändrats sedan förra rapporten."
    assert printed(PUBLISHED, "sv").sections[0].empty == ""


def test_all_figures_stand_once_with_what_must_be_known_of_them() -> None:
    """A heading with nothing under it looks like a fault."""
    whole = printed(PUBLISHED, "sv")
    table = figure_table(whole)

    assert len(table.rows) == len(list(REPORT.figures()))
    heads = [head.key for head in table.heads]
    found = {row.key: dict(zip(heads, row.cells, strict=True)) for row in table.rows}
    use = found["key_figures/use/now"]
    assert use["value"].value == USE.known
    assert use["coverage"].value == pytest.approx(93.0)
    assert use["margin"].value == USE.margin
    assert use["unit"].text == "kWh"
    assert use["clock"].text == ZONE
    assert use["method"].text == "energy 1.2"
    assert use["factors"].text == "el-2026-plats 2026-03-01; fjarrvarme-borlange-2025 2026-02-10"
    assert use["name"].text == USE.name
    emitted = found["key_figures/emissions/now"]
    assert emitted["value"].text == "saknas"
    assert emitted["value"].value is None
    assert emitted["reason"].text.startswith("Utsläppsfaktorn")
    change = found["key_figures/cost/change"]
    assert change["name"].text == f"av {COST.name}, cost/building:bjorkskolan/2025-10"


def test_no_swedish_is_left_in_the_english_report() -> None:
    """Coverage, ±, method and factor versions of every figure, for who wants to check it."""
    whole = printed(REISSUED, "en")
    text = " ".join([*whole.sentences, *whole.notices, *whole.legend, *(f"{head} {told}" for head, told in whole.facts)])
    text += " ".join(f"{table.caption} {table.note}" for table in whole.tables())

    assert not re.search(r"[åäöÅÄÖ]", text.replace("Björkskolan", ""))
