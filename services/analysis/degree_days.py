"""Own degree days, and whole months of them. Pure.

"Egna graddagar, SMHI öppna data": SMHI's own product Graddagar and Energi-Index are licensed and are never made here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from config.domain.indicators import Missing
from config.domain.weather import OLD_THRESHOLDS, OWN_DEGREE_DAYS, DegreeDayTerms, NormalPeriod

BASE_C = 17.0
# SMHI's rule until 2014: a day counts only where its mean is below this [°C], by month (domain facts 3.1)
THRESHOLDS_C: Mapping[int, float] = {
    1: 17.0, 2: 17.0, 3: 17.0, 4: 12.0, 5: 10.0, 6: 10.0, 7: 10.0, 8: 11.0, 9: 12.0, 10: 13.0, 11: 17.0, 12: 17.0,
}  # fmt: skip

DAILY = pl.Schema({"day": pl.Date, "degree_days": pl.Float64, "station": pl.String, "bridged": pl.Boolean})
MONTHLY = pl.Schema(
    {
        "month": pl.Date,  # its first day
        "degree_days": pl.Float64,  # null unless every day is there
        "partial": pl.Float64,  # of the days that are there
        "days": pl.UInt32,
        "days_in_month": pl.Int32,
        "bridged_days": pl.UInt32,
        "mean_c": pl.Float64,  # of the days that are there
    }
)


@dataclass(frozen=True)
class DegreeDays:
    """Degree days with what they were made with.

    Attributes:
        days: columns `DAILY`; only days whose mean is known. [K·d]
        months: columns `MONTHLY`, a row a month that has a known day. [K·d]
    """

    days: pl.DataFrame
    months: pl.DataFrame
    terms: DegreeDayTerms


def degree_days(
    days: pl.DataFrame,
    base_c: float = BASE_C,
    *,
    station: str = "",
    source: str = "",
    normal_period: NormalPeriod | None = None,
) -> DegreeDays:
    """Sum over all days of the year of max(0, base - the day's mean). [K·d]

    Args:
        days: columns `config.domain.weather.DAYS`; a day that is not known has no row, or a null.
        base_c: SMHI's is 17; some utilities' is 20, and the two are never mixed.
        station: the municipality's own; "" takes the one that gave most days.
        source: as it must be named.
        normal_period: that it will be compared with, to be stored with the number.
    Raises:
        ValueError: a day is given twice.
    Source:
        SMHI's definition since 1 January 2015 (domain facts 3.1, V).
    """
    return _made(days, _cold(base_c), DegreeDayTerms(base_c, OWN_DEGREE_DAYS, station, source, _written(normal_period)))


def threshold_degree_days(days: pl.DataFrame, *, station: str = "", source: str = "") -> DegreeDays:
    """The rule before 2015, to reproduce reports of that time and nothing else: days count only below a limit by season. [K·d]

    Args and errors as `degree_days`.
    Source:
        Domain facts 3.1 (V): below Apr 12, May-Jul 10, Aug 11, Sep 12, Oct 13, Nov-Mar 17 °C; base 17.
    """
    limit = pl.col("day").dt.month().replace_strict(dict(THRESHOLDS_C), return_dtype=pl.Float64)
    counted = pl.when(pl.col("temperature_c") < limit).then(_cold(BASE_C)).otherwise(0.0)
    return _made(days, counted, DegreeDayTerms(BASE_C, OLD_THRESHOLDS, station, source))


def month_degree_days(made: DegreeDays, month: date) -> float | Missing:
    """The month's degree days, if every day of it is known. [K·d]"""
    rows = made.months.filter(pl.col("month") == month.replace(day=1))
    if rows.is_empty():
        return Missing(
            f"Dygnstemperatur saknas för hela {month:%Y-%m}; hämta eller läs in väderdata",
            f"Daily temperature is missing for all of {month:%Y-%m}; fetch or import weather",
        )
    row = rows.row(0, named=True)
    if row["degree_days"] is None:
        return Missing(
            f"Dygnstemperatur finns för {row['days']} av {row['days_in_month']} dygn i {month:%Y-%m}; "
            "hämta eller läs in resten, eller ange en station till",
            f"Daily temperature is known for {row['days']} of {row['days_in_month']} days of {month:%Y-%m}; "
            "fetch or import the rest, or name another station",
        )
    return float(row["degree_days"])


def degree_days_on(made: DegreeDays, wanted: pl.Series) -> float | Missing:
    """Degree days of exactly the days that have energy data, because an incomplete month is corrected against those only. [K·d]

    Args:
        wanted: local dates that have data.
    Returns:
        Missing where the temperature of one of them is not known.
    """
    asked = pl.DataFrame({"day": wanted.cast(pl.Date).unique()})
    both = asked.join(made.days, on="day", how="left")
    unknown = both.filter(pl.col("degree_days").is_null())["day"].sort()
    if unknown.len():
        return Missing(
            f"Dygnstemperatur saknas för {unknown.len()} av {asked.height} dygn, det första {unknown[0]}; "
            "hämta eller läs in väderdata",
            f"Daily temperature is missing for {unknown.len()} of {asked.height} days, the first {unknown[0]}; "
            "fetch or import weather",
        )
    return float(both["degree_days"].sum())


def months_of(days: pl.DataFrame) -> pl.DataFrame:
    """Columns `MONTHLY` from daily rows with `day`, `degree_days`, `bridged`, `temperature_c`."""
    month = pl.col("day").dt.truncate("1mo")
    return (
        days.group_by(month.alias("month"))
        .agg(
            pl.col("degree_days").sum().alias("partial"),
            pl.len().alias("days"),
            pl.col("bridged").sum().alias("bridged_days"),
            pl.col("temperature_c").mean().alias("mean_c"),
        )
        .with_columns(pl.col("month").dt.month_end().dt.day().cast(pl.Int32).alias("days_in_month"))
        .with_columns(pl.when(pl.col("days") == pl.col("days_in_month")).then(pl.col("partial")).alias("degree_days"))
        .sort("month")
        .select(list(MONTHLY))
        .cast(MONTHLY)
    )


def _cold(base_c: float) -> pl.Expr:
    return (base_c - pl.col("temperature_c")).clip(lower_bound=0.0)


def _written(period: NormalPeriod | None) -> str:
    return "" if period is None else str(period)


def _made(days: pl.DataFrame, counted: pl.Expr, terms: DegreeDayTerms) -> DegreeDays:
    known = days.filter(pl.col("temperature_c").is_not_null() & pl.col("temperature_c").is_finite()).sort("day")
    if known["day"].is_duplicated().any():
        twice = known.filter(pl.col("day").is_duplicated())["day"][0]
        raise ValueError(f"{twice} is given twice; bridge the stations first")
    station = terms.station or _most_used(known)
    daily = known.with_columns(counted.alias("degree_days"))
    return DegreeDays(
        daily.select(list(DAILY)).cast(DAILY),
        months_of(daily),
        DegreeDayTerms(terms.base_temperature_c, terms.method, station, terms.source, terms.normal_period),
    )


def _most_used(days: pl.DataFrame) -> str:
    counts = days.group_by("station").agg(pl.len().alias("days")).sort("days", "station", descending=[True, False])
    return "" if counts.is_empty() else str(counts["station"][0])
