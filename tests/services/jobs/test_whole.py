"""The jobs together: from dirty hours to a building's day, by a fixed clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger

from config.domain.periods import day, month
from services.app.timetable import TIMETABLE, Parts, Row, scheduled
from services.jobs.indicate import IndicateJob
from services.jobs.runner import run
from services.jobs.scheduler import trigger
from services.jobs.surroundings import Surroundings
from tests.services.jobs.world import HOUR, hourly, point, portfolio, world

ZONE = "Europe/Stockholm"


@pytest.mark.parametrize(
    ("on", "hours"),
    [(date(2026, 10, 24), 24), (date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2027, 3, 29), 24)],
    ids=["before autumn", "autumn", "spring", "after spring"],
)
def test_a_day_has_the_hours_that_its_clock_gives_it(tmp_path: Path, on: date, hours: int) -> None:
    """2 kWh an hour make 50 on the day the clock is put back and 46 on the one it is put forward."""
    start = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(days=2)
    made = world(tmp_path, start + timedelta(days=5))
    made.arrive(hourly(start, 5 * 24 + 1))
    made.work()

    assert made.energy("day")[day(on, ZONE).start] == (pytest.approx(2.0 * hours), 1.0)
    made.state.close()


def test_no_double_work_across_the_autumn_clock_change(tmp_path: Path) -> None:
    """Looking every hour for two days around 2026-10-25: every hour and day comes once, each look does the same work."""
    start, looks = datetime(2026, 10, 24, 12, tzinfo=UTC), 48
    made = world(tmp_path, start)
    readings, writes = hourly(start - timedelta(days=1), looks + 25), []
    made.arrive(readings[:24])
    for look in range(looks):
        made.clock.at = start + look * HOUR + timedelta(minutes=1)
        made.arrive([readings[24 + look]])
        made.settle()
        made.work()
        writes.append(made.store.writes)

    steps = [after - before for before, after in pairwise(writes[6:])]
    # A look settles and indicates once; the one after local midnight closes a day too, which 25 hours later it does again.
    assert max(steps) <= min(steps) + 1
    assert sorted(made.hours())[-looks:] == [start + n * HOUR for n in range(-1, looks - 1)]
    assert made.energy("day")[day(date(2026, 10, 25), ZONE).start] == (pytest.approx(50.0), 1.0)
    made.state.close()


def test_days_of_standstill_are_caught_up_in_one_look(tmp_path: Path) -> None:
    """The jobs stood still for nine days while readings came: one look later everything is there."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    made = world(tmp_path, start + timedelta(hours=1))
    made.arrive(hourly(start, 2))
    made.work()
    made.arrive(hourly(start, 9 * 24 + 1))
    made.clock.at = start + timedelta(days=9)
    made.work()

    days = made.energy("day")
    assert [days[day(date(2026, 3, 2 + n), ZONE).start] for n in range(1, 8)] == [(pytest.approx(48.0), 1.0)] * 7
    assert made.settle().pending(made.clock.now()) == []
    assert made.indicate().pending(made.clock.now()) == []
    made.state.close()


def test_a_silent_day_is_shown_as_missing(tmp_path: Path) -> None:
    """No message makes no hour dirty; yet the day must say "saknas", not be absent."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    made = world(tmp_path, start + timedelta(hours=9))
    made.arrive(hourly(start, 9))
    made.work()
    made.clock.at = start + timedelta(days=4)
    made.work()

    assert made.energy("day")[day(date(2026, 3, 4), ZONE).start] == (None, 0.0)
    assert made.hours()[start + timedelta(days=2)] == (None, 0.0, "missing")
    made.state.close()


def test_doing_everything_again_changes_nothing(tmp_path: Path) -> None:
    """The same readings once more, every hour dirty once more: the store is the same to the last byte."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    made = world(tmp_path, start + timedelta(days=3))
    made.arrive(hourly(start, 73))
    made.work()
    before = {name: dict(points) for name, points in made.store.points.items()}
    made.arrive(reversed(hourly(start, 73)))
    made.work()

    assert made.store.points == before
    made.state.close()


