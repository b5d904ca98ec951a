"""Heat map, scatter and map."""

from collections.abc import Mapping
from math import isclose
from typing import Any

from services.web.charts.house import HEIGHT, Spec, colour, framed, own_colour
from services.web.charts.placing import NAMED_UP_TO, labels_of
from services.web.view.values import HeatMap, Places, Scatter

SHADES = 7  # --heat-0 … --heat-6
ROW = 14
BESIDE: Mapping[str, Spec] = {
    "above": {"dy": -13},
    "below": {"dy": 15},
    "right": {"dx": 11, "align": "left", "baseline": "middle"},
    "left": {"dx": -11, "align": "right", "baseline": "middle"},
}
THEN = "var(--then)"


def shade_of(value: float, low: float, high: float) -> int:
    """Which of the even steps from the lowest to the highest."""
    if isclose(low, high):
        return 0
    return min(SHADES - 1, int(SHADES * (value - low) / (high - low)))


def heat_limits(heat: HeatMap) -> tuple[float, float] | None:
    """The lowest and the highest of what is drawn."""
    values = [cell.value for cell in heat.cells if cell.value is not None]
    return (min(values), max(values)) if values else None


def heat_spec(heat: HeatMap) -> Spec | None:
    """A field an hour; the calculated ones have a dash in it, the missing ones are empty."""
    limits = heat_limits(heat)
    if limits is None:
        return None
    values = [
        {
            "day": cell.day,
            "hour": cell.hour,
            "fill": f"var(--heat-{shade_of(cell.value, *limits)})",
            "estimated": cell.estimated,
            "tip": f"{cell.day} kl. {cell.hour}: {cell.text}",
        }
        for cell in heat.cells
        if cell.value is not None
    ]
    across = {
        "field": "hour",
        "type": "ordinal",
        "scale": {"domain": list(heat.hours), "padding": 0.04},
        "axis": {"title": None, "labelAngle": 0, "values": list(heat.hours)[::3], "domain": False, "ticks": False},
    }
    down = {
        "field": "day",
        "type": "ordinal",
        "scale": {"domain": list(heat.days), "padding": 0.08},
        "axis": {"title": None, "labelLimit": 110, "titleAngle": 0},
    }
    place = {"x": across, "y": down, "tooltip": {"field": "tip"}}
    return framed(
        [
            {"mark": {"type": "rect"}, "encoding": {**place, "fill": own_colour("fill")}},
            {
                "transform": [{"filter": "datum.estimated"}],
                "mark": {"type": "point", "shape": "stroke", "size": 60, "stroke": "var(--mark)", "strokeWidth": 2},
                "encoding": place,
            },
        ],
        ROW * max(4, len(heat.days)),
        data={"values": values},
    )


def scatter_spec(scatter: Scatter) -> Spec:
    """A point a day, the expected as a line, the last day with its name."""
    values = [
        {
            "across": dot.across,
            "up": dot.up,
            "last": dot.last,
            "estimated": dot.estimated,
            "tip": f"{dot.day}: {dot.text}",
            "day": dot.day,
        }
        for dot in scatter.dots
    ]
    across = {
        "field": "across",
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {"title": scatter.across, "tickCount": 8},
    }
    up = {"field": "up", "type": "quantitative", "axis": {"title": scatter.up, "tickCount": 5}}
    last = {"test": "datum.last", "value": THEN}
    layers: list[Spec] = []
    expected = sorted((dot.across, dot.expected) for dot in scatter.dots if dot.expected is not None)
    if expected:
        layers.append(
            {
                "data": {"values": [{"across": x, "up": y} for x, y in expected]},
                "mark": {"type": "line", "stroke": "var(--ink)", "strokeWidth": 1.5, "strokeDash": [6, 3]},
                "encoding": {"x": across, "y": up},
            }
        )
    layers.append(
        {
            "mark": {"type": "point", "filled": False, "strokeWidth": 1.5},
            "encoding": {
                "x": across,
                "y": up,
                "shape": {"condition": {"test": "datum.last", "value": "diamond"}, "value": "circle"},
                "size": {"condition": {"test": "datum.last", "value": 180}, "value": 30},
                "stroke": {"condition": last, "value": colour(0)},
                "fill": {"condition": [{"test": "datum.estimated", "value": "var(--paper)"}, last], "value": colour(0)},
                "tooltip": {"field": "tip"},
            },
        }
    )
    layers.append(
        {
            "transform": [{"filter": "datum.last"}],
            "mark": {"type": "text", "dy": -14, "fill": "var(--ink)", "fontWeight": 600, "fontSize": 12, "align": _side(scatter)},
            "encoding": {"x": across, "y": up, "text": {"field": "day"}},
        }
    )
    return framed(layers, HEIGHT + 60, data={"values": values})


def _side(scatter: Scatter) -> str:
    """Where a name beside the last point has room."""
    all_across = [dot.across for dot in scatter.dots]
    last = next(dot.across for dot in scatter.dots if dot.last)
    return "right" if last > (min(all_across) + max(all_across)) / 2 else "left"


def map_spec(places: Places) -> Spec:
    """Circles where the buildings lie, as large as the first of what is told of them; hollow where that is missing."""
    most = max((place.size or 0.0 for place in places.places), default=0.0)
    values: list[dict[str, Any]] = [
        {
            "longitude": place.longitude,
            "latitude": place.latitude,
            "area": 40 + (360 * max(0.0, place.size) / most if place.size is not None and most > 0 else 0),
            "missing": place.size is None,
            "label": label,
            "side": side,
            "tip": f"{place.name}: {place.text}",
        }
        for place, (label, side) in zip(places.places, labels_of(places.places), strict=True)
    ]
    where = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "point", "filled": False, "strokeWidth": 1.5, "stroke": colour(0)},
            "encoding": {
                **where,
                "size": {"field": "area", "type": "quantitative", "scale": None, "legend": None},
                "fill": {"condition": {"test": "datum.missing", "value": "var(--paper)"}, "value": colour(0)},
                "fillOpacity": {"value": 0.55},
                "tooltip": {"field": "tip"},
            },
        }
    ]
    if len(values) <= NAMED_UP_TO:
        layers += [
            {
                "transform": [{"filter": f"datum.side === '{side}'"}],
                "mark": {"type": "text", "fill": "var(--ink)", "fontSize": 11, **mark},
                "encoding": {**where, "text": {"field": "label"}},
            }
            for side, mark in BESIDE.items()
            if any(each["side"] == side for each in values)
        ]
    height = 380 if len(values) > 1 else 120
    return framed(layers, height, data={"values": values}, projection={"type": "mercator"})
