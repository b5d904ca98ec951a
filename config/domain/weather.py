"""The weather as figures get it: where it was measured, which days were filled in from elsewhere, and what a normal year is.

A degree-day number is worth nothing without its base temperature, method, normal period, station and source, so they travel with
it. A day without a value has no row: never a 0, which would be a cold day in summer and a mild one in winter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import polars as pl

TIME = pl.Datetime("us", "UTC")
OWN_DEGREE_DAYS = "daily-mean"  # sum of max(0, base - daily mean) over all days of the year: SMHI's rule since 2015
OLD_THRESHOLDS = "threshold-1971"  # days counted below a limit by season: SMHI's rule until 2014, for old reports only


class WeatherQuantity(StrEnum):
    """What is measured, as the tag in the store. Daily means are SMHI's own, of the UTC day."""

    AIR_TEMPERATURE = "air_temperature"
    AIR_TEMPERATURE_DAILY = "air_temperature_daily"
    GLOBAL_IRRADIANCE = "global_irradiance"

    @property
    def unit(self) -> str:
        return "W/m²" if self is WeatherQuantity.GLOBAL_IRRADIANCE else "°C"


MODELLED = "strang"  # the id of SMHI's radiation model STRÅNG at the municipality's own position, in place of a station's number


class Quality(StrEnum):
    """The provider's verdict on a value."""

    CHECKED = "G"  # green: approved
    PROVISIONAL = "Y"  # yellow: suspect, or not checked yet
    MODEL = "M"  # calculated for the place, not measured there
    WITHDRAWN = "-"  # was provisional, and is not in the checked archive of its time: no longer a value


@dataclass(frozen=True, slots=True)
class Station:
    """Where weather is measured. `id` is the provider's."""

    id: str
    name: str
    latitude: float | None = None
    longitude: float | None = None
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class NormalPeriod:
    """The years that a normal year is the mean of; both inside."""

    first_year: int = 1991
    last_year: int = 2020

    def __str__(self) -> str:
        return f"{self.first_year}-{self.last_year}"


@dataclass(frozen=True, slots=True)
class WeatherPlan:
    """Whose weather a municipality uses.

    Attributes:
        stations: quantity → stations in order: the first is the municipality's, the others fill its holes.
        hours_since: no older hourly values are kept; of daily means all are, for the normal period.
        attribution: what every chart and report that shows the weather must say.
    """

    stations: Mapping[WeatherQuantity, tuple[Station, ...]] = field(default_factory=dict)
    base_temperature_c: float = 17.0
    normal_period: NormalPeriod = NormalPeriod()
    hours_since: date = date(2015, 1, 1)
    provider: str = "smhi"
    attribution: str = ""

    def order(self, quantity: WeatherQuantity) -> tuple[str, ...]:
        """Ids of the quantity's stations, the municipality's own first."""
        return tuple(station.id for station in self.stations.get(quantity, ()))

    def named(self, station: str) -> str:
        """The station's name; its id where it is not in the plan."""
        return next((item.name for items in self.stations.values() for item in items if item.id == station), station)


@dataclass(frozen=True, slots=True)
class DegreeDayTerms:
    """What a degree-day number was made with. Numbers with different terms are never compared or mixed.

    Attributes:
        station: id of the municipality's station; days filled in from others are marked where they stand.
        normal_period: of a normal number, or of the one that an actual number is compared with; "" where there is none.
        source: as it must be named.
    """

    base_temperature_c: float
    method: str
    station: str
    source: str
    normal_period: str = ""


VALUES = pl.Schema([("time", TIME), ("value", pl.Float64), ("quality", pl.String)])


class WeatherFindingCode(StrEnum):
    """What was odd about a station's answers."""

    STATION_CLOSED = "station_closed"
    NO_ARCHIVE = "no_archive"
    NOTHING_NEW = "nothing_new"
    UNREADABLE = "unreadable"
    NOT_APPROVED = "not_approved"
    IMPOSSIBLE = "impossible"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WeatherFinding:
    """An oddity of a station's answers, in words that a person can act on."""

    code: WeatherFindingCode
    quantity: WeatherQuantity
    station: str
    sentence_sv: str
    sentence_en: str


