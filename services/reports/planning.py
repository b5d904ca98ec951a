"""When planned reports go, and which period each is of. Pure.

A plan's turn comes on its working day, in the morning, by the municipality's clock, and lasts to the end of that month: a service
that was down makes up for it within the month, and sends no older reports when it comes back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from config.domain.calendar import MunicipalCalendar
from config.domain.figure_names import named_period, period_name
from config.domain.indicators import Subject
from config.domain.periods import Period, local_date, month, zone_named
from config.domain.report_plans import PlannedKind, ReportPlan
from services.analysis.calendar import is_working_day

MORNING = time(6)  # local: there before the working day begins, and yesterday's late readings are in
ACCOUNTS = (1, 2)  # months in which a trend report is of the whole year before


@dataclass(frozen=True, slots=True)
class Turn:
    """A report that a plan is to send. `due`: when it was to go first."""

    plan: ReportPlan
    subject: Subject
    period: Period
    due: datetime

    @property
    def key(self) -> tuple[str, str, str, str]:
        """By which what became of it is remembered."""
        return self.plan.id, self.subject.kind.value, self.subject.id, period_name(self.period)

    def __str__(self) -> str:
        return f"{self.plan.id} {self.subject.kind}:{self.subject.id} {period_name(self.period)}"


def turns_due(
    plans: Sequence[ReportPlan], known: Mapping[str, datetime], now: datetime, zone: str, calendar: MunicipalCalendar
) -> Iterator[Turn]:
    """Every turn of this month that has come.

    Args:
        known: plan → since when there is one. What came before then is not sent.
    """
    today = local_date(now, zone)
    for plan in plans:
        due = due_at(plan, today, zone, calendar)
        if due is not None and due <= now and plan.id in known and known[plan.id] <= due:
            period = period_of(plan.kind, today, zone)
            yield from (Turn(plan, subject, period, due) for subject in plan.subjects)


def due_at(plan: ReportPlan, on: date, zone: str, calendar: MunicipalCalendar) -> datetime | None:
    """When the plan's turn comes in the month that contains `on`; None where it has none in it."""
    if on.month not in plan.months:
        return None
    day = working_day(plan.working_day, on, calendar)
    return datetime.combine(day, MORNING, zone_named(zone)).astimezone(UTC)


def working_day(number: int, on: date, calendar: MunicipalCalendar) -> date:
    """The working day of that number, from 1, of the month that contains `on`."""
    day, left = on.replace(day=1), number
    while True:
        left -= is_working_day(calendar, day)
        if left == 0:
            return day
        day += timedelta(days=1)


def period_of(kind: PlannedKind, on: date, zone: str) -> Period:
    """What a report that goes in the month that contains `on` is of.

    The month before; of a trend report the year to the end of that month, and in January and February the year before.
    """
    before = on.replace(day=1) - timedelta(days=1)
    if kind != "trend":
        return month(before, zone)
    return named_period(f"{on.year - 1}" if on.month in ACCOUNTS else f"{before:%Y-%m}-ytd", zone)
