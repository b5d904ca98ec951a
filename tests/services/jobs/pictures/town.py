"""Two buildings with a state in which something has happened, for the tests of the pictures."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from config.domain.assessments import GoalRecord, GoalValue
from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Building, Installation, Portfolio
from config.domain.goals import Goal, Goals
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.intervals import Finding, FindingCode
from config.domain.periods import Period, PeriodKind, day
from config.domain.series import METER_DAYS, Series, SeriesQuery
from services.jobs.pictures.buildings import BuildingsPicture
from services.jobs.pictures.deviations import DeviationsPicture
from services.jobs.pictures.events import EventsPicture
from services.jobs.pictures.goals import GoalLinesPicture, GoalsPicture
from services.jobs.pictures.picture import Picture, redraw, today
from services.jobs.pictures.restatements import RestatementsPicture
from services.reports.goal_standing import GoalStanding
from services.state.figure_history import FigureChange
from services.state.state import State
from services.store.figures import indicator_frame
from services.store.timeseries import TimeSeriesStore
from tests.config.test_goals import EED, SOLAR
from tests.services.analysis.test_attention import found
from tests.services.jobs.world import INSTALLED, point
from tests.services.jobs.world import portfolio as of_points

ZONE = "Europe/Stockholm"
NOW = datetime(2026, 11, 24, 12, 40, tzinfo=UTC)  # a Tuesday, 13:40 in Sweden
TODAY = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXCHANGED = datetime(2026, 6, 1, 8, tzinfo=UTC)
GOALS = Goals((replace(SOLAR, id="sol", text_sv="Solel", text_en="Solar"), EED))


def portfolio() -> Portfolio:
    """A school with two points, of which one had its meter exchanged in June, and a rink; the school's place is known."""
    points = (point(), point("skola-varme"), point("rink-el", "rink"))
    installed = [
        Installation("skola-el", "m-gammal", "active_energy_import", INSTALLED, EXCHANGED),
        Installation("skola-el", "m-ny", "active_energy_import", EXCHANGED),
        Installation("skola-varme", "m-varme", "active_energy_import", INSTALLED),
        Installation("rink-el", "m-rink", "active_energy_import", INSTALLED),
    ]
    town = of_points(*points, installations=installed)
    school = Building("skola", "Soltorgets skola", "school", "skolnämnden", 2_000.0, 60.48, 15.43, public=True)
    rink = Building("rink", "Ishallen", "ice_rink", "skolnämnden", None)
    return replace(town, buildings={"skola": school, "rink": rink})


@dataclass
class Town:
    """Everything that a picture touches."""

    store: TimeSeriesStore
    state: State
    portfolio: Portfolio = field(default_factory=portfolio)
    goals: Goals = GOALS

    def pictures(self) -> list[Picture]:
        standing = GoalStanding(self.goals, self.portfolio, self.store, self.state)
        return [
            DeviationsPicture(self.portfolio, self.store, self.state.deviation_threads),
            BuildingsPicture(self.portfolio, self.store, self.state),
            GoalsPicture(self.goals, ZONE, self.store, standing),
            GoalLinesPicture(self.goals, ZONE, self.store, standing),
            EventsPicture(self.portfolio, self.store, self.state),
            RestatementsPicture(ZONE, self.store, self.state),
        ]

    def picture(self, series: Series) -> Picture:
        return next(item for item in self.pictures() if item.name == series.name)

    def draw(self, series: Series, now: datetime = NOW) -> None:
        self.picture(series).draw(now)

    def points(self, series: Series, start: datetime | None = None, **having: int | str) -> list[dict[str, Any]]:
        return list(self.store.read(SeriesQuery(series, start, having=having)).iter_rows(named=True))

    def told(self, deviation: Deviation, now: datetime = NOW) -> int:
        """A thread that was told; its number."""
        thread = self.state.deviation_threads.record(deviation, now, TODAY)
        self.state.deviation_threads.tell(thread.id, now)
        return thread.id


def town(folder: Path, store: TimeSeriesStore) -> Town:
    return Town(store, State.open(folder / "state.sqlite"))


