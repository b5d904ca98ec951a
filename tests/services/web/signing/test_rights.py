"""Every route for every role: what is not theirs is answered like what does not exist, and a new route needs a decision."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.web.reports.shelf import COMMITTEES, RINKS, RINKS_SHEET, SCHOOLS_SHEET, TREND
from tests.services.web.signing.decisions import CHANGES_NOTHING, DECISIONS, EVERYBODY, REFUSED, STATIC, TWINS
from tests.services.web.signing.people import Browser, PeopleBoard, running_people, token_in

REPORTS = (RINKS, SCHOOLS_SHEET, RINKS_SHEET, TREND, COMMITTEES)
CHANGES = {route: decision for route, decision in DECISIONS.items() if decision.fields}
READ = [(route, path) for route, decision in DECISIONS.items() if route.startswith("GET") for path in decision.examples]


def routes(given: Iterable[Any]) -> Iterator[str]:
    """Method and path of every route, those of included routers too."""
    for route in given:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes(included.routes)
        elif hasattr(route, "methods"):
            yield from (f"{method} {route.path}" for method in route.methods or ())
        else:
            yield f"MOUNT {route.path}"


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeopleBoard]:
    with running_people(tmp_path_factory.mktemp("board"), reports=True) as served:
        yield served


@pytest.fixture(scope="module")
def browsers(board: PeopleBoard) -> dict[str, Browser]:
    """One of each role, and one of nobody."""
    return {name: board.browser(name) for name in sorted(EVERYBODY)}


def test_every_route_has_a_decision(board: PeopleBoard) -> None:
    """Who adds a route says who may open it, in decisions.py."""
    found = {route for route in routes(board.app.routes) if not (route.startswith(TWINS) or route.split()[1].startswith(STATIC))}

    assert found == DECISIONS.keys() | REFUSED


def test_what_takes_no_change_says_so(browsers: dict[str, Browser], board: PeopleBoard) -> None:
    """The open data can be read; to the administrator too nothing else is offered."""
    told = {"Origin": board.url.rstrip("/")}
    answers = {route: browsers["adam"].send(route.split()[0], "/api/v1/buildings", headers=told).status for route in REFUSED}

    assert answers == dict.fromkeys(REFUSED, 405)


def test_every_change_has_a_form_and_a_role_that_may_not(board: PeopleBoard) -> None:
    """A decision that lets everybody change is none."""
    posts = {route for route in routes(board.app.routes) if not route.startswith(("GET ", "MOUNT ", *TWINS))}

    assert (
        posts
        == CHANGES.keys() | {"POST /logga-in", "POST /logga-ut", "POST /rapporter/{number}/ny-utgava"} | REFUSED | CHANGES_NOTHING
    )
    assert [route for route, decision in CHANGES.items() if "laila" in next(iter(decision.examples.values()))] == []


@pytest.mark.parametrize("name", sorted(EVERYBODY))
@pytest.mark.parametrize(("route", "path"), READ, ids=[path for _, path in READ])
def test_each_role_opens_its_own(browsers: dict[str, Browser], route: str, path: str, name: str) -> None:
    """Nobody is asked to sign in; who is signed in learns no more than of an address that does not exist."""
    answer = browsers[name].get(path)
    allowed = name in DECISIONS[route].examples[path]

    if allowed:
        assert answer.status == 200
    elif path == "/logga-in":
        assert answer.status == 303
    elif name == "" and not path.startswith(("/api/", "/csv/", "/logga-in")):
        assert answer.headers["Location"].startswith("/logga-in?next=")
    elif not path.startswith("/csv/") or name:
        assert answer.status == 404
    if not allowed:
        assert "Ishallen" not in answer.text
        assert "rink-el" not in answer.text.replace(path, "")


@pytest.mark.parametrize("name", ["", "olle"])
@pytest.mark.parametrize(
    "path", ["/", "/api/buildings", "/matarbyten", "/atgarder", "/larm", "/rapporter", "/tavla/morgonsidan", "/tavla/bestandet"]
)
def test_lists_hold_only_what_is_theirs(browsers: dict[str, Browser], path: str, name: str) -> None:
    """A page that one may open has not a word of a building that one may not see."""
    page = browsers[name].get(path).text

    assert "Ishallen" not in page
    assert "ishallen" not in page
    assert "rink" not in page


@pytest.mark.parametrize(
    "path", ["/api/buildings", "/matarbyten", "/atgarder", "/larm", "/tavla/morgonsidan", "/tavla/bestandet"]
)
def test_an_open_building_that_somebody_else_looks_after_is_no_work_of_theirs(browsers: dict[str, Browser], path: str) -> None:
    """Its open figures are on the open pages, as for anybody."""
    page = browsers["rasmus"].get(path).text

    assert "Soltorget" not in page
    assert "soltorget" not in page


def test_an_open_building_leads_everybody_to_its_sheet(browsers: dict[str, Browser]) -> None:
    """Whoever has signed in is led to the same as nobody: the open pages show everybody the same."""
    pages = {name: browsers[name].get("/oppet/byggnad/soltorgets-skola").text for name in sorted(EVERYBODY)}

    assert all([each for each in REPORTS if each in page] == [SCHOOLS_SHEET] for page in pages.values())


@pytest.mark.parametrize("name", sorted(EVERYBODY))
@pytest.mark.parametrize("route", CHANGES)
def test_each_role_changes_its_own(tmp_path: Path, route: str, name: str) -> None:
    """303 to who may, 403 to who sees it and may not or has no session, 404 to who does not see it; nothing else moves."""
    decision = CHANGES[route]
    (path, allowed), *_ = decision.examples.items()
    with running_people(tmp_path, reports="/rapporter/" in route) as board:
        if path.endswith("aterta"):
            board.state.exchanges.decide(1, board.clock.at, accepted=True, by="Eva")
        before = state_of(board)
        browser = board.browser(name)
        token = token_in(browser.get("/matarbyten").text) if name else "0" * 64
        answer = browser.post(path, decision.fields | {"token": token})
        moved = state_of(board) != before

        expected = 303 if name in allowed else 403 if name in decision.sees or not name else 404
        assert answer.status == expected
        assert moved is (name in allowed)
        logged = [
            entry
            for entry in board.state.audit.entries()
            if entry.subject.startswith(("deviation", "exchange", "alert", "report"))
        ]
        assert [(entry.who, entry.address) for entry in logged] == ([(name, "127.0.0.1")] if moved else [])


def test_what_is_compared_is_forgotten(board: PeopleBoard, browsers: dict[str, Browser]) -> None:
    """Nobody's own figures are kept, nor that they asked."""
    before = [*state_of(board), board.state.audit.entries()]
    statuses = [browsers[name].post("/jamfor", {"kwh": "120000", "area": "1000"}).status for name in ("", "adam")]

    assert all(status < 500 for status in statuses)
    assert [*state_of(board), board.state.audit.entries()] == before