@dataclass(frozen=True)
class StationValues:
    """What a provider says of one quantity at one station, its archive and its newest values joined.

    Attributes:
        values: columns `VALUES`, one row an instant, by time; an instant without a value has no row.
        checked: first and last instant of the checked archive; None where there is none.
    """

    quantity: WeatherQuantity
    station: str
    values: pl.DataFrame
    checked: tuple[datetime, datetime] | None = None
    findings: tuple[WeatherFinding, ...] = ()


# Columns. `day` is the UTC day of the provider, which stands for the local day of the same date.
DAYS = pl.Schema({"day": pl.Date, "temperature_c": pl.Float64, "station": pl.String, "bridged": pl.Boolean})
HOURS = pl.Schema([("time", TIME), ("temperature_c", pl.Float64), ("irradiance_w_m2", pl.Float64)])
# A calendar month of an ordinary year and of a leap year; of the other months the two are the same.
NORMAL_MONTHS = pl.Schema(
    {
        "month": pl.Int32,
        "degree_days": pl.Float64,
        "degree_days_leap": pl.Float64,
        "temperature_c": pl.Float64,
    }
)
# 366 calendar days; `years` is how many years of the period the day's mean is of
NORMAL_DAYS = pl.Schema(
    {
        "month": pl.Int32,
        "day_of_month": pl.Int32,
        "temperature_c": pl.Float64,
        "degree_days": pl.Float64,
        "years": pl.Int32,
        "bridged": pl.Float64,  # share of those years whose value is another station's
    }
)

# every known day of the normal period, by calendar day: what a model is to be asked for, since it bends and means do not
NORMAL_TEMPERATURES = pl.Schema({"month": pl.Int32, "day_of_month": pl.Int32, "temperature_c": pl.Float64})


def _empty(columns: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(schema=columns)


@dataclass(frozen=True)
class WeatherYears:
    """The weather that indicators are given, bridged and marked.

    Attributes:
        days: columns `DAYS`, a row a day that has a value, by day.
        hours: columns `HOURS`, a row an hour that has a temperature or an irradiance, by time.
        normal_months: columns `NORMAL_MONTHS`; empty where the normal period is not known.
        normal_days: columns `NORMAL_DAYS`; empty where the normal period is not known.
        terms: of every degree-day number made from this.
        lacking: why there is no normal period, Swedish and English; ("", "") where there is one.
        normal_temperatures: columns `NORMAL_TEMPERATURES`, by calendar day and year; empty where the period is not known.
    """

    days: pl.DataFrame = field(default_factory=lambda: _empty(DAYS))
    hours: pl.DataFrame = field(default_factory=lambda: _empty(HOURS))
    normal_months: pl.DataFrame = field(default_factory=lambda: _empty(NORMAL_MONTHS))
    normal_days: pl.DataFrame = field(default_factory=lambda: _empty(NORMAL_DAYS))
    terms: DegreeDayTerms = DegreeDayTerms(17.0, OWN_DEGREE_DAYS, "", "", "")
    lacking: tuple[str, str] = ("", "")
    normal_temperatures: pl.DataFrame = field(default_factory=lambda: _empty(NORMAL_TEMPERATURES))


@dataclass(frozen=True, slots=True)
class LicensedDegreeDays:
    """One month of a bought product (SMHI Graddagar, Energi-Index): for the customer's own eyes, never published or passed on.

    Attributes:
        month: its first day.
        normal: the product's own normal for the month; None where the file has none.
        product: its name; never ours by that name.
        place: the station or place that the product names.
    """

    product: str
    place: str
    month: date
    degree_days: float
    normal: float | None
    base_temperature_c: float
    normal_period: str
