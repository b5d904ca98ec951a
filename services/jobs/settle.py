"""Dirty hours to intervals: the hours whose readings changed are settled again, and the days they lie in become dirty."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.changes import Cause
from config.domain.clock import Clock
from config.domain.estate import MeteringPoint, Portfolio
from config.domain.intervals import Method
from config.domain.readings import DirtyHours
from config.domain.series import INTERVALS, SeriesQuery
from services.jobs.readings import ReadAhead, ReadingsSource, StoredReadings, with_hourly_use_of
from services.jobs.settling import PointSettling, ahead_of, hour_of, joined_ranges
from services.settlement.settlement import Settlement
from services.state.dirty import HourRange, TakenHours
from services.state.exchanges import Awaited
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

FRESH = timedelta(hours=6)
AT_ONCE = 40  # points whose readings are read, and whose hours are written, as one: a commit costs as much as a year of hours
MOST_ROWS = 1_000_000  # readings and hours of points that are settled together; some 100 bytes each
_HOUR = timedelta(hours=1)
_OFTEN_S = 300  # between readings of a meter that reports on change


@dataclass(frozen=True, slots=True)
class PointsTask:
    """Points that are settled together."""

    points: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.points)


@dataclass(slots=True)
class _Work:
    """One point's dirty hours that are over, and what came of them."""

    point: MeteringPoint
    ranges: list[HourRange]
    awaited: Awaited
    lacks_last: bool = False  # the last hour that is over was settled, and has no value yet

    def rows(self) -> int:
        """About how many readings and hours there are, `ahead_of` included."""
        if not self.ranges:
            return 0
        first, last = ahead_of(self.point, self.ranges)
        return int((last - first) / timedelta(seconds=self.point.interval_s or _OFTEN_S) + (last - first) / _HOUR)


@dataclass(frozen=True, slots=True)
class _Window:
    work: _Work
    hours: HourRange
    settlement: Settlement


