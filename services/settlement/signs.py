"""Registers that come with a minus sign, and registers that count down. Pure."""

import numpy as np

from config.domain.estate import MeteringPoint
from config.domain.intervals import Finding
from services.settlement.findings import finding
from services.settlement.pace import Pace
from services.settlement.spots import Spot
from services.settlement.units import Micros, Values

_LASTING = 3  # readings; fewer are false ones
_CLOSE = 2e-3  # of the level: what may be used between the last reading and the first with another sign
_DEPTH = 4.0  # resolutions that a register must have fallen in all
_SHARE = 0.6  # of the whole fall in one step: that is a fall, no counting
_FLICKER = 1.5  # resolutions


def without_signs(point: MeteringPoint, at_us: Micros, value: Values, room: Values) -> tuple[Values, list[Finding], list[Spot]]:
    """The values with the sign taken off where the figure behind it is the register's."""
    negative = value < -room
    if not negative.any():
        return value, [], []
    value = value.copy()
    findings, spots = [], []
    flags = np.concatenate([[False], negative, [False]])
    edges = np.flatnonzero(flags[1:] != flags[:-1]).reshape(-1, 2)
    for first, last in edges.tolist():
        if last - first < _LASTING or not _same_figure(value, room, first, last):
            continue
        facts = {"readings": last - first, "first": float(value[first]), "last": float(value[last - 1])}
        value[first:last] = -value[first:last]
        findings.append(finding(point.id, "sign_flip", int(at_us[first]), int(at_us[last - 1]), facts))
        spots.append(Spot(int(at_us[max(first - 1, 0)]), int(at_us[first]), lasts=last == len(value)))
    return value, findings, spots


def _same_figure(value: Values, room: Values, first: int, last: int) -> bool:
    """Whether the run first..last-1, its sign taken off, is the register's course."""
    figure = -value[first:last]
    if (np.diff(figure) < -room[first + 1 : last]).sum() > (np.diff(figure) > 0).sum():
        return False  # it climbs from below nought
    meets = []
    if first > 0:
        meets.append((value[first - 1], figure[0]))
    if last < len(value):
        meets.append((figure[-1], value[last]))
    return not meets or any(
        -room[first] <= later - earlier <= _CLOSE * max(abs(later), abs(earlier)) + room[first] + 5 * _largest(figure)
        for earlier, later in meets
    )


def _largest(figure: Values) -> float:
    return float(np.abs(np.diff(figure)).max(initial=0.0))


def counting_down(point: MeteringPoint, at_us: Micros, value: Values, pace: Pace) -> list[tuple[int, int, Finding]]:
    """Runs (last reading before, last that fell) over which the register counts down at a pace that could be use."""
    change = np.diff(value)
    falls = np.flatnonzero(change < 0)
    if len(falls) < _LASTING:
        return []
    rises = np.flatnonzero(change > _FLICKER * point.resolution)
    run = np.searchsorted(rises, falls)  # falls with the same number have no rise between them
    found = []
    for number in np.unique(run).tolist():
        own = falls[run == number]
        first, last = int(own[0]), int(own[-1]) + 1
        deep = value[first] - value[last]
        if len(own) < _LASTING or deep < _DEPTH * point.resolution or -change[own].min() > _SHARE * deep:
            continue
        most = pace.most(int(at_us[last]), int(at_us[last] - at_us[first]), 0)
        if most is not None and deep > most:
            continue
        facts = {"readings": len(own), "from": float(value[first]), "to": float(value[last])}
        found.append((first, last, finding(point.id, "counts_down", int(at_us[first]), int(at_us[last]), facts)))
    return found
