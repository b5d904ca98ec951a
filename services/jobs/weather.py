"""Weather into the store: the stations' values as they come and are checked, and the days that move because of them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import polars as pl

from config.domain.changes import Cause
from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.periods import local_date, zone_named
from config.domain.weather import (
    Station,
    StationValues,
    WeatherFinding,
    WeatherFindingCode,
    WeatherPlan,
    WeatherQuantity,
)
from config.errors import WeatherError, WeatherUnavailable
from services.analysis.bridging import bridged_days, bridged_hours
from services.analysis.weather_values import merged, moved_days, moved_hours, news
from services.jobs.weather_reading import WeatherReader
from services.state.dirty import DirtyDaysTable
from services.state.weather import WeatherTable
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(hours=3)  # the source itself does not ask more often than a period can have changed
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


class WeatherSource(Protocol):
    """A provider. Asking again is cheap: it keeps its answers until they can have changed."""

    def values(self, quantity: WeatherQuantity, station: Station) -> StationValues:
        """Raises WeatherError where nothing of the station can be used, WeatherUnavailable where time heals it."""
        ...


Touched = Callable[[Sequence[date] | None], None]
"""Told the local days whose weather moved; None: all days there are, because the normal year moved."""


class TouchedBuildings:
    """Marks the days of every building that was measured then: all of them stand in the same weather."""

    def __init__(self, portfolio: Portfolio, dirty_days: DirtyDaysTable, clock: Clock) -> None:
        self._portfolio = portfolio
        self._dirty_days = dirty_days
        self._clock = clock

    def __call__(self, days: Sequence[date] | None) -> None:
        zone = self._portfolio.timezone
        yesterday = local_date(self._clock.now(), zone) - _DAY
        begun: dict[str, date] = {}
        for item in self._portfolio.installations:
            building = self._portfolio.points[item.point].building
            first = local_date(item.start, zone)
            begun[building] = min(first, begun.get(building, first))
        for building, first in begun.items():
            # a normal year is compared with whole months, and one day of each is enough to have the month made again
            touched = _month_starts(first, yesterday) if days is None else [day for day in days if first <= day <= yesterday]
            self._dirty_days.mark(building, touched, Cause.WEATHER)


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of keeping a station's values: points written, local days moved, whether the normal year moved."""

    written: int
    moved: int
    normal_moved: bool


class WeatherKeeper:
    """Writes what is news of a station, and tells which days moved. Keeping the same again changes nothing."""

    def __init__(self, store: TimeSeriesStore, plan: WeatherPlan, zone: str, clock: Clock, touched: Touched) -> None:
        self._store = store
        self._plan = plan
        self._zone = zone
        self._clock = clock
        self._touched = touched
        self._reader = WeatherReader(store, plan, zone)

    def keep(self, found: StationValues) -> Kept:
        """Days are told before the values are written, since a loss of the process between the two must not leave them unmarked;
        and again after it, since they may have been calculated meanwhile."""
        values = found.values
        if found.quantity is not WeatherQuantity.AIR_TEMPERATURE_DAILY:
            since = datetime.combine(self._plan.hours_since, time(), zone_named(self._zone)).astimezone(UTC)
            values = values.filter(pl.col("time") >= since)
        if values.is_empty():
            return Kept(0, 0, normal_moved=False)
        start, end = values["time"][0], values["time"][-1] + _SECOND
        of_station = self._reader.stored([found.quantity], [found.station], start, end)
        fresh = news(of_station, StationValues(found.quantity, found.station, values, found.checked))
        if fresh.is_empty():
            return Kept(0, 0, normal_moved=False)
        rows = fresh.select(
            "time",
            pl.lit(found.quantity.value).alias("quantity"),
            pl.lit(found.station).alias("station"),
            "value",
            "quality",
            pl.lit(round(self._clock.now().timestamp() * 1000), pl.Int64).alias("received"),
        )
        moved = self._moved(rows)
        in_period = (
            fresh["time"].dt.year().is_between(self._plan.normal_period.first_year, self._plan.normal_period.last_year).any()
        )
        before = self._reader.normal_year() if in_period else None
        self._tell(moved)
        if in_period:
            self._touched(None)
        self._store.write_weather(rows)
        self._tell(moved)
        normal_moved = in_period and _differ(before, self._reader.normal_year())
        if normal_moved:
            self._touched(None)
        return Kept(rows.height, len(moved), normal_moved)

    def _tell(self, moved: Sequence[date]) -> None:
        if moved:
            self._touched(moved)

    def _moved(self, rows: pl.DataFrame) -> list[date]:
        """Local days whose temperature or hours come out otherwise with the rows written."""
        plan, order = self._plan, self._reader.day_order
        first: datetime = rows["time"][0]
        last: datetime = rows["time"][-1]
        start, end = first.replace(hour=0, minute=0, second=0, microsecond=0), last + _DAY
        stations = tuple(dict.fromkeys(station.id for items in plan.stations.values() for station in items))
        stored = self._reader.stored(list(WeatherQuantity), stations, start, end)
        later = merged(stored, rows)
        days = moved_days(bridged_days(stored, order), bridged_days(later, order))
        air, sun = plan.order(WeatherQuantity.AIR_TEMPERATURE), plan.order(WeatherQuantity.GLOBAL_IRRADIANCE)
        hours = moved_hours(bridged_hours(stored, air, sun), bridged_hours(later, air, sun), self._zone)
        return sorted({*days, *hours})


