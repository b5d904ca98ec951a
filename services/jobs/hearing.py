"""Who has been heard, for those who judge silence, and whether a silence that was told has been refuted."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Portfolio
from config.domain.periods import day as local_day
from config.domain.series import READINGS, Aggregate, SeriesQuery
from services.analysis.deviations._seam import Hearing, Material
from services.analysis.deviations.silent_meter import NEVER_HEARD
from services.state.state import State
from services.store.points import EPOCH, MILLISECOND
from services.store.timeseries import TimeSeriesStore

RECENT = timedelta(days=2)  # what is unsettled and older is history that comes in: late values are not as late
_MOST = 0.5  # share of the hours told as silent that must have been measured after all


class Ears:
    """What intake has counted, and the store where it has counted nothing: values of files are not counted."""

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, state: State) -> None:
        self._portfolio = portfolio
        self._store = store
        self._counts = state.message_counts
        self._days = state.deviation_days
        self._dirty = state.dirty_hours

    def hearing(self, buildings: Sequence[str], hours: pl.DataFrame, until: datetime) -> Hearing:
        """Of the buildings' meters. `hours`: their settled hours, as of `Material`."""
        first, last = self._counts.first_heard(), self._counts.last_heard()
        quiet = [meter for meter in self._meters_without(hours, buildings) if meter not in last]
        counted, kept = self._counts.first_day(), self._days.first_day()
        days = [local_day(each, self._portfolio.timezone).start for each in (counted, kept) if each is not None]
        return Hearing(
            listening=min(first.values(), default=min(days, default=None)),
            earliest=days[0] if days else None,
            first=first,
            last=last | self._last_stored(quiet),
            unsettled=frozenset(self._dirty.pending_points(until)),
            catching_up=bool(self._dirty.pending_points(until - RECENT)),
        )

    def _meters_without(self, hours: pl.DataFrame, buildings: Sequence[str]) -> Iterable[str]:
        """The meters of the buildings' points none of whose hours is known."""
        known = set(hours.filter(pl.col("value").is_not_null())["point"].unique())
        points = (point for building in buildings for point in self._portfolio.points_in(building) if point.id not in known)
        return dict.fromkeys(item.meter for point in points for item in self._portfolio.installations_of[point.id])

    def _last_stored(self, meters: Sequence[str]) -> dict[str, datetime]:
        """Meter → when its last value came, of those that have any. They are few once anything has come, and nothing before."""
        if not meters:
            return {}
        asked = SeriesQuery(READINGS, where={"meter": tuple(meters)}, aggregate=Aggregate.MAX, by=("meter",), field="received")
        return {
            meter: EPOCH + received * MILLISECOND
            for meter, received in self._store.read(asked).select("meter", "value").iter_rows()
        }


def is_refuted(silence: Deviation, material: Material) -> bool:
    """Whether a meter that was told as silent has its values after all: they came late, or were history on its way.

    A meter that was silent and speaks again is not refuted: its register fills the gap with interpolated hours.
    One that was never heard is, by the first hour that is known.
    """
    if silence.kind is not DeviationKind.SILENT_METER:
        return False
    known = material.hours.filter((pl.col("point") == silence.subject.id) & pl.col("value").is_not_null())
    if silence.evidence.get(NEVER_HEARD):
        return not known.is_empty()
    start = datetime.fromisoformat(silence.evidence["since"])
    end = start + timedelta(hours=float(silence.evidence["hours"]))
    first = material.hours["time"].min()
    within = end - max(start, first if isinstance(first, datetime) else start)
    measured = known.filter(pl.col("time").is_between(start, end, closed="left") & (pl.col("method") == "measured")).height
    return measured > 0 and measured * timedelta(hours=1) >= _MOST * within
