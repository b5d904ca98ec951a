"""What figures need besides settled hours: factors, tariffs, weather, gauges. Read from the store when asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from config.domain.calendar import MunicipalCalendar
from config.domain.estate import Portfolio
from config.domain.factors import Factors
from config.domain.indoor import IndoorRanges
from config.domain.intervals import Method
from config.domain.periods import month
from config.domain.quantities import QUANTITIES, Accumulation
from config.domain.series import INDICATOR_VALUES, READINGS, Aggregate, Every, SeriesQuery
from config.domain.tariffs import Tariffs
from config.domain.weather import WeatherPlan, WeatherYears
from services.indicators.eed import BASE_YEAR
from services.jobs.bill_surroundings import BillSurroundings
from services.jobs.weather_reading import WeatherReader
from services.store.timeseries import TimeSeriesStore

TIME = pl.Datetime("us", "UTC")
GAUGES: Mapping[str, Any] = {
    "building": pl.String,
    "point": pl.String,
    "meter": pl.String,
    "quantity": pl.String,
    "channel": pl.String,
    "time": TIME,
    "value": pl.Float64,
}
_WANTED = frozenset(  # what an indicator looks at; a meter's voltages are nobody's figure
    {"volume", "volume_temperature_flow", "volume_temperature_return", "flow_temperature", "return_temperature"}
    | {"indoor_temperature", "co2", "relative_humidity", "irradiance", "reactive_energy_import"}
)


@dataclass(frozen=True)
class Surroundings:
    """Of one municipality."""

    portfolio: Portfolio
    store: TimeSeriesStore
    factors: Factors = field(default_factory=Factors)
    tariffs: Tariffs = field(default_factory=Tariffs)
    weather_plan: WeatherPlan = field(default_factory=WeatherPlan)
    calendar: MunicipalCalendar = field(default_factory=MunicipalCalendar)
    indoor: IndoorRanges = field(default_factory=IndoorRanges)

    def weather(self, start: datetime, end: datetime, hours_from: datetime) -> WeatherYears:
        """The days from `start` on, the hours from `hours_from` on (there are many, and models are fitted to days)."""
        return self.weather_reader.years(start, end, hours_from)

    @cached_property
    def weather_reader(self) -> WeatherReader:
        """One for all figures: it keeps the normal year, which is made of thirty years of days."""
        return WeatherReader(self.store, self.weather_plan, self.portfolio.timezone)

    def context(self, buildings: Sequence[str], months: Sequence[date]) -> Mapping[str, Any]:
        """What single calculations need besides: "eed_base" (see `services.indicators.eed`), what bills go by (see
        `services.indicators.cost`), "calendar" and "indoor" (see `services.indicators.indoor_climate`)."""
        bills = BillSurroundings(self.portfolio, self.store, self.tariffs, self.calendar)
        occupation = {"calendar": self.calendar, "indoor": self.indoor}
        return {"eed_base": self.eed_base(), **occupation, **bills.context(buildings, months)}

    def eed_base(self) -> pl.DataFrame:
        """Columns `subject` (building), `month` (1..12), `value`: the energy of 2021 as it is published. [kWh]

        A month that is published as missing is no base.
        """
        zone = self.portfolio.timezone
        start, end = month(date(BASE_YEAR, 1, 1), zone).start, month(date(BASE_YEAR, 12, 1), zone).end
        where = {"indicator": ("energy_total",), "subject_kind": ("building",), "period": ("month",)}
        rows = self.store.read(SeriesQuery(INDICATOR_VALUES, start, end, where)).filter(pl.col("method") != Method.MISSING)
        return rows.select(
            "subject", pl.col("time").dt.convert_time_zone(zone).dt.month().cast(pl.Int8).alias("month"), "value"
        ).sort("subject", "month")

    def gauges(self, buildings: Sequence[str], stretches: Sequence[tuple[datetime, datetime]]) -> pl.DataFrame:
        """An hour's mean of each gauge, and an hour's difference of each counter that is not settled."""
        wanted = [row for name in buildings for row in self._registers(name)]
        if not wanted:
            return pl.DataFrame(schema=dict(GAUGES))
        table = pl.DataFrame(
            wanted,
            schema={
                **dict.fromkeys(("building", "point", "meter", "register", "quantity", "channel"), pl.String),
                "counts": pl.Boolean,
            },
            orient="row",
        )
        parts = [self._hourly(table, start, end) for start, end in stretches]
        return pl.concat([pl.DataFrame(schema=dict(GAUGES)), *parts]).sort("meter", "quantity", "channel", "time")

    def _registers(self, building: str) -> list[tuple[str, str, str, str, str, str, bool]]:
        rows = []
        for item in self.portfolio.installations:
            if self.portfolio.points[item.point].building == building:
                for register in self.portfolio.meters[item.meter].registers:
                    if register.quantity in _WANTED and register.name != item.register:
                        counts = QUANTITIES[register.quantity].accumulation is Accumulation.COUNTER
                        rows.append(
                            (building, item.point, item.meter, register.name, register.quantity, register.channel, counts)
                        )
        return list(dict.fromkeys(rows))

    def _hourly(self, table: pl.DataFrame, start: datetime, end: datetime) -> pl.DataFrame:
        parts = []
        for counts, aggregate, first in ((False, Aggregate.MEAN, start), (True, Aggregate.LAST, start - timedelta(hours=6))):
            of_kind = table.filter(pl.col("counts") == counts)
            if of_kind.is_empty():
                continue
            where = {"meter": tuple(of_kind["meter"].unique().sort()), "register": tuple(of_kind["register"].unique().sort())}
            query = SeriesQuery(READINGS, first, end, where, aggregate=aggregate, every=Every.HOUR, by=("meter", "register"))
            rows = self.store.read(query).join(of_kind, on=["meter", "register"]).sort("meter", "register", "point", "time")
            if counts:
                risen = pl.col("value").diff().over("meter", "register", "point")
                next_to = pl.col("time").diff().over("meter", "register", "point") == timedelta(hours=1)
                # a fall is an exchange or a reset, and a step over a gap belongs to no hour
                rows = rows.with_columns(pl.when(next_to & (risen >= 0)).then(risen).alias("value"))
            parts.append(rows.filter((pl.col("time") >= start) & pl.col("value").is_not_null()).select(list(GAUGES)))
        return pl.concat(parts) if parts else pl.DataFrame(schema=dict(GAUGES))
