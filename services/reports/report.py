"""A report as a value: everything that it says, in both languages, before anybody has given it a form.

Whoever makes a report looks figures up and says what they mean; whoever renders one adds no figure, no word and no order of its
own (`services.reports.printing` resolves the language, `services.reports.forms` the form). A figure in a sentence is one that a
table of the same report has: the report refuses to be made otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from math import isfinite

from config.domain.indicators import Missing, Subject
from config.domain.periods import Period
from services.reports.wording import Language, pick


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages."""

    sv: str
    en: str

    def said(self, language: Language) -> str:
        return pick(language, self.sv, self.en)


NO_WORDS = Words("", "")


class ReportKind(StrEnum):
    """The closed list."""

    MONTHLY = "monthly"
    TREND = "trend"
    SHEET = "sheet"  # of a building, one page, to pin up
    OWNER = "owner"  # an owner's summary of a month


REPORT_NAMES: Mapping[ReportKind, Words] = {
    ReportKind.MONTHLY: Words("Månadsrapport", "Monthly report"),
    ReportKind.TREND: Words("Trendrapport", "Trend report"),
    ReportKind.SHEET: Words("Byggnadsblad", "Building sheet"),
    ReportKind.OWNER: Words("Ägarsammanfattning", "Owner's summary"),
}


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """One figure, with all that must be known of it.

    Attributes:
        value: in `unit`, or what it lacked.
        period: what it is of; its zone is the clock.
        coverage: share of the period that is measured [0..1]; None where nothing of it is measured by us (a reported goal value).
        method: name and version of the calculation.
        factors: factor name → version used.
        margin: half width of the 90 % interval, in `unit`.
        name: the published figure's name (`config.domain.figure_names`); "" where the report made it of others.
        made_of: names of the published figures that it was made of, where it has no name of its own.
        at: the instant of a peak.
        source: who says so and when, where it is from outside our metering.

    Raises:
        ValueError: a number that is none (infinite, NaN): what is not known is Missing.
    """

    value: float | Missing
    unit: str
    period: Period
    coverage: float | None
    method: str
    factors: Mapping[str, str] = field(default_factory=dict)
    margin: float = 0.0
    name: str = ""
    made_of: tuple[str, ...] = ()
    at: datetime | None = None
    source: Words | None = None

    def __post_init__(self) -> None:
        numbers = (self.known, self.coverage, self.margin)
        if not all(isfinite(each) for each in numbers if each is not None):
            raise ValueError(f"{self.name or self.method}: {numbers} are not all numbers")

    @property
    def known(self) -> float | None:
        return None if isinstance(self.value, Missing) else self.value

    @property
    def estimated(self) -> bool:
        """Whether it is known, and not wholly measured: "ungefär"."""
        return self.known is not None and self.coverage is not None and self.coverage < 1


class How(StrEnum):
    """How a figure stands in a sentence."""

    AMOUNT = "amount"  # as in the table, with its unit
    SIZE = "size"  # without its sign: "12 % mindre"


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in a sentence; printed with the digits that it has in the table."""

    figure: ReportedFigure
    how: How = How.AMOUNT


Parts = tuple[str | Said, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and figures in turn, the same figures in both languages.

    Attributes:
        rule: the rule that made it, for tests and for who wonders.
    """

    rule: str
    sv: Parts
    en: Parts

    def parts(self, language: Language) -> Parts:
        return self.sv if language == "sv" else self.en

    @property
    def figures(self) -> tuple[ReportedFigure, ...]:
        return tuple(part.figure for part in (*self.sv, *self.en) if isinstance(part, Said))


