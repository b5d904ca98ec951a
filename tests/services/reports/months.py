"""Months that reports must tell the truth about, published by the real jobs, beside figures that are known by a formula.

Seven buildings of an invented municipality. The loads are formulas of the local hour, so what a month really was is added up here
with numpy, and nothing of the product takes part in it.

    bjorkskolan      from June 2022: leap February; less of everything in 2025; September 2025 was published before five days came
    granskolan       2025: April whole, May 1 %, September 20 % and November 60 % of the hours missing; more electricity in 2025
    tallskolan       bought: its meters begin on 16 June 2025
    ishallen         the only one of its kind and of its owner; meter exchanged on 15 April 2025; a network without factor of 2025
    medborgarhuset   no area, no price list, not public; sold: its meters end with August 2025
    solgarden        sends out more than it uses, most of the year
    hyreshuset       housing of 300 m²: its meters are households', whatever the portfolio says
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from math import pi
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from config.domain.assessments import GoalRecord, GoalValue
from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import (
    Agreed,
    Building,
    Carrier,
    Direction,
    Installation,
    Meter,
    MeteringPoint,
    Owner,
    Portfolio,
    Register,
)
from config.domain.factors import Factors, Mark, Perspective
from config.domain.goals import Goal, Goals, Level, MeasuredBy, Path
from config.domain.indicators import PORTFOLIO, Missing, Subject, SubjectKind
from config.domain.readings import DirtyHours, Reading
from config.domain.series import INTERVALS
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from config.domain.weather import DAYS, NORMAL_DAYS, DegreeDayTerms, WeatherYears
from services.jobs.indicate import IndicateJob
from services.jobs.pictures.change_parts import ChangePartsJob
from services.jobs.runner import run_each
from services.jobs.settle import SettleJob
from services.jobs.surroundings import Surroundings
from services.reports.contents.material import Material
from services.reports.figure_shelf import FigureShelf
from services.reports.goal_standing import GoalStanding
from services.state.state import State
from services.store.duckdb import DuckDBStore
from tests.services.analysis.example_factors import CONTRACT, HEAT, HEAT_SHARES, NETWORK, NORDIC, NORDIC_MIX, contract, factor
from tests.services.jobs.world import FixedClock

ZONE = "Europe/Stockholm"
OTHER_NETWORK = "Småortens nät"
FIRST = date(2022, 6, 1)
OCTOBER_OVER, NOVEMBER_OVER = datetime(2025, 11, 1, 3, tzinfo=UTC), datetime(2025, 12, 1, 3, tzinfo=UTC)  # the jobs' nights
NOVEMBER_REPORT, DECEMBER_REPORT = datetime(2025, 11, 5, 5, tzinfo=UTC), datetime(2025, 12, 3, 5, tzinfo=UTC)
LATE = (date(2025, 9, 6), date(2025, 9, 10))  # whole days of bjorkskolan's electricity that came after October's reports
OLD_BEGAN, NEW_BEGAN = 812_000.0, 12.0  # levels of the exchanged meters' registers [kWh]
_REGISTER = "active_energy_import"
LATE_POINT = "bjorkskolan-el"
BOUGHT, SOLD = date(2025, 6, 16), date(2025, 9, 1)
EXCHANGED = datetime(2025, 4, 15, 8, tzinfo=UTC)
HOLED = "granskolan"
GONE: Mapping[str, tuple[date, int]] = {  # its month → where the hole begins, and its hours
    "2025-05": (date(2025, 5, 26), 7),  # of 744: 1 %, from one to eight in the night
    "2025-09": (date(2025, 9, 10), 144),  # of 720: 20 %
    "2025-11": (date(2025, 11, 3), 432),  # of 720: 60 %
}
SEK = {Carrier.ELECTRICITY: 1.2, Carrier.DISTRICT_HEATING: 0.8, Carrier.WATER: 30.0}  # a kWh, a m³; nothing else is charged
G = {Carrier.ELECTRICITY: 59.0, Carrier.DISTRICT_HEATING: 51.0}  # a kilowatt-hour, by location
OFFSETS = {2022: 0.0, 2023: 0.0, 2024: -2.0, 2025: 1.5}  # colder and warmer years than the normal one [°C]
HEATING_OFF = (6, 7, 8)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class House:
    """What a building uses.

    Attributes:
        quiet_kw, busy_kw: electricity always, and more of it on working days from 7 to 17.
        hot_kw, kw_per_degree: heat that follows no weather, and below 17 °C while the heating is on.
        electricity, heat: year → times the usual.
        first: of its hours. last: None where it still is measured.
    """

    building: Building
    quiet_kw: float
    busy_kw: float
    hot_kw: float
    kw_per_degree: float
    electricity: Mapping[int, float] = field(default_factory=dict)
    heat: Mapping[int, float] = field(default_factory=dict)
    first: date = date(2023, 6, 1)
    last: date | None = None
    solar_kw: float = 0.0
    water_m3: float = 0.0
    billed: bool = True


def _building(name: str, called: str, kind: str, owner: str, area: float | None, **more: Any) -> Building:
    return Building(name, called, kind, owner, area, **{"public": True, "heat_network": NETWORK, **more})


HOUSES = {
    house.building.id: house
    for house in (
        House(
            _building("bjorkskolan", "Björkskolan", "school", "bildning", 4000.0),
            10.0, 30.0, 6.0, 3.0, {2025: 0.92}, {2025: 0.95}, FIRST, water_m3=0.25,
        ),
        House(_building("granskolan", "Granskolan", "school", "bildning", 3000.0), 8.0, 20.0, 4.0, 2.0, {2025: 1.06}),
        House(_building("tallskolan", "Tallskolan", "school", "bildning", 1500.0), 5.0, 12.0, 3.0, 1.0, first=BOUGHT),
        House(
            _building("ishallen", "Ishallen", "ice_rink", "idrott", 2500.0, heat_network=OTHER_NETWORK), 60.0, 25.0, 5.0, 1.5
        ),
        House(
            _building("medborgarhuset", "Medborgarhuset", "culture", "fastighet", None, public=False),
            6.0, 8.0, 2.0, 1.2, first=date(2024, 6, 1), last=SOLD - DAY, billed=False,
        ),
        House(
            _building("solgarden", "Solgården", "preschool", "fastighet", 900.0),
            1.5, 3.0, 1.0, 0.5, heat={2025: 0.9}, solar_kw=60.0,
        ),
        House(
            _building("hyreshuset", "Hyreshuset", "housing", "fastighet", 300.0, public=False),
            1.0, 0.5, 1.0, 0.4, first=date(2025, 1, 1),
        ),
    )
}  # fmt: skip
OWNERS = {
    "bildning": Owner("bildning", "Bildningsnämnden", "committee"),
    "idrott": Owner("idrott", "Idrottsnämnden", "committee"),
    "fastighet": Owner("fastighet", "Provköpings Fastigheter", "company"),
}
GOALS = Goals(
    (
        Goal(
            "energi", Level.MUNICIPALITY, "bildning", "Energianvändningen ska minska med 20 % till 2030",
            "Energy use is to fall by 20 % until 2030", "energianvändning", "MWh/år", Path.LINEAR, "provet", Mark.VERIFIED,
            base_year=2024, base_value=1_900.0, target_year=2030, target_value=1_520.0,
            measured_by=MeasuredBy("energy_total", Subject(SubjectKind.PORTFOLIO, PORTFOLIO), scale=0.001),
        ),
        Goal(
            "resor", Level.MUNICIPALITY, "Kommunstyrelsen", "Utsläppen från tjänsteresor ska halveras",
            "Emissions from business travel are to be halved", "utsläpp", "ton CO2e/år", Path.LINEAR, "provet", Mark.VERIFIED,
            base_year=2019, base_value=400.0, target_year=2030, target_value=200.0,
        ),
    )
)  # fmt: skip
TRAVEL = tuple(
    GoalRecord("resor", "ton CO2e/år", GoalValue(date(year, 12, 31), value, "Miljöredovisningen"))
    for year, value in ((2020, 380.0), (2021, 360.0), (2022, 350.0), (2023, 330.0), (2024, 310.0))
)
FACTORS = Factors(
    (
        NORDIC,
        HEAT,
        factor(
            "fjv-smaort", Carrier.DISTRICT_HEATING, 51.0, Perspective.LOCATION, (2021, 2024),
            network=OTHER_NETWORK, shares=HEAT_SHARES,
        ),
    ),
    mixes=(NORDIC_MIX,),
    contracts={CONTRACT: contract()},
)  # fmt: skip
TARIFFS = Tariffs(
    0.25,
    tuple(
        Tariff(
            carrier.value, carrier.value, carrier, "Energibolaget", date(2022, 1, 1), None,
            (Component(ComponentKind.ENERGY, price),), "prislista", Mark.VERIFIED,
        )
        for carrier, price in SEK.items()
    ),
)  # fmt: skip


def temperature(on: date) -> float:
    """[°C]"""
    return normal_temperature(on) + OFFSETS.get(on.year, 0.0)


def normal_temperature(on: date) -> float:
    """Cold in January, warm in July, and restless."""
    place = date(2024, on.month, on.day).timetuple().tm_yday  # a calendar day has the same normal in every year
    return float(6.5 - 11.5 * np.cos(2 * pi * (place - 20) / 365.25) + 2.5 * np.sin(place * 0.7))


@dataclass(frozen=True)
class Hours:
    """Hours one after the other, and where each lies by the local clock."""

    utc: tuple[datetime, ...]
    days: tuple[date, ...]
    year: Numbers
    month: Numbers
    weekday: Numbers
    hour: Numbers
    place: Numbers  # day of the year
    cold: Numbers  # degrees below 17 of the local day
    normal_cold: Numbers

    @cached_property
    def gone(self) -> Numbers:
        """Those of the building with holes that never came."""
        gone = np.zeros(len(self.utc), dtype=bool)
        for begins, count in GONE.values():
            start = datetime(begins.year, begins.month, begins.day, tzinfo=UTC) - HOUR
            gone |= np.array([start <= at < start + count * HOUR for at in self.utc])
        return gone

    @cached_property
    def times(self) -> pl.Series:
        return pl.Series(self.utc, dtype=pl.Datetime("us", "UTC"))

    def of_month(self, name: str) -> Numbers:
        year, number = map(int, name.split("-"))
        return np.asarray((self.year == year) & (self.month == number))


@cache
def hours_of(first: date, last: date) -> Hours:
    """Those of whole local days, both inside."""
    zone = ZoneInfo(ZONE)
    days = tuple(first + n * DAY for n in range((last - first).days + 1))
    start, end = (datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC) for on in (first, last + DAY))
    utc = tuple(start + n * HOUR for n in range(round((end - start) / HOUR)))
    of_day = {
        on: (on.timetuple().tm_yday, max(0.0, 17.0 - temperature(on)), max(0.0, 17.0 - normal_temperature(on))) for on in days
    }
    local = [at.astimezone(zone) for at in utc]
    return Hours(utc, days, *np.array([(at.year, at.month, at.weekday(), at.hour, *of_day[at.date()]) for at in local]).T)


@dataclass(frozen=True)
class Truth:
    """What the buildings really did, by month ("2025-10"). [kWh unless said]"""

    hours: Hours

    def energy(self, house: str, month: str, carrier: Carrier, *, known: bool = False) -> float:
        """Bought, or made; of hours that the building is measured in, or (`known`) of those alone whose value came."""
        return float(self._of[house, carrier][self._within(house, month, known=known)].sum())

    def total(self, house: str, month: str, *, known: bool = False) -> float:
        """Bought energy and what was used of the sun's on the spot."""
        within = self._within(house, month, known=known)
        return float(self._need[house][within].sum() + self._of[house, Carrier.DISTRICT_HEATING][within].sum())

    def normal(self, house: str, month: str) -> float:
        """The same in the normal year's weather."""
        within = self.hours.of_month(month)
        return float(self._need[house][within].sum() + self._normal_heat[house][within].sum())

    def cost(self, house: str, month: str, *, known: bool = False) -> float:
        """Without VAT. [kr]"""
        return sum(self.energy(house, month, carrier, known=known) * price for carrier, price in SEK.items())

    def emissions(self, house: str, month: str, *, known: bool = False) -> float:
        """By location. [kg CO2e]"""
        return sum(self.energy(house, month, carrier, known=known) * grams / 1000 for carrier, grams in G.items())

    def _within(self, house: str, month: str, *, known: bool) -> Numbers:
        within = self.hours.of_month(month)
        return within & ~self.hours.gone if known and house == HOLED else within

    def degree_days(self, month: str) -> tuple[float, float]:
        """Actual, and of the normal year. [K·d]"""
        within = self.hours.of_month(month)
        days = np.unique(self.hours.place[within], return_index=True)[1]
        return float(self.hours.cold[within][days].sum()), float(self.hours.normal_cold[within][days].sum())

    def _measured(self, house: str) -> Numbers:
        """1 in the hours from the house's first day to its last, else 0."""
        known = HOUSES[house]
        day = self.hours.year * 1000 + self.hours.place
        first, last = (on.year * 1000 + on.timetuple().tm_yday for on in (known.first, known.last or date(2100, 1, 1)))
        return np.where((day >= first) & (day <= last), 1.0, 0.0)

    @cached_property
    def _need(self) -> dict[str, Numbers]:
        return {name: _electricity(house, self.hours) * self._measured(name) for name, house in HOUSES.items()}

    @cached_property
    def _normal_heat(self) -> dict[str, Numbers]:
        return {name: _heat(house, self.hours, self.hours.normal_cold) * self._measured(name) for name, house in HOUSES.items()}

    @cached_property
    def _of(self) -> dict[tuple[str, Carrier], Numbers]:
        found = {}
        for name, house in HOUSES.items():
            need, sun = _electricity(house, self.hours), _sun(house, self.hours)
            kept = self._measured(name)
            found[name, Carrier.ELECTRICITY] = np.maximum(need - sun, 0.0) * kept
            found[name, Carrier.SOLAR] = sun * kept
            found[name, Carrier.DISTRICT_HEATING] = _heat(house, self.hours, self.hours.cold) * kept
            found[name, Carrier.WATER] = _water(house, self.hours) * kept
        return found


