"""Registers that repeat themselves: nothing used, or a meter that is stuck? Pure.

Nought is real where the point's own history knows it: at such nights, at such weekends, in such a season. Where there is always
use, a register that stands still is stuck. If it then leaps by what was used meanwhile, that use is spread over the standstill;
if it goes on from where it stood, the use is on no register and unknown.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from config.domain.estate import Carrier, MeteringPoint
from config.domain.intervals import Finding
from services.settlement.course import Course
from services.settlement.findings import finding
from services.settlement.history import History, Usual
from services.settlement.pace import Pace
from services.settlement.reach import HISTORY, NEIGHBOURS, REACH
from services.settlement.spots import Spot
from services.settlement.units import DAY_US, HOUR_US, Marks, Micros, day_from, micros_of

_NIGHT_US = 22 * HOUR_US  # the longest in which panels rest, a dull day in December beside it
_REPEATS = 3  # equal readings; two are nothing
_LONG_US = micros_of(NEIGHBOURS)
_DAYS_US = micros_of(REACH)
_HISTORY_US = micros_of(HISTORY)
_OTHERS = 3  # standstills at least half as long nearby: that is how it is here
_AS_LONG = 0.5
_AS_LONG_COARSE = 1 / 3
_ENOUGH = 12  # known hours; fewer tell nothing of what is usual
_STEPS = 4.0  # resolutions that should have been used at least, for a standstill to be odd
_STEPS_UNKNOWN = 8.0  # and for its use to be called unknown
_COARSE = 2.0  # resolutions an hour: below, hours without a step are the register's doing
_ZEROS = 0.04  # of the hours: nought is usual
_ZEROS_MUCH = 0.25  # and where so many are, two nights show it as well as three
_LEAP = 1.5  # times the usual highest pace: worth a closer look
_BEYOND_ALL = 2.5  # times the highest use of such a time seen, where nought is usual
_BEYOND = 3.0  # times the pace before and after a standstill, in the step that ends it: it may have caught up
_SHOWN = 0.3  # of the use expected over the standstill, that a leap must make up for


@dataclass(frozen=True, slots=True)
class _Runs:
    """Positions of the first and last of equal readings, and their times."""

    first: Micros
    last: Micros
    begin_us: Micros
    end_us: Micros


def without_standstills(
    point: MeteringPoint, course: Course, history: History, start_us: int, end_us: int
) -> tuple[Course, list[Finding], list[Spot]]:
    """The course without the readings of a stuck register; its last reading stays where the use until then is unknown.

    Only standstills that touch the hours from `start_us` to `end_us` are judged.
    """
    runs = _runs(course)
    touching = np.flatnonzero((runs.end_us >= start_us) & (runs.begin_us <= end_us))
    if not len(touching):
        return course, [], []
    pace = Pace(point, course.at_us, course.level)
    odd = caught_up(course)[runs.last]
    kept = np.ones(len(course.at_us), dtype=np.bool_)
    step = course.step.copy()
    findings, spots = [], []
    for number in touching.tolist():
        first, last = int(runs.first[number]), int(runs.last[number])
        spots.append(Spot(int(course.at_us[first]), int(course.at_us[min(last + 1, len(kept) - 1)])))
        verdict = _judged(point, course, runs, odd, number, pace, history)
        if verdict is None:
            continue
        said, facts = verdict
        begin, end = int(course.at_us[first]), int(course.at_us[last])
        if said == "stuck_caught_up":
            kept[first + 1 : last + 1] = False
        else:
            kept[first + 1 : last] = False
            step[last] = np.nan
        findings.append(finding(point.id, said, begin, end, facts))
    return Course(course.at_us, course.level, step).keep(kept), findings, spots


def caught_up(course: Course) -> Marks:
    """Steps of standstills that end in a leap far beyond the pace before and after, and the leap: no evidence of what is usual.

    Nor are days of one figure from or until where the register was on another level, which may be false ones. Only the readings
    beside each are looked at; whether it was stuck is judged when its own hours are settled.
    """
    runs = _runs(course)
    marks = np.zeros(len(course.at_us), dtype=np.bool_)
    rate = np.abs(course.step[1:]) / np.maximum(np.diff(course.at_us), 1)
    moved = np.flatnonzero(~(course.step[1:] == 0)) + 1  # unknown steps too: what is beyond them tells nothing
    place = np.searchsorted(moved, runs.last + 1)
    beyond = np.isnan(np.append(course.step, 0.0))
    beyond[:1] = False  # before all readings there is no other level
    for run in np.flatnonzero((beyond[runs.first] | beyond[runs.last + 1]) & (runs.end_us - runs.begin_us >= _DAYS_US)).tolist():
        marks[runs.first[run] + 1 : runs.last[run] + 1] = True
    for first, last, leap in zip(runs.first.tolist(), runs.last.tolist(), place.tolist(), strict=True):
        if leap >= len(moved) or moved[leap] != last + 1:
            continue
        beside = [rate[moved[number] - 1] for number in (leap - 1, leap + 1) if 0 <= number < len(moved)]
        if not beside or rate[last] > _BEYOND * max(beside):
            marks[first + 1 : last + 2] = True
    return marks


def _runs(course: Course) -> _Runs:
    """Runs of equal readings long enough to ask about."""
    still = np.concatenate([[False], course.step[1:] == 0, [False]])
    edges = np.flatnonzero(still[1:] != still[:-1])
    first, last = edges[::2], edges[1::2]
    begin, end = course.at_us[first], course.at_us[last] if len(last) else course.at_us[:0]
    asked = (last - first >= _REPEATS - 1) & (end - begin > _LONG_US)
    return _Runs(first[asked], last[asked], begin[asked], end[asked])


def _judged(
    point: MeteringPoint, course: Course, runs: _Runs, odd: Marks, number: int, pace: Pace, history: History
) -> tuple[str, dict[str, Any]] | None:
    """What is wrong with the standstill; None where it is real."""
    first, last = int(runs.first[number]), int(runs.last[number])
    begin, end = int(course.at_us[first]), int(course.at_us[last])
    after = last + 1 if last + 1 < len(course.at_us) and np.isfinite(course.step[last + 1]) else None
    jump = 0.0 if after is None else abs(float(course.step[after]))
    until = end if after is None else int(course.at_us[after])
    usual_pace = pace.usual(until)
    hours = max(until - end, HOUR_US) / HOUR_US
    largest = pace.largest(until, until - end)
    leaps = usual_pace is not None and jump > _LEAP * min(usual_pace * hours, largest or np.inf) + 2 * point.resolution
    if not leaps and _others(runs, odd, number) >= _OTHERS:
        return None
    usual = history.around(begin, until)
    expected = usual.expected(begin, end)
    if len(usual.use) < _ENOUGH or expected < _STEPS * point.resolution:
        return None
    in_step = usual.expected(end, until)
    facts = {"readings": last - first + 1, "register": float(course.level[first]), "expected_use": round(expected, 3)}
    caught_up = "stuck_caught_up", facts | {"caught_up": jump}
    coarse = float(usual.use.mean()) < _COARSE * point.resolution
    real = _nought_is_usual(usual, end - begin, coarse=coarse)
    if real or coarse:
        highest = min(float(usual.use.max()) * hours, largest or np.inf)
        if jump > _BEYOND_ALL * highest + 2 * point.resolution and jump >= _SHOWN * expected:
            return caught_up
        if real:
            return None
    elif after is not None and jump > np.sqrt(max(in_step, point.resolution) * (expected + in_step)):
        return caught_up
    if point.carrier is Carrier.SOLAR and end - begin < _NIGHT_US:
        return None  # known without any history
    if usual.expected(begin, end, seen_only=True) < _STEPS_UNKNOWN * point.resolution:
        return None
    return "stuck", facts


def _others(runs: _Runs, odd: Marks, number: int) -> int:
    """Other standstills within HISTORY that are about as long, and end as standstills of nought do."""
    begin, end = int(runs.begin_us[number]), int(runs.end_us[number])
    low = np.searchsorted(runs.begin_us, day_from(begin) - _HISTORY_US)
    high = np.searchsorted(runs.end_us, day_from(end) + DAY_US + _HISTORY_US)
    spans = runs.end_us[low:high] - runs.begin_us[low:high]
    alike = (spans >= _AS_LONG * (end - begin)) & ~odd[low:high]
    return int(alike.sum()) - int(not odd[number])


def _nought_is_usual(usual: Usual, span_us: int, *, coarse: bool) -> bool:
    """Whether the point's hours know nought for so long; those of a coarse register show it without there being any."""
    zero = usual.use <= 0
    if coarse:
        return _longest(usual.start_us, zero) * HOUR_US >= _AS_LONG_COARSE * span_us
    starts = zero & ~np.concatenate([[False], zero[:-1]])
    share = float(zero.mean())
    often = int(starts.sum()) >= (_OTHERS if share < _ZEROS_MUCH else _OTHERS - 1)
    return (share >= _ZEROS and often) or _longest(usual.start_us, zero) * HOUR_US >= _AS_LONG * span_us


def _longest(start_us: Micros, zero: Marks) -> int:
    """The most hours one after another without use."""
    breaks = np.flatnonzero(~zero | (np.diff(start_us, prepend=start_us[:1]) != HOUR_US))
    edges = np.concatenate([[-1], breaks, [len(zero)]])
    return int(np.diff(edges).max()) - 1 if len(zero) else 0
