"""What every figure rests on, shortly enough to be printed: a line a row of a table, fewer where rows rest on the same.

The methods, with the factor versions that they used and the sources that they quote, are numbered once and referred to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from services.reports.printing import PrintedReport, PrintedTable
from services.reports.report import ReportedFigure
from services.reports.wording import DASH, NBSP, Language, number, share


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
        methods: number → method, factors with their versions, source.
        tables: those that have figures, in the report's order.
    """

    methods: dict[str, str] = field(default_factory=dict)
    tables: list[GroundsTable] = field(default_factory=list)


def grounds(report: PrintedReport) -> Grounds:
    found = Grounds()
    numbers: dict[str, str] = {}
    for table in report.tables():
        rows = tuple(_rows(table, numbers, report.language))
        if rows:
            found.tables.append(GroundsTable(table.caption, rows))
    found.methods = {place: text for text, place in numbers.items()}
    return found


def _rows(table: PrintedTable, numbers: dict[str, str], language: Language) -> Iterator[GroundsRow]:
    told = []
    for row in table.rows:
        figures = [cell.figure for cell in row.cells if cell.figure is not None]
        if figures:
            coverage = _each(_coverage(each, language) for each in figures)
            margin = _each(_margin(each, language) for each in figures)
            methods = _each(numbers.setdefault(_method(each, language), f"{len(numbers) + 1}") for each in figures)
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
    return number(figure.margin, language) if figure.known is not None and figure.margin > 0 else DASH


def _method(figure: ReportedFigure, language: Language) -> str:
    factors = [f"{name} {version}" for name, version in sorted(figure.factors.items())]
    source = [figure.source.said(language)] if figure.source else []
    return "; ".join([figure.method, *factors, *source])
