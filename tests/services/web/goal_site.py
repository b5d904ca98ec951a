"""Goals of the example municipality with their values: one that is metered, one that is reported, one that lacks all."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from config.domain.assessments import GoalRecord, GoalValue
from config.domain.factors import Mark
from config.domain.goals import Goal, Goals, Level, MeasuredBy
from config.domain.goals import Path as GoalPath
from config.domain.indicators import PORTFOLIO, IndicatorValue, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, month
from config.domain.series import EVENTS
from services.jobs.pictures.goals import GoalLinesPicture, GoalsPicture
from services.reports.goal_standing import GoalStanding
from services.state.state import State
from services.store.figures import indicator_frame
from tests.dashboards import example, example_pictures
from tests.doubles.memory_store import MemoryStore

METERED, REPORTED, LACKING = "energi-2030", "solel-2030", "klimatneutral-2030"
WHOLE = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)
MONTHS = 34  # of rolling years that are known, the last to the end of October 2026


def goals() -> Goals:
    """The example's."""
    return Goals(
        (
            goal(
                METERED,
                "Energianvändning −20 % till 2030",
                "Energy use −20 % by 2030",
                "MWh/år",
                GoalPath.LINEAR,
                Mark.DERIVED,
                measured_by=MeasuredBy("energy_total", WHOLE, scale=0.001),
                base_year=2023,
                base_value=1_000.0,
                target_value=800.0,
                document="Energiplan 2024",
                decided=date(2024, 3, 25),
            ),
            goal(
                REPORTED,
                "Minst 5 MW solceller 2030",
                "At least 5 MW of solar power by 2030",
                "MW",
                GoalPath.LINEAR,
                Mark.VERIFIED,
                base_year=2020,
                base_value=3.13,
                target_value=5.0,
                known={2019: (1.37, Mark.VERIFIED)},
            ),
            goal(
                LACKING,
                "Klimatneutral 2030",
                "Climate neutral by 2030",
                "ton CO2e/år",
                GoalPath.NONE,
                Mark.SECOND_HAND,
                to_enter_sv="För in målvärdet ur klimatkontraktet.",
                to_enter_en="Enter the target of the climate contract.",
            ),
        )
    )


def goal(name: str, text_sv: str, text_en: str, unit: str, path: GoalPath, mark: Mark, **more: Any) -> Goal:
    given: dict[str, Any] = {"target_year": 2030, **more}
    return Goal(
        name, Level.MUNICIPALITY, "Kommunstyrelsen", text_sv, text_en, "mått", unit, path, "miljöstrategin", mark, **given
    )


def figures() -> Iterator[IndicatorValue]:
    """Rolling years of the whole estate and of the school: 960 MWh and 1 MWh less each month, the school a quarter of it."""
    for back in range(MONTHS, 0, -1):
        first, last = (month(example_pictures.months_before(each), example.ZONE) for each in (back + 11, back))
        period = Period(PeriodKind.ROLLING_YEAR, first.start, last.end, example.ZONE)
        value = 1_000.0 * (960 - (MONTHS - back) + (2 if back % 3 else -2))
        for subject, share in ((WHOLE, 1.0), (Subject(SubjectKind.BUILDING, example.SCHOOL), 0.25)):
            yield IndicatorValue("energy_total", subject, period, value * share, 0.97, "energy-3", {"el": "2026"}, "", 500.0)


def fill(store: MemoryStore, state: State) -> GoalStanding:
    """What goals are judged by, and their pictures as the job draws them now; an action at the school."""
    store.write_indicator_values(indicator_frame(list(figures())))
    told = [(2021, 3.4), (2022, 3.5), (2023, 3.9), (2024, 4.1), (2025, 4.3)]
    values = [GoalValue(date(on, 12, 31), value, "kommunens solkarta") for on, value in told]
    state.goal_values.put([GoalRecord(REPORTED, "MW", value) for value in values], example.NOW)
    standing = GoalStanding(goals(), example.portfolio(), store, state)
    for picture in (GoalsPicture, GoalLinesPicture):
        picture(goals(), example.ZONE, store, standing).draw(example.NOW)
    action = {
        "time": example.NOW.replace(hour=0, minute=0, second=0),
        "building": example.SCHOOL,
        "kind": "action",
        "subject": "2",
        "value": 0.0,
        "end": 0,
        "text": "Åtgärd: drifttiderna ändrade",
        "text_en": "Action: operating hours changed",
        "state": "acting",
        "open": 1,
    }
    store.write_pictures(EVENTS, example_pictures.frame(EVENTS, [action]))
    return standing


def state_in(folder: Path) -> State:
    return State.open(folder / "state.sqlite")
