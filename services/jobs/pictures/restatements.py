"""Published figures that changed afterwards, each change at its instant: what stands in the change log, for longer periods."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from config.domain.periods import PeriodKind, local_date
from config.domain.series import RESTATEMENTS
from services.jobs.pictures.picture import Row, redraw
from services.state.figure_history import FigureChange
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

TOLD = (PeriodKind.MONTH, PeriodKind.YEAR, PeriodKind.YEAR_TO_DATE, PeriodKind.ROLLING_YEAR)
WATERMARK = "restatements drawn"  # the number of the last change that is in the store
AT_ONCE = 2_000
_SECOND = timedelta(seconds=1)


class RestatementsPicture:
    """Goes through the change log by its numbers, some at a time; what is written is never looked at again."""

    name = RESTATEMENTS.name

    def __init__(self, zone: str, store: TimeSeriesStore, state: State) -> None:
        self._zone = zone
        self._store = store
        self._changes = state.figure_changes
        self._watermarks = state.watermarks

    def inputs(self, now: datetime) -> Hashable:  # noqa: ARG002 - the log's end is all that counts
        """How far the log goes, and how far it is drawn."""
        return self._changes.last(), self._drawn()

    def draw(self, now: datetime) -> None:  # noqa: ARG002 - changes have instants of their own
        """The next of the log. The watermark moves last."""
        changes = self._changes.after(self._drawn(), [kind.value for kind in TOLD], AT_ONCE)
        if not changes:
            return
        instants = [change.at for _, change in changes]
        rows = (self._row(change) for _, change in changes)
        redraw(self._store, RESTATEMENTS, rows, min(instants), max(instants) + _SECOND)
        self._watermarks.set(WATERMARK, "", str(changes[-1][0]))

    def _drawn(self) -> int:
        return int(self._watermarks.of(WATERMARK).get("", "0"))

    def _row(self, change: FigureChange) -> Row:
        return {
            "time": change.at,
            "carrier": change.carrier,
            "cause": change.cause,
            "indicator": change.indicator,
            "of": self._period(change),
            "subject": change.subject,
            "subject_kind": change.subject_kind,
            "value": change.new,
            "old": change.old,
            "sentence": change.sentence_sv,
            "sentence_en": change.sentence_en,
        }

    def _period(self, change: FigureChange) -> str:
        """2026, 2026-01, or 2025-02–2026-01."""
        first, last = local_date(change.start, self._zone), local_date(change.end - timedelta(hours=1), self._zone)
        if change.period == PeriodKind.YEAR.value:
            return f"{first:%Y}"
        if change.period == PeriodKind.MONTH.value:
            return f"{first:%Y-%m}"
        return f"{first:%Y-%m}–{last:%Y-%m}"
