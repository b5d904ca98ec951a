"""A printed chart as a Vega-Lite specification: what is drawn where, in which colour, dash and shape.

Places along the axis are numbered, never times: a time axis would follow the zone of the process that draws. A series is known
by its dash, shape or outline as well as by its colour, and neighbours in the palette differ in lightness, so that a copy in grey
says the same. What is not wholly measured is hatched or hollow; what is missing is a gap with its word in it.
"""

import json
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.reports.printing import ABOUT, MISSING, CellState, PrintedChart, PrintedSeries
from services.reports.report import ChartKind, ChartRole
from services.reports.wording import Language

Spec = dict[str, Any]

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
TEXT = 13  # px
LETTER = 0.56 * TEXT  # width of a letter, with room for a reader's wider font
HEIGHT, ROW = 230, 16  # of the field; of a bar that lies down
LONG_NAME = 6  # letters: longer words are names, not times, and lie beside their bars where they find no room below
BROADEST = 110  # px from one bar to the next
UPRIGHT_WORD = 14  # px: a narrower gap has a cross in it, not a word
BAND_OPACITY = 0.16
STEPS = 5  # of the axis, at most
_MARGIN = 18  # px beside the numbers of the axis and the field
_APART = 8  # px between two labels
_POINT: Spec = {"type": "point", "size": 38, "strokeWidth": 1.6, "opacity": 1}
_A_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Plan:
    """What drawing and legend must agree on.

    Attributes:
        lying: bars from left to right.
        slot: width of a bar, or between two points. [px]
    """

    chart: PrintedChart
    language: Language
    width: int
    lying: bool
    slot: float

    @property
    def words_in_gaps(self) -> bool:
        return self.slot >= UPRIGHT_WORD

    def hatch(self, colour: str) -> str:
        """The pattern's id: two drawings may stand in one page."""
        key = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in self.chart.key)
        return f"hatch-{key}-{self.width}-{colour.removeprefix('#')}"


def plan_of(chart: PrintedChart, language: Language, width: int) -> Plan:
    """How the chart is laid out where it is `width` px wide."""
    count = max(1, len(chart.labels))
    across = _field(chart, width) / count
    longest = max((len(line) for label in chart.labels for line in _wrapped(label, across)), default=0)
    times = all(any(letter.isdigit() for letter in label) for label in chart.labels)
    lying = chart.kind is not ChartKind.LINES and not times and longest > LONG_NAME and longest * LETTER > across - _APART
    bars = len(set(_slots(chart).values())) if chart.kind is ChartKind.COLUMNS else 1
    slot = float(ROW) if lying else min(across, BROADEST) / (1.25 * max(1, bars) if chart.kind is not ChartKind.LINES else 1)
    return Plan(chart, language, width, lying, slot)


def bar_series(chart: PrintedChart) -> tuple[PrintedSeries, ...]:
    """The series that are bars: in a chart of columns all but a path and a band, which are drawn over them."""
    if chart.kind is ChartKind.LINES:
        return ()
    return tuple(each for each in chart.series if each.role not in (ChartRole.PATH, *EDGES))


def _slots(chart: PrintedChart) -> dict[str, str]:
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
    return COLOURS[_turn(series, chart) % len(COLOURS)]


def dash_of(series: PrintedSeries, chart: PrintedChart) -> list[int]:
    """[] of a whole line."""
    dashes = DASHES.get(series.role)
    return list(dashes[_turn(series, chart) % len(dashes)]) if dashes else []


def _turn(series: PrintedSeries, chart: PrintedChart) -> int:
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


def hatched_colours(plan: Plan) -> list[str]:
    """The colours that need a pattern, in order."""
    return list(dict.fromkeys(colour_of(each, plan.chart) for each in bar_series(plan.chart) if any(each.estimated)))


def chart_spec(plan: Plan) -> Spec:
    """The whole specification."""
    chart = plan.chart
    layers = [*_bar_layers(plan), *_band_layers(plan), *_line_layers(plan), *_gap_layers(plan)]
    bars = len(set(_slots(chart).values())) if chart.kind is ChartKind.COLUMNS else 1
    rows = max(1, len(chart.labels)) * (ROW * max(1, bars) + 12)
    return {
        "width": plan.width,
        "height": rows if plan.lying else HEIGHT,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 10, "top": 8, "bottom": 4},
        "layer": layers or [{"data": {"values": []}, "mark": "bar", "encoding": _places(plan, "value")}],
        "config": _CONFIG,
    }


