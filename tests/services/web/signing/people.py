"""A board with accounts over the example municipality, and browsers that keep cookies, for tests of signing in and changing."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl
import urllib3
from fastapi import FastAPI

from config.domain.alerts import AlertKind, Channel, Receiver
from config.domain.calendar import MunicipalCalendar
from config.domain.deviations import Deviation, DeviationKind
from config.domain.factors import Factors
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.intervals import Finding, FindingCode
from config.domain.series import SeriesQuery
from config.domain.tariffs import Tariffs
from config.errors import StoreUnavailable
from config.loading import Municipality
from config.settings import Settings
from services.app import running
from services.state.alerts import Part
from services.state.state import State
from services.web.serving import serve
from services.web.signing.limits import Rate
from services.web.signing.passwords import Passwords
from services.web.visitor import Rights
from tests.dashboards import example
from tests.doubles.memory_store import MemoryStore
from tests.services.web.drawing_script import with_script
from tests.services.web.goal_site import goals
from tests.services.web.reports.shelf import fill_archive

QUICK = Passwords(memory_kib=19_456, passes=2)
PASSWORD = "fyra ord på rad räcker"
HASH = QUICK.hash(PASSWORD)
RINK, SCHOOL = "ishallen", example.SCHOOL
ACCOUNTS = {
    "laila": (Rights.READER, ""),
    "rasmus": (Rights.FACILITY_MANAGER, f"    buildings: [{RINK}]\n"),
    "olle": (Rights.FACILITY_MANAGER, "    owners: [skolnamnden]\n"),
    "mia": (Rights.ENVIRONMENT_TEAM, ""),
    "adam": (Rights.ADMINISTRATOR, ""),
}
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PLENTY = Rate(per_second=1_000, at_once=1_000)  # tests send more forms than a person
HTTP = urllib3.PoolManager(retries=False, timeout=20, maxsize=20)


def users_file() -> str:
    """The accounts as YAML; each has the same password."""
    rows = [
        f"  - name: {name}\n    rights: {rights.value}\n{more}    password: '{HASH}'\n"
        for name, (rights, more) in ACCOUNTS.items()
    ]
    groups = "groups:\n  - id: Energi.Miljo\n    rights: environment_team\n"
    return "users:\n" + "".join(rows) + groups


class Clock:
    """Stands where it is set."""

    def __init__(self, at: datetime = example.NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]
    cookies: list[str]


@dataclass
class Browser:
    """Keeps cookies, sends its Origin with forms as browsers do, follows nothing by itself."""

    url: str
    jar: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        told = {"Origin": self.url.rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, body=urlencode(fields).encode(), headers=told | headers)

    def send(self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        told = dict(headers or {})
        if self.jar:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        got = HTTP.request(method, self.url.rstrip("/") + path, body=body, headers=told, redirect=False)
        given = got.headers.getlist("set-cookie")
        for text in given:
            for name, morsel in SimpleCookie(text).items():
                if morsel["max-age"] == "0":
                    self.jar.pop(name, None)
                else:
                    self.jar[name] = morsel.value
        return Answer(got.status, got.data.decode(errors="replace"), got.headers, given)

    def sign_in(self, name: str, password: str = PASSWORD, target: str = "/") -> Answer:
        token = token_in(self.get("/logga-in").text)
        return self.post("/logga-in", {"name": name, "password": password, "token": token, "next": target})


def token_in(page: str) -> str:
    """The token of the page's first form."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


class BreakableStore(MemoryStore):
    """Does not answer while it is unreachable."""

    unreachable = False

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        if self.unreachable:
            raise StoreUnavailable("the store does not answer")
        return super().read(query)


@dataclass
class PeopleBoard:
    """A running board with accounts, two deviations and two suspected exchanges: of the rink and of the school."""

    url: str
    state: State
    clock: Clock
    users: Path
    app: FastAPI
    chosen: Settings
    store: BreakableStore

    def browser(self, name: str = "") -> Browser:
        """A new one, signed in where an account is named."""
        made = Browser(self.url)
        if name:
            assert made.sign_in(name).status == 303
        return made


