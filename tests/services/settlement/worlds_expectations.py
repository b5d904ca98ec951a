"""What is asked of an answer to a world, derived from how it was made.

The rules are those of the published scenarios: the good readings are knots, and each stretch between two knots says of the hours
that it touches whether they are measured, spread, unknown, or free to be called either. The figures in the rules below (0.1 %,
2.1 steps, half again, 15 %, one and a half times the mean) were read off the published expectations and agree with them.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from tests.services.settlement.worlds_drafts import Draft, Loose, iso
from tests.services.settlement.worlds_loads import HOUR, Vector
from tests.services.settlement.worlds_stretches import Kind, Stretch, edges_of, even_of, off_of, stretches_of

BARELY = 72  # seconds of an hour: a mark is as right as none


def scenario(draft: Draft, name: str) -> dict[str, Any]:
    """The world as a scenario file."""
    readings = [draft.send(event, event.received) for event in draft.events if not event.lost]
    readings += [draft.send(event, received) for event, received in draft.copies]
    readings += [draft.send(event, received, value) for event, value, received in draft.twins]
    readings.sort(key=lambda reading: str(reading["received"]))
    return {
        "scenario": name,
        "world": " ".join(draft.world),
        "answer": " ".join(draft.answer),
        "source": "invented",
        "input": {
            "scenario": name,
            "metering_point": {
                "id": f"735999{draft.start % 10**12:012d}",
                "carrier": draft.carrier,
                "direction": draft.direction,
                "unit": draft.unit,
                "resolution": draft.resolution,
                "digits": draft.digits,
                "max_power_kw": draft.max_power,
                "interval_s": draft.interval,
            },
            "exchanges": draft.exchanges,
            "from": iso(draft.start),
            "to": iso(draft.end),
            "readings": readings,
        },
        "truth": [round(float(value), 6) for value in truth(draft)],
        "expect": expectation(draft),
    }


def truth(draft: Draft) -> Vector:
    """Each hour's use."""
    return np.diff(draft.load.energy(edges_of(draft)))


def expectation(draft: Draft) -> dict[str, Any]:
    """The `expect` of a scenario."""
    stretches = stretches_of(draft)
    rows, tolerance = _rows(draft, stretches)
    size = float(np.abs(truth(draft)).sum())
    broken = [item for item in stretches if item.kind >= Kind.BROKEN and item.end > draft.start and item.start < draft.end]
    unknown = sum(_estimate_may_miss(draft, item) for item in broken if item.kind is Kind.BROKEN)
    unknown += draft.resolution * len(broken)  # each register rounds for itself
    return {
        "total_relative": round(max(0.003, 1.2 * unknown / size) if broken else 0.003, 6) if size else 0.003,
        "hour_tolerance": [round(float(value), 6) for value in tolerance],
        "hours": _merged(draft, rows),
        "sums": _sums(draft, stretches, rows),
        "findings": _findings(draft, stretches),
        "subwindow": _subwindow(draft, rows),
    }


def _estimate_may_miss(draft: Draft, item: Stretch) -> float:
    """What an estimate of a few unknown minutes may be off by: it knows the usual pace, and that of the hours beside them."""
    hours = (item.end - item.start) / HOUR
    beside = draft.use(item.start - HOUR, item.start), draft.use(item.end, item.end + HOUR)
    usual = float(np.abs(truth(draft)).mean())
    return max(abs(draft.use(item.start, item.end)), hours * max(usual, *(abs(use) for use in beside)))


