"""The built-in board: pages and their data. `create_app` is all that the composition root needs.

It works without JavaScript (tables, and a page that renews itself), without any outside network, and asks the store only what
panels ask. It has no rights of its own to give: it listens on loopback, and who publishes it further puts a login in front.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from config.domain.clock import Clock
from config.domain.estate import Building, Portfolio
from config.domain.figure_names import figure_name, named_period, period_name
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.panels import Dashboard, installed_in
from config.domain.periods import day, zone_named
from config.domain.series import READINGS, Aggregate, SeriesQuery
from config.errors import FigureUnknown, StoreError
from services.reports.lineage import LineageReader
from services.web.charts import drawing, spark
from services.web.lineage_words import explained, figure_title, listed_row, period_words, subject_name
from services.web.reading import FRESH_S, CachedReader, SeriesReader
from services.web.view import Viewer
from services.web.wording import ATTRIBUTES, KINDS, Language, number, pick, plain_number, swedish_order

HERE = Path(__file__).parent
HEARD = timedelta(hours=3)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about the service that makes figures late or wrong, in words for those who look at them."""

    sentence_sv: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class _Listed:
    building: Building
    kind: str
    owner: str
    meters: int
    heard: int | None  # None: the store did not answer


def no_troubles() -> Sequence[Trouble]:
    """The service is well."""
    return ()


