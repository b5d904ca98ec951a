"""Fourteen months of two schools, published by the real job: what figures are followed back in, for the tests of lineage."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import cos, pi
from pathlib import Path

import polars as pl

from config.domain.estate import Carrier, Portfolio
from config.domain.readings import Reading
from config.domain.weather import DAYS, NORMAL_DAYS, DegreeDayTerms, WeatherYears
from services.jobs.indicate import IndicateJob
from services.jobs.runner import run_each
from services.jobs.surroundings import Surroundings
from services.reports.lineage import LineageReader
from services.state.state import State
from tests.doubles.memory_store import MemoryStore
from tests.services.analysis.example_factors import CONTRACT, FACTORS
from tests.services.indicators.estate_of_factors import estate
from tests.services.indicators.example_basis import HOUR, TIME, point
from tests.services.jobs.world import FixedClock

NOW = datetime(2025, 3, 2, 5, tzinfo=UTC)
FIRST, LAST = date(2024, 1, 1), date(2025, 2, 28)
POINTS = (
    replace(point("skola-el"), contract=CONTRACT),
    point("skola-fv", Carrier.DISTRICT_HEATING),
    point("annan-el", building="annan"),
)
DAY = timedelta(days=1)


def temperature(on: date) -> float:
    """Cold in January, warm in July. [°C]"""
    return 7.0 - 12.0 * cos(2 * pi * on.timetuple().tm_yday / 365)


def weather() -> WeatherYears:
    """Every day known; the normal year three degrees colder."""
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    frame = pl.DataFrame(
        {"day": days, "temperature_c": [temperature(on) for on in days]}, schema_overrides={"day": pl.Date}
    ).with_columns(
        **{
            name: pl.lit(None).cast(kind)
            if name not in ("bridged", "station")
            else pl.lit(False if name == "bridged" else "Prov")
            for name, kind in DAYS.items()
            if name not in ("day", "temperature_c")
        }
    )
    normal = [(on.month, on.day, max(0.0, 17.0 - temperature(on) + 3.0)) for on in days[:366]]
    known = pl.DataFrame(normal, schema=["month", "day_of_month", "degree_days"], orient="row")
    known = known.with_columns(
        pl.lit(None).cast(kind).alias(name) for name, kind in NORMAL_DAYS.items() if name not in known.columns
    )
    return WeatherYears(
        frame.select(pl.col(name).cast(kind) for name, kind in DAYS.items()),
        normal_days=known.select(pl.col(name).cast(kind) for name, kind in NORMAL_DAYS.items()),
        terms=DegreeDayTerms(17.0, "daily-mean", "Prov", "prov", "1991-2020"),
    )


class Weathered(Surroundings):
    """With weather that is not read from the store."""

    def weather(self, start: datetime, end: datetime, hours_from: datetime) -> WeatherYears:
        return weather()


@dataclass
class Published:
    """What was published, and what it lies in."""

    portfolio: Portfolio
    store: MemoryStore
    state: State
    clock: FixedClock

    @property
    def reader(self) -> LineageReader:
        return LineageReader(self.portfolio, self.store, self.state, "0.0-prov")

    def hours(self, name: str, value: Callable[[datetime], float | None], first: date = FIRST, last: date = LAST) -> None:
        """Write a point's settled hours of whole days (UTC), and mark their days."""
        item = self.portfolio.points[name]
        start = datetime(first.year, first.month, first.day, tzinfo=UTC) - HOUR
        times = [start + n * HOUR for n in range(24 * ((last - first).days + 1))]
        values = [value(at) for at in times]
        frame = pl.DataFrame({"time": times, "value": values}, schema={"time": TIME, "value": pl.Float64}).with_columns(
            pl.lit(item.building).alias("building"),
            pl.lit(item.carrier.value).alias("carrier"),
            pl.lit(item.direction.value).alias("direction"),
            pl.lit("main").alias("level"),
            pl.lit(name).alias("point"),
            pl.when(pl.col("value").is_null()).then(0.0).otherwise(1.0).alias("coverage"),
            pl.when(pl.col("value").is_null()).then(pl.lit("missing")).otherwise(pl.lit("measured")).alias("method"),
            pl.lit(0).alias("span_start"),
            pl.lit(0).alias("span_end"),
        )
        self.store.write_intervals(frame)
        self.state.dirty_days.mark(item.building, [first + n * DAY for n in range((last - first).days + 1)], "late")

    def work(self) -> None:
        job = IndicateJob(
            self.portfolio, self.store, self.state, self.clock, Weathered(self.portfolio, self.store, factors=FACTORS)
        )
        run_each([job], self.state.runs, self.clock)


def published(folder: Path, bought: datetime | None = None) -> Published:
    """Electricity by a daily rhythm, heat by the weather with 2 kWh an hour that does not follow it.

    Args:
        bought: when the other school's meter was installed.
    """
    known = estate(*POINTS)
    if bought is not None:
        meters = tuple(replace(item, start=bought) if item.point == "annan-el" else item for item in known.installations)
        known = replace(known, installations=meters)
    made = Published(known, MemoryStore(), State.open(folder / "state.sqlite"), FixedClock(NOW))
    made.hours("skola-el", lambda at: 10.0 + at.hour % 7)
    made.hours("skola-fv", lambda at: 2.0 + 0.8 * max(0.0, 17.0 - temperature(at.date())))
    made.hours("annan-el", lambda at: 3.25 if at.month != 5 and (bought is None or at >= bought) else None)
    at = datetime(2025, 1, 15, tzinfo=UTC)
    made.store.write_readings([Reading("m-skola-el", "active_energy_import", at, 1000.0, at)])
    made.work()
    return made