def wasting(**changes: Any) -> Deviation:
    """Use at night in the school, with words."""
    words = {
        "sentence_sv": "Fläkten går hela natten.",
        "sentence_en": "The fan runs all night.",
        "action_sv": "Se över tidsstyrningen.",
        "action_en": "Check the timer.",
    }
    return replace(found(), **{**words, **changes})


def silent_meter(**changes: Any) -> Deviation:
    return wasting(
        **{"kind": DeviationKind.SILENT_METER, "subject": Subject(SubjectKind.POINT, "skola-el"), "sek": 500.0, **changes}
    )


def figure(indicator: str, building: str, period: Period, value: float | Missing, coverage: float = 1.0) -> IndicatorValue:
    return IndicatorValue(indicator, Subject(SubjectKind.BUILDING, building), period, value, coverage, "test-1", {})


def day_energy(building: str, on: date, value: float | Missing, coverage: float = 1.0) -> IndicatorValue:
    return figure("energy_total", building, day(on, ZONE), value, coverage)


def rolling_year(building: str, value: float | Missing, last: date) -> IndicatorValue:
    """The twelve months that end with `last`, the last of a month."""
    first = date(last.year - 1, last.month, 1) + timedelta(days=32)
    period = Period(PeriodKind.ROLLING_YEAR, day(first.replace(day=1), ZONE).start, day(last, ZONE).end, ZONE)
    return figure("corrected_specific_energy", building, period, value)


def publish(place: Town, *values: IndicatorValue) -> None:
    place.store.write_indicator_values(indicator_frame(values))


def enter(place: Town, goal: Goal, *values: float, last: int = 2025) -> None:
    """Calendar years that end with `last`."""
    first = last - len(values) + 1
    records = [
        GoalRecord(goal.id, goal.unit, GoalValue(date(first + n, 12, 31), value, "provet")) for n, value in enumerate(values)
    ]
    place.state.goal_values.put(records, datetime(2026, 2, 1, tzinfo=UTC))


def gap(start: datetime, hours: float, name: str = "skola-el") -> Finding:
    return Finding(name, FindingCode.GAP, start, start + hours * HOUR, "Inga värden.", "No values.")


def suspicion(at: datetime) -> Finding:
    return Finding("skola-el", FindingCode.EXCHANGE_SUSPECTED, at, at, "Mätaren verkar vara bytt.", "Seems to be exchanged.")


def change(period: str, start: datetime, end: datetime, old: float | None, new: float | None, at: datetime = NOW) -> FigureChange:
    return FigureChange(
        at, "energy_total", "", "building", "skola", period, start, end, old, new, "late", "Ändrades.", "It changed."
    )


def something_of_everything(place: Town) -> None:
    """A state that every picture has something to show of."""
    place.told(wasting())
    acted = place.told(
        wasting(building="rink", subject=Subject(SubjectKind.BUILDING, "rink"), sek=Missing("Pris saknas.", "None."))
    )
    place.state.deviation_threads.act(acted, NOW, "Anna", "Bytte ventil", date(2026, 11, 20))
    publish(
        place,
        day_energy("skola", date(2026, 11, 23), 480.0, 0.75),
        day_energy("skola", date(2026, 11, 16), 500.0),
        rolling_year("skola", 121.5, date(2026, 10, 31)),
    )
    enter(place, GOALS.goals[0], 3.15, 3.2, 3.18, 3.2, 3.2)
    place.state.findings.replace("skola-el", NOW - 48 * HOUR, NOW, [gap(NOW - 30 * HOUR, 12)])
    place.state.exchanges.notice("skola-el", [suspicion(NOW - 20 * HOUR)], NOW)
    october = (datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC))
    place.state.figure_changes.add([change("month", *october, 100.0, 110.0)])


def silent(place: Town, meters: dict[str, tuple[str, int]], now: datetime = NOW) -> None:
    """Meter → its building, and whether it is silent; as the picture of the meters' days draws it."""
    stands = today(now, ZONE)
    rows = [
        {
            "time": stands.start, "building": building, "meter": meter, "value": 0.0, "expected": None, "stored": 0.0,
            "flagged": 0.0, "heard": None, "silent": is_silent,
        }
        for meter, (building, is_silent) in meters.items()
    ]  # fmt: skip
    redraw(place.store, METER_DAYS, rows, stands.start, stands.end)
