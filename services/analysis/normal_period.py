"""What a normal year is: the mean of thirty, day by day, so that leap years and parts of months compare like with like. Pure.

The mean over years of a month's degree days is the sum of its days' means, so nothing is lost by keeping days. The 29th of
February is the mean of the leap years' own. Degree days are taken of each day before the mean: max(0, 17 - mean) of averaged
temperatures would say that July is never cold (domain facts 3.1: monthly means give 0 there, the truth is 30-40).
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from config.domain.indicators import Missing
from config.domain.weather import (
    NORMAL_DAYS,
    NORMAL_MONTHS,
    NORMAL_TEMPERATURES,
    OWN_DEGREE_DAYS,
    DegreeDayTerms,
    NormalPeriod,
)
from services.analysis.degree_days import BASE_C

# House rules: of thirty years at least 24 must have each calendar day (WMO asks for 80 % of the years [U]), and at least four
# fifths of all days must be the station's own, else the normal year would be another place's than the years compared with it.
YEARS_SHARE = 0.8
OWN_SHARE = 0.8


@dataclass(frozen=True)
class NormalYear:
    """Normal degree days by calendar day and by calendar month.

    Attributes:
        days: columns `config.domain.weather.NORMAL_DAYS`, 366 rows.
        months: columns `config.domain.weather.NORMAL_MONTHS`, 12 rows.
        temperatures: columns `config.domain.weather.NORMAL_TEMPERATURES`: the days that the year is the mean of.
    """

    days: pl.DataFrame
    months: pl.DataFrame
    terms: DegreeDayTerms
    temperatures: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NORMAL_TEMPERATURES))

    def of_month(self, on: date) -> float:
        """The normal degree days of the month that contains `on`: 29 days of them in a leap year's February. [K·d]"""
        name = "degree_days_leap" if _is_leap(on.year) else "degree_days"
        return float(self.months.filter(pl.col("month") == on.month)[name][0])

    def of_year(self, year: int) -> float:
        """The year's normal degree days, 365 or 366 of them. [K·d]"""
        return float(self.months["degree_days_leap" if _is_leap(year) else "degree_days"].sum())

    def of_days(self, wanted: pl.Series) -> float:
        """The normal degree days of these dates: what a month with holes is compared with. [K·d]"""
        asked = pl.DataFrame({"day": wanted.cast(pl.Date).unique()}).select(_MONTH, _DAY)
        return float(asked.join(self.days, on=["month", "day_of_month"], how="left")["degree_days"].sum())


_MONTH = pl.col("day").dt.month().cast(pl.Int32).alias("month")
_DAY = pl.col("day").dt.day().cast(pl.Int32).alias("day_of_month")


def normal_degree_days(
    days: pl.DataFrame,
    period: NormalPeriod | None = None,
    base_c: float = BASE_C,
    *,
    station: str = "",
    source: str = "",
) -> NormalYear | Missing:
    """The normal year of a station from its daily means.

    Args:
        days: columns `config.domain.weather.DAYS`; years outside the period are left out.
        period: 1991-2020 where not given.
        station: the municipality's own.
    Returns:
        Missing where a calendar day lacks more than a fifth of its years, or more than a fifth of all days are other stations'.
    Source:
        SMHI changed its normal period to 1991-2020 on 1 April 2022 (domain facts 3.1, V); the definition is `degree_days`'s.
    """
    period = period or NormalPeriod()
    year = pl.col("day").dt.year()
    known = days.filter(
        pl.col("temperature_c").is_not_null() & year.is_between(period.first_year, period.last_year)
    ).with_columns((base_c - pl.col("temperature_c")).clip(lower_bound=0.0).alias("degree_days"))
    calendar = (
        known.group_by(_MONTH, _DAY)
        .agg(
            pl.col("temperature_c").mean(),
            pl.col("degree_days").mean(),
            pl.len().cast(pl.Int32).alias("years"),
            pl.col("bridged").mean().cast(pl.Float64).alias("bridged"),
        )
        .sort("month", "day_of_month")
    )
    lacking = _lacking(calendar, period) or _foreign(known, period, station)
    if lacking is not None:
        return lacking
    terms = DegreeDayTerms(base_c, OWN_DEGREE_DAYS, station, source, str(period))
    temperatures = known.sort("day").select(_MONTH, _DAY, "temperature_c").sort("month", "day_of_month", maintain_order=True)
    return NormalYear(
        calendar.select(list(NORMAL_DAYS)).cast(NORMAL_DAYS), _months(calendar), terms, temperatures.cast(NORMAL_TEMPERATURES)
    )


def _months(calendar: pl.DataFrame) -> pl.DataFrame:
    is_leap_day = (pl.col("month") == 2) & (pl.col("day_of_month") == 29)
    return (
        calendar.group_by("month")
        .agg(
            pl.col("degree_days").filter(~is_leap_day).sum(),
            pl.col("degree_days").sum().alias("degree_days_leap"),
            pl.col("temperature_c").filter(~is_leap_day).mean(),
        )
        .sort("month")
        .select(list(NORMAL_MONTHS))
        .cast(NORMAL_MONTHS)
    )


def _lacking(calendar: pl.DataFrame, period: NormalPeriod) -> Missing | None:
    """Why the period is not whole enough, by its worst calendar month."""
    leap = sum(_is_leap(year) for year in range(period.first_year, period.last_year + 1))
    years = period.last_year - period.first_year + 1
    wanted = pl.DataFrame(
        [
            (month, day, leap if (month, day) == (2, 29) else years)
            for month in range(1, 13)
            for day in range(1, _LENGTHS[month - 1] + 1)
        ],
        schema={"month": pl.Int32, "day_of_month": pl.Int32, "wanted": pl.Int32},
        orient="row",
    )
    short = (
        wanted.join(calendar.select("month", "day_of_month", "years"), on=["month", "day_of_month"], how="left")
        .with_columns(pl.col("years").fill_null(0))
        .filter(pl.col("years") < pl.col("wanted") * YEARS_SHARE)
        .sort((pl.col("month") == 2) & (pl.col("day_of_month") == 29), "years", "month", "day_of_month")
    )
    if short.is_empty():
        return None
    month, day, of, has = short.row(0)
    return Missing(
        f"Normalperioden {period}: {month:02}-{day:02} har dygnsmedel från {has} år av {of}, och minst {_share(YEARS_SHARE)} "
        "krävs; hämta arkivet, läs in stationens dygnsvärden eller välj en station med längre serie i weather.yaml",
        f"Normal period {period}: {month:02}-{day:02} has daily means of {has} years out of {of}, and at least "
        f"{YEARS_SHARE:.0%} are needed; fetch the archive, import the station's days, or choose a station with a longer series "
        "in weather.yaml",
    )


def _foreign(known: pl.DataFrame, period: NormalPeriod, station: str) -> Missing | None:
    share = known["bridged"].mean()
    own = 1.0 - (float(share) if isinstance(share, float) else 0.0)
    if own >= OWN_SHARE:
        return None
    return Missing(
        f"Normalperioden {period}: bara {_share(own)} av dygnen är från {station or 'stationen'}, resten från andra stationer; "
        "sätt stationen med längst serie först i weather.yaml",
        f"Normal period {period}: only {own:.0%} of the days are from {station or 'the station'}, the rest from others; "
        "put the station with the longest series first in weather.yaml",
    )


def _share(share: float) -> str:
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
