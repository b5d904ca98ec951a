"""Dashboards over HTTP: of the estate and of buildings, with filters, months, files, and for every kind of visitor."""

import csv
import gzip
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from config.domain.estate import Portfolio
from config.domain.panels import About, Audience, everything
from services.app.wiring import boards
from services.web.charts.script import NAME, Script
from services.web.filters import Filters
from services.web.shell import SignIn
from services.web.view.situation import Situation
from services.web.view.viewer import Viewer
from services.web.visitor import NOBODY, ON_THIS_MACHINE, Rights, Visitor
from tests.dashboards import example, example_pictures, example_years
from tests.services.web.board import HTTP, Board, running

BOARDS = {board.uid: board for board in boards()}
ESTATE = [uid for uid, board in BOARDS.items() if board.about is About.ESTATE]
OF_BUILDING = [uid for uid, board in BOARDS.items() if board.about is About.BUILDING]
MANAGER = Visitor("drift", Rights.FACILITY_MANAGER, owners=frozenset({"skolnamnden"}), token="t")
VISITORS: Mapping[str, Visitor] = {
    "public": NOBODY,
    "reader": ON_THIS_MACHINE,
    "manager": MANAGER,
    "team": Visitor("miljo", Rights.ENVIRONMENT_TEAM, token="t"),
    "administrator": Visitor("adam", Rights.ADMINISTRATOR, token="t"),
}
RINK = "ishallen"


class Door:
    """Lets in as whom the test says."""

    def __init__(self) -> None:
        self.visitor = ON_THIS_MACHINE

    def __call__(self, _: object) -> Visitor:
        return self.visitor


@pytest.fixture(scope="module")
def door() -> Door:
    return Door()


@pytest.fixture(scope="module")
def board(door: Door) -> Iterator[Board]:
    with running(fresh_s=600, dashboards=boards(), visitor=door, sign_in=SignIn("/logga-in", "/logga-ut")) as served:
        example_pictures.fill_pictures(served.store)
        example_years.fill_years(served.store)
        yield served


@pytest.fixture(autouse=True)
def _as_a_reader(door: Door) -> None:
    door.visitor = ON_THIS_MACHINE


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("uid", ESTATE)
def test_every_dashboard_of_the_estate_has_its_address(board: Board, uid: str) -> None:
    """With all its panels, each with period, source, and a file."""
    page = board.get(f"/tavla/{uid}")

    assert page.status == 200
    for panel in BOARDS[uid].panels:
        assert f'id="panel-{panel.id}"' in page.text
    assert page.text.count("Period: ") == page.text.count("Källa: ") == len(BOARDS[uid].panels)
    assert "Saknas: databasen" not in page.text


def test_the_navigation_leads_to_the_first_dashboard_of_each_audience(board: Board) -> None:
    """And says which one is open."""
    page = board.get("/tavla/manaden").text

    places = re.findall(r'<li><a href="(/tavla/[^"]+)"( aria-current="page")?>([^<]+)', page.split("</header>")[0])
    assert [(name, bool(here)) for _, here, name in places] == [
        ("Drift", False),
        ("Miljö", True),
        ("Styrelse", False),
        ("Öppna siffror", False),
    ]


@pytest.mark.parametrize(
    ("query", "buildings"),
    [
        ("", 4),
        ("?agare=energi", 3),
        ("?typ=depot", 1),
        ("?agare=energi&typ=school", 0),
        ("?yta=1000-5000", 1),
        ("?yta=saknas", 1),
        ("?q=%C3%A4lvg%C3%A5rden", 1),
    ],
)
def test_a_filter_in_the_address_leaves_some_of_the_buildings(board: Board, query: str, buildings: int) -> None:
    """By owner, kind, area (800, 3 100 and 6 297 m², and one that is not known) and words."""
    data: Any = board.json(f"/api/panels/bestandet{query}")

    assert data["buildings"] == buildings
    listed = next(panel for panel in data["panels"] if panel["id"] == "list")
    assert sum(len(part["table"]["rows"]) for part in listed["parts"]) == buildings


