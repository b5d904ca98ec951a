"""The pages that everybody may open, signed in or not; they show everybody the same."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from config.domain.deviations import KIND_WORDS, ThreadState
from config.domain.estate import Building
from config.domain.indicators import Subject, SubjectKind
from config.domain.panels import About
from config.errors import StoreError
from services.reports.report import ReportKind
from services.reports.wording import Language, number, pick, swedish_order
from services.state.deviations import DeviationThreadsTable
from services.web.access import Unseen
from services.web.board import Board
from services.web.citizens.figures import carrier_name, figures_of, months_of
from services.web.citizens.savings import savings
from services.web.opendata.endpoints import ROOT
from services.web.opendata.estate_tables import kind_words
from services.web.opendata.ports import OpenData
from services.web.opendata.value_table import CORRECTED, comparison_rows
from services.web.reports.links import report_links
from services.web.reports.readable import ReadableReports
from services.web.shell import language_of, shell_of
from services.web.visitor import NOBODY

SAVED = (ThreadState.VERIFIED, ThreadState.CLOSED)


@dataclass(frozen=True, slots=True)
class House:
    """A public building with its energy per square metre; `width`: of the largest, per cent; None where it is missing."""

    id: str
    name: str
    text: str
    width: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Houses:
    """Those of one kind, the lowest first; what is missing last."""

    kind: str
    name: str
    middle: str
    houses: tuple[House, ...]


def citizen_routes(
    data: OpenData, board: Board, threads: DeviationThreadsTable, reports: ReadableReports | None = None
) -> APIRouter:
    """`/oppet`, `/oppet/byggnad/{id}`, `/oppet/rad`.

    Args:
        board: of the citizens' dashboards.
        reports: the latest sheets of a building are led to; None: there are none.
    """
    router = APIRouter()

    @router.get("/oppet")
    def start(request: Request) -> HTMLResponse:
        language = language_of(request)
        dashboard = next((each for each in board.dashboards if each.public and each.about is About.ESTATE), None)
        return shell_of(request).page(
            request,
            "open.html",
            title=pick(language, "Öppet för alla", "Open to everybody"),
            kinds=_by_kind(data, language),
            count=len(data.figures.buildings),
            saved=savings(threads.threads(SAVED), data.portfolio, data.figures),
            dashboard=dashboard,
            shown=board.of_all(request, dashboard.uid) if dashboard else None,
            panels=board.of_all(request, dashboard.uid).viewer.page(dashboard) if dashboard else [],
        )

    @router.get("/oppet/byggnad/{identifier}")
    def building(request: Request, identifier: str) -> HTMLResponse:
        language = language_of(request)
        found = next((each for each in data.figures.buildings if each.id == identifier), None)
        if found is None:
            raise Unseen
        try:
            shown, months = figures_of(data, found, language), months_of(data, found, language)
        except StoreError:
            raise HTTPException(
                503, pick(language, "Databasen svarar inte just nu.", "The database does not answer right now.")
            ) from None
        return shell_of(request).page(
            request,
            "open_building.html",
            title=found.name,
            building=found,
            here="/oppet",
            kind=pick(language, *kind_words(found.kind)),
            figures=shown,
            reports=report_links(reports, request, Subject(SubjectKind.BUILDING, found.id), (ReportKind.SHEET,), visitor=NOBODY),
            months=months,
            series=_series(data, found, language),
            root=ROOT,
        )

    @router.get("/oppet/rad")
    def advice(request: Request) -> HTMLResponse:
        language = language_of(request)
        kinds = savings(threads.threads(SAVED), data.portfolio, data.figures)
        return shell_of(request).page(
            request,
            "advice.html",
            title=pick(language, "Det som sparade mest", "What saved most"),
            here="/oppet",
            kinds=kinds,
            names={each.kind: pick(language, KIND_WORDS[each.kind].name_sv, KIND_WORDS[each.kind].name_en) for each in kinds},
            carriers={one.carrier: carrier_name(one.carrier, language) for each in kinds for one in each.saved},
        )

    return router


def _series(data: OpenData, building: Building, language: Language) -> list[dict[str, str]]:
    """What of it can be fetched by hour; why not where it cannot."""
    found = []
    for carrier in data.figures.carriers(building.id):
        why = "" if data.figures.points(building.id, carrier) else data.figures.why_not(building.id, carrier)
        reason = why if isinstance(why, str) else pick(language, why.reason_sv, why.reason_en)
        found.append({"carrier": carrier, "name": carrier_name(carrier, language), "reason": reason})
    return found


def _by_kind(data: OpenData, language: Language) -> list[Houses]:
    now = data.clock.now().replace(second=0, microsecond=0)
    try:
        rows = comparison_rows(data.reader, data.figures, now).to_dicts()
    except StoreError:
        rows = []
    told = {row["building"]: row for row in rows if (row["indicator"], row["carrier"]) == (CORRECTED, "")}
    largest = max((row["value"] for row in told.values() if row["value"] is not None), default=0.0)
    unknown = pick(language, "inget helt år är mätt än", "no whole year is measured yet")
    kinds: dict[str, list[tuple[float, str, House]]] = {}
    for building in data.figures.buildings:
        row = told.get(building.id)
        value = row["value"] if row else None
        reason = "" if value is not None else (pick(language, row["reason_sv"], row["reason_en"]) if row else unknown)
        text = pick(language, "saknas", "missing") if value is None else number(value, language)
        house = House(building.id, building.name, text, None if value is None else 100 * value / largest, reason)
        kinds.setdefault(building.kind, []).append(
            (float("inf") if value is None else value, swedish_order(building.name), house)
        )
    found = [_houses(kind, sorted(each, key=lambda one: one[:2]), language) for kind, each in kinds.items()]
    return sorted(found, key=lambda each: swedish_order(each.name))


def _houses(kind: str, ordered: list[tuple[float, str, House]], language: Language) -> Houses:
    known = [value for value, _, house in ordered if house.width is not None]
    half = len(known) // 2
    middle = "" if not known else number(known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2, language)
    name = pick(language, *kind_words(kind))
    return Houses(kind, name[:1].upper() + name[1:], middle, tuple(house for _, _, house in ordered))
