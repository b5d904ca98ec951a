"""Our own service, measure by measure."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.panels import MEASURES
from config.domain.readings import DirtyHours
from config.domain.series import SERVICE, SeriesQuery
from services.jobs.pictures.service import Seen, ServicePicture
from services.state.state import State
from tests.doubles.memory_store import MemoryStore

NOW = datetime(2026, 11, 24, 12, 40, 20, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOUR_NOW = NOW.replace(minute=0, second=0)


@dataclass
class Told:
    """A collector that says what the test lets it say."""

    said: Seen | None = None
    waits: timedelta | None = None

    def seen(self, now: datetime) -> Seen | None:
        return self.said

    def lag(self, now: datetime) -> timedelta | None:
        return self.waits


class Desk:
    def __init__(self, folder: Path) -> None:
        self.state = State.open(folder / "state.sqlite")
        self.store = MemoryStore()
        self.collector = Told()
        self.picture = ServicePicture(self.store, self.state, self.collector)

    def drawn(self, now: datetime = NOW) -> dict[str, float]:
        """Measure → value of the minute."""
        self.picture.draw(now)
        minute = now.replace(second=0, microsecond=0)
        frame = self.store.read(SeriesQuery(SERVICE, minute, minute + MINUTE))
        return {row["measure"]: row["value"] for row in frame.iter_rows(named=True)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_nobody_tells_is_not_written(desk: Desk) -> None:
    """No sign of life of the collector and no journal: nothing of it, and above all no nought."""
    assert set(desk.drawn()) == {"dead_letters", "unknown_devices", "waiting_hours", "waiting_days"}


def test_every_measure_has_a_name(desk: Desk) -> None:
    """All of them, when everything is told."""
    desk.collector.said, desk.collector.waits = Seen(NOW, 100, 0, 0), timedelta(seconds=7)
    desk.drawn()
    desk.collector.said = Seen(NOW + MINUTE, 160, 2, 1)
    found = desk.drawn(NOW + MINUTE)

    assert set(found) == set(MEASURES)
    assert (found["messages"], found["lag"], found["dropped"], found["sessions_lost"]) == (60.0, 7.0, 2.0, 1.0)


def test_messages_are_shared_out_over_the_time_between_two_signs_of_life(desk: Desk) -> None:
    """45 in a minute and a half are 30 a minute."""
    desk.collector.said = Seen(NOW, 100)
    desk.drawn()
    desk.collector.said = Seen(NOW + 1.5 * MINUTE, 145)

    assert desk.drawn(NOW + 2 * MINUTE)["messages"] == 30.0


def test_a_collector_that_began_anew_has_no_rate_yet(desk: Desk) -> None:
    """Its counter fell; the next minute knows."""
    desk.collector.said = Seen(NOW, 100)
    desk.drawn()
    desk.collector.said = Seen(NOW + MINUTE, 3)

    assert "messages" not in desk.drawn(NOW + MINUTE)
    desk.collector.said = Seen(NOW + 2 * MINUTE, 13)
    assert desk.drawn(NOW + 2 * MINUTE)["messages"] == 10.0


def test_after_a_long_silence_there_is_no_rate(desk: Desk) -> None:
    """What came in an hour's dark cannot be said to have come evenly."""
    desk.collector.said = Seen(NOW, 100)
    desk.drawn()
    desk.collector.said = Seen(NOW + HOUR, 4_000)

    assert "messages" not in desk.drawn(NOW + HOUR)


def test_hours_and_days_that_wait_are_counted_once(desk: Desk) -> None:
    """Two hours marked twice over, one that is not over yet, and a day of a building marked for two reasons."""
    marks = [
        DirtyHours("a", HOUR_NOW - 2 * HOUR, HOUR_NOW),
        DirtyHours("a", HOUR_NOW - HOUR, HOUR_NOW + HOUR),
        DirtyHours("b", HOUR_NOW, HOUR_NOW + HOUR),
    ]
    for mark in marks:
        desk.state.dirty_hours.mark([mark])
    desk.state.dirty_days.mark("skola", [date(2026, 11, 23)])
    desk.state.dirty_days.mark("skola", [date(2026, 11, 23), date(2026, 11, 24)], "factor")
    found = desk.drawn()

    assert (found["waiting_hours"], found["waiting_days"]) == (2.0, 2.0)


def test_a_minute_drawn_twice_is_one_point(desk: Desk) -> None:
    """And the rate is not taken of a sign of life with itself."""
    desk.collector.said = Seen(NOW, 100)
    desk.drawn()
    desk.collector.said = replace(desk.collector.said, at=NOW + MINUTE, received=160)
    desk.drawn(NOW + MINUTE)
    again = desk.drawn(NOW + MINUTE + timedelta(seconds=5))

    assert again["messages"] == 60.0
