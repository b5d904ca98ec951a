"""Which report: of a kind, a subject and a period. The one place that knows who makes which, and what may not be asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from config.domain.estate import Portfolio
from config.domain.figure_names import period_name
from config.domain.goals import Goals
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, local_date
from config.errors import ReportError
from services.figures.calculation import Limits
from services.reports.contents.material import MONTH_FIGURES, Material, Weather
from services.reports.contents.monthly import monthly
from services.reports.contents.owner import owner_summary
from services.reports.contents.sheet import building_sheet, why_no_sheet
from services.reports.contents.trend import trend
from services.reports.figure_shelf import FigureShelf
from services.reports.goal_standing import GoalStanding
from services.reports.report import REPORT_NAMES, Report, ReportKind
from services.reports.wording import swedish_order
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

Maker = Callable[[Material, Subject, Period], Report]
MAKERS: Mapping[ReportKind, Maker] = {
    ReportKind.MONTHLY: monthly,
    ReportKind.TREND: trend,
    ReportKind.SHEET: building_sheet,
    ReportKind.OWNER: owner_summary,
}
ABOUT: Mapping[ReportKind, frozenset[SubjectKind]] = {
    ReportKind.MONTHLY: frozenset(set(SubjectKind) - {SubjectKind.POINT}),
    ReportKind.TREND: frozenset({SubjectKind.PORTFOLIO, SubjectKind.OWNER}),
    ReportKind.SHEET: frozenset({SubjectKind.BUILDING}),
    ReportKind.OWNER: frozenset({SubjectKind.OWNER}),
}
PERIODS: Mapping[ReportKind, frozenset[PeriodKind]] = {
    ReportKind.MONTHLY: frozenset({PeriodKind.MONTH}),
    ReportKind.TREND: frozenset({PeriodKind.YEAR, PeriodKind.YEAR_TO_DATE}),
    ReportKind.SHEET: frozenset({PeriodKind.MONTH}),
    ReportKind.OWNER: frozenset({PeriodKind.MONTH}),
}


@dataclass(frozen=True)
class ReportMaker:
    """Makes reports of what is published. Changes nothing.

    Attributes:
        weather: days and normal days from one instant to another.
        program: the version that makes them.
        simulated: the readings are invented, or the estate is an example.
        limits: below which figures are not published.
    """

    portfolio: Portfolio
    store: TimeSeriesStore
    state: State
    goals: Goals
    weather: Weather
    program: str
    simulated: bool = False
    limits: Limits = field(default_factory=Limits)

    def material(self, known: datetime, *, as_known: bool = False) -> Material:
        """What reports are made of; those that share it read each period once.

        Args:
            known: the clock of the reports.
            as_known: `known` has passed, and figures are wanted as they were known then.
        """
        subjects, then = frozenset(self.subjects()), known if as_known else None
        shelf = FigureShelf(self.store, self.state.figure_history, subjects, then, MONTH_FIGURES)
        standing = GoalStanding(self.goals, self.portfolio, self.store, self.state)
        return Material(
            self.portfolio,
            self.store,
            self.state,
            shelf,
            self.goals,
            standing,
            self.weather,
            known,
            self.program,
            self.simulated,
            self.limits,
        )

    def make(self, kind: ReportKind, subject: Subject, period: Period, material: Material) -> Report:
        """The report.

        Raises:
            ReportError: it may not be asked for; see `refuse`.
        """
        refuse(kind, subject, period, material)
        return MAKERS[kind](material, subject, period)

    def subjects(self, kind: ReportKind | None = None) -> tuple[Subject, ...]:
        """Everything that reports (of the kind) are made of: the whole, owners, types and buildings, each in Swedish order."""
        buildings = sorted(self.portfolio.buildings.values(), key=lambda each: swedish_order(each.name))
        owners = sorted({each.owner for each in buildings}, key=lambda each: swedish_order(self.portfolio.owners[each].name))
        every = (
            Subject(SubjectKind.PORTFOLIO, PORTFOLIO),
            *(Subject(SubjectKind.OWNER, each) for each in owners),
            *(Subject(SubjectKind.BUILDING_KIND, each) for each in sorted({each.kind for each in buildings})),
            *(Subject(SubjectKind.BUILDING, each.id) for each in buildings),
        )
        return tuple(each for each in every if kind is None or self._has(kind, each))

    def _has(self, kind: ReportKind, subject: Subject) -> bool:
        """Whether there is such a report of it: a building that is not public has no sheet."""
        sheet = kind is ReportKind.SHEET and subject.kind is SubjectKind.BUILDING
        return subject.kind in ABOUT[kind] and not (sheet and why_no_sheet(self.portfolio.buildings[subject.id], self.portfolio))


def refuse(kind: ReportKind, subject: Subject, period: Period, material: Material) -> None:
    """Nothing, where the report may be made.

    Raises:
        ReportError: the period is not over or of another kind, the subject is unknown or the kind is not of such.
    """
    name = REPORT_NAMES[kind]
    if period.kind not in PERIODS[kind]:
        raise ReportError(
            f"{name.en}: {period_name(period)} is no {' or '.join(sorted(PERIODS[kind]))}",
            f"{name.sv}: {period_name(period)} är fel sorts period för rapporten",
        )
    if material.known < period.end:
        first = local_date(period.end, period.zone)
        raise ReportError(
            f"{name.en}: {period_name(period)} is not over; it can be made from {first}",
            f"{name.sv}: {period_name(period)} är inte slut; den kan göras från {first}",
        )
    if subject.kind not in ABOUT[kind]:
        raise ReportError(
            f"{name.en}: is not made of a {subject.kind}; of {', '.join(sorted(ABOUT[kind]))}",
            f"{name.sv}: görs inte för {subject.kind}; för {', '.join(sorted(ABOUT[kind]))}",
        )
    if not material.buildings(subject):
        raise ReportError(
            f"no {subject.kind} {subject.id!r} with a building in portfolio.yaml",
            f"{subject.kind} {subject.id!r} finns inte i portfolio.yaml, eller har ingen byggnad",
        )
