"""One run of a job: every pending task once, each for itself, with a record.

A task that fails stops no other. What fails with an error of ours (MonitorError) is recorded and stays pending. Anything else is
a mistake in the program: it is recorded with its traceback, the other tasks are done, and at the end it is raised, so that it is
neither lost nor in anybody's way. Three tasks in a row without the store end the run: it is away, and the next run will see.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from traceback import format_exception
from types import TracebackType
from typing import Any, Protocol, Self

from config.domain.clock import Clock
from config.errors import MonitorError, StoreUnavailable
from services.jobs.job import Job
from services.state.runs import Outcome, RunsTable

log = logging.getLogger(__name__)

STORE_AWAY = 3


class Progress(Protocol):
    """Told after each task, and once before the first with `done` 0."""

    def __call__(self, job: str, done: int, total: int) -> None: ...


def silent(job: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run; `failed`: task → the error's words."""

    job: str
    pending: int
    done: int
    failed: dict[str, str]


@dataclass(slots=True)
class _Attempt:
    """The boundary around one task. It holds back every error but lets KeyboardInterrupt and the like through."""

    error: Exception | None = field(default=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if isinstance(error, Exception):
            self.error = error
        return error is None or self.error is not None


def run(
    job: Job[Any], runs: RunsTable, clock: Clock, progress: Progress = silent, stop: threading.Event | None = None
) -> Summary:
    """Do every task that is pending now. A job with nothing to do leaves only the time of its look.

    Args:
        stop: once set, no further task is begun.
    Raises:
        ExceptionGroup: of errors that are not ours to expect, after everything else was done.
        MonitorError: the job could not say what is pending, or the run could not be recorded.
    """
    started = clock.now()
    tasks = list(job.pending(started))
    runs.looked(job.name, started, len(tasks))
    if not tasks:
        return Summary(job.name, 0, 0, {})
    number = runs.begin(job.name, started)
    done, failed, mistakes, away = 0, dict[str, str](), list[Exception](), 0
    outcome = Outcome.INTERRUPTED
    try:
        progress(job.name, 0, len(tasks))
        for task in tasks:
            if stop is not None and stop.is_set():
                break
            begun = clock.now()
            with _Attempt() as attempt:
                job.do(task)
            if attempt.error is None:
                done, away = done + 1, 0
            else:
                failed[str(task)] = str(attempt.error)
                away = away + 1 if isinstance(attempt.error, StoreUnavailable) else 0
                if not isinstance(attempt.error, MonitorError):
                    mistakes.append(attempt.error)
                _record(job.name, str(task), attempt.error, runs, begun, clock.now())
                if away == STORE_AWAY:
                    break
            progress(job.name, done + len(failed), len(tasks))
        stopped = stop is not None and stop.is_set() and done + len(failed) < len(tasks)
        outcome = Outcome.FAILED if failed else Outcome.INTERRUPTED if stopped else Outcome.DONE
    finally:
        runs.end(number, clock.now(), outcome, done, f"{len(failed)} of {len(tasks)} tasks failed" if failed else "")
    if mistakes:
        raise ExceptionGroup(f"{job.name}: {len(mistakes)} task(s) failed by a mistake in the program", mistakes)
    return Summary(job.name, len(tasks), done, failed)


def run_each(jobs: Iterable[Job[Any]], runs: RunsTable, clock: Clock, progress: Progress = silent) -> list[Summary]:
    """One run of each job, in order: what a person asks for who does not want to wait for the clock.

    Raises:
        ExceptionGroup: as `run`, after every job had its run.
    """
    summaries, mistakes = [], list[Exception]()
    for job in jobs:
        with _Attempt() as attempt:
            summaries.append(run(job, runs, clock, progress))
        if attempt.error is not None:
            mistakes.append(attempt.error)
    if mistakes:
        raise ExceptionGroup("jobs failed", mistakes)
    return summaries


def _record(job: str, task: str, error: Exception, runs: RunsTable, begun: datetime, ended: datetime) -> None:
    expected = isinstance(error, MonitorError)
    log.error("a task failed", extra={"job": job, "task": task, "error": str(error)}, exc_info=None if expected else error)
    runs.task_failed(job, task, begun, ended, str(error) if expected else "".join(format_exception(error)))
