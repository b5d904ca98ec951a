"""A printed chart as a Vega-Lite specification.

Places along the axis are numbered, never times: a time axis would follow the zone of the process that draws. What is not wholly
measured is hatched or hollow; what is missing is a gap with its word in it.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from services.reports.forms.chart_plan import (
    HEIGHT,
    ROW,
    TEXT,
    Plan,
    axis_labels,
    axis_ticks,
    bar_fill,
    bar_look,
    paddings,
)
from services.reports.forms.chart_series import (
    COLOURS,
    GRID,
    INK,
    PAPER,
    QUIET,
    WARN,
    band,
    bar_series,
    colour_of,
    dash_of,
    gaps,
    line_series,
    piles,
    shape_of,
    slots_of,
)
from services.reports.printing import ABOUT, MISSING, PrintedChart, PrintedSeries
from services.reports.report import ChartKind, ChartRole

Spec = dict[str, Any]

BAND_OPACITY = 0.16
_POINT: Spec = {"type": "point", "size": 38, "strokeWidth": 1.6, "opacity": 1}


def chart_spec(plan: Plan) -> Spec:
    """The whole specification."""
    chart = plan.chart
    layers = [*_bar_layers(plan), *_band_layers(plan), *_line_layers(plan), *_gap_layers(plan)]
    bars = len(set(slots_of(chart).values())) if chart.kind is ChartKind.COLUMNS else 1
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
    labels, shown = axis_labels(plan)
    ticks, decimals = axis_ticks(chart)
    drawn = any(value is not None for each in chart.series for value in each.values)
    ends = "y" if plan.lying else "x"
    along: Spec = {
        "field": "place",
        "type": "ordinal",
        "scale": {"type": "band", "domain": list(range(len(chart.labels))), **paddings(plan)},
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
    if series and chart.kind is ChartKind.COLUMNS and len(set(slots_of(chart).values())) > 1:
        keys = list(dict.fromkeys(slots_of(chart).values()))
        places[f"{ends}Offset"] = {"field": "series", "type": "nominal", "scale": {"domain": keys}}
    return places


def _values(series: PrintedSeries) -> list[Spec]:
    """Gaps have a value of null, so that a line breaks there."""
    return [
        {"place": place, "value": value, "series": series.key, "estimated": known}
        for place, (value, known) in enumerate(zip(series.values, series.estimated, strict=True))
    ]


def _bar_layers(plan: Plan) -> Iterator[Spec]:
    chart = plan.chart
    values: list[Spec] = []
    slots = slots_of(chart)
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
    tops = [above for _, above in piles(chart)] or [0.0] * len(chart.labels)
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
