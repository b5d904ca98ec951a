"""Standing alerts: the list, and each with whom it was told to and who has taken it on."""

from collections.abc import Collection, Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from config.domain.alerts import KIND_NAMES, AlertKind, Receiver
from config.domain.estate import Portfolio
from config.errors import ChangeRefused
from services.reports.wording import Language, pick
from services.state.alert_keeping import AlertKeeping
from services.state.alerts import Alert, Delivery
from services.state.deviation_keeping import Doer
from services.state.state import State
from services.web.access import Unseen
from services.web.changes.rights import insider, keeps_alert, number_of, refuse_unless, sees_alert
from services.web.changes.words import delivery_words
from services.web.shell import language_of, shell_of, suffix_of
from services.web.signing.addresses import Addresses
from services.web.signing.forms import Form, form_of
from services.web.visitor import Visitor

PLACE = "/matarbyten"  # in the navigation
THREAD = "/avvikelse/"  # an alert that leads there is acknowledged there: the deviation and its alert are one thing


def alert_routes(
    portfolio: Portfolio, state: State, keeping: AlertKeeping, receivers: Collection[Receiver], addresses: Addresses
) -> APIRouter:
    """Of a building: read by whoever sees all of it, acknowledged by whoever keeps it. Of the service: see `Visitor`.

    Args:
        receivers: whom alerts are told to; where there are none nothing is alerted of.
    """
    router = APIRouter()

    def seen(request: Request, number: str) -> tuple[Visitor, Alert]:
        visitor = insider(request)
        alert = state.alerts.alert(number_of(number))
        if alert is None or alert.begun is None or not sees_alert(portfolio, visitor, alert):
            raise Unseen
        return visitor, alert

    def page(request: Request, visitor: Visitor, alert: Alert, fault: str = "", form: Form | None = None) -> HTMLResponse:
        language, shell, deliveries = language_of(request), shell_of(request), state.alerts.deliveries(alert.id)
        told = [
            {
                "receiver": each.receiver,
                "words": delivery_words(each, language),
                "at": None if each.at is None else shell.local(each.at),
                "attempts": each.attempts,
                # what a mail server answers may have people's addresses in it
                "error": each.error if visitor.keeps_service else "",
                "failed": each.failed,
            }
            for each in deliveries.get(alert.id, [])
        ]
        row = _row(request, alert, deliveries.get(alert.id, []))
        may_take = alert.ended is None and not row["by"] and keeps_alert(portfolio, visitor, alert)
        return shell.page(
            request,
            "alert.html",
            422 if fault else 200,
            title=_title(alert, language),
            here=PLACE,
            own_address=f"/larm/{alert.id}",
            ended=None if alert.ended is None else shell.local(alert.ended),
            sentence=pick(language, alert.fields["sentence_sv"], alert.fields["sentence_en"]),
            action=pick(language, alert.fields["action_sv"], alert.fields["action_en"]),
            told=told,
            may_acknowledge=may_take and not _leads_to_thread(alert),
            elsewhere=may_take and _leads_to_thread(alert),
            fault=fault,
            kept=form or Form({}),
            each=row,
        )

    @router.get("/larm")
    def listed(request: Request) -> HTMLResponse:
        visitor, language = insider(request), language_of(request)
        deliveries = state.alerts.deliveries()
        standing = [each for each in state.alerts.active() if each.begun is not None and sees_alert(portfolio, visitor, each)]
        return shell_of(request).page(
            request,
            "alerts.html",
            title=pick(language, "Larm", "Alerts"),
            here=PLACE,
            rows=[_row(request, each, deliveries.get(each.id, [])) for each in sorted(standing, key=_waiting_first)],
            heard=bool(receivers),
        )

    @router.get("/larm/{number}")
    def show(request: Request, number: str) -> HTMLResponse:
        return page(request, *seen(request, number))

    @router.post("/larm/{number}/kvittera")
    def acknowledge(request: Request, number: str, form: Form = Depends(form_of)) -> Response:  # noqa: B008 - FastAPI's way
        visitor, alert = seen(request, number)
        refuse_unless(request, keeps_alert(portfolio, visitor, alert))
        try:
            keeping.acknowledge(alert.id, Doer(visitor.name, addresses.of(request)), form.text("note"))
        except ChangeRefused as error:
            return page(request, visitor, alert, error.sentence(language_of(request)), form)
        return RedirectResponse(f"/larm/{alert.id}{suffix_of(request)}", 303)

    return router


def _row(request: Request, alert: Alert, deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """An alert as list and page show it."""
    language, local, fields = language_of(request), shell_of(request).local, alert.fields
    receivers = {each.receiver: each for each in deliveries}  # of each the latest part
    link = fields["link"]
    return {
        "alert": alert,
        "title": pick(language, fields["title_sv"], fields["title_en"]),
        "kind": pick(language, *KIND_NAMES[AlertKind(fields["kind"])]),
        "place": fields["place"]["name"],
        "urgent": fields["urgent"],
        "sentence": pick(language, fields["sentence_sv"], fields["sentence_en"]),
        "since": local(alert.begun or alert.seen),
        "calm": None if alert.calm is None or alert.ended is not None else local(alert.calm),
        "told": [(name, delivery_words(each, language), each.failed) for name, each in receivers.items()],
        "by": alert.acknowledged_by or fields.get("acknowledged", ""),
        "at": None if alert.acknowledged is None else local(alert.acknowledged),
        "link": f"{link}{suffix_of(request)}" if link else "",
    }


def _title(alert: Alert, language: Language) -> str:
    where = alert.fields["place"]["name"]
    title = pick(language, alert.fields["title_sv"], alert.fields["title_en"])
    return f"{title}: {where}" if where else str(title)


def _leads_to_thread(alert: Alert) -> bool:
    return str(alert.fields["link"]).startswith(THREAD)


def _waiting_first(alert: Alert) -> tuple[bool, bool, int]:
    """What nobody has taken on, the urgent before the rest, the latest first."""
    taken = bool(alert.acknowledged_by or alert.fields.get("acknowledged"))
    return taken, not alert.fields["urgent"], -alert.id
