"""The jobs on real stores give what they give in memory."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.periods import day
from config.domain.readings import Reading
from services.jobs.settle import PointsTask
from services.store.duckdb import DuckDBStore
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.timeseries import TimeSeriesStore
from tests.servers import Influxd1
from tests.services.jobs.world import hourly, world

START = datetime(2026, 10, 20, tzinfo=UTC)
SILENT = range(30, 80)  # more than two days: the job must look for the readings around it


@pytest.fixture(params=["duckdb", pytest.param("influxdb1", marks=pytest.mark.influxdb)])
def real(request: pytest.FixtureRequest, tmp_path: Path) -> TimeSeriesStore:
    """An empty store."""
    if request.param == "duckdb":
        return DuckDBStore(tmp_path / "store.duckdb")
    server: Influxd1 = request.getfixturevalue("influxd1")
    name = f"t{uuid.uuid4().hex}"
    server.create_database(name)
    return InfluxStore(InfluxTarget(server.url, name, InfluxVersion.V1))


def test_a_real_store_gives_what_memory_gives(real: TimeSeriesStore, tmp_path: Path) -> None:
    """A week with a gap over two midnights and the autumn clock change, its last reading late: hours, days and month alike."""
    readings = [reading for n, reading in enumerate(hourly(START, 7 * 24 + 1)) if n not in SILENT]
    outcomes = []
    for number, store in enumerate((None, real)):
        made = world(tmp_path / str(number), START + timedelta(days=7, minutes=1))
        if store is not None:
            made.store = store  # type: ignore[assignment] # the double's place
        for part in (readings[:-1], readings[-1:]):
            made.arrive(part)
            made.work()
        outcomes.append((made.hours(), made.energy("day"), made.energy("month")))
        made.state.close()
    real.close()

    memory, stored = outcomes
    assert stored == memory
    assert memory[1][day(date(2026, 10, 25), "Europe/Stockholm").start] == (pytest.approx(50.0), 1.0)


def test_a_gap_of_years_is_found_on_both_sides(real: TimeSeriesStore, tmp_path: Path) -> None:
    """Nothing for two years: the readings at both ends are asked for by day, not by reading all between."""
    made = world(tmp_path / "state", START + timedelta(hours=2))
    long_ago = START - timedelta(days=730)
    made.portfolio = replace(
        made.portfolio,
        installations=tuple(replace(item, start=long_ago - timedelta(days=3000)) for item in made.portfolio.installations),
    )
    made.store = real  # type: ignore[assignment] # the double's place
    made.arrive([Reading("m-skola-el", "active_energy_import", long_ago, 0.0, long_ago)])
    made.settle().do(PointsTask(("skola-el",)))
    made.arrive([Reading("m-skola-el", "active_energy_import", START, 17_520.0, START)])
    made.settle().do(PointsTask(("skola-el",)))
    hours = pl.Series([value for start, (value, _, _) in made.hours().items() if long_ago <= start < START])
    made.state.close()
    real.close()

    assert (len(hours), hours.null_count()) == (730 * 24, 0)
    assert hours.to_list() == pytest.approx([1.0] * 17_520)