_CONFIG: Spec = {
    "aria": False,
    "background": PAPER,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "gridColor": GRID,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "labelFontSize": TEXT,
        "labelLimit": 0,
        "labelPadding": 5,
    },
}


def _places(plan: Plan, up: str, series: bool = False) -> Spec:
    """Both axes; turned where the bars lie down."""
    chart = plan.chart
    labels, shown = _labels(plan)
    ticks, decimals = _ticks(chart)
    drawn = any(value is not None for each in chart.series for value in each.values)
    ends = "y" if plan.lying else "x"
    along: Spec = {
        "field": "place",
        "type": "ordinal",
        "scale": {"type": "band", "domain": list(range(len(chart.labels))), **_paddings(plan)},
        "axis": {
            "title": None,
            "grid": False,
            "ticks": False,
            "labelAngle": 0,
            "values": shown,
            "labelExpr": f"{json.dumps(labels)}[datum.value]",
            "domain": not plan.lying and ticks[0] >= 0,
        },
    }
    upward: Spec = {
        "field": up,
        "type": "quantitative",
        "scale": {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False},
        "axis": {
            "title": None,
            "values": ticks if drawn else [],
            "format": f",.{decimals}f",
            "domain": False,
            "ticks": False,
            "gridColor": {"condition": {"test": "datum.value === 0", "value": QUIET}, "value": GRID},
        },
    }
    places: Spec = {ends: along, "x" if plan.lying else "y": upward}
    if series and chart.kind is ChartKind.COLUMNS and len(set(_slots(chart).values())) > 1:
        keys = list(dict.fromkeys(_slots(chart).values()))
        places[f"{ends}Offset"] = {"field": "series", "type": "nominal", "scale": {"domain": keys}}
    return places


def _paddings(plan: Plan) -> Spec:
    """Between bars and at the ends of the axis: few bars do not become walls. [steps]"""
    count, field = len(plan.chart.labels), _field(plan.chart, plan.width)
    inner, outer = 0.2, 0.1
    if not plan.lying and plan.chart.kind is not ChartKind.LINES and 0 < count * BROADEST < field:
        outer = min(1.0, (field / BROADEST - count + inner) / 2)
        bar = BROADEST * (1 - inner)
        inner = max(inner, (field - bar * (count + 2 * outer)) / (field - bar))
    return {"paddingInner": inner, "paddingOuter": max(0.1, outer)}


def _ticks(chart: PrintedChart) -> tuple[list[float], int]:
    """Even numbers from below the least value to above the greatest, and their decimals.

    Columns stand on zero; where lines move little zero would hide how, otherwise it says how much.
    """
    values = [value for each in chart.series for value in each.values if value is not None]
    values += [total for pile in _piles(chart) for total in pile]
    low, high = min(values, default=0.0), max(values, default=0.0)
    if low == high == 0:
        return [0.0, 1.0], 0
    if chart.kind is not ChartKind.LINES or low < 0.6 * high or high - low < 0.02 * abs(high):
        low, high = min(low, 0.0), max(high, 0.0)
    power = 10.0 ** math.floor(math.log10((high - low) / STEPS))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power * STEPS >= (high - low) * (1 - _A_HAIR))
    first, last = math.floor(low / step + _A_HAIR), math.ceil(high / step - _A_HAIR)
    decimals = next(places for places in range(12) if places == 11 or abs(round(step, places) - step) < _A_HAIR * step)
    return [round(place * step, decimals) for place in range(first, last + 1)], decimals


def _field(chart: PrintedChart, width: int) -> float:
    """What the numbers of the axis leave of the width. [px]"""
    ticks, decimals = _ticks(chart)
    return width - _MARGIN - LETTER * max(len(f"{tick:,.{decimals}f}") for tick in ticks)


def _piles(chart: PrintedChart) -> Iterator[tuple[float, float]]:
    """Of each label what is piled below and above zero."""
    if chart.kind is ChartKind.STACKED:
        for place in range(len(chart.labels)):
            parts = [each.values[place] or 0.0 for each in bar_series(chart)]
            yield sum(part for part in parts if part < 0), sum(part for part in parts if part > 0)


