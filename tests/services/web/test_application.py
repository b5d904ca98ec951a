"""What the board is put together of: who asks, pages of other packages, and what a visitor is told of what is not for them."""

import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.web.application import on_this_machine
from services.web.shell import SignIn, shell_of
from services.web.visitor import NOBODY, ON_THIS_MACHINE, Rights, Visitor, visitor_of
from tests.services.web.board import running

MANAGER = Visitor("drift@skolan", Rights.FACILITY_MANAGER, owners=frozenset({"skolnamnden"}), token="t")
SIGN_IN = SignIn("/logga-in", "/logga-ut")


def asking(host: str, headers: dict[str, str]) -> Request:
    called = {"host": "[::1]:8000" if host == "::1" else "127.0.0.1:8000"} | headers
    raw = [(name.encode(), value.encode()) for name, value in called.items()]
    return Request({"type": "http", "path": "/", "client": (host, 1), "headers": raw})


@pytest.mark.parametrize(
    ("host", "headers", "visitor"),
    [
        ("127.0.0.1", {}, ON_THIS_MACHINE),
        ("::1", {}, ON_THIS_MACHINE),
        ("192.0.2.7", {}, NOBODY),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, NOBODY),
        ("127.0.0.1", {"forwarded": "for=192.0.2.7"}, NOBODY),
        ("127.0.0.1", {"host": "evil.example"}, NOBODY),
    ],
)
def test_only_this_machine_reads_without_signing_in(host: str, headers: dict[str, str], visitor: Visitor) -> None:
    """A proxy on this machine speaks for others, and so does a page whose own name leads here."""
    assert on_this_machine(asking(host, headers)) == visitor


def test_who_has_not_signed_in_is_asked_to_whether_or_not_there_is_such_a_thing() -> None:
    """And comes back to where they were; no answer tells what exists."""
    with running(visitor=lambda _: NOBODY, sign_in=SIGN_IN) as board:
        for path in ("/byggnad/soltorgets-skola", "/byggnad/finns-inte", "/byggnad/ishallen/ingen-tavla"):
            answer = board.get(f"{path}?lang=en")

            assert answer.status == 303
            assert answer.headers["location"] == f"/logga-in?next={path.replace('/', '%2F')}%3Flang%3Den&lang=en"


def test_without_a_sign_in_what_is_not_for_them_does_not_exist() -> None:
    """The same page for a school that is there and for one that is not."""
    with running(visitor=lambda _: NOBODY) as board:
        there, absent = board.get("/byggnad/soltorgets-skola"), board.get("/byggnad/soltorgets-skolb")

    assert (there.status, absent.status) == (404, 404)
    assert there.text.replace("skola", "skolb") == absent.text


def test_a_facility_manager_sees_their_owners_buildings() -> None:
    """The rink is another owner's."""
    with running(visitor=lambda _: MANAGER, sign_in=SIGN_IN) as board:
        listed: Any = board.json("/api/buildings")

        assert [each["id"] for each in listed] == ["soltorgets-skola"]
        assert board.get("/byggnad/soltorgets-skola").status == 200
        assert board.get("/byggnad/ishallen").status == 404
        assert board.get("/api/panels/byggnaden-just-nu/ishallen").status == 404


def test_a_page_of_another_package_stands_in_the_same_frame(tmp_path: Path) -> None:
    """With its own template, the visitor's name, and the way out."""
    content = "<h1>{{ title }} {{ visitor.name }}</h1>"
    (tmp_path / "mine.html").write_text('{% extends "base.html" %}{% block content %}' + content + "{% endblock %}")
    router = APIRouter()

    @router.get("/min-sida")
    def mine(request: Request) -> HTMLResponse:
        assert visitor_of(request) is MANAGER
        return shell_of(request).page(request, "mine.html", title="Min sida")

    with running(visitor=lambda _: MANAGER, routers=[router], templates=[tmp_path], sign_in=SIGN_IN) as board:
        page = board.get("/min-sida?a=1")

    assert "<h1>Min sida drift@skolan</h1>" in page.text
    assert 'action="/logga-ut"' in page.text
    assert "/min-sida?a=1&amp;lang=en" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_visitor_is_looked_up_away_from_the_loop_and_not_for_files() -> None:
    """Whoever looks sessions up may wait for a file."""
    threads: list[str] = []

    def visitor(_: Request) -> Visitor:
        threads.append(threading.current_thread().name)
        return ON_THIS_MACHINE

    with running(visitor=visitor) as board:
        board.get("/static/board.css")
        board.get("/healthz")

    assert len(threads) == 1
    assert threads[0].startswith("AnyIO worker")
