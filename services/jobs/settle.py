"""Dirty hours to intervals: the hours whose readings changed are settled again, and the days they lie in become dirty."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.changes import Cause
from config.domain.clock import Clock
from config.domain.estate import MeteringPoint, Portfolio
from config.domain.intervals import Method
from config.domain.readings import DirtyHours
from config.domain.series import INTERVALS, SeriesQuery
from services.jobs.settling import PointSettling, hour_of
from services.settlement.settlement import Settlement
from services.state.dirty import HourRange
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

FRESH = timedelta(hours=6)
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
        self._state = state
        self._dirty_hours = state.dirty_hours
        self._dirty_days = state.dirty_days
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
        work = PointSettling(self._portfolio, self._store, self._state, point, over)
        awaited = self._state.exchanges.awaited(point.id)
        complete = True
        for window in work.windows(ranges):
            settlement = work.settled(window)
            self._keep(point, settlement, window, awaited.ranges)
            if window.end == over and not settlement.intervals.is_empty():
                complete = settlement.intervals["value"][-1] is not None
        self._state.exchanges.followed(point.id, awaited.up_to)
        return complete

    def _keep(self, point: MeteringPoint, settlement: Settlement, window: HourRange, decided: Sequence[HourRange]) -> None:
        """Write what came out otherwise than it is stored, and mark its days.

        The marks are made before the writing, since a loss of the process between the two must not leave hours changed and days
        unmarked; and again after it, since the days may have been calculated meanwhile.
        """
        start, end = window
        intervals = as_stored(point, settlement.intervals)
        stored = self._store.read(SeriesQuery(INTERVALS, start, end, _tags(point)))
        changed = changed_intervals(intervals, stored)
        self._state.findings.replace(point.id, start, end, settlement.findings)
        self._state.spots.replace(point.id, start, end, settlement.looked_back)
        on_record = [item.start for item in self._portfolio.installations_of[point.id]]
        self._state.exchanges.notice(point.id, settlement.findings, self._clock.now(), window=window, on_record=on_record)
        if changed.is_empty():
            return
        days = self._days(changed, decided)
        self._mark(point, days)
        self._store.write_intervals(changed.drop("known_before"))
        self._mark(point, days)

    def _mark(self, point: MeteringPoint, days: Mapping[str, list[date]]) -> None:
        for reason, marked in days.items():
            self._dirty_days.mark(point.building, marked, reason)

    def _days(self, changed: pl.DataFrame, decided: Sequence[HourRange]) -> dict[str, list[date]]:
        """Reason → local days of the changed hours. Hours of the last few hours are not late: their readings are just coming."""
        late = pl.col("known_before") & (pl.col("time") < self._clock.now() - FRESH)
        by_person = pl.any_horizontal(
            pl.lit(value=False), *((pl.col("time") >= start) & (pl.col("time") < end) for start, end in decided)
        )
        reason = pl.when(late & by_person).then(pl.lit(Cause.EXCHANGE.value)).when(late).then(pl.lit(Cause.LATE.value))
        day = pl.col("time").dt.convert_time_zone(self._portfolio.timezone).dt.date().alias("day")
        rows = changed.select(day, reason.otherwise(pl.lit("")).alias("reason")).unique().sort("reason", "day")
        days: dict[str, list[date]] = {}
        for on, why in rows.iter_rows():
            days.setdefault(why, []).append(on)
        return days


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
