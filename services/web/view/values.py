"""What a panel shows, as plain values: figures, tables, and what is drawn. Texts are in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

SENTENCE = 40  # characters: a text longer than that is one
MOST_ROWS = 300  # of a table in a page: nobody reads more, and a phone has to hold it

Key = tuple[str, ...]
Trace = tuple[tuple[datetime, float], ...]  # oldest first


@dataclass(frozen=True, slots=True)
class Figure:
    """One large figure.

    Attributes:
        value: None where it is missing; `missing` says why.
        coverage: share that is measured, where the figure has one.
        note: what is odd about it, or what came before it.
        trace: its last hours or periods, oldest first.
        address: where it comes from; "" where there is no such page.
        row_address: where its row leads to.
    """

    name: str
    value: float | None
    text: str
    when: str
    coverage: float | None
    coverage_text: str
    missing: str
    note: str
    trace: Trace = ()
    estimated: bool = False
    warns: bool = False
    address: str = ""
    row_address: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column. `unit`: "text" of words."""

    label: str
    unit: str

    @property
    def is_text(self) -> bool:
        return self.unit in ("text", "name", "day", "ms")


@dataclass(frozen=True, slots=True)
class Cell:
    """
    Attributes:
        value: as the store gave it; instants and days as ISO 8601.
        state: "", estimated, missing, silent, waiting or ahead.
        margin: half width of the 90 % interval, where the figure has one.
        reason: what a missing value lacked.
    """

    value: float | str | None
    text: str
    state: str = ""
    note: str = ""
    address: str = ""
    coverage: float | None = None
    margin: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """`key`: what it is, for programs: an id, or an instant as ISO 8601."""

    key: str
    name: str
    cells: tuple[Cell, ...]
    detail: str = ""
    state: str = ""
    note: str = ""
    address: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why what is missing in it is so, each once; told below the row, since a cell is narrow and several lack the same."""
        return tuple(dict.fromkeys(cell.reason for cell in self.cells if cell.state == "missing" and cell.reason))


@dataclass(frozen=True, slots=True)
class Table:
    """
    Attributes:
        corner: what its rows are.
        cut: so many more rows there are that are not shown.
        beyond: so many more rows are shown where there is room for them, in files.
    """

    corner: str
    heads: tuple[Head, ...]
    rows: tuple[TableRow, ...]
    cut: int = 0
    beyond: int = 0

    @property
    def worded(self) -> frozenset[int]:
        """Places of the columns that hold sentences, which need more room than words."""
        columns = range(len(self.heads))
        return frozenset(
            place
            for place in columns
            if any(len(row.cells[place].text) > SENTENCE for row in self.rows if not row.cells[place].reason)
        )

    @property
    def upright(self) -> bool:
        """Whether it is read better with its columns below each other."""
        return len(self.rows) == 1 and len(self.heads) > 4

    @property
    def estimated(self) -> bool:
        """Whether any of it is not wholly measured."""
        return any(cell.state == "estimated" for row in self.rows for cell in row.cells)


@dataclass(frozen=True, slots=True)
class HourRow:
    """One hour of today and the same hour of the other day. `state`: measured, estimated, missing, waiting or ahead."""

    label: str
    value: float | None
    text: str
    coverage: float | None
    coverage_text: str
    state: str
    then: float | None
    then_text: str
    then_coverage: float | None
    then_estimated: bool


@dataclass(frozen=True, slots=True)
class HourBars:
    """The hours of a day beside those of another."""

    today: str
    then: str
    hours: tuple[HourRow, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One value in time, by the municipality's wall clock. None: a gap."""

    at: datetime
    label: str
    short: str
    value: float | None
    text: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line or row of bars. `place` decides its colour and dashes; `role`: "", comparison, path, forecast or edge."""

    name: str
    place: int
    role: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """`labels`: the periods in order, as short as they are below a bar."""

    drawn: tuple[Drawn, ...]
    labels: tuple[str, ...]
    stacked: bool


@dataclass(frozen=True, slots=True)
class HeatCell:
    on: date
    day: str
    hour: str
    value: float | None
    text: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class HeatMap:
    cells: tuple[HeatCell, ...]
    hours: tuple[str, ...]
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    across: float
    up: float
    expected: float | None
    day: str
    text: str
    last: bool
    estimated: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    dots: tuple[Dot, ...]
    across: str
    up: str
    expected: str
    last: str


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    latitude: float
    longitude: float
    size: float | None
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Places:
    places: tuple[Place, ...]
    size: str


Picture = HourBars | Lines | Columns | HeatMap | Scatter | Places


@dataclass(frozen=True, slots=True)
class Part:
    """One picture or table of a panel; a panel with a facet has one for each of its values.

    Attributes:
        key: for ids in the page.
        name: "" where the panel's title says it all.
        summary: a sentence that says what the figures mean, made from them.
        figures: large ones; then the table says the same.
        address: where its name leads to.
    """

    key: str
    name: str
    unit: str
    summary: str
    table: Table
    picture: Picture | None = None
    figures: tuple[Figure, ...] = ()
    address: str = ""

    @property
    def id(self) -> str:
        """Its key as an address in a page can hold it."""
        return "".join(each if (each.isascii() and each.isalnum()) or each in "-_" else "_" for each in self.key)


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel, ready to be shown. `empty` says why there are no parts, `trouble` that the store did not answer."""

    id: str
    kind: str
    title: str
    sentence: str
    source: str
    period: str
    unit: str
    coverage: str = ""
    trouble: str = ""
    empty: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width of a large screen: it needs that, or has a line to say, not a box to fill."""
        columns = max((len(part.table.heads) for part in self.parts if part.picture is None and not part.figures), default=0)
        return bool(self.empty) or columns > 3 or len(self.parts) > 1 or any(len(part.figures) > 2 for part in self.parts)


def spanning(panels: Sequence[PanelView]) -> frozenset[str]:
    """Ids of the panels that stand across the whole of a large screen.

    Besides those that need it, the last of an odd row of others: beside it there would be nothing.
    """
    across: list[str] = []
    beside = 0
    for place, panel in enumerate(panels):
        beside = 0 if panel.wide else beside + 1
        ends = place + 1 == len(panels) or panels[place + 1].wide
        if panel.wide or (ends and beside % 2):
            across.append(panel.id)
    return frozenset(across)
