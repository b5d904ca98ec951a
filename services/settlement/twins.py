"""Two values for one time: the readings around tell which is the register's; where both may be, the later word counts. Pure."""

import numpy as np

from config.domain.estate import Direction, MeteringPoint
from config.domain.intervals import Finding
from services.settlement.findings import finding
from services.settlement.installed import Segment
from services.settlement.spots import Spot

_DETOUR = 8.0  # times the shortest way: of a net register, whose readings may lie outside their neighbours
_ROOM = 1.5  # resolutions by which a reading may lie outside its neighbours


def one_value_a_time(point: MeteringPoint, segment: Segment) -> tuple[Segment, list[Finding], list[Spot]]:
    """The segment, by time and receipt, with one reading a time; what was left out because the readings around contradict it."""
    at_us, value = segment.taken_us, segment.value
    if len(at_us) < 2 or (at_us[1:] > at_us[:-1]).all():
        return segment, [], []
    edges = np.flatnonzero(np.concatenate([[True], at_us[1:] != at_us[:-1], [True]]))
    chosen, findings = edges[:-1].copy(), []
    room = _ROOM * point.resolution
    for group in np.flatnonzero(np.diff(edges) > 1).tolist():
        first, last = int(edges[group]), int(edges[group + 1])
        before, after = _alone(value, edges, group - 1), _alone(value, edges, group + 1)
        fitting = _fitting(value, first, last, before, after, room, both=point.direction is Direction.NET)
        chosen[group] = fitting[-1] if fitting else _nearest(value, first, last, before, after)
        if not fitting or len(fitting) == last - first:
            continue
        for index in sorted(set(range(first, last)) - set(fitting)):
            facts = {
                "left_out": float(value[index]),
                "used": float(value[chosen[group]]),
                "before": before,
                "after": after,
            }
            findings.append(finding(point.id, "twin", int(at_us[first]), int(at_us[first]), facts))
    kept = Segment(
        segment.meter,
        at_us[chosen],
        value[chosen],
        segment.coarse[chosen],
        segment.received_us[chosen],
        segment.joined,
    )
    return kept, findings, []


def _fitting(
    value: np.ndarray, first: int, last: int, before: float | None, after: float | None, room: float, *, both: bool
) -> list[int]:
    """Those that the readings around do not contradict."""
    if both:
        ways = [_way(value[index], before, after) for index in range(first, last)]
        return [first + number for number, way in enumerate(ways) if way <= _DETOUR * (min(ways) + room)]
    low, high = -np.inf if before is None else before - room, np.inf if after is None else after + room
    return [index for index in range(first, last) if low <= value[index] <= high]


def _way(value: float, before: float | None, after: float | None) -> float:
    """From the reading before to the one after by this one: a register that may fall goes no long way round."""
    return sum(abs(value - beside) for beside in (before, after) if beside is not None)


def _alone(value: np.ndarray, edges: np.ndarray, group: int) -> float | None:
    """The reading of a neighbouring time, if it has one value only."""
    if not 0 <= group < len(edges) - 1 or edges[group + 1] - edges[group] > 1:
        return None
    return float(value[edges[group]])


def _nearest(value: np.ndarray, first: int, last: int, before: float | None, after: float | None) -> int:
    """None fits: the one that is least far outside."""
    low, high = before if before is not None else -np.inf, after if after is not None else np.inf
    outside = [max(low - value[index], value[index] - high) for index in range(first, last)]
    return first + int(np.argmin(outside))
