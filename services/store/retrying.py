"""A store that waits while the real one is unavailable: for jobs, which have nothing better to do.

Intake does not use it: it keeps its place in the journal and decides for itself.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from config.domain.readings import Reading
from config.domain.series import Series, SeriesQuery
from config.errors import StoreUnavailable
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

SHORTEST_S = 0.5
LONGEST_S = 60.0
LONGEST_ASKED_S = 600.0  # a server that asks for more is tried anyway

Given = TypeVar("Given")


class RetryingStore:
    """`store`, tried again until it answers or `stop` is set; then the last StoreUnavailable is raised.

    Every other error passes at once: waiting heals neither rights nor points. Waits are "full jitter" (a random share of a limit
    that doubles from 0.5 to 60 s), and never shorter than the server asks.

    Args:
        sleep: waits so many seconds; `stop.wait`, which ends early, where None.
        share: gives a random number in [0, 1).
    """

    def __init__(
        self,
        store: TimeSeriesStore,
        stop: threading.Event,
        sleep: Callable[[float], object] | None = None,
        share: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._stop = stop
        self._sleep = sleep or stop.wait
        self._share = share

    def write_readings(self, readings: Sequence[Reading]) -> None:
        self._until_done(lambda: self._store.write_readings(readings))

    def write_intervals(self, intervals: pl.DataFrame) -> None:
        self._until_done(lambda: self._store.write_intervals(intervals))

    def write_indicator_values(self, values: pl.DataFrame) -> None:
        self._until_done(lambda: self._store.write_indicator_values(values))

    def write_weather(self, values: pl.DataFrame) -> None:
        self._until_done(lambda: self._store.write_weather(values))

    def write_prices(self, prices: pl.DataFrame) -> None:
        self._until_done(lambda: self._store.write_prices(prices))

    def write_pictures(self, series: Series, points: pl.DataFrame) -> None:
        self._until_done(lambda: self._store.write_pictures(series, points))

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        return self._until_done(lambda: self._store.read(query))

    def close(self) -> None:
        self._store.close()

    def _until_done(self, call: Callable[[], Given]) -> Given:
        attempt = 0
        while True:
            try:
                given = call()
            except StoreUnavailable as error:
                if self._stop.is_set():
                    raise
                if attempt == 0:
                    log.warning("store unavailable, waiting: %s", error)
                self._sleep(self._wait(attempt, error.retry_after))
                if self._stop.is_set():
                    raise
                attempt += 1
            else:
                if attempt:
                    log.info("store available again after %d attempts", attempt)
                return given

    def _wait(self, attempt: int, asked: float | None) -> float:
        limit = min(LONGEST_S, SHORTEST_S * 2.0 ** min(attempt, 10))
        return max(limit * self._share(), min(asked or 0.0, LONGEST_ASKED_S))
