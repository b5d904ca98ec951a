"""Every picture, on every store that we have: the same points, and nothing to write the second time."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from config.domain.series import BUILDINGS, DEVIATIONS, EVENTS, GOAL_LINES, GOALS, RESTATEMENTS, SeriesQuery
from services.store.duckdb import DuckDBStore
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.timeseries import TimeSeriesStore
from tests.doubles.memory_store import MemoryStore
from tests.servers import Influxd1
from tests.services.jobs.pictures.town import NOW, Town, silent, something_of_everything, town

DRAWN = (DEVIATIONS, BUILDINGS, GOALS, GOAL_LINES, EVENTS, RESTATEMENTS)


@pytest.fixture(params=["duckdb", pytest.param("influxdb1", marks=pytest.mark.influxdb)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TimeSeriesStore]:
    name = f"t{uuid.uuid4().hex}"
    made: TimeSeriesStore
    if request.param == "duckdb":
        made = DuckDBStore(tmp_path / f"{name}.duckdb")
    else:
        server: Influxd1 = request.getfixturevalue("influxd1")
        server.create_database(name)
        made = InfluxStore(InfluxTarget(server.url, name, InfluxVersion.V1))
    yield made
    made.close()


def filled(folder: Path, store: TimeSeriesStore) -> Town:
    """Something of everything, drawn."""
    folder.mkdir(exist_ok=True)
    place = town(folder, store)
    something_of_everything(place)
    silent(place, {"m-ny": ("skola", 1), "m-varme": ("skola", 0), "m-rink": ("rink", 0)})
    for picture in place.pictures():
        picture.draw(NOW)
    return place


def points(place: Town) -> dict[str, pl.DataFrame]:
    return {series.name: place.store.read(SeriesQuery(series)) for series in DRAWN}


def test_the_points_are_the_same_in_every_store(store: TimeSeriesStore, tmp_path: Path) -> None:
    """Numbers to the last bit, absent ones absent, texts with their letters."""
    here, memory = filled(tmp_path / "here", store), filled(tmp_path / "memory", MemoryStore())

    drawn, expected = points(here), points(memory)

    assert all(frame.height > 0 for frame in expected.values())
    assert {name: frame.rows() for name, frame in drawn.items()} == {name: frame.rows() for name, frame in expected.items()}


def test_drawing_again_changes_nothing(store: TimeSeriesStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a store gives back is what it was given: no point is written twice."""
    place = filled(tmp_path / "here", store)
    written: list[str] = []
    monkeypatch.setattr(store, "write_pictures", lambda series, _points: written.append(series.name))

    for picture in place.pictures():
        picture.draw(NOW)

    assert written == []


def test_what_is_over_is_closed_in_every_store(store: TimeSeriesStore, tmp_path: Path) -> None:
    """A thread that was closed is not among today's open points."""
    place = filled(tmp_path / "here", store)
    before = [row["thread"] for row in place.points(DEVIATIONS, open=1)]
    place.state.deviation_threads.close(1, NOW, "Anna", "Klar")

    place.draw(DEVIATIONS)

    assert (before, [row["thread"] for row in place.points(DEVIATIONS, open=1)]) == (["2", "1"], ["2"])
