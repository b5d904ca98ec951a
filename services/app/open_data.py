"""The open data API and the citizens' pages, put together from the settings."""

import time
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

import services.web.citizens
import services.web.opendata
from config.domain.clock import Clock
from config.domain.open_figures import open_figures
from config.loading import Municipality
from config.settings import Settings
from services.app.wiring import boards, figure_sources
from services.reports.goal_standing import GoalStanding
from services.state.state import State
from services.store.timeseries import TimeSeriesStore
from services.web.board import Board
from services.web.citizens.own_page import own_routes
from services.web.citizens.pages import citizen_routes
from services.web.opendata.answering import OPEN_DATA
from services.web.opendata.ports import OpenData, Publisher
from services.web.opendata.routes import open_data_routes
from services.web.reading import CachedReader
from services.web.reports.readable import ReadableReports
from services.web.shell import Place
from services.web.signing.addresses import Addresses, counted_as
from services.web.signing.limits import RateLimit

TEMPLATES = tuple(Path(package.__path__[0]) / "templates" for package in (services.web.opendata, services.web.citizens))
PLACES = (Place("Öppet för alla", "Open to everybody", "/oppet", lambda _: True),)
FRESH_S = 60.0  # open data are of whole hours: nobody sees a minute


@dataclass(frozen=True, slots=True)
class OpenPages:
    """What `create_app` is given."""

    routers: tuple[APIRouter, ...]
    templates: tuple[Path, ...]
    places: tuple[Place, ...]


def open_pages(
    chosen: Settings,
    town: Municipality,
    store: TimeSeriesStore,
    state: State,
    clock: Clock,
    addresses: Addresses,
    reports: ReadableReports | None = None,
) -> OpenPages:
    """What anybody may see and take."""
    portfolio = town.portfolio
    data = OpenData(
        portfolio,
        open_figures(portfolio),
        CachedReader(store, FRESH_S),
        clock,
        town.goals,
        GoalStanding(town.goals, portfolio, store, state),
        figure_sources(chosen, town, store).weather,
        town.weather,
        Publisher(portfolio.municipality, chosen.open_data_contact or "", chosen.board_url or ""),
    )
    limit = RateLimit(OPEN_DATA, time.monotonic)
    routes = open_data_routes(data, limit, lambda request: counted_as(addresses.of(request)))
    public = tuple(dashboard for dashboard in boards() if dashboard.public)
    board = Board(portfolio, public, data.reader, clock, None)
    return OpenPages((routes, own_routes(data), citizen_routes(data, board, state.deviation_threads, reports)), TEMPLATES, PLACES)