def _scale(hours: Hours, by_year: Mapping[int, float]) -> Numbers:
    scale = np.ones(len(hours.utc))
    for year, times in by_year.items():
        scale[hours.year == year] = times
    return scale


def _electricity(house: House, hours: Hours) -> Numbers:
    busy = (hours.weekday < 5) & (hours.hour >= 7) & (hours.hour < 17)
    season = 1.0 + 0.15 * np.cos(2 * pi * hours.place / 365.25)
    return np.asarray((house.quiet_kw + house.busy_kw * busy) * season * _scale(hours, house.electricity))


def _heat(house: House, hours: Hours, cold: Numbers) -> Numbers:
    on = ~np.isin(hours.month, HEATING_OFF)
    return np.asarray(house.hot_kw + house.kw_per_degree * cold * on * _scale(hours, house.heat))


def _sun(house: House, hours: Hours) -> Numbers:
    height = np.clip(np.sin(pi * (hours.hour - 4) / 17), 0.0, None)
    return np.asarray(house.solar_kw * height * (1 - np.cos(2 * pi * (hours.place + 10) / 365.25)) / 2)


def _water(house: House, hours: Hours) -> Numbers:
    return np.asarray(house.water_m3 * np.where((hours.weekday < 5) & (hours.hour >= 7) & (hours.hour < 17), 2.0, 0.5))


