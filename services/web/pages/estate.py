"""Dashboards of all buildings, or of those that the address leaves."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.reports.wording import pick
from services.web.board import Board
from services.web.shell import language_of, shell_of
from services.web.visitor import visitor_of


def estate_routes(board: Board) -> APIRouter:
    """`/tavla/{dashboard}?agare=&typ=&yta=&month=`."""
    router = APIRouter()

    @router.get("/tavla/{dashboard}")
    def page(request: Request, dashboard: str) -> HTMLResponse:
        shown = board.of_all(request, dashboard)
        language = language_of(request)
        return shell_of(request).page(
            request,
            "estate.html",
            title=pick(language, shown.dashboard.title_sv, shown.dashboard.title_en),
            description=pick(language, shown.dashboard.description_sv, shown.dashboard.description_en),
            shown=shown,
            dashboard=shown.dashboard,
            dashboards=board.of_estate(visitor_of(request), shown.dashboard),
            beside=shell_of(request).beside(request, shown.dashboard.uid),
            filters=shown.filters.offered(board.portfolio, shown.offered, language),
            chosen=len(shown.situation.choice.buildings),
            all_buildings=len(shown.offered.buildings),
            months=board.months(shown) if shown.dashboard.monthly else [],
            panels=shown.viewer.page(shown.dashboard),
        )

    return router
