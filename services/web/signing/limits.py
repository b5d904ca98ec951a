"""How many requests an address may make: a bucket that fills by the second. Of this process; what outlives it is in the state.

A household behind one address, or a municipality behind one proxy that is not trusted, must not notice it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

MOST_ADDRESSES = 20_000  # remembered at once; the longest unheard is forgotten first


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and so many at once."""

    per_second: float
    at_once: int


READING = Rate(per_second=50, at_once=600)  # fifty boards on the wall behind one address renew six panels every ten seconds
CHANGING = Rate(per_second=0.5, at_once=30)


class RateLimit:
    """Any thread. `seconds` tells monotonic time."""

    def __init__(self, rate: Rate, seconds: Callable[[], float]) -> None:
        self._rate = rate
        self._seconds = seconds
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> int:
        """One request of the address. Nought: go on; else the seconds after which it may ask again."""
        now = self._seconds()
        with self._lock:
            left, at = self._left.pop(address, (float(self._rate.at_once), now))
            left = min(self._rate.at_once, left + (now - at) * self._rate.per_second)
            allowed = left >= 1
            self._left[address] = (left - 1 if allowed else left, now)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, ceil((1 - left) / self._rate.per_second))
