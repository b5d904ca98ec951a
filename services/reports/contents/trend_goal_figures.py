"""The goals with their figures as they stand at the end of the period, judged from what was known when the report was made."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from config.domain.assessments import Assessment, GoalValue, Verdict
from config.domain.factors import Mark
from config.domain.figure_names import named_period
from config.domain.goals import Goal, MeasuredBy
from config.domain.indicators import Missing, SubjectKind
from config.domain.periods import Period, local_date, year
from services.goals.course import Course, course
from services.goals.verdict import assess
from services.goals.words import lacking, of_its_own
from services.reports.contents.trend_scope import TrendScope, scaled
from services.reports.goal_words import MARKS
from services.reports.report import ReportedFigure, Words

REPORTED = "reported"  # the method of a value that somebody else has given
CERTAIN = 0.99  # no model knows more: beyond it, and below the rest, is said as "över" and "under"
ORDER = (Verdict.WILL_MISS, Verdict.AT_RISK, Verdict.ON_TRACK, Verdict.CANNOT_JUDGE)
_COMMAND_SV = re.compile(r"[;:] (för in nyare med )?energimonitor goals [^.]*")
_COMMAND_EN = re.compile(r"[;:] (enter newer ones with )?energimonitor goals [^.]*")


@dataclass(frozen=True, slots=True)
class JudgedGoal:
    """A goal with its figures.

    Attributes:
        latest: the last value that could be used, of twelve months; None where there is none but the base.
        path: where the path lay then; gap: how far on the worse side (below nought: on the better). None without a path.
        probability: [%], held within what a model can know.
        target, remains: in the goal's unit.
    """

    goal: Goal
    judged: Assessment
    course: Course
    latest: ReportedFigure | None
    path: ReportedFigure | None
    gap: ReportedFigure | None
    probability: ReportedFigure
    target: ReportedFigure
    remains: ReportedFigure

    @property
    def is_metered(self) -> bool:
        return self.goal.measured_by is not None


def judged_goals(scope: TrendScope) -> tuple[JudgedGoal, ...]:
    """The goals that concern the subject, those that fare worst first: all of the portfolio's, an owner's own."""
    found = [_judged(scope, goal) for goal in scope.material.goals.goals if _concerns(scope, goal)]
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.judged.verdict), each.probability.known or 0.0)))


def last_day(figure: ReportedFigure) -> date:
    """The last local day of the figure's period."""
    return local_date(figure.period.end - timedelta(hours=1), figure.period.zone)


def why(each: JudgedGoal) -> tuple[str, str]:
    """What the verdict rests on or lacks, in one or two sentences."""
    judged, goal = each.judged, each.goal
    if judged.verdict is Verdict.CANNOT_JUDGE:
        told = tuple(_for_a_board(each) for each in lacking(goal, judged, judged.probability)[:2])
    else:
        told = tuple(of_its_own(reason, goal) for reason in judged.reasons[:1])
    return " ".join(sv for sv, _ in told), " ".join(en for _, en in told)


def _for_a_board(reason: tuple[str, str]) -> tuple[str, str]:
    """Without the commands of who runs the service."""
    return _COMMAND_SV.sub("", reason[0]), _COMMAND_EN.sub("", reason[1])


def _concerns(scope: TrendScope, goal: Goal) -> bool:
    if scope.subject.kind is SubjectKind.PORTFOLIO:
        return True
    owner = scope.material.portfolio.owners.get(scope.subject.id)
    names = {scope.subject.id} | ({owner.name} if owner else set())
    return goal.owner in names or (goal.measured_by is not None and goal.measured_by.subject == scope.subject)


def _judged(scope: TrendScope, goal: Goal) -> JudgedGoal:
    material, last = scope.material, scope.last_day
    today, limits = local_date(material.known, scope.zone), material.goals.limits
    known = material.standing.values(goal, material.shelf.as_known)
    # a year's value is entered after the year: what was known when the report was made is judged at the period's end
    values = [replace(each, entered=None) for each in known if each.entered is None or each.entered <= today]
    judged = assess(goal, values, last, limits)
    latest = None if isinstance(judged.latest, Missing) or _is_base(goal, judged.latest) else judged.latest
    figure = None if latest is None else goal_value(scope, goal, latest)
    period = year(last.year, scope.zone) if figure is None else figure.period
    made_of = () if figure is None else (figure.name,) if figure.name else figure.made_of
    source = Words(goal.source, goal.source) if figure is None or not made_of else None

    def of(value: float | Missing, unit: str = goal.unit, period: Period = period) -> ReportedFigure:
        own = Missing(*of_its_own((value.reason_sv, value.reason_en), goal)) if isinstance(value, Missing) else value
        return ReportedFigure(own, unit, period, None, judged.method, made_of=made_of, source=source)

    place = judged.place if latest is not None else None
    return JudgedGoal(
        goal,
        judged,
        course(goal, values, last, limits),
        figure,
        None if place is None else of(place if isinstance(place, Missing) else place.on_path),
        None if place is None else of(place if isinstance(place, Missing) else place.gap),
        of(_percent(judged.probability), "%", year(judged.year, scope.zone)),
        of(_target(goal, judged), goal.unit, year(goal.target_year or judged.year, scope.zone)),
        of(judged.remaining),
    )


def _is_base(goal: Goal, value: GoalValue) -> bool:
    return goal.base_year is not None and value.end == date(goal.base_year, 12, 31)


def _target(goal: Goal, judged: Assessment) -> float | Missing:
    return goal.target if goal.target_year is not None else judged.target


def _percent(probability: float | Missing) -> float | Missing:
    return probability if isinstance(probability, Missing) else 100 * min(max(probability, 1 - CERTAIN), CERTAIN)


def goal_value(scope: TrendScope, goal: Goal, value: GoalValue) -> ReportedFigure:
    """The value as reported, or the published figure that it is."""
    measured = goal.measured_by
    is_year = (value.end.month, value.end.day) == (12, 31)
    period = named_period(f"{value.end:%Y}" if is_year else f"{value.end:%Y-%m}-r12", scope.zone)
    if measured is not None and value.mark is Mark.DERIVED:
        found = _published(scope, measured, period)
        if found.known is not None:
            # the scale is that of goals.yaml; where it is one, the published figure stands as it is
            return found if measured.scale == 1 else scaled(found, goal.unit, 1 / measured.scale)
    known = MARKS[value.mark]
    source = Words(f"{value.source} ({known[0]})", f"{value.source} ({known[1]})")
    return ReportedFigure(value.value, goal.unit, period, None, REPORTED, margin=value.uncertainty, source=source)


def _published(scope: TrendScope, measured: MeasuredBy, period: Period) -> ReportedFigure:
    shelf = scope.own
    if measured.subject != scope.subject:
        shelf = replace(shelf, subjects=frozenset({measured.subject}), indicators=frozenset({measured.indicator}))
    return shelf.figure(measured.indicator, measured.subject, period, measured.carrier)