def _rows(draft: Draft, stretches: list[Stretch]) -> tuple[list[dict[str, Any] | None], Vector]:
    """(what is asked of each hour, None where plainly measured; each hour's tolerance)."""
    edges = edges_of(draft)
    hours = len(edges) - 1
    seconds = np.zeros((len(Kind), hours))
    extra = np.zeros(hours)
    for item in stretches:
        if item.kind is not Kind.PLAIN:
            shared = np.clip(np.minimum(edges[1:], item.end) - np.maximum(edges[:-1], item.start), 0, None)
            seconds[item.kind] += shared
            if item.kind is Kind.SPREAD:  # a few seconds of a spread stretch: its pace there is anybody's guess
                barely = (shared > 0) & (shared < BARELY)
                extra[barely] += 6 * abs(draft.use(item.start, item.end)) / (item.end - item.start) * shared[barely]
            if item.kind is Kind.BROKEN:
                extra[shared > 0] += _estimate_may_miss(draft, item)
    true, off = truth(draft), off_of(draft, stretches)
    tolerance = 1.05 * draft.resolution + 0.002 * np.abs(true) + 1.5 * (off[1:] + off[:-1]) + extra
    reach = 1.0 if draft.interval is None else min(0.65, 0.05 + 0.6 * draft.interval / HOUR)
    for start, end, more in draft.wider:
        tolerance[(edges[1:] > start) & (edges[:-1] < end)] += more
    rows = [_row(seconds[:, hour], reach) for hour in range(hours)]
    for loose in [*draft.loose, *([Loose(draft.start, draft.end)] if draft.coarse else [])]:
        touched = np.flatnonzero((edges[1:] > loose.start) & (edges[:-1] < loose.end))
        tolerance[touched] += loose.extra
        for hour in touched:
            before = rows[hour]
            if before is None or (before["mark"] == "either" and before["knowable"]):
                rows[hour] = _either(loose, 1.0 if before is None else before["coverage"][0])
    if draft.backwards is not None:
        free = _asked("either", ("measured", "interpolated", "estimated", "missing"), "any", [0, 1], knowable=False)
        first = (draft.backwards - draft.start) // HOUR
        rows[first:] = [free] * (hours - first)
    return rows, tolerance


def _either(loose: Loose, lowest: float) -> dict[str, Any]:
    value = "near" if loose.knowable else "any"
    return _asked("either", loose.methods, value, [round(min(loose.lowest, lowest), 3), 1], knowable=loose.knowable)


def _row(seconds: Vector, reach: float) -> dict[str, Any] | None:
    kind = max((kind for kind in Kind if seconds[kind] > 0), default=Kind.PLAIN)
    share = 1 - float(seconds.sum()) / HOUR
    low, high = round(max(0.0, share - reach), 3), round(min(0.999, share + reach), 3)
    barely = seconds.sum() < BARELY
    if kind is Kind.PLAIN:
        return None
    if kind is Kind.LOST:
        return _asked("either", ("measured", "interpolated"), "near", [low, 1])
    if kind is Kind.SPREAD:
        if barely:
            return _asked("either", ("measured", "interpolated"), "near", [low, 1])
        return _asked("yes", ("interpolated",), "sum", [low, high])
    if kind is Kind.BROKEN:
        if barely:
            return _asked("either", ("measured", "interpolated", "estimated"), "near", [low, 1])
        return _asked("yes", ("estimated", "interpolated"), "near", [low, high])
    if barely:
        return _asked("either", ("measured", "interpolated", "estimated", "missing"), "any", [low, 1], knowable=False)
    methods = ("estimated", "interpolated", "missing") if kind is Kind.HALF else ("estimated", "missing")
    return _asked("yes", methods, "any", [low, high], knowable=False)


def _asked(mark: str, methods: tuple[str, ...], value: str, coverage: list[float], knowable: bool = True) -> dict[str, Any]:
    return {"mark": mark, "methods": list(methods), "value": value, "knowable": knowable, "coverage": coverage}


def _merged(draft: Draft, rows: list[dict[str, Any] | None]) -> list[dict[str, Any]]:
    """Neighbouring hours of which the same is asked, as one."""
    found: list[dict[str, Any]] = []
    for hour, row in enumerate(rows):
        if row is None:
            continue
        start, end = iso(draft.start + hour * HOUR), iso(draft.start + (hour + 1) * HOUR)
        if found and found[-1]["to"] == start and {**found[-1], "from": 0, "to": 0} == {**row, "from": 0, "to": 0}:
            found[-1]["to"] = end
        else:
            found.append({"from": start, "to": end, **row})
    return found


