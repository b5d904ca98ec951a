"""A report refuses to say what it does not show."""

from dataclasses import replace

import pytest

from config.errors import ReportError
from services.reports.report import Column, How, ReportedFigure, Row, Said, Section, Sentence, Table, Words
from services.reports.report_json import publication_json, publication_of
from tests.services.reports.example_report import (
    CHART,
    KEY_FIGURES,
    LESS,
    PREVIEW,
    PUBLISHED,
    REISSUED,
    REPORT,
    USE,
    USE_BEFORE,
)

NAME = Words("Siffra", "Figure")


def test_a_sentence_may_only_have_figures_of_a_table() -> None:
    """A number that nobody can look up in the same report is not said."""
    elsewhere = replace(USE, name="energy_total/building:annan/2026-10")
    sentence = Sentence("use", ("Det blev ", Said(elsewhere), "."), ("It came to ", Said(elsewhere), "."))

    with pytest.raises(ValueError, match=r"sentence use: its figure .*annan.* stands in no table"):
        replace(REPORT, sentences=(sentence,))


def test_a_sentence_inside_a_section_is_held_to_the_same() -> None:
    """What stands further back is read by fewer, not believed less."""
    sentence = Sentence("odd", (Said(replace(USE, margin=1.0)),), ())

    with pytest.raises(ValueError, match="sentence odd"):
        replace(REPORT, sections=(*REPORT.sections, Section("odd", NAME, sentences=(sentence,))))


def test_a_chart_counts_as_the_table_beside_it() -> None:
    """Its twin is printed, so its numbers can be looked up."""
    january = CHART.series[0].values[2]
    assert january is not None
    said = Sentence("january", ("Mest i januari: ", Said(january)), ("Most in January: ", Said(january)))

    assert replace(REPORT, sentences=(said,)).sentences == (said,)


def test_two_tables_have_not_one_name() -> None:
    """Addresses lead to one figure each: changes are told by them."""
    with pytest.raises(ValueError, match="two tables are called key_figures"):
        replace(REPORT, sections=(*REPORT.sections, Section("again", NAME, tables=(KEY_FIGURES,))))


@pytest.mark.parametrize(
    ("columns", "row", "told"),
    [
        ((Column("a", NAME),), Row("r", NAME, (USE, USE), "kWh"), "2 cells for 1 columns"),
        ((Column("a", NAME, "kr"),), Row("r", NAME, (USE,), "kWh"), "in 'kWh' where the heading says 'kr'"),
        ((Column("a", NAME),), Row("r", NAME, (USE,)), "in 'kWh' where the heading says ''"),
    ],
    ids=["cells", "unit of column", "no unit"],
)
def test_a_figure_stands_under_its_own_unit(columns: tuple[Column, ...], row: Row, told: str) -> None:
    """A number under another unit's heading is a false number."""
    with pytest.raises(ValueError, match=told):
        Table("t", NAME, NAME, columns, (row,))


def test_a_chart_has_one_value_a_label_in_its_unit() -> None:
    """A value too few would move every other to the wrong month."""
    series = CHART.series[0]

    with pytest.raises(ValueError, match="11 values for 12 labels"):
        replace(CHART, series=(replace(series, values=series.values[1:]),))
    with pytest.raises(ValueError, match="in '%' where the axis says 'kWh'"):
        replace(CHART, series=(replace(series, values=(LESS, *series.values[1:])),))


def test_a_figure_is_estimated_when_it_is_known_and_not_all_of_it_is_measured() -> None:
    """ "Ungefär" is said of those, and of no others."""
    assert USE.estimated
    assert not USE_BEFORE.estimated
    assert not replace(USE, coverage=None).estimated
    assert not ReportedFigure(REPORT_MISSING, "kWh", USE.period, 0.2, "m").estimated


REPORT_MISSING = next(figure.value for _, figure in REPORT.figures() if figure.known is None)


@pytest.mark.parametrize("publication", [PREVIEW, PUBLISHED, REISSUED], ids=["preview", "first", "second"])
def test_a_report_comes_back_from_json_as_it_was(publication: object) -> None:
    """Also figures that are missing, days, changes and the least significant digit."""
    assert isinstance(publication, type(PREVIEW))
    data = publication_json(publication)

    assert publication_of(data) == publication
    assert publication_json(publication_of(data)) == data


def test_what_is_no_report_is_refused() -> None:
    """A file that somebody edited must not become a report with holes."""
    with pytest.raises(ReportError, match="not a report of this version"):
        publication_of(b'{"report": {}}')


def test_editions_after_the_first_say_so_in_their_name() -> None:
    """Two people with two editions see by the number that they are not the same."""
    assert PREVIEW.name == ""
    assert PUBLISHED.name == "ER-2026-0017"
    assert REISSUED.name == "ER-2026-0017-2"


def test_both_languages_of_a_sentence_are_looked_at() -> None:
    """An error in English would be read by fewer, and stay longer."""
    odd = replace(LESS, value=-13.0)
    sentence = Sentence("use", (Said(LESS, How.SIZE),), (Said(odd, How.SIZE),))

    with pytest.raises(ValueError, match="stands in no table"):
        replace(REPORT, sentences=(sentence,))
