"""The board in a real Chromium: every dashboard at three widths, both colour schemes, with and without JavaScript."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from config.domain.panels import About
from config.domain.readings import Reading
from services.app.wiring import boards
from services.web.shell import Trouble
from tests.dashboards import example, example_pictures, example_years
from tests.servers import absent
from tests.services.web.board import Board, CountingStore, running
from tests.services.web.drawing_script import with_script
from tests.services.web.goal_site import LACKING, METERED, REPORTED, fill, state_in

pytestmark = pytest.mark.browser
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
SCHOOL = f"byggnad/{example.SCHOOL}"
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
DASHBOARDS = [f"tavla/{each.uid}" if each.about is About.ESTATE else f"{SCHOOL}/{each.uid}" for each in boards()]
GOALS = [f"mal/{each}" for each in (METERED, REPORTED, LACKING)]
PAGES = ["", "?q=skola&ordning=kronor", "byggnad/aldreboendet", f"{SCHOOL}?lang=en", "finns-inte", *GOALS, *DASHBOARDS]

# Text and background of every element with text of its own, as the browser paints them, as contrast by WCAG 2.1.
CONTRAST = """
() => {
  const light = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const ground = (each) => {
    for (let node = each; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const each of document.querySelectorAll("body *")) {
    const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !each.checkVisibility()) continue;
    const style = getComputedStyle(each);
    const ink = each.closest("svg") ? style.fill : style.color;
    if (ink === "none") continue;
    const [a, b] = [luminance(rgb(ink)), luminance(ground(each))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${each.className || each.tagName} ${ratio.toFixed(2)} ${each.textContent.trim().slice(0, 30)}`);
  }
  return poor;
}
"""
# The colours of marks against the paper that they stand on.
MARKS = """
() => {
  const light = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const probe = document.body.appendChild(document.createElement("p"));
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
  };
  const paper = luminance(colour("--paper"));
  const names = [...Array(8).keys()].map((place) => `--c${place}`).concat("--then", "--ink");
  const ratios = names.map((name) => {
    const [a, b] = [luminance(colour(name)), paper].sort((x, y) => y - x);
    return [name, (a + 0.05) / (b + 0.05)];
  });
  probe.remove();
  return ratios.filter(([, ratio]) => ratio < 3);
}
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        absent("chromium", "apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Every dashboard and the goals' pages, over all that the example has."""
    store, state = CountingStore(), state_in(tmp_path_factory.mktemp("state"))
    example_pictures.fill_pictures(store)
    example_years.fill_years(store)
    goals = fill(store, state)
    scripts = with_script(tmp_path_factory.mktemp("scripts"))
    with running(simulated=True, fresh_s=600, store=store, dashboards=boards(), goals=goals, scripts=scripts) as served:
        yield served
    state.close()


@contextmanager
def page_of(chromium: Browser, board: Board, faults: list[str], **options: Any) -> Iterator[Page]:
    """A page that notes what went wrong and who else was asked."""
    context = chromium.new_context(**options)
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(board.url) else faults.append(request.url))
    try:
        yield page
    finally:
        context.close()


def draw_all(page: Page) -> None:
    """Charts are drawn when they come near; before printing all are."""
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for each in page.query_selector_all(".vega"):
        each.wait_for_element_state("visible")
    drawings = page.locator(".vega").count()
    if drawings:
        page.locator(".vega.drawn").nth(drawings - 1).wait_for(timeout=60_000)


@pytest.mark.parametrize(("width", "scheme", "between"), [(360, "dark", ()), (1440, "light", (768, 1920))])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_is_readable(
    chromium: Browser, board: Board, path: str, width: int, scheme: Any, between: tuple[int, ...]
) -> None:
    """Nothing to the right of the screen or in the console, no other host, text at least 4.5:1, marks 3:1, WCAG 2.1 AA by axe.

    A tablet and a projector are judged by their width alone: axe takes seconds a page, and they have the rules of the other two.
    """
    faults: list[str] = []
    board.troubles[:] = [Trouble("Insamlingen släpar.", "The collector is behind.")]
    with page_of(chromium, board, faults, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        page.goto(board.url + path)
        draw_all(page)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for other in between:
            page.set_viewport_size({"width": other, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= other
            page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate(MARKS) == []
        violations = Axe().run(page, options=AA).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in violations] == []
        assert [fault for fault in faults if "404" not in fault] == []


def test_a_long_list_is_folded_on_a_phone(chromium: Browser, board: Board) -> None:
    """Five rows, and all of them at a touch, without JavaScript; on a screen and on paper nothing of so few rows is folded."""
    with page_of(chromium, board, [], java_script_enabled=False, viewport={"width": 360, "height": 800}) as page:
        page.goto(f"{board.url}{SCHOOL}/matare-och-inneklimat")
        folded = page.locator(".tabular:has(> details.rest)").first
        rows = folded.locator("tbody tr:not(.why):visible")
        whole = folded.locator("tbody tr:not(.why)").count()
        few = rows.count()
        page.emulate_media(media="print")
        printed = rows.count()
        page.emulate_media(media="screen")
        folded.locator("summary").click()
        opened = rows.count()
        page.set_viewport_size({"width": 1440, "height": 900})
        folded.locator("summary").evaluate("(each) => { each.parentElement.open = false; }")

        assert 8 < whole <= 25
        assert (few, opened, printed, rows.count()) == (5, whole, whole, whole)
        assert not folded.locator("summary").is_visible()


def test_a_row_is_a_card_on_a_phone_and_a_row_on_a_screen(chromium: Browser, board: Board) -> None:
    """Tables of more than two columns, on every dashboard that has one."""
    wide = "[...document.querySelectorAll('table:not(.upright)')].filter((each) => each.rows[0].cells.length > 3)"
    looks = f"new Set({wide}.map((each) => getComputedStyle(each.querySelector('td')).display))"
    with page_of(chromium, board, [], java_script_enabled=False) as page:
        for path in DASHBOARDS:
            for width, look in ((360, "grid"), (1440, "table-cell")):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(board.url + path)
                page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
                assert page.evaluate(f"[...{looks}]") in ([], [look]), (path, width)


def test_a_drawing_has_its_marks(chromium: Browser, board: Board) -> None:
    """13 hours as bars, two of them striped, the missing one of the heat as a field, the other day as a line."""
    with page_of(chromium, board, []) as page:
        page.goto(f"{board.url}{SCHOOL}/byggnaden-just-nu")
        draw_all(page)
        bars = page.locator("#draw-today-electricity .mark-rect path")
        fills = [bars.nth(place).evaluate("(each) => getComputedStyle(each).fill") for place in range(bars.count())]
        void = page.locator("#draw-today-district_heating .mark-rect path").first

        assert len(fills) == 13
        assert sum('url("#hatch-0")' in fill for fill in fills) == 2
        assert void.evaluate("(each) => getComputedStyle(each).strokeDasharray") == "3px, 3px"
        assert page.locator("#draw-today-electricity .mark-line path").count() == 1


def test_a_mark_tells_its_value_where_it_is_pointed_at(chromium: Browser, board: Board) -> None:
    """In Swedish numbers; nothing of it is style in the page."""
    faults: list[str] = []
    with page_of(chromium, board, faults, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"{board.url}{SCHOOL}/byggnaden-just-nu")
        draw_all(page)
        page.locator("#draw-today-electricity .mark-rect path").nth(12).hover()
        page.wait_for_selector("#tip:not([hidden])")

        assert page.locator("#tip").inner_text() == "12–13: 60,0\xa0kWh, tisdag 17\xa0nov: 60,0\xa0kWh"
    assert faults == []


def test_without_javascript_the_tables_are_there(chromium: Browser, board: Board) -> None:
    """They open by themselves; every drawing has one with rows."""
    with page_of(chromium, board, [], java_script_enabled=False) as page:
        page.goto(f"{board.url}{SCHOOL}/byggnaden-just-nu")
        table = page.locator("#table-today-electricity table")
        hidden = table.is_visible()
        page.locator("#table-today-electricity summary").click()

        assert (hidden, table.is_visible()) == (False, True)
        assert "60,0\xa0kWh" in table.inner_text()
        for path in DASHBOARDS:
            page.goto(board.url + path)
            drawn = page.locator(".vega").count()
            assert page.locator(".chart:has(.vega) details:has(tbody tr)").count() == drawn


def test_panels_are_renewed_in_place(chromium: Browser, tmp_path: Path) -> None:
    """A new reading shows without a reload; an opened table stays open; a lost server is said."""
    faults: list[str] = []
    with running(scripts=with_script(tmp_path)) as board, page_of(chromium, board, faults) as page:
        page.clock.install()
        page.goto(board.url + SCHOOL)
        page.locator("#table-today-electricity summary").click()
        page.evaluate("document.activeElement.blur()")
        before = page.locator("#panel-power .value").nth(1).inner_text()
        at = board.clock.at
        board.store.write_readings([Reading("m-skola-varme", "heat_power", at, 99.5, at)])
        with page.expect_response("**/paneler/**"):
            page.clock.run_for(11_000)
        page.get_by_text("99,5\xa0kW").first.wait_for()

        assert before == "81,6\xa0kW"
        assert page.locator("#panel-power .value").nth(1).inner_text() == "99,5\xa0kW"
        assert page.locator("#table-today-electricity").get_attribute("open") is not None
        assert page.locator("#live").inner_text() == "Uppdaterad 13:40:20"
        page.route("**/paneler/**", lambda route: route.abort())
        page.clock.run_for(11_000)
        page.wait_for_selector("#live.lost")
        assert page.locator("#live").inner_text().startswith("Ingen kontakt med servern. Visar värden från 13:40:20")
    assert [fault for fault in faults if "ERR_FAILED" not in fault] == []


def test_what_did_not_change_is_not_drawn_again(chromium: Browser, tmp_path: Path) -> None:
    """The renewal compares what the server wrote, not what was drawn in it."""
    with running(scripts=with_script(tmp_path)) as board, page_of(chromium, board, []) as page:
        page.clock.install()
        page.goto(board.url + SCHOOL)
        draw_all(page)
        page.evaluate("document.querySelector('#draw-today-electricity svg').id = 'the-first'")
        with page.expect_response("**/paneler/**"):
            page.clock.run_for(11_000)
        page.wait_for_selector("#live[role=none]")

        assert page.locator("#the-first").count() == 1


@pytest.mark.parametrize("path", ["", SCHOOL, "tavla/morgonsidan"])
def test_a_keyboard_reaches_everything_in_order(chromium: Browser, board: Board, path: str) -> None:
    """The first stop skips to the content; every link, field and summary is come to, in the order of the page, with a ring."""
    with page_of(chromium, board, []) as page:
        page.goto(board.url + path)
        wanted = page.evaluate(
            "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex=\"0\"]')]"
            ".filter((each) => each.checkVisibility()).map((each, place) => { each.dataset.place = place; return place; })"
        )
        reached = []
        for place in wanted:
            page.keyboard.press("Tab")
            reached.append(int(page.evaluate("document.activeElement.dataset.place")))
            if place == 0:
                assert page.evaluate("document.activeElement.className") == "skip"
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

        assert reached == wanted


def test_on_paper_the_charts_stay_and_the_controls_go(chromium: Browser, board: Board) -> None:
    """What can be clicked is no use there."""
    with page_of(chromium, board, []) as page:
        page.goto(f"{board.url}tavla/bestandet")
        draw_all(page)
        page.emulate_media(media="print")

        assert page.locator("#panel-days .vega svg").first.is_visible()
        assert not any(page.locator(each).first.is_visible() for each in (".places", ".choose", "#live", ".file"))


def test_a_long_panel_goes_on_over_the_page(chromium: Browser, board: Board) -> None:
    """Kept whole it begins on a page of its own, and leaves the one before half empty; a table has the sheet's whole width."""
    with page_of(chromium, board, [], viewport={"width": 1000, "height": 1400}) as page:
        page.goto(f"{board.url}tavla/styrelsen")
        page.emulate_media(media="print")
        panels = page.locator("#panels > .panel")
        tables = page.locator("#panels .tabular")

        assert {
            panels.nth(place).evaluate("(each) => getComputedStyle(each).breakInside") for place in range(panels.count())
        } == {"auto"}
        assert tables.count()
        assert all(
            tables.nth(place).evaluate("(each) => each.offsetWidth > 0.9 * each.closest('.panel').offsetWidth")
            for place in range(tables.count())
        )
