"""The archive as one visitor may read it; what is not for them is not there."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from fastapi import HTTPException

from config.domain.estate import Portfolio
from config.domain.indicators import Subject
from config.errors import ReportError
from services.reports.archive import Listed, ReportArchive
from services.reports.report import Publication, ReportKind
from services.reports.wording import Language, pick
from services.web.access import Unseen
from services.web.reports.rights import is_open, may_be_open, reads_all_of
from services.web.visitor import Visitor

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadableReports:
    """Threads may share it.

    Attributes:
        _open: editions that were read, and whether they are open: neither they nor the portfolio change.
    """

    portfolio: Portfolio
    archive: ReportArchive
    _open: dict[tuple[str, int], bool] = field(default_factory=dict, init=False)

    def visible(self, visitor: Visitor) -> Callable[[Listed], bool]:
        """Whether an edition is for them."""
        return lambda listed: reads_all_of(self.portfolio, visitor, listed.subject) or self._is_open(listed)

    def editions(self, visitor: Visitor, number: str) -> list[Listed]:
        """Those of the report that they may read, the oldest first. Raises Unseen where there is none."""
        found = [each for each in self.archive.editions(number) if self.visible(visitor)(each)]
        if not found:
            raise Unseen
        return found

    def inside(self, visitor: Visitor, number: str) -> Listed:
        """The newest edition, for whoever reads all of its subject. Raises Unseen."""
        found = self.archive.editions(number)
        if not found or not reads_all_of(self.portfolio, visitor, found[-1].subject):
            raise Unseen
        return found[-1]

    def publication(self, listed: Listed, language: Language) -> Publication:
        """The edition. Raises HTTPException 500: it is not as it was published; who reads the log learns where and why."""
        try:
            return self.archive.publication(listed.number, listed.edition)
        except ReportError as error:
            log.exception("a published report cannot be read", extra={"report": listed.name})
            raise HTTPException(500, unreadable(language)) from error

    def latest_of(
        self, visitor: Visitor, subject: Subject, kinds: Collection[ReportKind] = tuple(ReportKind), most: int = 3
    ) -> list[Listed]:
        """The newest reports of a subject that they may read, for links to them."""
        every = self.archive.search(subject=subject, visible=self.visible(visitor))
        return [each for each in every if each.kind in kinds][:most]

    def _is_open(self, listed: Listed) -> bool:
        if not may_be_open(self.portfolio, listed.kind, listed.subject):
            return False
        which = (listed.number, listed.edition)
        if which not in self._open:
            try:
                self._open[which] = is_open(self.portfolio, self.archive.publication(*which))
            except ReportError:
                return False
        return self._open[which]


def unreadable(language: Language) -> str:
    """What who reads can be told of a damaged archive."""
    return pick(
        language,
        "Rapporten kan inte läsas ur arkivet: filen är skadad eller borta. Den som sköter tjänsten hittar felet i loggen.",
        "The report cannot be read from the archive: its file is damaged or lost. Whoever runs the service finds it in the log.",
    )
