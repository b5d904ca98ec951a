"""Deviations that people should act on, a point a thread and day."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime

from config.domain.deviations import Thread, ThreadState
from config.domain.estate import Portfolio
from config.domain.indicators import Missing
from config.domain.periods import day, local_date
from config.domain.series import DEVIATIONS
from services.jobs.pictures.picture import Row, milliseconds, redraw, today
from services.state.deviations import DeviationThreadsTable
from services.store.timeseries import TimeSeriesStore

ACTED_UPON = (ThreadState.OPENED, ThreadState.ACKNOWLEDGED, ThreadState.ACTING, ThreadState.VERIFIED)
"""States in which a thread is shown: told, and not done with."""


class DeviationsPicture:
    """The open threads, also those that are muted."""

    name = DEVIATIONS.name

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, threads: DeviationThreadsTable) -> None:
        self._portfolio = portfolio
        self._store = store
        self._threads = threads

    def inputs(self, now: datetime) -> Hashable:  # noqa: ARG002 - what is open does not depend on the time
        """Hundreds of threads at most: they are their own fingerprint."""
        return repr(self._threads.threads(ACTED_UPON))

    def draw(self, now: datetime) -> None:
        """At the start of the local day."""
        stands = today(now, self._portfolio.timezone)
        on = local_date(now, self._portfolio.timezone)
        rows = (self._row(thread, on, stands.start) for thread in self._threads.threads(ACTED_UPON))
        redraw(self._store, DEVIATIONS, rows, stands.start, stands.end)

    def _row(self, thread: Thread, on: date, at: datetime) -> Row:
        seen, zone = thread.deviation, self._portfolio.timezone
        building = self._portfolio.buildings.get(seen.building)
        missing = [amount for amount in (seen.sek, seen.kwh, seen.kg) if isinstance(amount, Missing)]
        return {
            "time": at,
            "building": seen.building,
            "carrier": seen.carrier,
            "kind": seen.kind.value,
            "owner": "" if building is None else building.owner,
            "thread": str(thread.id),
            "value": _known(seen.sek),
            "kwh": _known(seen.kwh),
            "kg": _known(seen.kg),
            "state": thread.state.value,
            "muted": int(thread.muted(on)),
            "since": milliseconds(day(seen.first_day, zone).start),
            "until": milliseconds(day(seen.last_day, zone).start),
            "sentence": seen.sentence_sv,
            "sentence_en": seen.sentence_en,
            "action": seen.action_sv,
            "action_en": seen.action_en,
            "reason": " ".join(_once(lack.reason_sv for lack in missing)),
            "reason_en": " ".join(_once(lack.reason_en for lack in missing)),
        }


def _known(amount: float | Missing) -> float | None:
    return None if isinstance(amount, Missing) else amount


def _once(texts: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(texts))
