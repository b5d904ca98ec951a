"""The citizens' pages over the open data's municipality, on a free port."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import services.web.citizens
import services.web.opendata
from config.domain.deviations import Deviation, DeviationKind, Saving
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.panels import Dashboard
from dashboards.citizens.open_figures import DASHBOARD
from services.state.state import State
from services.web.board import Board
from services.web.citizens.own_page import own_routes
from services.web.citizens.pages import citizen_routes
from services.web.opendata.ports import OpenData
from services.web.opendata.routes import open_data_routes
from tests.services.web.board import CountingStore, running
from tests.services.web.opendata.town import SECRET, address_of, fill, made_of

TEMPLATES = tuple(Path(package.__path__[0]) / "templates" for package in (services.web.opendata, services.web.citizens))
WRITTEN = "Ring Anna på 0243-123 45"  # what a person wrote about an action


@dataclass
class Site:
    url: str
    data: OpenData
    state: State
    folder: Path


@contextmanager
def serving(folder: Path, dashboards: tuple[Dashboard, ...] = (DASHBOARD,)) -> Iterator[Site]:
    """In a thread; ends with the block."""
    store, state = CountingStore(), State.open(folder / "state.sqlite")
    fill(store)
    data = made_of(store, state)
    board = Board(data.portfolio, dashboards, store, data.clock, None)
    routes = (open_data_routes(data, None, address_of), own_routes(data), citizen_routes(data, board, state.deviation_threads))
    save_everywhere(state)
    with running(
        filled=False, dashboards=dashboards, routers=routes, templates=TEMPLATES, portfolio=data.portfolio, store=store
    ) as served:
        yield Site(served.url, data, state, folder)
    state.close()


def save_everywhere(state: State) -> None:
    """The same saving in an open building, in one that is hidden, of a meter that is, and one that is only noise."""
    for building, carrier, subject, low in (
        ("s0", "electricity", Subject(SubjectKind.BUILDING, "s0"), 4_000.0),
        (f"{SECRET}-l1", "electricity", Subject(SubjectKind.BUILDING, f"{SECRET}-l1"), 4_000.0),
        ("s2", "electricity", Subject(SubjectKind.BUILDING, "s2"), 4_000.0),
        ("s1", "electricity", Subject(SubjectKind.POINT, f"s1-{SECRET}-kok"), 4_000.0),
        ("l0", "electricity", Subject(SubjectKind.BUILDING, "l0"), -10.0),
    ):
        save(state, building, carrier, subject, low)


def save(state: State, building: str, carrier: str, subject: Subject, low: float) -> None:
    """Found, acted on and verified."""
    at = datetime(2026, 9, 1, tzinfo=UTC)
    lacks = Missing("Pris saknas.", "No price.")
    deviation = Deviation(
        DeviationKind.NIGHT,
        subject,
        building,
        carrier,
        date(2026, 8, 1),
        date(2026, 8, 20),
        date(2026, 8, 5),
        going_on=False,
        kwh=900.0,
        sek=lacks,
        kg=lacks,
        sentence_sv=f"{building} använder mer på natten",
        sentence_en=f"{building} uses more at night",
        action_sv="Stäng av ventilationen på natten.",
        action_en="Turn off the ventilation at night.",
    )
    threads = state.deviation_threads
    thread = threads.record(deviation, at, at.date())
    threads.act(thread.id, at, "anna", WRITTEN, at.date())
    threads.verify(thread.id, at, Saving(5_000.0, low, 6_000.0, date(2026, 9, 2), date(2026, 11, 1), "m-1"), "")
