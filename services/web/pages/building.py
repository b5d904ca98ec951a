"""One building's dashboards."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from config.domain.indicators import SubjectKind
from services.web.board import Board, invented
from services.web.filters import kind_name, owner_name
from services.web.shell import language_of, shell_of
from services.web.visitor import visitor_of


def building_routes(board: Board) -> APIRouter:
    """`/byggnad/{building}` is the first dashboard, `/byggnad/{building}/{dashboard}` any."""
    router = APIRouter()

    def page(request: Request, building: str, dashboard: str) -> HTMLResponse:
        shown = board.of_one(request, building, dashboard)
        found = shown.building
        assert found is not None  # noqa: S101 - `of_one` is of a building
        language = language_of(request)
        return shell_of(request).page(
            request,
            "building.html",
            title=found.name,
            building=found,
            here="/",
            shown=shown,
            kind=kind_name(found, language),
            owner=owner_name(board.portfolio, found),
            dashboard=shown.dashboard,
            dashboards=board.of_building(visitor_of(request), found),
            months=board.months(shown) if shown.dashboard.monthly else [],
            panels=shown.viewer.page(shown.dashboard),
            invented=invented(found, language),
            figures_path=f"/siffror/{SubjectKind.BUILDING}:{found.id}" if board.figures else "",
        )

    @router.get("/byggnad/{building}")
    def first(request: Request, building: str) -> HTMLResponse:
        return page(request, building, "")

    @router.get("/byggnad/{building}/{dashboard}")
    def one(request: Request, building: str, dashboard: str) -> HTMLResponse:
        return page(request, building, dashboard)

    return router
