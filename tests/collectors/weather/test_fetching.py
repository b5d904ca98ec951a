"""Manners: how often SMHI is asked, with what, and what happens when it does not answer."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.weather.fetching import AGENT, Absent, retry_after
from config.errors import WeatherError, WeatherUnavailable
from tests.collectors.weather.played import Clock, Reply, Smhi, fetcher, playing

HOUR = timedelta(hours=1)
PATH = "/api/thing.json"


@pytest.fixture
def smhi() -> Iterator[Smhi]:
    with playing() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


def as_text(content: bytes) -> str:
    return content.decode()


def picky(content: bytes) -> str:
    if content.startswith(b"<"):
        raise WeatherError("a web page")
    return content.decode()


def test_an_answer_is_not_asked_for_again_before_it_can_have_changed(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """Not by a second look, not after a restart."""
    smhi.replies[PATH] = [Reply(b"one"), Reply(b"two")]

    first = fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)
    clock.pass_time(timedelta(minutes=59))
    again = fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)

    assert (first, again, smhi.count()) == ("one", "one", 1)


def test_later_it_is_asked_whether_it_changed(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """304 costs SMHI nothing, and the kept answer is good for another while."""
    smhi.replies[PATH] = [
        Reply(b"one", headers={"ETag": '"a1"', "Last-Modified": "Sat, 03 Feb 2024 01:00:00 GMT"}),
        Reply(status=304),
    ]
    polite = fetcher(tmp_path, clock)
    polite.fetch(smhi.url + PATH, HOUR, as_text)

    clock.pass_time(2 * HOUR)
    later = polite.fetch(smhi.url + PATH, HOUR, as_text)
    soon_after = polite.fetch(smhi.url + PATH, HOUR, as_text)

    assert (later, soon_after, smhi.count()) == ("one", "one", 2)
    assert smhi.asked[1][1]["if-none-match"] == '"a1"'
    assert smhi.asked[1][1]["if-modified-since"] == "Sat, 03 Feb 2024 01:00:00 GMT"


def test_a_changed_answer_replaces_the_kept_one(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """And its new mark is what is asked with next."""
    smhi.replies[PATH] = [Reply(b"one", headers={"ETag": '"a1"'}), Reply(b"two", headers={"ETag": '"a2"'}), Reply(status=304)]
    polite = fetcher(tmp_path, clock)

    found = []
    for _ in range(3):
        found.append(polite.fetch(smhi.url + PATH, HOUR, as_text))
        clock.pass_time(2 * HOUR)

    assert found == ["one", "two", "two"]
    assert smhi.asked[2][1]["if-none-match"] == '"a2"'


def test_we_say_who_we_are(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """A service can only speak to those it can name."""
    smhi.replies[PATH] = [Reply(b"one")]

    fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)

    assert smhi.asked[0][1]["user-agent"] == AGENT
    assert AGENT.startswith("energimonitor/")


@pytest.mark.parametrize(
    "trouble",
    [Reply(b"busy", 503), Reply(b"slow down", 429), Reply(b"oops", 500), Reply(b"half an answer", cut=4), Reply(silent=True)],
    ids=["503", "429", "500", "connection lost in the middle", "no answer"],
)
def test_a_passing_trouble_is_tried_again_with_longer_waits(trouble: Reply, smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """Half an answer is no answer."""
    smhi.replies[PATH] = [trouble, trouble, Reply(b"one")]
    waits: list[float] = []

    found = fetcher(tmp_path, clock, waits).fetch(smhi.url + PATH, HOUR, as_text)

    assert found == "one"
    assert waits == [1.0, 2.0]


def test_a_short_retry_after_is_waited_for(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """As long as they ask, not shorter."""
    smhi.replies[PATH] = [Reply(b"busy", 503, {"Retry-After": "20"}), Reply(b"one")]
    waits: list[float] = []

    fetcher(tmp_path, clock, waits).fetch(smhi.url + PATH, HOUR, as_text)

    assert waits == [20.0]


def test_a_long_retry_after_ends_the_look_and_is_kept(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """Nobody waits an hour in a job; and no restart makes us ask before it is over."""
    smhi.replies[PATH] = [Reply(b"maintenance", 503, {"Retry-After": "3600"}), Reply(b"one")]

    with pytest.raises(WeatherUnavailable) as first:
        fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)
    clock.pass_time(timedelta(minutes=30))
    with pytest.raises(WeatherUnavailable, match=r"not asked again before .*; the last answer: status 503"):
        fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)
    clock.pass_time(timedelta(minutes=31))

    assert first.value.retry_after == 3600.0
    assert fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text) == "one"
    assert smhi.count() == 2


def test_a_service_that_stays_away_is_unavailable_and_the_message_says_so(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """Four attempts; what is stored stays."""
    smhi.replies[PATH] = [Reply(b"", 502)]

    with pytest.raises(WeatherUnavailable, match=r"thing\.json: status 502; .* what is stored stays"):
        fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)

    assert smhi.count() == 4


def test_a_service_that_is_away_is_not_tried_address_by_address(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """Seven stations and two periods would be two minutes of waiting for nothing."""
    smhi.replies[PATH] = [Reply(silent=True)]
    polite = fetcher(tmp_path, clock)
    with pytest.raises(WeatherUnavailable):
        polite.fetch(smhi.url + PATH, HOUR, as_text)

    with pytest.raises(WeatherUnavailable, match="has just not answered"):
        polite.fetch(smhi.url + "/another", HOUR, as_text)

    assert smhi.count() == 4
    clock.pass_time(timedelta(minutes=1))
    with pytest.raises(Absent):
        polite.fetch(smhi.url + "/another", HOUR, as_text)


def test_a_machine_without_internet_is_told_in_words(clock: Clock, tmp_path: Path) -> None:
    """Nothing listens there."""
    with pytest.raises(WeatherUnavailable, match="no answer"):
        fetcher(tmp_path, clock).fetch("http://127.0.0.1:9/api", HOUR, as_text)


def test_404_is_remembered(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """A station without the parameter is not asked for it at every look."""
    for _ in range(3):
        with pytest.raises(Absent):
            fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)

    assert smhi.count() == 1


def test_a_bad_answer_is_neither_kept_nor_asked_for_at_once_again(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """A sign-in page today must not be read tomorrow; and hammering does not heal it."""
    smhi.replies[PATH] = [Reply(b"<html>"), Reply(b"one")]

    with pytest.raises(WeatherError, match="a web page"):
        fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, picky)
    with pytest.raises(WeatherUnavailable) as again:
        fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, picky)
    clock.pass_time(HOUR)

    assert str(again.value) == f"{smhi.url + PATH}: not asked again before 2024-02-03 02:30Z; the last answer: a web page"

    assert fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, picky) == "one"


def test_a_service_that_moved_is_not_followed_blindly(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """The new address is a person's decision."""
    smhi.replies[PATH] = [Reply(b"", 301, {"Location": "https://elsewhere.example/api"})]

    with pytest.raises(WeatherError, match=r"moved to https://elsewhere.example/api: set ENERGIMONITOR_WEATHER_URL"):
        fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)


def test_a_damaged_cache_is_an_empty_one(smhi: Smhi, clock: Clock, tmp_path: Path) -> None:
    """A full disk cut it off."""
    smhi.replies[PATH] = [Reply(b"one"), Reply(b"two")]
    fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text)
    for file in tmp_path.iterdir():
        file.write_bytes(b"\x00")

    assert fetcher(tmp_path, clock).fetch(smhi.url + PATH, HOUR, as_text) == "two"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120.0), (None, 0.0), ("soon", 0.0), ("Sat, 03 Feb 2024 02:01:00 GMT", 60.0), ("Fri, 02 Feb 2024 00:00:00 GMT", 0.0)],
)
def test_retry_after_is_a_number_or_a_date(text: str | None, seconds: float) -> None:
    """Both are allowed; what cannot be read asks for nothing."""
    assert retry_after(text, Clock().now()) == seconds