def _sent_out(house: House, hours: Hours) -> Numbers:
    return np.asarray(np.maximum(_sun(house, hours) - _electricity(house, hours), 0.0))


def _bought(house: House, hours: Hours) -> Numbers:
    return np.asarray(np.maximum(_electricity(house, hours) - _sun(house, hours), 0.0))


Load = Callable[[House, Hours], Numbers]


def _points(house: House) -> dict[MeteringPoint, Load]:
    """The building's points and what each counts."""
    name = house.building.id

    def point(suffix: str, called: str, carrier: Carrier, direction: Direction = Direction.IMPORT) -> MeteringPoint:
        billed = house.billed and carrier in SEK and direction is Direction.IMPORT
        return MeteringPoint(
            f"{name}-{suffix}", called, name, carrier, direction, 0.01, public=house.building.public, interval_s=3600,
            contract=CONTRACT if carrier is Carrier.ELECTRICITY and direction is Direction.IMPORT else "",
            tariffs=(Agreed(carrier.value),) if billed else (), max_power_kw=house.solar_kw if carrier is Carrier.SOLAR else None,
        )  # fmt: skip

    found: dict[MeteringPoint, Load] = {
        point("el", "El", Carrier.ELECTRICITY): _bought,
        point("fv", "Fjärrvärme", Carrier.DISTRICT_HEATING): lambda known, hours: _heat(known, hours, hours.cold),
    }
    if house.solar_kw:
        found[point("sol", "Solceller", Carrier.SOLAR)] = _sun
        found[point("ut", "Till nätet", Carrier.ELECTRICITY, Direction.EXPORT)] = _sent_out
    if house.water_m3:
        found[point("vatten", "Vatten", Carrier.WATER)] = _water
    return found