def state_of(board: PeopleBoard) -> list[Any]:
    """All that a change could move."""
    tables = (
        "deviation_threads",
        "deviation_events",
        "exchange_ledger",
        "dirty_hours",
        "alerts",
        "report_mails",
        "published_reports",
    )
    return [board.state.database.rows(f"SELECT * FROM {table}") for table in tables]  # noqa: S608 - our own names


def test_without_sign_in_this_machine_reads_and_nobody_changes(tmp_path: Path) -> None:
    """The trial: everything is seen, no form is shown, and none is taken."""
    with running_people(tmp_path, users_file=None) as board:
        browser = board.browser()
        page = browser.get("/avvikelse/1")
        tried = [browser.post("/avvikelse/1/kvittera", {"token": token}).status for token in ("", "0" * 64)]
        before = state_of(board)

        assert page.status == 200
        assert "<form" not in page.text
        assert tried == [403, 403]
        assert state_of(board) == before
        assert browser.get("/logga-in").status == browser.get("/logg").status == 404


FAR = {
    "a proxy on this machine": {"X-Forwarded-For": "192.0.2.7"},
    "another site's name (DNS rebinding)": {"Host": "evil.example"},
    "a proxy that names itself": {"Via": "1.1 proxy"},
}


@pytest.mark.parametrize("headers", FAR.values(), ids=FAR)
def test_without_sign_in_others_see_what_is_public(tmp_path: Path, headers: dict[str, str]) -> None:
    """Loopback is where the connection comes from, not where the reader sits."""
    with running_people(tmp_path, users_file=None) as board:
        browser = board.browser()

        assert browser.get("/byggnad/ishallen").status == 200
        assert browser.get("/byggnad/ishallen", **headers).status == 404
        assert "Ishallen" not in browser.get("/", **headers).text
