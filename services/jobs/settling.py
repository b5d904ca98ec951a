"""Which hours a changed reading may change, and the readings that settling them needs.

A reading reaches REACH, and to the readings next to it. A spot judged by history (a gap, a fall, a standstill, a clock) is
settled again when a reading within HISTORY of it changes; what lasts from there on (another unit, a turned sign), to the end.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl

from config.domain.estate import MeteringPoint, Portfolio
from services.jobs.readings import PointReadings, ReadingsSource
from services.settlement.hourly_use import with_hourly_use
from services.settlement.reach import HISTORY, REACH, HourSpan
from services.settlement.settlement import Settlement, settle
from services.state.dirty import HourRange
from services.state.state import State

CHUNK = timedelta(days=92)  # of a meter that reports every ten seconds that is 800,000 readings, some 60 MB
LONG_CHUNK = timedelta(days=740)  # of one that reports four times an hour at most
SELDOM_S = 900
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_AROUND = HISTORY + 2 * _DAY + REACH  # history is whole days, and each of its hours is known by the readings near it
_MOST_LOOKS = 6  # a spot that history brings in brings its own; in practice there are one or two
_CONTIGUOUS = timedelta(days=60)  # a hole in what is read that is shorter is read too


class PointSettling:
    """Settles windows of one point."""

    def __init__(self, portfolio: Portfolio, source: ReadingsSource, state: State, point: MeteringPoint, over: datetime) -> None:
        self._point = point
        self._installations = portfolio.installations_of[point.id]
        self._readings = PointReadings(source, point, self._installations)
        self._spots = state.spots
        self._decisions = state.exchanges.decisions(point.id)
        self._over = over

    def windows(self, ranges: Sequence[HourRange]) -> list[HourRange]:
        """The hours that changed ones reach, in pieces that fit in memory, by time."""
        near = [window for item in joined_ranges(ranges, apart=2 * REACH) for window in self._reached(item)]
        chunk = LONG_CHUNK if (self._point.interval_s or 0) >= SELDOM_S else CHUNK
        return [part for window in joined_ranges(near) for part in _chunks(window, chunk)]

    def settled(self, window: HourRange) -> Settlement:
        """One window, with as many readings around it as its hours need: they come out as they would in one piece."""
        start, end = window
        spans = [HourRange(start - REACH, end + REACH)]
        spans += [_around(spot) for spot in self._spots.lasting_before(self._point.id, start)]
        for _ in range(_MOST_LOOKS):
            registers, use = self._read(joined_ranges(spans, apart=_CONTIGUOUS), window)
            settlement = settle(self._point, self._installations, registers, start, end, self._decisions)
            wanted = [_around(spot) for spot in settlement.looked_back]
            if all(any(item.start <= asked.start and asked.end <= item.end for item in joined_ranges(spans)) for asked in wanted):
                break
            spans += wanted
        return Settlement(with_hourly_use(settlement.intervals, use), settlement.findings, settlement.looked_back)

    def _reached(self, changed: HourRange) -> Iterator[HourRange]:
        """The hours that readings in the changed ones can reach.

        Where there is no reading in them, only the calendar, the portfolio or a decision moved on, and they are settled by
        themselves.
        """
        start, end = changed
        if not self._readings.any_between(start, end):
            yield changed
            return
        before = self._readings.last_before(start, near=REACH)
        after = self._readings.first_from(end, near=REACH, until=self._over)
        first = min(start - REACH, start if before is None else hour_of(before))
        last = max(end + REACH, end if after is None else _hour_from(after))
        yield HourRange(first, min(last, self._over))
        for spot in self._spots.near(self._point.id, start, end, HISTORY + 2 * _DAY):
            yield HourRange(spot.start - REACH, min(self._over, self._over if spot.lasts else spot.end + REACH))
        for spot in self._spots.lasting_before(self._point.id, start):
            if spot.end > start - HISTORY:
                yield HourRange(spot.start, self._over)

    def _read(self, spans: Sequence[HourRange], window: HourRange) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Registers, and use as imported, of the spans, with the reading before and the reading after them."""
        parts = [self._readings.between(start, end) for start, end in spans]
        registers = [part[0] for part in parts]
        first, last = spans[0].start, spans[-1].end
        if (registers[0]["time"] <= window.start).not_().all() and len(spans) == 1:
            earlier = self._readings.last_before(first, near=timedelta(0), registers_only=True)
            if earlier is not None:
                registers.insert(0, self._readings.between(earlier, first)[0])
        if (registers[-1]["time"] >= window.end).not_().all():
            later = self._readings.first_from(last, near=timedelta(0), until=self._over + _HOUR, registers_only=True)
            if later is not None:
                registers.append(self._readings.between(last, later + timedelta(microseconds=1))[0])
        return pl.concat(registers), pl.concat([part[1] for part in parts])


def ahead_of(point: MeteringPoint, ranges: Sequence[HourRange]) -> HourRange:
    """Between which instants most readings lie that settling the dirty hours will ask for; there is at least one range.

    Of a meter that reports seldom, what history is judged by is read with the rest; of another that would be a month of readings
    for an hour's use.
    """
    margin = _AROUND if (point.interval_s or 0) >= SELDOM_S else 2 * REACH + _HOUR
    return HourRange(min(start for start, _ in ranges) - margin, max(end for _, end in ranges) + margin)


def hour_of(instant: datetime) -> datetime:
    """The whole UTC hour that contains it."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _hour_from(instant: datetime) -> datetime:
    """The whole UTC hour at it or after it."""
    hour = hour_of(instant)
    return hour if hour == instant else hour + _HOUR


def _around(spot: HourSpan) -> HourRange:
    return HourRange(spot.start - _AROUND, spot.end + _AROUND)


def joined_ranges(ranges: Sequence[HourRange], apart: timedelta = timedelta(0)) -> list[HourRange]:
    """Sorted, those made one that overlap, touch, or are no further `apart`: they would reach each other when widened."""
    joined: list[HourRange] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1].end + apart:
            joined[-1] = HourRange(joined[-1].start, max(joined[-1].end, end))
        elif start < end:
            joined.append(HourRange(start, end))
    return joined


def _chunks(window: HourRange, chunk: timedelta) -> Iterator[HourRange]:
    count = -(-(window.end - window.start) // chunk)
    edges = [*(window.start + number * chunk for number in range(count)), window.end]
    return (HourRange(start, end) for start, end in pairwise(edges))
