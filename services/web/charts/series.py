"""Bars and lines over time."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from services.web.charts.house import Spec, colour, dash, framed, hatched, own_colour, upward
from services.web.view.values import Columns, Drawn, HourBars, Lines, Mark

POINTS_UP_TO = 40  # more of them are a thick line
FEW_LABELS = 4  # wider bars than theirs would be a wall
THEN = "var(--then)"
ALMOST_A_DAY = timedelta(hours=23)  # the shortest there is
FEW_DAYS = timedelta(days=14)


def hour_spec(bars: HourBars, unit: str) -> Spec:
    """Today's hours as bars, the other day's as a stepped line; hours that are missing as fields."""
    labels = _unlike([row.label for row in bars.hours])
    values = [
        {
            "hour": label,
            "value": row.value,
            "then": row.then,
            "fill": hatched(0) if row.state == "estimated" else colour(0),
            "tip": f"{row.label}: {row.text or '–'}" + (f", {bars.then}: {row.then_text}" if bars.then else ""),
        }
        for label, row in zip(labels, bars.hours, strict=True)
    ]
    missing = [label for label, row in zip(labels, bars.hours, strict=True) if row.state == "missing"]
    across = {
        "field": "hour",
        "type": "ordinal",
        "scale": {"domain": labels, "paddingInner": 0.2, "paddingOuter": 0.1},
        "axis": {"title": None, "values": labels[::3], "labelAngle": 0, "labelExpr": "substring(datum.value, 0, 2)"},
    }
    layers: list[Spec] = []
    if missing:
        layers.append(
            {
                "data": {"values": [{"hour": label} for label in missing]},
                "mark": {"type": "rect", "fill": "var(--warn-ground)", "stroke": "var(--warn)", "strokeDash": [3, 3]},
                "encoding": {"x": across},
            }
        )
    layers.append(
        {
            "mark": {"type": "bar"},
            "encoding": {"x": across, "y": upward("value", unit), "fill": own_colour("fill"), "tooltip": {"field": "tip"}},
        }
    )
    if bars.then:
        layers.append(
            {
                "mark": {"type": "line", "interpolate": "step", "stroke": THEN, "strokeWidth": 2},
                "encoding": {"x": across, "y": upward("then", unit)},
            }
        )
    return framed(layers, data={"values": values})


def line_spec(lines: Lines, unit: str) -> Spec:
    """A line each; what is calculated has hollow points, the edges of a forecast lie around a field."""
    axis: dict[str, Any] = {"title": None, "tickCount": 6}
    if days := _few_days(lines):
        axis["values"] = days
    across = {"field": "at", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}
    layers: list[Spec] = list(_band(lines.drawn, across, unit))
    for each in lines.drawn:
        shade = THEN if each.role == "comparison" else colour(each.place)
        stroke = {
            "stroke": shade,
            "strokeDash": dash(each.place, each.role),
            "strokeWidth": 1.2 if each.role == "edge" else 2,
        }
        data = {"values": [_timed(each, mark) for mark in each.marks]}
        layers.append(
            {
                "data": data,
                "mark": {"type": "line", **stroke},
                "encoding": {"x": across, "y": upward("value", unit, scale=_scale(lines))},
            }
        )
        if each.role != "edge":
            layers.append(_points(each, data, across, unit, shade))
    return framed(layers)


def column_spec(columns: Columns, unit: str) -> Spec:
    """A bar each, beside or on top of each other; what is calculated is striped."""
    values = [
        {
            "label": mark.short,
            "name": each.name,
            "place": each.place,
            "value": mark.value,
            "fill": _fill(each, mark),
            "stroke": THEN if each.role == "comparison" else colour(each.place),
            "tip": f"{mark.label}, {each.name}: {mark.text}",
        }
        for each in columns.drawn
        for mark in each.marks
        if mark.value is not None
    ]
    axis: dict[str, Any] = {"title": None, "labelAngle": 0, "labelLimit": 120}
    padding = {"paddingInner": 0.4, "paddingOuter": 0.6} if len(columns.labels) <= FEW_LABELS else {"paddingInner": 0.2}
    across = {"field": "label", "type": "ordinal", "scale": {"domain": _unlike(columns.labels), **padding}, "axis": axis}
    encoding: dict[str, Any] = {
        "x": across,
        "y": upward("value", unit, stack="zero" if columns.stacked else None),
        "fill": own_colour("fill"),
        "stroke": own_colour("stroke"),
        "order": {"field": "place", "type": "quantitative"},
        "tooltip": {"field": "tip"},
    }
    if not columns.stacked and len(columns.drawn) > 1:
        encoding["xOffset"] = {"field": "name", "type": "nominal", "scale": {"domain": [each.name for each in columns.drawn]}}
    return framed([{"mark": {"type": "bar", "strokeWidth": 1}, "encoding": encoding}], data={"values": values})


def _fill(each: Drawn, mark: Mark) -> str:
    if each.role == "comparison":
        return "var(--then-ground)" if mark.estimated else THEN
    return hatched(each.place) if mark.estimated else colour(each.place)


def _unlike(labels: Iterable[str]) -> list[str]:
    """An hour that comes twice gets a star the second time."""
    seen: dict[str, None] = {}
    for label in labels:
        seen[f"{label}*" if label in seen else label] = None
    return list(seen)


def _timed(each: Drawn, mark: Mark) -> dict[str, Any]:
    """Wall-clock time as if it were UTC: the reader's own zone must not move it."""
    return {
        "at": _milliseconds(mark.at),
        "value": mark.value,
        "estimated": mark.estimated,
        "tip": f"{mark.label}, {each.name}: {mark.text}",
    }


