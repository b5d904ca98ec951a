"""Registers to hourly intervals of a metering point. Pure: frames in, frames out.

The way: readings become vectors in the point's unit (`units`), each with the time it was taken (`times`); each meter's stay
(`installed`) gives a course of good readings (`levels`), the courses one course of the point; standstills are judged
(`standstill`), long steps spread (`spreading`), and what lies in an hour makes the hour (`hours`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from config.domain.estate import Direction, Installation, MeteringPoint
from config.domain.intervals import ExchangeDecision, Finding
from services.settlement.course import joined as one_course
from services.settlement.findings import finding
from services.settlement.history import History
from services.settlement.hours import hours_of
from services.settlement.installed import believable, is_on_record, segments
from services.settlement.levels import judged
from services.settlement.reach import HourSpan
from services.settlement.silence import gaps
from services.settlement.spots import Spot
from services.settlement.spreading import spread, telling
from services.settlement.standstill import caught_up, without_standstills
from services.settlement.times import WrongClock, timed
from services.settlement.units import instant, messages, micros


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of one window of one point.

    Attributes:
        intervals: one row an hour from start to end, none left out; columns `start` (UTC), `value` (null exactly where the
            method is missing), `coverage` (0..1), `method` (`config.domain.intervals.Method`), `span_start` and `span_end` (of
            interpolated hours: the readings between which the difference was taken; null otherwise).
        findings: oddities, by start.
        looked_back: spots that were judged by readings within HISTORY of them, by start; see `reach`.
    """

    intervals: pl.DataFrame
    findings: tuple[Finding, ...]
    looked_back: tuple[HourSpan, ...] = ()


def settle(
    point: MeteringPoint,
    installations: Sequence[Installation],
    readings: pl.DataFrame,
    start: datetime,
    end: datetime,
    confirmed: Sequence[ExchangeDecision] = (),
) -> Settlement:
    """Hourly intervals of `point` from `start` to `end` (whole UTC hours).

    An hour with a register difference over all of it is measured, or interpolated where the difference spans more than
    neighbouring readings; a few unknown minutes are estimated from those beside them; any other hour is missing. Values of a
    point whose register only rises are never negative.

    Args:
        installations: of the point, by start; the seam between two is an exchange on record. None at all: the device ids in the
            readings say which meter it was.
        readings: columns `time` (UTC, null where the device sent none), `received` (UTC), `meter`, `value`, `unit`; any order,
            duplicates allowed; some may lie outside the window and are used.
        confirmed: what people decided of level steps found earlier.
    """
    rises = point.direction is not Direction.NET
    ordered = [believable(item) for item in sorted(installations, key=lambda item: item.start)]
    found, taken_us, clocks = timed(messages(readings, point.unit), rises=rises)
    parts, findings = segments(point, ordered, found, taken_us)
    findings += [_clock(point.id, item) for item in clocks]
    spots = [Spot(item.first_us, item.last_us) for item in clocks if item.judged]
    courses = []
    for part in parts:
        course, odd, more = judged(point, part, confirmed)
        courses.append(course)
        findings += [item for item in odd if not is_on_record(item, ordered)]
        spots += more
    course = one_course(courses, [part.joined for part in parts])
    first_us, last_us = micros(start), micros(end)
    history = History(course, telling(point, course) & ~caught_up(course), first_us, last_us)
    if rises:
        course, odd, more = without_standstills(point, course, history, first_us, last_us)
        findings += odd
        spots += more
    steps, more = spread(point, course, history, first_us, last_us)
    intervals = hours_of(steps, first_us, last_us, may_fall=not rises)
    findings += gaps(point, ordered, [part.taken_us for part in parts], start, end)
    touching = [item for item in findings if item.start < end and (item.end > start or item.end == item.start == start)]
    return Settlement(
        intervals,
        tuple(sorted(touching, key=lambda item: (item.start, item.end, item.code, item.sentence_en))),
        _spans([*spots, *more], start, end),
    )


def _clock(point: str, wrong: WrongClock) -> Finding:
    facts = {
        "readings": wrong.readings,
        "clock_ahead_s": wrong.offset_us / 1e6,
        "first_received": instant(wrong.first_us).isoformat(),
    }
    return finding(point, "clock", wrong.first_us, wrong.last_us, facts)


def _spans(spots: Sequence[Spot], start: datetime, end: datetime) -> tuple[HourSpan, ...]:
    """Those that the window's hours depend on, by start; those that overlap as one."""
    spans = sorted({spot.hours() for spot in spots}, key=lambda span: (span.lasts, span.start, span.end))
    joined: list[HourSpan] = []
    for span in spans:
        if span.start > end or (span.end < start and not span.lasts):
            continue
        if joined and joined[-1].lasts == span.lasts and span.start <= joined[-1].end:
            joined[-1] = HourSpan(joined[-1].start, max(joined[-1].end, span.end), span.lasts)
        else:
            joined.append(span)
    return tuple(sorted(joined, key=lambda span: (span.start, span.end, span.lasts)))
