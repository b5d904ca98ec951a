"""The stored weather as figures get it: bridged, marked, with its normal period."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from config.domain.indicators import Missing
from config.domain.periods import local_date
from config.domain.series import WEATHER, Aggregate, SeriesQuery
from config.domain.weather import OWN_DEGREE_DAYS, DegreeDayTerms, WeatherPlan, WeatherQuantity, WeatherYears
from services.analysis.bridging import bridged_days, bridged_hours
from services.analysis.normal_period import NormalYear, normal_degree_days
from services.store.timeseries import TimeSeriesStore

_DAILY, _HOURLY, _SUN = (
    WeatherQuantity.AIR_TEMPERATURE_DAILY,
    WeatherQuantity.AIR_TEMPERATURE,
    WeatherQuantity.GLOBAL_IRRADIANCE,
)
_DAY = timedelta(days=1)


class WeatherReader:
    """One municipality's weather. The normal year is made once, and again when a value of its years has changed.

    Args:
        zone: of local days.
    """

    def __init__(self, store: TimeSeriesStore, plan: WeatherPlan, zone: str) -> None:
        self._store = store
        self._plan = plan
        self._zone = zone
        self._normal: tuple[tuple[object, ...], NormalYear | Missing] | None = None

    def years(self, start: datetime, end: datetime, hours_from: datetime | None = None) -> WeatherYears:
        """The weather of the local days that share an instant with [start, end); hours from `hours_from` on where given."""
        found = self.normal_year()
        first, last = local_date(start, self._zone), local_date(end - timedelta(microseconds=1), self._zone)
        days, hours = self.days(first, last), self.hours(hours_from or start, end)
        if isinstance(found, Missing):
            return WeatherYears(days, hours, terms=self.terms, lacking=(found.reason_sv, found.reason_en))
        return WeatherYears(days, hours, found.months, found.days, self.terms, normal_temperatures=found.temperatures)

    @property
    def terms(self) -> DegreeDayTerms:
        """What degree days made of this weather are made with."""
        order = self.day_order
        return DegreeDayTerms(
            self._plan.base_temperature_c,
            OWN_DEGREE_DAYS,
            order[0] if order else "",
            self._plan.attribution,
            str(self._plan.normal_period),
        )

    @property
    def day_order(self) -> tuple[str, ...]:
        """Stations of daily means, then those that only have hours."""
        return tuple(dict.fromkeys([*self._plan.order(_DAILY), *self._plan.order(_HOURLY)]))

    def days(self, first: date, last: date) -> pl.DataFrame:
        """Columns `config.domain.weather.DAYS`; both days inside.

        Hours are read only where the first station lacks a day: they are many.
        """
        order = self.day_order
        daily = self.stored([_DAILY], order, _midnight(first), _midnight(last + _DAY))
        found = bridged_days(daily, order)
        own = set(found.filter(~pl.col("bridged"))["day"].to_list())
        lacking = [day for at in range((last - first).days + 1) if (day := first + at * _DAY) not in own]
        if not lacking:
            return found
        hourly = self.stored([_HOURLY], order, _midnight(lacking[0]), _midnight(lacking[-1] + _DAY))
        return found if hourly.is_empty() else bridged_days(pl.concat([daily, hourly]), order)

    def hours(self, start: datetime, end: datetime) -> pl.DataFrame:
        """Columns `config.domain.weather.HOURS` of the hours that begin in [start, end)."""
        air, sun = self._plan.order(_HOURLY), self._plan.order(_SUN)
        values = pl.concat(
            [self.stored([_HOURLY], air, start, end), self.stored([_SUN], sun, start, end + timedelta(hours=1, microseconds=1))]
        )
        return bridged_hours(values, air, sun).filter(pl.col("time").is_between(start, end, closed="left"))

    def normal_year(self) -> NormalYear | Missing:
        """The municipality's normal year, or why there is none.

        Made of daily means; of hours only where no station gives daily means, since asking thirty years of hours whether they
        changed costs more than every figure that wants to know.
        """
        period = self._plan.normal_period
        if not self.day_order:
            return Missing(
                "Ingen station för dygnstemperatur är angiven; ange en i weather.yaml",
                "No station for daily temperature is named; name one in weather.yaml",
            )
        first, last = date(period.first_year, 1, 1), date(period.last_year, 12, 31)
        of = _DAILY if self._plan.order(_DAILY) else _HOURLY
        start, end = _midnight(first), _midnight(last + _DAY)
        seen = self._fingerprint(of, start, end)
        if self._normal is None or self._normal[0] != seen:
            days = bridged_days(self.stored([of], self.day_order, start, end), self.day_order)
            terms = self.terms
            made = normal_degree_days(days, period, terms.base_temperature_c, station=terms.station, source=terms.source)
            self._normal = (seen, made)
        return self._normal[1]

    def stored(
        self, quantities: Sequence[WeatherQuantity], stations: Sequence[str], start: datetime | None, end: datetime | None
    ) -> pl.DataFrame:
        """The stored points: `time`, `quantity`, `station`, `value`, `quality`, `received`."""
        return self._store.read(SeriesQuery(WEATHER, start, end, _where(quantities, stations)))

    def _fingerprint(self, quantity: WeatherQuantity, start: datetime, end: datetime) -> tuple[object, ...]:
        """Changes whenever a value between them does: a changed value has a new instant of receipt."""
        where = _where([quantity], self.day_order)
        asked = ((Aggregate.COUNT, "value"), (Aggregate.SUM, "value"), (Aggregate.MAX, "received"))
        found = (self._store.read(SeriesQuery(WEATHER, start, end, where, aggregate=how, field=name)) for how, name in asked)
        return tuple(frame["value"][0] if frame.height else None for frame in found)


def _where(quantities: Sequence[WeatherQuantity], stations: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {"quantity": tuple(item.value for item in quantities), "station": tuple(stations)}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
