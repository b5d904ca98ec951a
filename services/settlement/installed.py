"""Which meter answered when: as the records of the point say, or as the device ids in the readings show. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np

from config.domain.estate import Direction, Installation, MeteringPoint
from config.domain.intervals import Finding, FindingCode
from services.settlement.findings import finding
from services.settlement.reach import REACH
from services.settlement.units import DAY_US, LARGEST, Messages, Micros, Values, instant, micros, micros_of

_RETURNS = 3  # readings of another id before the old one answers again: a slip of the gateway, no exchange
_SLACK = 2.0  # resolutions by which a register on record may contradict the readings beside it
_DAY_NOTED_US = DAY_US  # from the instant on record to where the register itself begins anew: some note the day alone


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
    point: MeteringPoint, installations: Sequence[Installation], found: Messages, taken_us: Micros
) -> tuple[list[Segment], list[Finding]]:
    """One segment a meter and stay, by time; the exchanges between them, and registers on record that the readings contradict."""
    if installations:
        return _on_record(point, installations, found, taken_us)
    parts = [_segment(found, taken_us, run) for run in _stays(found.meter)]
    return parts, [_by_id(point.id, old, new) for old, new in pairwise(parts)]


def believable(item: Installation) -> Installation:
    """Without such registers as no meter shows: those were not noted."""
    registers = item.start_register, item.end_register
    first, last = (None if level is None or not abs(level) < LARGEST else level for level in registers)
    return item if (first, last) == registers else replace(item, start_register=first, end_register=last)


def is_on_record(found: Finding, installations: Sequence[Installation]) -> bool:
    """Whether what a register's course makes suspect is an exchange on record of which neither id nor register told.

    Each suspicion is judged by itself, so that a part of a history tells what the whole does.
    """
    if found.code not in (FindingCode.RESET, FindingCode.EXCHANGE_SUSPECTED) or "accepted" in found.evidence:
        return False
    last_us = micros(datetime.fromisoformat(found.evidence["last_before"]))
    return any(
        last_us - _DAY_NOTED_US <= micros(new.start) <= micros(found.start) + _DAY_NOTED_US
        for old, new in pairwise(installations)
        if _tells_nothing(old, new)
    )


def _tells_nothing(old: Installation, new: Installation) -> bool:
    """The readings go on under one id, and no register was noted: where one meter's end can only be seen by their course."""
    return old.meter == new.meter and old.end_register is None and new.start_register is None


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
    point: MeteringPoint, installations: Sequence[Installation], found: Messages, taken_us: Micros
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
    parts, findings = _with_notes(point, installations, parts)
    parts = [part for part in parts if len(part.value)]
    before, after = _unrecorded(installations, found, taken_us)
    findings += [_by_id(point.id, old, new) for old, new in pairwise(before + parts[:1])]
    findings += [_by_id(point.id, old, new) for old, new in pairwise(parts[-1:] + after)]
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
    point: MeteringPoint, installations: Sequence[Installation], parts: list[Segment]
) -> tuple[list[Segment], list[Finding]]:
    """The segments with the registers noted at installation and removal, where the readings do not contradict them."""
    noted = list(parts)
    findings = []
    first, last = installations[0], installations[-1]
    if first.start_register is not None:
        noted[0], fits = _opened(noted[0], micros(first.start), first.start_register, point.resolution)
        findings += [] if fits else list(_start_contradicted(point, first, noted[0]))
    if last.end is not None and last.end_register is not None:
        noted[-1], fits = _closed(noted[-1], micros(last.end), last.end_register, point.resolution)
        findings += [] if fits else list(_end_contradicted(point, last, noted[-1]))
    for position, (old, new) in enumerate(pairwise(installations)):
        if _tells_nothing(old, new):
            noted[position + 1] = _merged(noted[position], noted[position + 1])
            noted[position] = _segment(_NOTHING, _NOTHING.said_us, np.arange(0))
            findings.append(_exchanged(point, old, new))
            continue
        at = micros(new.start)
        before, after = noted[position], noted[position + 1]
        if len(before.taken_us) and len(after.taken_us) and before.taken_us[-1] < after.taken_us[0]:
            at = int(min(max(at, before.taken_us[-1]), after.taken_us[0]))
        fits = True
        joined = old.end_register is not None and new.start_register is not None
        if old.end_register is not None:
            closing = min(at, micros(old.end)) if old.end is not None and micros(old.end) < micros(new.start) else at
            before, fits = _closed(before, closing, old.end_register, point.resolution)
        if new.start_register is not None:
            after, well = _opened(after, at, new.start_register, point.resolution)
            fits &= well
        noted[position] = before
        noted[position + 1] = replace(after, joined=joined and fits and old.end in (None, new.start))
        findings.append(_exchanged(point, old, new, None if fits else (before, after)))
    return noted, findings


def _exchanged(
    point: MeteringPoint, old: Installation, new: Installation, contradicting: tuple[Segment, Segment] | None = None
) -> Finding:
    """An exchange on record; `contradicting`: both meters' readings, where they contradict what was noted."""
    facts: dict[str, Any] = {
        "old_meter": old.meter,
        "old_register": old.end_register,
        "new_meter": new.meter,
        "new_register": new.start_register,
    }
    said = "exchange" if old.meter != new.meter else "exchange_same_id"
    if contradicting is not None:
        said = "exchange_contradicted"
        facts |= _last_read(contradicting[0]) | _first_read(contradicting[1]) | {"unit": point.unit}
    return finding(point.id, said, micros(new.start), micros(new.start), facts)


def _start_contradicted(point: MeteringPoint, item: Installation, part: Segment) -> Iterator[Finding]:
    """The register noted when the point's first meter came, beside its first reading. A net register may have fallen to it."""
    if point.direction is not Direction.NET:
        after = _within(part, part.taken_us > micros(item.start))
        facts = {"new_meter": item.meter, "new_register": item.start_register, **_first_read(after), "unit": point.unit}
        yield finding(point.id, "start_contradicted", micros(item.start), int(after.taken_us[0]), facts)


def _end_contradicted(point: MeteringPoint, item: Installation, part: Segment) -> Iterator[Finding]:
    """The register noted when the point's last meter went, beside its last reading."""
    if point.direction is not Direction.NET:
        before = _within(part, part.taken_us < _us(item.end))
        facts = {"old_meter": item.meter, "old_register": item.end_register, **_last_read(before), "unit": point.unit}
        yield finding(point.id, "end_contradicted", int(before.taken_us[-1]), _us(item.end), facts)


def _last_read(part: Segment) -> dict[str, Any]:
    return {
        "last_read": [float(value) for value in part.value[-1:]],
        "last_read_at": [instant(at).isoformat() for at in part.taken_us[-1:]],
    }


def _first_read(part: Segment) -> dict[str, Any]:
    return {
        "first_read": [float(value) for value in part.value[:1]],
        "first_read_at": [instant(at).isoformat() for at in part.taken_us[:1]],
    }


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


def _within(part: Segment, inside: np.ndarray) -> Segment:
    return replace(
        part,
        taken_us=part.taken_us[inside],
        value=part.value[inside],
        coarse=part.coarse[inside],
        received_us=part.received_us[inside],
    )


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