def _labels(plan: Plan) -> tuple[list[list[str]], list[int]]:
    """Every label as lines, and the places of those that find room."""
    chart = plan.chart
    count = len(chart.labels)
    if plan.lying:
        return [textwrap.wrap(label, 26) or [""] for label in chart.labels], list(range(count))
    room = min(_field(chart, plan.width) / max(1, count), BROADEST if chart.kind is not ChartKind.LINES else math.inf)
    wrapped = [_wrapped(label, room) for label in chart.labels]
    longest = max((len(line) for label in wrapped for line in label), default=0) * LETTER
    every = max(1, math.ceil((longest + _APART) / room))
    return wrapped, list(range((count - 1) % every, count, every))  # the last has its label: it is the one that is told of


def _wrapped(label: str, room: float) -> list[str]:
    """On two lines where one is too narrow and the words allow it."""
    if len(label) * LETTER <= room - _APART or " " not in label.replace("\u00a0", " "):
        return [label]
    words = label.replace("\u00a0", " ").split(" ")
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min(cuts, key=lambda cut: max(map(len, cut))))


def _values(series: PrintedSeries) -> list[Spec]:
    """Gaps have a value of null, so that a line breaks there."""
    return [
        {"place": place, "value": value, "series": series.key, "estimated": known}
        for place, (value, known) in enumerate(zip(series.values, series.estimated, strict=True))
    ]


def _bar_layers(plan: Plan) -> Iterator[Spec]:
    chart = plan.chart
    values: list[Spec] = []
    slots = _slots(chart)
    for order, each in enumerate(bar_series(chart)):
        look = bar_look(plan, each)
        values += [
            {**item, **look, "series": slots[each.key], "fill": bar_fill(plan, each, item["estimated"]), "order": order}
            for item in _values(each)
            if item["value"] is not None
        ]
    if not values:
        return
    encoding = _places(plan, "value", series=True)
    encoding["x" if plan.lying else "y"]["stack"] = "zero" if chart.kind is ChartKind.STACKED else None
    encoding |= {
        "fill": {"field": "fill", "type": "nominal", "scale": None, "legend": None},
        "stroke": {"field": "stroke", "type": "nominal", "scale": None, "legend": None},
        "strokeDash": {"field": "dash", "type": "nominal", "scale": None, "legend": None},
        "order": {"field": "order", "type": "quantitative"},
    }
    yield {"data": {"values": values}, "mark": {"type": "bar", "strokeWidth": 1}, "encoding": encoding}
    marks = _marked(chart, values)
    if marks:
        move = {"dx": 8} if plan.lying else {"dy": -7}
        yield {
            "data": {"values": marks},
            "mark": {"type": "text", "text": ABOUT, "fontSize": TEXT, "color": INK, **move},
            "encoding": _places(plan, "value", series=True),
        }


def bar_look(plan: Plan, series: PrintedSeries) -> Spec:
    """Outline and dash of a bar."""
    stacked = plan.chart.kind is ChartKind.STACKED
    stroke = PAPER if stacked and series.role is ChartRole.MEASURED else colour_of(series, plan.chart)
    return {"stroke": stroke, "dash": dash_of(series, plan.chart)}


def bar_fill(plan: Plan, series: PrintedSeries, hatched: bool) -> str:
    if series.role is ChartRole.FORECAST:
        return PAPER
    if hatched:
        return f"url(#{plan.hatch(colour_of(series, plan.chart))})"
    if series.role is ChartRole.COMPARISON:
        return (TINT, PAPER)[_turn(series, plan.chart) % 2]
    return colour_of(series, plan.chart)


def _marked(chart: PrintedChart, values: Sequence[Spec]) -> list[Spec]:
    """Where a sign says that a bar, or a part of a pile, is not wholly measured: at its upper end."""
    if chart.kind is not ChartKind.STACKED:
        return [{**item, "value": max(0.0, item["value"])} for item in values if item["estimated"]]
    tops: dict[int, float] = {}
    for item in values:
        tops[item["place"]] = tops.get(item["place"], 0.0) + max(0.0, item["value"])
    lacking = {place for place, _ in gaps(chart)}  # the word stands there
    marked = {item["place"] for item in values if item["estimated"]} - lacking
    return [{"place": place, "value": tops[place]} for place in sorted(marked)]


