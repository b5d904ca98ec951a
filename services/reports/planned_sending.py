"""A publication to those whom plans send such a report to, because a person says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from config.domain.report_plans import ReportPlan
from services.reports.delivery import Addressed
from services.reports.report import Publication, Report


class Queue(Protocol):
    """Mails on their way, as `services.reports.delivery` has them; twice is once."""

    def queue(self, publication: Publication, to: Addressed, *, other_editions_too: bool = False) -> list[str]: ...


@dataclass(frozen=True)
class PlannedSending:
    """The mails go with the next round of the jobs."""

    plans: Sequence[ReportPlan]
    delivery: Queue

    def recipients(self, report: Report) -> list[str]:
        """Whom plans send it to, each once."""
        return sorted({recipient for plan in self._plans_of(report) for recipient in plan.recipients})

    def send(self, publication: Publication, *, other_editions_too: bool = False) -> list[str]:
        """Queue it; for whom it was, who had it already left out.

        Args:
            other_editions_too: also to those who got another edition of it.

        Raises:
            ReportError: it was not published in a form that a plan attaches.
        """
        queued = []
        for plan in self._plans_of(publication.report):
            to = Addressed(plan.recipients, plan.language, plan.forms)
            queued += self.delivery.queue(publication, to, other_editions_too=other_editions_too)
        return queued

    def _plans_of(self, report: Report) -> Iterator[ReportPlan]:
        return (plan for plan in self.plans if plan.kind == report.kind.value and report.subject in plan.subjects)