@cache
def weather_years() -> WeatherYears:
    """Every day known; the normal year lies between the cold and the warm one."""
    days = [FIRST + n * DAY for n in range((DECEMBER_REPORT.date() - FIRST).days)]
    leap = [date(2024, 1, 1) + n * DAY for n in range(366)]
    frame = pl.DataFrame(
        {
            "day": days, "temperature_c": [temperature(on) for on in days],
            "station": ["Prov"] * len(days), "bridged": [False] * len(days),
        },
        schema=DAYS,
    )  # fmt: skip
    normal = pl.DataFrame(
        [(on.month, on.day, normal_temperature(on), max(0.0, 17.0 - normal_temperature(on)), 30, 0.0) for on in leap],
        schema=NORMAL_DAYS,
        orient="row",
    )
    return WeatherYears(frame, normal_days=normal, terms=DegreeDayTerms(17.0, "daily-mean", "Prov", "prov", "1991-2020"))


class Weathered(Surroundings):
    """With weather that is not read from the store."""

    def weather(self, start: datetime, end: datetime, hours_from: datetime) -> WeatherYears:
        return weather_years()


@dataclass(frozen=True)
class Months:
    """The world, and the truth beside it."""

    portfolio: Portfolio
    store: DuckDBStore
    state: State
    clock: FixedClock
    truth: Truth
    _materials: dict[datetime, Material] = field(default_factory=dict, init=False, repr=False)

    def material(self, known: datetime = DECEMBER_REPORT) -> Material:
        """What reports are made of, as it was known then; one for all who ask, since its shelf is slow to fill."""
        if known not in self._materials:
            self._materials[known] = self._material(known)
        return self._materials[known]

    def _material(self, known: datetime) -> Material:
        then = known if known < DECEMBER_REPORT else None
        buildings = self.portfolio.buildings.values()
        subjects = {Subject(SubjectKind.PORTFOLIO, PORTFOLIO)}
        for each in buildings:
            subjects |= {
                Subject(SubjectKind.BUILDING, each.id),
                Subject(SubjectKind.OWNER, each.owner),
                Subject(SubjectKind.BUILDING_KIND, each.kind),
            }
        return Material(
            portfolio=self.portfolio,
            store=self.store,
            state=self.state,
            shelf=FigureShelf(self.store, self.state.figure_history, frozenset(subjects), then),
            goals=GOALS,
            standing=GoalStanding(GOALS, self.portfolio, self.store, self.state),
            weather=lambda start, end: replace(
                weather_years(), days=weather_years().days.filter(pl.col("day").is_between(start.date(), end.date()))
            ),
            known=known,
            program="0.0-prov",
        )  # fmt: skip

    def _write(self, written: list[tuple[MeteringPoint, Hours, Numbers, Numbers]]) -> None:
        """Settled hours, those not known too, and their days dirty."""
        frames = []
        for point, hours, values, known in written:
            values_of = (point.building, point.carrier.value, point.direction.value, "main", point.id)
            tags = dict(zip(INTERVALS.tags, values_of, strict=True))
            found = pl.DataFrame({"time": hours.times, "value": np.where(known, values, np.nan)})
            frames.append(found.with_columns(pl.lit(value).alias(name) for name, value in tags.items()))
            self.state.dirty_days.mark(point.building, hours.days, "late")
        there = pl.col("value").is_not_null()
        self.store.write_intervals(
            pl.concat(frames)
            .with_columns(pl.col("value").fill_nan(None), pl.lit(0).alias("span_start"), pl.lit(0).alias("span_end"))
            .with_columns(
                pl.when(there).then(1.0).otherwise(0.0).alias("coverage"),
                pl.when(there).then(pl.lit("measured")).otherwise(pl.lit("missing")).alias("method"),
            )
        )

    def _exchange(self) -> None:
        """Settle April 2025 of the exchanged meters from their readings, as the job does."""
        self.store.write_readings(_exchanged()[0])
        april = hours_of(date(2025, 4, 1), date(2025, 4, 30))
        self.state.dirty_hours.mark([DirtyHours("ishallen-el", april.utc[0], april.utc[-1] + HOUR)])

    def _work(self) -> None:
        around = Weathered(self.portfolio, self.store, FACTORS, TARIFFS)
        settle = SettleJob(self.portfolio, self.store, self.state, self.clock)
        indicate = IndicateJob(self.portfolio, self.store, self.state, self.clock, around)
        parts = ChangePartsJob(self.portfolio, self.store, self.state.watermarks, self.clock)
        summaries = run_each([settle, indicate, parts], self.state.runs, self.clock)
        failed = {name: words for each in summaries for name, words in each.failed.items()}
        if failed:
            raise AssertionError(failed)


