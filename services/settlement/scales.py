"""Values that come in another unit than the one stated: the register falls or rises a thousandfold and goes on. Pure."""

import numpy as np

from config.domain.estate import MeteringPoint
from config.domain.intervals import Finding
from services.settlement.findings import finding
from services.settlement.spots import Spot
from services.settlement.units import Micros, Values

_FACTORS = (1e3, 1e6)
_LEAST = 1000.0  # in the larger figure: below it a thousandth cannot be told from nought
_CLOSE = 1e-4  # of the level
_USED = 2e-3  # of the level, that may be used over the step
_DISPLAYED = 1e-3  # of the larger unit: three decimals
_LASTING = 3  # readings; fewer are false ones
_ON_GRID = 0.01  # resolutions


def scaled(point: MeteringPoint, at_us: Micros, value: Values) -> tuple[Values, list[Finding], list[Spot]]:
    """The values in one unit throughout, and from when to when they came in another."""
    changes = _changes(value)
    if not changes:
        return value, [], []
    edges = [0, *(index for index, _ in changes), len(value)]
    factors = np.cumprod([1.0, *(factor for _, factor in changes)])
    if len(value) > edges[1] and not _on_grid(point, value[: edges[1]]) and _on_grid(point, value[edges[1] : edges[2]]):
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


def _changes(value: Values) -> list[tuple[int, float]]:
    """Where the unit changes for a while at least, and what the values from there on are to be multiplied by."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = value[1:] / value[:-1]
    found = []
    for larger in _FACTORS:
        for factor in (larger, 1 / larger):
            near = np.flatnonzero(np.abs(ratio - 1 / factor) <= 2 * _USED / factor) + 1
            found += [(int(index), factor) for index in near if _goes_on(value, int(index), factor)]
    lasting: list[tuple[int, float]] = []
    for index, factor in sorted(found):
        if lasting and index - lasting[-1][0] < _LASTING:
            lasting.pop()
        else:
            lasting.append((index, factor))
    return lasting if not lasting or len(value) - lasting[-1][0] >= _LASTING else lasting[:-1]


def _goes_on(value: Values, index: int, factor: float) -> bool:
    before, after = value[index - 1], value[index] * factor
    if before <= 0 or max(before, value[index]) < _LEAST:
        return False
    room = _CLOSE * before + _DISPLAYED * max(factor, 1.0)
    return bool(-room <= after - before <= room + _USED * before)


def _on_grid(point: MeteringPoint, value: Values) -> bool:
    """Whether the values are whole steps of the register."""
    steps = value[:1000] / point.resolution
    return bool((np.abs(steps - np.round(steps)) < _ON_GRID).all())
