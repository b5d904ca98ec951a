"""Provisioning in the background of a service: tried until it has gone well, and nothing waits for it."""

import logging
import threading
from collections.abc import Callable, Sequence

from config.errors import GrafanaError
from services.grafana.provisioning import Change, Outcome

log = logging.getLogger(__name__)

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 300.0


def provision_until_done(
    attempt: Callable[[], Sequence[Change]],
    stop: threading.Event,
    *,
    first_wait_s: float = FIRST_WAIT_S,
    longest_wait_s: float = LONGEST_WAIT_S,
) -> None:
    """Call `attempt` until it raises no GrafanaError or `stop` is set. A failure is told when its words are new."""
    wait, told = first_wait_s, ""
    while not stop.is_set():
        try:
            changes = attempt()
        except GrafanaError as error:
            if str(error) != told:
                log.warning("Grafana is not provisioned yet: %s", error, extra={"next_try_s": wait})
                told = str(error)
            stop.wait(wait)
            wait = min(wait * 2, longest_wait_s)
        else:
            for change in changes:
                level = logging.WARNING if change.outcome is Outcome.KEPT else logging.INFO
                log.log(level, "grafana: %s %s %s %s", change.kind, change.uid, change.outcome.value, change.reason)
            return
