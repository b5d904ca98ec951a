"""One series of weather from several stations: the first that has a value gives it, and what another gave is marked. Pure.

Values are taken as they were measured. A correction by the stations' mean difference was weighed and left out: the difference
follows season, wind and inversions (a valley in winter is colder than the hill beside it, in summer it is not), so one number
would be wrong in most months and would hide which station was read. Marked days can be counted, and are.

Days: SMHI's daily mean is of 00-24 UTC, and stands for the local day of the same date. In Sweden that day begins one or two hours
earlier: of a month's 720 hours the first two are another month's, which moves its degree days by 0.2 % at most where the two
days differ by 15 K. Means of local days could be made of hourly values, but there are none before stations became automatic, and
the normal period must be made like the month that is compared with it.
"""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from config.domain.weather import DAYS, HOURS, Quality, WeatherQuantity

HOURS_OF_A_DAY = 24


def bridged_days(values: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """Daily means from the first station that has one, day by day.

    A station's own daily mean goes before one that we make of its 24 hours, and both before the next station's.

    Args:
        values: stored weather, columns `time`, `quantity`, `station`, `value`, `quality`.
        order: station ids, the municipality's own first.
    Returns:
        columns `config.domain.weather.DAYS`, by day; a day that no station has is not there.
    """
    valid = _valid(values)
    daily = valid.filter(pl.col("quantity") == WeatherQuantity.AIR_TEMPERATURE_DAILY.value).select(
        pl.col("time").dt.date().alias("day"), pl.col("value").alias("temperature_c"), "station", pl.lit(0).alias("made")
    )
    hourly = valid.filter(pl.col("quantity") == WeatherQuantity.AIR_TEMPERATURE.value)
    made = days_of_hours(hourly.select("time", "station", pl.col("value").alias("temperature_c"))).with_columns(
        pl.lit(1).alias("made")
    )
    return (
        pl.concat([daily, made.select(daily.columns)])
        .join(_ranked(order), on="station")
        .sort("day", "rank", "made")
        .unique("day", keep="first", maintain_order=True)
        .select("day", "temperature_c", "station", (pl.col("rank") > 0).alias("bridged"))
        .cast(DAYS)
    )


def bridged_hours(values: pl.DataFrame, temperatures: Sequence[str], irradiances: Sequence[str]) -> pl.DataFrame:
    """Hourly temperature and irradiance, each from the first of its stations that has it.

    SMHI's temperature is of the instant, and goes to the hour that begins then. Its irradiance is the mean of the hour that ends
    at the given instant, and goes to the hour that began one hour earlier [S: seen in another institute's documentation].

    Args:
        values: stored weather, columns `time`, `quantity`, `station`, `value`, `quality`.
    Returns:
        columns `config.domain.weather.HOURS`, by time.
    """
    valid = _valid(values).with_columns(pl.col("time").dt.truncate("1h"))
    air = _first(valid, WeatherQuantity.AIR_TEMPERATURE, temperatures, "temperature_c")
    sun = _first(valid, WeatherQuantity.GLOBAL_IRRADIANCE, irradiances, "irradiance_w_m2")
    sun = sun.with_columns(pl.col("time") - timedelta(hours=1))
    return air.join(sun, on="time", how="full", coalesce=True).sort("time").select(list(HOURS)).cast(HOURS)


def days_of_hours(hours: pl.DataFrame) -> pl.DataFrame:
    """Means of the UTC days of which all 24 hours are there: the plain mean, as automatic stations' own are made.

    A day with fewer is left out: until the nineties most stations were read three times a day, and the mean of three daytime
    readings is no daily mean.

    Args:
        hours: columns `time`, `station`, `temperature_c`.
    Returns:
        columns `day`, `temperature_c`, `station`.
    """
    return (
        hours.unique(["station", "time"], keep="last", maintain_order=True)
        .with_columns(pl.col("time").dt.date().alias("day"))
        .group_by("station", "day")
        .agg(pl.col("temperature_c").mean(), pl.col("time").dt.truncate("1h").n_unique().alias("hours"))
        .filter(pl.col("hours") == HOURS_OF_A_DAY)
        .select("day", "temperature_c", "station")
        .sort("station", "day")
    )


def _valid(values: pl.DataFrame) -> pl.DataFrame:
    return values.filter(pl.col("value").is_not_null() & (pl.col("quality") != Quality.WITHDRAWN.value))


def _ranked(order: Sequence[str]) -> pl.DataFrame:
    ids = list(dict.fromkeys(order))
    return pl.DataFrame({"station": ids, "rank": range(len(ids))}, schema={"station": pl.String, "rank": pl.Int32})


def _first(values: pl.DataFrame, quantity: WeatherQuantity, order: Sequence[str], name: str) -> pl.DataFrame:
    return (
        values.filter(pl.col("quantity") == quantity.value)
        .join(_ranked(order), on="station")
        .sort("time", "rank")
        .unique("time", keep="first", maintain_order=True)
        .select("time", pl.col("value").alias(name))
    )
