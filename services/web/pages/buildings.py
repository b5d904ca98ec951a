"""The start page: every building that the visitor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from config.domain.estate import Building
from config.domain.indicators import PORTFOLIO, SubjectKind
from config.domain.panels import installed_in
from config.domain.series import READINGS, Aggregate, SeriesQuery
from config.errors import StoreError
from services.web.answers import JsonResponse
from services.web.board import Board, kind_of
from services.web.shell import language_of, shell_of
from services.web.visitor import Visitor, visitor_of
from services.web.wording import Language, pick, swedish_order

HEARD = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Listed:
    building: Building
    kind: str
    owner: str
    meters: int
    heard: int | None  # None: the store did not answer


def building_list_routes(board: Board) -> APIRouter:
    """`/` and the same as data."""
    router = APIRouter()

    @router.get("/")
    def buildings(request: Request, q: str = "") -> HTMLResponse:
        language = language_of(request)
        return shell_of(request).page(
            request,
            "buildings.html",
            title=pick(language, "Byggnader", "Buildings"),
            listed=_listed(board, visitor_of(request), language, q),
            search=q,
            figures_path=f"/siffror/{SubjectKind.PORTFOLIO}:{PORTFOLIO}" if board.figures else "",
        )

    @router.get("/api/buildings")
    def api_buildings(request: Request, q: str = "") -> Response:
        return JsonResponse([_values(each) for each in _listed(board, visitor_of(request), language_of(request), q)])

    return router


def _values(each: Listed) -> dict[str, Any]:
    return {
        "id": each.building.id,
        "name": each.building.name,
        "kind": each.building.kind,
        "owner": each.owner,
        "example": sorted(each.building.example),
        "meters": each.meters,
        "meters_heard": each.heard,
    }


def _listed(board: Board, visitor: Visitor, language: Language, search: str) -> list[Listed]:
    now = board.now()
    seen = [building for building in board.portfolio.buildings.values() if visitor.may_see(building)]
    meters = {building.id: {each.meter for each in installed_in(board.portfolio, building.id, now)} for building in seen}
    heard = _heard(board, sorted(set().union(*meters.values())), now)
    listed = [
        Listed(
            building,
            kind_of(building, language),
            board.owner(building),
            len(meters[building.id]),
            None if heard is None else len(meters[building.id] & heard),
        )
        for building in seen
    ]
    words = search.casefold().split()
    found = [each for each in listed if all(word in _searched(each) for word in words)]
    return sorted(found, key=lambda each: (swedish_order(each.building.name), each.building.id))


def _heard(board: Board, meters: Sequence[str], now: datetime) -> set[str] | None:
    """The meters that have sent in the last hours."""
    minute = now.replace(second=0, microsecond=0)
    start = minute.replace(minute=0) - HEARD
    query = SeriesQuery(READINGS, start, where={"meter": tuple(meters)}, aggregate=Aggregate.COUNT, by=("meter",))
    try:
        return set(board.reader.read(query)["meter"].to_list())
    except StoreError:
        return None


def _searched(listed: Listed) -> str:
    return f"{listed.building.name} {listed.kind} {listed.owner} {listed.building.id}".casefold()
