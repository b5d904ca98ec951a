"""Day-ahead prices of an electricity area, a day at a time, as elprisetjustnu.se gives them. Origin of the prices: ENTSO-E.

An answer is a list of `{SEK_per_kWh, EUR_per_kWh, EXR, time_start, time_end}`, times with their offset, prices without VAT,
tax and grid. A day had 24 rows until autumn 2025 and has 96 since; on the days of the clock changes 23 or 25, 92 or 100. How
many there are is read from the rows. Source: domain facts section 7.
"""

import json
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from collectors.weather.fetching import Absent, PoliteFetcher
from config.domain.periods import day as day_period
from config.domain.periods import local_date
from config.domain.prices import PRICE_ROWS
from config.errors import PricesError, PricesUnavailable, WeatherError, WeatherUnavailable

LENGTHS = (60, 15)  # min
ASKED_EVERY = timedelta(hours=1)  # a day that is not published yet; a day that is, is kept and never asked for again
RATE_TOLERANCE = 1e-4  # SEK/kWh between the price and its euros times the rate, both rounded by the service
ZONE = "Europe/Stockholm"  # all four areas
ROWS = "SEK_per_kWh, time_start and time_end"
AREAS = ("SE1", "SE2", "SE3", "SE4")
SHOWN = 60


class DayAheadPrices:
    """Asks below one address; a day's answer is kept for good."""

    def __init__(self, fetcher: PoliteFetcher, url: str) -> None:
        self._fetcher = fetcher
        self._url = url.rstrip("/")

    def day(self, area: str, on: date) -> pl.DataFrame | None:
        """The day's prices, columns `PRICE_ROWS`; None where they are not published.

        Raises:
            PricesUnavailable: no answer; the next look asks again.
            PricesError: an answer that cannot be used.
        """
        url = f"{self._url}/{on:%Y/%m-%d}_{area}.json"
        try:
            return self._fetcher.fetch(url, ASKED_EVERY, lambda content: prices_of_day(content, area, on, url))
        except Absent:
            return None
        except WeatherUnavailable as error:
            raise PricesUnavailable(str(error), error.sv) from error
        except WeatherError as error:
            raise PricesError(str(error), error.sv) from error


def prices_of_day(content: bytes, area: str, on: date | None, origin: str) -> pl.DataFrame:
    """The prices of an answer, columns `PRICE_ROWS`, by time.

    Args:
        on: the local day that is asked for; None: whichever whole day the rows are of.
        origin: address or file, for what is said of a fault.
    Raises:
        PricesError: no JSON list of prices; rows that overlap, leave a hole or are of another day; a price that its euros and
            rate contradict.
    """
    rows = _rows(content, origin)
    told = sorted((_row(row, f"{origin}: row {number}") for number, row in enumerate(rows, start=1)), key=lambda row: row[0])
    for (start, minutes, _), (later, _, _) in pairwise(told):
        if start + timedelta(minutes=minutes) != later:
            raise PricesError(
                f"{origin}: after {start:%Y-%m-%d %H:%M}Z follows {later:%Y-%m-%d %H:%M}Z; rows overlap or one lacks",
                f"{origin}: efter {start:%Y-%m-%d %H:%M}Z följer {later:%Y-%m-%d %H:%M}Z; rader överlappar eller en fattas",
            )
    first, last = told[0][0], told[-1][0] + timedelta(minutes=told[-1][1])
    asked = on or local_date(first + (last - first) / 2, ZONE)
    whole = day_period(asked, ZONE)
    if (first, last) != (whole.start, whole.end):
        raise PricesError(
            f"{origin}: prices from {first:%Y-%m-%d %H:%M}Z to {last:%Y-%m-%d %H:%M}Z are not those of the whole local day "
            f"{asked}; ask for it again",
            f"{origin}: priser från {first:%Y-%m-%d %H:%M}Z till {last:%Y-%m-%d %H:%M}Z är inte hela det lokala dygnet {asked}; "
            "hämta det igen",
        )
    return pl.DataFrame([(area, *row) for row in told], schema=PRICE_ROWS, orient="row")


def _rows(content: bytes, origin: str) -> Sequence[Any]:
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:  # brackets without end are no price list either
        begins = content[:SHOWN].decode("utf-8", errors="replace")
        raise PricesError(
            f"{origin}: no JSON but {begins!r}; is a proxy or a log-in page in between?",
            f"{origin}: ingen JSON utan {begins!r}; är en proxy eller en inloggningssida emellan?",
        ) from error
    if not isinstance(rows, list) or not rows:
        raise PricesError(
            f"{origin}: no list of prices; rows with {ROWS} are expected",
            f"{origin}: ingen lista med priser; rader med SEK_per_kWh, time_start och time_end väntades",
        )
    return rows


def _row(row: Any, where: str) -> tuple[datetime, int, float]:
    """Start (UTC), minutes, SEK/kWh."""
    if not isinstance(row, dict):
        raise PricesError(f"{where}: no price; rows with {ROWS} are expected")
    price = _number(row.get("SEK_per_kWh"))
    if price is None:
        raise PricesError(f"{where}: SEK_per_kWh is {_shown(row.get('SEK_per_kWh'))}, no number")
    start, end = _instant(row, "time_start", where), _instant(row, "time_end", where)
    minutes, rest = divmod((end - start).total_seconds(), 60)
    if rest or minutes not in LENGTHS:
        raise PricesError(f"{where}: holds from {start} to {end}; a price of an hour or a quarter is expected")
    euros, rate = _number(row.get("EUR_per_kWh")), _number(row.get("EXR"))
    if euros is not None and rate is not None and abs(euros * rate - price) > RATE_TOLERANCE:
        raise PricesError(
            f"{where}: SEK_per_kWh is {price}, but EUR_per_kWh times EXR is {euros * rate:.5f}",
            f"{where}: SEK_per_kWh är {price}, men EUR_per_kWh gånger EXR är {euros * rate:.5f}",
        )
    return start, int(minutes), price


def _number(given: Any) -> float | None:
    """A finite number; None for anything else, a whole number too large for any price among it."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        number = float(given)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _shown(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _instant(row: dict[str, Any], name: str, where: str) -> datetime:
    text = row.get(name)
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
        if instant is not None and instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):  # an offset may carry a time out of the calendar
        pass
    raise PricesError(f"{where}: {name} is {_shown(text)}; an instant with its offset is expected")
