"""A record of each run of a job that had work, and of each task that failed in it; and when each job last looked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.state.database import Database, from_micros, to_micros


class Outcome(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # one task or more; the rest was done
    INTERRUPTED = "interrupted"  # stopped, or the process ended


@dataclass(frozen=True, slots=True)
class Run:
    """`task` is "" for the run as a whole; `rows` counts the tasks that were done."""

    id: int
    job: str
    task: str
    started: datetime
    ended: datetime | None
    outcome: Outcome
    rows: int
    error: str


@dataclass(frozen=True, slots=True)
class Tick:
    """When a job last asked what is pending, and how much it was."""

    job: str
    at: datetime
    pending: int


class RunsTable:
    """The jobs' diary."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def looked(self, job: str, at: datetime, pending: int) -> None:
        """The job asked what is pending."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO ticks VALUES (?, ?, ?) ON CONFLICT (job) DO UPDATE SET at = excluded.at, pending = excluded.pending",
                (job, to_micros(at), pending),
            )

    def begin(self, job: str, started: datetime) -> int:
        """A run begins; gives the number that `end` is to be called with."""
        with self._database.transaction() as connection:
            number = connection.execute(
                "INSERT INTO runs (job, task, started, ended, outcome, rows, error) VALUES (?, '', ?, NULL, 'running', 0, '')",
                (job, to_micros(started)),
            ).lastrowid
        assert number is not None  # noqa: S101 - an INSERT has one
        return number

    def end(self, run: int, ended: datetime, outcome: Outcome, rows: int, error: str = "") -> None:
        """The run is over."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET ended = ?, outcome = ?, rows = ?, error = ? WHERE id = ?",
                (to_micros(ended), outcome, rows, error, run),
            )

    def task_failed(self, job: str, task: str, started: datetime, ended: datetime, error: str) -> None:
        """One task of a run failed; the others go on."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO runs (job, task, started, ended, outcome, rows, error) VALUES (?, ?, ?, ?, 'failed', 0, ?)",
                (job, task, to_micros(started), to_micros(ended), error),
            )

    def end_abandoned(self, at: datetime) -> int:
        """Runs that a lost process left open become interrupted; how many. To be called before the first run."""
        with self._database.transaction() as connection:
            return connection.execute(
                "UPDATE runs SET ended = ?, outcome = 'interrupted' WHERE outcome = 'running'", (to_micros(at),)
            ).rowcount

    def latest(self, job: str | None = None, limit: int = 50) -> list[Run]:
        """The newest first."""
        return self._runs("? IS NULL OR job = ? ORDER BY id DESC LIMIT ?", (job, job, limit))

    def whole(self, job: str, limit: int) -> list[Run]:
        """Its runs as a whole, without the tasks that failed in them; the newest first."""
        return self._runs("job = ? AND task = '' ORDER BY started DESC, id DESC LIMIT ?", (job, limit))

    def _runs(self, rest: str, values: tuple[object, ...]) -> list[Run]:
        rows = self._database.rows(
            f"SELECT id, job, task, started, ended, outcome, rows, error FROM runs WHERE {rest}",  # noqa: S608 - our own words
            values,
        )
        return [
            Run(
                row[0],
                row[1],
                row[2],
                from_micros(row[3]),
                None if row[4] is None else from_micros(row[4]),
                Outcome(row[5]),
                row[6],
                row[7],
            )
            for row in rows
        ]

    def ticks(self) -> list[Tick]:
        """Every job's last look, by name."""
        return [
            Tick(job, from_micros(at), pending) for job, at, pending in self._database.rows("SELECT * FROM ticks ORDER BY job")
        ]

    def forget_before(self, instant: datetime) -> int:
        """Delete runs that ended earlier; how many."""
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM runs WHERE ended < ?", (to_micros(instant),)).rowcount
