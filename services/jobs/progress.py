"""A progress bar for a run that a person watches."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class ShownProgress:
    """A bar a job on the console; use it as a context and hand it to `run`."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
        )
        self._ids: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def __call__(self, job: str, done: int, total: int) -> None:
        if job not in self._ids:
            self._ids[job] = self._bars.add_task(job, total=total)
        self._bars.update(self._ids[job], completed=done, total=total)
