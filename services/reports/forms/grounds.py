"""What every figure rests on, shortly enough to be printed: a line a row of a table, fewer where rows rest on the same.

A method is numbered, and a factor or a source lettered, once each; lines refer to the numbers, and methods to the letters.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from services.reports.printing import PrintedReport, PrintedTable
from services.reports.report import ReportedFigure
from services.reports.wording import DASH, NBSP, Language, number, share, unit_text

COVERAGE = "coverage"  # column of tables: how much is measured, which is measured by nothing itself


@dataclass(frozen=True, slots=True)
class GroundsRow:
    """`rows`: a row's label, or the first and the last of several. The rest: one text, or one a figure in the columns' order."""

    rows: str
    coverage: str
    margin: str
    methods: str


@dataclass(frozen=True, slots=True)
class GroundsTable:
    caption: str
    rows: tuple[GroundsRow, ...]


@dataclass(slots=True)
class Grounds:
    """
    Attributes:
        methods: method, with the letters of what it used → number.
        factors: factor with its version, or source → letter.
        tables: those that have figures, in the report's order.
    """

    methods: dict[str, str] = field(default_factory=dict)
    factors: dict[str, str] = field(default_factory=dict)
    tables: list[GroundsTable] = field(default_factory=list)


def grounds(report: PrintedReport) -> Grounds:
    found = Grounds()
    for table in report.tables():
        rows = tuple(_rows(table, found, report.language))
        if rows:
            found.tables.append(GroundsTable(table.caption, rows))
    return found


def _rows(table: PrintedTable, found: Grounds, language: Language) -> Iterator[GroundsRow]:
    told = []
    for row in table.rows:
        cells = zip(table.heads, row.cells, strict=True)
        figures = [cell.figure for head, cell in cells if cell.figure is not None and head.key != COVERAGE]
        if figures:
            coverage = _each(_coverage(each, language) for each in figures)
            margin = _each(_margin(each, language) for each in figures)
            methods = _each(_method(each, found, language) for each in figures)
            told.append((row.label, (coverage, margin, methods)))
    for rest, run in groupby(told, lambda item: item[1]):
        labels = [label for label, _ in run]
        joined = ", ".join(labels) if len(labels) < 3 else f"{labels[0]}{NBSP}{DASH} {labels[-1]}"
        yield GroundsRow(joined, *rest)


def _each(texts: Iterator[str]) -> str:
    every = list(texts)
    return every[0] if len(set(every)) == 1 else " / ".join(every)


def _coverage(figure: ReportedFigure, language: Language) -> str:
    return DASH if figure.coverage is None else share(figure.coverage, language).removesuffix(f"{NBSP}%")


def _margin(figure: ReportedFigure, language: Language) -> str:
    """With no more decimals than a figure of its size has: what its digits do not show is 0."""
    if figure.known is None or figure.margin <= 0:
        return DASH
    size = abs(figure.known)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    return number(figure.margin, language, decimals) if round(figure.margin, decimals) else "0"


def _method(figure: ReportedFigure, found: Grounds, language: Language) -> str:
    used = [version if version.startswith(name) else f"{name} {version}" for name, version in sorted(figure.factors.items())]
    used += [figure.source.said(language)] if figure.source else []
    letters = [found.factors.setdefault(unit_text(each), _letter(len(found.factors))) for each in used]
    method = f"{figure.method}: {', '.join(letters)}" if letters else figure.method
    return found.methods.setdefault(method, f"{len(found.methods) + 1}")


def _letter(place: int) -> str:
    """A … Z, AA, AB …"""
    rest, last = divmod(place, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)
