"""Provisioning in the background of a service: tried until it has gone well, then again and again, and nothing waits for it."""

import logging
import threading
from collections.abc import Callable, Sequence

from config.errors import GrafanaError
from services.grafana.changes import Change, Outcome

log = logging.getLogger(__name__)

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 300.0
EVERY_S = 600.0
DONE = (Outcome.CREATED, Outcome.CHANGED, Outcome.REMOVED)


def keep_provisioned(
    attempt: Callable[[], Sequence[Change]],
    stop: threading.Event,
    *,
    every_s: float = EVERY_S,
    first_wait_s: float = FIRST_WAIT_S,
) -> None:
    """Call `attempt` now and every so often until `stop` is set: the portfolio changes, and Grafana may come back empty.

    What it did is told, and what it kept or lacked when that is new.
    """
    told: set[Change] = set()
    while not stop.is_set():
        changes = provision_until_done(attempt, stop, first_wait_s=first_wait_s)
        for change in changes:
            if change.outcome is Outcome.UNCHANGED or change in told:
                continue
            level = logging.INFO if change.outcome in DONE else logging.WARNING
            log.log(level, "grafana: %s %s %s %s", change.kind, change.uid, change.outcome.value, change.reason)
        told = set(changes) or told
        stop.wait(every_s)


def provision_until_done(
    attempt: Callable[[], Sequence[Change]],
    stop: threading.Event,
    *,
    first_wait_s: float = FIRST_WAIT_S,
    longest_wait_s: float = LONGEST_WAIT_S,
) -> Sequence[Change]:
    """Call `attempt` until it raises no GrafanaError or `stop` is set. A failure is told when its words are new."""
    wait, told = first_wait_s, ""
    while not stop.is_set():
        try:
            return attempt()
        except GrafanaError as error:
            if str(error) != told:
                log.warning("Grafana is not provisioned yet: %s", error, extra={"next_try_s": wait})
                told = str(error)
            stop.wait(wait)
            wait = min(wait * 2, longest_wait_s)
    return ()