def months(folder: FilePath) -> Months:
    """October published as soon as it was over, November too, with five days of September that came in between."""
    every = [(house, point, load) for house in HOUSES.values() for point, load in _points(house).items()]
    made = Months(
        _portfolio([point for _, point, _ in every]),
        DuckDBStore(folder / "months.duckdb"),
        State.open(folder / "state.sqlite"),
        FixedClock(OCTOBER_OVER),
        Truth(hours_of(FIRST, date(2025, 11, 30))),
    )
    october, november = date(2025, 10, 31), (date(2025, 11, 1), date(2025, 11, 30))
    made._write([_known(house, point, load, house.first, min(october, house.last or october)) for house, point, load in every])
    made._exchange()
    made.state.goal_values.put(TRAVEL, OCTOBER_OVER)
    made._work()
    made.clock.at = NOVEMBER_OVER
    made._write(
        [
            *(_known(house, point, load, *november) for house, point, load in every if house.last is None),
            *(_known(house, point, load, *LATE, late=True) for house, point, load in every if point.id == LATE_POINT),
        ]
    )
    # what was sold has no readings; that its days pass is noticed all the same (services.jobs.notice)
    after = hours_of(*november)
    made.state.dirty_hours.mark([DirtyHours("medborgarhuset-el", after.utc[0], after.utc[-1] + HOUR)])
    made._work()
    _deviations(made.state)
    made.clock.at = DECEMBER_REPORT
    return made


