"""Day-ahead prices into the store: the days that somebody's price list goes by, from the first such day up to tomorrow.

A day whose answer cannot be used holds up no later one: it is remembered with the reason and asked for again, more and more
seldom, until it can be used or its prices are imported. Where day after day is refused the service is at fault, or what stands
between; the look ends then, and the next one goes on.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import msgspec
import polars as pl

from config.domain.changes import Cause
from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.periods import local_date
from config.domain.tariffs import ComponentKind, Tariffs
from config.errors import PricesError, PricesUnavailable
from services.state.dirty import DirtyDaysTable
from services.state.watermarks import WatermarksTable
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

KIND = "prices"  # of watermark: area → the last day that was settled with: published, given up, or refused and remembered
REFUSED = "refused prices"  # of watermark: area and day → the refusal
AT_ONCE = 31  # days of an area that one look asks for: history comes by and by, and nobody is flooded
GIVEN_UP_AFTER = timedelta(days=3)  # a day that is not published by then was never published there
BAD_AT_ONCE = 3  # refused days of an area that end its look: no day is at fault then
SHORTEST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)  # before a refused day is asked for again; doubled each time
LONGEST_REASON = 500  # characters; an answer may be quoted in it
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


class _Refusal(msgspec.Struct, frozen=True):
    """As it is kept."""

    asked: datetime
    times: int
    reason: str
    reason_sv: str


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """A day whose answer could not be used, why, and from when it is asked for again."""

    day: PriceDay
    reason: str
    reason_sv: str
    again: datetime


class RefusedDays:
    """The days whose answers could not be used, beside the watermarks that went past them."""

    def __init__(self, watermarks: WatermarksTable) -> None:
        self._watermarks = watermarks

    def all(self) -> list[RefusedDay]:
        """Those that wait longest first."""
        found = []
        for subject, mark in self._watermarks.of(REFUSED).items():
            area, on = subject.split()
            refusal = msgspec.json.decode(mark, type=_Refusal)
            wait = min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** min(refusal.times - 1, 10))
            again = refusal.asked + wait
            found.append(RefusedDay(PriceDay(area, date.fromisoformat(on)), refusal.reason, refusal.reason_sv, again))
        return sorted(found, key=lambda item: (item.again, item.day.area, item.day.on))

    def note(self, day: PriceDay, error: PricesError, now: datetime) -> None:
        """It was asked for now, and cannot be used."""
        mark = self._watermarks.of(REFUSED).get(str(day))
        times = 1 if mark is None else msgspec.json.decode(mark, type=_Refusal).times + 1
        reason, reason_sv = (error.sentence(language)[:LONGEST_REASON] for language in ("en", "sv"))
        self._watermarks.set(REFUSED, str(day), msgspec.json.encode(_Refusal(now, times, reason, reason_sv)).decode())

    def forget(self, day: PriceDay) -> None:
        """It is stored, or given up."""
        self._watermarks.forget(REFUSED, str(day))

    def __contains__(self, day: object) -> bool:
        return str(day) in self._watermarks.of(REFUSED)


class PriceKeeper:
    """Which prices are asked for, and keeping them: the days of every building that is billed by them are calculated again."""

    def __init__(
        self,
        portfolio: Portfolio,
        tariffs: Tariffs,
        store: TimeSeriesStore,
        dirty_days: DirtyDaysTable,
        refused: RefusedDays,
        clock: Clock,
    ) -> None:
        """
        Args:
            refused: a day that is kept is none of them any more, whichever way it came.
        """
        self.refused = refused
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
        for area, on in self._days(prices).iter_rows():
            self.refused.forget(PriceDay(area, on))

    def _days(self, prices: pl.DataFrame) -> pl.DataFrame:
        zone = self._portfolio.timezone
        return prices.select("area", pl.col("time").dt.convert_time_zone(zone).dt.date().alias("day")).unique()

    def _mark(self, prices: pl.DataFrame) -> None:
        days = self._days(prices)
        today = local_date(self._clock.now(), self._portfolio.timezone)
        wanted = self.wanted()
        for (area,), of_area in days.partition_by("area", as_dict=True).items():
            known = of_area["day"].sort().to_list()
            for building, first in wanted.get(str(area), {}).items():
                self._dirty_days.mark(building, [on for on in known if first <= on <= today], Cause.PRICE)


class PricesJob:
    """A task is a day of an area. One that is not published yet stays pending; one that is refused is asked for again later."""

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
        self._bad: Counter[str] = Counter()  # area → days in a row that were refused in this look

    def pending(self, now: datetime) -> Sequence[PriceDay]:
        """Days up to tomorrow that come after the last one settled with, of each area at most `AT_ONCE`; then as many of the
        refused ones that may be asked for again."""
        if self._source is None:
            return []
        self._bad.clear()
        done = self._watermarks.of(KIND)
        tomorrow = now.date() + _DAY
        tasks = []
        for area, buildings in sorted(self._keeper.wanted().items()):
            first = date.fromisoformat(done[area]) + _DAY if area in done else min(buildings.values())
            days = min(AT_ONCE, (tomorrow - first).days + 1)
            tasks += [PriceDay(area, first + n * _DAY) for n in range(days)]
            again = [item.day for item in self._keeper.refused.all() if item.day.area == area and item.again <= now]
            tasks += again[:AT_ONCE]
        return tasks

    def do(self, task: PriceDay) -> None:
        """Ask for the day and keep it.

        Raises:
            PricesError: the answer cannot be used; the day is remembered, and later ones do not wait for it.
            PricesUnavailable: there is none.
        """
        if self._source is None or self._bad[task.area] >= BAD_AT_ONCE:
            return
        done = self._watermarks.of(KIND).get(task.area)
        again = task in self._keeper.refused
        if not again and done is not None and date.fromisoformat(done) + _DAY != task.on:
            return  # a day before it is still to come
        try:
            prices = self._source.day(task.area, task.on)
        except PricesUnavailable:
            self._bad[task.area] = BAD_AT_ONCE
            raise
        except PricesError as error:
            self._bad[task.area] += 1
            self._keeper.refused.note(task, error, self._clock.now())
            self._settled_with(task, done)
            raise
        if prices is None and self._clock.now().date() - task.on < GIVEN_UP_AFTER:
            return
        if prices is None:
            log.warning("no day-ahead prices were published for %s; the hours stay without one", task)
            self._keeper.refused.forget(task)
        else:
            self._bad[task.area] = 0
            self._keeper.keep(prices)
        self._settled_with(task, done)

    def _settled_with(self, task: PriceDay, done: str | None) -> None:
        """Never back: a day that was refused lies before the last one."""
        if done is None or done < task.on.isoformat():
            self._watermarks.set(KIND, task.area, task.on.isoformat())
