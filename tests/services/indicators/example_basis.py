"""A basis for the tests of indicators: hours of a few points, with what else a calculation asks for empty unless given."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.factors import Factors
from config.domain.periods import Period
from config.domain.tariffs import Tariffs
from config.domain.weather import WeatherYears
from services.figures.calculation import Basis, Limits
from services.figures.hours import counted_hours
from services.figures.periods import days_and_months
from services.figures.sums import sums

ZONE = "Europe/Stockholm"
HOUR = timedelta(hours=1)
INSTALLED = datetime(2020, 1, 1, tzinfo=UTC)
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")
EMPTY: Mapping[str, Mapping[str, Any]] = {
    "gauges": {
        **dict.fromkeys(("building", "point", "meter", "quantity", "channel"), pl.String),
        "time": TIME,
        "value": pl.Float64,
    },
}


def point(
    name: str,
    carrier: Carrier = Carrier.ELECTRICITY,
    direction: Direction = Direction.IMPORT,
    parent: str | None = None,
    building: str = "skola",
) -> MeteringPoint:
    return MeteringPoint(name, name, building, carrier, direction, 0.01, parent=parent)


def portfolio(
    *points: MeteringPoint, start: datetime = INSTALLED, end: datetime | None = None, area_m2: float | None = 1000.0
) -> Portfolio:
    """Each point with a meter of its own; buildings are schools of one committee."""
    installations = tuple(Installation(item.id, f"m-{item.id}", "active_energy_import", start, end) for item in points)
    meters = {item.meter: Meter(item.meter, "test", item.meter, (Register(item.register),)) for item in installations}
    names = dict.fromkeys(item.building for item in points)
    return Portfolio(
        "Provköping",
        ZONE,
        {"skolnämnden": Owner("skolnämnden", "Skolnämnden", "committee")},
        {name: Building(name, name, "school", "skolnämnden", area_m2) for name in names},
        {item.id: item for item in points},
        meters,
        installations,
    )


def intervals(
    item: MeteringPoint, period: Period, value: float | Iterable[float | None] | None = 1.0, **columns: Any
) -> pl.DataFrame:
    """One row an hour of the period, as the store gives them."""
    values = list(value) if isinstance(value, Iterable) else [value] * period.hours
    frame = pl.DataFrame(
        {
            "time": [period.start + n * HOUR for n in range(period.hours)],
            "building": item.building,
            "carrier": item.carrier.value,
            "direction": item.direction.value,
            "level": "main" if item.parent is None else "sub",
            "point": item.id,
            "value": values,
            "span_start": 0,
            "span_end": 0,
        },
        schema_overrides={"time": TIME, "value": pl.Float64, "span_start": pl.Int64, "span_end": pl.Int64},
    ).with_columns(
        pl.when(pl.col("value").is_null()).then(0.0).otherwise(1.0).alias("coverage"),
        pl.when(pl.col("value").is_null()).then(pl.lit("missing")).otherwise(pl.lit("measured")).alias("method"),
    )
    return frame.with_columns(pl.lit(given).alias(name) for name, given in columns.items())


def basis(known: Portfolio, frame: pl.DataFrame, months: Iterable[date], until: datetime = LONG_AFTER, **given: Any) -> Basis:
    """The basis of all of the portfolio's buildings; `given` replaces any of its parts."""
    buildings = tuple(sorted(known.buildings))
    hours = counted_hours(frame, known, buildings)
    periods = days_and_months(months, known.timezone)
    added = sums(hours, known, periods, until, buildings)
    daily = added.filter((pl.col("subject_kind") == "building") & (pl.col("period") == "day") & pl.col("value").is_not_null())
    parts: dict[str, Any] = {name: pl.DataFrame(schema=dict(schema)) for name, schema in EMPTY.items()}
    made = Basis(
        portfolio=known,
        factors=Factors(),
        tariffs=Tariffs(),
        limits=Limits(),
        buildings=buildings,
        hours=hours,
        sums=added,
        periods=periods,
        until=until,
        history=daily.select(
            "building",
            "reported_as",
            pl.col("start").dt.convert_time_zone(known.timezone).dt.date().alias("day"),
            "value",
            "coverage",
        ),
        weather=WeatherYears(),
        **parts,
    )
    return replace(made, **given)
