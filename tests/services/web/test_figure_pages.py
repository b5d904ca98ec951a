"""The pages on which published figures are followed back, over HTTP and in a real browser."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright

from config.domain.indicators import SubjectKind
from tests.servers import absent
from tests.services.reports.published import NOW, Published, published
from tests.services.web.board import Board, running
from tests.services.web.test_browser import ARGUMENTS, CONTRAST, page_of

JANUARY = "/siffra/energy:electricity/building:skola/2025-01"
GROUP = f"/siffra/energy:electricity/owner:{quote('skolnämnden')}/2024"
NAMED = "energy%3Aelectricity/building%3Aannan/2024-05"
PAGES = [JANUARY, GROUP, "/siffror", "/siffror/building:skola", "/siffror/building:annan?period=2024-05&lang=en"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """With a late day: January has been another figure."""
    found = published(tmp_path_factory.mktemp("state"))
    found.clock.at = NOW + timedelta(days=9)
    found.hours("skola-el", lambda at: 100.0, date(2025, 1, 8), date(2025, 1, 8))
    found.work()
    yield found
    found.state.close()


@pytest.fixture(scope="module")
def board(made: Published) -> Iterator[Board]:
    with running(filled=False, figures=made.reader) as served:
        yield served


def test_a_figure_s_page_has_all_that_explains_it(board: Board) -> None:
    """Value, rule, hours by method, method of calculation, what it was before and why it moved."""
    page = board.get(JANUARY)

    assert page.status == 200
    for words in ("Energianvändning (el), 2025-01", "744 mätta", "energy-3", "Hur siffran har ändrats", "11\xa0580"):
        assert words in page.text
    assert "energimonitor export energy:electricity/building:skola/2025-01 --out mapp" in page.text


def test_as_known_then_is_another_figure(board: Board) -> None:
    """The form's day: before the late day came in."""
    now, then = (
        re.findall(r'class="value">([^<]+)<', board.get(JANUARY + query).text) for query in ("", f"?as_known={NOW.date()}")
    )

    assert now != then
    assert "Som det var känt" in board.get(f"{JANUARY}?as_known={NOW.date()}").text


def test_every_link_down_leads_to_a_page(board: Board) -> None:
    """From the group's year to a building's, to its months, to the hours."""
    path, seen = GROUP, []
    while path:
        page = board.get(path)
        assert page.status == 200, path
        seen.append(path)
        parts = re.findall(r'<th role="rowheader" scope="row"><a href="(/siffra/[^"]+)"', page.text)
        path = parts[0] if parts else ""

    assert len(seen) == 3
    assert "Timmarna bakom" in page.text


def test_the_list_has_a_row_a_figure_and_says_what_lacks(board: Board) -> None:
    """The school without a May: "missing" with its reason, never 0."""
    page = board.get("/siffror/building:annan?period=2024-05&lang=en").text

    rows = re.findall(r'<tr role="row" class="missing[^"]*">(.*?)</tr>', page, re.DOTALL)
    (row,) = [each for each in rows if f"/siffra/{NAMED}" in each]
    assert "missing" in row
    assert "Only 0 % of the period" in row
    assert "2024-05" in board.get("/siffror/building:annan").text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/siffra/energi/building:skola/2025", "no indicator"),
        ("/siffra/energy:gas/building:skola/2025-01", "no such figure"),
        ("/siffra/energy:electricity/building:skola/2025-01?as_known=igår", "isoformat"),
        ("/siffra/energy:electricity/building:skola/2025-01?as_known=9999-12-31", "out of range"),
        ("/siffror/building:skola?period=9999", "outside the years"),
        ("/siffror/hus:skola", "hus:skola"),
    ],
)
def test_a_figure_that_is_not_there_is_a_page_that_says_so(board: Board, path: str, said: str) -> None:
    """404, in the same clothes."""
    page = board.get(quote(path, safe="/:?=&"))

    assert page.status == 404
    assert said in page.text


def test_a_building_leads_to_its_figures(board: Board) -> None:
    """And the list of buildings to everything that has some: all together, owners, kinds, buildings."""
    assert 'href="/siffror/building:skola"' in board.get("/byggnad/skola").text
    assert 'href="/siffror"' in board.get("/").text
    listed = re.findall(r'href="(/siffror/[^"]+)"', board.get("/siffror").text)
    assert {each.split(":")[0] for each in listed} == {
        f"/siffror/{kind}" for kind in SubjectKind if kind is not SubjectKind.POINT
    }
    assert [each for each in listed if board.get(each).status != 200] == []


def test_without_published_figures_there_are_no_such_pages() -> None:
    """No link that leads nowhere."""
    with running() as bare:
        assert "/siffror" not in bare.get("/").text
        assert bare.get(JANUARY).status == 404


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440, 1920])
def test_the_pages_fit_and_are_readable(board: Board, width: int, scheme: str) -> None:
    """Nothing to the right of the screen, nothing in the console, text at least 4.5:1, every field with its label."""
    path = shutil.which("chromium")
    if path is None:
        absent("chromium", "apt-get install chromium")
    faults: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        with page_of(browser, board, faults, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
            for address in PAGES:
                page.goto(board.url.rstrip("/") + address)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address
                assert page.evaluate(CONTRAST) == [], address
                assert page.evaluate(
                    "[...document.querySelectorAll('input,select')].every(e => e.type === 'hidden' || e.labels.length)"
                )
        browser.close()
    assert faults == []
