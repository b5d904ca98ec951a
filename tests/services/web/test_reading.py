"""Many watchers ask the store as much as one."""

import threading
from collections.abc import Iterator

import polars as pl
import pytest

from config.domain.series import READINGS, SeriesQuery
from config.errors import StoreError, StoreUnavailable
from services.web.reading import MOST_ENTRIES, CachedReader

QUERY = SeriesQuery(READINGS, where={"meter": ("m",)})


class SlowStore:
    """Answers when it is let, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = threading.Event()
        self.error: StoreError | None = None

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        self.asked += 1
        assert self.open.wait(10)
        if self.error:
            raise self.error
        return pl.DataFrame({"value": [float(self.asked)]})


class Ticks:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def store() -> Iterator[SlowStore]:
    slow = SlowStore()
    yield slow
    slow.open.set()


def test_fifty_who_ask_at_once_wait_for_one_answer(store: SlowStore) -> None:
    """Also while it is being fetched."""
    reader = CachedReader(store, 5)
    frames: list[pl.DataFrame] = []
    threads = [threading.Thread(target=lambda: frames.append(reader.read(QUERY))) for _ in range(50)]
    for thread in threads:
        thread.start()
    store.open.set()
    for thread in threads:
        thread.join()

    assert (len(frames), store.asked) == (50, 1)


def test_an_answer_grows_old(store: SlowStore) -> None:
    """After the seconds that it was given."""
    store.open.set()
    ticks = Ticks()
    reader = CachedReader(store, 5, ticks)

    counts = []
    for at in (0.0, 4.9, 5.1):
        ticks.at = at
        reader.read(QUERY)
        counts.append(store.asked)

    assert counts == [1, 1, 2]


def test_a_slow_answer_is_kept_longer() -> None:
    """Two seconds of work: kept for forty, so that one question takes a twentieth of the store's time at most."""
    ticks = Ticks()

    class Working:
        asked = 0

        def read(self, query: SeriesQuery) -> pl.DataFrame:
            self.asked += 1
            ticks.at += 2
            return pl.DataFrame()

    working = Working()
    reader = CachedReader(working, 4, ticks)
    reader.read(QUERY)
    ticks.at = 41.9
    reader.read(QUERY)

    assert working.asked == 1


def test_a_failure_is_shared_too_and_then_asked_again(store: SlowStore) -> None:
    """Otherwise fifty watchers wait for fifty time-outs of a store that is down."""
    store.open.set()
    store.error = StoreUnavailable("down")
    ticks = Ticks()
    reader = CachedReader(store, 5, ticks)
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="down"):
            reader.read(QUERY)
    asked = store.asked
    store.error = None
    ticks.at = 6

    assert asked == 1
    assert reader.read(QUERY).height == 1


def test_a_failure_that_took_long_is_not_kept_longer() -> None:
    """A store that hung for six seconds and is back is asked again, not shown as down for two minutes."""
    ticks = Ticks()

    class Hanging:
        asked = 0

        def read(self, query: SeriesQuery) -> pl.DataFrame:
            self.asked += 1
            if self.asked == 1:
                ticks.at += 6
                raise StoreUnavailable("it hung")
            return pl.DataFrame({"value": [1.0]})

    reader = CachedReader(Hanging(), 4, ticks)
    with pytest.raises(StoreUnavailable, match="it hung"):
        reader.read(QUERY)
    ticks.at += 4

    assert reader.read(QUERY).height == 1


def test_the_memory_of_answers_is_bounded(store: SlowStore) -> None:
    """A year of minutes asks half a million different questions."""
    store.open.set()
    ticks = Ticks()
    reader = CachedReader(store, 5, ticks)
    for number in range(MOST_ENTRIES + 100):
        reader.read(SeriesQuery(READINGS, limit=number + 1))

    assert len(reader._entries) <= MOST_ENTRIES
