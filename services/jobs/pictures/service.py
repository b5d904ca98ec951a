"""Our own service, a point a measure and minute. What is not known is not written: a nought would say that all is well."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import polars as pl

from config.domain.series import SERVICE
from services.state.state import State
from services.store.points import TIME
from services.store.timeseries import TimeSeriesStore

_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(minutes=10)  # over which messages are shared out as so many a minute


@dataclass(frozen=True, slots=True)
class Seen:
    """What the collector has counted since it started; None where that part of it does not run, or is not told.

    Attributes:
        at: when it said so.
        received: messages.
        dropped: messages that the broker threw away, as it says itself.
        sessions_lost: how often the broker no longer knew us after a break, and what it had kept for us was gone.
    """

    at: datetime
    received: int | None = None
    dropped: int | None = None
    sessions_lost: int | None = None


class Collector(Protocol):
    """The collector, as its signs of life and its journal tell of it. Filled by services.app."""

    def seen(self, now: datetime) -> Seen | None:
        """None where it gives no sign of life."""
        ...

    def lag(self, now: datetime) -> timedelta | None:
        """Age of the oldest message that is journalled and not taken in; nought where none waits; None where it is not known."""
        ...


class ServicePicture:
    """Series `service`."""

    name = "service"

    def __init__(self, store: TimeSeriesStore, state: State, collector: Collector | None) -> None:
        self._store = store
        self._state = state
        self._collector = collector
        self._before: Seen | None = None

    def inputs(self, now: datetime) -> Hashable:
        """The minute."""
        return now.replace(second=0, microsecond=0)

    def draw(self, now: datetime) -> None:
        seen = None if self._collector is None else self._collector.seen(now)
        lag = None if self._collector is None else self._collector.lag(now)
        measures = {
            "messages": self._rate(seen),
            "lag": None if lag is None else lag.total_seconds(),
            "dead_letters": self._state.dead_letters.count(),
            "unknown_devices": self._state.unknown_devices.count(),
            "dropped": None if seen is None else seen.dropped,
            "sessions_lost": None if seen is None else seen.sessions_lost,
            "waiting_hours": self._state.dirty_hours.waiting(now.replace(minute=0, second=0, microsecond=0)),
            "waiting_days": self._state.dirty_days.waiting(),
        }
        at = now.astimezone(UTC).replace(second=0, microsecond=0)
        rows = [(at, name, float(value)) for name, value in measures.items() if value is not None]
        frame = pl.DataFrame(rows, schema={"time": TIME, "measure": pl.String, "value": pl.Float64}, orient="row")
        self._store.write_pictures(SERVICE, frame)
        if self._before is None or seen is None or seen.at > self._before.at:
            self._before = seen

    def _rate(self, seen: Seen | None) -> float | None:
        """Messages a minute since the look before; None at the first look, and where the collector has begun anew since."""
        before = self._before
        if seen is None or before is None or seen.received is None or before.received is None:
            return None
        passed = seen.at - before.at
        if not timedelta(0) < passed <= _LONGEST or seen.received < before.received:
            return None
        return (seen.received - before.received) / (passed / _MINUTE)
