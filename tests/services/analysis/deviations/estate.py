"""The real buildings of ../shared/data/estate as material for detectors: sixteen university buildings in Cambridge, 2019-2022.

Gaps were filled with 0 by the publisher: an hour of no electricity at all is not known here, and neither is a stretch of three
hours and more without heat in the heating season. The calendar is theirs: English holidays, closed over Christmas.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import polars as pl

from config.domain.calendar import Closure, MunicipalCalendar
from config.domain.estate import (
    Building,
    Carrier,
    Direction,
    Installation,
    Meter,
    MeteringPoint,
    Owner,
    Portfolio,
    Register,
)
from tests.servers import shared_folder

ZONE = "Europe/London"
FIRST, LAST = date(2019, 1, 1), date(2022, 12, 31)
BEGIN, END = datetime(2019, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)
CALENDAR = MunicipalCalendar(
    country="GB",
    subdivision="ENG",
    closed=tuple(Closure("Julstängt", "Christmas closure", date(y, 12, 24), date(y, 12, 31)) for y in range(2018, 2023)),
)


def portfolio(points: Iterable[tuple[str, str, Carrier, str | None]], kind: str = "office", zone: str = ZONE) -> Portfolio:
    """Of (point, building, carrier, parent)."""
    given = list(points)
    return Portfolio(
        municipality="Testköping",
        timezone=zone,
        owners={"owner": Owner("owner", "Owner", "committee")},
        buildings={name: Building(name, name.upper(), kind, "owner", 1000.0) for _, name, _, _ in given},
        points={
            point: MeteringPoint(point, point, name, carrier, Direction.IMPORT, 0.001, parent=parent)
            for point, name, carrier, parent in given
        },
        meters={f"m-{point}": Meter(f"m-{point}", "test", point, (Register("energy"),)) for point, *_ in given},
        installations=tuple(Installation(point, f"m-{point}", "energy", datetime(2010, 1, 1, tzinfo=UTC)) for point, *_ in given),
    )


@cache
def hours() -> pl.DataFrame:
    """Every hour of every building: electricity and heat as main points "el-<building>" and "fv-<building>"."""
    read = pl.read_csv(shared_folder("data") / "estate" / "hourly.csv.gz", try_parse_dates=True)
    time = (
        pl.col("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        if read["time"].dtype == pl.Datetime("us")
        else pl.col("time")
    )
    read = read.with_columns(time.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")).alias("time")).sort(
        "building", "time"
    )
    nothing = pl.col("electricity_kwh") <= 0
    stretch = (pl.col("heat_kwh") > 0).cum_sum().over("building")
    long_gap = (
        (pl.col("heat_kwh") <= 0) & (pl.len().over("building", stretch) > 3) & pl.col("time").dt.month().is_in([1, 2, 3, 11, 12])
    )
    parts = [
        read.select(
            "building",
            (pl.lit(prefix) + pl.col("building")).alias("point"),
            pl.lit(carrier.value).alias("reported_as"),
            pl.lit("main").alias("level"),
            "time",
            pl.col("time").dt.convert_time_zone(ZONE).dt.date().alias("day"),
            pl.when(~gap).then(pl.col(column)).alias("value"),
            pl.when(gap).then(pl.lit("missing")).otherwise(pl.lit("measured")).alias("method"),
        )
        for prefix, carrier, column, gap in (
            ("el-", Carrier.ELECTRICITY, "electricity_kwh", nothing),
            ("fv-", Carrier.DISTRICT_HEATING, "heat_kwh", long_gap),
        )
    ]
    return pl.concat(parts)


@cache
def weather() -> pl.DataFrame:
    """Daily means."""
    read = pl.read_csv(shared_folder("data") / "estate" / "surroundings.csv.gz", try_parse_dates=True)
    return (
        read.group_by(pl.col("time").dt.convert_time_zone(ZONE).dt.date().alias("day"))
        .agg(pl.col("air_temperature_c").mean().alias("temperature_c"))
        .sort("day")
    )


def of_hours(frame: pl.DataFrame) -> Portfolio:
    """The portfolio of the frame's points."""
    rows = frame.select("point", "building", "reported_as").unique().sort("point").rows()
    return portfolio((point, building, Carrier(carrier), None) for point, building, carrier in rows)


def days_before(day: date, count: int) -> date:
    return day - timedelta(days=count)
