"""One building's dashboards: the page, its panels alone for renewal, and the same as data."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from config.domain.indicators import SubjectKind
from services.web.answers import JsonResponse
from services.web.board import Board, invented, kind_of
from services.web.shell import language_of, shell_of
from services.web.visitor import visitor_of


def building_routes(board: Board) -> APIRouter:
    """`/byggnad/{building}` is the first dashboard, `/byggnad/{building}/{dashboard}` any."""
    router = APIRouter()

    def page(request: Request, building: str, dashboard: str) -> HTMLResponse:
        found, shown = board.found(request, building, dashboard)
        language = language_of(request)
        return shell_of(request).page(
            request,
            "building.html",
            title=found.name,
            building=found,
            here="/",
            kind=kind_of(found, language),
            owner=board.owner(found),
            dashboard=shown,
            dashboards=board.of_building(visitor_of(request)),
            panels=board.viewer(request, building).panels(shown),
            invented=invented(found, language),
            figures_path=f"/siffror/{SubjectKind.BUILDING}:{found.id}" if board.figures else "",
        )

    @router.get("/byggnad/{building}")
    def first(request: Request, building: str) -> HTMLResponse:
        return page(request, building, "")

    @router.get("/byggnad/{building}/{dashboard}")
    def one(request: Request, building: str, dashboard: str) -> HTMLResponse:
        return page(request, building, dashboard)

    @router.get("/paneler/{dashboard}/{building}")
    def fragment(request: Request, dashboard: str, building: str) -> HTMLResponse:
        _, shown = board.found(request, building, dashboard)
        return shell_of(request).fragment(request, "panels.html", panels=board.viewer(request, building).panels(shown))

    @router.get("/api/panels/{dashboard}/{building}")
    def api_panels(request: Request, dashboard: str, building: str) -> Response:
        found, shown = board.found(request, building, dashboard)
        viewer = board.viewer(request, building)
        return JsonResponse(
            {
                "municipality": board.portfolio.municipality,
                "building": {"id": found.id, "name": found.name, "example": sorted(found.example)},
                "dashboard": shown.uid,
                "example": shell_of(request).example(found),
                "at": viewer.now,
                "timezone": board.portfolio.timezone,
                "panels": [asdict(panel) for panel in viewer.panels(shown)],
            }
        )

    return router
