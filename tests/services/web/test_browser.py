"""The board in a real Chromium: three widths, both colour schemes, with and without JavaScript."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from config.domain.readings import Reading
from services.web.shell import Trouble
from tests.dashboards import example
from tests.servers import absent
from tests.services.web.board import Board, running

pytestmark = pytest.mark.browser
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
SCHOOL = f"byggnad/{example.SCHOOL}"

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
    const [a, b] = [luminance(rgb(style.color)), luminance(ground(each))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${each.className || each.tagName} ${ratio.toFixed(2)} ${each.textContent.trim().slice(0, 30)}`);
  }
  return poor;
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
def board() -> Iterator[Board]:
    with running(simulated=True) as served:
        yield served


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("path", ["", SCHOOL, f"{SCHOOL}?lang=en", "byggnad/aldreboendet", "finns-inte"])
def test_a_page_fits_and_is_readable(chromium: Browser, board: Board, path: str, width: int, scheme: Any) -> None:
    """Nothing to the right of the screen, nothing in the console, no other host, text against its ground at least 4.5:1."""
    faults: list[str] = []
    board.troubles[:] = [Trouble("Insamlingen släpar.", "The collector is behind.")]
    with page_of(chromium, board, faults, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        page.goto(board.url + path)
        for each in page.query_selector_all("summary"):
            each.click()

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CONTRAST) == []
        assert [fault for fault in faults if "404" not in fault] == []


def test_without_javascript_the_tables_are_there(chromium: Browser, board: Board) -> None:
    """They open by themselves."""
    with page_of(chromium, board, [], java_script_enabled=False) as page:
        page.goto(board.url + SCHOOL)
        table = page.locator("#table-today-electricity table")
        hidden = table.is_visible()
        page.locator("#table-today-electricity summary").click()

        assert (hidden, table.is_visible()) == (False, True)
        assert "60,0\xa0kWh" in table.inner_text()


def test_panels_are_renewed_in_place(chromium: Browser) -> None:
    """A new reading shows without a reload; an opened table stays open; a lost server is said."""
    faults: list[str] = []
    with running() as board, page_of(chromium, board, faults) as page:
        page.clock.install()
        page.goto(board.url + SCHOOL)
        page.locator("#table-today-electricity summary").click()
        page.evaluate("document.activeElement.blur()")
        before = page.locator("#panel-power .value").nth(1).inner_text()
        at = board.clock.at
        board.store.write_readings([Reading("m-skola-varme", "heat_power", at, 99.5, at)])
        with page.expect_response("**/paneler/**"):
            page.clock.run_for(11_000)
        page.wait_for_function("document.querySelectorAll('#panel-power .value')[1].textContent.startsWith('99,5')")

        assert before == "81,6\xa0kW"
        assert page.locator("#table-today-electricity").get_attribute("open") is not None
        assert page.locator("#live").inner_text() == "Uppdaterad 13:40:20"
        page.route("**/paneler/**", lambda route: route.abort())
        page.clock.run_for(11_000)
        page.wait_for_selector("#live.lost")
        assert page.locator("#live").inner_text().startswith("Ingen kontakt med servern. Visar värden från 13:40:20")
    assert [fault for fault in faults if "ERR_FAILED" not in fault] == []


def test_a_keyboard_reaches_everything_in_order(chromium: Browser, board: Board) -> None:
    """The first stop skips to the content; the ring is seen."""
    with page_of(chromium, board, []) as page:
        page.goto(board.url + SCHOOL)
        page.keyboard.press("Tab")

        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
