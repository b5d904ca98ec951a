"""A report as its figures are known now, what that says otherwise than as it was published, and a new edition of it.

Making one reads the store, so it is for who reads all of the subject; and the same one is given again for a while, so that who
goes from page to page sees one and the same.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from config.domain.clock import Clock
from config.domain.indicators import Subject
from config.domain.periods import Period
from config.errors import ChangeRefused, ReportError, StoreError
from services.reports.archive import Listed
from services.reports.planned_sending import PlannedSending
from services.reports.printing import printed
from services.reports.report import REPORT_NAMES, Publication, Report, ReportKind
from services.reports.report_keeping import ReportKeeping, fingerprint
from services.reports.wording import Language, pick
from services.state.deviation_keeping import LONGEST, Doer
from services.web.access import Unseen
from services.web.changes.rights import refuse_unless
from services.web.reports.links import ARCHIVE
from services.web.reports.readable import ReadableReports
from services.web.reports.rights import keeps_reports
from services.web.reports.words import counted_changes, told_changes
from services.web.shell import language_of, shell_of, suffix_of
from services.web.signing.addresses import Addresses
from services.web.signing.forms import Form, form_of
from services.web.visitor import visitor_of

FRESH = timedelta(minutes=2)
MOST = 8  # made reports that are remembered

MakeReport = Callable[[ReportKind, Subject, Period], Report]
"""The report as its figures are known now. Raises ReportError: it cannot be made; StoreError: the store does not answer."""


class MadeReports:
    """Made one at a time, and given again while they are fresh."""

    def __init__(self, make: MakeReport, clock: Clock) -> None:
        self._make = make
        self._clock = clock
        self._lock = threading.Lock()
        self._made: dict[tuple[ReportKind, Subject, Period], tuple[datetime, Report]] = {}

    def report(self, of: Report) -> Report:
        """The same report as it is now. Raises what `MakeReport` raises."""
        key = (of.kind, of.subject, of.period)
        with self._lock:
            at, made = self._made.get(key, (None, None))
            now = self._clock.now()
            if made is None or at is None or not at <= now < at + FRESH:
                made = self._make(*key)
                self._made[key] = (now, made)
                while len(self._made) > MOST:
                    del self._made[next(iter(self._made))]
        return replace(made, variant=of.variant)  # the report's own, whatever it is asked for as


@dataclass(frozen=True, slots=True)
class Compared:
    """The newest edition beside what is known now; `now` is None, with `trouble`, where that cannot be made."""

    published: Publication
    now: Report | None
    draft: Publication | None = None  # of the next edition, where it says something else
    trouble: str = ""
    status: int = 200


def known_now_routes(
    readable: ReadableReports, made: MadeReports, keeping: ReportKeeping, sending: PlannedSending, addresses: Addresses
) -> APIRouter:
    """`/rapporter/{number}/nu`, `/skillnad` and `/ny-utgava`; to be asked before the routes of editions."""
    router = APIRouter()

    def compared(request: Request, listed: Listed) -> Compared:
        language = language_of(request)
        published = readable.publication(listed, language)
        try:
            report = made.report(published.report)
            draft = readable.archive.draft(report)
            return Compared(published, report, draft.publication if draft.is_new else None)
        except ReportError as error:
            return Compared(published, None, trouble=_not_made(error, language), status=409)
        except StoreError:
            words = "Saknas: databasen svarar inte just nu.", "Missing: the database does not answer right now."
            return Compared(published, None, trouble=pick(language, *words), status=503)

    def confirming(request: Request, listed: Listed, fault: str = "", form: Form | None = None) -> HTMLResponse:
        language, found = language_of(request), compared(request, listed)
        return shell_of(request).page(
            request,
            "report_new_edition.html",
            422 if fault else found.status,
            title=pick(language, "Ny utgåva", "New edition"),
            here=ARCHIVE,
            own_address=f"{ARCHIVE}/{listed.number}/ny-utgava",
            number=listed.number,
            about=listed.title.said(language),
            edition=listed.edition,
            trouble=found.trouble,
            counted="" if found.draft is None else counted_changes(len(found.draft.changes), language),
            seen="" if found.draft is None else fingerprint(found.draft),
            recipients=sending.recipients(found.published.report),
            longest=LONGEST,
            fault=fault,
            kept=form or Form({}),
        )

    @router.get(f"{ARCHIVE}/{{number}}/nu")
    def now(request: Request, number: str) -> HTMLResponse:
        language = language_of(request)
        listed = readable.inside(visitor_of(request), number)
        found = compared(request, listed)
        return shell_of(request).page(
            request,
            "report_now.html",
            found.status,
            title=listed.title.said(language),
            here=ARCHIVE,
            number=listed.number,
            kind=REPORT_NAMES[listed.kind].said(language),
            report=None if found.now is None else printed(Publication(found.now), language),
            trouble=found.trouble,
        )

    @router.get(f"{ARCHIVE}/{{number}}/skillnad")
    def differing(request: Request, number: str) -> HTMLResponse:
        visitor, language = visitor_of(request), language_of(request)
        listed = readable.inside(visitor, number)
        found = compared(request, listed)
        changes = () if found.draft is None else found.draft.changes
        return shell_of(request).page(
            request,
            "report_difference.html",
            found.status,
            title=listed.title.said(language),
            here=ARCHIVE,
            number=listed.number,
            kind=REPORT_NAMES[listed.kind].said(language),
            edition=listed.edition,
            told=counted_changes(len(changes), language),
            changes=told_changes(changes, language, found.published.report.zone),
            may_publish=keeps_reports(visitor),
            trouble=found.trouble,
        )

    @router.get(f"{ARCHIVE}/{{number}}/ny-utgava")
    def confirm(request: Request, number: str) -> HTMLResponse:
        visitor = visitor_of(request)
        listed = readable.inside(visitor, number)
        if not keeps_reports(visitor):
            raise Unseen
        return confirming(request, listed)

    @router.post(f"{ARCHIVE}/{{number}}/ny-utgava")
    def publish(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        visitor, language = visitor_of(request), language_of(request)
        listed = readable.inside(visitor, number)
        refuse_unless(request, keeps_reports(visitor))
        found = compared(request, listed)
        if found.now is None:
            return confirming(request, listed, found.trouble, form)
        doer = Doer(visitor.name, addresses.of(request))
        try:
            published = keeping.reissue(found.published, found.now, doer, form.text("seen"), form.text("why"))
            if form.ticked("send"):
                sending.send(published, other_editions_too=True)
        except (ChangeRefused, ReportError) as error:
            return confirming(request, listed, error.sentence(language), form)
        return RedirectResponse(f"{ARCHIVE}/{listed.number}{suffix_of(request)}", 303)

    return router


def _not_made(error: ReportError, language: Language) -> str:
    return f"{pick(language, 'Rapporten kan inte göras nu:', 'The report cannot be made now:')} {error.sentence(language)}"
