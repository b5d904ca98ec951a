"""Drawing: what holds is written, what holds no more is closed, and nothing else happens."""

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.domain.series import CHANGE_PARTS, INTAKE_TROUBLES, SeriesQuery
from config.errors import StoreUnavailable
from services.jobs.pictures.job import PicturesJob
from services.jobs.pictures.picture import redraw, today
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.world import FixedClock

ZONE = "Europe/Stockholm"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
DAY = today(NOON, ZONE)


def trouble(device: str, count: int, at: datetime = DAY.start) -> dict[str, Any]:
    return {
        "time": at, "device": device, "family": "test", "kind": "unknown_device", "value": count, "text": "okänd",
        "text_en": "unknown", "heard": 0,
    }  # fmt: skip


def part(value: float | None) -> dict[str, Any]:
    return {
        "time": DAY.start, "measure": "energy", "part": "weather", "period": "year", "subject": "skola",
        "subject_kind": "building", "value": value, "share": None, "coverage": 1.0, "end": 0, "sentence": "", "sentence_en": "",
    }  # fmt: skip


def draw(store: MemoryStore, *rows: dict[str, Any]) -> int:
    return redraw(store, INTAKE_TROUBLES, rows, DAY.start, DAY.end)


def open_devices(store: MemoryStore) -> list[str]:
    read = store.read(SeriesQuery(INTAKE_TROUBLES, DAY.start, DAY.end, having={"open": 1}))
    return list(read["device"])


def test_what_holds_is_written_and_open() -> None:
    """`open` need not be said."""
    store = MemoryStore()

    draw(store, trouble("a", 1), trouble("b", 2))

    assert open_devices(store) == ["a", "b"]


def test_drawing_again_writes_nothing() -> None:
    """A look each minute costs one read."""
    store = MemoryStore()
    draw(store, trouble("a", 1))
    before = store.writes

    written = draw(store, trouble("a", 1))

    assert (written, store.writes) == (0, before)


def test_what_changed_is_written_and_nothing_else() -> None:
    """A thousand buildings are not written again for one."""
    store = MemoryStore()
    draw(store, trouble("a", 1), trouble("b", 2))

    assert draw(store, trouble("a", 1), trouble("b", 3)) == 1


def test_what_is_no_longer_there_is_closed_once() -> None:
    """Nothing is deleted; and what is closed is no news the next time."""
    store = MemoryStore()
    draw(store, trouble("a", 1), trouble("b", 2))

    written = [draw(store, trouble("b", 2)), draw(store, trouble("b", 2))]

    assert written == [1, 0]
    assert open_devices(store) == ["b"]


def test_what_comes_back_is_open_again() -> None:
    """It is the same point."""
    store = MemoryStore()
    draw(store, trouble("a", 1))
    draw(store)

    draw(store, trouble("a", 1))

    assert open_devices(store) == ["a"]


def test_yesterday_stays_as_it_was_when_it_ended() -> None:
    """Today's picture looks at today's points only."""
    store = MemoryStore()
    before = today(NOON - timedelta(days=1), ZONE)
    redraw(store, INTAKE_TROUBLES, [trouble("a", 1, before.start)], before.start, before.end)

    draw(store)

    assert store.read(SeriesQuery(INTAKE_TROUBLES, before.start, before.end))["open"].to_list() == [1]


def test_only_points_with_the_tags_asked_for_are_closed() -> None:
    """Several may draw parts of one series."""
    store = MemoryStore()
    draw(store, trouble("a", 1), trouble("b", 2))

    redraw(store, INTAKE_TROUBLES, [], DAY.start, DAY.end, {"device": ("a",)})

    assert open_devices(store) == ["b"]


def test_a_number_that_became_unknown_does_not_shine_through() -> None:
    """It is another point (`lacks` names what it lacks), and the known one is closed."""
    store = MemoryStore()
    redraw(store, CHANGE_PARTS, [part(12.5)], DAY.start, DAY.end)

    redraw(store, CHANGE_PARTS, [part(None)], DAY.start, DAY.end)

    held = store.read(SeriesQuery(CHANGE_PARTS, DAY.start, DAY.end, having={"open": 1}))
    assert held.select("lacks", "value").rows() == [("share,value", None)]


def test_a_point_that_no_store_takes_is_told_and_leaves_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    """A device may call itself anything."""
    store = MemoryStore()

    draw(store, trouble("rad\nbrytning", 1), trouble("b", 2))

    assert open_devices(store) == ["b"]
    assert "points left out of a picture" in caplog.text


def test_of_the_same_point_twice_the_later_one_counts() -> None:
    """As in the stores; and the next drawing has nothing to write."""
    store = MemoryStore()

    written = [draw(store, trouble("a", 1), trouble("a", 2)), draw(store, trouble("a", 1), trouble("a", 2))]

    assert written == [1, 0]
    assert store.read(SeriesQuery(INTAKE_TROUBLES))["value"].to_list() == [2.0]


@pytest.mark.parametrize(
    ("now", "start", "hours"),
    [
        (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        (datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 6, 30, 22, tzinfo=UTC), 24),
    ],
)
def test_a_day_is_the_local_one_when_clocks_change(now: datetime, start: datetime, hours: int) -> None:
    """Midnight to midnight by the wall clock, which in June is 22 UTC."""
    day = today(now, ZONE)

    assert (day.start, day.hours) == (start, hours)


class Counted:
    """A picture that counts how often it is drawn."""

    name = "counted"

    def __init__(self) -> None:
        self.seen = 0
        self.drawn: list[datetime] = []
        self.fail_with: StoreUnavailable | None = None

    def inputs(self, now: datetime) -> Hashable:
        if self.fail_with is not None:
            raise self.fail_with
        return self.seen

    def draw(self, now: datetime) -> None:
        self.drawn.append(now)


def look(job: PicturesJob, clock: FixedClock) -> int:
    """One look at the job; how many pictures it drew."""
    tasks = job.pending(clock.now())
    for task in tasks:
        job.do(task)
    return len(tasks)


def test_a_picture_is_drawn_once_and_again_when_its_inputs_change() -> None:
    """Whatever the minutes that pass."""
    picture, clock = Counted(), FixedClock(NOON)
    job = PicturesJob([picture], ZONE, clock)

    looks = [look(job, clock), look(job, clock)]
    picture.seen = 1
    looks += [look(job, clock), look(job, clock)]

    assert looks == [1, 0, 1, 0]


def test_the_first_look_after_local_midnight_draws_the_new_day() -> None:
    """23:59 in Sweden, then 00:00."""
    picture, clock = Counted(), FixedClock(datetime(2026, 11, 24, 22, 59, tzinfo=UTC))
    job = PicturesJob([picture], ZONE, clock)
    look(job, clock)

    clock.at += timedelta(minutes=1)

    assert look(job, clock) == 1


def test_a_picture_that_cannot_say_whether_it_changed_is_drawn_and_fails_alone() -> None:
    """So that the runner records it, and the others are drawn."""
    ill, well, clock = Counted(), Counted(), FixedClock(NOON)
    ill.name = "ill"
    job = PicturesJob([ill, well], ZONE, clock)
    ill.fail_with = StoreUnavailable("away")

    assert job.pending(NOON) == ["ill", "counted"]
    with pytest.raises(StoreUnavailable):
        job.do("ill")
