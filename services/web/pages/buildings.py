"""The start page: every building that the visitor may see, from the pictures that the jobs make of them each day.

Two questions whatever the number of buildings: how they are today, and the energy of each of the last thirty days of those
that the page has room for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from config.domain.estate import Building
from config.domain.indicators import SubjectKind
from config.domain.panels import Choice
from config.domain.series import BUILDINGS, INDICATOR_VALUES, Aggregate, Every, SeriesQuery
from config.domain.windows import TODAY, past_days
from config.errors import StoreError
from services.reports.wording import Language, amount, change_text, kept_language, pick, swedish_order
from services.web.answers import JsonResponse
from services.web.board import Board
from services.web.filters import Filters, Option, filters_of, kind_name, owner_name
from services.web.shell import language_of, shell_of
from services.web.view.situation import Situation
from services.web.view.values import Trace
from services.web.visitor import visitor_of

SPARK = past_days(30)
DAY_TOTAL = {"indicator": ("energy_total",), "period": ("day",), "subject_kind": (SubjectKind.BUILDING.value,)}
ON_A_PAGE = 60
ORDERS = {
    "namn": ("Namn", "Name"),
    "kronor": ("Kostsammast avvikelser", "Costliest deviations"),
    "tysta": ("Flest tysta mätare", "Most silent meters"),
    "energi": ("Mest energi igår", "Most energy yesterday"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A building in the list. What is None is not known yet, or the store did not answer."""

    building: Building
    kind: str
    owner: str
    example: tuple[str, ...]
    deviations: int | None
    sek: float | None
    meters: int | None
    silent: int | None
    energy: float | None
    energy_before: float | None
    coverage: float | None


