"""When a message that was not taken is sent again: soon at first, then ever less often."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ASKED = timedelta(days=1)  # that a server may make us wait


def wait_after(attempts: int) -> timedelta:
    """How long until the next attempt, after so many before this one: 1, 2, 4 … minutes, an hour at most."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts, 10)))


def next_attempt(now: datetime, attempts: int, asked_s: float | None) -> datetime:
    """When the next one may begin; no sooner than who refused this one asked for. [s]"""
    return now + max(wait_after(attempts), timedelta(seconds=min(LONGEST_ASKED.total_seconds(), asked_s or 0.0)))
