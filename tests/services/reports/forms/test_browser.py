"""Page and mail in a real Chromium: WCAG 2.1 AA by axe in light and dark, nothing wider than the screen, nobody else asked."""

import base64
import shutil
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from services.reports.forms.mail_body import mail_body
from services.reports.forms.page import PageForm
from services.reports.printing import printed
from tests.servers import absent
from tests.services.reports.example_report import REISSUED

pytestmark = pytest.mark.browser
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        absent("chromium", "apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@cache
def documents() -> dict[str, str]:
    """With the mail's picture put where its reader puts it."""
    report = printed(REISSUED, "sv")
    body = mail_body(report, "https://energi.example.se/rapporter/ER-2026-0017")
    html = body.html
    for image in body.images:
        html = html.replace(f"cid:{image.id}", f"data:image/png;base64,{base64.b64encode(image.content).decode()}")
    return {"page": PageForm().render(report).decode(), "mail": html}


@pytest.mark.parametrize(("width", "scheme", "between"), [(375, "dark", (360, 768)), (1280, "light", (1440,))])
@pytest.mark.parametrize("name", ["page", "mail"])
def test_it_can_be_read_by_everybody(chromium: Browser, name: str, width: int, scheme: Any, between: tuple[int, ...]) -> None:
    """Also with every table unfolded. Widths between, and the long table of all figures, are judged by their width alone: axe
    takes seconds a page, and ten for that table."""
    faults: list[str] = []
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("data:") else faults.append(request.url))
    try:
        page.set_content(documents()[name])
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

        for each in (*between, width):
            page.set_viewport_size({"width": each, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= each
        page.evaluate("document.querySelectorAll('.grounds details').forEach((each) => { each.open = false; })")
        violations = Axe().run(page, options=RULES).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:120]) for each in violations] == []
        assert faults == []
    finally:
        context.close()


def test_on_paper_charts_have_their_tables(chromium: Browser) -> None:
    """Folded on the screen; one chart is printed, not both widths of it."""
    page = chromium.new_page(color_scheme="dark")
    try:
        page.set_content(documents()["page"])
        page.emulate_media(media="print")

        assert page.locator(".wide").first.is_visible()
        assert not page.locator(".narrow").first.is_visible()
        assert page.locator(".twin td").first.is_visible()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 33, 43)"
    finally:
        page.close()


def test_a_dark_page_has_dark_charts(chromium: Browser) -> None:
    """Every colour of a drawing has its twin."""
    page = chromium.new_page(color_scheme="dark", viewport={"width": 1280, "height": 800})
    try:
        page.set_content(documents()["page"])
        light = page.evaluate(
            """() => [...document.querySelectorAll(".wide svg [fill], .wide svg [stroke]")].flatMap((each) =>
              ["fill", "stroke"].filter((what) => (each.getAttribute(what) || "").startsWith("#")).filter((what) => {
                const was = each.getAttribute(what).match(/[0-9a-f]{2}/g).map((part) => parseInt(part, 16)).join(", ");
                return getComputedStyle(each)[what] === `rgb(${was})`;
              }).map((what) => each.getAttribute(what)))"""
        )

        assert light == []
    finally:
        page.close()
