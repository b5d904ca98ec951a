"""Dirty hours to intervals: the hours whose readings changed are settled again, and the days they lie in become dirty."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import polars as pl

from config.domain.changes import Cause
from config.domain.clock import Clock
from config.domain.estate import MeteringPoint, Portfolio
from config.domain.intervals import Method
from config.domain.readings import DirtyHours
from config.domain.series import INTERVALS, SeriesQuery
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
        """Write what came out otherwise than it is stored, and mark its days.

        The marks are made before the writing, since a loss of the process between the two must not leave hours changed and days
        unmarked; and again after it, since the days may have been calculated meanwhile.
        """
        intervals = as_stored(point, settlement.intervals)
        stored = self._store.read(SeriesQuery(INTERVALS, start, end, _tags(point)))
        changed = changed_intervals(intervals, stored)
        self._findings.replace(point.id, start, end, settlement.findings)
        if changed.is_empty():
            return
        late, others = self._days(changed)
        self._mark(point, late, others)
        self._store.write_intervals(changed.drop("known_before"))
        self._mark(point, late, others)

    def _mark(self, point: MeteringPoint, late: Sequence[date], others: Sequence[date]) -> None:
        self._dirty_days.mark(point.building, late, Cause.LATE)
        self._dirty_days.mark(point.building, others)

    def _days(self, changed: pl.DataFrame) -> tuple[list[date], list[date]]:
        """Local days of the changed hours: those that were stored otherwise, and those that are new."""
        zone = self._portfolio.timezone
        days = (
            changed.group_by(pl.col("time").dt.convert_time_zone(zone).dt.date().alias("day"))
            .agg(pl.col("known_before").any())
            .sort("day")
        )
        return days.filter("known_before")["day"].to_list(), days.filter(~pl.col("known_before"))["day"].to_list()


def _tags(point: MeteringPoint) -> dict[str, tuple[str, ...]]:
    return {
        "point": (point.id,),
        "building": (point.building,),
        "carrier": (point.carrier.value,),
        "direction": (point.direction.value,),
        "level": ("main" if point.parent is None else "sub",),
    }


def changed_intervals(intervals: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Those of `intervals` that are not stored so, with `known_before`: whether the hour was stored otherwise."""
    fields = ["value", "coverage", "method", "span_start", "span_end"]
    both = intervals.join(
        stored.select("time", *fields, pl.lit(value=True).alias("known_before")), on="time", how="left", suffix="_old"
    )
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_old")) for name in fields)
    return (
        both.filter(~same | pl.col("known_before").is_null())
        .with_columns(pl.col("known_before").fill_null(value=False))
        .select(*intervals.columns, "known_before")
    )


def as_stored(point: MeteringPoint, intervals: pl.DataFrame) -> pl.DataFrame:
    """Settled hours with the tags of the series `intervals`."""
    spans = [
        pl.when(pl.col("method") == Method.INTERPOLATED.value).then(pl.col(name).dt.epoch("ms")).otherwise(0).alias(name)
        if name in intervals.columns
        else pl.lit(0, pl.Int64).alias(name)
        for name in ("span_start", "span_end")
    ]
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
        *spans,
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
