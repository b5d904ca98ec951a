"""Suspected meter exchanges: the list, and each with its evidence and what may be decided."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from config.domain.estate import Portfolio
from config.errors import ChangeRefused, StoreError
from services.reports.wording import number as number_words
from services.reports.wording import pick, unit_text
from services.state.deviation_keeping import Doer
from services.state.exchange_keeping import DECIDED, STATUS_WORDS, ExchangeKeeping
from services.state.exchanges import LedgerEntry, LedgerStatus
from services.state.state import State
from services.web.access import Unseen
from services.web.changes.rights import insider, number_of, place_of_exchange, refuse_unless
from services.web.changes.words import evidence_rows
from services.web.shell import language_of, shell_of, suffix_of
from services.web.signing.addresses import Addresses
from services.web.signing.forms import Form, form_of
from services.web.visitor import Visitor

MOST = 500  # entries of the list; what waits for a person stands first


def exchange_routes(portfolio: Portfolio, state: State, keeping: ExchangeKeeping, addresses: Addresses) -> APIRouter:
    """Read by whoever may see the building, decided by whoever answers for it."""
    router = APIRouter()

    def seen(request: Request, number: str) -> tuple[Visitor, LedgerEntry]:
        visitor = insider(request)
        try:
            entry = keeping.entry(number_of(number))
        except ChangeRefused as error:
            raise Unseen from error
        place_of_exchange(portfolio, visitor, entry)
        return visitor, entry

    def page(
        request: Request, visitor: Visitor, entry: LedgerEntry, fault: str = "", form: Form | None = None, *, insist: bool = False
    ) -> HTMLResponse:
        language, shell = language_of(request), shell_of(request)
        point, building = place_of_exchange(portfolio, visitor, entry)
        return shell.page(
            request,
            "exchange.html",
            422 if fault else 200,
            title=f"{pick(language, 'Mätarbyte', 'Meter exchange')}: {point.name}",
            building=building,
            here="/matarbyten",
            own_address=f"/matarbyte/{entry.id}",
            entry=entry,
            point=point,
            unit=unit_text(point.unit),
            at=shell.local(entry.at),
            detected=shell.local(entry.detected_at),
            decided=None if entry.decided_at is None else shell.local(entry.decided_at),
            sentence=pick(language, entry.sentence_sv, entry.sentence_en),
            standing=pick(language, *STATUS_WORDS[entry.status]),
            levels=[
                (name, "" if level is None else f"{number_words(level, language)} {unit_text(point.unit)}")
                for name, level in (
                    (pick(language, "Den gamla mätarens sista ställning", "The old meter's last level"), entry.old_register),
                    (pick(language, "Den nya mätarens första ställning", "The new meter's first level"), entry.new_register),
                )
            ],
            evidence=evidence_rows(entry.evidence, language),
            may_decide=visitor.may_decide(building),
            is_decided=entry.status in DECIDED,
            fault=fault,
            insist=insist,
            kept=form or Form({}),
        )

    def decided(request: Request, number: str, form: Form, decide: Callable[[Doer, int], LedgerEntry]) -> Response:
        visitor, entry = seen(request, number)
        _, building = place_of_exchange(portfolio, visitor, entry)
        refuse_unless(request, visitor.may_decide(building))
        language = language_of(request)
        try:
            decide(Doer(visitor.name, addresses.of(request)), entry.id)
        except ChangeRefused as error:
            return page(request, visitor, entry, error.sentence(language), form, insist=error.may_insist)
        except StoreError:
            words = pick(
                language,
                "Avläsningarna går inte att nå just nu, så ställningarna kan inte prövas. Försök igen om en stund.",
                "The readings cannot be reached now, so the levels cannot be checked. Try again in a while.",
            )
            return page(request, visitor, entry, words, form)
        return RedirectResponse(f"/matarbyte/{entry.id}{suffix_of(request)}", 303)

    @router.get("/matarbyten")
    def listed(request: Request) -> HTMLResponse:
        visitor, language, shell = insider(request), language_of(request), shell_of(request)
        whole = {each.id for each in portfolio.buildings.values() if visitor.sees_whole(each)}
        points = {point.id: point for point in portfolio.points.values() if point.building in whole}
        entries = [
            *state.exchanges.rows(status=LedgerStatus.OPEN, points=set(points), limit=MOST),
            *(
                entry
                for entry in state.exchanges.rows(status=None, points=set(points), limit=MOST)
                if entry.status is not LedgerStatus.OPEN
            ),
        ]
        rows = [
            {
                "entry": entry,
                "point": points[entry.point].name,
                "building": portfolio.buildings[points[entry.point].building].name,
                "at": shell.local(entry.at),
                "sentence": pick(language, entry.sentence_sv, entry.sentence_en),
                "standing": pick(language, *STATUS_WORDS[entry.status]),
            }
            for entry in entries
        ]
        return shell.page(request, "exchanges.html", title=pick(language, "Mätarbyten", "Meter exchanges"), rows=rows, most=MOST)

    @router.get("/matarbyte/{number}")
    def show(request: Request, number: str) -> HTMLResponse:
        return page(request, *seen(request, number))

    @router.post("/matarbyte/{number}/bekrafta")
    def confirm(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return decided(
            request,
            number,
            form,
            lambda doer, known: keeping.confirm(
                known, doer, form.number("old"), form.number("new"), form.text("note"), anyway=form.ticked("anyway")
            ),
        )

    @router.post("/matarbyte/{number}/avvisa")
    def reject(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return decided(request, number, form, lambda doer, known: keeping.reject(known, doer, form.text("reason")))

    @router.post("/matarbyte/{number}/aterta")
    def reopen(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return decided(request, number, form, lambda doer, known: keeping.reopen(known, doer, form.text("why")))

    return router
