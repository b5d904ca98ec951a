"""The readings that a metering point is settled from, asked of the store."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_

import polars as pl

from config.domain.estate import Installation, MeteringPoint
from config.domain.readings import hourly_use_of
from config.domain.series import READINGS, Aggregate, Every, SeriesQuery
from services.store.timeseries import TimeSeriesStore

_DAY = timedelta(days=1)


class PointReadings:
    """One point's readings, of whichever meter was installed."""

    def __init__(self, store: TimeSeriesStore, point: MeteringPoint, installations: Sequence[Installation]) -> None:
        self._store = store
        self._point = point
        self._installations = installations
        meters = tuple(sorted({item.meter for item in installations}))
        registers = {item.register for item in installations}
        self._registers = {"meter": meters, "register": tuple(sorted(registers))}
        self._all = {"meter": meters, "register": tuple(sorted(registers | {hourly_use_of(register) for register in registers}))}

    def between(self, start: datetime, end: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Registers (the columns that `settle` asks for) and hourly use (`time`, `value`) with start <= time < end."""
        rows = self._store.read(SeriesQuery(READINGS, start, end, self._all))
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
        return bool(self._store.read(SeriesQuery(READINGS, start, end, self._all, aggregate=Aggregate.COUNT))["value"].sum())

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

    def _edge(self, where: Mapping[str, tuple[str, ...]], start: datetime, end: datetime, *, last: bool) -> datetime | None:
        if start >= end:
            return None
        times = self._store.read(SeriesQuery(READINGS, start, end, where))["time"]
        found = times.max() if last else times.min()
        return found if isinstance(found, datetime) else None

    def _day_edge(self, where: Mapping[str, tuple[str, ...]], start: datetime, end: datetime, *, last: bool) -> datetime | None:
        """Over a long time: first which day, by counting, then which instant of it. A meter has thousands of readings a day."""
        if start >= end:
            return None
        counts = self._store.read(SeriesQuery(READINGS, start, end, where, aggregate=Aggregate.COUNT, every=Every.DAY))
        days = counts.filter(pl.col("value") > 0)["time"]
        day = days.max() if last else days.min()
        if not isinstance(day, datetime):
            return None
        return self._edge(where, max(day.astimezone(UTC), start), min(day.astimezone(UTC) + _DAY, end), last=last)

    def _installed(self, register: Callable[[Installation], str], *, closed: bool) -> pl.Expr:
        return reduce(or_, (self._of(item, register(item), closed) for item in self._installations))

    @staticmethod
    def _of(item: Installation, register: str, closed: bool) -> pl.Expr:
        expression = (pl.col("meter") == item.meter) & (pl.col("register") == register) & (pl.col("time") >= item.start)
        if item.end is None:
            return expression
        return expression & (pl.col("time") <= item.end if closed else pl.col("time") < item.end)
