"""Values that come in another unit than the one stated: the register falls or rises a thousandfold and goes on. Pure."""

import numpy as np

from config.domain.estate import MeteringPoint
from config.domain.intervals import Finding
from services.settlement.findings import finding
from services.settlement.spots import Spot
from services.settlement.units import DAY_US, Micros, Values

_FACTORS = (1e3, 1e6)
_LEAST = 1000.0  # in the larger figure: below it a thousandth cannot be told from nought
_CLOSE = 1e-4  # of the level
_NEAR = 0.05  # of the level: all that is looked at
_USED = 2e-3  # of the level, that may be used over the step; or at a few times the pace before it
_PACE = 4.0
_ALIKE = 30.0  # times one pace may be the other, in the same unit
_DISPLAYED = 1e-3  # of the larger unit: three decimals
_LASTING = 3  # readings; fewer are false ones
_ON_GRID = 0.01  # resolutions


def scaled(point: MeteringPoint, at_us: Micros, value: Values) -> tuple[Values, list[Finding], list[Spot]]:
    """The values in one unit throughout, and from when to when they came in another."""
    changes = _changes(point, at_us, value)
    if not changes:
        return value, [], []
    edges = [0, *(index for index, _ in changes), len(value)]
    factors = np.cumprod([1.0, *(factor for _, factor in changes)])
    if (
        len(value) > edges[1]
        and not _on_grid(point.resolution, value[: edges[1]])
        and _on_grid(point.resolution, value[edges[1] : edges[2]])
    ):
        factors = factors / factors[1]  # digits finer than the register has: the first unit is the strange one
    value = value.copy()
    findings, spots = [], []
    for number, factor in enumerate(factors.tolist()):
        first, last = edges[number], edges[number + 1]
        if factor == 1.0:
            continue
        facts = {"factor": factor, "readings": last - first, "first": float(value[first]), "last": float(value[last - 1])}
        value[first:last] *= factor
        findings.append(finding(point.id, "unit_changed", int(at_us[first]), int(at_us[last - 1]), facts))
        spots.append(Spot(int(at_us[max(first - 1, 0)]), int(at_us[first]), lasts=last == len(value)))
    return value, findings, spots


def _changes(point: MeteringPoint, at_us: Micros, value: Values) -> list[tuple[int, float]]:
    """Where the unit changes for a while at least, and what the values from there on are to be multiplied by."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = value[1:] / value[:-1]
    found = []
    for larger in _FACTORS:
        for factor in (larger, 1 / larger):
            near = np.flatnonzero(np.abs(ratio - 1 / factor) <= _NEAR / factor) + 1
            found += [(int(index), factor) for index in near]
    lasting: list[tuple[int, float]] = []
    since = 0
    for index, factor in sorted(found):
        if not _goes_on(point, at_us, value, since, index, factor):
            continue
        since = index
        if lasting and index - lasting[-1][0] < _LASTING:
            lasting.pop()
        else:
            lasting.append((index, factor))
    return lasting if not lasting or len(value) - lasting[-1][0] >= _LASTING else lasting[:-1]


def _goes_on(point: MeteringPoint, at_us: Micros, value: Values, since: int, index: int, factor: float) -> bool:
    """Whether the register is the same in another unit from `index` on; from `since` until there it came in one."""
    before, after = value[index - 1], value[index] * factor
    if before <= 0 or max(before, value[index]) < _LEAST:
        return False
    coarse_before = _on_grid(factor * point.resolution, value[max(since, index - _LASTING) : index])
    if factor > 1 and not coarse_before and _on_grid(point.resolution, value[index : index + _LASTING]):
        return False  # a thousandth of a register has digits that the register has not; a new one's small figures have none
    room = _CLOSE * before + _DISPLAYED * max(factor, 1.0)
    earlier, later = _pace_before(at_us, value, index - 1), factor * _pace_after(at_us, value, index)
    if max(earlier, later) > _ALIKE * min(earlier, later) and (min(earlier, later) > 0 or max(factor, 1 / factor) > _FACTORS[0]):
        return False
    used = max(_USED * before, _PACE * max(earlier, later) * int(at_us[index] - at_us[index - 1]))
    return bool(-room <= after - before <= room + used)


def _pace_before(at_us: Micros, value: Values, last: int) -> float:
    """Over the day until a reading, as far back as the register lies below it. [unit/µs]"""
    since = int(np.searchsorted(at_us, at_us[last] - DAY_US))
    above = np.flatnonzero((value[since:last] > value[last]) | (value[since:last] < value[last] / 2))
    since += int(above[-1]) + 1 if len(above) else 0
    return float(value[last] - value[since]) / max(1, int(at_us[last] - at_us[since]))


def _pace_after(at_us: Micros, value: Values, first: int) -> float:
    """Over the day from a reading, until the register leaves its course."""
    until = int(np.searchsorted(at_us, at_us[first] + DAY_US, side="right"))
    other = np.flatnonzero((value[first + 1 : until] < value[first]) | (value[first + 1 : until] > value[first] * 2))
    until = first + int(other[0]) if len(other) else until - 1
    return float(value[until] - value[first]) / max(1, int(at_us[until] - at_us[first]))


def _on_grid(step: float, value: Values) -> bool:
    """Whether the values are whole steps."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = value[:1000] / step
        return bool((np.abs(steps - np.round(steps)) < _ON_GRID).all())
