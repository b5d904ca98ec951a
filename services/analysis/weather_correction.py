"""Heat of a month moved to a normal year's weather. Pure.

    E_base = what does not follow the weather: hot water, circulation
    E_norm = (E - E_base) · GD_normal / GD_actual + E_base        (kept out)
    E_norm = E · GD_normal / GD_actual                            (whole use, simplified)

Each month by itself, against the degree days of the days that have data, and the months are added up after it. Where there is
hardly any heating the ratio of two small numbers says nothing: such a month is left as it is, and says so. Domain facts 3.2.
"""

from collections.abc import Sequence

import polars as pl

from services.analysis.bill.frames import exact_sum

LEAST_RATIO, GREATEST_RATIO = 0.5, 2.0  # of normal and actual degree days; outside, a month is left as it is (domain facts 3.2)
SUMMER = (6, 7, 8)
SUMMER_SHARE = 0.8  # of the summer's 92 days must be known, for the base to be read off them: house rule
SUMMER_DAYS = 92
WHOLE_DAY = 0.9  # of a summer day's hours


def corrected(energy: pl.Expr, base: pl.Expr, actual: pl.Expr, normal: pl.Expr) -> pl.Expr:
    """Energy in normal weather, of the energy, the part kept out and degree days. [kWh]

    The base is at most the energy itself. Of a month that cannot be corrected (`is_correctable`) it is the energy.
    """
    kept = pl.min_horizontal(base, energy).clip(lower_bound=0.0)
    return pl.when(is_correctable(actual, normal)).then((energy - kept) * (normal / actual) + kept).otherwise(energy)


def is_correctable(actual: pl.Expr, normal: pl.Expr) -> pl.Expr:
    """Whether the month has degree days enough, and its ratio lies within bounds."""
    ratio = normal / actual
    return (actual > 0) & (ratio >= LEAST_RATIO) & (ratio <= GREATEST_RATIO)


def base_per_day(days: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """What a building uses on a summer's day: the mean of June to August, the second way of domain facts 3.2.

    Args:
        days: `by`, `day`, `value`, `coverage`.
    Returns:
        columns `by`, `summer` (year), `per_day`; summers of which too few days are known are not there.
    """
    in_summer = days.filter(pl.col("day").dt.month().is_in(SUMMER) & (pl.col("coverage") >= WHOLE_DAY))
    return (
        in_summer.sort(*by, "day")
        .group_by(*by, pl.col("day").dt.year().cast(pl.Int32).alias("summer"), maintain_order=True)
        .agg((exact_sum("value") / pl.len()).alias("per_day"), pl.len().alias("known"))
        .filter(pl.col("known") >= SUMMER_SHARE * SUMMER_DAYS)
        .select(*by, "summer", "per_day")
    )


def last_summer(month: pl.Expr) -> pl.Expr:
    """The year of the last whole summer before a month (its first day): of a summer's own months the one before."""
    return (month.dt.year() - pl.when(month.dt.month() > SUMMER[-1]).then(0).otherwise(1)).cast(pl.Int32)


def month_degree_days(
    days: pl.DataFrame, weather: pl.DataFrame, normal: pl.DataFrame, by: Sequence[str], base_c: float
) -> pl.DataFrame:
    """Actual and normal degree days of the days that have data, by month. [K·d]

    Args:
        days: `by` and `day`, a row a day that has data.
        weather: columns `config.domain.weather.DAYS`.
        normal: columns `config.domain.weather.NORMAL_DAYS`.
    Returns:
        columns `by`, `month`, `actual`, `normal`, `days` (with data), `with_weather`, `bridged`.
    """
    actual = weather.select(
        "day",
        pl.col("bridged"),
        (pl.lit(base_c) - pl.col("temperature_c")).clip(lower_bound=0.0).alias("actual"),
        pl.col("day").dt.month().cast(pl.Int32).alias("month"),
        pl.col("day").dt.day().cast(pl.Int32).alias("day_of_month"),
    ).join(
        normal.select("month", "day_of_month", pl.col("degree_days").alias("normal")),
        on=["month", "day_of_month"],
        how="inner",
        maintain_order="left",
    )
    return (
        days.select(*by, "day")
        .sort(*by, "day")
        .join(actual.select("day", "bridged", "actual", "normal"), on="day", how="left", maintain_order="left")
        .group_by(*by, pl.col("day").dt.month_start().alias("month"), maintain_order=True)
        .agg(
            exact_sum("actual").alias("actual"),
            exact_sum("normal").alias("normal"),
            pl.len().alias("days"),
            pl.col("actual").is_not_null().sum().alias("with_weather"),
            pl.col("bridged").sum().alias("bridged"),
        )
    )
