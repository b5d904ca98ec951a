"""Which readings of one meter can be believed, and where its register goes on from another level. Pure.

False readings begin and end at once and leave the register on its own course; a register that was reset or exchanged climbs from
its new level. Whatever looks at more than the neighbouring readings does so only where the register falls, or leaps as it never
does otherwise; a clean register is looked at once, as a vector.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from config.domain.estate import Direction, MeteringPoint
from config.domain.intervals import ExchangeDecision, Finding
from services.settlement.breaks import Break, named
from services.settlement.chain import STRAINED, kept_pieces
from services.settlement.course import Course
from services.settlement.disturbances import Disturbances, lonely_steps
from services.settlement.findings import finding
from services.settlement.installed import Segment
from services.settlement.pace import Pace
from services.settlement.reach import HISTORY, REACH
from services.settlement.scales import scaled
from services.settlement.signs import counting_down, without_signs
from services.settlement.spots import Spot
from services.settlement.twins import one_value_a_time
from services.settlement.units import Micros, Values, micros_of

_REACH_US = micros_of(REACH)
_STANDING_US = micros_of(HISTORY)
_ROUNDING = 1.5  # resolutions that a register may seem to fall by
_COUNTED = 8  # readings that climb one after another: a register, where no other counted as much meanwhile
_MORE = 1.5  # times what that other counted


def judged(
    point: MeteringPoint, segment: Segment, confirmed: Sequence[ExchangeDecision]
) -> tuple[Course, list[Finding], list[Spot]]:
    """The course of one meter's register, what was odd, and which spots were judged by history."""
    both = point.direction is Direction.NET
    segment, findings, spots = one_value_a_time(point, segment)
    at_us, value = segment.taken_us, segment.value
    room = _room(point, segment)
    if not both:
        value, odd, more = without_signs(point, at_us, value, room)
        findings, spots = findings + odd, spots + more
    falls, lonely = _suspects(point, at_us, value, room, both=both)
    if not (len(falls) or len(lonely)):
        return _course(at_us, value, {}, both=both), findings, spots
    if not both:
        value, odd, more = scaled(point, at_us, value)
        findings, spots = findings + odd, spots + more
        if odd:
            falls, lonely = _suspects(point, at_us, value, room, both=both)
    pace = Pace(point, at_us, value)
    known: dict[int, float] = {}
    for first, last, odd_one in [] if both else counting_down(point, at_us, value, pace):
        findings.append(odd_one)
        spots.append(Spot(int(at_us[first]), int(at_us[last])))
        known.update(dict.fromkeys(range(first + 1, last + 1), np.nan))
        falls = falls[(falls <= first) | (falls > last)]
    spots += [Spot(int(at_us[index - 1]), int(at_us[index])) for index in lonely.tolist()]
    disturbances = Disturbances(point, at_us, value, room, pace, both=both)
    steps = disturbances.steps(falls, lonely)
    if not len(steps):
        return _course(at_us, value, known, both=both), findings, spots

    def between(last: int, new: int) -> Break:
        most, usual = disturbances.most(last, new), disturbances.usual(last, new)
        beside = disturbances.beside(last, new)
        return Break(point, int(at_us[last]), int(at_us[new]), float(value[last]), float(value[new]), most, usual, beside)

    edges = [0, *steps.tolist(), len(value)]
    counted = np.concatenate([[0.0], np.cumsum(_counted(edges, value))])
    moves = np.cumsum(np.diff(value, prepend=value[:1]) != 0)

    def price(last: int, new: int) -> int | None:
        found = between(last, new)
        if found.is_use(float(room[new]), both=both):
            between_them = counted[new] - counted[last + 1]
            if not both and between_them > _MORE * max(0.0, found.new - found.old) + _MORE * _COUNTED * point.resolution:
                return None
            return STRAINED if found.is_strained() else 0
        return 0 if not both and found.end_passed() is not None else None

    def longest_us(first: int, last: int) -> int:
        # What repeats one figure for days and is then back on its course is no register that began anew.
        return _STANDING_US if moves[first] == moves[last] else _REACH_US

    chain = kept_pieces(edges, at_us, longest_us, price)
    kept = np.zeros(len(value), dtype=np.bool_)
    for piece in chain:
        kept[edges[piece] : edges[piece + 1]] = True
    for first, last in _runs_left_out(kept):
        around = [float(value[index]) for index in (first - 1, last) if 0 <= index < len(value)]
        run = value[first:last]
        facts = {"readings": last - first, "lowest": float(run.min()), "highest": float(run.max()), "around": around}
        findings.append(finding(point.id, "false", int(at_us[first]), int(at_us[last - 1]), facts))
        spots.append(Spot(int(at_us[max(first - 1, 0)]), int(at_us[min(last, len(value) - 1)])))
    for old, new in pairwise(chain):
        last, first = edges[old + 1] - 1, edges[new]
        found = between(last, first)
        if found.is_use(float(room[first]), both=both):
            continue
        step, odd_step = named(found, confirmed)
        known[first] = step
        findings += [odd_step] if odd_step is not None else []
        spots.append(Spot(int(at_us[last]), int(at_us[first])))
    places = np.cumsum(kept) - 1
    left = {int(places[index]): step for index, step in known.items() if kept[index]}
    return _course(at_us[kept], value[kept], left, both=both), findings, spots


def _room(point: MeteringPoint, segment: Segment) -> Values:
    """By how much a reading may lie below the one before: its rounding, and where the unit changes, that unit's."""
    room = np.full(len(segment.value), _ROUNDING * point.resolution)
    changed = np.flatnonzero(np.diff(segment.coarse)) + 1
    room[changed] = np.maximum(room[changed], np.maximum(segment.coarse[changed], segment.coarse[changed - 1]))
    return room


def _suspects(point: MeteringPoint, at_us: Micros, value: Values, room: Values, *, both: bool) -> tuple[Micros, Micros]:
    """Readings below the one before, where none can be, and those to which the register moved as never just before or after."""
    falls = np.zeros(0, np.int64) if both else np.flatnonzero(np.diff(value) < -room[1:]) + 1
    lonely = lonely_steps(at_us, value, point.resolution)
    if not both:
        lonely = lonely[value[lonely] > value[lonely - 1]]
    return falls, lonely


def _counted(edges: Sequence[int], value: Values) -> Values:
    """By how much each piece climbs that has enough readings for a register, noted at its first one."""
    climbed = np.zeros(len(value))
    for first, end in pairwise(edges):
        if end - first >= _COUNTED:
            climbed[first] = max(0.0, float(value[end - 1] - value[first]))
    return climbed


def _runs_left_out(kept: np.ndarray) -> list[tuple[int, int]]:
    flags = np.concatenate([[False], ~kept, [False]])
    edges = np.flatnonzero(flags[1:] != flags[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _course(at_us: Micros, value: Values, known: dict[int, float], *, both: bool) -> Course:
    """Steps from levels; a fall that is no more than rounding is evened out where it is."""
    level = value
    if not both:
        falls = [fall for fall in (np.flatnonzero(np.diff(value) < 0) + 1).tolist() if fall not in known]
        level = value.copy() if falls else value
        for fall in falls:
            until, top = int(np.searchsorted(at_us, at_us[fall] + _REACH_US)), level[fall - 1]
            index = fall
            while index < until and level[index] < top and index not in known:
                level[index] = top
                index += 1
    step = np.diff(level, prepend=np.nan)
    for index, use in known.items():
        step[index] = use
    # A rounding that lasts longer than REACH is let go: nothing is used by it.
    return Course(at_us, level, step if both else np.where(step < 0, 0.0, step))
