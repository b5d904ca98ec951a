"""What people do to published reports: a new edition, checked, published and logged at once."""

import hashlib

from config.domain.clock import Clock
from config.errors import ChangeRefused
from services.reports.archive import ReportArchive
from services.reports.report import Publication, Report
from services.state.audit import Act, AuditTable, Entry
from services.state.deviation_keeping import LONGEST, Doer


class ReportKeeping:
    """Raises ChangeRefused where it cannot be, and has then changed nothing."""

    def __init__(self, archive: ReportArchive, audit: AuditTable, clock: Clock) -> None:
        self._archive = archive
        self._audit = audit
        self._clock = clock

    def reissue(self, published: Publication, report: Report, doer: Doer, seen: str, why: str = "") -> Publication:
        """The next edition of a published report.

        Args:
            seen: the fingerprint of the draft that they looked at.

        Raises:
            ReportError: a form cannot be drawn or kept; nothing is published.
        """
        if len(why) > LONGEST:
            raise ChangeRefused(f"longer than {LONGEST} characters; shorten it", f"längre än {LONGEST} tecken; korta texten")
        found = self._archive.draft(report)
        draft = found.publication
        if draft.number != published.number or not found.is_new:
            raise ChangeRefused(
                f"{published.number} says nothing else now than as published",
                f"{published.number} säger inget annat nu än som publicerad",
            )
        if fingerprint(draft) != seen:
            raise ChangeRefused(
                "other figures have changed since you looked; look at the difference again, and publish it then",
                "fler siffror har ändrats sedan du tittade; se skillnaden igen och publicera den sedan",
            )

        def log() -> None:
            before, after = {"edition": published.edition}, {"edition": draft.edition, "changes": len(draft.changes)}
            told = {**after, "why": why} if why else after
            subject = f"report {draft.number}"
            self._audit.write(Entry(self._clock.now(), doer.name, doer.address, Act.REPORT_REISSUED, subject, before, told))

        if not self._archive.keep(draft, self._archive.rendered(draft), log):
            raise ChangeRefused(
                f"somebody has published another edition of {draft.number} just now; look at it",
                f"någon annan har nyss publicerat en utgåva av {draft.number}; titta på den",
            )
        return draft


def fingerprint(draft: Publication) -> str:
    """Of the changes that a draft would publish."""
    return hashlib.sha256(f"{draft.edition} {draft.changes!r}".encode()).hexdigest()
