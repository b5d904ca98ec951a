"""Goals as they stand: values from files and Kolada, and of the published indicators, judged. For commands, board and reports."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.assessments import Assessment, GoalValue
from config.domain.estate import Building, Portfolio
from config.domain.goals import Goal, Goals, MeasuredBy
from config.domain.indicators import IndicatorValue, Missing, SubjectKind
from config.domain.periods import PeriodKind, day, local_date
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from services.goals.course import Course, course
from services.goals.measured import PERIODS, goal_values
from services.goals.remains import BuildingPart, is_sum, per_building
from services.goals.verdict import assess
from services.reports.known import known_at
from services.state.state import State
from services.store.figures import figures_of, indicator_values
from services.store.timeseries import TimeSeriesStore

HOUR = timedelta(hours=1)
USE = "energy_total"  # what buildings' parts are measured by


class GoalStanding:
    """Reads what goals are judged by. Changes nothing."""

    def __init__(self, goals: Goals, portfolio: Portfolio, store: TimeSeriesStore, state: State) -> None:
        self._goals = goals
        self._portfolio = portfolio
        self._store = store
        self._state = state

    def assessments(self, now: datetime, known: datetime | None = None) -> tuple[Assessment, ...]:
        """Every goal as it stands; see `assessment`."""
        return tuple(self.assessment(goal, now, known) for goal in self._goals.goals)

    def assessment(self, goal: Goal, now: datetime, known: datetime | None = None) -> Assessment:
        """The goal as it stands on the local day of `now`.

        Args:
            known: judged as it was known then, and as of that day.
        """
        today = local_date(known or now, self._portfolio.timezone)
        return assess(goal, self.values(goal, known), today, self._goals.limits)

    def course(self, goal: Goal, now: datetime) -> Course:
        """What a picture of the goal shows, as it stands on the local day of `now`."""
        return course(goal, self.values(goal), local_date(now, self._portfolio.timezone), self._goals.limits)

    def values(self, goal: Goal, known: datetime | None = None) -> tuple[GoalValue, ...]:
        """Entered values, then measured ones, which count where both exist; as known at an instant, or as known now."""
        entered = self._state.goal_values.of(goal.id, goal.unit, known)
        return (*entered, *(() if goal.measured_by is None else goal_values(goal, self._figures(goal.measured_by, known))))

    def parts(self, goal: Goal, judged: Assessment) -> tuple[BuildingPart, ...] | Missing:
        """Each building's part of what remains, by its use over the last twelve months that ended with the goal's last value."""
        measured, latest, remains = goal.measured_by, judged.latest, judged.remaining
        if measured is None or not is_sum(goal):
            return Missing(
                f"{goal.text_sv}: målet mäts inte i något som byggnader delar på.",
                f"{goal.text_en}: not measured by what buildings divide among them.",
            )
        if isinstance(remains, Missing):
            return remains
        if isinstance(latest, Missing):
            return latest
        return per_building(remains, self._use(self.buildings(goal), latest.end))

    def buildings(self, goal: Goal) -> tuple[str, ...]:
        """Those whose figures make the goal's; none where no published figure does."""
        measured = goal.measured_by
        everyone = self._portfolio.buildings.values()
        return () if measured is None else tuple(each.id for each in everyone if _within(each, measured))

    def figure(self, goal: Goal, end: date) -> IndicatorValue | None:
        """The published figure that the goal's value of that end is made of; None where it is from elsewhere."""
        if goal.measured_by is None:
            return None
        own = [
            each
            for each in indicator_values(self._read(goal.measured_by))
            if not isinstance(each.value, Missing) and local_date(each.period.end - HOUR, each.period.zone) == end
        ]
        return max(own, key=lambda each: each.period.kind is PeriodKind.YEAR, default=None)

    def goal(self, name: str) -> Goal | Missing:
        """The goal by its id."""
        return self._goals.goal(name)

    def _figures(self, measured: MeasuredBy, known: datetime | None) -> pl.DataFrame:
        if known is not None:
            start, end = datetime(1990, 1, 1, tzinfo=known.tzinfo), known + timedelta(days=1)
            points = known_at(self._store, self._state.figure_history, known, start, end, [measured.subject.id])
            return figures_of(points)
        return figures_of(self._read(measured))

    def _read(self, measured: MeasuredBy) -> pl.DataFrame:
        """Points of the series, as known now."""
        where = {
            "indicator": (measured.indicator,),
            "carrier": (measured.carrier,),
            "subject_kind": (measured.subject.kind.value,),
            "subject": (measured.subject.id,),
            "period": PERIODS,
        }
        return self._store.read(SeriesQuery(INDICATOR_VALUES, where=where))

    def _use(self, buildings: Sequence[str], last: date) -> dict[str, float | Missing]:
        end = day(last, self._portfolio.timezone).end
        where = {
            "indicator": (USE,),
            "carrier": ("",),
            "subject_kind": (SubjectKind.BUILDING.value,),
            "subject": tuple(buildings),
            "period": (PeriodKind.ROLLING_YEAR.value,),
        }
        read = figures_of(self._store.read(SeriesQuery(INDICATOR_VALUES, where=where))).filter(pl.col("end") == end)
        unknown = Missing(
            f"Energianvändningen över tolv månader till {last} är inte beräknad.",
            f"The energy use over twelve months to {last} is not calculated.",
        )
        use: dict[str, float | Missing] = dict.fromkeys(buildings, unknown)
        for row in read.iter_rows(named=True):
            known = row["method"] != "missing" and row["value"] is not None
            use[row["subject"]] = max(row["value"], 0.0) if known else Missing(row["reason"], row["reason_en"])
        return use


def _within(building: Building, measured: MeasuredBy) -> bool:
    match measured.subject.kind:
        case SubjectKind.PORTFOLIO:
            return True
        case SubjectKind.OWNER:
            return building.owner == measured.subject.id
        case SubjectKind.BUILDING_KIND:
            return building.kind == measured.subject.id
        case _:
            return building.id == measured.subject.id
