"""Five years of three buildings as they stand in the store, worked out by hand: what the trend report is read from in tests.

Asken, Linden and Hallen use 1, 2 and 3 times SHAPE each month in normal weather (94 MWh a year and times over); Hallen was bought
at the new year of 2024. 2024 was mild: all used 5 % less than in normal weather. In 2025 all use a tenth less than before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from config.domain.assessments import GoalRecord, GoalValue
from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.factors import Mark
from config.domain.figure_names import named_period
from config.domain.goals import Better, Goal, Goals, Level, MeasuredBy
from config.domain.goals import Path as Way
from config.domain.indicators import PORTFOLIO, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, local_date
from services.jobs.pictures.change_parts import ChangePartsJob
from services.reports.contents.material import Material
from services.reports.figure_shelf import FigureShelf
from services.reports.goal_standing import GoalStanding
from services.state.state import State
from services.store.figures import indicator_frame
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.world import FixedClock
from tests.services.reports.published import weather

ZONE = "Europe/Stockholm"
KNOWN = datetime(2025, 9, 10, 6, tzinfo=UTC)
LONG_AGO, BOUGHT = datetime(2015, 1, 1, tzinfo=UTC), datetime(2023, 12, 31, 23, tzinfo=UTC)
SHAPE = (12.0, 11.0, 10.0, 8.0, 6.0, 4.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0)  # MWh
SCALE = {"asken": 1.0, "linden": 2.0, "hallen": 3.0}
FIRST, LAST = date(2021, 1, 1), date(2025, 8, 1)
WHOLE = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)
COMMITTEE = Subject(SubjectKind.OWNER, "skolnamnden")
NO_METER = Missing("Ingen mätare var installerad under perioden.", "No meter was installed in the period.")
NO_FACTOR = Missing(
    "Utsläppsfaktor saknas för fjärrvärme 2025: ange den i factors.yaml.",
    "No emission factor of district heating 2025: enter it in factors.yaml.",
)


def town() -> Portfolio:
    """Two schools of a committee, and the hall of a company."""
    owners = [Owner("skolnamnden", "Skolnämnden", "committee"), Owner("bolaget", "Bolaget", "company")]
    buildings = [
        Building("asken", "Asken", "school", "skolnamnden", 1_000.0),
        Building("linden", "Linden", "school", "skolnamnden", 2_000.0),
        Building("hallen", "Hallen", "sports_hall", "bolaget", 3_000.0),
    ]
    points = [MeteringPoint(f"fv-{each.id}", "", each.id, Carrier.DISTRICT_HEATING, Direction.IMPORT, 0.01) for each in buildings]
    installed = tuple(
        Installation(each.id, f"m-{each.id}", "energy", BOUGHT if each.building == "hallen" else LONG_AGO) for each in points
    )
    meters = {each.meter: Meter(each.meter, "test", each.meter, (Register("heat_energy"),)) for each in installed}
    return Portfolio(
        "Provköping", ZONE, {each.id: each for each in owners}, {each.id: each for each in buildings},
        {each.id: each for each in points}, meters, installed,
    )  # fmt: skip


GOALS = Goals(
    (
        Goal(
            "per-area", Level.MUNICIPALITY, "Provköpings kommun", "20 % mindre energi per area 2030",
            "20 % less energy per area by 2030", "", "kWh/m2", Way.LINEAR, "KF 2021 § 7", Mark.VERIFIED, base_year=2021,
            base_value=94.0, target_year=2030, target_value=75.2, measured_by=MeasuredBy("corrected_specific_energy", WHOLE),
        ),
        Goal(
            "renewable", Level.MUNICIPALITY, "Provköpings kommun", "60 % förnybart", "60 % renewable", "", "%", Way.NONE,
            "egen", Mark.UNVERIFIED, target_year=2030, target_value=60.0, better=Better.HIGHER, own_yardstick=True,
            measured_by=MeasuredBy("renewable_share", WHOLE),
        ),
        Goal(
            "recycling", Level.MUNICIPALITY, "Provköpings kommun", "Hälften återvinns 2030", "Half is recycled by 2030", "", "%",
            Way.NONE, "Avfallsplan 2022", Mark.SECOND_HAND, target_year=2030, target_value=50.0, better=Better.HIGHER,
        ),
        Goal(
            "neutral", Level.MUNICIPALITY, "Provköpings kommun", "Klimatneutral 2030", "Climate neutral by 2030", "",
            "ton CO2e/år", Way.NONE, "KF 2020", Mark.VERIFIED, target_year=2030,
        ),
    )
)  # fmt: skip


def normal_mwh(building: str, on: date) -> float | None:
    """Of a month in normal weather; None while nobody metered it."""
    if building == "hallen" and on.year < 2024:
        return None
    return SCALE[building] * SHAPE[on.month - 1] * (0.9 if on.year == 2025 else 1.0)


def used_mwh(building: str, on: date) -> float | None:
    normal = normal_mwh(building, on)
    return None if normal is None else normal * (0.95 if on.year == 2024 else 1.0)


@dataclass(frozen=True)
class BoardYears:
    """A store and state with everything published; `material` is what a report is made of."""

    portfolio: Portfolio
    store: MemoryStore
    state: State
    goals: Goals = GOALS

    def material(self, known: datetime = KNOWN, *, simulated: bool = False) -> Material:
        subjects = frozenset(
            {
                WHOLE,
                COMMITTEE,
                Subject(SubjectKind.OWNER, "bolaget"),
                *(Subject(SubjectKind.BUILDING, each) for each in self.portfolio.buildings),
            }
        )
        return Material(
            self.portfolio, self.store, self.state, FigureShelf(self.store, self.state.figure_history, subjects), self.goals,
            GoalStanding(self.goals, self.portfolio, self.store, self.state), lambda _start, _end: weather(), known, "0.6.0",
            simulated,
        )  # fmt: skip

    def publish(self, *figures: IndicatorValue) -> None:
        self.store.write_indicator_values(indicator_frame(figures, KNOWN))


def board_years(folder: Path) -> BoardYears:
    """Everything published, the changes divided by the real job, one deviation told, one goal's values entered."""
    made = BoardYears(town(), MemoryStore(), State.open(folder / "state.sqlite"))
    made.publish(*(figure for period in periods() for figure in figures(period)))
    job = ChangePartsJob(made.portfolio, made.store, made.state.watermarks, FixedClock(KNOWN))
    for task in job.pending(KNOWN):
        job.do(task)
    tell_of_waste(made.state)
    values = {2020: 40.0, 2021: 41.0, 2022: 42.0, 2023: 43.0, 2024: 44.0}
    records = [
        GoalRecord("recycling", "%", GoalValue(date(on, 12, 31), value, "Kolada U07414", Mark.SECOND_HAND))
        for on, value in values.items()
    ]
    made.state.goal_values.put(records, datetime(2025, 3, 1, tzinfo=UTC))
    return made


