"""What changed each year's energy and emissions, of the portfolio, its owners, kinds of building, and buildings.

Years: the last five calendar years that are over, which a board looks back on, and the rolling year that ends with the last month
that is over, which says how it goes just now. A year so far is none of them: its months are not all there, and a mild January
would stand for the weather of a year.

Which figures: `energy_total` and `emissions_location` as published; the weather by `corrected_energy` (degree days, month by
month) against `heated_building_energy`, which are of the same energy. Everything is published, so that what is told here can be
followed back, and a late day that restates a figure restates its parts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from config.domain.clock import Clock
from config.domain.estate import UNHEATED_KINDS, MeteringPoint, Portfolio
from config.domain.indicators import Missing, SubjectKind
from config.domain.periods import Period, PeriodKind, local_date, month, year
from config.domain.series import CHANGE_PARTS, INDICATOR_VALUES, Aggregate, SeriesQuery
from services.analysis.change_parts import (
    AREA,
    PARTS,
    BuildingPair,
    BuildingYear,
    Carried,
    Change,
    emissions_change,
    energy_change,
)
from services.analysis.comparable import is_comparable
from services.figures.groups import membership
from services.figures.periods import first_of_month
from services.indicators.specific_energy import PARTS as PARTS_OF_CARRIERS
from services.jobs.pictures.change_part_words import NO_DATED_AREA, Told, Words, not_known
from services.jobs.pictures.picture import milliseconds, redraw
from services.state.watermarks import WatermarksTable
from services.store.timeseries import TimeSeriesStore

YEARS = 5
DRAWN = "changes drawn"  # watermark: year → what its parts were made of
TOTAL = "total"
ENERGY, EMISSIONS = "energy", "emissions"
FIGURE = {ENERGY: "energy_total", EMISSIONS: "emissions_location"}
UNIT = {ENERGY: "kWh", EMISSIONS: "kg"}
_HEATED, _CORRECTED, _BOUGHT = "heated_building_energy", "corrected_energy", "energy_bought"
_INPUTS = (*FIGURE.values(), _HEATED, _CORRECTED, _BOUGHT)
_KINDS = (SubjectKind.PORTFOLIO, SubjectKind.OWNER, SubjectKind.BUILDING_KIND, SubjectKind.BUILDING)
_ALL = tuple(kind.value for kind in _KINDS)
_MOMENT = timedelta(milliseconds=1)
_NOT_PUBLISHED = Missing("Ingen siffra är publicerad för året.", "No figure of the year is published.")
_NOT_CORRECTED = Missing("Ingen normalårskorrigerad siffra är publicerad.", "No weather-corrected figure is published.")
_NO_CARRIERS = Missing(
    "Utsläppen är inte publicerade per energislag.", "The emissions are not published by carrier."
)  # fmt: skip

Subject = tuple[str, str]  # kind and id
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeTask:
    """One year; `mark` is what its parts will have been made of."""

    period: Period
    mark: str

    def __str__(self) -> str:
        return _name(self.period)


class ChangePartsJob:
    """A task is a year."""

    name = "change_parts"

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, watermarks: WatermarksTable, clock: Clock) -> None:
        self._portfolio = portfolio
        self._store = store
        self._watermarks = watermarks
        self._clock = clock

    def pending(self, now: datetime) -> Sequence[ChangeTask]:
        """The years of which a figure, or one of the year before, was calculated since they were drawn."""
        drawn = self._watermarks.of(DRAWN)
        tasks = []
        for period in self._years(now):
            newest = [self._newest(each) for each in (_before(period), period)]
            if newest[1] is not None:
                mark = f"{period.start:%Y-%m} {newest[0]} {newest[1]} {self._portfolio.version}"
                if drawn.get(_name(period)) != mark:
                    tasks.append(ChangeTask(period, mark))
        return tasks

    def do(self, task: ChangeTask) -> None:
        """Draw the year's parts, and close those of the rolling years before it."""
        period = task.period
        before, now = _Figures.read(self._store, _before(period)), _Figures.read(self._store, period)
        rows = self._rows(period, before, now)
        start = period.start if period.kind is PeriodKind.YEAR else _before(period).start
        redraw(self._store, CHANGE_PARTS, rows, start, period.start + _MOMENT, {"period": (period.kind.value,)})
        self._watermarks.set(DRAWN, _name(period), task.mark)

    def _years(self, now: datetime) -> list[Period]:
        zone = self._portfolio.timezone
        today = local_date(now, zone)
        rolling = _twelve_months(first_of_month(today, -12), zone)
        return [rolling, *(year(today.year - back, zone) for back in range(1, YEARS + 1))]

    def _newest(self, period: Period) -> int | None:
        """When the last of the year's inputs was calculated; None where there is none."""
        query = SeriesQuery(
            INDICATOR_VALUES, period.start, period.start + _MOMENT, _where(period), aggregate=Aggregate.MAX, field="calculated"
        )
        found = self._store.read(query)["value"]
        return None if found.is_empty() else int(found[0])

    def _rows(self, period: Period, before: "_Figures", now: "_Figures") -> Iterator[Row]:
        comparable = self._comparable(_before(period).start, period.end)
        pairs = {measure: self._pairs(measure, before, now, comparable) for measure in FIGURE}
        for measure in FIGURE:
            for subject, members in self._subjects():
                figures = [each.of(FIGURE[measure], subject) for each in (before, now)]
                if any(row is not None and row["value"] is not None for row in figures):
                    of_members = [pairs[measure][name] for name in members]
                    yield from self._of_subject(measure, subject, period, figures, of_members)

    def _of_subject(
        self, measure: str, subject: Subject, period: Period, figures: Sequence[Row | None], pairs: Sequence[BuildingPair]
    ) -> Iterator[Row]:
        lacks = [_lacks(row) for row in figures]
        old, new = figures
        coverage = min(0.0 if row is None else row["coverage"] for row in figures)

        def row(part: str, value: float | None, words: Words) -> Row:
            share = None if value is None or old is None or old["value"] <= 0 else value / old["value"]
            return {
                "time": period.start, "measure": measure, "part": part, "period": period.kind.value,
                "subject_kind": subject[0], "subject": subject[1], "value": value, "share": share, "coverage": coverage,
                "end": milliseconds(period.end), "sentence": words[0], "sentence_en": words[1],
            }  # fmt: skip

        if old is None or new is None or any(lacks):
            yield row(TOTAL, None, not_known(period, *lacks))
            return
        change_of = energy_change if measure == ENERGY else emissions_change
        change: Change = change_of(pairs, new["value"] - old["value"])
        told = Told(change, period, UNIT[measure], old["value"], coverage, lambda name: self._portfolio.buildings[name].name)
        yield row(TOTAL, change.total, told.total())
        for part in PARTS:
            if part in change.parts:
                yield row(part, change.parts[part], told.words(part))
            elif part == AREA and change.compared:
                yield row(part, None, (NO_DATED_AREA.reason_sv, NO_DATED_AREA.reason_en))

    def _subjects(self) -> Iterator[tuple[Subject, Sequence[str]]]:
        """Every subject with its buildings."""
        members: dict[Subject, list[str]] = {}
        for row in membership(self._portfolio).iter_rows(named=True):
            members.setdefault((row["subject_kind"], row["subject"]), []).append(row["building"])
        yield from members.items()
        for name in self._portfolio.buildings:
            yield (SubjectKind.BUILDING.value, name), (name,)

    def _comparable(self, start: datetime, end: datetime) -> frozenset[str]:
        """The buildings of which the same is measured all the time."""
        points: dict[str, list[MeteringPoint]] = {}
        for point in self._portfolio.points.values():
            points.setdefault(point.building, []).append(point)
        return frozenset(name for name, own in points.items() if is_comparable(self._portfolio, own, start, end))

    def _pairs(self, measure: str, before: "_Figures", now: "_Figures", comparable: frozenset[str]) -> dict[str, BuildingPair]:
        year_of = self._energy if measure == ENERGY else self._emissions
        return {
            name: BuildingPair(name, year_of(before, name), year_of(now, name), name in comparable)
            for name in self._portfolio.buildings
        }

    def _energy(self, figures: "_Figures", building: str) -> BuildingYear:
        subject = (SubjectKind.BUILDING.value, building)
        row = figures.of(FIGURE[ENERGY], subject)
        weather = self._weather(figures, building, "")
        lacks = _lacks(row) or (weather if isinstance(weather, Missing) else None)
        corrected = figures.of(_CORRECTED, subject)
        return BuildingYear(
            _known(row),
            lacks,
            0.0 if isinstance(weather, Missing) else weather,
            half_width=0.0 if row is None else (corrected or row)["uncertainty"],
        )

    def _emissions(self, figures: "_Figures", building: str) -> BuildingYear:
        subject = (SubjectKind.BUILDING.value, building)
        row = figures.of(FIGURE[EMISSIONS], subject)
        lacks = _lacks(row)
        carriers: dict[str, Carried] = {}
        for carrier, kg in figures.carriers(FIGURE[EMISSIONS], subject).items():
            bought = figures.of(_BOUGHT, subject, carrier)
            heats = PARTS_OF_CARRIERS.get(carrier) == "heat"
            weather = self._weather(figures, building, carrier) if heats else 0.0
            lacks = lacks or _lacks(kg) or _lacks(bought) or (weather if isinstance(weather, Missing) else None)
            carriers[carrier] = Carried(_known(bought), _known(kg), 0.0 if isinstance(weather, Missing) else weather)
        if lacks is None and not carriers and _known(row):
            lacks = _NO_CARRIERS
        return BuildingYear(_known(row), lacks, half_width=0.0 if row is None else row["uncertainty"], carriers=carriers)

    def _weather(self, figures: "_Figures", building: str, carrier: str) -> float | Missing:
        """What the weather added, of a carrier or ("") in all. Plants have no heated area, and are not corrected. [kWh]"""
        if self._portfolio.buildings[building].kind in UNHEATED_KINDS:
            return 0.0
        subject = (SubjectKind.BUILDING.value, building)
        metered, corrected = (figures.of(name, subject, carrier) for name in (_HEATED, _CORRECTED))
        lacks = _lacks(metered) or _lacks(corrected, _NOT_CORRECTED)
        return lacks or _known(metered) - _known(corrected)


