"""Dirty days to indicator values: the days whose intervals changed, and the months they lie in."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from config.domain.estate import Portfolio
from config.domain.indicators import IndicatorValue, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day, month
from config.domain.series import INTERVALS, SeriesQuery
from config.shelf import entries
from services import indicators
from services.indicators._calculation import Calculation
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)


class IndicateJob:
    """A task is a building. Its dirty days are taken a year at a time, so that a long history fits in memory."""

    name = "indicate"

    def __init__(
        self, portfolio: Portfolio, store: TimeSeriesStore, state: State, calculations: Sequence[Calculation] | None = None
    ) -> None:
        self._portfolio = portfolio
        self._store = store
        self._dirty_days = state.dirty_days
        self._calculations = entries(indicators, "CALCULATION", Calculation) if calculations is None else calculations

    def pending(self, now: datetime) -> Sequence[str]:  # noqa: ARG002 - what is dirty does not depend on the time
        """Buildings with dirty days, the longest waiting first."""
        return self._dirty_days.pending_buildings()

    def do(self, task: str) -> None:
        """Calculate the building's dirty days and their months. Marks are cleared last, and only those taken at the beginning."""
        taken = self._dirty_days.take(task)
        if task in self._portfolio.buildings:
            for _, days in groupby(taken.days, key=lambda on: on.year):
                self._calculate(task, list(days))
        else:
            log.warning("dirty days of a building that is not in the portfolio are left", extra={"building": task})
        self._dirty_days.clear(task, taken.up_to)

    def _calculate(self, building: str, days: Sequence[date]) -> None:
        zone = self._portfolio.timezone
        months = [month(first, zone) for first in sorted({on.replace(day=1) for on in days})]
        periods = {PeriodKind.DAY: [day(on, zone) for on in days], PeriodKind.MONTH: months}
        intervals = self._store.read(SeriesQuery(INTERVALS, months[0].start, months[-1].end, {"building": (building,)}))
        values: list[IndicatorValue] = []
        for calculation in self._calculations:
            if calculation.subject_kind is SubjectKind.BUILDING:
                asked: list[Period] = [period for kind in sorted(calculation.periods) for period in periods.get(kind, [])]
                values += calculation.calculate(intervals, self._portfolio, Subject(SubjectKind.BUILDING, building), asked)
        self._store.write_indicator_values(values)
