"""Buildings of any number and years, with the loads of sixteen real ones: readings of hourly registers in an embedded store.

Source: Langtry and Choudhary, Cambridge University Estates building energy usage archive v2.1 (MIT); read from a folder that is
given. Areas are assumed: the archive publishes none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.readings import Reading

ZONE = "Europe/Stockholm"
ASSUMED_AREA_M2 = 5_000.0
KINDS = ("school", "office", "care_home", "sports_hall")
OWNERS = 10
HOUR = timedelta(hours=1)


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
            name, f"Byggnad {number}", KINDS[number % len(KINDS)], f"owner-{number % OWNERS}", ASSUMED_AREA_M2
        )
        for carrier, register in ((Carrier.ELECTRICITY, "active_energy_import"), (Carrier.DISTRICT_HEATING, "heat_energy")):
            point = f"{name}-{carrier.value}"
            points[point] = MeteringPoint(point, point, name, carrier, Direction.IMPORT, 0.001, interval_s=3600)
            meters[f"m-{point}"] = Meter(f"m-{point}", "benchmark", f"m-{point}", (Register(register),))
            installations.append(Installation(point, f"m-{point}", register, start))
    owners = {f"owner-{n}": Owner(f"owner-{n}", f"Nämnd {n}", "committee") for n in range(OWNERS)}
    return Portfolio("Mätstad", ZONE, owners, houses, points, meters, tuple(installations))


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
