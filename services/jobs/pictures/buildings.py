"""Every building as it stands today, a point a building and day: the portfolio's map and list."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.deviations import METERING, Thread
from config.domain.estate import Building, Portfolio
from config.domain.indicators import Missing, SubjectKind
from config.domain.intervals import Method
from config.domain.periods import Period, PeriodKind, day, local_date, month
from config.domain.series import BUILDINGS, INDICATOR_VALUES, METER_DAYS, Aggregate, SeriesQuery
from services.figures.periods import first_of_month
from services.jobs.pictures.deviations import ACTED_UPON
from services.jobs.pictures.picture import Row, redraw, today
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

ENERGY, CORRECTED = "energy_total", "corrected_specific_energy"
WEEK = timedelta(days=7)
_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class _Figure:
    """`value` is None where it is missing; the coverage is told all the same."""

    value: float | None
    coverage: float | None


_NONE = _Figure(None, None)


class BuildingsPicture:
    """Counts silent meters by the picture of the meters' days, so it is drawn after that."""

    name = BUILDINGS.name

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, state: State) -> None:
        self._portfolio = portfolio
        self._store = store
        self._threads = state.deviation_threads
        self._runs = state.runs

    def inputs(self, now: datetime) -> Hashable:
        """The open deviations, the silent meters, and the run that last calculated figures."""
        calculated = [(run.id, run.ended) for run in self._runs.latest("indicate", 1)]
        return repr((calculated, self._deviations(), self._silent(today(now, self._portfolio.timezone))))

    def draw(self, now: datetime) -> None:
        """At the start of the local day."""
        stands = today(now, self._portfolio.timezone)
        redraw(self._store, BUILDINGS, self._rows(now, stands), stands.start, stands.end)

    def _rows(self, now: datetime, stands: Period) -> Iterator[Row]:
        yesterday = local_date(now, self._portfolio.timezone) - timedelta(days=1)
        energy, before = self._energy(yesterday), self._energy(yesterday - WEEK)
        corrected = self._corrected(local_date(now, self._portfolio.timezone))
        open_ones, silent, installed = self._deviations(), self._silent(stands), self._installed(now)
        for building in self._portfolio.buildings.values():
            last, then = energy.get(building.id, _NONE), before.get(building.id, _NONE)
            count, sek = open_ones.get(building.id, (0, 0.0))
            meters = installed.get(building.id, 0)
            yield {
                **_of_portfolio(building),
                "time": stands.start,
                "value": corrected.get(building.id, _NONE).value,
                "energy": last.value,
                "energy_before": then.value,
                "energy_change": None if last.value is None or then.value is None else last.value - then.value,
                "coverage": last.coverage,
                "sek": sek,
                "deviations": count,
                "meters": meters,
                "silent": silent.get(building.id) if meters else 0,
            }

    def _energy(self, on: date) -> dict[str, _Figure]:
        """The energy of the local day, by building."""
        start = day(on, self._portfolio.timezone).start
        return self._figures(ENERGY, PeriodKind.DAY, start, start)

    def _corrected(self, on: date) -> dict[str, _Figure]:
        """Of the rolling year that ended with the last month, or with the one before where that is not calculated yet."""
        zone = self._portfolio.timezone
        newest, older = (month(first_of_month(on, -months), zone).start for months in (12, 13))
        return self._figures(CORRECTED, PeriodKind.ROLLING_YEAR, older, newest)

    def _figures(self, indicator: str, period: PeriodKind, first: datetime, last: datetime) -> dict[str, _Figure]:
        """Building → the figure that begins last, of those that begin from `first` to `last`."""
        where = {
            "indicator": (indicator,),
            "carrier": ("",),
            "period": (period.value,),
            "subject_kind": (SubjectKind.BUILDING.value,),
        }
        read = self._store.read(SeriesQuery(INDICATOR_VALUES, first, last + _MOMENT, where)).sort("time")
        return {
            subject: _Figure(None if method == Method.MISSING else value, coverage)
            for subject, method, value, coverage in read.select("subject", "method", "value", "coverage").iter_rows()
        }

    def _deviations(self) -> dict[str, tuple[int, float | None]]:
        """Building → its open deviations, and what the dearest of those costs that have a price."""
        of_building: dict[str, list[Thread]] = {}
        for thread in self._threads.threads(ACTED_UPON):
            of_building.setdefault(thread.deviation.building, []).append(thread)
        return {building: (len(threads), _cost(threads)) for building, threads in of_building.items()}

    def _silent(self, stands: Period) -> dict[str, int]:
        """Building → its meters that are silent, of buildings whose meters' day is drawn."""
        asked = SeriesQuery(METER_DAYS, stands.start, stands.end, having={"open": 1}, aggregate=Aggregate.COUNT, by=("building",))
        silent = SeriesQuery(
            METER_DAYS, stands.start, stands.end, having={"open": 1, "silent": 1}, aggregate=Aggregate.COUNT, by=("building",)
        )
        counts = _counts(self._store.read(silent))
        return {building: counts.get(building, 0) for building in _counts(self._store.read(asked))}

    def _installed(self, now: datetime) -> dict[str, int]:
        """Building → its meters that are installed now."""
        of_building: dict[str, set[str]] = {}
        for each in self._portfolio.installations:
            if each.start <= now and (each.end is None or now < each.end):
                of_building.setdefault(self._portfolio.points[each.point].building, set()).add(each.meter)
        return {building: len(installed) for building, installed in of_building.items()}


def _of_portfolio(building: Building) -> Row:
    return {
        "building": building.id,
        "kind": building.kind,
        "owner": building.owner,
        "latitude": building.latitude,
        "longitude": building.longitude,
        "area_m2": building.area_m2,
        "name": building.name,
        "public": int(building.public),
    }


def _cost(threads: Sequence[Thread]) -> float | None:
    """SEK of the dearest that has a price; None where none has.

    Not their sum: two deviations can be about the same kilowatt-hours. What a faulty meter is about is not known to be wasted.
    """
    wasting = [thread.deviation.sek for thread in threads if thread.deviation.kind not in METERING]
    priced = [sek for sek in wasting if not isinstance(sek, Missing)]
    return max(priced, default=None)


def _counts(frame: pl.DataFrame) -> Mapping[str, int]:
    return {building: int(count) for building, count in frame.select("building", "value").iter_rows()}