def building_list_routes(board: Board) -> APIRouter:
    """`/` and the same as data."""
    router = APIRouter()

    @router.get("/")
    def buildings(request: Request, ordning: str = "namn", sida: int = 1) -> HTMLResponse:
        language, filters = language_of(request), filters_of(request)
        offered = visitor_of(request).sees(board.portfolio)
        order = ordning if ordning in ORDERS else "namn"
        listed, answers = _listed(board, request, filters, order)
        pages = max(1, -(-len(listed) // ON_A_PAGE))
        page = min(max(1, sida), pages)
        shown = listed[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        traces = _traces(board.situation(request, Choice(tuple(each.building.id for each in shown)))) if answers and shown else {}
        return shell_of(request).page(
            request,
            "buildings.html",
            title=pick(language, "Byggnader", "Buildings"),
            listed=[(each, _words(each, language), traces.get(each.building.id, ())) for each in shown],
            found=len(listed),
            answers=answers,
            search=filters.words,
            filters=filters.offered(board.portfolio, offered, language),
            orders=[Option(value, pick(language, *name), value == order) for value, name in ORDERS.items()],
            pages=[(number, _page_address(filters, order, number, request), number == page) for number in range(1, pages + 1)],
            with_pages=_visited(board, request),
            figures_path="/siffror" if board.figures else "",
        )

    @router.get("/api/buildings")
    def api_buildings(request: Request) -> Response:
        listed, _ = _listed(board, request, filters_of(request), "namn")
        return JsonResponse([_values(each) for each in listed])

    return router


def _visited(board: Board, request: Request) -> Any:
    """Building → whether it has a page for them."""
    return board.situation(request, Choice(())).visited


def _page_address(filters: Filters, order: str, page: int, request: Request) -> str:
    kept = filters.query() | ({"ordning": order} if order != "namn" else {}) | ({"sida": str(page)} if page > 1 else {})
    language = kept_language(language_of(request), visitor_of(request).language)
    kept |= {"lang": language} if language else {}
    return f"/?{urlencode(kept)}" if kept else "/"


def _values(each: Listed) -> dict[str, Any]:
    return {
        "id": each.building.id,
        "name": each.building.name,
        "kind": each.building.kind,
        "owner": each.owner,
        "example": each.example,
        "deviations": each.deviations,
        "sek": each.sek,
        "meters": each.meters,
        "silent": each.silent,
        "energy": each.energy,
        "energy_before": each.energy_before,
        "coverage": each.coverage,
    }


def _listed(board: Board, request: Request, filters: Filters, order: str) -> tuple[list[Listed], bool]:
    """The buildings that are left, in order, and whether the store answered."""
    language = language_of(request)
    choice = filters.choose(board.portfolio, visitor_of(request).sees(board.portfolio))
    situation = board.situation(request, choice)
    try:
        today, answers = _today(situation), True
    except StoreError:
        today, answers = {}, False
    listed = [_one(board, board.portfolio.buildings[each], today.get(each, {}), language) for each in choice.buildings]
    return sorted(listed, key=lambda each: (_rank(each, order), swedish_order(each.building.name), each.building.id)), answers


def _one(board: Board, building: Building, row: Mapping[str, Any], language: Language) -> Listed:
    return Listed(
        building,
        kind_name(building, language),
        owner_name(board.portfolio, building),
        tuple(sorted(building.example)),
        row.get("deviations"),
        row.get("sek"),
        row.get("meters"),
        row.get("silent"),
        row.get("energy"),
        row.get("energy_before"),
        row.get("coverage"),
    )


def _today(situation: Situation) -> dict[str, dict[str, Any]]:
    """Of every building, whoever is looked at: then all readers ask the same."""
    start, end = TODAY.bounds(situation.now, situation.portfolio.timezone)
    frame = situation.reader.read(SeriesQuery(BUILDINGS, start, end, having={"open": 1}, zone=situation.portfolio.timezone))
    return {row["building"]: row for row in frame.iter_rows(named=True)}


def _traces(situation: Situation) -> dict[str, Trace]:
    """Of the chosen buildings, where the store answers."""
    start, end = SPARK.bounds(situation.now, situation.portfolio.timezone)
    query = SeriesQuery(
        INDICATOR_VALUES,
        start,
        end,
        where=DAY_TOTAL | {"subject": situation.choice.buildings},
        aggregate=Aggregate.LAST,
        every=Every.DAY,
        by=("subject",),
        zone=situation.portfolio.timezone,
    )
    traces: dict[str, list[tuple[datetime, float]]] = {}
    try:
        frame = situation.reader.read(query)
    except StoreError:
        return {}
    for at, building, value in frame.select("time", "subject", "value").iter_rows():
        if value is not None:
            traces.setdefault(building, []).append((at.astimezone(UTC), value))
    return {building: tuple(sorted(trace)) for building, trace in traces.items()}


def _rank(each: Listed, order: str) -> float:
    """The largest first; what is not known last."""
    value = {"kronor": each.sek, "tysta": each.silent, "energi": each.energy}.get(order, 0.0)
    return float("inf") if value is None else -float(value)


def _words(each: Listed, language: Language) -> dict[str, str]:
    """What is told of a building, and why it is not where it is not."""
    energy = pick(language, "energi igår saknas", "yesterday's energy is missing")
    if each.energy is not None:
        energy = pick(language, f"{amount(each.energy, 'kWh', 'sv')} igår", f"{amount(each.energy, 'kWh', 'en')} yesterday")
        if each.energy_before:
            change = change_text(each.energy, each.energy_before, language)
            energy += pick(language, f", {change} mot samma veckodag", f", {change} on the same weekday")
    deviations = ""
    if each.deviations:
        one = each.deviations == 1
        dearest = "" if one else pick(language, "den dyraste ", "the dearest ")
        priced = f", {dearest}{amount(each.sek, 'kr', language)}" if each.sek is not None else ""
        words = pick(language, "öppen avvikelse" if one else "öppna avvikelser", "open deviation" if one else "open deviations")
        deviations = f"{each.deviations} {words}{priced}"
    silent = ""
    if each.silent:
        of = pick(language, "av", "of")
        tells = (
            pick(language, "mätare tysta", "meters silent")
            if each.silent > 1 or (each.meters or 0) > 1
            else pick(language, "mätare tyst", "meter silent")
        )
        silent = f"{each.silent} {of} {each.meters} {tells}"
    return {"energy": energy, "deviations": deviations, "silent": silent}