def tell_of_waste(state: State) -> int:
    """Linden's nights are told; the thread's number."""
    at = datetime(2025, 8, 20, 6, tzinfo=UTC)
    thread = state.deviation_threads.record(wasting(), at, at.date())
    state.deviation_threads.tell(thread.id, at)
    return thread.id


def wasting() -> Deviation:
    return Deviation(
        kind=DeviationKind.NIGHT,
        subject=Subject(SubjectKind.BUILDING, "linden"),
        building="linden",
        carrier="electricity",
        first_day=date(2025, 8, 11),
        last_day=date(2025, 8, 19),
        detected=date(2025, 8, 20),
        going_on=True,
        kwh=1_200.0,
        sek=1_530.0,
        kg=70.0,
        sentence_sv="Linden: natten.",
        sentence_en="Linden: the night.",
        action_sv="Se över tidkanalen.",
        action_en="Check the time channel.",
    )


def periods() -> Iterator[Period]:
    """Every month, and the years, years to date and rolling years that the reports look at."""
    on = FIRST
    while on <= LAST:
        yield named_period(f"{on:%Y-%m}", ZONE)
        on = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    names = ["2021", "2022", "2023", "2024", "2023-08-ytd", "2024-08-ytd", "2025-08-ytd"]
    names += [f"{on}-{number:02}-r12" for on in (2023, 2024, 2025) for number in range(1, 13) if (on, number) <= (2025, 8)]
    yield from (named_period(name, ZONE) for name in names)


def figures(period: Period) -> Iterator[IndicatorValue]:
    """Of the buildings, and of the committee and the whole as their sums; what the whole has besides."""
    for building in SCALE:
        subject = Subject(SubjectKind.BUILDING, building)
        yield from _energy(subject, period, (building,))
    yield from _energy(COMMITTEE, period, ("asken", "linden"))
    yield from _energy(WHOLE, period, tuple(SCALE))
    if period.kind is not PeriodKind.MONTH:
        yield from _of_whole(period)


def _energy(subject: Subject, period: Period, buildings: tuple[str, ...]) -> Iterator[IndicatorValue]:
    used, normal = _sum(used_mwh, period, buildings), _sum(normal_mwh, period, buildings)
    for name, value in (("energy_total", used), ("heated_building_energy", used), ("corrected_energy", normal)):
        yield _figure(name, subject, period, value)
    area = sum(1_000.0 * SCALE[each] for each in buildings if _known(each, period))
    for name, value in (("specific_energy", used), ("corrected_specific_energy", normal)):
        yield _figure(name, subject, period, value if isinstance(value, Missing) else value / area)


def _of_whole(period: Period) -> Iterator[IndicatorValue]:
    used = _sum(used_mwh, period, tuple(SCALE))
    kwh = 0.0 if isinstance(used, Missing) else used
    for name, value in (("cost", 1.0), ("cost_energy", 0.8), ("cost_power", 0.15), ("cost_fixed", 0.05)):
        yield _figure(name, WHOLE, period, kwh * value)
    no_factor = local_date(period.start, ZONE).year == 2025
    yield _figure("emissions_location", WHOLE, period, NO_FACTOR if no_factor else kwh * 0.06)
    yield _figure("renewable_share", WHOLE, period, 62.0)
    yield _figure("renewable_share_contracted", WHOLE, period, 40.0)


def _figure(name: str, subject: Subject, period: Period, value: float | Missing) -> IndicatorValue:
    return IndicatorValue(name, subject, period, value, 0.0 if value is NO_METER else 1.0, "prov-1", {})


def _known(building: str, period: Period) -> bool:
    return building != "hallen" or period.start >= BOUGHT


def _sum(of: Callable[[str, date], float | None], period: Period, buildings: tuple[str, ...]) -> float | Missing:
    known = [each for each in buildings if _known(each, period)]
    if not known:
        return NO_METER
    total, on, end = 0.0, local_date(period.start, ZONE), local_date(period.end, ZONE)
    while on < end:
        total += sum((of(each, on) or 0.0) for each in known)
        on = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return 1_000.0 * total