def deviation(building: str, sentence: str = "Elanvändningen nattetid har legat högt.") -> Deviation:
    today = example.NOW.date()
    return Deviation(
        DeviationKind.NIGHT,
        Subject(SubjectKind.BUILDING, building),
        building,
        "electricity",
        today - timedelta(days=10),
        today - timedelta(days=1),
        today - timedelta(days=7),
        True,
        1234.5,
        Missing("Pris saknas.", "No price."),
        98.0,
        sentence,
        "High at night.",
        "Gå igenom drifttiderna.",
        "Check the hours.",
        {"used_kw": 12.5, "also": ["weekend"], "odd": NASTY},
    )


def finding(point: str) -> Finding:
    at = datetime(2026, 11, 20, 10, tzinfo=example.NOW.tzinfo)
    return Finding(point, FindingCode.RESET, at, at, "Började om från noll.", "Began again.", {"before": 500_800.0, "after": 2.0})


def alert(building: str) -> dict[str, Any]:
    """What is told of an alert; "" is the service."""
    return {
        "kind": (AlertKind.METERING if building else AlertKind.SERVICE).value,
        "title_sv": "Mätare tysta" if building else "Insamlingen går inte som den ska",
        "title_en": "Meters are silent" if building else "The collector does not run as it should",
        "sentence_sv": NASTY,
        "sentence_en": NASTY,
        "action_sv": "" if building else "Se loggen, och starta om den.",
        "action_en": "" if building else "Look at the log, and restart it.",
        "place": {"building": building, "owner": "", "name": "Ishallen" if building else ""},
        "sek": None,
        "link": f"/byggnad/{building}" if building else "",
        "urgent": not building,
        "acknowledged": "",
        "calm_s": 600.0,
    }


def town() -> Municipality:
    """The example as a municipality's folder would give it, with a kitchen that is not open; no factors, tariffs or goals."""
    portfolio = example.portfolio()
    kitchen = replace(portfolio.points[example.KITCHEN], public=False)
    portfolio = replace(portfolio, points={**portfolio.points, example.KITCHEN: kitchen})
    return Municipality(
        Path("example"),
        portfolio.municipality,
        portfolio.timezone,
        portfolio,
        (),
        goals(),
        Factors(),
        Tariffs(),
        (),
        1,
        (),
        MunicipalCalendar(),
        receivers=(Receiver("drift", Channel.EMAIL, "drift@example.se"),),
    )


@contextmanager
def running_people(folder: Path, *, changing: Rate = PLENTY, reports: bool = False, **settings: Any) -> Iterator[PeopleBoard]:
    """In a thread, put together as the service does it; ends with the block. `reports`: some are published."""
    users = folder / "users.yaml"
    users.write_text(users_file())
    users.chmod(0o600)
    chosen = Settings(**({"data_dir": folder, "users_file": users} | settings))
    with_script(chosen.data_dir / "web")
    store, clock = BreakableStore(), Clock()
    example.fill(store)
    with State.open(folder / "state.sqlite") as state:
        today: date = clock.at.date()
        for building, sentence in ((RINK, NASTY), (SCHOOL, "Elanvändningen nattetid har legat högt.")):
            thread = state.deviation_threads.record(deviation(building, sentence), clock.at, today)
            state.deviation_threads.tell(thread.id, clock.at)
        for point in ("rink-el", example.ELECTRICITY):
            state.exchanges.notice(point, [finding(point)], clock.at)
        for fields in (alert(RINK), alert("")):
            known = state.alerts.notice(f"sign:{fields['place']['building']}", "signs", fields, clock.at, told=True)
            state.alerts.tell(known.id, "drift", Part.BEGUN, clock.at)
        if reports:
            fill_archive(chosen.data_dir, state, clock)
        app = running.board(chosen, town(), store, state, clock, changing)
        board = PeopleBoard("", state, clock, users, app, chosen, store)
        stop, ready = threading.Event(), threading.Event()

        def begin(address: str) -> None:
            board.url = address
            ready.set()

        task = serve(app, "127.0.0.1", 0, begin)
        thread_of_board = threading.Thread(target=task, args=(stop,))
        thread_of_board.start()
        try:
            assert ready.wait(20)
            yield board
        finally:
            stop.set()
            thread_of_board.join(20)
