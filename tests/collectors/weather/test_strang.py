"""SMHI's radiation model: the right parameter, the right hour, and never taken for a measurement."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import polars as pl
import pytest

from collectors.weather.smhi import SmhiObservations
from collectors.weather.strang import Strang, hour_means, read_strang
from config.domain.weather import MODELLED, VALUES, Station, WeatherFindingCode, WeatherQuantity
from config.errors import WeatherError
from services.analysis.bridging import bridged_hours
from tests.collectors.weather.played import Clock, Reply, Smhi, fetcher, playing

PLACE = Station(MODELLED, "STRÅNG, modell", 60.4858, 15.4371)
NOON = datetime(2024, 2, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def answer(*values: float | None, first: datetime = NOON) -> bytes:
    return orjson.dumps([{"date_time": first + at * HOUR, "value": value} for at, value in enumerate(values)])


@pytest.fixture
def smhi() -> Iterator[Smhi]:
    with playing() as server:
        yield server


def path(year: int) -> str:
    return (
        "/api/category/strang1g/version/1/geotype/point/lon/15.4371/lat/60.4858/parameter/117/data.json"
        f"?from={year}-01-01&to={year + 1}-01-01&interval=hourly"
    )


def test_global_irradiance_is_parameter_117(smhi: Smhi, tmp_path: Path) -> None:
    """Trap 8: 118 is direct normal, and some public code takes it for global."""
    smhi.replies[path(2024)] = [Reply(answer(100.0, 200.0))]

    Strang(fetcher(tmp_path, Clock()), Clock(), date(2024, 1, 1), smhi.url).values(PLACE)

    assert [asked for asked, _ in smhi.asked] == [path(2024)]
    assert "/parameter/117/" in smhi.asked[0][0]


def test_an_hours_mean_is_that_of_its_two_ends_and_is_marked_as_modelled(smhi: Smhi, tmp_path: Path) -> None:
    """100 at 12 and 200 at 13 make 150 from 12 to 13, filed at its end as a station's is, read at its beginning."""
    smhi.replies[path(2024)] = [Reply(answer(100.0, 200.0))]

    source = SmhiObservations(
        fetcher(tmp_path, Clock()), "http://127.0.0.1:9", Strang(fetcher(tmp_path, Clock()), Clock(), date(2024, 1, 1), smhi.url)
    )
    found = source.values(WeatherQuantity.GLOBAL_IRRADIANCE, PLACE)

    assert found.values.rows() == [(NOON + HOUR, 150.0, "M")]
    stored = found.values.with_columns(quantity=pl.lit("global_irradiance"), station=pl.lit(MODELLED))
    assert bridged_hours(stored, [], [MODELLED]).rows() == [(NOON, None, 150.0)]


def test_a_missing_instant_takes_both_hours_beside_it_along() -> None:
    """No interpolation over a hole."""
    instants = read_strang(answer(100.0, None, 300.0, 400.0), PLACE, "strang").values

    assert hour_means(instants).rows() == [(NOON + 3 * HOUR, 350.0, "M")]


def test_years_that_are_past_are_hardly_asked_for_again(smhi: Smhi, tmp_path: Path) -> None:
    """A fortnight later only the running year is asked for; 2022 ended long ago, 2023 did not (it is February 2024)."""
    for year in (2022, 2023, 2024):
        smhi.replies[path(year)] = [Reply(answer(1.0, 1.0, first=datetime(year, 1, 1, tzinfo=UTC)))]
    clock = Clock()
    model = Strang(fetcher(tmp_path, clock), clock, date(2022, 6, 1), smhi.url)

    model.values(PLACE)
    clock.pass_time(timedelta(days=14))
    found = model.values(PLACE)

    assert [smhi.count(f"from={year}") for year in (2022, 2023, 2024)] == [1, 2, 2]
    assert found.values.height == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html>", "web page"),
        (b"busy", "no list of values"),
        (b'{"value": 1}', "no list of values"),
        (b'[{"date_time": "yesterday", "value": 1}]', "no list of values"),
        (answer(1.0, 2.0).replace(b"+00:00", b""), "cannot be read"),
        (b'[{"date_time": "0001-01-01T00:00:00+14:00", "value": 1}]', "cannot be read"),
        (answer(5_000.0, 6_000.0), "has the unit changed"),
    ],
    ids=["empty", "HTML", "text", "another shape", "no time", "no zone", "no year", "another unit"],
)
def test_a_bad_answer_is_refused(content: bytes, words: str) -> None:
    """As a station's."""
    with pytest.raises(WeatherError, match=words):
        read_strang(content, PLACE, "strang")


def test_an_impossible_value_is_a_hole_and_said() -> None:
    """Models write -999 for nothing."""
    found = read_strang(answer(*[100.0] * 60, -999.0), PLACE, "strang")

    assert found.values.height == 60
    assert [item.code for item in found.findings] == [WeatherFindingCode.IMPOSSIBLE]


def test_a_model_without_a_position_is_told_what_it_lacks(tmp_path: Path) -> None:
    """The YAML's check comes first; a caller of ours may forget."""
    with pytest.raises(WeatherError, match="give latitude and longitude"):
        Strang(fetcher(tmp_path, Clock()), Clock(), date(2024, 1, 1)).values(Station(MODELLED, "x"))


def test_means_of_nothing_are_nothing() -> None:
    """An empty year."""
    assert hour_means(pl.DataFrame(schema=VALUES)).is_empty()
