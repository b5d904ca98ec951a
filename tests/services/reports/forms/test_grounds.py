"""What figures rest on, told once and shortly."""

from dataclasses import replace

from config.domain.indicators import Missing
from services.reports.forms.grounds import Grounds, GroundsRow, grounds
from services.reports.printing import printed
from services.reports.report import Column, Publication, ReportedFigure, Row, Section, Table, Words
from tests.services.reports.example_report import REPORT, USE


def grounds_of(*rows: tuple[ReportedFigure, ...]) -> Grounds:
    columns = tuple(Column(key, Words(key, key), "kWh") for key in ("now", "before", "coverage")[: len(rows[0])])
    table = Table(
        "use", Words("Användning", "Use"), Words("Hus", "House"), columns,
        tuple(Row(f"{place}", Words(f"hus {place}", f"house {place}"), cells) for place, cells in enumerate(rows)),
    )  # fmt: skip
    report = replace(REPORT, sentences=(), sections=(Section("use", Words("A", "A"), tables=(table,)),))
    return grounds(printed(Publication(report), "sv"))


def test_rows_that_rest_on_the_same_are_one_line() -> None:
    """Else the appendix would be as long as the report."""
    whole, half = replace(USE, coverage=1.0), replace(USE, coverage=0.5)

    found = grounds_of((whole, whole), (whole, whole), (whole, whole), (whole, half))

    assert found.tables[0].rows == (
        GroundsRow("hus 0\u00a0– hus 2", "100", "1\u00a0210", "1"),
        GroundsRow("hus 3", "100 / 50", "1\u00a0210", "1"),
    )


def test_a_factor_is_told_once_however_many_methods_use_it() -> None:
    """A factor's version often begins with its name; it is not said twice."""
    other = replace(USE, method="cost 1.0", factors={"el": "el 2026", "fv": "2025"})

    found = grounds_of((replace(USE, factors={"el": "el 2026"}), other))

    assert found.factors == {"el 2026": "A", "fv 2025": "B"}
    assert found.methods == {"energy 1.2: A": "1", "cost 1.0: A, B": "2"}


def test_a_margin_has_no_more_decimals_than_its_figure() -> None:
    """0,001 beside 62 970 would look like a measurement; a missing figure has no margin at all."""
    tiny, small = replace(USE, margin=0.001), replace(USE, value=12.3, margin=0.26)
    none, missing = replace(USE, margin=0.0), replace(USE, value=Missing("a", "a"))

    found = grounds_of((tiny, small), (none, missing))

    assert [row.margin for row in found.tables[0].rows] == ["0 / 0,3", "–"]


def test_how_much_is_measured_is_not_said_of_itself() -> None:
    """A column of coverage would add "100" and a method to every line."""
    found = grounds_of((USE, USE, replace(USE, method="report 1.0")))

    assert found.tables[0].rows == (GroundsRow("hus 0", "93", "1\u00a0210", "1"),)
