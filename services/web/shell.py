"""The frame that every page stands in: language, navigation, notices, who has signed in.

The seam for pages of other packages: a router takes `shell_of(request)` and renders a template of its own that extends
``base.html``; its folder of templates is handed to `create_app`. The page gets `say(swedish, english)`, `language`,
`suffix` (what keeps the language in an address: ``"?lang=en"``, or ``""`` where it is the visitor's own), `kept_language` (the
same without ``?lang=``, for forms that are read and addresses with a query), `visitor` and the rest of `_frame`.

    @router.get("/avvikelse/{thread}")
    def thread(request: Request, thread: str) -> HTMLResponse:
        return shell_of(request).page(request, "thread.html", title=..., thread=...)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.domain.clock import Clock
from config.domain.estate import Building, Portfolio
from config.domain.panels import About, Audience, Dashboard
from config.domain.periods import zone_named
from services.reports.wording import LANGUAGES, Language, kept_language, language_suffix, number, pick, unit_text
from services.web.charts.drawing import spec_of
from services.web.charts.legend import legend_of
from services.web.charts.placing import numbered
from services.web.charts.script import ADDRESS
from services.web.charts.spark import spark
from services.web.view.values import spanning
from services.web.visitor import Visitor, visitor_of

TEMPLATES = Path(__file__).parent / "templates"
AUDIENCE_NAMES = {
    Audience.FACILITY_MANAGERS: ("Drift", "Operation"),
    Audience.ENVIRONMENT_TEAM: ("Miljö", "Environment"),
    Audience.BOARD: ("Styrelse", "Board"),
    Audience.CITIZENS: ("Öppna siffror", "Open figures"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about the service that makes figures late or wrong, in words for those who look at them."""

    sentence_sv: str
    sentence_en: str


