"""Each meter's account of each local day: what was expected, came, was stored and was set aside.

`expected` counts values, as intake does: a telegram brings one of every register, so it is the number of whole intervals agreed
for the meter's point, up to now, times the registers that the portfolio gives the meter. Where no interval is agreed nothing is
expected. Messages come late, so the last days are drawn again with today's.

Meters that intake has counted nothing of in those days (their values come from files, or not at all) are counted in the store.

The portfolio installs meters before the service hears anything: one that was never heard is silent from when the service began to
listen, and says that it was never heard.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.domain.estate import Installation, Meter, Portfolio
from config.domain.periods import Period, day, local_date
from config.domain.series import METER_DAYS, READINGS, Aggregate, Every, SeriesQuery
from config.domain.silence import UNKNOWN, allowed_silence
from services.jobs.pictures.picture import milliseconds, redraw
from services.state.message_counts import MessageCountsTable
from services.store.points import EPOCH, MILLISECOND
from services.store.timeseries import TimeSeriesStore

DAYS = 4  # today, and those before it of which values still come in
STEP = timedelta(minutes=5)  # between two looks at the counts: they move with every message
HEARD_WITHIN = timedelta(days=35)  # how far back the store is asked for many meters that nobody counts; the few left for all time
_HOUR = timedelta(hours=1)
HEARD, SILENT = ("hörs", "heard"), ("tyst", "silent")
NEVER_HEARD, NOT_HEARD_YET = ("aldrig hörd", "never heard"), ("inte hörd än", "not heard yet")


@dataclass(frozen=True, slots=True)
class _Day:
    """What is known of a meter's day."""

    received: int = 0
    stored: int = 0
    flagged: int = 0
    heard: datetime | None = None


_Known = Mapping[tuple[str, datetime], _Day]  # meter and start of the day


class MeterDaysPicture:
    """Series `meter_days`."""

    name = "meter_days"

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, counts: MessageCountsTable) -> None:
        self._portfolio = portfolio
        self._store = store
        self._counts = counts
        self._in_store: tuple[Hashable, _Known, Mapping[str, datetime]] = (None, {}, {})

    def inputs(self, now: datetime) -> Hashable:
        """The few minutes that it stands for."""
        return now - (now - EPOCH) % STEP

    def draw(self, now: datetime) -> None:
        zone = self._portfolio.timezone
        today = local_date(now, zone)
        days = [day(today - timedelta(days=back), zone) for back in reversed(range(DAYS))]
        meters = _installed(self._portfolio, days[0].start, now)
        known, heard = self._known(meters, days, now)
        allowed = allowed_silence(self._portfolio, now)
        listening = self._listening(heard)
        rows = (
            self._row(meter, installed, period, known, heard.get(meter), now, allowed.get(meter, UNKNOWN), listening)
            for meter, installations in meters.items()
            for period in days
            if (installed := _within(installations, period.start, min(period.end, now)))
        )
        redraw(self._store, METER_DAYS, rows, days[0].start, days[-1].end)

    def _row(
        self,
        meter: str,
        installed: Sequence[Installation],
        period: Period,
        known: _Known,
        heard: datetime | None,
        now: datetime,
        allowed: timedelta,
        listening: datetime | None,
    ) -> Mapping[str, Any]:
        at = min(period.end, now)
        of_day = known.get((meter, period.start), _Day())
        # of a day that is over its own last value counts: that a meter is heard again says nothing of the days before
        last = heard if heard is not None and heard <= at else of_day.heard
        silent = _is_silent(last or listening, installed[0].start, at, allowed)
        text, text_en = _words(last or heard, silent=silent)
        return {
            "time": period.start,
            "building": self._portfolio.points[installed[-1].point].building,
            "meter": meter,
            "value": float(of_day.received),
            "expected": expected(self._portfolio, self._portfolio.meters[meter], installed, period.start, at),
            "stored": float(of_day.stored),
            "flagged": float(of_day.flagged),
            "heard": None if last is None else milliseconds(last),
            "silent": int(silent),
            "text": text,
            "text_en": text_en,
        }

    def _listening(self, heard: Mapping[str, datetime]) -> datetime | None:
        """Since when the service has heard anybody; None where it has not."""
        return min([*self._counts.first_heard().values(), *heard.values()], default=None)

    def _known(
        self, meters: Iterable[str], days: Sequence[Period], now: datetime
    ) -> tuple[dict[tuple[str, datetime], _Day], dict[str, datetime]]:
        """What came each day, and when each meter was last heard."""
        zone = self._portfolio.timezone
        start_of = {local_date(period.start, zone): period.start for period in days}
        known = {
            (item.meter, start_of[item.day]): _Day(item.received, item.stored, item.flagged, item.heard)
            for item in self._counts.between(min(start_of), max(start_of))
        }
        heard = self._counts.last_heard()
        counted = {meter for meter, _ in known}
        others = tuple(meter for meter in meters if meter not in counted)
        asked = (others, now.replace(minute=0, second=0, microsecond=0), days[-1].start)
        if self._in_store[0] != asked:
            self._in_store = (asked, *self._count(others, days, now))
        for meter, at in self._in_store[2].items():
            heard[meter] = max(at, heard.get(meter, at))
        return known | dict(self._in_store[1]), heard

    def _count(self, meters: Sequence[str], days: Sequence[Period], now: datetime) -> tuple[_Known, Mapping[str, datetime]]:
        """What the store holds of the meters; how many values a day, and when they came."""
        if not meters:
            return {}, {}
        end = now + _HOUR  # a meter's clock may be fast

        def ask(start: datetime | None, of: Sequence[str], aggregate: Aggregate, every: Every | None, field: str) -> SeriesQuery:
            where = {"meter": tuple(of)}
            zone = self._portfolio.timezone
            return SeriesQuery(READINGS, start, end, where, {}, aggregate, every, ("meter",), zone, field)

        first = days[0].start
        counts = self._store.read(ask(first, meters, Aggregate.COUNT, Every.DAY, "value"))
        last = self._store.read(ask(first, meters, Aggregate.MAX, Every.DAY, "received"))
        came = {(row["meter"], row["time"]): _instant(row["value"]) for row in last.iter_rows(named=True)}
        known = {
            key: _Day(row["value"], row["value"], 0, came.get(key))
            for row in counts.iter_rows(named=True)
            for key in ((row["meter"], row["time"]),)
        }
        heard: dict[str, datetime] = {}
        for (meter, _), at in sorted(came.items(), key=lambda item: item[1]):
            heard[meter] = at
        quiet = [meter for meter in meters if meter not in heard]
        for start in (now - HEARD_WITHIN, None):
            earlier = self._store.read(ask(start, quiet, Aggregate.MAX, None, "received"))
            heard |= {row["meter"]: _instant(row["value"]) for row in earlier.iter_rows(named=True)}
            quiet = [meter for meter in quiet if meter not in heard]
        return known, heard


