"""What comes from outside ends as nothing: other sites' forms, injections, paths, sizes, headers; no error tells of us."""

import csv
import io
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from services.state.audit import Act, Entry
from services.web.application import HEADERS
from services.web.signing.guard import LARGEST_BODY
from services.web.signing.limits import CHANGING
from tests.services.web.signing.decisions import DECISIONS
from tests.services.web.signing.people import NASTY, Browser, PeopleBoard, running_people, token_in
from tests.services.web.signing.test_rights import state_of

FORM = {"text": "Tittar"}
LEAKS = re.compile(
    r"Traceback|File \"|/site-packages/|\.py\b|sqlite|OperationalError|\bline \d+|argon2|state\.sqlite", re.IGNORECASE
)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeopleBoard]:
    with running_people(tmp_path_factory.mktemp("board")) as served:
        yield served


@pytest.fixture
def adam(board: PeopleBoard) -> Browser:
    board.state.sign_in_attempts.succeeded(["address:127.0.0.1"])
    return board.browser("adam")


FOREIGN = {
    "another site": {"Origin": "https://evil.example"},
    "a name that begins like ours": {"Origin": "http://127.0.0.1.evil.example"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "another scheme": {"Origin": "https://{host}"},
    "a sandboxed page": {"Origin": "null"},
    "no address": {"Origin": "http://[::1"},
    "another site by Fetch metadata": {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    "a neighbour's subdomain": {"Origin": "", "Sec-Fetch-Site": "same-site"},
    "another site by Referer": {"Origin": "", "Referer": "https://evil.example/127.0.0.1"},
    "nothing said": {"Origin": ""},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_a_form_of_another_site_changes_nothing(board: PeopleBoard, adam: Browser, headers: dict[str, str]) -> None:
    """Though the browser sends the cookie, and though it had the token."""
    token = token_in(adam.get("/avvikelse/1").text)
    before = state_of(board)
    told = {name: value.format(host=urlsplit(board.url).netloc) for name, value in headers.items() if value}
    told |= {"Content-Type": "application/x-www-form-urlencoded"}
    answers = [
        adam.send("POST", path, body=f"text=x&token={token}".encode(), headers=told)
        for path in ("/avvikelse/1/kvittera", "/logga-ut", "/logga-in")
    ]

    assert [answer.status for answer in answers] == [403, 403, 403]
    assert state_of(board) == before
    assert adam.get("/logg").status == 200


OURS = {
    "its own origin": {"Origin": "{origin}"},
    "by Fetch metadata": {"Sec-Fetch-Site": "same-origin"},
    "by Referer": {"Referer": "{origin}/avvikelse/1"},
}


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
def test_a_form_of_ours_is_known_however_the_browser_says_so(tmp_path: Path, headers: dict[str, str]) -> None:
    """Origin where it is sent, else what older browsers send."""
    with running_people(tmp_path) as board:
        adam = board.browser("adam")
        token = token_in(adam.get("/avvikelse/1").text)
        told = {name: value.format(origin=board.url.rstrip("/")) for name, value in headers.items()}
        told |= {"Content-Type": "application/x-www-form-urlencoded"}

        assert adam.send("POST", "/avvikelse/1/kvittera", body=f"text=x&token={token}".encode(), headers=told).status == 303


TOKENS = {"none": "", "another session's": "{other}", "cut": "{cut}", "of no session": "0" * 64, "no ASCII": "å" * 64}


@pytest.mark.parametrize("written", TOKENS.values(), ids=TOKENS)
def test_a_form_without_its_session_s_token_changes_nothing(board: PeopleBoard, adam: Browser, written: str) -> None:
    """The administrator's token does not do in another administrator's browser."""
    board.state.sign_in_attempts.succeeded(["address:127.0.0.1"])
    other = token_in(board.browser("adam").get("/avvikelse/1").text)
    own = token_in(adam.get("/avvikelse/1").text)
    token = written.format(other=other, cut=own[:-1])
    before = state_of(board)
    answer = adam.post("/avvikelse/1/kvittera", FORM | {"token": token})

    assert other != own
    assert answer.status == 403
    assert state_of(board) == before


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_body_that_is_no_form_is_not_read(board: PeopleBoard, adam: Browser, content_type: str) -> None:
    """Other sites can send text/plain without asking first; none of ours does."""
    token = token_in(adam.get("/avvikelse/1").text)
    before = state_of(board)
    told = {"Origin": board.url.rstrip("/"), "Content-Type": content_type}
    answer = adam.send("POST", "/avvikelse/1/kvittera", body=f"text=x&token={token}".encode(), headers=told)

    assert answer.status == 415
    assert state_of(board) == before


INJECTED = [
    NASTY,
    "'; DROP TABLE audit; --",
    '" OR "building"=\'ishallen',
    "/.*/",
    "x,building=y value=1 1\n",
    "{{ 7*7 }}",
    "${7*7}",
    "%00",
    "%0d%0aSet-Cookie:%20a=b",
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "a" * 900,
    "-1",
    "1e9",
    "٣",
]
TEMPLATES = sorted(route.split()[1] for route in DECISIONS if route.startswith("GET"))
QUERIES = ["/?q={}", "/logga-in?next={}", "/logg?fore={}", "/siffror/building:soltorgets-skola?period={}", "/matarbyten?lang={}"]


@pytest.mark.parametrize("written", INJECTED, ids=range(len(INJECTED)))
def test_whatever_stands_in_an_address_is_data(board: PeopleBoard, adam: Browser, written: str) -> None:
    """In every place of every route and in every query: never a server's error, never markup, never a header, never a file."""
    raw = written if "%" in written else quote(written, safe="")
    addresses = [re.sub(r"\{[^}]+\}", lambda _: raw, template) for template in TEMPLATES if "{" in template]
    addresses += [query.format(raw) for query in QUERIES]
    for address in addresses:
        answer = adam.get(address)

        assert answer.status in (200, 303, 400, 404, 422), address
        assert "<script>alert" not in answer.text, address
        assert "<img src=x" not in answer.text, address
        assert "root:" not in answer.text, address
        assert not LEAKS.search(answer.text.replace(written, "")), address
        assert "a=b" not in answer.headers.get("set-cookie", ""), address


def test_what_people_and_devices_wrote_is_text(board: PeopleBoard, adam: Browser) -> None:
    """A sentence, evidence, a reason and a name on every page that shows them."""
    token = token_in(adam.get("/avvikelse/1").text)
    adam.post("/avvikelse/1/atgard", {"token": token, "action": NASTY, "day": "2026-11-24"})
    pages = [adam.get(path).text for path in ("/avvikelse/1", "/atgarder", "/logg", "/matarbyten")]

    assert all("<script>alert" not in page and "<img src=x" not in page for page in pages)
    assert all("&lt;script&gt;alert(1)" in page for page in pages[:3])


def test_no_cell_of_the_log_is_a_formula(board: PeopleBoard, adam: Browser) -> None:
    """Opened in a spreadsheet by the administrator, of all people."""
    for name in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", 'a"b,c\r\n=1'):
        board.state.audit.write(Entry(board.clock.at, name, "", Act.SIGNED_IN, name))
    answer = adam.get("/logg.csv")
    cells = [cell for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row]

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "'=cmd|' /C calc'!A0" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def raw(board: PeopleBoard, head: str, body: bytes = b"") -> bytes:
    """Bytes as they are, past every client's good manners; what came back."""
    place = urlsplit(board.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as sock:
        sock.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
        got = b""
        with suppress(ConnectionResetError, TimeoutError):
            while piece := sock.recv(65_536):
                got += piece
    return got


def test_a_body_that_is_too_large_is_not_held(board: PeopleBoard, adam: Browser) -> None:
    """By its declared length, and by what comes where none is declared."""
    origin = board.url.rstrip("/")
    head = f"POST /avvikelse/1/kvittera HTTP/1.1\nHost: {urlsplit(board.url).netloc}\nOrigin: {origin}\nConnection: close"
    head += "\nContent-Type: application/x-www-form-urlencoded\nCookie: " + "; ".join(f"{k}={v}" for k, v in adam.jar.items())
    declared = raw(board, f"{head}\nContent-Length: {LARGEST_BODY + 1}")
    piece = b"4000\r\n" + b"a" * 0x4000 + b"\r\n"
    chunked = raw(board, f"{head}\nTransfer-Encoding: chunked", piece * 6)
    small = adam.post("/avvikelse/1/kvittera", {"text": "a" * (LARGEST_BODY + 1)})

    assert declared.startswith(b"HTTP/1.1 413")
    assert chunked.startswith(b"HTTP/1.1 413")
    assert small.status == 413


def test_too_many_fields_and_too_long_texts_are_told(board: PeopleBoard, adam: Browser) -> None:
    """A person's text is not cut without a word."""
    token = token_in(adam.get("/avvikelse/2").text)
    fields = {f"f{number}": "x" for number in range(50)}
    long = adam.post("/avvikelse/2/kvittera", {"token": token, "text": "ö" * 2_001})

    assert adam.post("/avvikelse/2/kvittera", fields | {"token": token}).status == 400
    assert long.status == 422
    assert "längre än 2000 tecken" in long.text
    assert "ö" * 2_001 in long.text


def test_a_long_address_and_large_headers_are_refused(board: PeopleBoard) -> None:
    """Before anything is looked up."""
    browser = board.browser()

    assert browser.get("/?q=" + "a" * 5_000).status == 414
    assert browser.get("/", **{"X-Large": "a" * 17_000}).status == 431


HEAD_TRICKS = {
    "a folded header": "GET / HTTP/1.1\nHost: x\nX-A: 1\n 2",
    "two hosts": "GET / HTTP/1.1\nHost: x\nHost: y",
    "no host": "GET / HTTP/1.1",
    "two lengths": "POST /logga-in HTTP/1.1\nHost: x\nContent-Length: 3\nContent-Length: 4",
    "length and chunks": "POST /logga-in HTTP/1.1\nHost: x\nContent-Length: 3\nTransfer-Encoding: chunked",
    "a method that is none": "TRACE / HTTP/1.1\nHost: x",
    "a whole address": "GET http://evil.example/ HTTP/1.1\nHost: x",
}


@pytest.mark.parametrize("head", HEAD_TRICKS.values(), ids=HEAD_TRICKS)
def test_a_request_that_two_servers_would_read_differently_does_no_harm(board: PeopleBoard, head: str) -> None:
    """Request smuggling needs a second reading; a refusal or an ordinary page of nobody is all there is."""
    got = raw(board, head + "\nConnection: close")

    assert not got or got.split()[1] in (b"200", b"400", b"403", b"404", b"405", b"413")
    assert b"Ishallen" not in got
    assert not LEAKS.search(got.decode(errors="replace"))


ERRORS = [
    "/finns-inte",
    "/avvikelse/999",
    "/byggnad/finns-inte",
    "/api/panels/x/y",
    "/siffra/x",
    "/logg?fore=x",
    "/static/../x",
    "/static/x",
]


@pytest.mark.parametrize("path", ERRORS)
@pytest.mark.parametrize("name", ["", "adam"])
def test_an_error_tells_nothing_of_our_insides(board: PeopleBoard, path: str, name: str) -> None:
    """No traceback, no path, no version, no token but the page's own; and it has the headers of every page."""
    board.state.sign_in_attempts.succeeded(["address:127.0.0.1"])
    browser = board.browser(name)
    answer = browser.get(path)

    assert answer.status in (303, 404, 422)
    assert not LEAKS.search(answer.text)
    assert all(secret not in answer.text for secret in browser.jar.values())
    assert {answer.headers.get(header) for header in HEADERS} == set(HEADERS.values())
    assert "server" not in answer.headers


def test_every_refusal_has_the_headers_of_every_page(board: PeopleBoard) -> None:
    """The guard answers before the pages do."""
    browser = board.browser()
    refused = [
        browser.get("/?q=" + "a" * 5_000),
        browser.send("POST", "/logga-in", body=b"x=1", headers={"Origin": "https://evil.example"}),
    ]

    assert [answer.status for answer in refused] == [414, 403]
    assert all(answer.headers[header] == value for answer in refused for header, value in HEADERS.items())
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_a_flood_of_changes_is_held_back(tmp_path: Path) -> None:
    """Thirty at once; then the answer says when to come back, and pages are still shown."""
    with running_people(tmp_path, changing=CHANGING) as board:
        browser = board.browser()
        answers = [browser.post("/avvikelse/1/kvittera", {}) for _ in range(32)]
        page = browser.get("/logga-in")

    assert [answer.status for answer in answers[:30]] == [403] * 30
    assert [answer.status for answer in answers[31:]] == [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert page.status == 200


def test_a_published_board_answers_to_its_name_only(tmp_path: Path) -> None:
    """And to this machine's, for health checks."""
    with running_people(tmp_path, board_url="https://energi.example.se") as board:
        browser = board.browser()

        assert browser.get("/healthz", Host="energi.example.se").status == 200
        assert browser.get("/healthz").status == 200
        assert browser.get("/healthz", Host="evil.example").status == 400
