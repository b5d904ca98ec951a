"""What has been kept long enough is deleted: journal days, runs, settled dead letters."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from config.domain.clock import Clock

log = logging.getLogger(__name__)


class Expiring(Protocol):
    """Something that grows with time. Deleting what is gone already changes nothing."""

    def forget_before(self, instant: datetime) -> int:
        """Delete what is older; how many of whatever it counts."""
        ...


@dataclass(frozen=True, slots=True)
class Retention:
    """`what` is kept for `keep`. The name is for the record of runs."""

    name: str
    what: Expiring
    keep: timedelta


class HousekeepingJob:
    """A task is the name of a retention."""

    name = "housekeeping"

    def __init__(self, retentions: Sequence[Retention], clock: Clock) -> None:
        self._retentions = {item.name: item for item in retentions}
        self._clock = clock

    def pending(self, now: datetime) -> Sequence[str]:  # noqa: ARG002 - looking is as cheap as deleting nothing
        return list(self._retentions)

    def do(self, task: str) -> None:
        """Delete what has been kept long enough."""
        item = self._retentions[task]
        before = self._clock.now() - item.keep
        count = item.what.forget_before(before)
        if count:
            log.info("old records deleted", extra={"what": task, "count": count, "before": before.isoformat()})
