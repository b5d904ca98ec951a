"""The account's language and the address's: every link, form and renewal of every page leads on in the language of the page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from services.app.wiring import boards
from services.reports.wording import Language
from services.state.audit import Act, Entry
from services.web.signing.accounts import spoken
from services.web.visitor import Rights, Visitor
from tests.dashboards import example
from tests.services.reports.published import published
from tests.services.web.board import running
from tests.services.web.signing.people import HASH, Browser, PeopleBoard, running_people, token_in, users_file

ENGLISH, SWEDISH, NOBODY = "amy", "adam", ""  # both administrators: they have every page and every form
OWN: dict[str, Language] = {ENGLISH: "en", SWEDISH: "sv", NOBODY: "sv"}
OPEN = ("/", "/?q=skola&ordning=kronor", "/tavla/oppna-siffror", "/oppet", "/oppet/rad", f"/oppet/byggnad/{example.SCHOOL}",
        "/jamfor", "/oppna-data", f"/siffror/building:{example.SCHOOL}")  # fmt: skip
INSIDE = (
    f"/byggnad/{example.SCHOOL}",
    *(f"/tavla/{each.uid}" if each.about == "estate" else f"/byggnad/{example.SCHOOL}/{each.uid}" for each in boards()),
    "/paneler/morgonsidan",
    "/tavla/manaden?month=2026-10&agare=skolnamnden",
    "/avvikelse/2",
    "/matarbyten",
    "/matarbyte/2",
    "/atgarder",
    "/larm",
    "/larm/1",
    "/larm/2",
    "/logg",
    "/logg?fore=50",
    "/finns-inte",
    "/siffra/energy:electricity/building:ishallen/1999-01",
)
NOT_PAGES = ("/static/", "/skript/", "/api/v1", "/logg.csv")


@dataclass
class Links(HTMLParser):
    """What of a page leads on: addresses, and the forms that are read with what they say of the language."""

    text: str
    language: str = ""
    addresses: list[str] = field(default_factory=list)
    switches: list[str] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)
    _inside: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        if "hreflang" in given:
            self.switches.append(given["href"])
        elif tag in ("a", "form") and given.get("method") != "get":
            self.addresses.append(given.get("href", given.get("action", "")))
        if "data-source" in given:
            self.addresses.append(given["data-source"])
        if tag == "form" and given.get("method") == "get":
            self._inside = True
            self.asking.append("")
        if self._inside and tag == "input" and given.get("name") == "lang":
            self.asking[-1] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"

    def strayed(self, own: str, language: str) -> list[str]:
        """What would be in another language than the page for somebody whose own it is."""
        leading = [each for each in self.addresses if each.startswith("/") and not each.startswith(NOT_PAGES)]
        wrong = [each for each in leading if _said(each, own) != language]
        return wrong + [f"a form says {each!r}" for each in self.asking if (each or own) != language]


def _said(address: str, own: str) -> str:
    return parse_qs(urlsplit(address).query).get("lang", [own])[0]


def with_language(path: str, language: str) -> str:
    return path + (f"{'&' if '?' in path else '?'}lang={language}" if language else "")


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeopleBoard]:
    """With more entries of the log than a page has."""
    with running_people(tmp_path_factory.mktemp("board")) as served:
        more = f"  - name: {ENGLISH}\n    rights: administrator\n    language: en\n    password: '{HASH}'\n"
        served.users.write_text(users_file().replace("users:\n", f"users:\n{more}"))
        for number in range(150):
            served.state.audit.write(Entry(served.clock.at, "adam", "prompt", Act.ACCOUNT_ADDED, f"account {number}"))
        yield served


@pytest.fixture(scope="module")
def browsers(board: PeopleBoard) -> dict[str, Browser]:
    return {name: board.browser(name) for name in OWN}


@pytest.mark.parametrize("asked", ["", "sv", "en", "de"])
@pytest.mark.parametrize("name", OWN)
def test_no_link_loses_the_language(browsers: dict[str, Browser], name: str, asked: str) -> None:
    """Whose own language it is, and whatever the address says; one that we do not have is the reader's own."""
    language = asked if asked in ("sv", "en") else OWN[name]
    paths = OPEN if name == NOBODY else (*OPEN, *INSIDE)
    pages = {path: Links(browsers[name].get(with_language(path, asked)).text) for path in paths}
    whole = {path: page for path, page in pages.items() if not path.startswith("/paneler/")}

    assert {path: page.language for path, page in whole.items()} == dict.fromkeys(whole, language)
    assert {path: page.strayed(OWN[name], language) for path, page in pages.items()} == {path: [] for path in pages}
    assert sum(len(page.addresses) for page in whole.values()) > 8 * len(whole)