class WeatherJob:
    """A task is a quantity: all its stations are asked, the municipality's own and those that fill its holes.

    A station that cannot be used is a finding that is kept and shown, and the next one's turn; only when none can be used has the
    task failed. A quantity stays pending while the service is away.
    """

    name = "weather"

    def __init__(
        self, plan: WeatherPlan, source: WeatherSource | None, keeper: WeatherKeeper, table: WeatherTable, clock: Clock
    ) -> None:
        """
        Args:
            source: None where nothing may be fetched.
        """
        self._plan = plan
        self._source = source
        self._keeper = keeper
        self._table = table
        self._clock = clock

    def pending(self, now: datetime) -> Sequence[WeatherQuantity]:
        """Quantities whose stations were not asked within `LOOK_EVERY`."""
        if self._source is None:
            return []
        looked = self._table.looked()
        return [
            quantity
            for quantity in WeatherQuantity
            if self._plan.order(quantity) and (quantity not in looked or now - looked[quantity] >= LOOK_EVERY)
        ]

    def do(self, task: WeatherQuantity) -> None:
        """Ask the quantity's stations and keep what is news.

        Raises:
            WeatherError: no station can be used.
            WeatherUnavailable: one did not answer; what others gave is kept.
        """
        error = trouble(self.look(task))
        if error is not None:
            raise error

    def look(self, quantity: WeatherQuantity) -> dict[str, Kept | WeatherError]:
        """As `do`, but raises nothing: station → what came of it."""
        if self._source is None:
            return {}
        outcome: dict[str, Kept | WeatherError] = {}
        for station in self._plan.stations.get(quantity, ()):
            try:
                found = self._source.values(quantity, station)
            except WeatherError as error:
                log.warning("weather station not used: %s", error, extra={"station": station.id, "quantity": quantity.value})
                self._table.replace_findings(quantity, station.id, [_refused(quantity, station, error)], self._clock.now())
                outcome[station.id] = error
                continue
            self._table.replace_findings(quantity, station.id, found.findings, self._clock.now())
            outcome[station.id] = self._keeper.keep(found)
        if not isinstance(trouble(outcome), WeatherUnavailable):
            self._table.set_looked(quantity, self._clock.now())
        return outcome


def trouble(outcome: Mapping[str, Kept | WeatherError]) -> WeatherError | None:
    """Why a look has to be made again, or gave nothing; None where a station was used and none was away."""
    errors = [item for item in outcome.values() if isinstance(item, WeatherError)]
    away = next((item for item in errors if isinstance(item, WeatherUnavailable)), None)
    return away or (errors[0] if errors and len(errors) == len(outcome) else None)


def _refused(quantity: WeatherQuantity, station: Station, error: WeatherError) -> WeatherFinding:
    named = f"{station.id} {station.name}".strip()
    return WeatherFinding(
        WeatherFindingCode.REFUSED,
        quantity,
        station.id,
        f"{named}: svaret gick inte att använda, nästa station tar vid: {error}",
        f"{named}: the answer could not be used, the next station takes over: {error}",
    )


def _differ(before: object, after: object) -> bool:
    """Whether two normal years (or reasons for none) are not the same."""
    days, later = getattr(before, "days", None), getattr(after, "days", None)
    if isinstance(days, pl.DataFrame) and isinstance(later, pl.DataFrame):
        return not days.equals(later)
    return (days is None) != (later is None)


def _month_starts(first: date, last: date) -> list[date]:
    """`first`, then the first day of each month, up to `last`."""
    found, day = [], first
    while day <= last:
        found.append(day)
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return found
