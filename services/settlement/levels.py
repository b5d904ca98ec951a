"""Which readings of one meter can be believed, and where its register goes on from another level. Pure.

False readings begin and end at once and leave the register on its own course; a register that was reset or exchanged climbs from
its new level. Whatever looks at more than the neighbouring readings does so only where the register falls, or leaps as it never
does otherwise; a clean register is looked at once, as a vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from config.domain.estate import Direction, MeteringPoint
from config.domain.intervals import ExchangeDecision, Finding
from services.settlement.breaks import Break, named
from services.settlement.course import Course
from services.settlement.findings import finding
from services.settlement.installed import Segment
from services.settlement.pace import Pace
from services.settlement.reach import REACH
from services.settlement.scales import scaled
from services.settlement.signs import counting_down, without_signs
from services.settlement.spots import Spot
from services.settlement.twins import one_value_a_time
from services.settlement.units import Marks, Micros, Values, micros_of

_REACH_US = micros_of(REACH)
_ROUNDING = 1.5  # resolutions that a register may seem to fall by
_AT_ONCE = 0.5  # of the way back in one step
_LONELY = 6.0  # times the pace before and after: a rise that neither leads up to nor follows
_LEAST = 5.0  # resolutions: less is no leap
_LASTING = 2  # readings on a new level before it is believed


@dataclass(slots=True)
class _Register:
    """One meter's readings while they are judged.

    `known` holds, for readings that begin a new level, what was used since the one before (NaN: nobody knows).
    """

    point: MeteringPoint
    at_us: Micros
    value: Values
    room: Values  # by how much a reading may lie below the one before
    kept: Marks
    known: dict[int, float] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)


def judged(
    point: MeteringPoint, segment: Segment, confirmed: Sequence[ExchangeDecision]
) -> tuple[Course, list[Finding], list[Spot]]:
    """The course of one meter's register, what was odd, and which spots were judged by history."""
    segment, findings, spots = one_value_a_time(point, segment)
    at_us, value = segment.taken_us, segment.value
    if point.direction is Direction.NET:
        return Course(at_us, value, np.diff(value, prepend=np.nan)), findings, spots
    room = np.full(len(value), _ROUNDING * point.resolution)
    changed = np.flatnonzero(np.diff(segment.coarse)) + 1
    room[changed] = np.maximum(room[changed], np.maximum(segment.coarse[changed], segment.coarse[changed - 1]))
    value, odd, more = without_signs(point, at_us, value, room)
    findings, spots = findings + odd, spots + more
    falls = np.diff(value) < -room[1:]
    lonely = _lonely_rises(at_us, value, point.resolution)
    if not (falls.any() or len(lonely)):
        return _course(at_us, value, {}), findings, spots
    value, odd, more = scaled(point, at_us, value)
    findings, spots = findings + odd, spots + more
    pace = Pace(point, at_us, value)
    register = _Register(point, at_us, value, room, np.ones(len(value), dtype=np.bool_))
    register.findings, register.spots = findings, spots
    backwards = counting_down(point, at_us, value, pace)
    for first, last, odd_one in backwards:
        register.findings.append(odd_one)
        register.spots.append(Spot(int(at_us[first]), int(at_us[last])))
        register.known.update(dict.fromkeys(range(first + 1, last + 1), np.nan))
    _judge_falls(register, pace, confirmed)
    _judge_leaps(register, pace, confirmed)
    places = np.cumsum(register.kept) - 1
    known = {int(places[index]): step for index, step in register.known.items() if register.kept[index]}
    course = _course(at_us[register.kept], value[register.kept], known)
    return course, register.findings, register.spots


def _lonely_rises(at_us: Micros, value: Values, resolution: float) -> Micros:
    """Positions of rises that are far faster than the register's last movement before and its next one."""
    moved = np.flatnonzero(np.diff(value) != 0) + 1
    if len(moved) < 1:
        return moved
    rise = value[moved] - value[moved - 1]
    rate = rise / np.maximum(at_us[moved] - at_us[moved - 1], 1)
    around = np.abs(np.concatenate([[0.0], rate, [0.0]]))
    lonely = (rise > _LEAST * resolution) & (rate > _LONELY * around[:-2]) & (rate > _LONELY * around[2:])
    return np.asarray(moved[lonely])


def _judge_falls(register: _Register, pace: Pace, confirmed: Sequence[ExchangeDecision]) -> None:
    value = register.value
    for fall in (np.flatnonzero(np.diff(value) < -register.room[1:]) + 1).tolist():
        if not register.kept[fall] or fall in register.known:
            continue
        last = fall - 1
        while last >= 0 and not register.kept[last]:
            last -= 1
        if last < 0 or value[fall] >= value[last] - register.room[fall]:
            continue  # settled by an earlier fall
        after, before = _low_run(register, last, fall), _high_run(register, last, fall)
        if after is not None and (before is None or after - fall <= last + 1 - before):
            _leave_out(register, fall, after - 1)
        elif before is not None:
            _leave_out(register, before, last)
        else:
            _begin_anew(register, pace, confirmed, last, fall)


def _low_run(register: _Register, last: int, fall: int) -> int | None:
    """The reading that is back on the course after a run of low ones; None where it does not come back at once and soon."""
    at_us, value = register.at_us, register.value
    until = int(np.searchsorted(at_us, at_us[fall] + _REACH_US, side="right"))
    back = np.flatnonzero(value[fall + 1 : until] >= value[last] - register.room[fall])
    if not len(back):
        return None
    first = fall + 1 + int(back[0])
    return first if value[first] - value[first - 1] >= _AT_ONCE * (value[last] - value[fall]) else None