@pytest.mark.parametrize("path", ["/", "/?q=skola", "/avvikelse/2", "/logg?fore=50", "/finns-inte", "/matarbyte/1"])
@pytest.mark.parametrize("name", [ENGLISH, SWEDISH])
def test_the_switch_leads_there_and_back(browsers: dict[str, Browser], name: str, path: str) -> None:
    """To the same page in the other language, and to the same again."""
    first = browsers[name].get(path)
    other = browsers[name].get(Links(first.text).switches[0])
    again = browsers[name].get(Links(other.text).switches[0])

    own = OWN[name]
    assert [Links(each.text).language for each in (first, other, again)] == [own, "sv" if own == "en" else "en", own]
    assert first.status == other.status == again.status
    assert without(Links(again.text).addresses) == without(Links(other.text).addresses) == without(Links(first.text).addresses)


def without(addresses: list[str]) -> list[str]:
    """Addresses by path, whatever they say of the language."""
    return [urlsplit(each).path for each in addresses]


@pytest.mark.parametrize("step", ["/avvikelse/2/stang", "/matarbyte/2/bekrafta"])
@pytest.mark.parametrize("name", [ENGLISH, SWEDISH])
@pytest.mark.parametrize("asked", ["sv", "en"])
def test_a_form_that_is_refused_can_be_read_in_the_other_language(
    browsers: dict[str, Browser], step: str, name: str, asked: str
) -> None:
    """The page of the fault is in the form's language; its switch leads to the page, where nothing is refused."""
    browser = browsers[name]
    token = token_in(browser.get("/matarbyten").text)
    fault = browser.post(with_language(step, asked), {"token": token, "closing": "", "old": "mycket"})
    page = Links(fault.text)
    other = browser.get(page.switches[0])

    assert (fault.status, page.language) == (422, asked)
    assert page.strayed(OWN[name], asked) == []
    assert (other.status, Links(other.text).language) == (200, "sv" if asked == "en" else "en")


@pytest.mark.parametrize("asked", ["", "sv", "en"])
def test_what_was_changed_is_shown_in_the_language_of_the_form(browsers: dict[str, Browser], asked: str) -> None:
    """Post, redirect, get."""
    language = asked or "en"
    browser = browsers[ENGLISH]
    token = token_in(browser.get("/matarbyten").text)
    answer = browser.post(with_language("/avvikelse/1/kvittera", asked), {"token": token, "text": "Tittar"})

    assert answer.status == 303
    assert Links(browser.get(answer.headers["Location"]).text).language == language


def test_a_stale_form_says_so_in_the_readers_language(browsers: dict[str, Browser]) -> None:
    """An error page of a change has no address of its own: its switch leads to the first page."""
    page = browsers[ENGLISH].post("/avvikelse/1/kvittera", {"token": "0" * 64})

    assert (page.status, Links(page.text).language) == (403, "en")
    assert "does not belong to your session" in page.text
    assert Links(page.text).switches == ["/?lang=sv"]


ENTERING = {
    "the account's own": (ENGLISH, "/logga-in", "/avvikelse/2", "/avvikelse/2"),
    "Swedish asked for by an English account": (ENGLISH, "/logga-in?lang=sv", "/avvikelse/2", "/avvikelse/2?lang=sv"),
    "English asked for by a Swedish account": (SWEDISH, "/logga-in?lang=en", "/logg?fore=9", "/logg?fore=9&lang=en"),
    "the account's own, asked for": (ENGLISH, "/logga-in?lang=en", "/", "/"),
    "where they go says it": (SWEDISH, "/logga-in?lang=sv", "/atgarder?lang=en", "/atgarder?lang=en"),
}


@pytest.mark.parametrize(("name", "address", "target", "expected"), ENTERING.values(), ids=ENTERING)
def test_signing_in_keeps_what_was_asked_for(board: PeopleBoard, name: str, address: str, target: str, expected: str) -> None:
    """Where nobody asked for a language the account's own counts from then on."""
    browser = Browser(board.url)
    token = token_in(browser.get(address).text)
    answer = browser.post(address, {"name": name, "password": "fyra ord på rad räcker", "token": token, "next": target})

    assert (answer.status, answer.headers["Location"]) == (303, expected)