def _is_silent(since: datetime | None, installed: datetime, at: datetime, allowed: timedelta) -> bool:
    """`since`: when it was last heard, or could first have been; None where nobody was ever heard: then nobody is silent."""
    return since is not None and at - max(since, installed) > allowed


def _words(heard: datetime | None, *, silent: bool) -> tuple[str, str]:
    if heard is None:
        return NEVER_HEARD if silent else NOT_HEARD_YET
    return SILENT if silent else HEARD


def expected(
    portfolio: Portfolio, meter: Meter, installed: Sequence[Installation], start: datetime, end: datetime
) -> float | None:
    """How many values the meter should have sent from `start` to `end`; None where no interval is agreed.

    Of points with different intervals the longest counts, as for silence: less cannot be held against the meter.
    """
    agreed = [seconds for item in installed if (seconds := portfolio.points[item.point].interval_s) is not None]
    if not agreed:
        return None
    ends = [item.end for item in installed]
    first = max(start, min(item.start for item in installed))
    last = end if None in ends else min(end, max(item for item in ends if item is not None))
    return float(len(meter.registers) * ((last - first) // timedelta(seconds=max(agreed))))


def _installed(portfolio: Portfolio, start: datetime, end: datetime) -> dict[str, tuple[Installation, ...]]:
    """Meter → its installations that last at some instant from `start` to `end`, by start."""
    table: dict[str, list[Installation]] = {}
    for item in _within(portfolio.installations, start, end):
        table.setdefault(item.meter, []).append(item)
    return {meter: tuple(sorted(items, key=lambda item: item.start)) for meter, items in table.items()}


def _within(installations: Iterable[Installation], start: datetime, end: datetime) -> list[Installation]:
    return [item for item in installations if item.start < end and (item.end is None or item.end > start)]


def _instant(milliseconds_since: int) -> datetime:
    return EPOCH + milliseconds_since * MILLISECOND
