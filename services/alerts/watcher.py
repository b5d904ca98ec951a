"""A service that is down cannot say so. A watcher outside can: it is called while all is well, and alarms when it is not called.

As healthchecks.io and its likes take it: GET on the address is a sign of life; POST with /fail behind it, and words as body, says
that something is wrong.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import urllib3

from config.domain.clock import Clock

log = logging.getLogger(__name__)

EVERY_S = 60.0
TIMEOUT_S = 10.0
LONGEST_WORDS = 2_000


class Watcher:
    """Calls the watcher.

    Args:
        address: of the watcher; a secret, and never logged.
        ailing: what is wrong, in sentences; nothing when all is well. Filled by services.app.
    """

    def __init__(
        self, address: str, ailing: Callable[[datetime], Sequence[str]], clock: Clock, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._address = address.rstrip("/")
        self._ailing = ailing
        self._clock = clock
        self._pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=timeout_s, read=timeout_s))
        self._heard = True

    def tell(self) -> bool:
        """One call; whether the watcher took it. The log says once that it did not, and once that it does again."""
        words = self._ailing(self._clock.now())
        try:
            if words:
                body = "\n".join(words).encode()[:LONGEST_WORDS]
                answer = self._pool.request("POST", f"{self._address}/fail", body=body, redirect=False, preload_content=False)
            else:
                answer = self._pool.request("GET", self._address, redirect=False, preload_content=False)
            heard, said = 200 <= answer.status < 300, str(answer.status)
            answer.close()  # what it says besides is nothing to us
        except urllib3.exceptions.HTTPError as error:
            heard, said = False, type(error).__name__
        if heard != self._heard:
            log.log(logging.INFO if heard else logging.WARNING, "the outside watcher", extra={"answers": heard, "said": said})
        self._heard = heard
        return heard
