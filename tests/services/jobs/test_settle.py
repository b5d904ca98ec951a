"""Dirty hours to intervals."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.estate import Installation
from config.domain.readings import DirtyHours, Reading, hourly_use_of
from config.errors import StoreUnavailable
from services.jobs.runner import run
from services.jobs.settle import PointsTask
from services.jobs.settling import CHUNK, PointSettling
from services.settlement.settlement import Settlement
from services.state.dirty import HourRange
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.world import HOUR, World, hourly, point, world

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[World]:
    """A school whose meter is read every hour; it is Monday, 12:01."""
    made = world(tmp_path, MONDAY + timedelta(hours=12, minutes=1))
    yield made
    made.state.close()


def settle(made: World) -> None:
    for task in made.settle().pending(made.clock.now()):
        made.settle().do(task)


def test_readings_become_hours(school: World) -> None:
    """2 kWh an hour, read on the hour, gives 2 kWh in each hour, wholly measured."""
    school.arrive(hourly(MONDAY, 13))
    settle(school)

    hours = school.hours()
    assert [hours[MONDAY + n * HOUR] for n in range(12)] == [(pytest.approx(2.0), 1.0, "measured")] * 12


def test_nothing_is_pending_when_all_is_settled(school: World) -> None:
    """Otherwise every look would do the work again."""
    school.arrive(hourly(MONDAY, 13))
    settle(school)

    assert school.settle().pending(school.clock.now()) == []


def test_an_hour_that_is_not_over_is_left_for_later(school: World) -> None:
    """It would be written as missing in every run until it ends."""
    school.arrive(hourly(MONDAY, 13))
    settle(school)

    assert max(school.hours()) == MONDAY + 11 * HOUR
    assert school.settle().pending(school.clock.now() + HOUR) == [PointsTask(("skola-el",))]


def test_the_last_hour_waits_for_the_reading_that_ends_it(school: World) -> None:
    """The reading of 12:00 comes at 12:02, after the look of 12:01: the hour from 11 stays dirty and the next look mends it."""
    readings = hourly(MONDAY, 13)
    school.arrive(readings[:-1])
    settle(school)
    before = school.hours()[MONDAY + 11 * HOUR]
    school.arrive(readings[-1:])
    settle(school)

    assert before == (None, 0.0, "missing")
    assert school.hours()[MONDAY + 11 * HOUR] == (pytest.approx(2.0), 1.0, "measured")


def test_a_late_reading_changes_the_hours_on_both_sides(school: World) -> None:
    """One reading lost: two hours are known only together. It comes at last, and both are measured."""
    readings = hourly(MONDAY, 13)
    late = readings.pop(6)
    school.arrive(readings)
    settle(school)
    before = [school.hours()[MONDAY + n * HOUR][2] for n in (5, 6)]
    school.arrive([late])
    settle(school)

    assert before == ["interpolated", "interpolated"]
    assert [school.hours()[MONDAY + n * HOUR][2] for n in (5, 6)] == ["measured", "measured"]


def test_the_reading_after_a_long_silence_settles_all_of_it(school: World) -> None:
    """Only the last hour is dirty, yet the difference belongs to the forty days before it too."""
    start = MONDAY - timedelta(days=40)
    school.arrive([hourly(start, 1)[0], Reading("m-skola-el", "active_energy_import", MONDAY, 1960.0, MONDAY)])
    school.state.dirty_hours.clear("skola-el", 10**9)
    school.state.dirty_hours.mark([DirtyHours("skola-el", MONDAY, MONDAY + HOUR)])
    settle(school)

    spread = [school.hours()[start + n * HOUR] for n in range(40 * 24)]
    assert sum(value or 0.0 for value, _, _ in spread) == pytest.approx(960.0)
    assert {method for _, _, method in spread} == {"interpolated"}


def test_a_long_history_in_chunks_is_the_history_in_one_piece(tmp_path: Path) -> None:
    """Chunks bound the memory; at their seams nothing may be lost, not even where a gap lies across one."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = 3 * (CHUNK // HOUR)
    silent = range(CHUNK // HOUR - 30, CHUNK // HOUR + 30)
    made = world(tmp_path, start + hours * HOUR)
    made.arrive([reading for n, reading in enumerate(hourly(start, hours + 1)) if n not in silent])
    settle(made)

    settled = made.hours()
    assert sum(value or 0.0 for value, _, _ in settled.values()) == pytest.approx(2.0 * hours)
    assert sorted({method for _, _, method in settled.values()}) == ["interpolated", "measured", "missing"]
    assert [start_ for start_, row in settled.items() if row[2] == "missing" and start_ >= start] == []
    made.state.close()


def test_a_mark_that_comes_while_settling_is_not_lost(school: World) -> None:
    """Intake runs beside the jobs: what it marks after `take` must be there after `clear`."""
    readings = hourly(MONDAY, 13)
    late = readings.pop(6)

    class WhileWriting(MemoryStore):
        def write_intervals(self, intervals: pl.DataFrame) -> None:
            super().write_intervals(intervals)
            if late not in arrived:
                arrived.append(late)
                school.arrive([late])

    arrived: list[Reading] = []
    school.store = WhileWriting()
    school.arrive(readings)
    settle(school)
    assert school.settle().pending(school.clock.now()) == [PointsTask(("skola-el",))]
    settle(school)

    assert [school.hours()[MONDAY + n * HOUR][2] for n in (5, 6)] == ["measured", "measured"]


STEPS = ("read", "write_intervals", "findings.replace", "dirty_days.mark", "dirty_hours.mark", "dirty_hours.clear")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_losing_the_process_at_any_step_is_mended_by_doing_it_again(
    school: World, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    """Killed before or after each step, the next process finds the hours dirty or done, never neither."""
    school.arrive(hourly(MONDAY, 13))
    table, _, method = step.rpartition(".")
    target = getattr(school.state, table) if table else school.store
    original = getattr(type(target), method)

    def dies(self: object, *args: object) -> object:
        if when == "after":
            original(self, *args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(target), method, dies)
        with pytest.raises(KeyboardInterrupt):
            settle(school)
    settle(school)

    assert [school.hours()[MONDAY + n * HOUR][0] for n in range(12)] == [pytest.approx(2.0)] * 12
    assert school.state.dirty_days.take("skola").days
    assert school.settle().pending(school.clock.now()) == []


def test_a_store_that_is_away_leaves_the_hours_dirty(school: World) -> None:
    """Time heals it; the next look tries again."""
    school.arrive(hourly(MONDAY, 13))
    school.store.fail_with = StoreUnavailable("away")
    with pytest.raises(StoreUnavailable):
        settle(school)

    assert school.settle().pending(school.clock.now()) == [PointsTask(("skola-el",))]


def test_use_from_a_file_fills_hours_without_a_register(school: World) -> None:
    """And a register read at both edges of an hour is better evidence than the file."""
    use = hourly_use_of("active_energy_import")
    school.arrive([Reading("m-skola-el", use, MONDAY + n * HOUR, 7.0, MONDAY) for n in range(4)])
    school.arrive(hourly(MONDAY + 2 * HOUR, 2))
    settle(school)

    assert [school.hours()[MONDAY + n * HOUR] for n in range(5)] == [
        (7.0, 1.0, "measured"),
        (7.0, 1.0, "measured"),
        (pytest.approx(2.0), 1.0, "measured"),
        (7.0, 1.0, "measured"),
        (None, 0.0, "missing"),
    ]


def test_the_hour_of_an_exchange_is_the_sum_of_both_parts(tmp_path: Path) -> None:
    """Old meter 1005 to 1006 by 05:30, new one from 0: 1 and 1 make 2 kWh, wholly measured."""
    swap = MONDAY + timedelta(hours=5, minutes=30)
    old = Installation("skola-el", "old", "active_energy_import", MONDAY - timedelta(days=9), swap, None, 1011.0)
    new = Installation("skola-el", "new", "active_energy_import", swap, None, 0.0)
    made = world(tmp_path, MONDAY + timedelta(hours=12, minutes=1), installations=[old, new])
    made.arrive(hourly(MONDAY, 6, meter="old"))
    made.arrive(hourly(MONDAY + 6 * HOUR, 7, lambda n: 1.0 + 2.0 * n, meter="new"))
    settle(made)

    assert [made.hours()[MONDAY + n * HOUR] for n in range(12)] == [(pytest.approx(2.0), 1.0, "measured")] * 12
    assert [finding.code for finding in made.state.findings.of("skola-el") if finding.start == swap] == ["exchange"]
    made.state.close()


def test_a_point_that_left_the_portfolio_is_let_go(school: World) -> None:
    """Its marks would otherwise be pending for ever."""
    school.state.dirty_hours.mark([DirtyHours("rivet", MONDAY, MONDAY + HOUR)])
    settle(school)

    assert school.settle().pending(school.clock.now()) == []
    assert school.hours("rivet") == {}


def test_sub_meters_are_written_as_such(tmp_path: Path) -> None:
    """Sums over buildings take the main points only."""
    made = world(tmp_path, MONDAY + timedelta(hours=12), point(), point("skola-kok", parent="skola-el"))
    made.arrive(hourly(MONDAY, 13, meter="m-skola-kok"))
    settle(made)

    levels = {row["level"] for row in made.store.points["intervals"].values()}
    assert levels == {"sub"}
    made.state.close()


def test_use_from_a_file_does_not_hide_the_register_beyond_it(tmp_path: Path) -> None:
    """Registers a year apart, use of some hours between: the other hours still have their share of the difference."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = world(tmp_path, start + timedelta(days=365))
    use = hourly_use_of("active_energy_import")
    made.arrive(
        Reading("m-skola-el", "active_energy_import", at, value, at)
        for at, value in ((start, 0.0), (start + 8000 * HOUR, 8000.0))
    )
    made.arrive(Reading("m-skola-el", use, start + n * HOUR, 5.0, start) for n in range(0, 8000, 2))
    settle(made)

    hours = made.hours()
    assert {hours[start + n * HOUR][2] for n in range(0, 8000, 2)} == {"measured"}
    assert {(round(hours[start + n * HOUR][0] or 0, 6), hours[start + n * HOUR][2]) for n in range(1, 8000, 2)} == {
        (1.0, "interpolated")
    }
    made.state.close()


def test_points_together_come_out_as_each_by_itself(tmp_path: Path) -> None:
    """Read at once and written at once: different lengths, a gap, a net register, a point without a reading, tags and all."""
    points = [
        point("a"),
        point("b", building="hall"),
        point("c", parent="a"),
        point("d", building="hall", interval_s=60),
        point("tom", building="hall"),
    ]
    together = world(tmp_path / "1", MONDAY + timedelta(days=70), *points)
    apart = world(tmp_path / "2", MONDAY + timedelta(days=70), *points)
    for made in (together, apart):
        made.arrive(hourly(MONDAY, 24 * 69, meter="m-a"))
        made.arrive([item for n, item in enumerate(hourly(MONDAY, 900, meter="m-b")) if n not in range(300, 400)])
        made.arrive(hourly(MONDAY + timedelta(days=60), 200, meter="m-c"))
        made.arrive(hourly(MONDAY + timedelta(days=65), 100, lambda n: 5.0 + n % 7, meter="m-d"))
    together.settle().do(PointsTask(tuple(item.id for item in points)))
    for item in points:
        apart.settle().do(PointsTask((item.id,)))

    assert together.store.points["intervals"] == apart.store.points["intervals"]
    assert together.state.findings.of() == apart.state.findings.of()
    assert together.state.dirty_days.take("skola").days == apart.state.dirty_days.take("skola").days
    for made in (together, apart):
        made.state.close()


def test_points_that_fit_in_memory_only_one_by_one_come_out_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A municipality that moves in brings years of many meters at once."""
    points = [point("a"), point("b", building="hall")]
    roomy, narrow = (world(tmp_path / name, MONDAY + timedelta(days=9), *points) for name in ("1", "2"))
    for made in (roomy, narrow):
        made.arrive(hourly(MONDAY, 200, meter="m-a") + hourly(MONDAY, 150, meter="m-b"))
    settle(roomy)
    monkeypatch.setattr("services.jobs.settle.MOST_ROWS", 10)
    settle(narrow)

    assert roomy.store.points["intervals"] == narrow.store.points["intervals"]
    for made in (roomy, narrow):
        made.state.close()


def test_a_point_at_fault_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points are settled together; after a failure each comes by itself, until it succeeds."""
    made = world(tmp_path, MONDAY + timedelta(hours=12, minutes=1), point(), point("trasig"), point("hel"))
    for meter in ("m-skola-el", "m-trasig", "m-hel"):
        made.arrive(hourly(MONDAY, 13, meter=meter))
    job = made.settle()

    def looked(self: PointSettling, window: HourRange) -> Settlement:
        if self._point.id == "trasig":
            raise ZeroDivisionError
        return settled(self, window)

    settled = PointSettling.settled
    monkeypatch.setattr(PointSettling, "settled", looked)
    for _ in range(2):
        with pytest.raises(ExceptionGroup):
            run(job, made.state.runs, made.clock)

    assert [str(task) for task in job.pending(made.clock.now())] == ["trasig"]
    assert [len(made.hours(name)) > 0 for name in ("skola-el", "trasig", "hel")] == [True, False, True]
    made.state.close()
