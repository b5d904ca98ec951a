"""What all drawings share: the page's own colours, quiet axes, and how estimated values look."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.reports.wording import unit_text

Spec = dict[str, Any]

COLOURS = 8  # --c0 … --c7 of board.css, each at least 3:1 against the paper
DASHES: Sequence[Sequence[int]] = ((), (6, 3), (2, 3), (8, 3, 2, 3))
HEIGHT = 220
FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'
CONFIG: Mapping[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--quiet)",
        "titleColor": "var(--quiet)",
        "gridColor": "var(--grid)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelOverlap": "greedy",
        "labelSeparation": 6,
    },
    "axisY": {
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": 0,
        "titleY": -8,
        "domain": False,
        "ticks": False,
    },
    "axisX": {"grid": False},
}


def framed(layers: Sequence[Spec], height: int | Mapping[str, int] = HEIGHT, **more: Any) -> Spec:
    """A whole specification, as wide as its place in the page."""
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 8, "top": 8, "bottom": 2},
        "layer": list(layers),
        "config": dict(CONFIG),
        **more,
    }


def colour(place: int) -> str:
    return f"var(--c{place % COLOURS})"


def hatched(place: int) -> str:
    """The same colour in stripes: for what is calculated, not measured. The patterns stand in base.html."""
    return f"url(#hatch-{place % COLOURS})"


def dash(place: int, role: str = "") -> list[int]:
    """Lines are not told apart by colour alone."""
    roles: Mapping[str, Sequence[int]] = {"comparison": (4, 3), "path": (8, 4), "forecast": (2, 3), "edge": (1, 3)}
    return list(roles[role] if role in roles else DASHES[place % len(DASHES)])


def upward(field: str, unit: str, **more: Any) -> Spec:
    """The vertical axis, with the unit on top."""
    shown = {"title": None, "format": ".0%"} if unit == "1" else {"title": unit_text(unit) or None}
    return {"field": field, "type": "quantitative", "axis": {**shown, "tickCount": 5}, **more}


def own_colour(field: str) -> Spec:
    """Each value brings its colour."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}
