"""Reading for many watchers: the same question within a few seconds is asked of the store once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from config.domain.series import SeriesQuery
from config.errors import StoreError, StoreUnavailable

FRESH_S = 4.0
LOAD = 20.0  # an answer that took a second is kept for twenty: at most a twentieth of the time goes to one question
LONGEST_FRESH_S = 120.0
MOST_ENTRIES = 2_000


class SeriesReader(Protocol):
    """What the board needs of a store."""

    def read(self, query: SeriesQuery) -> pl.DataFrame: ...


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    fresh_until: float = float("-inf")
    frame: pl.DataFrame | None = None
    failure: str = ""


class CachedReader:
    """A SeriesReader in front of another. Answers are shared: nobody changes them. Any thread."""

    def __init__(self, reader: SeriesReader, fresh_s: float = FRESH_S, tick: Callable[[], float] = time.monotonic) -> None:
        self._reader = reader
        self._fresh_s = fresh_s
        self._tick = tick
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        """The store's answer, a few seconds old at most; those who ask at once wait for one answer.

        Raises:
            StoreError: the store did not answer; it is asked again after `fresh_s`, however long it took.
        """
        entry = self._entry(repr(query))
        with entry.lock:
            if self._tick() >= entry.fresh_until:
                self._ask(entry, query)
            if entry.frame is None:
                raise StoreUnavailable(entry.failure)
            return entry.frame

    def _ask(self, entry: _Entry, query: SeriesQuery) -> None:
        began = self._tick()
        try:
            entry.frame, entry.failure = self._reader.read(query), ""
        except StoreError as error:
            entry.frame, entry.failure = None, str(error)
        now = self._tick()
        kept = self._fresh_s if entry.failure else min(max(self._fresh_s, LOAD * (now - began)), LONGEST_FRESH_S)
        entry.fresh_until = now + kept

    def _entry(self, key: str) -> _Entry:
        with self._lock:
            if key not in self._entries and len(self._entries) >= MOST_ENTRIES:
                now = self._tick()
                self._entries = {name: entry for name, entry in self._entries.items() if entry.fresh_until > now}
                if len(self._entries) >= MOST_ENTRIES:
                    self._entries.clear()
            return self._entries.setdefault(key, _Entry())