def test_an_exchange_entered_afterwards_corrects_history(tmp_path: Path) -> None:
    """Somebody notes in May that the meter was exchanged in March: no reading came, and the hours become right."""
    start, swap = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    made = world(tmp_path, start + timedelta(days=2))
    made.arrive([*hourly(start, 25), *hourly(swap, 25, lambda n: 500.0 + 3.0 * n, meter="m-ny")])
    made.work()
    old = made.portfolio.installations[0]
    before = made.hours()[swap + HOUR]
    known = portfolio(point(), installations=[replace(old, end=swap), replace(old, meter="m-ny", start=swap, end=None)])
    made.portfolio = known
    made.work()

    assert before[0] is None
    assert made.hours()[swap + HOUR] == (pytest.approx(3.0), 1.0, "measured")
    assert made.energy("day")[day(date(2026, 3, 3), ZONE).start][0] == pytest.approx(23 * 3.0 + 2.0)
    made.state.close()


def test_a_month_is_the_sum_of_its_hours(tmp_path: Path) -> None:
    """October 2026 has 745 hours by the local clock, 2 kWh in each."""
    start = datetime(2026, 9, 30, tzinfo=UTC)
    made = world(tmp_path, start + timedelta(days=34))
    made.arrive(hourly(start, 34 * 24 + 1))
    made.work()

    assert made.energy("month")[month(date(2026, 10, 1), ZONE).start] == (pytest.approx(1490.0), 1.0)
    made.state.close()


@pytest.mark.parametrize("row", TIMETABLE, ids=lambda row: row.name)
@pytest.mark.parametrize(
    "day_of_change", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)], ids=["autumn", "spring"]
)
def test_the_timetable_keeps_its_spacing_through_both_clock_changes(tmp_path: Path, row: Row, day_of_change: datetime) -> None:
    """By a local clock 02:30 comes twice in autumn and not at all in spring; the triggers are in UTC."""
    made = world(tmp_path, day_of_change)
    (item,) = [
        one
        for one in scheduled(Parts(made.portfolio, made.store, made.state, made.clock, Surroundings(made.portfolio, made.store)))
        if one.job.name == row.name
    ]

    looks = _looks(trigger(item), day_of_change - timedelta(hours=30), day_of_change + timedelta(hours=54))
    assert len({after - before for before, after in pairwise(looks)}) == 1
    made.state.close()


def test_every_job_of_the_timetable_can_be_made(tmp_path: Path) -> None:
    """A row whose parts do not fit would stop the service at its start."""
    made = world(tmp_path, datetime(2026, 3, 2, tzinfo=UTC))

    assert [
        item.job.name
        for item in scheduled(Parts(made.portfolio, made.store, made.state, made.clock, Surroundings(made.portfolio, made.store)))
    ] == [row.name for row in TIMETABLE]
    made.state.close()


def _looks(by: CronTrigger, start: datetime, end: datetime) -> list[datetime]:
    looks: list[datetime] = []
    moment = by.get_next_fire_time(None, start)
    while moment is not None and moment < end:
        looks.append(moment)
        moment = by.get_next_fire_time(moment, moment + timedelta(microseconds=1))
    return looks


def test_a_building_at_fault_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buildings are calculated together; after a failure each comes by itself, until it succeeds."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    made = world(tmp_path, start + timedelta(days=3), point(), point("hall-el", building="hall"))
    for meter in ("m-skola-el", "m-hall-el"):
        made.arrive(hourly(start, 49, meter=meter))
    run(made.settle(), made.state.runs, made.clock)
    job = made.indicate()

    def calculated(self: IndicateJob, buildings: tuple[str, ...], *rest: object) -> None:
        if "hall" in buildings:
            raise ZeroDivisionError
        calculate(self, buildings, *rest)  # type: ignore[arg-type]  # as they came

    calculate = IndicateJob._calculate
    monkeypatch.setattr(IndicateJob, "_calculate", calculated)
    for _ in range(2):
        with pytest.raises(ExceptionGroup):
            run(job, made.state.runs, made.clock)

    assert [str(task) for task in job.pending(made.clock.now())] == ["hall", "groups"]
    assert made.energy("day")
    made.state.close()