def test_a_filter_stays_in_every_address_of_the_page(board: Board) -> None:
    """Renewal, files and the other language."""
    page = board.get("/tavla/bestandet?agare=energi&lang=en").text

    assert 'data-source="/paneler/bestandet?agare=energi&amp;lang=en"' in page
    assert 'href="/csv/bestandet/list?agare=energi&amp;lang=en"' in page
    assert "/tavla/bestandet?agare=energi&amp;lang=sv" in page
    assert '<option value="energi" selected>' in page


def test_nothing_is_narrowed_where_everything_is_left(board: Board) -> None:
    """A thousand ids in each question would cost a second each; all readers then ask the same."""
    portfolio: Portfolio = example.portfolio()

    assert Filters().choose(portfolio, everything(portfolio)).whole
    assert not Filters(owner="energi").choose(portfolio, everything(portfolio)).whole


def test_a_month_that_is_over_is_shown_as_it_was(board: Board) -> None:
    """September's page shows September's figures, and does not renew itself."""
    now, september = board.get("/tavla/manaden").text, board.get("/tavla/manaden?month=2026-09").text

    assert "Period: okt\xa02026" in now
    assert "Period: sep\xa02026" in september
    assert ('id="live"' in now, 'id="live"' in september) == (True, False)
    assert '<option value="2026-09" selected>september 2026' in september


@pytest.mark.parametrize("month", ["2026-11", "2027-01", "2026-13", "x", "2026-10-01"])
def test_a_month_that_is_none_or_not_over_is_no_page(board: Board, month: str) -> None:
    """Nor is it shown as something else."""
    assert board.get(f"/tavla/manaden?month={month}").status in (303, 404)


@pytest.mark.parametrize("uid", [*ESTATE, *OF_BUILDING])
def test_a_file_has_what_the_page_shows_to_the_last_digit(board: Board, uid: str) -> None:
    """Every value of every table, as the store gave it."""
    estate = BOARDS[uid].about is About.ESTATE
    about = "" if estate else f"?byggnad={example.SCHOOL}"
    data: Any = board.json(f"/api/panels/{uid}" if estate else f"/api/panels/{uid}/{example.SCHOOL}")

    for panel in data["panels"]:
        file = board.get(f"/csv/{uid}/{panel['id']}{about}")
        assert file.status == 200
        assert file.headers["content-type"].startswith("text/csv")
        written = [cell for row in rows(file.text) for cell in row]
        for part in panel["parts"]:
            for row in part["table"]["rows"]:
                for cell in row["cells"]:
                    if isinstance(cell["value"], float):
                        assert repr(cell["value"]) in written


def test_a_value_on_the_page_is_the_one_in_the_store(board: Board) -> None:
    """The board, the data and the file have one figure."""
    portfolio = example.portfolio()
    viewer = Viewer(Situation(portfolio, everything(portfolio), example.NOW, "sv", board.store))
    panel = next(each for each in BOARDS["bestandet"].panels if each.id == "list")
    shown = {row.key: row.cells for part in viewer.panel(panel).parts for row in part.table.rows}

    file = rows(board.get("/csv/bestandet/list").text)
    head = next(place for place, name in enumerate(file[0]) if name.startswith("energi igår ["))
    place = next(number for number, cell in enumerate(shown[example.SCHOOL]) if "kWh" in cell.text)
    assert {row[0]: row[head] for row in file}[example.SCHOOL] == repr(shown[example.SCHOOL][place].value)


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("uid", [*ESTATE, *OF_BUILDING])
def test_a_dashboard_opens_for_its_audience_alone(board: Board, door: Door, uid: str, visitor: str) -> None:
    """By page, panels, data and file; the others are told nothing."""
    door.visitor = VISITORS[visitor]
    audience, estate = BOARDS[uid].audience, BOARDS[uid].about is About.ESTATE
    allowed = audience in VISITORS[visitor].audiences
    panel = BOARDS[uid].panels[0].id
    paths = (
        (f"/tavla/{uid}", f"/paneler/{uid}", f"/api/panels/{uid}", f"/csv/{uid}/{panel}")
        if estate
        else (
            f"/byggnad/{example.SCHOOL}/{uid}",
            f"/paneler/{uid}/{example.SCHOOL}",
            f"/api/panels/{uid}/{example.SCHOOL}",
            f"/csv/{uid}/{panel}?byggnad={example.SCHOOL}",
        )
    )

    for path in paths:
        refused = 303 if visitor in ("public", "reader") and not path.startswith("/api/") else 404
        assert board.get(path).status == (200 if allowed else refused), path
        absent = board.get(path.replace(uid, "ingen-tavla"))
        assert absent.status == refused