def _line_layers(plan: Plan) -> Iterator[Spec]:
    chart = plan.chart
    measured = {
        place
        for each in chart.series
        for place, value in enumerate(each.values)
        if each.role is ChartRole.MEASURED and value is not None
    }
    for each in line_series(chart):
        colour = colour_of(each, chart)
        data: dict[str, list[Spec]] = {"values": _values(each)}
        thin = each.role is ChartRole.COMPARISON
        stroke = {"stroke": colour, "strokeWidth": 1.4 if thin else 2.2, "strokeDash": dash_of(each, chart)}
        if each.role is ChartRole.PATH and bar_series(chart):
            yield from _marks_across(plan, each, stroke)
            continue
        yield {
            "data": data,
            "mark": {"type": "line", "invalid": "break-paths-filter-domains", **stroke},
            "encoding": _places(plan, "value"),
        }
        if each.role is ChartRole.PATH and len([value for value in each.values if value is not None]) > 1:
            continue
        hidden = measured if each.role is ChartRole.FORECAST else set()  # a forecast begins where the measured line ends
        fill = {"condition": {"test": "datum.estimated", "value": PAPER}, "value": colour}
        yield {
            "data": {"values": [item for item in data["values"] if item["value"] is not None and item["place"] not in hidden]},
            "mark": {**_POINT, "shape": shape_of(each, chart), "stroke": colour},
            "encoding": {**_places(plan, "value"), "fill": fill},
        }


def _marks_across(plan: Plan, series: PrintedSeries, stroke: Spec) -> Iterator[Spec]:
    """What bars ought to reach: a mark across each, with paper around it; a line from bar to bar would hide their ends."""
    ends = "y" if plan.lying else "x"
    encoding = _places(plan, "value")
    encoding[ends] |= {"bandPosition": 0}
    encoding[f"{ends}2"] = {"field": "place", "bandPosition": 1}
    data = {"values": [item for item in _values(series) if item["value"] is not None]}
    for look in ({"stroke": PAPER, "strokeWidth": 5}, stroke):
        yield {"data": data, "mark": {"type": "rule", **look}, "encoding": encoding}


def _band_layers(plan: Plan) -> Iterator[Spec]:
    """One field between the edges; a place whose neighbours have no edges has a bar of its own."""
    edges = band(plan.chart)
    if edges is None:
        return
    both: list[Spec] = [
        {"place": place, "low": low, "high": high}
        for place, (low, high) in enumerate(zip(edges[0].values, edges[1].values, strict=True))
        if low is not None and high is not None
    ]
    have = {item["place"] for item in both}
    alone = [item for item in both if not {item["place"] - 1, item["place"] + 1} & have]
    field: Spec = {"fill": COLOURS[0], "fillOpacity": BAND_OPACITY}
    other = "x2" if plan.lying else "y2"
    encoding = {**_places(plan, "low"), other: {"field": "high"}}
    connected = [item for item in both if item not in alone]
    if connected:
        first, last = connected[0]["place"], connected[-1]["place"]
        known: dict[int, Spec] = {item["place"]: item for item in connected}
        values = [known.get(place, {"place": place, "low": None, "high": None}) for place in range(first, last + 1)]
        mark = {"type": "area", "invalid": "break-paths-filter-domains", **field}
        yield {"data": {"values": values}, "mark": mark, "encoding": encoding}
    if alone:
        yield {"data": {"values": alone}, "mark": {"type": "bar", "size": 18, "stroke": INK, **field}, "encoding": encoding}


def _gap_layers(plan: Plan) -> Iterator[Spec]:
    """The word stands up where it finds room, a cross otherwise."""
    chart = plan.chart
    keys = {each.key for each in bar_series(chart)} if chart.kind is ChartKind.COLUMNS else set()
    tops = [above for _, above in _piles(chart)] or [0.0] * len(chart.labels)
    where = dict.fromkeys((place, series if series in keys else "") for place, series in gaps(chart))  # one word a place
    found = [{"place": place, "foot": tops[place], "series": series} for place, series in where]
    if not found:
        return
    encoding = _places(plan, "foot", series=bool(keys))
    if chart.kind is ChartKind.LINES:  # their axis need not have a zero
        encoding["y"] = {"value": HEIGHT}
    if plan.words_in_gaps:
        turned = {"angle": 0 if plan.lying else 270, "align": "left", "baseline": "middle", "dx": 4}
        mark = {"type": "text", "text": MISSING.said(plan.language), "fontSize": TEXT - 1, "color": WARN, **turned}
    else:
        cross: Spec = {"shape": "cross", "angle": 45, "size": 64, "yOffset": -7}
        mark = {"type": "point", **cross, "filled": True, "color": WARN, "opacity": 1}
    yield {"data": {"values": found}, "mark": mark, "encoding": encoding}