class JsonResponse(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


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
) -> FastAPI:
    """The board of one municipality.

    Args:
        dashboards: the first is what a building's address shows.
        simulated: whether readings come from the simulation; then every page says so.
        troubles: asked at every page; what it says is shown on top.
        hosts: names under which it may be called, where it is published; any where none are given.
        fresh_s: how old a figure's answer may be. Fifty watchers then ask no more than one.
        figures: the published ones and where they come from; None: there are no such pages.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    if hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    board = _Board(portfolio, tuple(dashboards), store, fresh_s, clock, simulated, troubles, figures)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    @app.middleware("http")
    async def secured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        response.headers["Cache-Control"] = "max-age=300" if request.url.path.startswith("/static/") else "no-store"
        return response

    @app.exception_handler(StarletteHTTPException)
    async def failed(request: Request, error: StarletteHTTPException) -> Response:
        if request.url.path.startswith("/api/"):
            return JsonResponse({"error": error.detail}, error.status_code)
        return board.failure(_language(request), error)

    @app.get("/")
    def buildings(request: Request, q: str = "") -> HTMLResponse:
        return board.buildings(_language(request), q)

    @app.get("/byggnad/{building}")
    def first(request: Request, building: str) -> HTMLResponse:
        return board.building(_language(request), building, board.dashboards[0].uid)

    @app.get("/byggnad/{building}/{dashboard}")
    def one(request: Request, building: str, dashboard: str) -> HTMLResponse:
        return board.building(_language(request), building, dashboard)

    @app.get("/paneler/{dashboard}/{building}")
    def fragment(request: Request, dashboard: str, building: str) -> HTMLResponse:
        return board.panels_page(_language(request), building, dashboard)

    @app.get("/siffror/{subject:path}")
    def figures_of(request: Request, subject: str, period: str = "") -> HTMLResponse:
        return board.figures_page(_language(request), subject, period)

    @app.get("/siffra/{name:path}")
    def figure(request: Request, name: str, as_known: str = "") -> HTMLResponse:
        return board.figure_page(_language(request), name, as_known)

    @app.get("/api/buildings")
    def api_buildings(request: Request, q: str = "") -> Response:
        return JsonResponse(board.buildings_data(_language(request), q))

    @app.get("/api/panels/{dashboard}/{building}")
    def api_panels(request: Request, dashboard: str, building: str) -> Response:
        return JsonResponse(board.panels_data(_language(request), building, dashboard))

    @app.get("/healthz")
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @app.get("/readyz")
    def readyz() -> PlainTextResponse:
        trouble = board.store_trouble()
        return PlainTextResponse(trouble or "ok\n", 503 if trouble else 200)

    return app


class _Board:
    """What the routes show."""

    def __init__(
        self,
        portfolio: Portfolio,
        dashboards: tuple[Dashboard, ...],
        store: SeriesReader,
        fresh_s: float,
        clock: Clock,
        simulated: bool,
        troubles: Callable[[], Sequence[Trouble]],
        figures: LineageReader | None,
    ) -> None:
        self._figures = figures
        self.dashboards = dashboards
        self._portfolio = portfolio
        self._store = store  # for readiness, which must not be remembered
        self._reader = CachedReader(store, fresh_s)
        self._clock = clock
        self._simulated = simulated
        self._troubles = troubles
        loader = FileSystemLoader(HERE / "templates")
        self._pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._pages.globals |= {"drawing": drawing, "spark": spark, "number": number, "plain_number": plain_number}

    def buildings(self, language: Language, search: str) -> HTMLResponse:
        """All buildings, or those whose name, kind or owner has the words."""
        listed = self._listed(language, search)
        title = pick(language, "Byggnader", "Buildings")
        return self._page(
            "buildings.html",
            language,
            "/",
            {"q": search} if search else {},
            title=title,
            listed=listed,
            search=search,
            figures_path=f"/siffror/{SubjectKind.PORTFOLIO}:{PORTFOLIO}" if self._figures else "",
        )

    def building(self, language: Language, building: str, dashboard: str) -> HTMLResponse:
        """One building's dashboard."""
        found, shown = self._found(building, dashboard)
        viewer = self._viewer(language, building)
        return self._page(
            "building.html",
            language,
            f"/byggnad/{building}" if shown is self.dashboards[0] else f"/byggnad/{building}/{dashboard}",
            {},
            title=found.name,
            building=found,
            kind=_kind(found, language),
            owner=self._owner(found),
            dashboard=shown,
            dashboards=self.dashboards,
            panels=viewer.panels(shown),
            invented=_invented(found, language),
            figures_path=f"/siffror/{SubjectKind.BUILDING}:{found.id}" if self._figures else "",
        )

    def figures_page(self, language: Language, subject: str, period: str) -> HTMLResponse:
        """What is published of a subject for one period, the newest of the longest where none is named."""
        kind, _, name = subject.partition(":")
        if self._figures is None or kind not in set(SubjectKind):
            raise HTTPException(404, subject)
        about, zone = Subject(SubjectKind(kind), name), self._portfolio.timezone
        known = [(period_name(one), period_words(one, language)) for one in self._figures.periods(about, self._clock.now())]
        chosen = period or (known[0][0] if known else "")
        with _named():
            values = self._figures.listed(about, named_period(chosen, zone)) if chosen else []
        called = subject_name(about, self._portfolio, language)
        return self._page(
            "figures.html",
            language,
            f"/siffror/{subject}",
            {"period": period} if period else {},
            title=f"{pick(language, 'Siffror', 'Figures')}: {called}",
            form_path=f"/siffror/{subject}",
            periods=known,
            chosen=chosen,
            rows=[listed_row(value, language) for value in values],
            building=self._portfolio.buildings.get(name) if kind == SubjectKind.BUILDING else None,
        )

    def figure_page(self, language: Language, text: str, as_known: str) -> HTMLResponse:
        """Where one figure comes from."""
        if self._figures is None:
            raise HTTPException(404, text)
        zone = self._portfolio.timezone
        with _named():
            name = figure_name(text, zone)
            then = day(date.fromisoformat(as_known), zone).end - timedelta(seconds=1) if as_known else None
            lineage = self._figures.explain(name, then)
        return self._page(
            "figure.html",
            language,
            f"/siffra/{text}",
            {"as_known": as_known} if as_known else {},
            title=figure_title(name, language),
            shown=explained(lineage, self._portfolio, language),
            list_path=f"/siffror/{name.subject.kind}:{name.subject.id}",
            as_known=as_known,
            building=self._portfolio.buildings.get(name.subject.id) if name.subject.kind is SubjectKind.BUILDING else None,
        )

    def panels_page(self, language: Language, building: str, dashboard: str) -> HTMLResponse:
        """The panels alone, to be put in place of the old ones."""
        _, shown = self._found(building, dashboard)
        viewer = self._viewer(language, building)
        page = self._pages.get_template("panels.html")
        return HTMLResponse(page.render(panels=viewer.panels(shown), now=self._local(viewer.now), **_words(language)))

    def panels_data(self, language: Language, building: str, dashboard: str) -> dict[str, Any]:
        """What the panels show, as values."""
        found, shown = self._found(building, dashboard)
        viewer = self._viewer(language, building)
        return {
            "municipality": self._portfolio.municipality,
            "building": {"id": found.id, "name": found.name, "example": sorted(found.example)},
            "dashboard": shown.uid,
            "example": self._example(found),
            "at": viewer.now,
            "timezone": self._portfolio.timezone,
            "panels": [asdict(panel) for panel in viewer.panels(shown)],
        }

    def buildings_data(self, language: Language, search: str) -> list[dict[str, Any]]:
        """The list of buildings, as values."""
        return [
            {
                "id": each.building.id,
                "name": each.building.name,
                "kind": each.building.kind,
                "owner": each.owner,
                "example": sorted(each.building.example),
                "meters": each.meters,
                "meters_heard": each.heard,
            }
            for each in self._listed(language, search)
        ]

    def failure(self, language: Language, error: StarletteHTTPException) -> HTMLResponse:
        """A page instead of a bare number."""
        unknown = pick(language, "Sidan finns inte", "There is no such page")
        title = unknown if error.status_code == 404 else f"{pick(language, 'Fel', 'Error')} {error.status_code}"
        return self._page("failure.html", language, "/", {}, error.status_code, title=title, detail=error.detail)

    def store_trouble(self) -> str:
        """Why the board cannot show figures now; "" where it can."""
        now = self._clock.now().replace(second=0, microsecond=0)
        try:
            self._store.read(SeriesQuery(READINGS, now, now.replace(second=1), {"meter": ("energimonitor-ready",)}))
        except StoreError as error:
            return f"the store does not answer: {error}\n"
        return ""

    def _found(self, building: str, dashboard: str) -> tuple[Building, Dashboard]:
        shown = next((each for each in self.dashboards if each.uid == dashboard), None)
        if building not in self._portfolio.buildings or shown is None:
            raise HTTPException(404, f"{building} / {dashboard}")
        return self._portfolio.buildings[building], shown

    def _viewer(self, language: Language, building: str) -> Viewer:
        return Viewer(self._portfolio, building, self._clock.now(), language, self._reader)

    def _listed(self, language: Language, search: str) -> list[_Listed]:
        now = self._clock.now()
        meters = {
            building: {each.meter for each in installed_in(self._portfolio, building, now)}
            for building in self._portfolio.buildings
        }
        heard = self._heard(sorted(set().union(*meters.values())), now)
        listed = [
            _Listed(
                building,
                _kind(building, language),
                self._owner(building),
                len(meters[building.id]),
                None if heard is None else len(meters[building.id] & heard),
            )
            for building in self._portfolio.buildings.values()
        ]
        words = search.casefold().split()
        found = [each for each in listed if all(word in _searched(each) for word in words)]
        return sorted(found, key=lambda each: (swedish_order(each.building.name), each.building.id))

    def _heard(self, meters: Sequence[str], now: datetime) -> set[str] | None:
        """The meters that have sent in the last hours."""
        minute = now.replace(second=0, microsecond=0)
        start = minute.replace(minute=0) - HEARD
        where = {"meter": tuple(meters)}
        query = SeriesQuery(READINGS, start, where=where, aggregate=Aggregate.COUNT, by=("meter",))
        try:
            return set(self._reader.read(query)["meter"].to_list())
        except StoreError:
            return None

    def _owner(self, building: Building) -> str:
        owner = self._portfolio.owners.get(building.owner)
        return owner.name if owner else building.owner

    def _example(self, building: Building | None) -> bool:
        shown = [building] if building else list(self._portfolio.buildings.values())
        points = any(point.example for each in shown for point in self._portfolio.points_in(each.id))
        return self._simulated or points or any(each.example for each in shown)

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(zone_named(self._portfolio.timezone))

    def _page(
        self, name: str, language: Language, path: str, query: dict[str, str], status: int = 200, **values: Any
    ) -> HTMLResponse:
        other: Language = "en" if language == "sv" else "sv"
        suffix = "" if language == "sv" else "?lang=en"
        page = self._pages.get_template(name).render(
            municipality=self._portfolio.municipality,
            suffix=suffix,
            other=other,
            other_path=f"{path}?{urlencode(query | {'lang': other})}",
            example=self._example(values.get("building")),
            simulated=self._simulated,
            troubles=[pick(language, each.sentence_sv, each.sentence_en) for each in self._troubles()],
            now=self._local(self._clock.now()),
            **_words(language),
            **values,
        )
        return HTMLResponse(page, status)


@contextmanager
def _named() -> Iterator[None]:
    """What is asked for by a name that is none, or that nothing is published under, is a page that does not exist."""
    try:
        yield
    except (ValueError, FigureUnknown) as error:
        raise HTTPException(404, str(error)) from error


def _words(language: Language) -> dict[str, Any]:
    def say(swedish: str, english: str) -> str:
        return pick(language, swedish, english)

    return {"say": say, "language": language}


def _language(request: Request) -> Language:
    return "en" if request.query_params.get("lang") == "en" else "sv"


def _kind(building: Building, language: Language) -> str:
    return pick(language, *KINDS[building.kind]) if building.kind in KINDS else building.kind


def _invented(building: Building, language: Language) -> str:
    """Which of its attributes are invented."""
    names = [pick(language, *ATTRIBUTES[each]) if each in ATTRIBUTES else each for each in sorted(building.example)]
    return ", ".join(dict.fromkeys(names))


def _searched(listed: _Listed) -> str:
    return f"{listed.building.name} {listed.kind} {listed.owner} {listed.building.id}".casefold()