def test_an_open_dashboard_tells_everybody_the_same(board: Board, door: Door) -> None:
    """A reader sees no more on it than anybody: its address can be quoted."""
    [uid] = [uid for uid, each in BOARDS.items() if each.audience is Audience.CITIZENS and each.about is About.ESTATE][:1]
    door.visitor = NOBODY
    public: Any = board.json(f"/api/panels/{uid}")
    door.visitor = ON_THIS_MACHINE
    reader: Any = board.json(f"/api/panels/{uid}")

    def values(data: Any) -> list[Any]:
        return [
            [row["cells"][0]["value"] for part in panel["parts"] for row in part["table"]["rows"]] for panel in data["panels"]
        ]

    assert values(public) == values(reader)
    assert public["buildings"] == reader["buildings"] == 1


def test_another_owners_building_is_in_nothing_that_a_manager_gets(board: Board, door: Door) -> None:
    """The rink belongs to somebody else and is not public: neither its name nor its id."""
    door.visitor = MANAGER
    paths = ["/", "/api/buildings", *(f"/tavla/{uid}" for uid in ESTATE if BOARDS[uid].audience in MANAGER.audiences)]

    for path in paths:
        text = board.get(path).text
        assert "Ishallen" not in text, path
        assert "m-rink" not in text, path
    assert board.get(f"/byggnad/{RINK}").status == 404
    assert board.get(f"/csv/byggnaden-just-nu/power?byggnad={RINK}").status == 404


def test_the_start_page_tells_how_each_building_is(board: Board) -> None:
    """Energy against the same weekday, open deviations with what they cost, silent meters, a line of thirty days."""
    page = board.get("/?q=soltorget").text

    assert "1 av 5 mätare tysta" in page
    assert "3 öppna avvikelser" in page
    assert "mot samma veckodag" in page
    assert board.get("/?q=depå").text.count("energi igår saknas") == 1


def test_the_start_page_asks_the_store_twice_whatever_the_number_of_buildings(door: Door) -> None:
    """How they are today, and thirty days of energy."""
    with running(dashboards=boards(), visitor=door) as fresh:
        fresh.store.asked.clear()
        fresh.get("/")

        assert [query.series.name for query in fresh.store.asked] == ["buildings", "indicators"]


def test_buildings_come_in_the_order_that_is_asked_for(board: Board) -> None:
    """The costliest first; who has no cost last, by name."""
    names = re.findall(r'class="name">(?:<a [^>]*>)?([^<]+)<', board.get("/?ordning=kronor").text)

    assert names[0] == "Soltorgets skola"
    assert names[1:] == ["Ishallen, A/B-rinken", "Åkarens depå", "Älvgårdens äldreboende"]


def test_the_script_that_draws_is_our_own_and_kept_for_good(board: Board) -> None:
    """Its address has its versions; packed for whoever takes that."""
    page = board.get("/tavla/bestandet").text
    [address] = re.findall(r'<script src="(/skript/[^"]+)" defer>', page)

    script = HTTP.request("GET", board.url.rstrip("/") + address, timeout=120)  # made now
    packed = HTTP.request("GET", board.url.rstrip("/") + address, headers={"Accept-Encoding": "gzip"}, decode_content=False)
    assert b"vegaEmbed" in script.data
    assert gzip.decompress(packed.data) == script.data
    assert script.headers["cache-control"] == packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert re.fullmatch(r"/skript/vega-[\w.]+-[\w.]+\.js", address)


def test_the_script_is_kept_for_the_next_start(tmp_path: Path) -> None:
    """Making it takes seconds."""
    (tmp_path / f"{NAME}.gz").write_bytes(b"as it was kept")

    assert Script(tmp_path).packed() == b"as it was kept"
