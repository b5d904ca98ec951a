"""Buildings of any number and years, with the loads of sixteen real ones: readings of hourly registers in an embedded store.

Source: Langtry and Choudhary, Cambridge University Estates building energy usage archive v2.1 (MIT); read from a folder that is
given. Areas, agreements, factors and a normal year of the same four years are assumed: the archive publishes none. They are there
so that every indicator has what it needs, and calculates instead of saying what it lacks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from config.domain.estate import (
    Agreed,
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
from config.domain.factors import Factor, Factors, HourlyFactor, HourOfMix, Mark, Perspective, Purpose, Shares
from config.domain.readings import Reading
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from config.domain.weather import NormalPeriod, Quality, Station, WeatherPlan, WeatherQuantity
from services.jobs.surroundings import Surroundings
from services.store.timeseries import TimeSeriesStore

ZONE = "Europe/Stockholm"
ASSUMED_AREA_M2 = 5_000.0
KINDS = ("school", "office", "care_home", "sports_hall")
OWNERS = 10
HOUR = timedelta(hours=1)
NETWORK = "Mätnätet"
STATION = Station("mätstation", "Mätstation")
EVERY_YEAR = range(2019, 2023)


@dataclass(frozen=True, slots=True)
class Loads:
    """Hourly use of the sixteen buildings; `use[building]` has a row for electricity and one for heat."""

    start: datetime
    use: dict[str, np.ndarray]


def loads(folder: Path, years: int) -> Loads:
    """The first `years` years of the archive (2019 to 2022)."""
    frame = pl.read_csv(folder / "hourly.csv.gz", try_parse_dates=True)
    start = datetime(2019, 1, 1, tzinfo=UTC)
    end = datetime(2019 + years, 1, 1, tzinfo=UTC)
    time = frame["time"]
    frame = frame.with_columns(time.dt.replace_time_zone("UTC") if time.dtype == pl.Datetime("us") else time)
    part = frame.filter((pl.col("time") >= start) & (pl.col("time") < end)).sort("building", "time")
    use = {
        str(name): of_one.select("electricity_kwh", "heat_kwh").fill_null(0.0).to_numpy().T.copy()
        for (name,), of_one in part.group_by("building", maintain_order=True)
    }
    return Loads(start, use)


def portfolio(buildings: int, start: datetime) -> Portfolio:
    """Each building with a meter of electricity and one of heat, read every hour."""
    points, meters, installations, houses = {}, {}, [], {}
    for number in range(buildings):
        name = f"b{number:04}"
        houses[name] = Building(
            name,
            f"Byggnad {number}",
            KINDS[number % len(KINDS)],
            f"owner-{number % OWNERS}",
            ASSUMED_AREA_M2,
            heat_network=NETWORK,
        )
        for carrier, register in ((Carrier.ELECTRICITY, "active_energy_import"), (Carrier.DISTRICT_HEATING, "heat_energy")):
            point = f"{name}-{carrier.value}"
            points[point] = MeteringPoint(
                point, point, name, carrier, Direction.IMPORT, 0.001, interval_s=3600, tariffs=(Agreed(carrier.value),),
                subscribed_kw=(Agreed(500.0),), heat_power_kw=(Agreed(120.0),),
            )  # fmt: skip
            meters[f"m-{point}"] = Meter(f"m-{point}", "benchmark", f"m-{point}", (Register(register),))
            installations.append(Installation(point, f"m-{point}", register, start))
    owners = {f"owner-{n}": Owner(f"owner-{n}", f"Nämnd {n}", "committee") for n in range(OWNERS)}
    return Portfolio("Mätstad", ZONE, owners, houses, points, meters, tuple(installations))


def surroundings(folder: Path, known: Portfolio, store: TimeSeriesStore) -> Surroundings:
    """All that figures need besides hours; the weather is written to the store."""
    frame = pl.read_csv(folder / "surroundings.csv.gz", schema_overrides={"time": pl.String}).with_columns(
        pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC")
    )
    air, sun = pl.col("air_temperature_c"), pl.col("global_irradiance_w_m2")
    days = frame.group_by(pl.col("time").dt.truncate("1d"), maintain_order=True).agg(air.mean().alias("value"))
    for quantity, values in (
        (WeatherQuantity.AIR_TEMPERATURE, frame.select("time", air.alias("value"))),
        (WeatherQuantity.GLOBAL_IRRADIANCE, frame.select("time", sun.alias("value"))),
        (WeatherQuantity.AIR_TEMPERATURE_DAILY, days),
    ):
        tags = {"quantity": quantity.value, "station": STATION.id, "quality": Quality.CHECKED.value}
        columns = [pl.lit(text).alias(name) for name, text in tags.items()]
        store.write_weather(values.with_columns(*columns, pl.lit(0, pl.Int64).alias("received")))
    plan = WeatherPlan(dict.fromkeys(WeatherQuantity, (STATION,)), normal_period=NormalPeriod(EVERY_YEAR[0], EVERY_YEAR[-1]))
    intensity = frame.select("time", pl.col("grid_intensity_kg_co2_per_kwh") * 1000).rows()
    return Surroundings(known, store, factors(intensity), tariffs(), plan)


def factors(intensity: list[tuple[datetime, float]]) -> Factors:
    """Of every year, and of every hour of electricity [g/kWh]. The yearly values are made up."""
    shares = Shares(0.42, 0.57, 0.01, 0.0)

    def yearly(year: int, carrier: Carrier, perspective: Perspective) -> Factor:
        network = NETWORK if carrier is Carrier.DISTRICT_HEATING else ""
        return Factor(
            f"{carrier}-{perspective}-{year}", carrier, network, year, year, year, year, 50.0 + year % 10, "g CO2e/kWh",
            perspective, Purpose.REPORTING, ("combustion",), "made up", Mark.UNVERIFIED, shares=shares,
        )  # fmt: skip

    hours = tuple(HourOfMix(start, value, shares) for start, value in intensity)
    hourly = HourlyFactor(
        "timmar", "SE3", "g CO2e/kWh", Perspective.LOCATION, ("combustion",), "estate", Mark.UNVERIFIED, hours, "estate"
    )
    perspectives = (Perspective.LOCATION, Perspective.MARKET)
    carriers = (Carrier.ELECTRICITY, Carrier.DISTRICT_HEATING)
    return Factors(
        tuple(yearly(year, carrier, of) for year in EVERY_YEAR for carrier in carriers for of in perspectives), hourly=(hourly,)
    )


def tariffs() -> Tariffs:
    """One list of electricity and one of heat, as Borlänge Energi's of 2021 are built (domain facts 2.4)."""
    of = ComponentKind
    grid = (Component(of.FIXED, 7900.0), Component(of.SUBSCRIBED_POWER, 155.0), Component(of.OVERUSE, 52.0))
    electricity = (*grid, Component(of.ENERGY, 0.135), Component(of.TAX, 0.411))
    heat = (
        Component(of.POWER_GROUP, 408.0, from_kw=0.0, to_kw=None, fixed_sek=6810.0),
        Component(of.ENERGY, 0.378, months=(1, 2, 3, 11, 12)),
        Component(of.ENERGY, 0.275, months=(4, 5, 9, 10)),
        Component(of.ENERGY, 0.1, months=(6, 7, 8)),
    )
    since = date(EVERY_YEAR[0], 1, 1)
    return Tariffs(
        0.25,
        tuple(
            Tariff(carrier.value, carrier.value, carrier, "Mätbolaget", since, None, lines, "made up", Mark.UNVERIFIED)
            for carrier, lines in ((Carrier.ELECTRICITY, electricity), (Carrier.DISTRICT_HEATING, heat))
        ),
    )


def readings(known: Portfolio, real: Loads) -> Iterator[list[Reading]]:
    """Registers of every meter, a list a meter: the real loads in turn, each building scaled and shifted by whole weeks."""
    names = list(real.use)
    for number, name in enumerate(known.buildings):
        use = real.use[names[number % len(names)]]
        scale, shift = 1.0 + 0.01 * (number // len(names)), 168 * (number // len(names) % 26)
        for row, carrier, register in (
            (0, Carrier.ELECTRICITY, "active_energy_import"),
            (1, Carrier.DISTRICT_HEATING, "heat_energy"),
        ):
            levels = np.concatenate([[0.0], np.cumsum(np.roll(use[row], shift) * scale)]).round(3) + 1000.0
            yield [
                Reading(f"m-{name}-{carrier.value}", register, real.start + n * HOUR, level, real.start + n * HOUR)
                for n, level in enumerate(levels.tolist())
            ]