def _known(
    house: House, point: MeteringPoint, load: Load, first: date, last: date, *, late: bool = False
) -> tuple[MeteringPoint, Hours, Numbers, Numbers]:
    """A point's hours, their values, and which of them are known."""
    hours = hours_of(first, last)
    known = np.ones(len(hours.utc), dtype=bool)
    if point.id == LATE_POINT and not late:
        known &= ~_within(hours, *LATE)
    if point.building == HOLED:
        known &= ~hours.gone
    return point, hours, load(house, hours), known


def _within(hours: Hours, first: date, last: date) -> Numbers:
    start, end = (on.year * 1000 + on.timetuple().tm_yday for on in (first, last))
    day = hours.year * 1000 + hours.place
    return np.asarray((day >= start) & (day <= end))


@cache
def _exchanged() -> tuple[list[Reading], float]:
    """What the two meters said on each hour around April 2025, and where the old one ended."""
    hours = hours_of(date(2025, 3, 1), date(2025, 5, 31))
    used = np.cumsum(_bought(HOUSES["ishallen"], hours))
    at_seam = float(used[hours.utc.index(EXCHANGED) - 1])
    readings = [
        Reading("m-ishallen-el", _REGISTER, at + HOUR, round(OLD_BEGAN + level, 2), at + HOUR)
        if at < EXCHANGED
        else Reading("m-ishallen-el-2", _REGISTER, at + HOUR, round(NEW_BEGAN + level - at_seam, 2), at + HOUR)
        for at, level in zip(hours.utc, used.tolist(), strict=True)
    ]
    return readings, round(OLD_BEGAN + at_seam, 2)