@dataclass(frozen=True, slots=True)
class _Figures:
    """The published figures of one year: indicator, subject and carrier → row."""

    rows: Mapping[tuple[str, Subject], Mapping[str, Row]]

    @classmethod
    def read(cls, store: TimeSeriesStore, period: Period) -> "_Figures":
        frame = store.read(SeriesQuery(INDICATOR_VALUES, period.start, period.start + _MOMENT, _where(period)))
        rows: dict[tuple[str, Subject], dict[str, Row]] = {}
        for row in frame.iter_rows(named=True):
            rows.setdefault((row["indicator"], (row["subject_kind"], row["subject"])), {})[row["carrier"]] = row
        return cls(rows)

    def of(self, indicator: str, subject: Subject, carrier: str = "") -> Row | None:
        return self.rows.get((indicator, subject), {}).get(carrier)

    def carriers(self, indicator: str, subject: Subject) -> Mapping[str, Row]:
        return {carrier: row for carrier, row in self.rows.get((indicator, subject), {}).items() if carrier}


def _lacks(row: Row | None, otherwise: Missing = _NOT_PUBLISHED) -> Missing | None:
    if row is None:
        return otherwise
    return Missing(row["reason"], row["reason_en"]) if row["value"] is None else None


def _known(row: Row | None) -> float:
    if row is None:
        return 0.0
    value: float = row["partial"] if row["value"] is None else row["value"]
    return value


def _where(period: Period) -> dict[str, tuple[str, ...]]:
    return {"period": (period.kind.value,), "indicator": _INPUTS, "subject_kind": _ALL}


def _before(period: Period) -> Period:
    """The year before."""
    first = local_date(period.start, period.zone)
    earlier = date(first.year - 1, first.month, 1)
    return year(earlier.year, period.zone) if period.kind is PeriodKind.YEAR else _twelve_months(earlier, period.zone)


def _twelve_months(first: date, zone: str) -> Period:
    """The rolling year that begins with the month."""
    return Period(PeriodKind.ROLLING_YEAR, month(first, zone).start, month(first_of_month(first, 11), zone).end, zone)


def _name(period: Period) -> str:
    """What the watermark is kept by: the one rolling year moves on."""
    if period.kind is PeriodKind.ROLLING_YEAR:
        return period.kind.value
    return str(local_date(period.start, period.zone).year)