def no_troubles() -> Sequence[Trouble]:
    """The service is well."""
    return ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where one signs in (GET) and out (POST, with the visitor's token as `token`); "" where no sign-in is set up."""

    address: str = ""
    leaving: str = ""


NO_SIGN_IN = SignIn()


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the navigation."""

    name: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place that another package's pages have, in the navigation or beside a dashboard.

    Attributes:
        shown: to whom.
        beside: the dashboard, by its uid, whose page leads there; "" where it is in the navigation.
    """

    name_sv: str
    name_en: str
    address: str
    shown: Callable[[Visitor], bool]
    beside: str = ""


class Shell:
    """Renders pages. One for each app; any thread."""

    def __init__(
        self,
        portfolio: Portfolio,
        dashboards: Sequence[Dashboard],
        clock: Clock,
        *,
        simulated: bool = False,
        troubles: Callable[[], Sequence[Trouble]] = no_troubles,
        sign_in: SignIn = NO_SIGN_IN,
        templates: Sequence[Path] = (),
        places: Sequence[Place] = (),
    ) -> None:
        """
        Args:
            simulated: whether readings come from the simulation; then every page says so.
            troubles: asked at every page; what it says is shown on top.
            templates: folders of other packages, looked in after the board's own.
            places: of other packages, after the dashboards or beside one.
        """
        self._portfolio = portfolio
        self._dashboards = tuple(dashboards)
        self._clock = clock
        self._simulated = simulated
        self._troubles = troubles
        examples = (
            *(each.example for each in portfolio.buildings.values()),
            *(each.example for each in portfolio.points.values()),
        )
        self._any_example = any(examples)
        self._places = tuple(places)
        self.sign_in = sign_in
        loader = FileSystemLoader([TEMPLATES, *templates])
        self._pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._pages.globals |= {
            "spec_of": spec_of,
            "legend_of": legend_of,
            "script": ADDRESS,
            "spark": spark,
            "spanning": spanning,
            "numbered": numbered,
            "number": number,
            "unit_text": unit_text,
        }
        for name in self._pages.list_templates(("html",)):
            self._pages.get_template(name)  # compiled now: the first page of the largest ones would wait 0.2 s for it

    def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        *,
        title: str,
        building: Building | None = None,
        here: str = "",
        own_address: str = "",
        **values: Any,
    ) -> HTMLResponse:
        """A whole page.

        Args:
            building: what the page is about; its invented values are told on top.
            here: the address in the navigation that the page belongs to, where it is not its own.
            own_address: where the page is read, where that is not where it was asked for: of a form that was refused.
        """
        frame = self._frame(request, building, here or request.url.path, own_address)
        return HTMLResponse(self._pages.get_template(template).render(title=title, building=building, **frame, **values), status)

    def fragment(self, request: Request, template: str, **values: Any) -> HTMLResponse:
        """A part of a page, to be put in place of an older one."""
        now = self.local(self._clock.now())
        return HTMLResponse(self._pages.get_template(template).render(now=now, **words(language_of(request)), **values))

    def local(self, instant: datetime) -> datetime:
        """By the municipality's clock."""
        return instant.astimezone(zone_named(self._portfolio.timezone))

    def example(self, building: Building | None) -> bool:
        """Whether something that a page shows is invented."""
        if building is None:
            return self._simulated or self._any_example
        points = any(point.example for point in self._portfolio.points_in(building.id))
        return self._simulated or points or bool(building.example)

    def navigation(self, visitor: Visitor, language: Language, here: str) -> list[Entry]:
        """The buildings, and for each audience whose dashboards they may open the first that is of the whole estate."""
        suffix = language_suffix(language, visitor.language)
        entries = [Entry(pick(language, "Byggnader", "Buildings"), f"/{suffix}", here == "/")]
        for audience, name in AUDIENCE_NAMES.items():
            of_audience = [each for each in self._dashboards if each.audience is audience and each.about is About.ESTATE]
            if not of_audience or audience not in visitor.audiences:
                continue
            inside = any(here == f"/tavla/{each.uid}" for each in of_audience)
            entries.append(Entry(pick(language, *name), f"/tavla/{of_audience[0].uid}{suffix}", inside))
        entries += [
            Entry(pick(language, place.name_sv, place.name_en), f"{place.address}{suffix}", here == place.address)
            for place in self._places
            if not place.beside and place.shown(visitor)
        ]
        return entries

    def beside(self, request: Request, dashboard: str) -> list[Entry]:
        """Where a dashboard's page leads besides, by the dashboard's uid."""
        language, visitor, suffix = language_of(request), visitor_of(request), suffix_of(request)
        return [
            Entry(pick(language, place.name_sv, place.name_en), f"{place.address}{suffix}", here=False)
            for place in self._places
            if place.beside == dashboard and place.shown(visitor)
        ]

    def _frame(self, request: Request, building: Building | None, here: str, own_address: str) -> dict[str, Any]:
        language, visitor = language_of(request), visitor_of(request)
        other: Language = "en" if language == "sv" else "sv"
        return {
            "municipality": self._portfolio.municipality,
            "suffix": suffix_of(request),
            "kept_language": kept_language(language, visitor.language),
            "other": other,
            "other_path": in_language(own_address or _read_at(request), other),
            "example": self.example(building),
            "simulated": self._simulated,
            "troubles": [pick(language, each.sentence_sv, each.sentence_en) for each in self._troubles()],
            "now": self.local(self._clock.now()),
            "visitor": visitor,
            "sign_in": self.sign_in,
            "navigation": self.navigation(visitor, language, here),
            **words(language),
        }


def shell_of(request: Request) -> Shell:
    """The shell of the app that answers."""
    shell = request.app.state.shell
    assert isinstance(shell, Shell)  # noqa: S101 - only `create_app` writes there
    return shell


def asked_language(request: Request) -> Language | None:
    """As the address says; None where it says nothing."""
    return LANGUAGES.get(request.query_params.get("lang", ""))


def language_of(request: Request) -> Language:
    """As the address says; the visitor's own where it says nothing."""
    return asked_language(request) or visitor_of(request).language


def suffix_of(request: Request) -> str:
    """What keeps the page's language in an address without a query."""
    return language_suffix(language_of(request), visitor_of(request).language)


def in_language(address: str, language: Language) -> str:
    """The address, saying the language; the rest of its query is kept."""
    found = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(found.query, keep_blank_values=True) if name != "lang"]
    return urlunsplit(found._replace(query=urlencode([*query, ("lang", language)])))


def _read_at(request: Request) -> str:
    """Where the page can be read again: what was sent by a form has no such address, and the first page takes its place."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    path = quote(request.url.path.lstrip("/"), safe="/:")  # ``//host`` would be another host's address
    return f"/{path}?{request.url.query}"


def words(language: Language) -> dict[str, Any]:
    """What every template speaks with."""

    def say(swedish: str, english: str) -> str:
        return pick(language, swedish, english)

    return {"say": say, "language": language}