def _portfolio(points: list[MeteringPoint]) -> Portfolio:
    installed: list[Installation] = []
    for point in points:
        house = HOUSES[point.building]
        start, meter, level = hours_of(house.first, house.first).utc[0], f"m-{point.id}", None
        end = None if house.last is None else hours_of(house.last, house.last).utc[-1] + HOUR
        if point.id == "ishallen-el":
            installed.append(Installation(point.id, meter, _REGISTER, start, EXCHANGED, end_register=_exchanged()[1]))
            start, meter, level = EXCHANGED, f"{meter}-2", NEW_BEGAN
        installed.append(Installation(point.id, meter, _REGISTER, start, end, start_register=level))
    return Portfolio(
        municipality="Provköping",
        timezone=ZONE,
        owners=OWNERS,
        buildings={name: house.building for name, house in HOUSES.items()},
        points={point.id: point for point in points},
        meters={item.meter: Meter(item.meter, "test", f"d-{item.meter}", (Register(item.register),)) for item in installed},
        installations=tuple(installed),
    )


def _deviations(state: State) -> None:
    """Use at night that goes on in a school, and a meter that was silent."""
    no_price = Missing("Priset är inte känt.", "The price is not known.")
    night = Deviation(
        DeviationKind.NIGHT, Subject(SubjectKind.BUILDING, "bjorkskolan"), "bjorkskolan", "electricity",
        date(2025, 11, 10), date(2025, 11, 30), date(2025, 11, 15), True, 480.0, 576.0, 28.3,
        "El på natten: 480 kWh mer än väntat sedan 2025-11-10.", "Electricity at night: 480 kWh more than expected.",
        "Gå igenom vad som är på mellan 00 och 05: ventilation, belysning, kök.", "Check what is on from 00 to 05.",
    )  # fmt: skip
    silent = Deviation(
        DeviationKind.SILENT_METER, Subject(SubjectKind.POINT, "granskolan-fv"), "granskolan", "district_heating",
        date(2025, 11, 3), date(2025, 11, 20), date(2025, 11, 4), False, 9_000.0, no_price, no_price,
        "Mätaren Fjärrvärme har varit tyst i 18 dygn.", "The meter Fjärrvärme has been silent for 18 days.",
        "Kontrollera mätaren och dess förbindelse.", "Check the meter and its connection.",
    )  # fmt: skip
    for each in (night, silent):
        thread = state.deviation_threads.record(each, DECEMBER_REPORT, DECEMBER_REPORT.date())
        state.deviation_threads.tell(thread.id, DECEMBER_REPORT)
