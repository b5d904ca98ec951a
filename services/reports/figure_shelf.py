"""Published figures of many subjects, a period at a time, as reports have them. Changes nothing.

The first figure asked of a period brings every figure of it, so that a month's reports of a whole
estate cost a handful of queries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import polars as pl

from config.domain.figure_names import FigureName, period_name
from config.domain.indicators import INDICATORS, Missing, Subject
from config.domain.intervals import Method
from config.domain.periods import Period, PeriodKind
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from services.reports.known import known_at
from services.reports.report import ReportedFigure
from services.state.figure_history import FigureHistoryTable
from services.store.figures import filed_at
from services.store.points import EPOCH, MILLISECOND
from services.store.timeseries import TimeSeriesStore

_MOMENT = timedelta(seconds=1)  # the history of figures knows whole seconds
_AT = "at"  # among a peak's factors: its instant
_INTERVAL = "interval"
Row = Mapping[str, Any]
_Key = tuple[str, str, str, str]  # indicator, carrier, kind and id of the subject


@dataclass
class FigureShelf:
    """
    Attributes:
        subjects: those that figures will be asked of.
        as_known: figures as they were known then; None: as they are known now.
        indicators: those that will be asked for; None: any.
    """

    store: TimeSeriesStore
    history: FigureHistoryTable
    subjects: frozenset[Subject]
    as_known: datetime | None = None
    indicators: frozenset[str] | None = None
    _rows: dict[Period, dict[_Key, Row]] = field(default_factory=dict, init=False)

    def figure(self, indicator: str, subject: Subject, period: Period, carrier: str = "") -> ReportedFigure:
        """The published figure; missing, with a reason, where none is.

        Raises:
            KeyError: the indicator is none of `INDICATORS`.
            ValueError: the subject, or the indicator, is none of the shelf's.
        """
        if self.indicators is not None and indicator not in self.indicators:
            raise ValueError(f"{indicator} is not among the indicators that this shelf reads")
        if subject not in self.subjects:
            raise ValueError(f"{subject.kind}:{subject.id} is not among the subjects that this shelf reads")
        unit = INDICATORS[indicator].unit
        row = self._of(period).get((indicator, carrier, subject.kind.value, subject.id))
        name = str(FigureName(indicator, carrier, subject, period))
        if row is None:
            return ReportedFigure(_not_published(indicator, period), unit, period, 0.0, "", name=name)
        factors = orjson.loads(row["factors"])
        at = factors.pop(_AT, None)
        factors.pop(_INTERVAL, None)
        missing = row["method"] == Method.MISSING
        return ReportedFigure(
            value=Missing(row["reason"], row["reason_en"] or row["reason"]) if missing else row["value"],
            unit=unit,
            period=period,
            coverage=row["coverage"],
            method=row["calculation"],
            factors=factors,
            margin=0.0 if missing else row["uncertainty"],
            name=name,
            at=None if at is None or missing else datetime.strptime(at, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC),
        )

    def carriers(self, indicator: str, subject: Subject, period: Period) -> list[str]:
        """The carriers of which the subject has that figure published in the period, sorted; "" is none of them."""
        wanted = indicator, subject.kind.value, subject.id
        return sorted(carrier for name, carrier, kind, each in self._of(period) if carrier and (name, kind, each) == wanted)

    def prepare(self, periods: Iterable[Period]) -> None:
        """Read those of the periods that were not read yet, each kind at once: a store's answer costs by the series, not by the
        month. As known then they are read one by one, when they are asked for: else all that lies between is looked through.
        """
        left = [period for period in dict.fromkeys(periods) if period not in self._rows]
        if self.as_known is not None:
            return
        for kind in dict.fromkeys(period.kind for period in left):
            of_kind = [period for period in left if period.kind is kind]
            filed = [filed_at(period) for period in of_kind]
            points = self._read(kind, min(filed), max(filed) + _MOMENT)
            for period in of_kind:
                self._rows[period] = self._rows_of(points, period)

    def _of(self, period: Period) -> dict[_Key, Row]:
        if period not in self._rows:
            at = filed_at(period)
            self._rows[period] = self._rows_of(self._read(period.kind, at, at + _MOMENT), period)
        return self._rows[period]

    def _read(self, kind: PeriodKind, start: datetime, end: datetime) -> pl.DataFrame:
        ids = sorted({subject.id for subject in self.subjects})
        if self.as_known is not None:
            return known_at(self.store, self.history, self.as_known, start, end, ids)
        where = {"subject": tuple(ids), "period": (kind.value,)}
        if self.indicators is not None:
            where["indicator"] = tuple(sorted(self.indicators))
        return self.store.read(SeriesQuery(INDICATOR_VALUES, start, end, where))

    def _rows_of(self, points: pl.DataFrame, period: Period) -> dict[_Key, Row]:
        kinds = {(subject.kind.value, subject.id) for subject in self.subjects}
        end = round((period.end - EPOCH) / MILLISECOND)
        # as known then, every period that begins so was read; in a row of months each has its end
        of_period = points.filter((pl.col("period") == period.kind.value) & (pl.col("end") == end))
        return {
            (row["indicator"], row["carrier"], row["subject_kind"], row["subject"]): row
            for row in of_period.iter_rows(named=True)
            if (row["subject_kind"], row["subject"]) in kinds
        }


def _not_published(indicator: str, period: Period) -> Missing:
    known = INDICATORS[indicator]
    return Missing(
        f"{known.name_sv}: ingen siffra är publicerad för {period_name(period)}.",
        f"{known.name_en}: no figure is published for {period_name(period)}.",
    )
