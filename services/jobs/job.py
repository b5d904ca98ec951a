"""The seam of the jobs. A job knows for itself what is not up to date; the scheduler is only a clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

Task = TypeVar("Task")


class Job(Protocol[Task]):
    """`pending` asks what is not up to date; `do` mends one task of it; twice changes nothing."""

    name: str

    def pending(self, now: datetime) -> Sequence[Task]: ...

    def do(self, task: Task) -> None: ...
