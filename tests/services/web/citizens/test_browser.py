"""The citizens' pages in a real Chromium: what is calculated there equals the server, and nothing of it leaves the browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, sync_playwright

from services.web.citizens.own_file import Fault, Months, decoded, months_of, number_of, written_number
from services.web.citizens.own_page import weather_of
from services.web.citizens.own_use import ASSUMED_SHARE, Own, Result, Use, Weather, result_of
from tests.servers import absent
from tests.services.web.citizens.files import CASES, HOURLY, Case, whole
from tests.services.web.citizens.site import Site, serving
from tests.services.web.test_browser import ARGUMENTS

pytestmark = pytest.mark.browser
PAGES = ("oppet", "oppet/byggnad/s0", "oppet/byggnad/s2", "oppet/rad", "jamfor", "oppna-data", "oppet?lang=en", "jamfor?lang=en")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ASK = "async ([name, ...given]) => (await import('/static/own-use.js'))[name](...given)"
NUMBERS = ("1,5", "1 234,5", "1.234,5", "1,234.5", "\u22123", "12 kWh", "1e3", "", "-", "nan", "1,2,3", "٣", "0x10", " 7 ")
WRITTEN = (*NUMBERS, "18.000", "18,000 kWh", "0,125", "18 MWh", "1 250")


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
    with serving(tmp_path_factory.mktemp("state")) as served:
        yield served


@contextmanager
def page_of(chromium: Browser, site: Site, faults: list[str], asked: list[Request], **options: Any) -> Iterator[Page]:
    """A page that notes what went wrong and everything that it asked for."""
    context = chromium.new_context(**options)
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request))
    try:
        yield page
    finally:
        context.close()
    assert [request.url for request in asked if not request.url.startswith(site.url)] == []


@pytest.fixture(scope="module")
def own(chromium: Browser, site: Site) -> Iterator[Page]:
    """The page "compare your own", for asking its module."""
    with page_of(chromium, site, [], []) as page:
        page.goto(site.url + "jamfor")
        yield page


@pytest.mark.parametrize("width", [360, 768, 1440, 1920])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_anybody_can_use_it(chromium: Browser, site: Site, path: str, width: int) -> None:
    """Nothing to the right of the screen, nothing in the console, no other host, no fault by WCAG 2.1 AA, light or dark."""
    faults: list[str] = []
    scheme = "dark" if width == 768 else "light"
    options: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with page_of(chromium, site, faults, [], **options) as page:
        page.goto(site.url + path)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => (each.open = true))")
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        assert faults == []


def test_the_open_page_s_tables_are_tables(chromium: Browser, site: Site) -> None:
    """The citizens' styles stand beside the board's: a name of theirs once laid the columns of every table below each other."""
    with page_of(chromium, site, [], [], viewport={"width": 1440, "height": 900}) as page:
        page.goto(site.url + "oppet")
        tables = page.locator("#panels .tabular table")

        assert tables.count()
        assert {tables.nth(place).evaluate("(each) => getComputedStyle(each).display") for place in range(tables.count())} == {
            "table"
        }


@pytest.mark.parametrize("path", PAGES)
def test_without_javascript_everything_is_there(chromium: Browser, site: Site, path: str) -> None:
    """The words and the tables; of the comparison a form that is sent."""
    with page_of(chromium, site, [], [], java_script_enabled=False) as page:
        page.goto(site.url + path)

        assert page.locator("h1").inner_text()
        assert page.locator("main a[href], main button").count() > 1


# The same in the browser as on the server


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_browser_and_server_read_a_file_alike(own: Page, case: Case) -> None:
    """The same months, or the same fault with the same detail."""
    here, there = months_of(case.text), own.evaluate(ASK, ["months_of", case.text])

    if isinstance(here, Fault):
        assert there == {"fault": {"code": here.code, "detail": here.detail}}
    else:
        assert list(there["kwh"]) == list(here.kwh)
        assert there["kwh"] == pytest.approx(dict(here.kwh), rel=1e-12)


def test_browser_and_server_read_numbers_alike(own: Page) -> None:
    """As Swedes and programs write them, and as nobody does."""
    assert [own.evaluate(ASK, ["number_of", each]) for each in NUMBERS] == [number_of(each) for each in NUMBERS]
    assert [own.evaluate(ASK, ["written_number", each]) for each in WRITTEN] == [written_number(each) for each in WRITTEN]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_browser_and_server_decode_alike(own: Page, encoding: str) -> None:
    """Up to the mark, which both let the reading take off."""
    content = "Förbrukning;kWh\r\nÅäö – €\r\n".encode(encoding)
    there = own.evaluate("async (bytes) => (await import('/static/own-use.js')).decoded(new Uint8Array(bytes))", list(content))

    assert there.removeprefix("\ufeff") == decoded(content)


def varied(scale: float) -> dict[str, float]:
    return {name: 1_000.0 + scale * at * at for at, name in enumerate(whole())}


OWN = {
    "months of heat": Own(varied(37.3), 143.5, Use.HEAT),
    "months with a share of their own": Own(varied(11.1), 99.0, Use.HEAT, 0.35),
    "more hot water than use": Own({name: 1.0 if at == 6 else 900.0 for at, name in enumerate(whole())}, 80.0, Use.HEAT, 0.9),
    "electric heating": Own(varied(50.0), 120.0, Use.ELECTRIC_HEATING),
    "electricity alone": Own(varied(1.0), 120.0, Use.ELECTRICITY),
    "a year as one": Own({"2025-01": 18_500.0}, 140.0, Use.HEAT, as_one=True),
    "a leap year as one": Own({"2024-01": 18_500.0}, 140.0, Use.HEAT, 0.0, as_one=True),
    "a year without weather": Own({"2018-01": 18_500.0}, 140.0, Use.HEAT, as_one=True),
    "no area": Own({"2025-01": 18_500.0}, 0.0, Use.HEAT, as_one=True),
    "a share of 200 %": Own({"2025-01": 18_500.0}, 140.0, Use.HEAT, 2.0, as_one=True),
    "nothing used": Own({"2025-01": 0.0}, 140.0, Use.HEAT, as_one=True),
}
SEASONS = (620, 540, 480, 330, 180, 0, 3, 20, 160, 310, 450, 590)


def weather() -> dict[str, Weather]:
    """Four years with seasons, each another as far from the normal; summers of which nothing can be said."""
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return {
        f"{year}-{at + 1:02}": Weather(
            SEASONS[at] * (0.9 + (year - 2022) / 20), SEASONS[at] + 1.5, lengths[at] + (year == 2024 and at == 1)
        )
        for year in range(2022, 2026)
        for at in range(12)
    }


@pytest.mark.parametrize("given", OWN.values(), ids=OWN)
def test_browser_and_server_reckon_alike(own: Page, given: Own) -> None:
    """To the last digits that count; the same months left as they were."""
    asked = {
        "kwh": dict(given.kwh),
        "area_m2": given.area_m2,
        "use": given.use.value,
        "share": given.share,
        "as_one": given.as_one,
    }
    days = {name: {"actual": each.actual, "normal": each.normal, "days": each.days} for name, each in weather().items()}

    here, there = result_of(given, weather()), own.evaluate(ASK, ["result_of", asked, days])

    if isinstance(here, Fault):
        assert there == {"fault": {"code": here.code, "detail": here.detail}}
        return
    assert isinstance(here, Result)
    assert there["corrected_per_m2"] == pytest.approx(here.corrected_per_m2, rel=1e-12)
    assert [month["corrected_kwh"] for month in there["months"]] == pytest.approx(
        [each.corrected_kwh for each in here.months], rel=1e-12
    )
    assert [month["is_corrected"] for month in there["months"]] == [month.is_corrected for month in here.months]
    assert (there["share"], there["is_assumed"], there["first"]) == (here.share, here.is_assumed, here.first)


def test_the_assumptions_are_the_same(own: Page) -> None:
    """What is assumed of hot water stands in both."""
    there = own.evaluate("async () => (await import('/static/own-use.js')).ASSUMED_SHARE")

    assert there == {use.value: share for use, share in ASSUMED_SHARE.items()}


# The page


def filled(page: Page, use: str = "electricity", **fields: str) -> None:
    page.fill("#area", fields.get("area", "150"))
    page.select_option("#kind", "school")
    page.check(f"input[value={use}]")
    page.fill("#kwh", fields.get("kwh", ""))
    page.fill("#text", fields.get("text", ""))


def test_a_file_is_compared_and_never_sent(chromium: Browser, site: Site, tmp_path: Path) -> None:
    """After the page is there, only the open data are fetched, and nothing has a body or a figure in its address."""
    file = tmp_path / "min förbrukning.csv"
    file.write_bytes(HOURLY.encode("cp1252"))
    asked: list[Request] = []
    faults: list[str] = []
    with page_of(chromium, site, faults, asked) as page:
        page.goto(site.url + "jamfor")
        page.wait_for_load_state("networkidle")
        asked.clear()
        filled(page)
        page.set_input_files("#file", file)
        page.click("#own button[type=submit]")
        page.wait_for_selector("#result table")

        assert "87,6" in page.locator("#result").inner_text()
        assert page.locator("#result .bars .mine").count() == 1
        assert {(each.method, each.post_data) for each in asked} == {("GET", None)}
        paths = {each.url.removeprefix(site.url).split("?", maxsplit=1)[0] for each in asked}
        assert paths == {"api/v1/degree-days", "api/v1/comparison"}
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert page.url == site.url + "jamfor"
    assert faults == []


def test_a_year_is_the_same_with_and_without_javascript(chromium: Browser, site: Site) -> None:
    """The same verdict, table and sentences."""
    told = []
    for javascript in (True, False):
        with page_of(chromium, site, [], [], java_script_enabled=javascript) as page:
            page.goto(site.url + "jamfor")
            filled(page, "heat", kwh="12 000", area="100")
            page.select_option("#year", "2025")
            page.click("#own button[type=submit]")
            page.wait_for_selector("#result table")
            told.append(" ".join(page.locator("#result").inner_text().replace("\xa0", " ").split()))

    assert told[0] == told[1]
    assert "Antaget: 22 %" in told[0]


def test_a_bad_file_is_told_in_swedish_and_shows_no_figure(chromium: Browser, site: Site) -> None:
    """Half a year of days, pasted."""
    with page_of(chromium, site, [], []) as page:
        page.goto(site.url + "jamfor")
        filled(page, text=CASES["days"].text[: len(CASES["days"].text) // 2])
        page.click("#own button[type=submit]")
        page.wait_for_selector("#result .wrong")

        assert page.locator("#result .wrong").inner_text().startswith("Det behövs tolv hela månader i rad")
        assert page.locator("#result table").count() == 0


def test_a_dropped_file_is_read(chromium: Browser, site: Site) -> None:
    """Its name is shown where it was dropped."""
    with page_of(chromium, site, [], []) as page:
        page.goto(site.url + "jamfor")
        filled(page)
        page.evaluate(
            """(text) => {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([text], "tappad.csv", { type: "text/csv" }));
              const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
              document.getElementById("drop").dispatchEvent(event);
            }""",
            HOURLY,
        )
        page.click("#own button[type=submit]")
        page.wait_for_selector("#result table")

        assert "tappad.csv" in page.locator("#drop").inner_text()


def test_the_form_is_used_by_keyboard_alone(chromium: Browser, site: Site) -> None:
    """From the first field to the answer, which is where the reader then is."""
    with page_of(chromium, site, [], []) as page:
        page.goto(site.url + "jamfor")
        page.focus("#area")
        page.keyboard.type("100")
        page.focus("#kwh")
        page.keyboard.type("12000")
        page.keyboard.press("Enter")
        page.wait_for_selector("#result table")

        assert page.evaluate("document.activeElement.id") == "result"


def test_the_weather_of_the_browser_is_the_servers(own: Page, site: Site) -> None:
    """Every month that the open data give is the one that the server reckons with."""
    rows = own.evaluate("async () => (await (await fetch('/api/v1/degree-days?from=2020-01-01')).json()).rows")
    there = {row["month"]: (row["degree_days"], row["normal_degree_days"], row["days_in_month"]) for row in rows}

    assert there == {name: (each.actual, each.normal, each.days) for name, each in weather_of(site.data).items()}


def test_what_is_good_is_good_for_both() -> None:
    """The table of files holds enough of each."""
    good = [case for case in CASES.values() if isinstance(months_of(case.text), Months)]

    assert len(good) > 15
    assert len(CASES) - len(good) > 12
