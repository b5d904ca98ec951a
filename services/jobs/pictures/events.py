"""What happened, each thing at its own instant: exchanges, actions, gaps, and deviations that were told."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from config.domain.deviations import EventKind
from config.domain.estate import Portfolio
from config.domain.intervals import FindingCode
from config.domain.periods import day
from config.domain.series import EVENTS
from services.jobs.pictures.picture import Row, milliseconds, redraw
from services.state.exchanges import LedgerStatus
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

LONG_GAP = timedelta(hours=6)  # shorter ones are the daily life of a meter by radio
GAPS_SHOWN = timedelta(days=400)  # a year, and what it is compared with
MOST_ENTRIES = 100_000  # of the ledger
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
_STATES = {LedgerStatus.OPEN: "open", LedgerStatus.CONFIRMED: "accepted", LedgerStatus.REJECTED: "rejected"}


class EventsPicture:
    """Looks at everything that ever happened; of gaps, at the last year's."""

    name = EVENTS.name

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, state: State) -> None:
        self._portfolio = portfolio
        self._store = store
        self._threads = state.deviation_threads
        self._ledger = state.exchanges
        self._findings = state.findings

    def inputs(self, now: datetime) -> Hashable:
        """What the state says of itself, without reading it all."""
        gaps = self._findings.summary(FindingCode.GAP, LONG_GAP, now - GAPS_SHOWN)
        return self._threads.summary(), self._ledger.summary(), gaps

    def draw(self, now: datetime) -> None:
        """Kind by kind: gaps that have become old stay as they were."""
        tomorrow = now + timedelta(days=1)
        since = now - GAPS_SHOWN
        lasting = (*self._exchanges(now), *self._actions(), *self._deviations())
        redraw(self._store, EVENTS, lasting, BEGINNING, tomorrow, {"kind": ("exchange", "action", "deviation")})
        redraw(self._store, EVENTS, self._gaps(since), since, tomorrow, {"kind": ("gap",)})

    def _exchanges(self, now: datetime) -> Iterator[Row]:
        """Those on record, and what the ledger holds besides: it knows nothing of the former."""
        for point, installed in self._portfolio.installations_of.items():
            for old, new in pairwise(installed):
                if old.meter != new.meter and new.start <= now:
                    swedish = f"Mätaren {old.meter} byttes mot {new.meter}."
                    english = f"The meter {old.meter} was exchanged for {new.meter}."
                    words = self._placed(point, swedish, english)
                    yield self._row("exchange", point, point, new.start, new.start, words, "recorded")
        for entry in self._ledger.rows(status=None, limit=MOST_ENTRIES):
            state = _STATES.get(entry.status)
            if state is not None and entry.point in self._portfolio.points and entry.at <= now:
                words = self._placed(entry.point, entry.sentence_sv, entry.sentence_en)
                row = self._row("exchange", entry.point, str(entry.id), entry.at, entry.at, words, state)
                yield {**row, "open": int(entry.status is not LedgerStatus.REJECTED)}

    def _actions(self) -> Iterator[Row]:
        """What was done about a deviation, at the start of the day on which it was done."""
        for thread, event in self._threads.happened(EventKind.ACTION):
            on = day(event.day, self._portfolio.timezone).start if event.day is not None else event.at
            words = (f"Åtgärd: {event.text}", f"Action: {event.text}")
            yield self._of_building(thread.deviation.building, "action", str(thread.id), on, on, words, thread.state.value)

    def _deviations(self) -> Iterator[Row]:
        """At the instant when it was told."""
        for thread in self._threads.told_since(BEGINNING):
            seen, zone = thread.deviation, self._portfolio.timezone
            if thread.opened is None:
                continue
            first, end = day(seen.first_day, zone).start, day(seen.last_day, zone).end
            words = (seen.sentence_sv, seen.sentence_en)
            row = self._of_building(seen.building, "deviation", str(thread.id), thread.opened, end, words, thread.state.value)
            yield {**row, "value": (end - first) / HOUR}

    def _gaps(self, since: datetime) -> Iterable[Row]:
        """Those that begin in the stretch that is looked at."""
        for gap in self._findings.lasting(FindingCode.GAP, LONG_GAP, since):
            if gap.point in self._portfolio.points:
                words = self._placed(gap.point, gap.sentence_sv, gap.sentence_en)
                yield self._row("gap", gap.point, gap.point, gap.start, gap.end, words, "")

    def _row(
        self, kind: str, point: str, subject: str, start: datetime, end: datetime, words: tuple[str, str], state: str
    ) -> Row:
        return self._of_building(self._portfolio.points[point].building, kind, subject, start, end, words, state)

    def _of_building(
        self, building: str, kind: str, subject: str, start: datetime, end: datetime, words: tuple[str, str], state: str
    ) -> Row:
        return {
            "time": start,
            "building": building,
            "kind": kind,
            "subject": subject,
            "value": (end - start) / HOUR,
            "end": milliseconds(end),
            "text": words[0],
            "text_en": words[1],
            "state": state,
        }

    def _placed(self, point: str, swedish: str, english: str) -> tuple[str, str]:
        """The sentences with where they are about: a list of events holds many places."""
        metering_point = self._portfolio.points[point]
        place = f"{self._portfolio.buildings[metering_point.building].name}, {metering_point.name}"
        return f"{place}: {swedish}", f"{place}: {english}"
