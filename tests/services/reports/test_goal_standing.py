"""Goals judged by what is published, beside what was entered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path as FilePath

import pytest

from config.domain.assessments import GoalRecord, GoalValue, Verdict
from config.domain.factors import Mark
from config.domain.goals import Goal, Goals, Level, MeasuredBy, Path
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day
from services.reports.goal_standing import GoalStanding
from services.state.state import State
from services.store.figures import indicator_frame
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.world import point, portfolio

ZONE = "Europe/Stockholm"
NOW = datetime(2026, 3, 10, tzinfo=UTC)
ALL = Subject(SubjectKind.PORTFOLIO, "Provköping")
GOAL = Goal(
    id="energi",
    level=Level.MUNICIPALITY,
    owner="skolnämnden",
    text_sv="Energi",
    text_en="Energy",
    indicator="energianvändning",
    unit="MWh/år",
    path=Path.LINEAR,
    source="provet",
    mark=Mark.VERIFIED,
    base_year=2020,
    base_value=100.0,
    target_year=2030,
    target_value=80.0,
    measured_by=MeasuredBy("energy_total", ALL, scale=0.001),
)
BUILDINGS = portfolio(point("a-el", "a"), point("b-el", "b"))


def rolling(last: date, kwh: float | Missing, subject: Subject = ALL, coverage: float = 1.0) -> IndicatorValue:
    """The twelve months that end with `last`."""
    start = day(date(last.year - 1, last.month, last.day) + timedelta(days=1), ZONE).start
    period = Period(PeriodKind.ROLLING_YEAR, start, day(last, ZONE).end, ZONE)
    return IndicatorValue("energy_total", subject, period, kwh, coverage, "energy-1", {}, "", 100.0)


@pytest.fixture
def place(tmp_path: FilePath) -> tuple[MemoryStore, State]:
    return MemoryStore(), State.open(tmp_path / "s")


def standing(store: MemoryStore, state: State, goal: Goal = GOAL) -> GoalStanding:
    return GoalStanding(Goals((goal,)), BUILDINGS, store, state)


def test_published_rolling_years_are_the_goal_s_values_in_its_unit(place: tuple[MemoryStore, State]) -> None:
    """90,000 kWh are 90 MWh, with coverage and uncertainty; a missing figure is no value."""
    store, state = place
    found = [rolling(date(2026, 1, 31), 90_000.0), rolling(date(2026, 2, 28), Missing("hål", "gap"), coverage=0.4)]
    store.write_indicator_values(indicator_frame(found, NOW))

    (value,) = standing(store, state).values(GOAL)

    assert (value.end, value.value, value.uncertainty, value.coverage) == (date(2026, 1, 31), 90.0, 0.1, 1.0)


def test_a_late_correction_moves_the_goal_and_the_old_standing_can_be_asked_for(place: tuple[MemoryStore, State]) -> None:
    """Nothing is kept of a verdict: it is made of the figures as they are, or as they were."""
    store, state = place
    months = [date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31)]
    store.write_indicator_values(indicator_frame([rolling(month, 90_000.0) for month in months], NOW))
    later = NOW + timedelta(days=9)
    made = standing(store, state)

    assert [value.value for value in made.values(GOAL, NOW + timedelta(days=1))] == [90.0] * 4
    assert made.values(GOAL, NOW - timedelta(days=1)) == ()
    assert made.assessment(GOAL, later).latest == made.values(GOAL)[-1]


def test_entered_and_measured_values_stand_together(place: tuple[MemoryStore, State]) -> None:
    """The years before the meters were entered by hand; what is measured counts where both are."""
    store, state = place
    entered = [GoalRecord("energi", "MWh/år", GoalValue(date(year, 12, 31), 95.0, "bokslut")) for year in range(2021, 2026)]
    state.goal_values.put(entered, NOW)
    store.write_indicator_values(indicator_frame([rolling(date(2025, 12, 31), 88_000.0)], NOW))

    judged = standing(store, state).assessment(GOAL, NOW)

    assert isinstance(judged.latest, GoalValue)
    assert judged.latest.value == 88.0
    assert judged.verdict is not Verdict.CANNOT_JUDGE


def test_what_remains_is_divided_by_the_buildings_use(place: tuple[MemoryStore, State]) -> None:
    """90 of 80 MWh: 10 remain; a used 60, and b is not known, with its own reason."""
    store, state = place
    last, unknown = date(2025, 12, 31), Missing("b: mätaren är tyst", "b: silent")
    found = [
        rolling(last, 90_000.0),
        rolling(last, 60_000.0, Subject(SubjectKind.BUILDING, "a")),
        rolling(last, unknown, Subject(SubjectKind.BUILDING, "b"), 0.2),
    ]
    store.write_indicator_values(indicator_frame(found, NOW))
    made = standing(store, state)

    parts = made.parts(GOAL, made.assessment(GOAL, NOW))

    assert not isinstance(parts, Missing)
    assert [(part.building, part.remains) for part in parts] == [("a", pytest.approx(10.0)), ("b", unknown)]


def test_a_percentage_is_nobodys_part(place: tuple[MemoryStore, State]) -> None:
    """It says so in place of a table."""
    made = standing(*place)
    goal = replace(GOAL, unit="%")

    assert isinstance(made.parts(goal, made.assessment(goal, NOW)), Missing)