def _milliseconds(wall: datetime) -> int:
    return round(wall.replace(tzinfo=UTC).timestamp() * 1000)


def _points(each: Drawn, data: Spec, across: Spec, unit: str, shade: str) -> Spec:
    """They answer the pointer; few enough are seen too."""
    known = sum(mark.value is not None for mark in each.marks)
    seen = known <= POINTS_UP_TO
    mark = {"type": "point", "size": 40, "stroke": shade, "strokeWidth": 1.5, "opacity": 1 if seen else 0, "filled": False}
    return {
        "data": data,
        "mark": mark,
        "encoding": {
            "x": across,
            "y": upward("value", unit),
            "fill": {"condition": {"test": "datum.estimated", "value": "var(--paper)"}, "value": shade},
            "opacity": {"condition": {"test": "datum.estimated", "value": 1}, "value": 1 if seen else 0},
            "tooltip": {"field": "tip"},
        },
    }


def _band(drawn: Sequence[Drawn], across: Spec, unit: str) -> Iterable[Spec]:
    """The field between the two edges of a forecast."""
    edges = [each for each in drawn if each.role == "edge"]
    if len(edges) != 2:
        return
    low, high = ({mark.at: mark.value for mark in each.marks if mark.value is not None} for each in edges)
    values = [{"at": _milliseconds(at), "low": low[at], "high": high[at]} for at in sorted(low.keys() & high.keys())]
    yield {
        "data": {"values": values},
        "mark": {"type": "area", "fill": colour(edges[0].place), "fillOpacity": 0.12},
        "encoding": {"x": across, "y": upward("low", unit), "y2": {"field": "high"}},
    }


def _few_days(lines: Lines) -> list[int]:
    """Where to write the days of a line with a value a day; [] where the axis finds places itself: of few days it makes hours."""
    times = sorted({mark.at for each in lines.drawn for mark in each.marks})
    daily = all(later - earlier >= ALMOST_A_DAY for earlier, later in pairwise(times))
    if len(times) < 2 or not daily or times[-1] - times[0] > FEW_DAYS:
        return []
    return [_milliseconds(at) for at in times[:: -(-len(times) // 7)]]


def _scale(lines: Lines) -> Spec:
    """Where the lines move a little, zero would hide how; where they move much or not at all, zero says how much."""
    values = [mark.value for each in lines.drawn for mark in each.marks if mark.value is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    if low == high == 0:
        return {"zero": True, "domainMax": 1}
    return {"zero": low < 0.6 * high or high - low < 0.02 * high}
