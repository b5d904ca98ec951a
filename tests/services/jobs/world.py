"""A small municipality with its store, state and clock, for the tests of the jobs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.readings import DirtyHours, Reading
from config.domain.series import INDICATOR_VALUES, INTERVALS, SeriesQuery
from services.jobs.indicate import IndicateJob
from services.jobs.notice import NoticeJob
from services.jobs.runner import run_each
from services.jobs.settle import SettleJob
from services.jobs.settling import hour_of
from services.jobs.surroundings import Surroundings
from services.state.state import State
from services.store.duckdb import DuckDBStore
from tests.doubles.memory_store import MemoryStore

HOUR = timedelta(hours=1)
INSTALLED = datetime(2026, 1, 1, tzinfo=UTC)


class FixedClock:
    """Stands still until it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def point(name: str = "skola-el", building: str = "skola", **changes: object) -> MeteringPoint:
    base = MeteringPoint(name, name, building, Carrier.ELECTRICITY, Direction.IMPORT, 0.01, interval_s=3600)
    return replace(base, **changes)  # type: ignore[arg-type]  # any field


def portfolio(
    *points: MeteringPoint, installations: Sequence[Installation] | None = None, zone: str = "Europe/Stockholm"
) -> Portfolio:
    """Every point has its own meter, unless installations say otherwise."""
    points = points or (point(),)
    installed = installations or [Installation(item.id, f"m-{item.id}", "active_energy_import", INSTALLED) for item in points]
    buildings = {item.building: Building(item.building, item.building, "school", "skolnämnden", 1000.0) for item in points}
    meters = {item.meter: Meter(item.meter, "test", f"d-{item.meter}", (Register(item.register),)) for item in installed}
    owners = {"skolnämnden": Owner("skolnämnden", "Skolnämnden", "committee")}
    return Portfolio("Provköping", zone, owners, buildings, {item.id: item for item in points}, meters, tuple(installed))


@dataclass
class World:
    """Everything that a job touches."""

    portfolio: Portfolio
    store: MemoryStore | DuckDBStore
    state: State
    clock: FixedClock

    def settle(self) -> SettleJob:
        return SettleJob(self.portfolio, self.store, self.state, self.clock)

    def indicate(self) -> IndicateJob:
        return IndicateJob(self.portfolio, self.store, self.state, self.clock, Surroundings(self.portfolio, self.store))

    def notice(self) -> NoticeJob:
        return NoticeJob(self.portfolio, self.store, self.state, self.clock)

    def arrive(self, readings: Iterable[Reading]) -> None:
        """As intake does it: into the store, then their hours are dirty."""
        readings = list(readings)
        self.store.write_readings(readings)
        marks = [
            DirtyHours(name, hour_of(item.time), hour_of(item.time) + HOUR)
            for item in readings
            for name in self.portfolio.points_of_register.get((item.meter, item.register.removesuffix(".hourly_use")), ())
        ]
        self.state.dirty_hours.mark(marks)

    def work(self) -> None:
        """Every job once, in the timetable's order."""
        run_each([self.notice(), self.settle(), self.indicate()], self.state.runs, self.clock)

    def hours(self, name: str = "skola-el") -> dict[datetime, tuple[float | None, float, str]]:
        """Start → value, coverage, method of what the store has."""
        frame = self.store.read(SeriesQuery(INTERVALS, where={"point": (name,)}))
        return {row["time"]: (row["value"], row["coverage"], row["method"]) for row in frame.iter_rows(named=True)}

    def energy(self, period: str, building: str = "skola") -> dict[datetime, tuple[float | None, float]]:
        """Start of the period → energy, coverage."""
        frame = self.store.read(
            SeriesQuery(INDICATOR_VALUES, where={"subject": (building,), "period": (period,), "indicator": ("energy",)})
        )
        rows = frame.filter(pl.col("carrier") == "electricity").iter_rows(named=True)
        return {row["time"]: (row["value"], row["coverage"]) for row in rows}


def world(
    folder: Path,
    at: datetime,
    *points: MeteringPoint,
    installations: Sequence[Installation] | None = None,
    store: MemoryStore | DuckDBStore | None = None,
) -> World:
    return World(
        portfolio(*points, installations=installations),
        store or MemoryStore(),
        State.open(folder / "state.sqlite"),
        FixedClock(at),
    )


def hourly(
    start: datetime, hours: int, level: Callable[[int], float] = lambda n: 1000.0 + 2.0 * n, meter: str = "m-skola-el"
) -> list[Reading]:
    """A reading on every hour, the first at `start`."""
    return [
        Reading(meter, "active_energy_import", start + n * HOUR, level(n), start + n * HOUR + timedelta(seconds=5))
        for n in range(hours)
    ]
