"""Dirty hours to intervals: the hours whose readings changed are settled again, and the days they lie in become dirty."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl

from config.domain.clock import Clock
from config.domain.estate import MeteringPoint, Portfolio
from config.domain.periods import days_touched, local_date
from config.domain.readings import DirtyHours
from services.jobs.readings import PointReadings
from services.settlement.hourly_use import with_hourly_use
from services.settlement.reach import REACH
from services.settlement.settlement import Settlement, settle
from services.state.dirty import HourRange
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

CHUNK = timedelta(days=92)  # of a meter that reports every ten seconds that is 800,000 readings, some 60 MB
_HOUR = timedelta(hours=1)


class SettleJob:
    """A task is a metering point.

    Only hours that are over are settled. The last of them stays dirty while its end is not read yet: the reading that tells it
    comes minutes later and falls into the hour that has just begun, whose own turn is an hour away.
    """

    name = "settle"

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, state: State, clock: Clock) -> None:
        self._portfolio = portfolio
        self._store = store
        self._dirty_hours = state.dirty_hours
        self._dirty_days = state.dirty_days
        self._findings = state.findings
        self._clock = clock

    def pending(self, now: datetime) -> Sequence[str]:
        """Points with a dirty hour that is over, the longest waiting first."""
        return self._dirty_hours.pending_points(started_before=hour_of(now))

    def do(self, task: str) -> None:
        """Settle the point's dirty hours that are over.

        Marks are cleared last, and only those that were there at the beginning: a loss of the process anywhere, or a reading that
        arrives meanwhile, means that hours are settled once more.
        """
        taken = self._dirty_hours.take(task)
        over = hour_of(self._clock.now())
        later = [DirtyHours(task, max(start, over), end) for start, end in taken.ranges if end > over]
        point = self._portfolio.points.get(task)
        if point is None or not self._portfolio.installations_of[task]:
            log.warning("dirty hours of a point that is not in the portfolio, or has no meter, are left", extra={"point": task})
        else:
            if not self._settle_windows(
                point, [HourRange(start, min(end, over)) for start, end in taken.ranges if start < over], over
            ):
                later.append(DirtyHours(task, over - _HOUR, over))
            self._dirty_hours.mark(later)
        self._dirty_hours.clear(task, taken.up_to)

    def _settle_windows(self, point: MeteringPoint, ranges: Sequence[HourRange], over: datetime) -> bool:
        """Settle what the changed hours reach; whether the last hour that is over got its value, or was not among them."""
        readings = PointReadings(self._store, point, self._portfolio.installations_of[point.id])
        complete = True
        for window in _joined([_widened(readings, item, over) for item in _joined(ranges, apart=2 * REACH)]):
            for start, end in _chunks(window):
                settlement = self._settle(point, readings, start, end, over)
                self._keep(point, settlement, start, end)
                if end == over and not settlement.intervals.is_empty():
                    complete = settlement.intervals["value"][-1] is not None
        return complete

    def _settle(
        self, point: MeteringPoint, readings: PointReadings, start: datetime, end: datetime, over: datetime
    ) -> Settlement:
        """One chunk, with enough readings around it that its hours come out as they would in one piece."""
        first, last = start - REACH, end + REACH
        registers, use = readings.between(first, last)
        if (registers["time"] <= start).not_().all():
            earlier = readings.last_before(first, near=timedelta(0), registers_only=True)
            if earlier is not None:
                registers = pl.concat([readings.between(earlier, first)[0], registers])
        if (registers["time"] >= end).not_().all():
            later = readings.first_from(last, near=timedelta(0), until=over + _HOUR, registers_only=True)
            if later is not None:
                registers = pl.concat([registers, readings.between(last, later + timedelta(microseconds=1))[0]])
        settlement = settle(point, self._portfolio.installations_of[point.id], registers, start, end)
        return Settlement(with_hourly_use(settlement.intervals, use), settlement.findings)

    def _keep(self, point: MeteringPoint, settlement: Settlement, start: datetime, end: datetime) -> None:
        self._store.write_intervals(as_stored(point, settlement.intervals))
        self._findings.replace(point.id, start, end, settlement.findings)
        zone = self._portfolio.timezone
        self._dirty_days.mark(point.building, [local_date(day.start, zone) for day in days_touched(start, end, zone)])


def as_stored(point: MeteringPoint, intervals: pl.DataFrame) -> pl.DataFrame:
    """Settled hours with the tags of the series `intervals`."""
    return intervals.select(
        pl.col("start").alias("time"),
        pl.lit(point.building).alias("building"),
        pl.lit(point.carrier.value).alias("carrier"),
        pl.lit(point.direction.value).alias("direction"),
        pl.lit("main" if point.parent is None else "sub").alias("level"),
        pl.lit(point.id).alias("point"),
        "value",
        "coverage",
        "method",
    )


def hour_of(instant: datetime) -> datetime:
    """The whole UTC hour that contains it."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _hour_from(instant: datetime) -> datetime:
    """The whole UTC hour at it or after it."""
    hour = hour_of(instant)
    return hour if hour == instant else hour + _HOUR


def _widened(readings: PointReadings, changed: HourRange, over: datetime) -> HourRange:
    """The hours that readings in the changed ones can reach: to the reading before them and to the one after them.

    Where there is no reading in them, only the calendar or the portfolio moved on, and they are settled by themselves.
    """
    start, end = changed
    if not readings.any_between(start, end):
        return changed
    before = readings.last_before(start, near=REACH)
    after = readings.first_from(end, near=REACH, until=over)
    start = min(start - REACH, start if before is None else hour_of(before))
    end = max(end + REACH, end if after is None else _hour_from(after))
    return HourRange(start, min(end, over))


def _joined(ranges: Sequence[HourRange], apart: timedelta = timedelta(0)) -> list[HourRange]:
    """Sorted, those made one that overlap, touch, or are no further `apart`: they would reach each other when widened."""
    joined: list[HourRange] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1].end + apart:
            joined[-1] = HourRange(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(HourRange(start, end))
    return joined


def _chunks(window: HourRange) -> Iterator[HourRange]:
    count = -(-(window.end - window.start) // CHUNK)
    edges = [*(window.start + number * CHUNK for number in range(count)), window.end]
    return (HourRange(start, end) for start, end in pairwise(edges))
