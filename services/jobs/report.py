"""Reports that go out by themselves: made and published when their day has come, and their mails sent.

Each step is kept before the next begins, and each is the same when it is done again: a report that says the same is the
publication that is there, a mailbox that has it gets no other, and a turn that is done stays done. So the process may end
anywhere. What sends the mails stands in `services.reports.delivery`.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from config.domain.calendar import MunicipalCalendar
from config.domain.clock import Clock
from config.domain.figure_names import named_period
from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import Period
from config.domain.report_plans import ReportPlan
from services.reports.delivery import Addressed, ReportDelivery
from services.reports.planning import Turn, turns_due
from services.reports.report import Publication, Report, ReportKind, Words
from services.state.report_plans import ReportPlansTable

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(hours=1)  # at what waits: readings that were late come in files and by replay, not every minute


@dataclass(frozen=True, slots=True)
class Reporting:
    """What planned reports are made with.

    Attributes:
        make: the report, of what is published now; raises ReportError.
        too_little: why there is too little data for it; None where there is enough.
        publish: into the archive: one that says the same as before is the one that is there; raises ReportError.
    """

    plans: Sequence[ReportPlan]
    zone: str
    calendar: MunicipalCalendar
    make: Callable[[ReportKind, Subject, Period], Report]
    too_little: Callable[[Subject, Period], Words | None]
    publish: Callable[[Report], Publication]
    delivery: ReportDelivery


class ReportJob:
    """A task is a plan that was not known before, or a turn that has come. `reporting`: None where nothing is planned here."""

    name = "report"

    def __init__(self, reporting: Reporting | None, ledger: ReportPlansTable, clock: Clock) -> None:
        self._reporting = reporting
        self._ledger = ledger
        self._clock = clock

    def pending(self, now: datetime) -> Sequence[ReportPlan | Turn]:
        """New plans, then turns that have come and are not done; at those that wait it looks now and then."""
        if self._reporting is None:
            return []
        plans, zone, known = self._reporting.plans, self._reporting.zone, self._ledger.known()
        turns = {turn.key: turn for turn in turns_due(plans, known, now, zone, self._reporting.calendar)}
        for turn in self._waiting(self._reporting):
            turns.setdefault(turn.key, turn)  # also those of a month that is over
        new = [plan for plan in plans if plan.id not in known]
        return [*new, *(turn for turn in turns.values() if self._is_to_be_taken(turn, now))]

    def do(self, task: ReportPlan | Turn) -> None:
        """Know the plan; or make the turn's report, publish it and queue its mails, or say why it waits."""
        if isinstance(task, ReportPlan):
            self._ledger.know(task.id, self._clock.now())
        elif self._reporting is not None and self._is_to_be_taken(task, self._clock.now()):  # another process may have done it
            self._take(task, self._reporting)

    def _waiting(self, reporting: Reporting) -> Iterator[Turn]:
        """What waits, of plans that there are."""
        plans = {plan.id: plan for plan in reporting.plans}
        for had in self._ledger.waiting():
            plan, subject = plans.get(had.plan), Subject(SubjectKind(had.subject_kind), had.subject)
            if plan is not None and subject in plan.subjects:
                yield Turn(plan, subject, named_period(had.period, reporting.zone), had.since)

    def _is_to_be_taken(self, turn: Turn, now: datetime) -> bool:
        had = self._ledger.turn(turn.key)
        if had is None:
            return True
        return had.waits and (now - had.looked >= LOOK_AGAIN or now - turn.due >= turn.plan.waits)

    def _take(self, turn: Turn, reporting: Reporting) -> None:
        now, plan = self._clock.now(), turn.plan
        lack = reporting.too_little(turn.subject, turn.period)
        if lack is not None and now - turn.due < plan.waits:
            self._ledger.wait(turn.key, turn.due, now, lack.sv, lack.en)
            log.warning("a report waits for data", extra={"turn": str(turn), "reason": lack.en})
            return
        report = reporting.make(ReportKind(plan.kind), turn.subject, turn.period)
        if lack is not None and lack not in report.notices:
            report = replace(report, notices=(*report.notices, lack))
        publication = reporting.publish(report)
        queued = reporting.delivery.queue(publication, Addressed(plan.recipients, plan.language, plan.forms))
        self._ledger.done(turn.key, turn.due, now, publication.number, publication.edition)
        log.info("a report is published", extra={"turn": str(turn), "number": publication.name, "mails": len(queued)})


class ReportMailsJob:
    """One task: a round of the mails that are due. `delivery`: None where none can be."""

    name = "report_mails"

    def __init__(self, delivery: ReportDelivery | None) -> None:
        self._delivery = delivery

    def pending(self, now: datetime) -> Sequence[Literal["round"]]:
        """A round, where there is something to send or somebody to be asked about what was left in doubt."""
        return ["round"] if self._delivery is not None and self._delivery.waits(now) else []

    def do(self, task: Literal["round"]) -> None:  # noqa: ARG002 - there is one
        """Send what is due; raises StoreError."""
        if self._delivery is not None:
            self._delivery.send_due()
