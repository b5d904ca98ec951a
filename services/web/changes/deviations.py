"""A deviation's page with all that is known of it and what people may do, and the log of actions."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from config.domain.deviations import Thread, ThreadState
from config.domain.estate import Portfolio
from config.errors import ChangeRefused
from services.reports.lineage_words import subject_name
from services.reports.wording import pick
from services.state.deviation_keeping import DeviationKeeping, Doer
from services.state.state import State
from services.web.access import Unseen
from services.web.changes.rights import building_of_thread, insider, number_of, refuse_unless
from services.web.changes.words import (
    amounts,
    event_words,
    evidence_rows,
    is_metering,
    kind_name,
    saving_words,
    state_words,
)
from services.web.shell import language_of, shell_of, suffix_of
from services.web.signing.addresses import Addresses
from services.web.signing.forms import Form, form_of
from services.web.visitor import Visitor


def deviation_routes(portfolio: Portfolio, state: State, keeping: DeviationKeeping, addresses: Addresses) -> APIRouter:
    """Read by whoever may see the building, changed by whoever keeps it."""
    router = APIRouter()

    def seen(request: Request, number: str) -> tuple[Visitor, Thread]:
        visitor = insider(request)
        thread = state.deviation_threads.thread(number_of(number))
        if thread is None:
            raise Unseen
        building_of_thread(portfolio, visitor, thread)
        return visitor, thread

    def page(request: Request, visitor: Visitor, thread: Thread, fault: str = "", form: Form | None = None) -> HTMLResponse:
        language, found = language_of(request), thread.deviation
        building = portfolio.buildings[found.building]
        shell = shell_of(request)
        return shell.page(
            request,
            "deviation.html",
            422 if fault else 200,
            title=f"{kind_name(thread, language)}: {building.name}",
            building=building,
            here="/matarbyten",
            own_address=f"/avvikelse/{thread.id}",
            thread=thread,
            sentence=pick(language, found.sentence_sv, found.sentence_en),
            action=pick(language, found.action_sv, found.action_en),
            subject=subject_name(found.subject, portfolio, language),
            amounts=amounts(thread, language),
            metering=is_metering(thread),
            standing=state_words(thread, keeping.today, language),
            saving=saving_words(thread.saving, language),
            evidence=evidence_rows(found.evidence, language),
            events=[
                (shell.local(event.at), event_words(event, language), event.who, event.text)
                for event in state.deviation_threads.events(thread.id)
            ],
            may_change=visitor.may_keep(building) and thread.state is not ThreadState.CLOSED,
            today=keeping.today,
            fault=fault,
            kept=form or Form({}),
        )

    def changed(request: Request, number: str, form: Form, change: Callable[[Doer, int], Thread]) -> Response:
        visitor, thread = seen(request, number)
        refuse_unless(request, visitor.may_keep(portfolio.buildings[thread.deviation.building]))
        try:
            change(Doer(visitor.name, addresses.of(request)), thread.id)
        except ChangeRefused as error:
            return page(request, visitor, thread, error.sentence(language_of(request)), form)
        return RedirectResponse(f"/avvikelse/{thread.id}{suffix_of(request)}", 303)

    @router.get("/avvikelse/{number}")
    def show(request: Request, number: str) -> HTMLResponse:
        return page(request, *seen(request, number))

    @router.post("/avvikelse/{number}/kvittera")
    def acknowledge(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return changed(request, number, form, lambda doer, known: keeping.acknowledge(known, doer, form.text("text")))

    @router.post("/avvikelse/{number}/tysta")
    def mute(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return changed(
            request, number, form, lambda doer, known: keeping.mute(known, doer, form.text("reason"), form.day("until"))
        )

    @router.post("/avvikelse/{number}/atgard")
    def act(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return changed(request, number, form, lambda doer, known: keeping.act(known, doer, form.text("action"), form.day("day")))

    @router.post("/avvikelse/{number}/stang")
    def close(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        return changed(request, number, form, lambda doer, known: keeping.close(known, doer, form.text("closing")))

    @router.get("/atgarder")
    def actions(request: Request) -> HTMLResponse:
        visitor, language = insider(request), language_of(request)
        rows = [
            {
                "thread": thread,
                "kind": kind_name(thread, language),
                "building": portfolio.buildings[thread.deviation.building].name,
                "day": event.day,
                "who": event.who,
                "text": event.text,
                "saving": saving_words(thread.saving, language),
                "standing": state_words(thread, keeping.today, language),
            }
            for thread, event in state.deviation_threads.actions()
            if thread.deviation.building in portfolio.buildings
            and visitor.sees_whole(portfolio.buildings[thread.deviation.building])
        ]
        title = pick(language, "Åtgärder", "Actions")
        return shell_of(request).page(request, "actions.html", title=title, here="/matarbyten", rows=rows)

    return router
