"""What a chart's colours, dashes and marks mean, in words above it."""

import html
import textwrap
from collections.abc import Iterator, Sequence
from itertools import takewhile

from services.reports.forms.chart_plan import LETTER, TEXT, Plan, bar_fill, bar_look
from services.reports.forms.chart_series import (
    COLOURS,
    INK,
    PAPER,
    WARN,
    band,
    bar_series,
    colour_of,
    dash_of,
    estimated,
    gaps,
    line_series,
    shape_of,
)
from services.reports.forms.chart_spec import BAND_OPACITY
from services.reports.printing import ABOUT, MISSING, PrintedChart, PrintedSeries
from services.reports.report import ChartRole
from services.reports.wording import DASH, NBSP, pick

_LINE = 21  # of the legend [px]
_SAMPLE, _SPACE = 26, 18  # of the legend: the sample's width, between two entries [px]
_LEFT = 2.0
_SHAPES = {
    "circle": "M6.5,9a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0Z",
    "square": "M6.7,5.7h6.6v6.6h-6.6Z",
    "triangle-up": "M6,12.6L10,5.4L14,12.6Z",
    "diamond": "M10,4.6L13.6,9L10,13.4L6.4,9Z",
}


def legend(plan: Plan) -> tuple[str, int]:
    """Samples and names above the drawing, from left to right, and how tall that is. [px]"""
    letters = int((plan.width - _SAMPLE) / LETTER)
    drawn, left, line = [], _LEFT, 0
    for sample, text in _entries(plan):
        words = textwrap.wrap(text, letters)
        wide = _SAMPLE + LETTER * max(map(len, words), default=0)
        if left > _LEFT and left + wide > plan.width:
            left, line = _LEFT, line + 1
        rows = "".join(
            f'<text x="{_SAMPLE}" y="{14 + place * _LINE}" font-size="{TEXT}" fill="{INK}">{html.escape(row)}</text>'
            for place, row in enumerate(words)
        )
        drawn.append(f'<g transform="translate({left:g},{line * _LINE + 2})">{sample}{rows}</g>')
        left += wide + _SPACE
        if len(words) > 1:
            left, line = _LEFT, line + len(words)
    return "".join(drawn), (line + (left > _LEFT)) * _LINE + 2 if drawn else 0


def _entries(plan: Plan) -> Iterator[tuple[str, str]]:
    """Sample and text. One series is named by the chart's title."""
    chart = plan.chart
    if len(chart.series) > 1:
        for each in bar_series(chart):
            yield _bar_sample(plan, each), each.name
        for each in line_series(chart):
            yield _line_sample(each, chart), each.name
        if (edges := band(chart)) is not None:
            field = f'<rect y="2" width="20" height="14" fill="{COLOURS[0]}" fill-opacity="{BAND_OPACITY}"/>'
            yield field, _from_to(edges[0].name, edges[1].name)
    if estimated(chart):
        sign = f'<text x="4" y="14" font-size="{TEXT}" fill="{INK}">{ABOUT}</text>'
        bars = [each for each in bar_series(chart) if any(each.estimated)]
        if bars:
            fill = plan.hatch(colour_of(bars[0], chart))
            sign = f'<rect x=".5" y="3.5" width="19" height="11" fill="url(#{fill})" stroke="{colour_of(bars[0], chart)}"/>'
        elif hollow := next((each for each in line_series(chart) if any(each.estimated)), None):
            sign = _point(shape_of(hollow, chart), colour_of(hollow, chart), PAPER)
        yield sign, f"{ABOUT}{NBSP}" + pick(plan.language, "allt är inte uppmätt", "not all is measured")
    if gaps(chart) and not plan.words_in_gaps:
        cross = f'<path d="M6,5l8,8M14,5l-8,8" stroke="{WARN}" stroke-width="2.4"/>'
        yield cross, MISSING.said(plan.language)


def _from_to(low: str, high: str) -> str:
    """What both names say is said once: "Prognosens undre – övre gräns"."""
    first, second = low.split(" "), high.split(" ")
    ahead = _alike(first, second)
    behind = _alike(first[ahead:][::-1], second[ahead:][::-1])
    return " ".join([*first[: len(first) - behind], DASH, *second[ahead:]])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """So many words they begin with both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _bar_sample(plan: Plan, series: PrintedSeries) -> str:
    look = bar_look(plan, series)
    dashes = _dashes(look["dash"])
    fill = bar_fill(plan, series, hatched=False)
    return f'<rect x=".5" y="3.5" width="19" height="11" fill="{fill}" stroke="{look["stroke"]}"{dashes}/>'


def _line_sample(series: PrintedSeries, chart: PrintedChart) -> str:
    colour, thin = colour_of(series, chart), series.role is ChartRole.COMPARISON
    dashes = _dashes(dash_of(series, chart))
    line = f'<path d="M0,9h20" fill="none" stroke="{colour}" stroke-width="{1.4 if thin else 2.2}"{dashes}/>'
    return line if series.role is ChartRole.PATH else line + _point(shape_of(series, chart), colour, colour)


def _point(shape: str, colour: str, fill: str) -> str:
    return f'<path d="{_SHAPES[shape]}" fill="{fill}" stroke="{colour}" stroke-width="1.6"/>'


def _dashes(lengths: Sequence[int]) -> str:
    return f' stroke-dasharray="{",".join(map(str, lengths))}"' if lengths else ""
