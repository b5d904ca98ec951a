"""Signing in and changing things in a real Chromium: three widths, two colour schemes, by keyboard, without JavaScript."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from config.domain.deviations import ThreadState
from services.state.exchanges import LedgerStatus
from tests.servers import absent
from tests.services.web.signing.people import PASSWORD, RINK, PeopleBoard, alert, running_people, users_file
from tests.services.web.test_browser import ARGUMENTS

pytestmark = pytest.mark.browser
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
ALERTS = ["larm", "larm/1?lang=en", "larm/2"]
PAGES = ["avvikelse/1", "avvikelse/2?lang=en", "matarbyten", "matarbyte/2", "atgarder", "logg", *ALERTS]


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
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeopleBoard]:
    with running_people(tmp_path_factory.mktemp("board")) as served:
        yield served


def opened(chromium: Browser, board: PeopleBoard, faults: list[str], **options: Any) -> Page:
    """A page that notes what went wrong and who else was asked."""
    page = chromium.new_context(**options).new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(board.url) else faults.append(request.url))
    return page


def sign_in(page: Page, board: PeopleBoard, name: str, password: str = PASSWORD) -> None:
    page.goto(f"{board.url}logga-in")
    page.get_by_label("Namn").fill(name)
    page.get_by_label("Lösenord").fill(password)
    page.get_by_role("button", name="Logga in").click()


def violations(page: Page) -> list[str]:
    """What axe finds, as rule and place."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1440, "light")])
def test_every_page_is_for_everybody(chromium: Browser, board: PeopleBoard, width: int, scheme: Any) -> None:
    """WCAG 2.1 AA by axe, nothing to the right of the screen, nothing in the console, no other host."""
    faults: list[str] = []
    page = opened(chromium, board, faults, viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(page, board, f"finns-inte-{width}-{scheme}", "fel")
    seen = {"logga-in": violations(page)}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    board.state.sign_in_attempts.succeeded(["address:127.0.0.1"])
    sign_in(page, board, "adam")
    for path in PAGES:
        page.goto(board.url + path)
        for each in page.query_selector_all("summary"):
            each.click()
        seen[path] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()

    assert seen == {path: [] for path in ("logga-in", *PAGES)}
    assert [fault for fault in faults if "403" not in fault] == []


def test_a_list_is_cards_on_a_phone(chromium: Browser, board: PeopleBoard) -> None:
    """Each value beside its column's name, so that nobody reads a table sideways; the roles of a table stay."""
    page = opened(chromium, board, [], viewport={"width": 360, "height": 800})
    sign_in(page, board, "adam")
    looks = {}
    for path in ("matarbyten", "logg"):
        page.goto(board.url + path)
        cells = page.locator("main table [role=cell]")
        looks[path] = {
            (
                cells.nth(place).evaluate("(each) => getComputedStyle(each).display"),
                bool(cells.nth(place).get_attribute("data-label")),
            )
            for place in range(cells.count())
        }
    page.context.close()

    assert looks == {"matarbyten": {("grid", True)}, "logg": {("grid", True)}}


def test_without_javascript_everything_can_be_done(chromium: Browser, board: PeopleBoard) -> None:
    """Forms and pages only; one comes back to where one wanted to go, and out again."""
    page = opened(chromium, board, [], java_script_enabled=False)
    page.goto(f"{board.url}avvikelse/2")
    page.get_by_label("Namn").fill("mia")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    arrived = page.url
    page.get_by_label("Vad som gjordes").fill("Ändrade drifttiden")
    page.get_by_role("button", name="Anteckna").click()
    thread = board.state.deviation_threads.thread(2)
    page.get_by_role("button", name="Logga ut").click()
    page.goto(f"{board.url}avvikelse/2")

    assert arrived == f"{board.url}avvikelse/2"
    assert thread is not None
    assert thread.state is ThreadState.ACTING
    assert "/logga-in" in page.url
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_an_english_account_that_chose_swedish_stays_in_swedish(chromium: Browser, board: PeopleBoard, script: bool) -> None:
    """By links, by a form, by a change and where panels renew themselves; and in English again after the switch."""
    board.users.write_text(users_file().replace("- name: mia\n", "- name: mia\n    language: en\n"))
    number = board.state.alerts.notice(f"told-{script}", "signs", alert(RINK), board.clock.at, told=True).id
    page = opened(chromium, board, [], java_script_enabled=script)
    sign_in(page, board, "mia")
    spoken = [page.locator("html").get_attribute("lang")]
    page.get_by_role("link", name="På svenska").click()
    page.locator("select[name=agare]").select_option("skolnamnden")
    page.get_by_role("button", name="Visa").click()
    page.get_by_role("link", name="Soltorgets skola").click()
    renewed = page.locator("#live").get_attribute("data-source") or ""
    page.get_by_role("link", name="Ändringar").click()
    page.get_by_role("link", name="Larm", exact=True).click()
    page.locator(f'a[href="/larm/{number}?lang=sv"]').click()
    page.get_by_label("Vad du tänker göra").fill("Ringer")
    page.get_by_role("button", name="Kvittera").click()
    spoken.append(page.locator("html").get_attribute("lang"))
    kept = board.state.alerts.alert(number)
    page.get_by_role("link", name="In English").click()
    page.get_by_role("link", name="Alerts", exact=True).click()
    spoken.append(page.locator("html").get_attribute("lang"))
    address = page.url
    page.context.close()
    board.users.write_text(users_file())

    assert spoken == ["en", "sv", "en"]
    assert renewed.endswith("?lang=sv")
    assert kept is not None
    assert (kept.acknowledged_by, kept.note) == ("mia", "Ringer")
    assert address == f"{board.url}larm"


def test_a_keyboard_does_it_all(chromium: Browser, board: PeopleBoard) -> None:
    """Tab, words and Enter, from the sign-in to a rejected exchange; the focus is always seen."""
    page = opened(chromium, board, [])
    page.goto(f"{board.url}logga-in?next=/matarbyte/1")
    tab_to(page, "name")
    page.keyboard.type("rasmus")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#change")
    tab_to(page, "reason")
    page.keyboard.type("Mätaren är densamma")
    page.keyboard.press("Tab")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Ta tillbaka beslutet")
    entry = board.state.exchanges.entry(1)
    page.context.close()

    assert ring == "solid"
    assert (entry.status, entry.decided_by, entry.note) == (LedgerStatus.REJECTED, "rasmus", "Mätaren är densamma")


def tab_to(page: Page, identifier: str) -> None:
    """Press Tab until the field has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == identifier:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {identifier}")
