"""Daily means for tests: made by hand, or the estate's real hours."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import polars as pl

from config.domain.weather import DAYS, HOURS
from services.analysis.bridging import days_of_hours
from tests.servers import shared_folder

BEDFORD = "bedford"


def every_day(first: date, last: date) -> list[date]:
    """Both inside."""
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def days(
    wanted: Iterable[date], temperature: Callable[[date], float] | float, station: str = "105260", *, bridged: bool = False
) -> pl.DataFrame:
    """Columns `DAYS`."""
    rows = [(day, temperature(day) if callable(temperature) else temperature, station, bridged) for day in wanted]
    return pl.DataFrame(rows, schema=DAYS, orient="row")


def surroundings() -> pl.DataFrame:
    """The estate's weather, columns `HOURS`: Bedford 2019-2022, Met Office MIDAS Open (in Zenodo 10955332, MIT licence).

    A test that needs it skips where it is absent.
    """
    return (
        pl.read_csv(shared_folder("data") / "estate" / "surroundings.csv.gz")
        .select(
            pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC"),
            pl.col("air_temperature_c").alias("temperature_c"),
            pl.col("global_irradiance_w_m2").alias("irradiance_w_m2"),
        )
        .cast(HOURS)
    )


def estate_days() -> pl.DataFrame:
    """The estate's daily means, columns `DAYS`."""
    hours = surroundings().filter(pl.col("temperature_c").is_not_null()).with_columns(pl.lit(BEDFORD).alias("station"))
    return days_of_hours(hours).with_columns(pl.lit(value=False).alias("bridged")).select(list(DAYS)).cast(DAYS)
