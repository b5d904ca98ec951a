"""One building's dashboards."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from config.domain.indicators import Subject, SubjectKind
from services.web.board import Board, invented
from services.web.filters import kind_name, owner_name
from services.web.reports.links import report_links
from services.web.reports.readable import ReadableReports
from services.web.shell import language_of, shell_of
from services.web.visitor import visitor_of


def building_routes(board: Board, reports: ReadableReports | None = None) -> APIRouter:
    """`/byggnad/{building}` is the first dashboard, `/byggnad/{building}/{dashboard}` any.

    Args:
        reports: the latest of the building's are led to; None: there are none.
    """
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
            reports=report_links(reports, request, Subject(SubjectKind.BUILDING, found.id)),
        )

    @router.get("/byggnad/{building}")
    def first(request: Request, building: str) -> HTMLResponse:
        return page(request, building, "")

    @router.get("/byggnad/{building}/{dashboard}")
    def one(request: Request, building: str, dashboard: str) -> HTMLResponse:
        return page(request, building, dashboard)

    return router
