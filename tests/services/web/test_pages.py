"""The board over HTTP, as a browser without JavaScript and as a program see it."""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi import FastAPI

from config.errors import ConfigurationError, StoreUnavailable
from dashboards.facility_managers.building_now import DASHBOARD
from services.web.application import HEADERS
from services.web.serving import serve
from services.web.shell import Trouble
from tests.dashboards import example
from tests.services.web.board import Board, running

NAMES = re.compile(r'class="name">(?:<a [^>]*>)?([^<]+)<')
SCHOOL = f"/byggnad/{example.SCHOOL}"


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    with running() as served:
        yield served


class Seen(HTMLParser):
    """Texts, addresses, tables and inline code of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.tables = 0
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.addresses += [values[name] or "" for name in ("href", "src", "action", "data-source") if name in values]
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        if tag in ("style", "base") or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.inline.append(tag)
        self.tables += tag == "table"
        if "id" in values:
            self.ids.append(values["id"] or "")


def test_buildings_are_listed_as_swedes_sort(board: Board) -> None:
    """Å and Ä last."""
    page = board.get("/")

    names = NAMES.findall(page.text)
    assert names == ["Ishallen, A/B-rinken", "Soltorgets skola", "Åkarens depå", "Älvgårdens äldreboende"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("skola", ["Soltorgets skola"]),
        ("ENERGI ishall", ["Ishallen, A/B-rinken"]),
        ("äldre", ["Älvgårdens äldreboende"]),
        ("finns inte", []),
    ],
)
def test_a_building_is_found_by_name_kind_or_owner(board: Board, words: str, found: list[str]) -> None:
    """All words, in any order and case."""
    listed = board.json(f"/api/buildings?q={words}")

    assert isinstance(listed, list)
    assert [each["name"] for each in listed] == found
    page = board.get(f"/?q={words}").text
    assert NAMES.findall(page) == found


def test_what_was_searched_for_is_only_text(board: Board) -> None:
    """Escaped where it stands in the page again."""
    page = board.get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_buildings_page_is_whole_without_javascript(board: Board) -> None:
    """Every panel, its figures, and a table for each chart; it renews itself."""
    page = board.get(SCHOOL)

    seen = Seen(page.text)
    assert page.status == 200
    assert [f"panel-{panel.id}" in seen.ids for panel in DASHBOARD.panels] == [True] * len(DASHBOARD.panels)
    assert "81,6\xa0kW" in page.text
    assert seen.tables == 3 + 1 + 2
    assert '<noscript><meta http-equiv="refresh"' in page.text


def test_every_panel_says_period_and_source(board: Board) -> None:
    """And what it means."""
    page = board.get(SCHOOL).text

    assert page.count("Period: ") == len(DASHBOARD.panels)
    assert page.count("Källa: ") == len(DASHBOARD.panels)
    assert "Period: tisdag 24\xa0nov, tisdag 17\xa0nov." in page


def test_nothing_on_a_page_comes_from_elsewhere(board: Board) -> None:
    """No other host, no code in the page: the policy in the header would stop both."""
    for path in ("/", SCHOOL, "/finns-inte"):
        seen = Seen(board.get(path).text)

        assert seen.addresses
        assert [address for address in seen.addresses if not address.startswith(("/", "#"))] == []
        assert seen.inline == []
        assert len(seen.ids) == len(set(seen.ids))


def test_every_answer_has_the_security_headers(board: Board) -> None:
    """Pages, data, files and errors."""
    for path in ("/", SCHOOL, "/api/buildings", "/static/board.css", "/finns-inte", "/healthz"):
        headers = board.get(path).headers

        assert {name: headers.get(name) for name in HEADERS} == HEADERS, path
    assert board.get("/").headers["Cache-Control"] == "no-store"
    assert "server" not in {name.lower() for name in board.get("/").headers}


def test_invented_values_are_marked(board: Board) -> None:
    """The school's area; the banner on pages that show something invented, and only there."""
    school, rink = board.get(SCHOOL).text, board.get("/byggnad/ishallen").text

    assert "Exempeldata: yta" in school
    assert '<p class="notice example">' in school
    assert "Exempeldata" not in rink


def test_the_simulation_is_said_on_every_page() -> None:
    """Also of a building with nothing invented."""
    with running(simulated=True) as simulated:
        pages = [simulated.get(path).text for path in ("/", SCHOOL, "/byggnad/ishallen", "/finns-inte")]

    assert ["Mätvärdena kommer från en simulering" in page for page in pages] == [True] * 4


def test_a_missing_area_is_said(board: Board) -> None:
    """Not 0 m²."""
    assert "yta saknas" in board.get("/byggnad/ishallen").text


def test_english_is_one_click_away_and_stays(board: Board) -> None:
    """The language is in the address, so it can be sent on."""
    page = board.get(f"{SCHOOL}?lang=en")

    seen = Seen(page.text)
    assert '<html lang="en">' in page.text
    assert "Power now" in page.text
    assert f"{SCHOOL}?lang=sv" in seen.addresses
    assert f"/paneler/byggnaden-just-nu/{example.SCHOOL}?lang=en" in seen.addresses
    assert f"{SCHOOL}?lang=en" in Seen(board.get(SCHOOL).text).addresses


