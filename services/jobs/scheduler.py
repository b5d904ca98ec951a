"""APScheduler as a clock and nothing else: it says when to look, each job knows what is not up to date.

Settings and why (engineering research, section 4): triggers in UTC, because a local 02:30 comes twice in autumn and not in
spring; `coalesce` and no limit to lateness, so that a standstill of days is one run and not none or a hundred; one instance of
a job at a time; memory store, because nothing need be remembered.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from config.domain.clock import Clock
from services.jobs.job import Job
from services.jobs.runner import run
from services.state.runs import RunsTable

log = logging.getLogger(__name__)

_ALONE = "alone"
_AT_ONCE = 4  # jobs; each may wait for the store while another calculates


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job and when it looks: APScheduler's cron fields, UTC.

    `alone`: on a thread of its own, which no other job can take: what tells that jobs hang must not wait for them.
    """

    job: Job[Any]
    minute: str
    hour: str = "*"
    alone: bool = False


class Scheduler:
    """Runs jobs by the clock, and every one of them once at the start."""

    def __init__(self, rows: Sequence[Scheduled], runs: RunsTable, clock: Clock) -> None:
        self._runs = runs
        self._clock = clock
        self._stop = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(_AT_ONCE), _ALONE: ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        for row in rows:
            self._scheduler.add_job(
                self._look(row.job),
                trigger(row),
                id=row.job.name,
                name=row.job.name,
                next_run_time=clock.now(),
                executor=_ALONE if row.alone else "default",
            )

    def start(self) -> None:
        """Begin. Runs that a lost process left open are closed first."""
        abandoned = self._runs.end_abandoned(self._clock.now())
        if abandoned:
            log.warning("runs that the last process did not end", extra={"count": abandoned})
        self._scheduler.start()

    def stop(self) -> None:
        """End after the tasks that are being done; what is left stays pending."""
        self._stop.set()
        self._scheduler.shutdown(wait=True)

    def _look(self, job: Job[Any]) -> Callable[[], None]:
        def look() -> None:
            run(job, self._runs, self._clock, stop=self._stop)

        return look


class Timed(Protocol):
    """Cron fields, UTC."""

    @property
    def hour(self) -> str: ...

    @property
    def minute(self) -> str: ...


def trigger(row: Timed) -> CronTrigger:
    """When the row's job looks."""
    return CronTrigger(hour=row.hour, minute=row.minute, second=0, timezone=UTC)