class SettleJob:
    """A task is some metering points.

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
        self._failed: set[str] = set()

    def pending(self, now: datetime) -> Sequence[PointsTask]:
        """Points with a dirty hour that is over, the longest waiting first.

        Those whose task failed come alone and last, so that the one at fault holds up no other.
        """
        waiting = self._dirty_hours.pending_points(started_before=hour_of(now))
        together = [point for point in waiting if point not in self._failed]
        batches = [PointsTask(tuple(together[at : at + AT_ONCE])) for at in range(0, len(together), AT_ONCE)]
        return [*batches, *(PointsTask((point,)) for point in waiting if point in self._failed)]

    def do(self, task: PointsTask) -> None:
        """Settle the points' dirty hours that are over.

        Marks are cleared last, and only those that were there at the beginning: a loss of the process anywhere, or a reading that
        arrives meanwhile, means that hours are settled once more.
        """
        self._failed.update(task.points)
        over = hour_of(self._clock.now())
        with self._state.database.transaction():
            taken = {name: self._dirty_hours.take(name) for name in task.points}
            works = [work for name in task.points if (work := self._work(name, taken[name], over)) is not None]
        for together in _fitting(works):
            self._settle(together, over)
        with self._state.database.transaction():
            for work in works:
                self._state.exchanges.followed(work.point.id, work.awaited.up_to)
            self._dirty_hours.mark([DirtyHours(work.point.id, over - _HOUR, over) for work in works if work.lacks_last])
            for name in task.points:
                self._dirty_hours.mark(
                    [DirtyHours(name, max(start, over), end) for start, end in taken[name].ranges if end > over]
                )
                self._dirty_hours.clear(name, taken[name].up_to)
        self._failed.difference_update(task.points)

    def _work(self, name: str, taken: TakenHours, over: datetime) -> _Work | None:
        point = self._portfolio.points.get(name)
        if point is None or not self._portfolio.installations_of[name]:
            log.warning("dirty hours of a point that is not in the portfolio, or has no meter, are left", extra={"point": name})
            return None
        ranges = [HourRange(start, min(end, over)) for start, end in taken.ranges if start < over]
        return _Work(point, ranges, self._state.exchanges.awaited(name))

    def _settle(self, together: Sequence[_Work], over: datetime) -> None:
        """Settle what the changed hours reach. What is settled is kept as soon as there is enough of it."""
        source = self._source(together, over)
        settled: list[_Window] = []
        rows = 0
        for work in together:
            settling = PointSettling(self._portfolio, source, self._state, work.point, over)
            for hours in settling.windows(work.ranges):
                window = _Window(work, hours, settling.settled(hours))
                if hours.end == over and not window.settlement.intervals.is_empty():
                    work.lacks_last = window.settlement.intervals["value"][-1] is None
                settled.append(window)
                rows += window.settlement.intervals.height
                if rows > MOST_ROWS:
                    self._keep(settled)
                    settled, rows = [], 0
        self._keep(settled)

    def _source(self, together: Sequence[_Work], over: datetime) -> ReadingsSource:
        """Where the readings of these points come from: one that has more of them than fit in memory asks for them bit by bit."""
        wanted = [work for work in together if work.ranges and work.rows() <= MOST_ROWS]
        if not wanted:
            return StoredReadings(self._store)
        installations = [item for work in wanted for item in self._portfolio.installations_of[work.point.id]]
        spans = [ahead_of(work.point, work.ranges) for work in wanted]
        return ReadAhead(
            self._store,
            with_hourly_use_of(installations),
            min(start for start, _ in spans),
            max(end for _, end in spans),
            since=min(item.start for item in installations),
            until=over + _HOUR,
        )

    def _keep(self, settled: Sequence[_Window]) -> None:
        """Write what came out otherwise than it is stored, and mark its days.

        The marks are made before the writing, since a loss of the process between the two must not leave hours changed and days
        unmarked; and again after it, since the days may have been calculated meanwhile.
        """
        if not settled:
            return
        intervals = pl.concat(as_stored(item.work.point, item.settlement.intervals) for item in settled)
        changed = changed_intervals(intervals, self._stored(settled))
        days = self._days(changed, {item.work.point.id: item.work.awaited.ranges for item in settled})
        with self._state.database.transaction():
            for item in settled:
                self._remember(item)
            self._mark(days)
        if not changed.is_empty():
            self._store.write_intervals(changed.drop("known_before"))
            self._mark(days)

    def _remember(self, settled: _Window) -> None:
        point, (start, end) = settled.work.point.id, settled.hours
        self._state.findings.replace(point, start, end, settled.settlement.findings)
        self._state.spots.replace(point, start, end, settled.settlement.looked_back)
        on_record = [item.start for item in self._portfolio.installations_of[point]]
        self._state.exchanges.notice(
            point, settled.settlement.findings, self._clock.now(), window=settled.hours, on_record=on_record
        )

    def _stored(self, settled: Sequence[_Window]) -> pl.DataFrame:
        """The stored hours of the windows, and some between them."""
        parts = []
        for start, end in joined_ranges([item.hours for item in settled]):
            points = [item.work.point for item in settled if start <= item.hours.start < end]
            parts.append(self._store.read(SeriesQuery(INTERVALS, start, end, _tags(points))))
        return pl.concat(parts)

    def _mark(self, days: Mapping[tuple[str, str], list[date]]) -> None:
        with self._state.database.transaction():
            for (building, reason), marked in days.items():
                self._dirty_days.mark(building, marked, reason)

    def _days(self, changed: pl.DataFrame, awaited: Mapping[str, Sequence[HourRange]]) -> dict[tuple[str, str], list[date]]:
        """Building and reason → local days of the changed hours. Hours of the last few hours are not late: their readings are
        just coming."""
        late = pl.col("known_before") & (pl.col("time") < self._clock.now() - FRESH)
        by_person = pl.any_horizontal(
            pl.lit(value=False),
            *(
                (pl.col("point") == point) & (pl.col("time") >= start) & (pl.col("time") < end)
                for point, decided in awaited.items()
                for start, end in decided
            ),
        )
        reason = pl.when(late & by_person).then(pl.lit(Cause.EXCHANGE.value)).when(late).then(pl.lit(Cause.LATE.value))
        day = pl.col("time").dt.convert_time_zone(self._portfolio.timezone).dt.date().alias("day")
        rows = changed.select("building", reason.otherwise(pl.lit("")).alias("reason"), day).unique()
        days: dict[tuple[str, str], list[date]] = {}
        for building, why, on in rows.sort("building", "reason", "day").iter_rows():
            days.setdefault((building, why), []).append(on)
        return days


def _fitting(works: Sequence[_Work]) -> Iterator[list[_Work]]:
    """Those that are settled as one, since their readings and hours fit in memory; one that does not fit by itself is alone."""
    together: list[_Work] = []
    rows = 0
    for work in works:
        more = work.rows()
        if together and rows + more > MOST_ROWS:
            yield together
            together, rows = [], 0
        together.append(work)
        rows += more
    if together:
        yield together


def _tags(points: Sequence[MeteringPoint]) -> dict[str, tuple[str, ...]]:
    tagged = [_tags_of(point) for point in points]
    return {tag: tuple(sorted({tags[tag] for tags in tagged})) for tag in INTERVALS.tags}


def _tags_of(point: MeteringPoint) -> dict[str, str]:
    return {
        "point": point.id,
        "building": point.building,
        "carrier": point.carrier.value,
        "direction": point.direction.value,
        "level": "main" if point.parent is None else "sub",
    }


def changed_intervals(intervals: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Those of `intervals` that are not stored so, with `known_before`: whether the hour was stored otherwise."""
    if stored.is_empty():
        return intervals.with_columns(pl.lit(value=False).alias("known_before"))
    fields = ["value", "coverage", "method", "span_start", "span_end"]
    key = [*INTERVALS.tags, "time"]
    both = intervals.join(
        stored.select(*key, *fields, pl.lit(value=True).alias("known_before")), on=key, how="left", suffix="_old"
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
    tags = _tags_of(point)
    return intervals.select(
        pl.col("start").alias("time"),
        *(pl.lit(tags[name]).alias(name) for name in INTERVALS.tags),
        "value",
        "coverage",
        "method",
        *spans,
    )
