"""Differences over more than neighbouring readings, spread over their hours by what the point uses in such hours. Pure."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from config.domain.estate import Direction, MeteringPoint
from services.settlement.course import Course
from services.settlement.history import History
from services.settlement.reach import NEIGHBOURS
from services.settlement.spots import Spot
from services.settlement.units import HOUR_US, SECOND_US, Marks, Micros, Values, micros_of

NEIGHBOURS_US = micros_of(NEIGHBOURS)
_INTERVALS = 1.6  # one reading lost now and then is no gap where they are far apart
_ESTIMATED_US = HOUR_US // 2  # an unknown stretch no longer than this is estimated from what is beside it
_BESIDE_US = HOUR_US
_ON_CHANGE = 2.0  # resolutions: a meter that reports on change was silent because nothing changed
_SHORT_NET_US = 6 * HOUR_US  # of what sun and use leave in a few hours, other days tell nothing
_PROFILE = 24  # known hours; fewer make no profile


class Kind(IntEnum):
    """How a step's use is known."""

    CLOSE = 0  # by readings close enough
    SPREAD = 1  # by readings further apart
    ESTIMATED = 2  # from what is beside it
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Steps:
    """A course ready for its hours.

    Attributes:
        at_us, use: as in `Course`; steps to spread are cut at whole hours.
        kind: of each step.
        first_us, last_us: the readings between which the difference was taken.
    """

    at_us: Micros
    use: Values
    kind: npt.NDArray[np.int8]
    first_us: Micros
    last_us: Micros


def telling(point: MeteringPoint, course: Course) -> Marks:
    """Steps that say what is usual: between neighbours, or as far apart as this meter's readings are agreed to be."""
    length = np.diff(course.at_us, prepend=course.at_us[:1])
    limit = max(NEIGHBOURS_US, int(_INTERVALS * (point.interval_s or 0)) * SECOND_US)
    return np.asarray((length <= limit) & np.isfinite(course.step))


def spread(point: MeteringPoint, course: Course, history: History, start_us: int, end_us: int) -> tuple[Steps, list[Spot]]:
    """The course with its long steps cut into hours, each with its share; the shares sum to the step."""
    at_us, use = course.at_us, course.step.copy()
    length = np.diff(at_us, prepend=at_us[:1])
    known = np.isfinite(use)
    close = known & (length <= NEIGHBOURS_US)
    if point.interval_s is None:
        close |= known & (np.abs(np.where(known, use, 0.0)) <= _ON_CHANGE * point.resolution)
    kind = np.where(close, Kind.CLOSE, np.where(known, Kind.SPREAD, Kind.UNKNOWN)).astype(np.int8)
    for number in np.flatnonzero(~known & (length <= _ESTIMATED_US)).tolist():
        rate = _beside(at_us, course.step, number) if number else None
        if rate is not None:
            use[number], kind[number] = rate * float(length[number]) / HOUR_US, Kind.ESTIMATED
    first = np.concatenate([at_us[:1], at_us[:-1]])
    regular = length <= _INTERVALS * (point.interval_s or 0) * SECOND_US
    touching = (at_us > start_us) & (first < end_us)
    long = np.flatnonzero((kind == Kind.SPREAD) & ~regular & touching)
    if not len(long):
        return Steps(at_us, use, kind, first, at_us), []
    return _cut(Steps(at_us, use, kind, first, at_us), long, history, both=point.direction is Direction.NET)


def _beside(at_us: Micros, step: Values, number: int) -> float | None:
    """The pace in the hour before and the hour after a step. [unit/h]"""
    uses, hours = 0.0, 0.0
    for low, high in ((at_us[number - 1] - _BESIDE_US, at_us[number - 1]), (at_us[number], at_us[number] + _BESIDE_US)):
        own = np.arange(np.searchsorted(at_us, low, side="right"), np.searchsorted(at_us, high, side="right"))
        own = own[(own > 0) & (own != number)]
        own = own[(at_us[own - 1] >= low) & np.isfinite(step[own])]
        uses += float(step[own].sum())
        hours += float((at_us[own] - at_us[own - 1]).sum()) / HOUR_US
    return uses / hours if hours > 0 else None


def _cut(steps: Steps, long: Micros, history: History, *, both: bool) -> tuple[Steps, list[Spot]]:
    at_us, use, spots = [], [], []
    counts = np.ones(len(steps.at_us), dtype=np.int64)
    done = 0
    for number in long.tolist():
        begin, end = int(steps.first_us[number]), int(steps.at_us[number])
        inner = np.arange(-(-(begin + 1) // HOUR_US) * HOUR_US, end, HOUR_US)
        upto = _shared(history, begin, end, inner, float(steps.use[number]), both=both)
        at_us += [steps.at_us[done:number], inner, steps.at_us[number : number + 1]]
        use += [steps.use[done:number], np.diff(upto, prepend=0.0)]
        counts[number] = len(inner) + 1
        done = number + 1
        spots.append(Spot(begin, end))
    at_us.append(steps.at_us[done:])
    use.append(steps.use[done:])
    own = np.repeat(np.arange(len(counts)), counts)
    cut = Steps(np.concatenate(at_us), np.concatenate(use), steps.kind[own], steps.first_us[own], steps.last_us[own])
    return cut, spots


def _shared(history: History, begin: int, end: int, inner: Micros, use: float, *, both: bool) -> Values:
    """How much of the use lies before each inner edge and before the end."""
    edges = np.concatenate([[begin], inner, [end]])
    weight = np.diff(edges).astype(np.float64)
    usual = history.around(begin, end)
    profile = usual.weights(edges[:-1]) if len(usual.use) >= _PROFILE else None
    if both and end - begin < _SHORT_NET_US:
        profile = None
    if profile is not None and both:
        # A net point's use has no share of a difference; what is left over the usual is spread evenly.
        expected = profile * weight / HOUR_US
        return np.cumsum(expected + (use - expected.sum()) * weight / weight.sum())
    if profile is not None and (weight * np.maximum(profile, 0.0)).sum() > 0:
        weight = weight * np.maximum(profile, 0.0)
    upto = np.cumsum(weight)
    return np.asarray(use * (upto / upto[-1]))
