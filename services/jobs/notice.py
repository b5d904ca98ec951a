"""What changes without a reading: an entry of the portfolio, and the calendar. Both make hours dirty; settlement does the rest.

A corrected exchange or a point moved to another building corrects history by itself. A day that passed without a message gets
hours that say "missing", so that a silent meter shows as one instead of as nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

import orjson

from config.domain.clock import Clock
from config.domain.estate import MeteringPoint, Portfolio
from config.domain.periods import day, local_date
from config.domain.readings import DirtyHours
from services.jobs.readings import PointReadings, StoredReadings
from services.jobs.settling import hour_of
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

ENTRY = "settled by entry"  # watermark: point → fingerprint of what the portfolio says of it
DAY = "day closed"  # watermark: point → the last local day whose end was noticed
_HOUR = timedelta(hours=1)


class NoticeJob:
    """A task is a metering point."""

    name = "notice"

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, state: State, clock: Clock) -> None:
        self._portfolio = portfolio
        self._store = store
        self._dirty_hours = state.dirty_hours
        self._watermarks = state.watermarks
        self._clock = clock

    def pending(self, now: datetime) -> Sequence[str]:
        """Points whose entry is not the one they were settled by, or that have a day to close."""
        entries, days = self._watermarks.of(ENTRY), self._watermarks.of(DAY)
        yesterday = self._yesterday(now).isoformat()
        return [
            point.id
            for point in self._portfolio.points.values()
            if self._portfolio.installations_of[point.id]
            and (entries.get(point.id) != fingerprint(self._portfolio, point) or days.get(point.id, "") < yesterday)
        ]

    def do(self, task: str) -> None:
        """Mark the point's hours. The watermarks move last."""
        point = self._portfolio.points[task]
        now = self._clock.now()
        yesterday = self._yesterday(now)
        entry = fingerprint(self._portfolio, point)
        hours = []
        if self._watermarks.of(ENTRY).get(task) != entry:
            first = PointReadings(StoredReadings(self._store), point, self._portfolio.installations_of[task]).first(
                until=hour_of(now)
            )
            if first is None:
                entry = ""  # nothing to settle yet; whenever the first reading comes, all hours since then are noticed
            else:
                hours.append(DirtyHours(task, hour_of(first), hour_of(now)))
        closed = self._watermarks.of(DAY).get(task)
        first_day = yesterday if closed is None else date.fromisoformat(closed) + timedelta(days=1)
        if first_day <= yesterday:
            zone = self._portfolio.timezone
            start = max(day(first_day, zone).start, hour_of(self._portfolio.installations_of[task][0].start))
            end = day(yesterday, zone).end
            if start < end:
                hours.append(DirtyHours(task, start, end))
        self._dirty_hours.mark(hours)
        self._watermarks.set(ENTRY, task, entry)
        self._watermarks.set(DAY, task, max(closed or "", yesterday.isoformat()))

    def _yesterday(self, now: datetime) -> date:
        return local_date(now, self._portfolio.timezone) - timedelta(days=1)


def fingerprint(portfolio: Portfolio, point: MeteringPoint) -> str:
    """What the portfolio says of a point that settlement or the tags of its hours depend on."""
    settled_by = {
        "building": point.building,
        "carrier": point.carrier,
        "direction": point.direction,
        "resolution": point.resolution,
        "digits": point.digits,
        "max_power_kw": point.max_power_kw,
        "interval_s": point.interval_s,
        "parent": point.parent,
        "installations": [asdict(item) for item in portfolio.installations_of[point.id]],
    }
    return hashlib.sha256(orjson.dumps(settled_by, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
