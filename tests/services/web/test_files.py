"""Panels as CSV files."""

import csv
from io import StringIO

import pytest

from services.web.files import panel_csv
from services.web.view.values import Cell, Head, PanelView, Part, Table, TableRow


def rows_of(*parts: Part) -> list[list[str]]:
    text = panel_csv(PanelView("p", "table", "t", "s", "k", "idag", "kWh", parts=parts), "sv")
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:])))


def part(name: str, *rows: TableRow) -> Part:
    return Part("k", name, "kWh", "", Table("byggnad", (Head("energi", "kWh"),), rows))


def test_numbers_are_those_of_the_store() -> None:
    """Not rounded as on the page; what is missing is empty, with its state and reason."""
    known = TableRow("a", "Skolan", (Cell(1_234.5678, "1 235 kWh", "estimated", coverage=0.784, margin=12.5),))
    missing = TableRow("b", "Hallen", (Cell(None, "saknas: Tyst.", "missing", reason="Tyst."),))

    assert rows_of(part("", known, missing)) == [
        ["id", "byggnad", "energi [kWh]", "energi: ±", "energi: täckning", "energi: läge", "energi: orsak"],
        ["a", "Skolan", "1234.5678", "12.5", "0.784", "estimated", ""],
        ["b", "Hallen", "", "", "", "missing", "Tyst."],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+46", "-cmd", "@SUM(A1)", "\tx", "\rx"])
def test_words_are_no_formulas(name: str) -> None:
    """A device's name comes from outside; a negative number stays a number."""
    row = TableRow(name, name, (Cell(-3.5, "−3,5"),))

    [_, written] = rows_of(part("", row))
    assert written[0].startswith("'")
    assert written[1].startswith("'")
    assert written[2] == "-3.5"


def test_several_pictures_are_told_apart() -> None:
    """By a column of their own, under one head."""
    row = TableRow("a", "Skolan", (Cell(1.0, "1"),))

    assert rows_of(part("El", row), part("Värme", row)) == [
        ["del", "id", "byggnad", "energi [kWh]"],
        ["El", "a", "Skolan", "1.0"],
        ["Värme", "a", "Skolan", "1.0"],
    ]