def _high_run(register: _Register, last: int, fall: int) -> int | None:
    """The first of a run of readings that were too high until `last`; None where they did not begin at once and lately."""
    at_us, value, kept = register.at_us, register.value, register.kept
    since = int(np.searchsorted(at_us, at_us[last] - _REACH_US))
    own = np.arange(since, last + 1)[kept[since : last + 1]]
    below = own[value[own] <= value[fall] + register.room[fall]]
    if not len(below):
        return None
    base = int(below[-1])
    first = int(own[np.searchsorted(own, base) + 1])
    if any(index in register.known for index in range(first, last + 1)):
        return None  # a level that was accepted as such
    return first if value[first] - value[base] >= _AT_ONCE * (value[last] - value[fall]) else None


def _leave_out(register: _Register, first: int, last: int) -> None:
    at_us, value = register.at_us, register.value
    run = np.flatnonzero(register.kept[first : last + 1]) + first
    register.kept[run] = False
    around = [float(value[index]) for index in (first - 1, last + 1) if 0 <= index < len(value)]
    facts = {"readings": len(run), "lowest": float(value[run].min()), "highest": float(value[run].max()), "around": around}
    register.findings.append(finding(register.point.id, "false", int(at_us[run[0]]), int(at_us[run[-1]]), facts))
    register.spots.append(Spot(int(at_us[max(first - 1, 0)]), int(at_us[min(last + 1, len(at_us) - 1)])))


def _begin_anew(register: _Register, pace: Pace, confirmed: Sequence[ExchangeDecision], last: int, new: int) -> None:
    """The register goes on from another level at reading `new`, unless that is the last thing it said."""
    at_us, value, point = register.at_us, register.value, register.point
    if not register.kept[new + 1 :].any() and new == len(value) - 1 and new > 1 and not _passes_end(register, pace, last, new):
        _leave_out(register, new, new)  # one reading makes no level; the next one will tell
        return
    still = _since_moved(register, last)
    most = pace.most(int(at_us[new]), int(at_us[new] - at_us[last]), int(at_us[new]) - still)
    register.spots.append(Spot(int(at_us[last]), int(at_us[new])))
    found = Break(point, int(at_us[last]), int(at_us[new]), float(value[last]), float(value[new]), most)
    step, odd = named(found, confirmed)
    register.known[new] = step
    register.findings += [odd] if odd is not None else []


def _passes_end(register: _Register, pace: Pace, last: int, new: int) -> bool:
    at_us = register.at_us
    most = pace.most(int(at_us[new]), int(at_us[new] - at_us[last]), int(at_us[new]) - _since_moved(register, last))
    found = Break(register.point, 0, 0, float(register.value[last]), float(register.value[new]), most)
    return found.end_passed() is not None


def _since_moved(register: _Register, last: int) -> int:
    """When the register reached the level of `last`, at most REACH before."""
    since = int(np.searchsorted(register.at_us, register.at_us[last] - _REACH_US))
    other = np.flatnonzero((register.value[since:last] != register.value[last]) & register.kept[since:last])
    return int(register.at_us[since + int(other[-1]) + 1 if len(other) else since])


def _judge_leaps(register: _Register, pace: Pace, confirmed: Sequence[ExchangeDecision]) -> None:
    own = np.flatnonzero(register.kept)
    at_us, value = register.at_us, register.value
    for place in _leaps(register, own).tolist():
        last, new = int(own[place - 1]), int(own[place])
        if new in register.known:
            continue
        still = _since_moved(register, last)
        most = pace.most(int(at_us[new]), int(at_us[new] - at_us[last]), int(at_us[new]) - still)
        register.spots.append(Spot(int(at_us[last]), int(at_us[new])))
        if most is None or value[new] - value[last] <= most:
            continue
        if place <= _LASTING and value[last] == value[own[0]] and len(own) > 2 * place:
            _leave_out(register, int(own[0]), last)  # false from the start; one or two readings make no level
        else:
            _begin_anew(register, pace, confirmed, last, new)


def _leaps(register: _Register, own: Micros) -> Micros:
    """Positions in `own` of rises that must be judged."""
    at_us, value, point = register.at_us[own], register.value[own], register.point
    lonely = _lonely_rises(at_us, value, point.resolution)
    if point.max_power_kw is None or point.unit != "kWh":
        return lonely
    hours = np.diff(at_us) / micros_of(REACH) * (REACH.total_seconds() / 3600)
    over = np.flatnonzero(np.diff(value) > point.max_power_kw * (hours + 1 / 60) + _LEAST * point.resolution) + 1
    return np.union1d(lonely, over)


def _course(at_us: Micros, value: Values, known: dict[int, float]) -> Course:
    """Steps from levels; a fall that is no more than rounding is evened out where it is."""
    level = value
    falls = np.flatnonzero(np.diff(value) < 0) + 1
    falls = falls[[index not in known for index in falls.tolist()]] if known else falls
    if len(falls):
        level = value.copy()
        for fall in falls.tolist():
            until, top = int(np.searchsorted(at_us, at_us[fall] + _REACH_US)), level[fall - 1]
            index = fall
            while index < until and level[index] < top and index not in known:
                level[index] = top
                index += 1
    step = np.diff(level, prepend=np.nan)
    for index, use in known.items():
        step[index] = use
    # A rounding that lasts longer than REACH is let go: nothing is used by it.
    step = np.where(step < 0, 0.0, step)
    return Course(at_us, level, step)
