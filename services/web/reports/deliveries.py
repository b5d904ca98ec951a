"""To whom a report went by mail, what became of it, and what people do about that.

Addresses are personal data: who keeps the reports sees them (`services.web.reports.rights.keeps_reports`), nobody else.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from config.domain.figure_names import named_period
from config.domain.indicators import Subject, SubjectKind
from config.domain.report_plans import ReportPlan
from config.errors import ChangeRefused
from services.reports.archive import Listed
from services.reports.lineage_words import subject_name
from services.reports.printing import moment_text, period_text
from services.reports.report import REPORT_NAMES, ReportKind
from services.reports.wording import Language, pick
from services.state.deviation_keeping import Doer
from services.state.report_mail_keeping import ReportMailKeeping
from services.state.report_mails import NOT_ARRIVED, MailState, ReportMail
from services.state.state import State
from services.web.access import Unseen
from services.web.changes.rights import refuse_unless
from services.web.reports.links import ARCHIVE
from services.web.reports.pages import ReportPage, Waiting
from services.web.reports.readable import ReadableReports
from services.web.reports.rights import keeps_reports, reads_all_of
from services.web.shell import language_of, suffix_of
from services.web.signing.addresses import Addresses
from services.web.signing.forms import Form, form_of
from services.web.visitor import visitor_of

STATE_WORDS: Mapping[MailState, tuple[str, str]] = {
    MailState.QUEUED: ("på väg", "on its way"),
    MailState.HANDING_OVER: ("lämnas just nu", "being handed over"),
    MailState.IN_DOUBT: ("osäkert om det kom fram", "in doubt whether it arrived"),
    MailState.SENT: ("sänt", "sent"),
    MailState.REFUSED: ("togs inte emot", "refused"),
    MailState.BOUNCED: ("kom i retur", "returned"),
}


class ToldMails:
    """What an edition's page tells of its mails, to whoever may know."""

    def __init__(self, state: State, zone: str) -> None:
        self._state = state
        self._zone = zone

    def __call__(self, request: Request, listed: Listed) -> list[dict[str, Any]] | None:
        visitor = visitor_of(request)
        if not keeps_reports(visitor):
            return None
        mails = self._state.report_mails.of(listed.number, listed.edition)
        zone = self._zone
        return [_told(each, language_of(request), zone, visitor.keeps_service) for each in mails]


def waiting_reports(state: State, plans: Collection[ReportPlan], readable: ReadableReports) -> Callable[[Request], list[Waiting]]:
    """Request → what waits of the reports that plans send, of what they may read all of; the oldest first."""
    kinds = {plan.id: ReportKind(plan.kind) for plan in plans}
    portfolio = readable.portfolio

    def told(request: Request) -> list[Waiting]:
        language, visitor = language_of(request), visitor_of(request)
        found = []
        for turn in state.report_plans.waiting():
            subject = Subject(SubjectKind(turn.subject_kind), turn.subject)
            if turn.plan in kinds and reads_all_of(portfolio, visitor, subject):
                period = period_text(named_period(turn.period, portfolio.timezone), language)
                kind = REPORT_NAMES[kinds[turn.plan]].said(language)
                title = f"{kind}, {subject_name(subject, portfolio, language)}, {period}"
                found.append(Waiting(title, pick(language, turn.reason_sv, turn.reason_en)))
        return list(dict.fromkeys(found))  # two plans may send one and the same

    return told


def delivery_routes(page: ReportPage, state: State, keeping: ReportMailKeeping, addresses: Addresses) -> APIRouter:
    """Sent again, or said to have arrived, by an administrator; another keeper of reports sees it and may not."""
    router = APIRouter()

    def changed(request: Request, number: str, mail: str, *, again: bool) -> Response:
        visitor = visitor_of(request)
        found = state.report_mails.mail(mail)
        if not keeps_reports(visitor) or found is None or found.number != number:
            raise Unseen
        refuse_unless(request, visitor.keeps_service)
        doer = Doer(visitor.name, addresses.of(request))
        editions, listed = page.seen(request, number, f"{found.edition}")
        try:
            keeping.send_again(mail, doer) if again else keeping.arrived(mail, doer)
        except ChangeRefused as error:
            return page.shown(request, editions, listed, error.sentence(language_of(request)))
        edition = "" if listed is editions[-1] else f"/{listed.edition}"
        return RedirectResponse(f"{ARCHIVE}/{number}{edition}{suffix_of(request)}#deliveries", 303)

    @router.post(f"{ARCHIVE}/{{number}}/brev/{{mail}}/igen")
    def send_again(request: Request, number: str, mail: str, _: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return changed(request, number, mail, again=True)

    @router.post(f"{ARCHIVE}/{{number}}/brev/{{mail}}/framme")
    def arrived(request: Request, number: str, mail: str, _: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return changed(request, number, mail, again=False)

    return router


def _told(mail: ReportMail, language: Language, zone: str, may_change: bool) -> dict[str, Any]:
    tried = mail.state is MailState.QUEUED and mail.error_sv
    return {
        "id": mail.id,
        "recipient": mail.recipient,
        "language": mail.language,
        "words": pick(language, "försöks igen", "is tried again") if tried else pick(language, *STATE_WORDS[mail.state]),
        "failed": mail.state in NOT_ARRIVED,
        "changed": moment_text(mail.changed, zone),
        "attempts": mail.attempts,
        "error": mail.error(language),
        "may_send": may_change and bool(mail.state in NOT_ARRIVED or tried),
        "may_confirm": may_change and mail.state is MailState.IN_DOUBT,
    }
