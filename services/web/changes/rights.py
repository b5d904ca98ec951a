"""What of threads and exchanges a visitor may see and do. What people wrote is for those who have signed in, never open data."""

from fastapi import HTTPException, Request

from config.domain.alerts import UNDELIVERED
from config.domain.deviations import Thread
from config.domain.estate import Building, MeteringPoint, Portfolio
from services.reports.wording import pick
from services.state.alerts import Alert
from services.state.exchanges import LedgerEntry
from services.web.access import Unseen, wholly_seen
from services.web.shell import language_of
from services.web.visitor import Rights, Visitor, visitor_of

LARGEST_NUMBER = 2**63 - 1  # of SQLite


def insider(request: Request) -> Visitor:
    """The visitor. Raises Unseen for those who have not signed in, where signing in is set up or not."""
    visitor = visitor_of(request)
    if visitor.rights is Rights.PUBLIC:
        raise Unseen
    return visitor


def administrator(request: Request) -> Visitor:
    """The visitor. Raises Unseen for everybody else."""
    visitor = visitor_of(request)
    if visitor.rights is not Rights.ADMINISTRATOR:
        raise Unseen
    return visitor


def number_of(written: str) -> int:
    """A number as it stands in an address. Raises Unseen for what is none."""
    if not (written.isascii() and written.isdecimal() and len(written) < 20 and int(written) <= LARGEST_NUMBER):
        raise Unseen
    return int(written)


def building_of_thread(portfolio: Portfolio, visitor: Visitor, thread: Thread) -> Building:
    """The building that deviates. Raises Unseen."""
    return wholly_seen(portfolio, visitor, thread.deviation.building)


def place_of_exchange(portfolio: Portfolio, visitor: Visitor, entry: LedgerEntry) -> tuple[MeteringPoint, Building]:
    """Where it was. Raises Unseen, also where the point is no more in the portfolio: the prompt has such entries."""
    point = portfolio.points.get(entry.point)
    if point is None:
        raise Unseen
    return point, wholly_seen(portfolio, visitor, point.building)


def sees_alert(portfolio: Portfolio, visitor: Visitor, alert: Alert) -> bool:
    """Whether the alert is for them: of a building of which they see all, or of the service (and of buildings that are no more).

    One that could not be delivered says what somebody's mail server answered, people's addresses perhaps: the administrators'.
    """
    if alert.source == UNDELIVERED:
        return visitor.keeps_service
    building = portfolio.buildings.get(alert.fields["place"]["building"])
    return visitor.sees_service if building is None else visitor.sees_whole(building)


def keeps_alert(portfolio: Portfolio, visitor: Visitor, alert: Alert) -> bool:
    """Whether they may acknowledge it."""
    building = portfolio.buildings.get(alert.fields["place"]["building"])
    return visitor.keeps_service if building is None else visitor.may_keep(building)


def refuse_unless(request: Request, allowed: bool) -> None:
    """Raises HTTPException 403: they see it, and may not change it."""
    if not allowed:
        words = pick(
            language_of(request),
            "Din inloggning får se det här men inte ändra det.",
            "Your account may see this but not change it.",
        )
        raise HTTPException(403, words)
