"""A job waits for the store as long as it must, and no longer than it is told."""

import threading
from datetime import UTC, datetime

import pytest

from config.domain.readings import Reading
from config.domain.series import READINGS, SeriesQuery
from config.errors import PointRejected, StoreError, StoreRefused, StoreUnavailable
from services.store.retrying import RetryingStore
from tests.doubles.memory_store import MemoryStore

READING = Reading("m", "r", datetime(2025, 1, 1, tzinfo=UTC), 1.0, datetime(2025, 1, 1, tzinfo=UTC))


class Waits:
    """Remembers the waits; after `heals_after` of them the store answers again."""

    def __init__(self, store: MemoryStore, heals_after: int, stop: threading.Event | None = None) -> None:
        self.store, self.heals_after, self.stop = store, heals_after, stop
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) == self.heals_after:
            self.store.fail_with = None
            if self.stop is not None:
                self.stop.set()


def test_the_waits_double_up_to_a_minute() -> None:
    """The limit of each; the wait itself is a random share of it, so that a hundred jobs do not come at once."""
    store = MemoryStore()
    store.fail_with = StoreUnavailable("away")
    limits, halves = Waits(store, 10), Waits(store, 10)

    RetryingStore(store, threading.Event(), limits, share=lambda: 1.0).write_readings([READING])
    store.fail_with = StoreUnavailable("away")
    RetryingStore(store, threading.Event(), halves, share=lambda: 0.5).write_readings([READING])

    assert limits.seconds == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert halves.seconds == [seconds / 2 for seconds in limits.seconds]
    assert store.read(SeriesQuery(READINGS)).height == 1


def test_the_server_is_not_asked_before_it_wants_to_be() -> None:
    """Retry-After is a lower bound; a day is not believed."""
    store = MemoryStore()
    store.fail_with = StoreUnavailable("away", retry_after=7.0)
    waits = Waits(store, 6)
    RetryingStore(store, threading.Event(), waits, share=lambda: 1.0).read(SeriesQuery(READINGS))
    store.fail_with = StoreUnavailable("away", retry_after=86_400.0)
    long = Waits(store, 1)
    RetryingStore(store, threading.Event(), long, share=lambda: 0.0).read(SeriesQuery(READINGS))

    assert waits.seconds == [7, 7, 7, 7, 8, 16]
    assert long.seconds == [600]


@pytest.mark.parametrize("error", [StoreRefused("rights"), PointRejected("bad", {0: "words"})])
def test_what_waiting_does_not_heal_is_raised_at_once(error: StoreError) -> None:
    """Rights are a person's to mend; a bad point stays bad."""
    store = MemoryStore()
    store.fail_with = error
    waits = Waits(store, 1)

    with pytest.raises(type(error)):
        RetryingStore(store, threading.Event(), waits).write_readings([READING])

    assert waits.seconds == []


def test_stopping_ends_the_waiting() -> None:
    """With the last error, so that the job's record says why it was not done."""
    store, stop = MemoryStore(), threading.Event()
    store.fail_with = StoreUnavailable("away")

    class Stopping(Waits):
        def __call__(self, seconds: float) -> None:
            self.seconds.append(seconds)
            if len(self.seconds) == 3:
                stop.set()

    waits = Stopping(store, 0)
    with pytest.raises(StoreUnavailable, match="away"):
        RetryingStore(store, stop, waits).write_readings([READING])

    assert len(waits.seconds) == 3


def test_the_real_wait_ends_when_stop_is_set() -> None:
    """Without an injected sleep: a stop from another thread is heard within the wait, not after it."""
    store, stop = MemoryStore(), threading.Event()
    store.fail_with = StoreUnavailable("away", retry_after=500.0)
    timer = threading.Timer(0.1, stop.set)
    timer.start()

    with pytest.raises(StoreUnavailable):
        RetryingStore(store, stop).write_readings([READING])
    timer.join()
