"""The archive in a real Chromium: a phone in the dark and a screen in the light, by keyboard, without JavaScript."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from services.reports.report import ReportKind
from tests.servers import absent
from tests.services.web.reports.shelf import RINK, RINKS, otherwise, report
from tests.services.web.reports.site import WHO, Site, running_reports
from tests.services.web.test_browser import ARGUMENTS, CONTRAST

pytestmark = pytest.mark.browser
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
PAGES = ["", f"/{RINKS}", f"/{RINKS}/1?lang=en", f"/{RINKS}/nu", f"/{RINKS}/skillnad", f"/{RINKS}/ny-utgava"]


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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The first report has two editions, and would say something else again now; another waits."""
    with running_reports(tmp_path_factory.mktemp("site")) as served:
        first = report(ReportKind.MONTHLY, RINK, "Ishallen")
        served.archive.publish(otherwise(first))
        served.now[RINKS] = otherwise(first, 60_222.0)
        now = served.clock.now()
        served.state.report_plans.wait(
            ("manaden", "building", "ishallen", "2026-10"), now, now, "41 % är mätt.", "41 % measured."
        )
        yield served


def opened(chromium: Browser, site: Site, faults: list[str], **options: Any) -> Page:
    """A page of the administrator's, that notes what went wrong and who else was asked."""
    page = chromium.new_context(extra_http_headers={WHO: "adam"}, **options).new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(site.url) else faults.append(request.url))
    return page


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_every_page_is_for_everybody(chromium: Browser, site: Site, width: int, scheme: Any) -> None:
    """WCAG 2.1 AA by axe, text at least 4.5:1, nothing beyond the screen or in the console, no other host."""
    faults: list[str] = []
    page = opened(chromium, site, faults, viewport={"width": width, "height": 800}, color_scheme=scheme)
    seen = {}
    for path in PAGES:
        page.goto(f"{site.url}rapporter{path}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = Axe().run(page, options=WCAG).response["violations"]
        seen[path] = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found] + page.evaluate(CONTRAST)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()

    assert seen == {path: [] for path in PAGES}
    assert faults == []


def test_a_keyboard_reaches_everything_in_order(chromium: Browser, site: Site) -> None:
    """Every link, field and summary, in the order of the page, with a ring."""
    page = opened(chromium, site, [])
    page.goto(f"{site.url}rapporter/{RINKS}/1")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex=\"0\"]')]"
        ".filter((each) => each.checkVisibility()).map((each, place) => { each.dataset.place = place; return place; })"
    )
    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(int(page.evaluate("document.activeElement.dataset.place")))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.context.close()

    assert reached == wanted


def test_without_javascript_one_finds_a_report_and_publishes_it_anew(chromium: Browser, tmp_path: Path) -> None:
    """Links and forms only, from the search to the new edition."""
    with running_reports(tmp_path) as site:
        site.now[RINKS] = otherwise(report(ReportKind.MONTHLY, RINK, "Ishallen"))
        page = opened(chromium, site, [], java_script_enabled=False)
        page.goto(f"{site.url}rapporter")
        page.get_by_label("Sök i rubriker och nummer").fill("ishallen")
        page.get_by_label("Sort").select_option("monthly")
        page.get_by_role("button", name="Visa").click()
        page.get_by_role("link", name="Månadsrapport: Ishallen").click()
        page.get_by_role("link", name="Skillnaden").click()
        page.get_by_role("link", name="Publicera en ny utgåva").click()
        page.get_by_label("Varför").fill("Sena avläsningar")
        page.get_by_role("button", name="Publicera").click()
        address, editions = page.url, page.locator(".editions > li")

        assert address == f"{site.url}rapporter/{RINKS}"
        assert [text.split()[0] for text in editions.all_inner_texts()] == [f"{RINKS}-2", RINKS]
        page.context.close()
