"""The built-in board, put together: `create_app` is all that the composition root needs.

It works without JavaScript (tables, and a page that renews itself), without any outside network, and asks the store only what
panels ask. Its own pages are in `services.web.pages`. Other packages add theirs through three arguments of `create_app`:
`routers` (their routes), `templates` (their folders of templates, rendered in the frame of `services.web.shell`) and `visitor`
(who asks; every route reads it with `services.web.visitor.visitor_of`, and `services.web.access` says what they may open).
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from config.addresses import LOOPBACK
from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.panels import Dashboard
from services.reports.goal_standing import GoalStanding
from services.reports.lineage import LineageReader
from services.reports.wording import pick
from services.web.access import Unseen
from services.web.answers import JsonResponse
from services.web.board import Board
from services.web.charts.script import Script, script_routes
from services.web.pages.building import building_routes
from services.web.pages.buildings import building_list_routes
from services.web.pages.estate import estate_routes
from services.web.pages.figures import figure_routes
from services.web.pages.goals import goal_routes
from services.web.pages.health import health_routes
from services.web.pages.panels import panel_routes
from services.web.reading import FRESH_S, CachedReader, SeriesReader
from services.web.reports.readable import ReadableReports
from services.web.shell import NO_SIGN_IN, Place, Shell, SignIn, Trouble, asked_language, language_of, no_troubles, shell_of
from services.web.visitor import NOBODY, ON_THIS_MACHINE, Visitor, visitor_of

STATIC = Path(__file__).parent / "static"
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-proto", "via")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer browsers send forms with "Origin: null", and the guard takes none such
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def on_this_machine(request: Request) -> Visitor:
    """A reader where the call comes from this machine itself, else nobody: a proxy's calls come from others.

    The name that was called must be this machine's too: a page of another site whose name was made to lead here (DNS rebinding)
    calls by its own name.
    """
    own = request.client is not None and request.client.host in LOOPBACK and request.url.hostname in LOOPBACK
    return ON_THIS_MACHINE if own and not any(name in request.headers for name in FORWARDED) else NOBODY


def create_app(
    portfolio: Portfolio,
    dashboards: Sequence[Dashboard],
    store: SeriesReader,
    clock: Clock,
    *,
    simulated: bool = False,
    troubles: Callable[[], Sequence[Trouble]] = no_troubles,
    hosts: Sequence[str] = (),
    fresh_s: float = FRESH_S,
    figures: LineageReader | None = None,
    goals: GoalStanding | None = None,
    reports: ReadableReports | None = None,
    visitor: Callable[[Request], Visitor] = on_this_machine,
    sign_in: SignIn = NO_SIGN_IN,
    routers: Sequence[APIRouter] = (),
    templates: Sequence[Path] = (),
    scripts: Path | None = None,
    places: Sequence[Place] = (),
) -> FastAPI:
    """The board of one municipality.

    Args:
        dashboards: of those of a building that a visitor may open, the first is what the building's address shows.
        simulated: whether readings come from the simulation; then every page says so.
        troubles: asked at every page; what it says is shown on top.
        hosts: names under which it may be called, where it is published; any where none are given.
        fresh_s: how old a figure's answer may be. Fifty watchers then ask no more than one.
        figures: the published ones and where they come from; None: there are no such pages.
        goals: as they stand; None: they have no pages.
        reports: that pages of buildings and goals lead to; their own pages are among `routers`.
        visitor: who asks; called once a request, in a thread of its own.
        routers, templates, places: pages of other packages, and where the navigation leads to them.
        scripts: where the drawing script is kept for the next start, and made ready now; None: it is made when first asked for.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.shell = Shell(
        portfolio, dashboards, clock, simulated=simulated, troubles=troubles, sign_in=sign_in, templates=templates, places=places
    )
    if hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _secure(app, visitor)
    _explain_failures(app)
    board = Board(portfolio, tuple(dashboards), CachedReader(store, fresh_s), clock, figures)
    script = Script(scripts)
    if scripts is not None:
        script.get_ready()
    own = [
        building_list_routes(board),
        building_routes(board, reports),
        estate_routes(board),
        panel_routes(board),
        script_routes(script),
        health_routes(store, clock),
    ]
    if figures is not None:
        own.append(figure_routes(board, figures))
    if goals is not None:
        own.append(goal_routes(board, goals, reports))
    for router in (*own, *routers):
        app.include_router(router)
    return app


def _secure(app: FastAPI, visitor: Callable[[Request], Visitor]) -> None:
    """Every request has a visitor, every answer the headers."""

    @app.middleware("http")
    async def secured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        static = request.url.path.startswith("/static/")
        request.state.visitor = NOBODY if static else await run_in_threadpool(visitor, request)
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)  # a document of its own has a policy of its own
        response.headers.setdefault("Cache-Control", "max-age=300" if static else "no-store")
        return response


def _explain_failures(app: FastAPI) -> None:
    """A page instead of a bare number, and data for programs."""

    @app.exception_handler(StarletteHTTPException)
    async def failed(request: Request, error: StarletteHTTPException) -> Response:
        shell, language = shell_of(request), language_of(request)
        if request.url.path.startswith("/api/"):
            return JsonResponse({"error": error.detail}, error.status_code, error.headers)
        if isinstance(error, Unseen) and shell.sign_in.address and not visitor_of(request).name:
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            asked = asked_language(request)  # said only where it was said: the account that signs in may have another one
            query = {"next": back} | ({"lang": asked} if asked else {})
            return RedirectResponse(f"{shell.sign_in.address}?{urlencode(query)}", 303)
        unknown = pick(language, "Sidan finns inte", "There is no such page")
        title = unknown if error.status_code == 404 else f"{pick(language, 'Fel', 'Error')} {error.status_code}"
        detail = "" if isinstance(error, Unseen) else error.detail
        page = shell.page(request, "failure.html", error.status_code, title=title, detail=detail)
        page.headers.update(error.headers or {})
        return page
