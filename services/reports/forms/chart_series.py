"""What the series of a chart look like: which are bars and which are lines, in which colour, dash and shape.

A series is known by its dash, shape or outline as well as by its colour, and neighbours in the palette differ in lightness: a
copy in grey says the same.
"""

from collections.abc import Iterator, Mapping, Sequence

from services.reports.printing import CellState, PrintedChart, PrintedSeries
from services.reports.report import ChartKind, ChartRole

INK, QUIET, GRID, PAPER = "#17212b", "#4e5c6a", "#dde3e8", "#ffffff"
WARN, TINT = "#9a3412", "#e3e9ee"
COLOURS = ("#0b5cad", "#c96a0a", "#17734a", "#9868cf", "#7a1037", "#1f8f9c", "#54329c", "#a17c0d")
# Each colour that is drawn, and what it is on a dark page. Light ones are at least 3:1 against white, dark ones against #1a232c.
ON_DARK: Mapping[str, str] = {
    INK: "#eef2f6", QUIET: "#a9b7c4", GRID: "#2c3843", PAPER: "#1a232c", WARN: "#ffb08a", TINT: "#33414e",
    "#0b5cad": "#5aa5f0", "#c96a0a": "#ffb15e", "#17734a": "#5cc98a", "#9868cf": "#d5b0f7",
    "#7a1037": "#f58aa8", "#1f8f9c": "#7fe0e4", "#54329c": "#b9a3f5", "#a17c0d": "#d6c24a",
}  # fmt: skip
SHAPES = ("circle", "square", "triangle-up", "diamond")
DASHES: Mapping[ChartRole, Sequence[Sequence[int]]] = {  # of the first, the second … series of a role
    ChartRole.PATH: ((7, 4), (12, 3, 2, 3), (2, 2)),
    ChartRole.FORECAST: ((2, 3), (1, 4), (4, 2, 1, 2)),
}
EDGES = (ChartRole.LOW, ChartRole.HIGH)


def bar_series(chart: PrintedChart) -> tuple[PrintedSeries, ...]:
    """The series that are bars: in a chart of columns all but a path and a band, which are drawn over them."""
    if chart.kind is ChartKind.LINES:
        return ()
    return tuple(each for each in chart.series if each.role not in (ChartRole.PATH, *EDGES))


def slots_of(chart: PrintedChart) -> dict[str, str]:
    """Of each bar's series the key of the one whose place it takes: a forecast stands where the measured bars that it carries on
    have none."""
    bars = bar_series(chart)
    slots = {}
    for each in bars:
        carried = colour_of(each, chart) if each.role is ChartRole.FORECAST else ""
        measured = [other for other in bars if other.role is ChartRole.MEASURED and colour_of(other, chart) == carried]
        free = [other for other in measured if not any(_both(pair) for pair in zip(other.values, each.values, strict=True))]
        slots[each.key] = free[0].key if free else each.key
    return slots


def _both(pair: tuple[float | None, float | None]) -> bool:
    return None not in pair


def line_series(chart: PrintedChart) -> tuple[PrintedSeries, ...]:
    """The series that are lines."""
    return tuple(each for each in chart.series if each not in bar_series(chart) and each.role not in EDGES)


def band(chart: PrintedChart) -> tuple[PrintedSeries, PrintedSeries] | None:
    """The two edges of the shaded band."""
    low, high = (next((each for each in chart.series if each.role is role), None) for role in EDGES)
    return (low, high) if low is not None and high is not None else None


def colour_of(series: PrintedSeries, chart: PrintedChart) -> str:
    """Measured series in turn; a forecast has the colour of what it carries on."""
    if series.role is ChartRole.COMPARISON:
        return QUIET
    if series.role is ChartRole.PATH:
        return INK
    return COLOURS[turn(series, chart) % len(COLOURS)]


def dash_of(series: PrintedSeries, chart: PrintedChart) -> list[int]:
    """[] of a whole line."""
    dashes = DASHES.get(series.role)
    return list(dashes[turn(series, chart) % len(dashes)]) if dashes else []


def turn(series: PrintedSeries, chart: PrintedChart) -> int:
    """Which of its role it is, from 0."""
    return [each for each in chart.series if each.role is series.role].index(series)


def shape_of(series: PrintedSeries, chart: PrintedChart) -> str:
    return SHAPES[line_series(chart).index(series) % len(SHAPES)]


def estimated(chart: PrintedChart) -> bool:
    """Whether anything drawn is known and not wholly measured."""
    return any(any(each.estimated) for each in chart.series)


def gaps(chart: PrintedChart) -> list[tuple[int, str]]:
    """Place and series of what is missing, as its table says; a later year that a measured line has not come to is no gap."""
    judged = [
        (column, each) for column, each in enumerate(chart.series) if each.role in (ChartRole.MEASURED, ChartRole.COMPARISON)
    ]
    return [
        (place, each.key)
        for place, row in enumerate(chart.twin.rows)
        for column, each in judged
        if row.cells[column].state is CellState.MISSING
    ]


def piles(chart: PrintedChart) -> Iterator[tuple[float, float]]:
    """Of each label what is piled below and above zero."""
    if chart.kind is ChartKind.STACKED:
        for place in range(len(chart.labels)):
            parts = [each.values[place] or 0.0 for each in bar_series(chart)]
            yield sum(part for part in parts if part < 0), sum(part for part in parts if part > 0)
