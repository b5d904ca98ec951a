"""Panels without the page around them: for renewal, as values, and as files."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from services.web.access import Unseen
from services.web.answers import JsonResponse
from services.web.board import Board, Shown
from services.web.files import panel_csv
from services.web.shell import language_of, shell_of


def panel_routes(board: Board) -> APIRouter:
    """`/paneler/…`, `/api/panels/…` and `/csv/{dashboard}/{panel}`, of a building or of the estate."""
    router = APIRouter()

    @router.get("/paneler/{dashboard}")
    def of_all(request: Request, dashboard: str) -> HTMLResponse:
        return _fragment(request, board.of_all(request, dashboard))

    @router.get("/paneler/{dashboard}/{building}")
    def of_one(request: Request, dashboard: str, building: str) -> HTMLResponse:
        return _fragment(request, board.of_one(request, building, dashboard))

    @router.get("/api/panels/{dashboard}")
    def values_of_all(request: Request, dashboard: str) -> Response:
        return JsonResponse(_values(request, board, board.of_all(request, dashboard)))

    @router.get("/api/panels/{dashboard}/{building}")
    def values_of_one(request: Request, dashboard: str, building: str) -> Response:
        return JsonResponse(_values(request, board, board.of_one(request, building, dashboard)))

    @router.get("/csv/{dashboard}/{panel}")
    def file(request: Request, dashboard: str, panel: str, byggnad: str = "") -> Response:
        shown = board.of_one(request, byggnad, dashboard) if byggnad else board.of_all(request, dashboard)
        found = next((each for each in shown.dashboard.panels if each.id == panel), None)
        if found is None:
            raise Unseen
        view = shown.viewer.panel(found)
        if view.trouble:
            return Response(view.trouble, 503, media_type="text/plain")
        name = "-".join(each for each in (dashboard, panel, byggnad) if each)
        headers = {"Content-Disposition": f'attachment; filename="{_plain(name)}.csv"'}
        return Response(panel_csv(view, language_of(request)), media_type="text/csv", headers=headers)

    return router


def _fragment(request: Request, shown: Shown) -> HTMLResponse:
    panels = shown.viewer.page(shown.dashboard)
    return shell_of(request).fragment(request, "panels.html", panels=panels, shown=shown)


def _values(request: Request, board: Board, shown: Shown) -> dict[str, Any]:
    building = shown.building
    about = {"id": building.id, "name": building.name, "example": sorted(building.example)} if building else None
    return {
        "municipality": board.portfolio.municipality,
        "building": about,
        "buildings": len(shown.situation.choice.buildings),
        "dashboard": shown.dashboard.uid,
        "example": shell_of(request).example(building),
        "at": shown.situation.now,
        "timezone": board.portfolio.timezone,
        "panels": [asdict(panel) for panel in shown.viewer.panels(shown.dashboard)],
    }


def _plain(name: str) -> str:
    """A file's name in a header: what a header could misread becomes a dash."""
    return "".join(each if each.isascii() and (each.isalnum() or each in "-_") else "-" for each in name)
