"""Which meter answered when: as the records of the point say, or as the device ids in the readings show. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np

from config.domain.estate import Installation
from config.domain.intervals import Finding
from services.settlement.findings import finding
from services.settlement.reach import REACH
from services.settlement.units import Messages, Micros, Values, micros, micros_of

_RETURNS = 3  # readings of another id before the old one answers again: a slip of the gateway, no exchange
_SLACK = 2.0  # resolutions by which a register on record may contradict the readings beside it


_NOTHING = Messages(*(np.zeros(0, np.int64),) * 3, (), *(np.zeros(0),) * 2)


@dataclass(frozen=True, slots=True)
class Segment:
    """One meter's readings at the point, by time; `joined`: its first reading goes on from the last of the one before.

    The registers noted at an exchange are readings too: the old one's last, the new one's first.
    """

    meter: str
    taken_us: Micros
    value: Values
    coarse: Values
    received_us: Micros
    joined: bool = False


def segments(
    point: str, installations: Sequence[Installation], found: Messages, taken_us: Micros, resolution: float
) -> tuple[list[Segment], list[Finding]]:
    """One segment a meter and stay, by time, and the exchanges between them."""
    if installations:
        return _on_record(point, installations, found, taken_us, resolution)
    parts = [_segment(found, taken_us, run) for run in _stays(found.meter)]
    return parts, [_by_id(point, old, new) for old, new in pairwise(parts)]


def _segment(found: Messages, taken_us: Micros, which: Micros) -> Segment:
    meter = found.meters[int(found.meter[which[0]])] if len(which) else ""
    return Segment(meter, taken_us[which], found.value[which], found.coarse[which], found.received_us[which])


def _stays(meter: Micros) -> Iterator[Micros]:
    """Positions of each meter's stay; an id that turns up between two of another's readings is nobody's."""
    if not len(meter):
        return
    changes = np.flatnonzero(np.diff(meter)) + 1
    if not len(changes):
        yield np.arange(len(meter))
        return
    edges = [0, *changes.tolist(), len(meter)]
    stay: list[Micros] = []
    current = int(meter[0])
    for first, last in pairwise(edges):
        run = np.arange(first, last)
        other = int(meter[first])
        if other != current:
            if (meter[last : last + _RETURNS] == current).any() and last - first < _RETURNS:
                continue
            yield np.concatenate(stay)
            stay, current = [], other
        stay.append(run)
    yield np.concatenate(stay)


def _by_id(point: str, old: Segment, new: Segment) -> Finding:
    facts: dict[str, Any] = {
        "old_meter": old.meter,
        "old_register": float(old.value[-1]),
        "new_meter": new.meter,
        "new_register": float(new.value[0]),
    }
    return finding(point, "exchange_by_id", int(new.taken_us[0]), int(new.taken_us[0]), facts)


def _on_record(
    point: str, installations: Sequence[Installation], found: Messages, taken_us: Micros, resolution: float
) -> tuple[list[Segment], list[Finding]]:
    number = np.full(len(taken_us), -1)
    for position, item in enumerate(installations):
        own = _answers(item, found) & (number < 0)
        number[own & (taken_us >= _us(item.start)) & (taken_us <= _us(item.end, last=True))] = position
    for position, (old, new) in enumerate(pairwise(installations)):
        if old.meter != new.meter:  # the hour on record is a person's; the ids say when it really was
            near = micros_of(REACH)
            late = (
                _answers(old, found)
                & (number < 0)
                & (taken_us > _us(old.end or new.start))
                & (taken_us <= _us(old.end or new.start) + near)
            )
            early = _answers(new, found) & (number < 0) & (taken_us < _us(new.start)) & (taken_us >= _us(new.start) - near)
            first_new = taken_us[number == position + 1][:1]
            last_old = taken_us[number == position][-1:]
            number[late & (taken_us < (first_new[0] if len(first_new) else 0))] = position
            number[early & (taken_us > (last_old[0] if len(last_old) else _us(new.start)))] = position + 1
    parts = [_segment(found, taken_us, np.flatnonzero(number == position)) for position in range(len(installations))]
    parts = [replace(part, meter=item.meter) for part, item in zip(parts, installations, strict=True)]
    parts, findings = _with_notes(point, installations, parts, resolution)
    parts = [part for part in parts if len(part.value)]
    before, after = _unrecorded(installations, found, taken_us)
    findings += [_by_id(point, old, new) for old, new in pairwise(before + parts[:1])]
    findings += [_by_id(point, old, new) for old, new in pairwise(parts[-1:] + after)]
    return before + parts + after, findings


def _answers(item: Installation, found: Messages) -> np.ndarray:
    if item.meter not in found.meters:
        return np.zeros(len(found.meter), dtype=np.bool_)
    return np.asarray(found.meter == found.meters.index(item.meter))


