"""Which report: of a kind, a subject and a period. The one place that knows who makes which, and what may not be asked for."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from config.domain.figure_names import period_name
from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import Period, PeriodKind
from config.errors import ReportError
from services.reports.contents.material import Material
from services.reports.report import REPORT_NAMES, Report, ReportKind

Maker = Callable[[Material, Subject, Period], Report]
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
        first = (period.end + timedelta(hours=12)).date()
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