Cell = ReportedFigure | Words | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """`unit`: of every figure below it; "" where the rows say theirs, or there are words."""

    key: str
    label: Words
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`unit`: of the figures whose column says none. `strong`: a sum of the others."""

    key: str
    label: Words
    cells: tuple[Cell, ...]
    unit: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """
    Attributes:
        key: unique in the report.
        corner: what its rows are.
        note: stands below it.

    Raises:
        ValueError: a row has not one cell a column, or a figure has another unit than its heading says.
    """

    key: str
    caption: Words
    corner: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Words = NO_WORDS

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{self.key}/{row.key}: {len(row.cells)} cells for {len(self.columns)} columns")
            for column, cell in zip(self.columns, row.cells, strict=True):
                if isinstance(cell, ReportedFigure) and cell.unit != (column.unit or row.unit):
                    said = column.unit or row.unit
                    raise ValueError(f"{self.key}/{row.key}/{column.key}: in {cell.unit!r} where the heading says {said!r}")

    def figures(self) -> Iterator[tuple[str, ReportedFigure]]:
        """Address (table/row/column) and figure."""
        for row in self.rows:
            for column, cell in zip(self.columns, row.cells, strict=True):
                if isinstance(cell, ReportedFigure):
                    yield f"{self.key}/{row.key}/{column.key}", cell


class ChartKind(StrEnum):
    COLUMNS = "columns"
    STACKED = "stacked"
    LINES = "lines"


class ChartRole(StrEnum):
    """What a series is, beside its colour. LOW and HIGH are the edges of one shaded band."""

    MEASURED = "measured"
    COMPARISON = "comparison"
    PATH = "path"
    FORECAST = "forecast"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """`values`: one a label of the chart; None where the series has nothing there."""

    key: str
    name: Words
    values: tuple[ReportedFigure | None, ...]
    role: ChartRole = ChartRole.MEASURED


@dataclass(frozen=True, slots=True)
class Chart:
    """
    Attributes:
        alt: what the picture shows, said to who does not see it: its point, not its axes.
        corner: what the labels are.
        labels: along the axis, in order.

    Raises:
        ValueError: a series has not one value a label, or another unit.
    """

    key: str
    kind: ChartKind
    title: Words
    alt: Words
    unit: str
    corner: Words
    labels: tuple[Words, ...]
    series: tuple[ChartSeries, ...]

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.labels):
                raise ValueError(f"{self.key}/{series.key}: {len(series.values)} values for {len(self.labels)} labels")
            odd = next((each.unit for each in series.values if each is not None and each.unit != self.unit), None)
            if odd is not None:
                raise ValueError(f"{self.key}/{series.key}: in {odd!r} where the axis says {self.unit!r}")

    def twin(self) -> Table:
        """The same as a table."""
        columns = tuple(Column(series.key, series.name, self.unit) for series in self.series)
        rows = tuple(
            Row(f"{place}", label, tuple(series.values[place] for series in self.series))
            for place, label in enumerate(self.labels)
        )
        return Table(self.key, self.title, self.corner, columns, rows)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: sentences, then charts, then tables. `empty`: said where there is nothing of it."""

    key: str
    title: Words
    sentences: tuple[Sentence, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    empty: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Report:
    """
    Attributes:
        subject_name: as people call it.
        variant: "" or what the period is to who asked for it ("Delårsbokslut").
        known: figures are as they were known at this instant; the report's only clock.
        zone: of the municipality; instants are told in it.
        notices: what must be read before anything else: too little data, invented values.
        sentences: the first page: what happened, what it cost, what to do.
        program: the version that made it.

    Raises:
        ValueError: two tables have one key, or a sentence has a figure that no table has.
    """

    kind: ReportKind
    subject: Subject
    subject_name: Words
    period: Period
    title: Words
    known: datetime
    zone: str
    program: str
    sentences: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    notices: tuple[Words, ...] = ()
    variant: Words = NO_WORDS

    def __post_init__(self) -> None:
        keys = [table.key for table in self.tables()]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise ValueError(f"two tables are called {', '.join(sorted(twice))}")
        shown = [figure for _, figure in self.figures()]
        for sentence in self.all_sentences():
            for figure in sentence.figures:
                if figure not in shown:
                    what = figure.name or ", ".join(figure.made_of) or figure.method
                    raise ValueError(f"sentence {sentence.rule}: its figure ({what}) stands in no table of the report")

    def all_sentences(self) -> Iterator[Sentence]:
        yield from self.sentences
        for section in self.sections:
            yield from section.sentences

    def tables(self) -> Iterator[Table]:
        """Every table, charts' twins too, in the order of the report."""
        for section in self.sections:
            yield from (chart.twin() for chart in section.charts)
            yield from section.tables

    def figures(self) -> Iterator[tuple[str, ReportedFigure]]:
        """Address (table/row/column) and figure, in the order of the report."""
        for table in self.tables():
            yield from table.figures()


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is another than in the edition before.

    Attributes:
        address: table/row/column.
        what: its table, row and column in words.
        old, new: None where that edition had no such figure.
        cause: why, where a restatement says so.
    """

    address: str
    what: Words
    old: ReportedFigure | None
    new: ReportedFigure | None
    cause: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Publication:
    """A report as it goes out.

    Attributes:
        number: permanent, of all its editions; "" of a preview.
        edition: 1, 2 …
        published: None of a preview.
        changes: since the edition before.
    """

    report: Report
    number: str = ""
    edition: int = 1
    published: datetime | None = None
    changes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """ER-2026-0017, ER-2026-0017-2 of the second edition; "" of a preview."""
        return self.number if self.edition == 1 or not self.number else f"{self.number}-{self.edition}"
