"""How a chart is laid out in its width: bars that stand or lie, the numbers of the axis, which labels find room."""

import math
import textwrap
from dataclasses import dataclass
from typing import Any

from services.reports.forms.chart_series import PAPER, TINT, bar_series, colour_of, dash_of, piles, slots_of, turn
from services.reports.printing import PrintedChart, PrintedSeries
from services.reports.report import ChartKind, ChartRole
from services.reports.wording import Language

TEXT = 13  # px
LETTER = 0.56 * TEXT  # width of a letter, with room for a reader's wider font
HEIGHT, ROW = 230, 16  # of the field; of a bar that lies down
LONG_NAME = 6  # letters: longer words are names, not times, and lie beside their bars where they find no room below
BROADEST = 110  # px from one bar to the next
UPRIGHT_WORD = 14  # px: a narrower gap has a cross in it, not a word
STEPS = 5  # of the axis, at most
_MARGIN = 18  # px beside the numbers of the axis and the field
_APART = 8  # px between two labels
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
    across = field_width(chart, width) / count
    longest = max((len(line) for label in chart.labels for line in _wrapped(label, across)), default=0)
    times = all(any(letter.isdigit() for letter in label) for label in chart.labels)
    lying = chart.kind is not ChartKind.LINES and not times and longest > LONG_NAME and longest * LETTER > across - _APART
    bars = len(set(slots_of(chart).values())) if chart.kind is ChartKind.COLUMNS else 1
    slot = float(ROW) if lying else min(across, BROADEST) / (1.25 * max(1, bars) if chart.kind is not ChartKind.LINES else 1)
    return Plan(chart, language, width, lying, slot)


def paddings(plan: Plan) -> dict[str, Any]:
    """Between bars and at the ends of the axis: few bars do not become walls. [steps]"""
    count, field = len(plan.chart.labels), field_width(plan.chart, plan.width)
    inner, outer = 0.2, 0.1
    if not plan.lying and plan.chart.kind is not ChartKind.LINES and 0 < count * BROADEST < field:
        outer = min(1.0, (field / BROADEST - count + inner) / 2)
        bar = BROADEST * (1 - inner)
        inner = max(inner, (field - bar * (count + 2 * outer)) / (field - bar))
    return {"paddingInner": inner, "paddingOuter": max(0.1, outer)}


def axis_ticks(chart: PrintedChart) -> tuple[list[float], int]:
    """Even numbers from below the least value to above the greatest, and their decimals.

    Columns stand on zero; where lines move little zero would hide how, otherwise it says how much.
    """
    values = [value for each in chart.series for value in each.values if value is not None]
    values += [total for pile in piles(chart) for total in pile]
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


def field_width(chart: PrintedChart, width: int) -> float:
    """What the numbers of the axis leave of the width. [px]"""
    ticks, decimals = axis_ticks(chart)
    return width - _MARGIN - LETTER * max(len(f"{tick:,.{decimals}f}") for tick in ticks)


def axis_labels(plan: Plan) -> tuple[list[list[str]], list[int]]:
    """Every label as lines, and the places of those that find room."""
    chart = plan.chart
    count = len(chart.labels)
    if plan.lying:
        return [textwrap.wrap(label, 26) or [""] for label in chart.labels], list(range(count))
    room = min(field_width(chart, plan.width) / max(1, count), BROADEST if chart.kind is not ChartKind.LINES else math.inf)
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


def hatched_colours(plan: Plan) -> list[str]:
    """The colours that need a pattern, in order."""
    return list(dict.fromkeys(colour_of(each, plan.chart) for each in bar_series(plan.chart) if any(each.estimated)))


def bar_look(plan: Plan, series: PrintedSeries) -> dict[str, Any]:
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
        return (TINT, PAPER)[turn(series, plan.chart) % 2]
    return colour_of(series, plan.chart)