def _unrecorded(installations: Sequence[Installation], found: Messages, taken_us: Micros) -> tuple[list[Segment], list[Segment]]:
    """Meters that no record names, which answered until the first on record began to, or after the last fell silent."""
    own = np.zeros(len(taken_us), dtype=np.bool_)
    for item in installations:
        own |= _answers(item, found)
    heard = np.flatnonzero(own)
    first, last = installations[0], installations[-1]
    begin = int(taken_us[heard[0]]) if len(heard) else _us(first.end, last=True)
    before = np.flatnonzero(~own & (taken_us >= _us(first.start)) & (taken_us < begin))
    after = np.zeros(0, np.int64)
    if last.end is None and len(heard):
        after = np.flatnonzero(~own & (taken_us >= _us(last.start)) & (taken_us > taken_us[heard[-1]]))
    early, late = ([_segment(found, taken_us, part[stay]) for stay in _stays(found.meter[part])] for part in (before, after))
    return early, late


def _with_notes(
    point: str, installations: Sequence[Installation], parts: list[Segment], resolution: float
) -> tuple[list[Segment], list[Finding]]:
    """The segments with the registers noted at installation and removal, where the readings do not contradict them."""
    findings = []
    noted = list(parts)
    for position, item in enumerate(installations):
        if item.start_register is not None and position == 0:
            noted[0], _ = _opened(noted[0], micros(item.start), item.start_register, resolution)
        if item.end is not None and item.end_register is not None and position == len(installations) - 1:
            noted[-1], _ = _closed(noted[-1], micros(item.end), item.end_register, resolution)
    for position, (old, new) in enumerate(pairwise(installations)):
        if old.meter == new.meter and old.end_register is None and new.start_register is None:
            noted[position + 1] = _merged(noted[position], noted[position + 1])
            noted[position] = _segment(_NOTHING, _NOTHING.said_us, np.arange(0))
            continue
        at = micros(new.start)
        before, after = noted[position], noted[position + 1]
        if len(before.taken_us) and len(after.taken_us) and before.taken_us[-1] < after.taken_us[0]:
            at = int(min(max(at, before.taken_us[-1]), after.taken_us[0]))
        fits = True
        joined = old.end_register is not None and new.start_register is not None
        if old.end_register is not None:
            closing = min(at, micros(old.end)) if old.end is not None and micros(old.end) < micros(new.start) else at
            before, fits = _closed(before, closing, old.end_register, resolution)
        if new.start_register is not None:
            after, well = _opened(after, at, new.start_register, resolution)
            fits &= well
        noted[position] = before
        noted[position + 1] = replace(after, joined=joined and fits and old.end in (None, new.start))
        facts: dict[str, Any] = {
            "old_meter": old.meter,
            "old_register": old.end_register,
            "new_meter": new.meter,
            "new_register": new.start_register,
        }
        if not fits:
            last, first = noted[position].value[-1:], noted[position + 1].value[:1]
            facts |= {"last_read": [float(value) for value in last], "first_read": [float(value) for value in first]}
        findings.append(
            finding(point, "exchange" if fits else "exchange_contradicted", micros(new.start), micros(new.start), facts)
        )
    return noted, findings


def _merged(old: Segment, new: Segment) -> Segment:
    return replace(
        new,
        taken_us=np.concatenate([old.taken_us, new.taken_us]),
        value=np.concatenate([old.value, new.value]),
        coarse=np.concatenate([old.coarse, new.coarse]),
        received_us=np.concatenate([old.received_us, new.received_us]),
        joined=old.joined,
    )


def _closed(part: Segment, at_us: int, register: float, resolution: float) -> tuple[Segment, bool]:
    """With the register noted at removal as its last reading; a note counts before a message of the same instant."""
    inside = part.taken_us < at_us
    if inside.any() and register < np.max(part.value[inside][-1:]) - _SLACK * resolution:
        return part, False
    return _noted(part, inside, at_us, register, last=True), True


def _opened(part: Segment, at_us: int, register: float, resolution: float) -> tuple[Segment, bool]:
    inside = part.taken_us > at_us
    if inside.any() and register > part.value[inside][0] + _SLACK * resolution:
        return part, False
    return _noted(part, inside, at_us, register, last=False), True


def _noted(part: Segment, inside: np.ndarray, at_us: int, register: float, *, last: bool) -> Segment:
    where = int(inside.sum()) if last else 0
    return replace(
        part,
        taken_us=np.insert(part.taken_us[inside], where, at_us),
        value=np.insert(part.value[inside], where, register),
        coarse=np.insert(part.coarse[inside], where, 0.0),
        received_us=np.insert(part.received_us[inside], where, at_us),
    )


def _us(moment: datetime | None, *, last: bool = False) -> int:
    if moment is None:
        return int(np.iinfo(np.int64).max if last else np.iinfo(np.int64).min)
    return micros(moment)
