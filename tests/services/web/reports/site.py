"""The archive's pages over a small archive; who asks is named in a header, so that no test waits for a password."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request

from config.domain.indicators import Subject
from config.domain.periods import Period
from config.domain.report_plans import ReportPlan
from config.errors import MonitorError
from services.app.people import TEMPLATES as CHANGES
from services.app.report_pages import PLACES, TEMPLATES
from services.app.wiring import boards
from services.reports.archive import ReportArchive
from services.reports.delivery import Addressed
from services.reports.goal_standing import GoalStanding
from services.reports.planned_sending import PlannedSending
from services.reports.report import Publication, Report, ReportKind
from services.reports.report_keeping import ReportKeeping
from services.state.report_mail_keeping import ReportMailKeeping
from services.state.state import State
from services.web.changes.log import log_routes
from services.web.reports.deliveries import ToldMails, delivery_routes, waiting_reports
from services.web.reports.known_now import MadeReports, known_now_routes
from services.web.reports.pages import ReportPage, report_routes
from services.web.reports.readable import ReadableReports
from services.web.signing.addresses import Addresses
from services.web.visitor import NOBODY, Rights, Visitor
from tests.dashboards import example
from tests.services.web.board import HTTP, CountingStore, FixedClock, running
from tests.services.web.reports.shelf import ANNA, BO, RINK, WHOLE, fill_archive
from tests.services.web.signing.people import town

WHO, TOKEN = "X-Visitor", "0123456789abcdef" * 4
VISITORS = {
    "": NOBODY,
    "laila": Visitor("laila", Rights.READER, token=TOKEN),
    "rasmus": Visitor("rasmus", Rights.FACILITY_MANAGER, buildings=frozenset({"ishallen"}), token=TOKEN),
    "olle": Visitor("olle", Rights.FACILITY_MANAGER, owners=frozenset({"skolnamnden"}), token=TOKEN),
    "mia": Visitor("mia", Rights.ENVIRONMENT_TEAM, token=TOKEN),
    "adam": Visitor("adam", Rights.ADMINISTRATOR, token=TOKEN),
}
PLAN = ReportPlan("manaden", "monthly", (WHOLE, RINK), (ANNA, BO))


@dataclass
class Answer:
    status: int
    data: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass
class Site:
    """`now`: number → the report as it is known now, or why it cannot be made; the published one where nothing is said."""

    archive: ReportArchive
    state: State
    clock: FixedClock
    url: str = ""
    now: dict[str, Report | MonitorError] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    queued: list[tuple[str, Sequence[str]]] = field(default_factory=list)

    def get(self, path: str, who: str = "", **headers: str) -> Answer:
        return self._send("GET", path, who, headers)

    def post(self, path: str, who: str, fields: Mapping[str, str], token: str = TOKEN) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, who, headers, urlencode({**fields, "token": token}))

    def report_now(self, kind: ReportKind, subject: Subject, period: Period) -> Report:
        """As it is known now."""
        last = self.archive.latest(kind, subject, period)
        assert last is not None
        found = self.now.get(last.number, last.report)
        self.made.append(last.number)
        if isinstance(found, MonitorError):
            raise found
        return found

    def queue(self, publication: Publication, to: Addressed, *, other_editions_too: bool = False) -> list[str]:
        """In place of the mails' own queue."""
        assert other_editions_too
        self.queued.append((publication.name, to.recipients))
        return list(to.recipients)

    def _send(self, method: str, path: str, who: str, headers: Mapping[str, str], body: str | None = None) -> Answer:
        told = {**headers, WHO: who}
        got = HTTP.request(method, self.url.rstrip("/") + path, headers=told, body=body, redirect=False)
        return Answer(got.status, got.data, got.headers)


def visitor(request: Request) -> Visitor:
    return VISITORS[request.headers.get(WHO, "")]


@contextmanager
def running_reports(folder: Path, scripts: Path | None = None) -> Iterator[Site]:
    """Ends with the block."""
    clock = FixedClock()
    with State.open(folder / "state.sqlite") as state:
        archive = fill_archive(folder, state, clock)
        portfolio, addresses = town().portfolio, Addresses(())
        readable = ReadableReports(portfolio, archive)
        page = ReportPage(readable, ToldMails(state, example.ZONE))
        site = Site(archive, state, clock)
        made = MadeReports(site.report_now, clock)
        routers = (
            known_now_routes(readable, made, ReportKeeping(archive, state.audit, clock), PlannedSending([PLAN], site), addresses),
            report_routes(page, waiting_reports(state, [PLAN], readable)),
            delivery_routes(page, state, ReportMailKeeping(state, clock), addresses),
            log_routes(state.audit),
        )
        store = CountingStore()
        with running(
            store=store,
            dashboards=boards(),
            goals=GoalStanding(town().goals, portfolio, store, state),
            portfolio=portfolio,
            visitor=visitor,
            routers=routers,
            templates=(*TEMPLATES, *CHANGES),
            places=PLACES,
            reports=readable,
            scripts=scripts,
        ) as board:
            site.url = board.url
            yield site
