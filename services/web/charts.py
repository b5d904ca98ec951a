"""Where things lie in a drawing: plain numbers for SVG, in a square of 100 by 100 that the page stretches.

Only shapes are in it; words stand beside it as text, so that they keep their size on a phone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, log10

from services.web.view import HourChart

SIZE = 100.0
BAR_SHARE = 0.76  # of an hour's width
NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    estimated: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """`bars` are today, `line` the other day as a step; `zero` is the height of the line of no use."""

    top: float
    bottom: float
    zero: float
    bars: tuple[Bar, ...]
    missing: tuple[Bar, ...]  # whole height
    line: str
    marks: tuple[str, ...]  # hours below it, evenly spread


def drawing(chart: HourChart) -> Drawing:
    """Today's hours as bars, the other day's as a stepped line."""
    values = [each for row in chart.hours for each in (row.value, row.then) if each is not None]
    top, bottom = nice(max([*values, 0.0])), -nice(-min([*values, 0.0]))
    if top == bottom:
        top = 1.0
    width = SIZE / max(1, len(chart.hours))

    def height(value: float) -> float:
        return round(SIZE * (top - value) / (top - bottom), 2)

    def bar(index: int, value: float, share: float, estimated: bool) -> Bar:
        upper, lower = height(max(value, 0.0)), height(min(value, 0.0))
        left = index * width + width * (1 - share) / 2
        return Bar(round(left, 2), upper, round(width * share, 2), round(lower - upper, 2), estimated)

    bars = [
        bar(index, row.value, BAR_SHARE, row.state == "estimated")
        for index, row in enumerate(chart.hours)
        if row.value is not None
    ]
    missing = [
        Bar(round(index * width, 2), 0.0, round(width, 2), SIZE, False)
        for index, row in enumerate(chart.hours)
        if row.state == "missing"
    ]
    steps = ((index, row.then) for index, row in enumerate(chart.hours))
    marks = (*(row.label[:2] for row in chart.hours[::6]), "24")
    return Drawing(top, bottom, height(0.0), tuple(bars), tuple(missing), _steps(steps, width, height), marks)


def spark(trace: Sequence[tuple[datetime, float]]) -> str:
    """The last hours of a figure as the path of a line; from 0 or below to its highest."""
    if len(trace) < 2:
        return ""
    first, last = trace[0][0], trace[-1][0]
    top = max(0.0, *(value for _, value in trace))
    bottom = min(0.0, *(value for _, value in trace))
    span, rise = (last - first).total_seconds(), (top - bottom) or 1.0
    points = (
        (SIZE * (instant - first).total_seconds() / span, 4 + (SIZE - 8) * (top - value) / rise) for instant, value in trace
    )
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def nice(value: float) -> float:
    """A round number not below `value`, for the end of an axis."""
    if value <= 0:
        return 0.0
    power = 10.0 ** (ceil(log10(value)) - 1)
    return next((step * power for step in NICE if step * power >= value * (1 - 1e-9)), 10 * power)


def _steps(values: Iterable[tuple[int, float | None]], width: float, height: Callable[[float], float]) -> str:
    """A path that is interrupted where an hour is missing."""
    parts = []
    drawing_on = False
    for index, value in values:
        if value is None:
            drawing_on = False
            continue
        y = height(value)
        parts.append(f"{'L' if drawing_on else 'M'}{index * width:.2f} {y} H{(index + 1) * width:.2f}")
        drawing_on = True
    return " ".join(parts)
