"""Goals as they stand, a point a goal and day; and the lines of each goal's picture, over all its years."""

from collections.abc import Hashable, Iterator
from datetime import UTC, date, datetime

from config.domain.assessments import Forecast
from config.domain.goals import Goal, Goals
from config.domain.indicators import Missing
from config.domain.periods import day
from config.domain.series import GOAL_LINES, GOALS
from services.goals.course import Course
from services.goals.path import on_path, with_measured_base
from services.goals.words import lacking
from services.jobs.pictures.picture import Row, milliseconds, redraw, today
from services.reports.goal_standing import GoalStanding
from services.store.timeseries import TimeSeriesStore

BEGINNING, END = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # of what goals speak of


class GoalsPicture:
    """Verdict, place and forecast."""

    name = GOALS.name

    def __init__(self, goals: Goals, zone: str, store: TimeSeriesStore, standing: GoalStanding) -> None:
        self._goals = goals
        self._zone = zone
        self._store = store
        self._standing = standing

    def inputs(self, now: datetime) -> Hashable:  # noqa: ARG002 - the day counts anyway
        """The values that goals are judged by: few, and all that a judgement takes."""
        return _values(self._goals, self._standing)

    def draw(self, now: datetime) -> None:
        """At the start of the local day."""
        stands = today(now, self._zone)
        rows = (self._row(goal, now, stands.start) for goal in self._goals.goals)
        redraw(self._store, GOALS, rows, stands.start, stands.end)

    def _row(self, goal: Goal, now: datetime, at: datetime) -> Row:
        judged = self._standing.assessment(goal, now)
        whole = with_measured_base(goal, self._standing.course(goal, now).measured)
        latest, target = judged.latest, whole.target
        path: float | Missing = latest if isinstance(latest, Missing) else on_path(whole, latest.end)
        last = None if isinstance(latest, Missing) else milliseconds(day(latest.end, self._zone).end)
        far = judged.target_year
        lacks = lacking(goal, judged, judged.probability, judged.target_year, latest, target, path)
        return {
            "time": at,
            "goal": goal.id,
            "level": goal.level.value,
            "value": None if isinstance(latest, Missing) else latest.value,
            "target": _known(target),
            "path": _known(path),
            "forecast": far.expected if isinstance(far, Forecast) else None,
            "probability": _known(judged.probability),
            "year": judged.year,
            "target_year": goal.target_year,
            "latest": last,
            "unit": goal.unit,
            "text": goal.text_sv,
            "text_en": goal.text_en,
            "verdict": judged.verdict.sv,
            "verdict_en": judged.verdict.en,
            "reason": " ".join(dict.fromkeys(sv for sv, _ in lacks)),
            "reason_en": " ".join(dict.fromkeys(en for _, en in lacks)),
            "own": int(goal.own_yardstick),
            "verified": int(goal.verified),
        }


class GoalLinesPicture:
    """The lines of all goals; a goal that is gone has none that are open."""

    name = GOAL_LINES.name

    def __init__(self, goals: Goals, zone: str, store: TimeSeriesStore, standing: GoalStanding) -> None:
        self._goals = goals
        self._zone = zone
        self._store = store
        self._standing = standing

    def inputs(self, now: datetime) -> Hashable:  # noqa: ARG002 - the day counts anyway
        """As of the goals."""
        return _values(self._goals, self._standing)

    def draw(self, now: datetime) -> None:
        """Each figure at the last local day of its period."""
        rows = (row for goal in self._goals.goals for row in self._rows(goal.id, self._standing.course(goal, now)))
        redraw(self._store, GOAL_LINES, rows, BEGINNING, END)

    def _rows(self, goal: str, course: Course) -> Iterator[Row]:
        for value in course.measured:
            yield self._point(goal, "measured", value.end, value.value, value.coverage)
        for year, lies in course.path:
            yield self._point(goal, "path", date(year, 12, 31), lies, 1.0)
        for forecast in course.forecasts:
            end = date(forecast.year, 12, 31)
            yield self._point(goal, "forecast", end, forecast.expected, 0.0)
            yield self._point(goal, "low", end, forecast.low, 0.0)
            yield self._point(goal, "high", end, forecast.high, 0.0)

    def _point(self, goal: str, line: str, end: date, value: float, coverage: float) -> Row:
        return {"time": day(end, self._zone).start, "goal": goal, "line": line, "value": value, "coverage": coverage}


def _values(goals: Goals, standing: GoalStanding) -> Hashable:
    return tuple((goal.id, standing.values(goal)) for goal in goals.goals)


def _known(value: float | Missing) -> float | None:
    return None if isinstance(value, Missing) else value
