"""Archive and newest months of a station as one series, from a real server that plays SMHI well and badly."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.weather.smhi import SmhiObservations
from config.domain.weather import WeatherFindingCode, WeatherQuantity
from config.errors import WeatherError, WeatherUnavailable
from tests.collectors.weather.played import (
    BORLANGE,
    BORLANGE_D,
    FALUN,
    SUN,
    Clock,
    Reply,
    Smhi,
    client,
    playing,
    recorded,
)

DAILY = WeatherQuantity.AIR_TEMPERATURE_DAILY


@pytest.fixture
def smhi() -> Iterator[Smhi]:
    """Borlänge whole, Falun with an archive only, Borlänge D with nothing."""
    with playing() as server:
        server.archive(2, BORLANGE, recorded("daily-archive-105260.csv"))
        server.latest(2, BORLANGE, recorded("daily-latest-105260.json"))
        server.archive(2, FALUN, recorded("daily-archive-105370.csv"))
        server.stations(2, recorded("stations-2.json"))
        server.latest(11, SUN, recorded("irradiance-latest-105285.json"))
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(smhi: Smhi, clock: Clock, tmp_path: Path) -> SmhiObservations:
    return client(smhi, tmp_path, clock)


def test_the_archive_is_joined_to_the_newest_months(source: SmhiObservations) -> None:
    """31 January is in both: the archive's checked 2.5 counts, not the provisional 2.9."""
    found = source.values(DAILY, BORLANGE)

    assert found.values["value"].to_list() == [-6.4, -18.0, -21.3, 0.0, -3.1, 1.2, 2.5, -0.7, -4.0]
    assert found.values["quality"].to_list() == ["G", "Y", "G", "G", "G", "G", "G", "G", "Y"]
    assert found.checked == (datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 31, tzinfo=UTC))
    assert found.findings == ()


def test_a_checked_newest_value_goes_before_the_archives_yellow_one(smhi: Smhi, source: SmhiObservations) -> None:
    """Green beats yellow wherever it stands."""
    smhi.archive(2, BORLANGE, recorded("daily-archive-105260.csv").replace(b";2.5;G", b";2.5;Y"))
    smhi.latest(2, BORLANGE, recorded("daily-latest-105260.json").replace(b'"2.9", "quality": "Y"', b'"2.9", "quality": "G"'))

    values = source.values(DAILY, BORLANGE).values

    assert values.filter(values["time"] == datetime(2024, 1, 31, tzinfo=UTC)).rows() == [
        (datetime(2024, 1, 31, tzinfo=UTC), 2.9, "G")
    ]


def test_a_closed_station_gives_its_archive_and_says_so(source: SmhiObservations) -> None:
    """Falun answers 404 for the newest months here; the finding names the nearest that lives."""
    found = source.values(DAILY, FALUN)

    assert found.values.height == 2
    assert [item.code for item in found.findings] == [WeatherFindingCode.STATION_CLOSED]
    assert "105370 Falun-Lugnet" in found.findings[0].sentence_sv


def test_a_station_without_the_parameter_is_an_error_with_the_way_out(source: SmhiObservations, smhi: Smhi) -> None:
    """Address, station, since when, and which one to take instead."""
    with pytest.raises(WeatherError) as refusal:
        source.values(DAILY, BORLANGE_D)

    words = str(refusal.value)
    assert smhi.url in words
    assert "105310 Borlänge D has no air_temperature_daily at SMHI" in words
    assert "It closed on 2009-01-01. The nearest that is alive is 105260 Borlänge Flygplats, 8 km away" in words


def test_the_way_out_is_never_the_station_itself(source: SmhiObservations, smhi: Smhi) -> None:
    """SMHI lists Borlänge Flygplats as alive, yet has no answer: "the nearest is itself, 0 km away" helps nobody."""
    for period, ending in (("corrected-archive", "csv"), ("latest-months", "json")):
        smhi.data(2, BORLANGE, period, ending, Reply(status=404))

    with pytest.raises(WeatherError, match="The nearest that is alive is 105370 Falun-Lugnet"):
        source.values(DAILY, BORLANGE)


def test_a_new_station_gives_its_newest_months_and_says_so(source: SmhiObservations) -> None:
    """No checked archive yet."""
    found = source.values(WeatherQuantity.GLOBAL_IRRADIANCE, SUN)

    assert found.values.height == 2
    assert found.checked is None
    assert [item.code for item in found.findings] == [WeatherFindingCode.NO_ARCHIVE]


@pytest.mark.parametrize(
    "bad",
    [Reply(b""), Reply(recorded("sign-in.html")), Reply(b"Internt fel"), Reply(b'{"value": 1}'), Reply(b"", 403)],
    ids=["empty", "a web page", "text", "another shape", "forbidden"],
)
def test_bad_newest_months_leave_the_archive_usable_and_are_said(bad: Reply, smhi: Smhi, source: SmhiObservations) -> None:
    """Half is better than nothing, when it is said."""
    smhi.latest(2, BORLANGE, bad)

    found = source.values(DAILY, BORLANGE)

    assert found.values.height == 7
    assert [item.code for item in found.findings] == [WeatherFindingCode.REFUSED]
    assert "latest-months/data.json" in found.findings[0].sentence_sv


def test_a_bad_archive_leaves_the_newest_months_usable(smhi: Smhi, source: SmhiObservations) -> None:
    """A changed unit in one of them."""
    smhi.archive(2, BORLANGE, recorded("daily-archive-105260.csv").replace(b";celsius", b";kelvin"))

    found = source.values(DAILY, BORLANGE)

    assert found.values["value"].to_list() == [2.9, -0.7, -4.0]
    assert "kelvin" in found.findings[0].sentence_en


def test_two_bad_answers_are_an_error(smhi: Smhi, source: SmhiObservations) -> None:
    """Nothing was taken; the next station's turn."""
    smhi.archive(2, BORLANGE, recorded("sign-in.html"))
    smhi.latest(2, BORLANGE, recorded("sign-in.html"))

    with pytest.raises(WeatherError, match="105260"):
        source.values(DAILY, BORLANGE)


def test_a_station_that_nobody_could_be_asked_about_is_unavailable(smhi: Smhi, source: SmhiObservations) -> None:
    """Time heals it, so it is not "no such station"."""
    smhi.archive(2, BORLANGE, Reply(b"", 503))
    smhi.latest(2, BORLANGE, Reply(b"", 404))

    with pytest.raises(WeatherUnavailable):
        source.values(DAILY, BORLANGE)


def test_newest_months_without_a_value_are_said(smhi: Smhi, source: SmhiObservations) -> None:
    """A station that has fallen silent answers an empty list."""
    smhi.latest(
        2, BORLANGE, b'{"value": [], "parameter": {"key": "2", "unit": "celsius"}, "station": {"key": "105260", "name": "x"}}'
    )

    found = source.values(DAILY, BORLANGE)

    assert [item.code for item in found.findings] == [WeatherFindingCode.NOTHING_NEW]


def test_each_period_is_asked_for_at_its_own_pace(smhi: Smhi, source: SmhiObservations, clock: Clock) -> None:
    """A day of hourly looks: the daily means four times, the archive once."""
    for _ in range(24):
        source.values(DAILY, BORLANGE)
        clock.pass_time(timedelta(hours=1))

    assert smhi.count("latest-months") == 4
    assert smhi.count("corrected-archive") == 1
