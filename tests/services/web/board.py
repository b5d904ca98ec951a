"""A board on a free port over a filled store, for the tests of pages."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
import urllib3

from config.domain.estate import Portfolio
from config.domain.panels import Dashboard
from config.domain.series import SeriesQuery
from dashboards.facility_managers.building_now import DASHBOARD
from services.reports.lineage import LineageReader
from services.web.application import create_app
from services.web.serving import serve
from services.web.shell import Trouble
from tests.dashboards import example
from tests.doubles.memory_store import MemoryStore

HTTP = urllib3.PoolManager(retries=False, timeout=10, maxsize=60)


class FixedClock:
    """Stands where it is set."""

    def __init__(self, at: datetime = example.NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class CountingStore(MemoryStore):
    """Counts the questions that reach it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[SeriesQuery] = []

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        self.asked.append(query)
        return super().read(query)


@dataclass
class Page:
    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class Board:
    """A running board."""

    url: str
    store: CountingStore
    clock: FixedClock
    troubles: list[Trouble] = field(default_factory=list)

    def get(self, path: str, host: str | None = None) -> Page:
        answer = HTTP.request("GET", self.url.rstrip("/") + path, headers={"Host": host} if host else {}, redirect=False)
        return Page(answer.status, answer.data.decode(), answer.headers)

    def json(self, path: str) -> object:
        return HTTP.request("GET", self.url.rstrip("/") + path).json()


@contextmanager
def running(
    *,
    simulated: bool = False,
    filled: bool = True,
    fresh_s: float = 0.0,
    dashboards: Sequence[Dashboard] = (DASHBOARD,),
    hosts: Sequence[str] = (),
    figures: LineageReader | None = None,
    portfolio: Portfolio | None = None,
    store: CountingStore | None = None,
    **parts: Any,
) -> Iterator[Board]:
    """In a thread, as a service runs it; ends with the block. `parts`: what else `create_app` takes."""
    board = Board("", store or CountingStore(), FixedClock())
    if filled:
        example.fill(board.store)
    app = create_app(
        portfolio or (figures.portfolio if figures else example.portfolio()),
        dashboards,
        board.store,
        board.clock,
        simulated=simulated,
        troubles=lambda: board.troubles,
        fresh_s=fresh_s,
        hosts=hosts,
        figures=figures,
        **parts,
    )
    stop, ready = threading.Event(), threading.Event()

    def begin(address: str) -> None:
        board.url = address
        ready.set()

    thread = threading.Thread(target=serve(app, "127.0.0.1", 0, begin), args=(stop,))
    thread.start()
    try:
        assert ready.wait(20)
        yield board
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
