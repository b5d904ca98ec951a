"""Our corrected use of sixteen real buildings against a re-calculation from the definition. Areas play no part."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from config.domain.estate import Carrier
from config.domain.weather import NormalPeriod, WeatherYears
from services.analysis.normal_period import NormalYear, normal_degree_days
from services.figures.calculation import Limits
from services.figures.compute import building_figures
from services.figures.frames import FIGURES, PERIODS
from services.indicators.corrected_use import CALCULATION
from tests.independent.corrected_use import corrected_months
from tests.servers import shared_folder
from tests.services.indicators.example_basis import ZONE, basis, point, portfolio

BEFORE = datetime(2018, 1, 1, tzinfo=UTC)
PERIOD = NormalPeriod(2019, 2022)
CARRIERS = {"heat_kwh": Carrier.DISTRICT_HEATING, "electricity_kwh": Carrier.ELECTRICITY}


@pytest.fixture(scope="module")
def estate() -> Path:
    return shared_folder("data") / "estate"


def ours(folder: Path) -> dict[tuple[str, date], float]:
    """Through the seam, as the job calls it, with every month of four years at once."""
    read = pl.read_csv(folder / "hourly.csv.gz").with_columns(pl.col("time").str.to_datetime(time_unit="us", time_zone="UTC"))
    names = read["building"].unique().sort().to_list()
    points = [point(f"{name}-{carrier.value}", carrier, building=name) for name in names for carrier in CARRIERS.values()]
    parts = [
        read.select(
            "time",
            "building",
            pl.lit(carrier.value).alias("carrier"),
            pl.lit("import").alias("direction"),
            pl.lit("main").alias("level"),
            (pl.col("building") + f"-{carrier.value}").alias("point"),
            pl.col(column).cast(pl.Float64).alias("value"),
            pl.lit(0, pl.Int64).alias("span_start"),
            pl.lit(0, pl.Int64).alias("span_end"),
            pl.when(pl.col(column).is_null()).then(0.0).otherwise(1.0).alias("coverage"),
            pl.when(pl.col(column).is_null()).then(pl.lit("missing")).otherwise(pl.lit("measured")).alias("method"),
        )
        for column, carrier in CARRIERS.items()
    ]
    months = [date(year, month, 1) for year in range(2019, 2023) for month in range(1, 13)]
    made = basis(portfolio(*points, start=BEFORE), pl.concat(parts), months, weather=weather(folder), limits=Limits(0.0, 1e9))
    rows = building_figures(made, [CALCULATION], pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS)))
    chosen = rows.filter((pl.col("indicator") == "corrected_energy") & (pl.col("carrier") == "") & (pl.col("period") == "month"))
    first = chosen["start"].dt.convert_time_zone(ZONE).dt.date()
    return {
        (subject, start): value
        for subject, start, value in zip(chosen["subject"], first, chosen["value"], strict=True)
        if value is not None
    }


def weather(folder: Path) -> WeatherYears:
    read = pl.read_csv(folder / "surroundings.csv.gz", columns=["time", "air_temperature_c"])
    days = (
        read.with_columns(pl.col("time").str.slice(0, 10).str.to_date().alias("day"))
        .group_by("day")
        .agg(pl.col("air_temperature_c").mean().alias("temperature_c"), pl.col("air_temperature_c").count().alias("hours"))
        .filter(pl.col("hours") == 24)
        .sort("day")
        .select("day", "temperature_c", pl.lit("x").alias("station"), pl.lit(False).alias("bridged"))
    )
    normal = normal_degree_days(days, PERIOD, station="x")
    assert isinstance(normal, NormalYear)
    return WeatherYears(days, normal_months=normal.months, normal_days=normal.days, terms=normal.terms)


def test_every_month_of_sixteen_buildings_agrees_to_a_thousandth(estate: Path) -> None:
    """Two ways of writing down one definition; areas are assumed nowhere, since none is needed."""
    made = corrected_months(estate / "hourly.csv.gz", estate / "surroundings.csv.gz", ZONE)
    expected = {key: value for key, value in made.items() if key[1].year < 2023}  # of which the data have one hour
    found = ours(estate)

    assert len({building for building, _ in expected}) == 16
    assert sorted(set(expected) ^ set(found)) == []
    assert found == pytest.approx(expected, rel=1e-3)
