"""Day-ahead prices into the store: the days that somebody's price list goes by, from the first such day up to tomorrow."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import polars as pl

from config.domain.changes import Cause
from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.periods import local_date
from config.domain.tariffs import ComponentKind, Tariffs
from services.state.dirty import DirtyDaysTable
from services.state.watermarks import WatermarksTable
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

KIND = "prices"  # of watermark: area → the last day that was settled with, published or not
AT_ONCE = 31  # days of an area that one look asks for: history comes by and by, and nobody is flooded
GIVEN_UP_AFTER = timedelta(days=3)  # a day that is not published by then was never published there
_DAY = timedelta(days=1)


class PriceSource(Protocol):
    """A provider of day-ahead prices."""

    def day(self, area: str, on: date) -> pl.DataFrame | None:
        """Columns `config.domain.prices.PRICE_ROWS`; None where not published. Raises PricesError, PricesUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class PriceDay:
    """A task."""

    area: str
    on: date

    def __str__(self) -> str:
        return f"{self.area} {self.on}"


class PriceKeeper:
    """Which prices are asked for, and keeping them: the days of every building that is billed by them are calculated again."""

    def __init__(
        self, portfolio: Portfolio, tariffs: Tariffs, store: TimeSeriesStore, dirty_days: DirtyDaysTable, clock: Clock
    ) -> None:
        self._portfolio = portfolio
        self._tariffs = tariffs
        self._store = store
        self._dirty_days = dirty_days
        self._clock = clock

    def wanted(self) -> dict[str, dict[str, date]]:
        """Area → building → the first day that one of its points is measured and billed by the area's price."""
        zone = self._portfolio.timezone
        begun: dict[str, date] = {}
        for item in self._portfolio.installations:
            first = local_date(item.start, zone)
            begun[item.point] = min(first, begun.get(item.point, first))
        found: dict[str, dict[str, date]] = {}
        for point in self._portfolio.points.values():
            for agreed in point.tariffs:
                for tariff in self._tariffs.tariffs:
                    if tariff.id != agreed.value or point.id not in begun:
                        continue
                    first = max(begun[point.id], tariff.valid_from, agreed.valid_from or date.min)
                    for area in {item.area for item in tariff.components if item.kind is ComponentKind.SPOT}:
                        of_area = found.setdefault(area, {})
                        of_area[point.building] = min(first, of_area.get(point.building, first))
        return found

    def keep(self, prices: pl.DataFrame) -> None:
        """Days are marked before the prices are written, since a loss of the process between the two must not leave them
        unmarked; and again after it, since they may have been calculated meanwhile."""
        self._mark(prices)
        received = pl.lit(round(self._clock.now().timestamp() * 1000), pl.Int64).alias("received")
        self._store.write_prices(prices.select("time", "area", "value", "minutes", received))
        self._mark(prices)

    def _mark(self, prices: pl.DataFrame) -> None:
        zone = self._portfolio.timezone
        today = local_date(self._clock.now(), zone)
        days = prices.select("area", pl.col("time").dt.convert_time_zone(zone).dt.date().alias("day")).unique()
        wanted = self.wanted()
        for (area,), of_area in days.partition_by("area", as_dict=True).items():
            known = of_area["day"].sort().to_list()
            for building, first in wanted.get(str(area), {}).items():
                self._dirty_days.mark(building, [on for on in known if first <= on <= today], Cause.PRICE)


class PricesJob:
    """A task is a day of an area. One that is not published yet stays pending."""

    name = "prices"

    def __init__(self, source: PriceSource | None, keeper: PriceKeeper, watermarks: WatermarksTable, clock: Clock) -> None:
        """
        Args:
            source: None where nothing may be fetched.
        """
        self._source = source
        self._keeper = keeper
        self._watermarks = watermarks
        self._clock = clock

    def pending(self, now: datetime) -> Sequence[PriceDay]:
        """Days up to tomorrow that come after the last one settled with, of each area at most `AT_ONCE`."""
        if self._source is None:
            return []
        done = self._watermarks.of(KIND)
        tomorrow = now.date() + _DAY
        tasks = []
        for area, buildings in sorted(self._keeper.wanted().items()):
            first = date.fromisoformat(done[area]) + _DAY if area in done else min(buildings.values())
            days = min(AT_ONCE, (tomorrow - first).days + 1)
            tasks += [PriceDay(area, first + n * _DAY) for n in range(days)]
        return tasks

    def do(self, task: PriceDay) -> None:
        """Ask for the day and keep it.

        Raises:
            PricesError: the answer cannot be used. PricesUnavailable: there is none.
        """
        if self._source is None:
            return
        done = self._watermarks.of(KIND).get(task.area)
        if done is not None and date.fromisoformat(done) + _DAY != task.on:
            return  # a day before it is still to come
        prices = self._source.day(task.area, task.on)
        if prices is None and self._clock.now().date() - task.on < GIVEN_UP_AFTER:
            return
        if prices is None:
            log.warning("no day-ahead prices were published for %s; the hours stay without one", task)
        else:
            self._keeper.keep(prices)
        self._watermarks.set(KIND, task.area, task.on.isoformat())
