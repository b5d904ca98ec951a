"""What a look at the pictures costs, with many buildings in the embedded store. `python -m benchmarks.pictures [buildings]`

Made-up figures of a year (twenty indicators a day), hundreds of open deviations, thousands of closed ones, findings and changes:
more than a municipality has. Four meters a building. Everything lies in a temporary folder and is gone afterwards.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from config.domain.deviations import DeviationKind
from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.indicators import Subject, SubjectKind
from config.domain.intervals import Finding, FindingCode
from config.domain.periods import day
from services.jobs.pictures.buildings import BuildingsPicture
from services.jobs.pictures.deviations import DeviationsPicture
from services.jobs.pictures.events import EventsPicture
from services.jobs.pictures.picture import Picture
from services.jobs.pictures.restatements import RestatementsPicture
from services.state.figure_history import FigureChange
from services.state.state import State
from services.store.duckdb import DuckDBStore
from services.store.points import TIME
from tests.services.analysis.test_attention import found
from tests.services.jobs.pictures.town import Town, silent

ZONE = "Europe/Stockholm"
NOW = datetime(2026, 11, 24, 12, 40, tzinfo=UTC)
TODAY = date(2026, 11, 24)
HOUR = timedelta(hours=1)
CARRIERS = (Carrier.ELECTRICITY, Carrier.DISTRICT_HEATING, Carrier.WATER, Carrier.SOLAR)
INDICATORS = ("energy_total", *(f"made_up_{n}" for n in range(19)))
DAYS = 365
LOOKS = 5


def portfolio(count: int) -> Portfolio:
    """Four points a building, each with a meter that was exchanged once."""
    since, exchanged = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    names = [f"b{n:04}" for n in range(count)]
    buildings = {name: Building(name, f"Byggnad {name}", "school", f"o{n % 10}", 1_000.0 + n) for n, name in enumerate(names)}
    points = {
        f"{name}-{carrier}": MeteringPoint(f"{name}-{carrier}", carrier, name, carrier, Direction.IMPORT, 0.01, interval_s=3600)
        for name in names
        for carrier in CARRIERS
    }
    installed = [Installation(point, f"{point}-1", "active_energy_import", since, exchanged) for point in points]
    installed += [Installation(point, f"{point}-2", "active_energy_import", exchanged) for point in points]
    meters = {each.meter: Meter(each.meter, "test", each.meter, (Register(each.register),)) for each in installed}
    owners = {f"o{n}": Owner(f"o{n}", f"Ägare {n}", "committee") for n in range(10)}
    return Portfolio("Storköping", ZONE, owners, buildings, points, meters, tuple(installed))


def figures(town: Portfolio) -> pl.DataFrame:
    """One figure an indicator, building and day."""
    first = TODAY - timedelta(days=DAYS)
    days = [day(first + timedelta(days=n), ZONE) for n in range(DAYS)]
    when = pl.DataFrame(
        {"time": [each.start for each in days], "end": [round(each.end.timestamp() * 1000) for each in days]},
        schema={"time": TIME, "end": pl.Int64},
    )
    frame = pl.DataFrame({"subject": list(town.buildings)}).join(pl.DataFrame({"indicator": INDICATORS}), how="cross")
    texts = {"calculation": "test-1", "reason": "", "reason_en": "", "factors": "{}", "zone": ZONE, "method": "measured"}
    tags = {"carrier": "", "period": "day", "subject_kind": "building"}
    return frame.join(when, how="cross").with_columns(
        pl.lit(450.0).alias("value"), pl.lit(1.0).alias("coverage"), *(pl.lit(v).alias(k) for k, v in {**texts, **tags}.items())
    )


def fill(place: Town) -> None:
    """A year's figures, 500 open deviations, 5,000 closed, 2,000 gaps and 10,000 changes."""
    names = list(place.portfolio.buildings)
    place.store.write_indicator_values(figures(place.portfolio))
    kinds = list(DeviationKind)
    with place.state.database.transaction():
        for n in range(5_500):
            kind, name = kinds[n // len(names) % len(kinds)], names[n % len(names)]
            item = replace(
                found(kind), building=name, subject=Subject(SubjectKind.BUILDING, f"{name}-{n}"), sentence_sv="Så är det."
            )
            number = place.told(item)
            if n >= 500:
                place.state.deviation_threads.close(number, NOW, "", "")
        for n, name in enumerate(place.portfolio.points):
            start = NOW - timedelta(days=1 + n % 300)
            codes = (FindingCode.GAP, FindingCode.STUCK, FindingCode.FALSE_READING)
            item_of = [Finding(name, code, start, start + (n % 12) * HOUR, "Text.", "Text.") for code in codes]
            place.state.findings.replace(name, start, start + HOUR, item_of)
        start, end = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
        place.state.figure_changes.add(
            FigureChange(
                NOW, f"i{n // len(names)}", "", "building", names[n % len(names)], "month", start, end, 1, 2, "late", "", ""
            )
            for n in range(10_000)
        )
    silent(place, {f"{point}-2": (item.building, 0) for point, item in place.portfolio.points.items()}, NOW)


def milliseconds(work: Callable[[], object]) -> float:
    """The fastest of some runs."""
    times = []
    for _ in range(LOOKS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def main() -> None:
    """One line a picture."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        place = Town(DuckDBStore(path / "store.duckdb"), State.open(path / "state.sqlite"), portfolio(count))
        fill(place)
        state, store, town = place.state, place.store, place.portfolio
        pictures: list[Picture] = [
            DeviationsPicture(town, store, state.deviation_threads),
            BuildingsPicture(town, store, state),
            EventsPicture(town, store, state),
            RestatementsPicture(ZONE, store, state),
        ]
        print(f"| {count} buildings | look, nothing changed | first drawing | drawing, nothing changed |")
        for picture in pictures:
            look = milliseconds(lambda one=picture: one.inputs(NOW))  # type: ignore[misc]  # bound at once
            start = time.perf_counter()
            picture.draw(NOW)
            first = (time.perf_counter() - start) * 1000
            again = milliseconds(lambda one=picture: one.draw(NOW))  # type: ignore[misc]  # bound at once
            print(f"| {picture.name} | {look:.1f} ms | {first:.0f} ms | {again:.0f} ms |")
        store.close()
        state.close()


if __name__ == "__main__":
    main()
