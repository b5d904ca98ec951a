"""A run of a job, and the clock that starts it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.clock import SystemClock
from config.errors import PointRejected, StoreUnavailable
from services.jobs.housekeeping import HousekeepingJob, Retention
from services.jobs.runner import run, run_each
from services.jobs.scheduler import Scheduled, Scheduler
from services.state.runs import Outcome
from services.state.state import State
from tests.services.jobs.world import FixedClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Tasks:
    """A job of named tasks; each does what its function does."""

    def __init__(self, name: str = "job", **tasks: Callable[[], object]) -> None:
        self.name = name
        self.tasks = tasks
        self.done: list[str] = []

    def pending(self, now: datetime) -> Sequence[str]:
        return [task for task in self.tasks if task not in self.done]

    def do(self, task: str) -> None:
        self.tasks[task]()
        self.done.append(task)


def fine() -> None:
    """A task that works."""


def raising(error: BaseException) -> Callable[[], object]:
    def task() -> None:
        raise error

    return task


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as made:
        yield made


def test_a_task_that_fails_stops_no_other(state: State) -> None:
    """One point's readings may be refused; the other points' hours are due all the same."""
    job = Tasks(a=fine, b=raising(PointRejected("no", {})), c=fine)
    summary = run(job, state.runs, FixedClock(NOON))

    assert job.done == ["a", "c"]
    assert (summary.done, summary.failed) == (2, {"b": "no"})


def test_our_own_mistake_stops_no_other_task_and_is_not_lost(state: State) -> None:
    """A bug that one building's data meets: the rest is done, the traceback is on record, and the run ends with the error."""
    job = Tasks(a=raising(ZeroDivisionError("bug")), b=fine)
    with pytest.raises(ExceptionGroup, match="mistake in the program") as caught:
        run(job, state.runs, FixedClock(NOON))

    assert job.done == ["b"]
    assert caught.group_contains(ZeroDivisionError)
    assert "Traceback" in next(row.error for row in state.runs.latest() if row.task == "a")


def test_every_run_with_work_leaves_a_record(state: State) -> None:
    """Who asks why a figure is old finds the run and the task that failed."""
    run(Tasks(a=fine, b=raising(PointRejected("no", {}))), state.runs, FixedClock(NOON))

    whole, task = sorted(state.runs.latest(), key=lambda row: row.task)
    assert (whole.outcome, whole.rows, whole.error, whole.ended) == (Outcome.FAILED, 1, "1 of 2 tasks failed", NOON)
    assert (task.task, task.outcome, task.error) == ("b", Outcome.FAILED, "no")


def test_a_look_without_work_leaves_only_its_time(state: State) -> None:
    """Twelve looks an hour would bury the runs that did something."""
    run(Tasks(), state.runs, FixedClock(NOON))

    assert state.runs.latest() == []
    assert [(tick.job, tick.at, tick.pending) for tick in state.runs.ticks()] == [("job", NOON, 0)]


def test_without_the_store_the_run_ends_after_three_tasks(state: State) -> None:
    """A thousand points would each wait for their time-out; the next look sees whether it is back."""
    job = Tasks(**{f"t{n}": raising(StoreUnavailable("away")) for n in range(9)})
    summary = run(job, state.runs, FixedClock(NOON))

    assert list(summary.failed) == ["t0", "t1", "t2"]


def test_a_run_that_is_interrupted_says_so(state: State) -> None:
    """Ctrl-C passes through at once, and the record does not say "running" for ever."""
    with pytest.raises(KeyboardInterrupt):
        run(Tasks(a=fine, b=raising(KeyboardInterrupt())), state.runs, FixedClock(NOON))

    assert [(row.outcome, row.rows) for row in state.runs.latest()] == [(Outcome.INTERRUPTED, 1)]


def test_progress_is_told_before_the_first_task_and_after_each(state: State) -> None:
    """Failed ones count too: the bar must reach its end."""
    told: list[tuple[str, int, int]] = []
    run(
        Tasks(a=fine, b=raising(PointRejected("no", {}))),
        state.runs,
        FixedClock(NOON),
        lambda job, done, total: told.append((job, done, total)),
    )

    assert told == [("job", 0, 2), ("job", 1, 2), ("job", 2, 2)]


def test_one_job_that_fails_stops_no_other_job(state: State) -> None:
    """Neither with an error of its tasks nor when it cannot say what is pending."""

    class Broken(Tasks):
        def pending(self, now: datetime) -> Sequence[str]:
            raise StoreUnavailable("away")

    second = Tasks("second", a=fine)
    with pytest.raises(ExceptionGroup):
        run_each([Broken("first"), second], state.runs, FixedClock(NOON))

    assert second.done == ["a"]


def test_a_stopped_service_begins_no_further_task(state: State) -> None:
    """It ends after the task at hand; the others are still pending at the next start."""
    stop = threading.Event()
    job = Tasks(a=stop.set, b=fine)
    run(job, state.runs, FixedClock(NOON), stop=stop)

    assert job.done == ["a"]
    assert state.runs.latest()[0].outcome is Outcome.INTERRUPTED


def test_every_job_runs_once_at_the_start(state: State) -> None:
    """After a standstill nobody waits for the next full hour."""
    ran = threading.Event()
    scheduler = Scheduler([Scheduled(Tasks(a=ran.set), minute="0", hour="3")], state.runs, SystemClock())
    scheduler.start()
    came = ran.wait(10)
    scheduler.stop()

    assert came
    assert [row.outcome for row in state.runs.latest()] == [Outcome.DONE]


def test_runs_that_a_lost_process_left_open_are_closed_at_the_start(state: State) -> None:
    """Nothing runs before the start, so whatever says so died."""
    state.runs.begin("settle", NOON)
    scheduler = Scheduler([], state.runs, FixedClock(NOON + timedelta(hours=1)))
    scheduler.start()
    scheduler.stop()

    assert [(row.outcome, row.ended) for row in state.runs.latest()] == [(Outcome.INTERRUPTED, NOON + timedelta(hours=1))]


def test_housekeeping_deletes_what_was_kept_long_enough(state: State) -> None:
    """Runs are kept for 30 days here: the one of 31 days ago goes, the one of yesterday stays."""
    for days in (31, 1):
        run(Tasks(f"{days} days ago", a=fine), state.runs, FixedClock(NOON - timedelta(days=days)))
    job = HousekeepingJob([Retention("runs", state.runs, timedelta(days=30))], FixedClock(NOON))
    for task in job.pending(NOON):
        job.do(task)

    assert [row.job for row in state.runs.latest()] == ["1 days ago"]
