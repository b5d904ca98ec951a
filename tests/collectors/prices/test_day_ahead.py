"""Day-ahead prices: answers as the service gives them, over a real HTTP server on the loopback interface."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collectors.prices.day_ahead import DayAheadPrices, prices_of_day
from collectors.weather.fetching import Manners, PoliteFetcher
from config.domain.periods import day
from config.errors import PricesError, PricesUnavailable
from tests.collectors.weather.played import Clock, Reply, playing

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def answer(on: date, minutes: int = 15, **changed: Any) -> list[dict[str, Any]]:
    """A day's rows; `changed` goes over the third one."""
    period, step = day(on, "Europe/Stockholm"), timedelta(minutes=minutes)
    count = int((period.end - period.start) / step)
    rows: list[dict[str, Any]] = [
        {
            "SEK_per_kWh": 0.82517,
            "EUR_per_kWh": 0.07361,
            "EXR": 11.210032,
            "time_start": (period.start + n * step).astimezone(STOCKHOLM).isoformat(),
            "time_end": (period.start + (n + 1) * step).astimezone(STOCKHOLM).isoformat(),
        }
        for n in range(count)
    ]
    rows[2].update(changed)
    return rows


@pytest.mark.parametrize(
    ("on", "minutes", "rows"),
    [
        (date(2025, 3, 30), 60, 23),
        (date(2024, 5, 5), 60, 24),
        (date(2024, 10, 27), 60, 25),
        (date(2026, 3, 29), 15, 92),
        (date(2026, 5, 5), 15, 96),
        (date(2026, 10, 25), 15, 100),
    ],
)
def test_how_many_prices_a_day_has_is_read_from_it(on: date, minutes: int, rows: int) -> None:
    """Trap 6 of domain facts section 9: 24 rows before autumn 2025 and 96 after, 92 and 100 where the clocks change."""
    found = prices_of_day(json.dumps(answer(on, minutes)).encode(), "SE3", on, "svar")

    assert found.height == rows
    assert found["time"][0] == day(on, "Europe/Stockholm").start
    assert found["time"].n_unique() == rows
    assert set(found["minutes"]) == {minutes}


def test_the_price_is_the_printed_one() -> None:
    """Domain facts section 7: 0.07361 EUR times 11.210032 is 0.82517 SEK."""
    on = date(2026, 5, 5)
    found = prices_of_day(json.dumps(answer(on)).encode(), "SE3", on, "svar")

    assert found["value"][0] == 0.82517
    assert found["value"][0] == pytest.approx(0.07361 * 11.210032, abs=5e-6)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>log in</html>", "no JSON but '<html>log in"),
        (b"{}", "no list of prices"),
        (b"[]", "no list of prices"),
        (b"[3]", "row 1: no price"),
        (json.dumps(answer(date(2026, 5, 5), SEK_per_kWh=None)).encode(), "row 3: SEK_per_kWh is None"),
        (json.dumps(answer(date(2026, 5, 5), SEK_per_kWh="0,82")).encode(), "row 3: SEK_per_kWh is '0,82', no number"),
        (json.dumps(answer(date(2026, 5, 5), SEK_per_kWh=10**400)).encode(), "row 3: SEK_per_kWh is 1000"),
        (b"[" * 100_000, "no JSON but '[[[["),
        (json.dumps(answer(date(2026, 5, 5), time_start="0001-01-01T00:00:00+14:00")).encode(), "an instant with its offset"),
        (json.dumps(answer(date(2026, 5, 5), SEK_per_kWh=8.2517)).encode(), "EUR_per_kWh times EXR is 0.82517"),
        (json.dumps(answer(date(2026, 5, 5), time_start="2026-05-05T00:30:00")).encode(), "an instant with its offset"),
        (json.dumps(answer(date(2026, 5, 5), time_end="2026-05-05T03:30:00+02:00")).encode(), "an hour or a quarter"),
        (json.dumps(answer(date(2026, 5, 5))[:40] + answer(date(2026, 5, 5))[41:]).encode(), "or one lacks"),
        (json.dumps(answer(date(2026, 5, 5)) * 2).encode(), "rows overlap"),
        (json.dumps(answer(date(2026, 5, 5))[:-1]).encode(), "not those of the whole local day 2026-05-05"),
        (json.dumps(answer(date(2026, 5, 6))).encode(), "not those of the whole local day 2026-05-05"),
    ],
)
def test_what_is_no_day_of_prices_is_refused_and_says_why(content: bytes, words: str) -> None:
    """None of it is kept: half a day of prices would be a cheap day."""
    with pytest.raises(PricesError, match="svar: ") as refusal:
        prices_of_day(content, "SE3", date(2026, 5, 5), "svar")

    assert words in str(refusal.value)


def test_a_published_day_is_asked_for_once_and_one_that_is_not_each_hour(tmp_path: Path) -> None:
    """404: not published yet (domain facts section 7). The answer is kept over a restart."""
    on, clock = date(2026, 5, 5), Clock(datetime(2026, 5, 4, 10, tzinfo=UTC))
    with playing() as service:
        path = "/api/v1/prices/2026/05-05_SE3.json"

        def prices() -> DayAheadPrices:
            fetcher = PoliteFetcher(tmp_path, clock, Manners(timeout_s=5.0, attempts=1), sleep=lambda _: None)
            return DayAheadPrices(fetcher, f"{service.url}/api/v1/prices")

        assert prices().day("SE3", on) is None
        service.replies[path] = [Reply(json.dumps(answer(on)).encode())]
        assert prices().day("SE3", on) is None  # within the hour
        clock.pass_time(timedelta(minutes=61))
        first = prices().day("SE3", on)
        again = prices().day("SE3", on)

        assert first is not None
        assert again is not None
        assert first.height == 96
        assert again.equals(first)
        assert [asked for asked, _ in service.asked] == [path, path]


def test_a_service_in_trouble_is_told_from_a_bad_answer(tmp_path: Path) -> None:
    """503 heals by itself, HTML does not."""
    on, clock = date(2026, 5, 5), Clock(datetime(2026, 5, 4, 10, tzinfo=UTC))
    with playing() as service:
        source = DayAheadPrices(
            PoliteFetcher(tmp_path, clock, Manners(timeout_s=5.0, attempts=2, shortest_s=0.0), sleep=lambda _: None), service.url
        )
        service.replies["/2026/05-05_SE3.json"] = [Reply(b"", 503)]
        service.replies["/2026/05-06_SE3.json"] = [Reply(b"<html>")]

        with pytest.raises(PricesUnavailable, match="503"):
            source.day("SE3", on)
        clock.pass_time(timedelta(hours=2))
        with pytest.raises(PricesError, match="no JSON"):
            source.day("SE3", date(2026, 5, 6))