def test_the_renewed_part_is_the_same_panels(board: Board) -> None:
    """What is put in place is what a fresh page would have."""
    fragment = board.get(f"/paneler/byggnaden-just-nu/{example.SCHOOL}").text
    page = board.get(SCHOOL).text

    assert "<html" not in fragment
    assert fragment.split('<p id="stamp"')[0].strip() in page
    assert len(re.findall('id="panel-', fragment)) == len(DASHBOARD.panels)


def test_the_data_has_values_and_what_is_missing(board: Board) -> None:
    """Numbers as numbers, null with its reason."""
    data: Any = board.json(f"/api/panels/byggnaden-just-nu/{example.SCHOOL}")

    panels = {panel["id"]: panel for panel in data["panels"]}
    assert data["at"] == "2026-11-24T12:40:20+00:00"
    assert data["example"] is True
    assert panels["power"]["parts"][0]["figures"][1]["value"] == 81.6
    assert panels["power"]["parts"][0]["figures"][3] | {"trace": []} == {
        "name": "Kök, undermätare · Effekt, uttag",
        "value": None,
        "text": "saknas",
        "when": "",
        "coverage": None,
        "coverage_text": "",
        "missing": "tyst; sist 7,25\xa0kW kl.\xa010:30, för 3\xa0h sedan",
        "note": "",
        "trace": [],
        "estimated": False,
        "warns": False,
        "address": "",
        "row_address": "",
    }
    assert panels["month"]["parts"][0]["table"]["rows"][0]["cells"][0]["coverage"] == 0.784


@pytest.mark.parametrize(
    "path", ["/byggnad/finns-inte", "/byggnad/ishallen/ingen-tavla", "/paneler/ingen/ishallen", "/vad-som-helst"]
)
def test_an_unknown_address_is_a_page_of_its_own(board: Board, path: str) -> None:
    """With the way back."""
    page = board.get(path)

    assert page.status == 404
    assert "Sidan finns inte" in page.text
    assert "/" in Seen(page.text).addresses


def test_an_unknown_address_of_the_data_is_data(board: Board) -> None:
    """A program reads no page."""
    page = board.get("/api/panels/ingen/ishallen")

    assert (page.status, page.headers["Content-Type"]) == (404, "application/json")


def test_no_page_of_documentation_is_published(board: Board) -> None:
    """FastAPI's own would load code from another host."""
    assert {board.get(path).status for path in ("/docs", "/redoc", "/openapi.json")} == {404}


def test_health_and_readiness_are_two_questions() -> None:
    """Alive, though the store is down; the pages say so and stay."""
    with running() as board:
        assert (board.get("/healthz").status, board.get("/readyz").status) == (200, 200)
        board.store.fail_with = StoreUnavailable("down")
        assert (board.get("/healthz").status, board.get("/readyz").status) == (200, 503)
        page, listed = board.get(SCHOOL), board.get("/")

    assert page.status == 200
    assert page.text.count("Saknas: databasen svarar inte") == len(DASHBOARD.panels)
    assert "Saknas: databasen svarar inte" in listed.text


def test_a_disturbance_is_shown_on_top() -> None:
    """In the reader's language, escaped."""
    with running() as board:
        board.troubles.append(Trouble("Insamlingen står <still>.", "The collector stands still."))
        swedish, english = board.get("/").text, board.get("/?lang=en").text

    assert "Insamlingen står &lt;still&gt;." in swedish
    assert "The collector stands still." in english
    assert (
        swedish.index('<aside class="notices" aria-label="Meddelanden">')
        < swedish.index("Insamlingen står")
        < swedish.index("</aside>")
    )


def test_fifty_watchers_ask_the_store_no_more_than_one() -> None:
    """Within the seconds that an answer is fresh."""
    with running(fresh_s=60) as board:
        board.get(SCHOOL)
        asked = len(board.store.asked)
        threads = [threading.Thread(target=board.get, args=(SCHOOL,)) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert asked > 0
        assert len(board.store.asked) == asked


def test_a_second_dashboard_has_its_own_address() -> None:
    """The building's own address stays the first one's."""
    other = replace(DASHBOARD, uid="annan-tavla", title_sv="Annan tavla", panels=DASHBOARD.panels[:1])
    with running(dashboards=[DASHBOARD, other]) as board:
        page = board.get(f"{SCHOOL}/annan-tavla").text
        first = board.get(SCHOOL).text

    assert len(re.findall('id="panel-', page)) == 1
    assert f'href="{SCHOOL}/annan-tavla"' in first


def test_only_named_hosts_are_answered_where_they_are_named() -> None:
    """Another site's page cannot read a board on loopback by giving its own name our address."""
    with running(hosts=["energi.example.se"]) as board:
        assert board.get("/", host="energi.example.se").status == 200
        assert board.get("/", host="evil.example").status == 400


def test_a_port_that_is_taken_is_told_before_anything_starts() -> None:
    """By the name of the setting."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigurationError, match="ENERGIMONITOR_WEB_PORT"):
            serve(FastAPI(), "127.0.0.1", taken.getsockname()[1])
