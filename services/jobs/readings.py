"""The readings that a metering point is settled from: asked of the store, or of what was read ahead for many points."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Protocol

import numpy as np
import polars as pl

from config.domain.estate import Installation, MeteringPoint
from config.domain.readings import hourly_use_of
from config.domain.series import READINGS, Aggregate, Every, SeriesQuery
from services.store.points import microseconds, schema_of
from services.store.timeseries import TimeSeriesStore

_DAY = timedelta(days=1)
_NONE = pl.DataFrame(schema=dict(schema_of(SeriesQuery(READINGS))))
Registers = Mapping[str, tuple[str, ...]]  # the filter of a query: "meter" and "register"


class ReadingsSource(Protocol):
    """Readings with start <= time < end, whatever they are asked of. Asking again gives the same while nothing arrives."""

    def rows(self, where: Registers, start: datetime, end: datetime) -> pl.DataFrame:
        """By meter, register and time."""
        ...

    def is_any(self, where: Registers, start: datetime, end: datetime) -> bool: ...

    def days(self, where: Registers, start: datetime, end: datetime) -> Collection[datetime]:
        """The UTC midnights of the days with readings."""
        ...


class StoredReadings:
    """Asks the store each time."""

    def __init__(self, store: TimeSeriesStore) -> None:
        self._store = store

    def rows(self, where: Registers, start: datetime, end: datetime) -> pl.DataFrame:
        return self._store.read(SeriesQuery(READINGS, start, end, where))

    def is_any(self, where: Registers, start: datetime, end: datetime) -> bool:
        return bool(self._store.read(SeriesQuery(READINGS, start, end, where, aggregate=Aggregate.COUNT))["value"].sum())

    def days(self, where: Registers, start: datetime, end: datetime) -> Collection[datetime]:
        counts = self._store.read(SeriesQuery(READINGS, start, end, where, aggregate=Aggregate.COUNT, every=Every.DAY))
        return _midnights(counts)


class ReadAhead:
    """Readings of many meters, read at once. What lies outside is asked of the store.

    Args:
        where: the meters and registers whose readings are wanted.
        start, end: of what is read ahead.
        since, until: between these lies every reading that anybody will ask for; which days have one is read once, when first
            asked.
    """

    def __init__(
        self, store: TimeSeriesStore, where: Registers, start: datetime, end: datetime, since: datetime, until: datetime
    ) -> None:
        self._store = store
        self._stored = StoredReadings(store)
        self._where = where
        self._start, self._end = start, end
        self._since, self._until = since, until
        rows = self._stored.rows(where, start, end)
        self._of = {
            key: (frame, frame["time"].dt.epoch("us").to_numpy())
            for key, frame in rows.partition_by("meter", "register", maintain_order=True, as_dict=True).items()
        }

    def rows(self, where: Registers, start: datetime, end: datetime) -> pl.DataFrame:
        if not (self._start <= start and end <= self._end):
            return self._stored.rows(where, start, end)
        parts = [part for key in _keys(where) if (part := self._part(key, start, end)) is not None]
        return pl.concat(parts) if len(parts) > 1 else parts[0] if parts else _NONE

    def is_any(self, where: Registers, start: datetime, end: datetime) -> bool:
        if not (self._start <= start and end <= self._end):
            return self._stored.is_any(where, start, end)
        return any(self._part(key, start, end) is not None for key in _keys(where))

    def days(self, where: Registers, start: datetime, end: datetime) -> Collection[datetime]:
        if not (self._since <= start and end <= self._until):
            return self._stored.days(where, start, end)
        near = {day for key in _keys(where) for day in self._days.get(key, ()) if start - _DAY < day < end}
        # of a day that reaches over an edge the readings lie, perhaps, all on the other side
        return [
            day
            for day in near
            if (start <= day and day + _DAY <= end) or self.is_any(where, max(day, start), min(day + _DAY, end))
        ]

    def _part(self, key: tuple[object, ...], start: datetime, end: datetime) -> pl.DataFrame | None:
        if key not in self._of:
            return None
        frame, times = self._of[key]
        first, last = np.searchsorted(times, [microseconds(start), microseconds(end)])
        return frame.slice(first, last - first) if last > first else None

    @cached_property
    def _days(self) -> Mapping[tuple[str, str], Collection[datetime]]:
        counts = self._store.read(
            SeriesQuery(
                READINGS, self._since, self._until, self._where,
                aggregate=Aggregate.COUNT, every=Every.DAY, by=("meter", "register"),
            )
        )  # fmt: skip
        return {
            (str(meter), str(register)): _midnights(part)
            for (meter, register), part in counts.partition_by("meter", "register", as_dict=True).items()
        }


class PointReadings:
    """One point's readings, of whichever meter was installed."""

    def __init__(self, source: ReadingsSource, point: MeteringPoint, installations: Sequence[Installation]) -> None:
        self._source = source
        self._point = point
        self._installations = installations
        self._registers = registers_of(installations)
        self._all = with_hourly_use_of(installations)

    def between(self, start: datetime, end: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Registers (the columns that `settle` asks for) and hourly use (`time`, `value`) with start <= time < end."""
        rows = self._source.rows(self._all, start, end)
        registers = rows.filter(self._installed(lambda item: item.register, closed=True)).select(
            "time",
            pl.from_epoch("received", time_unit="ms").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            "meter",
            "value",
            pl.lit(self._point.unit).alias("unit"),
        )
        use = rows.filter(self._installed(lambda item: hourly_use_of(item.register), closed=False)).select("time", "value")
        return registers, use.unique("time", keep="last", maintain_order=True)

    def any_between(self, start: datetime, end: datetime) -> bool:
        """Whether there is a reading with start <= time < end."""
        return self._source.is_any(self._all, start, end)

    def last_before(self, instant: datetime, near: timedelta, *, registers_only: bool = False) -> datetime | None:
        """Time of the last reading before `instant`; `near` says how far back it most likely lies."""
        where = self._registers if registers_only else self._all
        near_by = self._edge(where, instant - near, instant, last=True)
        return near_by or self._day_edge(where, self._installations[0].start, instant - near, last=True)

    def first_from(self, instant: datetime, near: timedelta, until: datetime, *, registers_only: bool = False) -> datetime | None:
        """Time of the first reading at `instant` or later, before `until`."""
        where = self._registers if registers_only else self._all
        near_by = self._edge(where, instant, instant + near, last=False)
        return near_by or self._day_edge(where, instant + near, until, last=False)

    def first(self, until: datetime) -> datetime | None:
        """Time of the point's very first reading."""
        return self._day_edge(self._all, self._installations[0].start, until, last=False)

    def _edge(self, where: Registers, start: datetime, end: datetime, *, last: bool) -> datetime | None:
        if start >= end:
            return None
        times = self._source.rows(where, start, end)["time"]
        found = times.max() if last else times.min()
        return found if isinstance(found, datetime) else None

    def _day_edge(self, where: Registers, start: datetime, end: datetime, *, last: bool) -> datetime | None:
        """Over a long time: first which day, by counting, then which instant of it. A meter has thousands of readings a day."""
        if start >= end:
            return None
        days = self._source.days(where, start, end)
        if not days:
            return None
        day = max(days) if last else min(days)
        return self._edge(where, max(day, start), min(day + _DAY, end), last=last)

    def _installed(self, register: Callable[[Installation], str], *, closed: bool) -> pl.Expr:
        return reduce(or_, (self._of(item, register(item), closed) for item in self._installations))

    @staticmethod
    def _of(item: Installation, register: str, closed: bool) -> pl.Expr:
        expression = (pl.col("meter") == item.meter) & (pl.col("register") == register) & (pl.col("time") >= item.start)
        if item.end is None:
            return expression
        return expression & (pl.col("time") <= item.end if closed else pl.col("time") < item.end)


def registers_of(installations: Iterable[Installation]) -> Registers:
    """The filter for the registers of installed meters."""
    meters, registers = {item.meter for item in installations}, {item.register for item in installations}
    return {"meter": tuple(sorted(meters)), "register": tuple(sorted(registers))}


def with_hourly_use_of(installations: Iterable[Installation]) -> Registers:
    """The same, with what was imported as use by the hour."""
    where = registers_of(installations)
    registers = {*where["register"], *map(hourly_use_of, where["register"])}
    return {**where, "register": tuple(sorted(registers))}


def _keys(where: Registers) -> Iterable[tuple[str, str]]:
    return ((meter, register) for meter in where["meter"] for register in where["register"])


def _midnights(counts: pl.DataFrame) -> list[datetime]:
    return [day.astimezone(UTC) for day in counts.filter(pl.col("value") > 0)["time"]]