def _sums(draft: Draft, stretches: list[Stretch], rows: list[dict[str, Any] | None]) -> list[dict[str, Any]]:
    edges, true, even = edges_of(draft), truth(draft), even_of(draft)
    off = off_of(draft, stretches)
    mean = float(np.abs(true).mean())
    found = []
    for spread in (True, False):
        kinds = (Kind.SPREAD,) if spread else (Kind.UNKNOWN,)
        for first, last in _touched(draft, [item for item in stretches if item.kind in kinds]):
            span = slice(first, last)
            size, count = float(np.abs(true[span]).sum()), last - first
            if any(row is None or row["knowable"] is not spread for row in rows[span]):
                continue
            room = 0.001 * size + 2.1 * draft.resolution + 1.5 * float(off[first] + off[last])
            item = {"from": iso(edges[first]), "to": iso(edges[last])}
            if spread:
                total = float(true[span].sum())
                lumped = 1.5 * float(np.abs(np.diff(even)[span] - true[span]).sum()) + 0.15 * size
                found.append(
                    item
                    | {
                        "low": round(total - room, 6),
                        "high": round(total + room, 6),
                        "spread_error": round(lumped + count * 1.05 * draft.resolution, 6),
                    }
                )
            else:
                highest = max(2 * size, 1.5 * mean * count) + room
                found.append(item | {"low": round(-highest if draft.direction == "net" else -room, 6), "high": round(highest, 6)})
    return found


def _touched(draft: Draft, stretches: list[Stretch]) -> list[tuple[int, int]]:
    """Ranges of hours that stretches touch; those that share an hour are one. Stretches that leave the window are left out."""
    ranges: list[tuple[int, int]] = []
    for item in stretches:
        if item.start < draft.start or item.end > draft.end:
            continue
        first, last = int((item.start - draft.start) // HOUR), int(-(-(item.end - draft.start) // HOUR))
        if ranges and first < ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        elif last > first:
            ranges.append((first, last))
    return ranges


def _findings(draft: Draft, stretches: list[Stretch]) -> dict[str, Any]:
    wanted = [{"any_of": list(item.any_of), "from": iso(item.start), "to": iso(item.end)} for item in draft.wanted]
    allowed = list(draft.allowed)
    sent = [event.at for event in draft.events if not event.lost]
    for item in stretches:
        length = item.end - item.start
        if (
            draft.interval is None
            or length < 3300
            or length <= 1.4 * draft.interval
            or item.end < draft.start
            or item.start > draft.end
        ):
            continue
        heard = [item.start, *(at for at in sent if item.start < at < item.end), item.end]
        if max(later - at for at, later in pairwise(heard)) > max(4200, 1.6 * draft.interval):
            wanted.append({"any_of": ["gap"], "from": iso(item.start), "to": iso(item.end)})
        else:
            allowed.append(("gap", item.start, item.end))
    return {
        "required": wanted,
        "allowed": [{"code": code, "from": iso(start), "to": iso(end)} for code, start, end in allowed],
        "slack_s": draft.slack,
    }


def _subwindow(draft: Draft, rows: list[dict[str, Any] | None]) -> dict[str, str] | None:
    """Half the window with a margin of readings, its cuts away from anything odd; None where there is no such half."""
    hours = len(rows)
    unrecorded = len({event.meter for event in draft.events}) > 1 + len(draft.exchanges)
    if not draft.subwindow or hours < 24 or (draft.exchanges and unrecorded):  # half of the ids would be told, half not
        return None
    margin = 24 if hours > 300 else 6
    marked: list[float] = [draft.start + hour * HOUR for hour, row in enumerate(rows) if row is not None and not draft.coarse]
    marked += [item.start for item in draft.wanted] + [item.end for item in draft.wanted]

    def clear(instant: int) -> bool:
        return not any(abs(instant - at) < 5 * HOUR for at in marked)

    for length in (hours // 2, hours // 4):
        for first in sorted(range(margin, hours - length - margin + 1), key=lambda hour: abs(hour - (hours - length) // 2)):
            start, end = draft.start + first * HOUR, draft.start + (first + length) * HOUR
            if clear(start - margin * HOUR) and clear(end + margin * HOUR):
                return {
                    "from": iso(start),
                    "to": iso(end),
                    "readings_from": iso(start - margin * HOUR),
                    "readings_to": iso(end + margin * HOUR),
                }
    return None