def test_the_sign_in_page_switches_and_remembers_where_one_goes(board: PeopleBoard) -> None:
    """Also after a wrong password, and when one was sent there from a page that asks for it."""
    browser = Browser(board.url)
    sent = browser.get("/avvikelse/2").headers["Location"]
    page = Links(browser.get(sent).text)
    english = browser.get(page.switches[0]).text
    wrong = browser.post("/logga-in?lang=en", {"name": "x", "password": "y", "token": token_in(english), "next": "/avvikelse/2"})

    assert sent == "/logga-in?next=%2Favvikelse%2F2"
    assert browser.get("/avvikelse/2?lang=en").headers["Location"].endswith("%3Flang%3Den&lang=en")
    assert 'name="next" value="/avvikelse/2"' in english
    assert (wrong.status, Links(wrong.text).language) == (403, "en")
    assert Links(wrong.text).switches == ["/logga-in?next=%2Favvikelse%2F2&lang=sv"]


@pytest.mark.parametrize(("path", "expected"), [("/logga-ut", "/?lang=en"), ("/logga-ut?lang=sv", "/")])
def test_who_signs_out_reads_on_in_the_same_language(board: PeopleBoard, path: str, expected: str) -> None:
    """Nobody's own language is Swedish: an English account's is said from then on."""
    browser = board.browser(ENGLISH)
    token = token_in(browser.get("/").text)

    assert browser.post(path, {"token": token}).headers["Location"] == expected


def test_another_language_in_the_file_counts_from_the_next_request(tmp_path: Path) -> None:
    """Nobody is signed out by it."""
    with running_people(tmp_path) as board:
        browser = board.browser("mia")
        before = Links(browser.get("/").text).language
        text = board.users.read_text()
        board.users.write_text(text.replace("- name: mia\n", "- name: mia\n    language: en\n"))

        assert (before, Links(browser.get("/").text).language) == ("sv", "en")


@pytest.mark.parametrize("path", [*OPEN, *INSIDE[:3], f"/paneler/byggnaden-just-nu/{example.SCHOOL}", "/api/panels/styrelsen"])
def test_nothing_that_depends_on_the_account_is_kept_by_a_cache(browsers: dict[str, Browser], path: str) -> None:
    """The same address is Swedish to one and English to the other."""
    swedish, english = browsers[SWEDISH].get(path), browsers[ENGLISH].get(path)

    assert swedish.text != english.text
    assert swedish.headers["Cache-Control"] == english.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/v1/buildings", "/api/v1/openapi.json", "/api/v1/dcat"])
def test_open_data_are_the_same_whoever_asks(browsers: dict[str, Browser], path: str) -> None:
    """They are kept by caches, and have no language of anybody's."""
    swedish, english = browsers[SWEDISH].get(path), browsers[ENGLISH].get(path)

    assert (swedish.text, swedish.headers["ETag"]) == (english.text, english.headers["ETag"])
    assert swedish.headers["Cache-Control"].startswith("public")


def test_a_switch_never_leads_to_another_host(browsers: dict[str, Browser]) -> None:
    """A path that begins with two slashes would be an address of another one."""
    page = browsers[ENGLISH].get("//evil.example/x")

    assert page.status == 404
    assert Links(page.text).switches == ["/evil.example/x?lang=sv"]


@pytest.mark.parametrize("asked", ["", "sv", "en"])
@pytest.mark.parametrize("own", ["sv", "en"])
def test_published_figures_are_followed_in_one_language(tmp_path: Path, own: Language, asked: str) -> None:
    """From a list to a figure to its parts, and as it was known then."""
    found = published(tmp_path)
    reader = Visitor("Rut", Rights.READER, language=own)
    language = asked or own
    with running(filled=False, figures=found.reader, visitor=lambda _: reader) as served:
        paths = ("/siffror/building:skola", "/siffra/energy:electricity/building:skola/2025-01")
        pages = [Links(served.get(with_language(path, asked)).text) for path in paths]
    found.state.close()

    assert [page.language for page in pages] == [language] * 2
    assert [page.strayed(own, language) for page in pages] == [[], []]
    assert all(page.asking for page in pages)


LOCALES = {"en-GB": "en", "en": "en", "EN_us": "en", "sv-SE": "sv", "fi-FI": "sv", "": "sv", "english": "sv"}


@pytest.mark.parametrize(("locale", "language"), LOCALES.items())
def test_a_locale_is_one_of_our_languages(locale: str, language: str) -> None:
    """As BCP 47 writes them, and as some sites do."""
    assert spoken(locale) == language
