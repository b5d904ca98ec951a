"""A goal's page: what was decided, how it stands, its picture, its values, and what was done.

It shows what some dashboard tells the visitor of goals already, so whoever may open none of those learns nothing here.
"""

from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from config.domain.assessments import Verdict
from config.domain.figure_names import FigureName
from config.domain.goals import Goal
from config.domain.indicators import PORTFOLIO, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.open_figures import open_figures
from config.domain.panels import About, Choice, Dashboard, Link
from config.errors import StoreError
from services.reports.goal_standing import GoalStanding
from services.reports.report import ReportKind
from services.reports.wording import pick
from services.web.access import Unseen, may_see_figure
from services.web.board import Board
from services.web.files import panel_csv
from services.web.reports.links import report_links
from services.web.reports.readable import ReadableReports
from services.web.shell import language_of, shell_of
from services.web.view.goal_facts import decided, standing_words
from services.web.view.goals import Standing, acted, assessed, divided, draws_lines, lacks, pictured, valued
from services.web.view.situation import Situation
from services.web.view.values import MOST_ROWS, PanelView
from services.web.view.viewer import Viewer
from services.web.visitor import Rights, Visitor, visitor_of


@dataclass(frozen=True, slots=True)
class _Shown:
    """`file_path`: of a panel as a file; the panel's id comes where the braces are."""

    file_path: str


def goal_routes(board: Board, goals: GoalStanding, reports: ReadableReports | None = None) -> APIRouter:
    """`/mal/{goal}` and each of its panels as a file.

    Args:
        reports: the latest trend report is led to; None: there is none.
    """
    router = APIRouter()

    @router.get("/mal/{goal}")
    def page(request: Request, goal: str) -> HTMLResponse:
        found, dashboard = _seen(board, goals, visitor_of(request), goal)
        situation = _situation(board, goals, request, found, most_rows=MOST_ROWS)
        standing = _standing(board, goals, request, found)
        return shell_of(request).page(
            request,
            "goal.html",
            title=situation.pick(found.text_sv, found.text_en),
            goal=found,
            here=f"/tavla/{dashboard.uid}",
            dashboard=dashboard,
            owner=standing_words(situation, found),
            judged=standing.judged.verdict is not Verdict.CANNOT_JUDGE,
            lacks=lacks(situation, standing),
            facts=decided(situation, standing.goal, standing.judged),
            panels=_panels(situation, dashboard, standing),
            reports=report_links(reports, request, Subject(SubjectKind.PORTFOLIO, PORTFOLIO), (ReportKind.TREND,), 1),
            shown=_Shown(f"/mal/{quote(found.id, safe='')}/csv/{{}}{situation.suffix}"),
        )

    @router.get("/mal/{goal}/csv/{panel}")
    def file(request: Request, goal: str, panel: str) -> Response:
        found, dashboard = _seen(board, goals, visitor_of(request), goal)
        situation = _situation(board, goals, request, found)
        views = _panels(situation, dashboard, _standing(board, goals, request, found))
        view = next((each for each in views if each.id == panel), None)
        if view is None:
            raise Unseen
        if view.trouble:
            return Response(view.trouble, 503, media_type="text/plain")
        headers = {"Content-Disposition": f'attachment; filename="{_plain(found.id)}-{view.id}.csv"'}
        return Response(panel_csv(view, situation.language), media_type="text/csv", headers=headers)

    return router


def _seen(board: Board, goals: GoalStanding, visitor: Visitor, name: str) -> tuple[Goal, Dashboard]:
    """The goal, and the dashboard that tells them of it.

    Raises:
        Unseen: there is none, or no dashboard that they may open shows goals, or its figure is not open and they are anybody.
    """
    goal = goals.goal(name)
    dashboard = next((each for each in board.dashboards if each.audience in visitor.audiences and _shows_goals(each)), None)
    if isinstance(goal, Missing) or dashboard is None:
        raise Unseen
    measured = goal.measured_by
    shut = measured is not None and not open_figures(board.portfolio).has(measured.subject, measured.carrier)
    if shut and visitor.rights is Rights.PUBLIC:
        raise Unseen
    return goal, dashboard


def _shows_goals(dashboard: Dashboard) -> bool:
    return dashboard.about is About.ESTATE and any(panel.link is Link.GOAL for panel in dashboard.panels)


def _situation(board: Board, goals: GoalStanding, request: Request, goal: Goal, most_rows: int | None = None) -> Situation:
    """How the reader sees the goal's buildings; what was done in them is not for everybody."""
    visitor = visitor_of(request)
    if visitor.rights is Rights.PUBLIC:
        return replace(board.situation(request, Choice((), public=True)), most_rows=most_rows)
    seen = set(visitor.sees(board.portfolio).buildings)
    within = tuple(each for each in goals.buildings(goal) if each in seen)
    return replace(board.situation(request, Choice(within)), most_rows=most_rows)


def _standing(board: Board, goals: GoalStanding, request: Request, goal: Goal) -> Standing:
    """Raises HTTPException 503 where the store does not answer."""
    visitor = visitor_of(request)
    try:
        judged = goals.assessment(goal, board.now())
        figure = None if isinstance(judged.latest, Missing) else goals.figure(goal, judged.latest.end)
        parts = () if visitor.rights is Rights.PUBLIC else goals.parts(goal, judged)
        values = goals.values(goal)
    except StoreError:
        words = "Saknas: databasen svarar inte just nu.", "Missing: the database does not answer right now."
        raise HTTPException(503, pick(language_of(request), *words)) from None
    buildings = board.portfolio.buildings
    seen = () if isinstance(parts, Missing) else tuple(each for each in parts if visitor.sees_whole(buildings[each.building]))
    return Standing(goal, judged, values, figure, _lineage(board, request, figure), seen)


def _lineage(board: Board, request: Request, figure: IndicatorValue | None) -> str:
    """Where the figure comes from; "" where there is no such page, or it is not for them."""
    if figure is None or board.figures is None:
        return ""
    if not may_see_figure(board.portfolio, visitor_of(request), figure.subject, figure.carrier):
        return ""
    name = str(FigureName(figure.indicator, figure.carrier, figure.subject, figure.period))
    return f"/siffra/{'/'.join(quote(each, safe='') for each in name.split('/'))}{board.situation(request, Choice(())).suffix}"


def _panels(situation: Situation, dashboard: Dashboard, standing: Standing) -> list[PanelView]:
    viewer = Viewer(situation)
    lines = [pictured(each, standing.goal) for each in dashboard.panels if draws_lines(each)]
    parts = divided(situation, standing)
    return [
        assessed(situation, standing),
        *(viewer.panel(each) for each in lines),
        valued(situation, standing),
        *([parts] if parts else []),
        *([viewer.panel(acted())] if situation.choice.buildings else []),
    ]


def _plain(name: str) -> str:
    """A file's name in a header: what a header could misread becomes a dash."""
    return "".join(each if each.isascii() and (each.isalnum() or each in "-_") else "-" for each in name)
