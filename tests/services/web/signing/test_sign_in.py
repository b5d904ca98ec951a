"""Signing in and out over HTTP, and every way of getting in without being let in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from services.state.audit import Act
from services.web.signing.editing import remove_user, set_password
from services.web.signing.pages import safe_target
from tests.services.web.signing.people import PASSWORD, QUICK, Browser, PeopleBoard, running_people, token_in
from tests.services.web.signing.site import CLIENT, SECRET, Site, running_site

COOKIE = "energimonitor"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PeopleBoard]:
    with running_people(tmp_path) as served:
        yield served


def acts(board: PeopleBoard) -> list[tuple[Act, str]]:
    return [(entry.act, entry.who) for entry in reversed(board.state.audit.entries())]


def test_the_right_password_signs_in_and_out(board: PeopleBoard) -> None:
    """With a place to return to, the name on the page, and both in the log with the address."""
    browser = board.browser()
    asked = browser.get("/matarbyten")
    entered = browser.sign_in("Mia", target="/matarbyten?lang=en")
    page = browser.get("/matarbyten")
    left = browser.post("/logga-ut", {"token": token_in(page.text)})

    assert (asked.status, urlsplit(asked.headers["Location"]).path) == (303, "/logga-in")
    assert (entered.status, entered.headers["Location"]) == (303, "/matarbyten?lang=en")
    assert "mia" in page.text
    assert (left.status, left.headers["Location"]) == (303, "/")
    assert COOKIE not in browser.jar
    assert browser.get("/matarbyten").status == 303
    assert acts(board) == [(Act.SIGNED_IN, "mia"), (Act.SIGNED_OUT, "mia")]
    assert {entry.address for entry in board.state.audit.entries()} == {"127.0.0.1"}


def test_the_cookie_is_out_of_reach(board: PeopleBoard) -> None:
    """Of scripts, of other sites' forms, of other paths; without an end of its own, so that it goes with the browser."""
    given = board.browser().sign_in("mia").cookies
    session = next(text for text in given if text.startswith(f"{COOKIE}="))
    flags = {part.strip().lower() for part in session.split(";")[1:]}

    assert flags == {"httponly", "path=/", "samesite=lax"}


def test_over_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    """`__Host-` and Secure: neither a neighbour's subdomain nor plain HTTP can plant one."""
    with running_people(tmp_path, board_url="https://localhost") as board:
        browser = board.browser()
        browser.get("/logga-in")
        token = token_in(browser.get("/logga-in").text)
        given = browser.post(
            "/logga-in", {"name": "mia", "password": PASSWORD, "token": token}, Origin="https://localhost"
        ).cookies
    session = next(text for text in given if text.startswith(f"__Host-{COOKIE}="))
    flags = {part.strip().lower() for part in session.split(";")[1:]}

    assert flags == {"httponly", "path=/", "samesite=lax", "secure"}
    assert all(text.startswith("__Host-") for text in given)


def test_a_session_gets_a_new_secret_at_each_sign_in(board: PeopleBoard) -> None:
    """Who planted or knew the old one has nothing (session fixation)."""
    browser = board.browser()
    browser.jar[COOKIE] = "planted-by-somebody-else"
    browser.sign_in("mia")
    first = browser.jar[COOKIE]
    again = Browser(board.url, {COOKIE: first})
    again.jar.pop(COOKIE)
    again.sign_in("mia")

    assert first != "planted-by-somebody-else"
    assert len(first) == 43
    assert again.jar[COOKIE] != first
    assert Browser(board.url, {COOKIE: "planted-by-somebody-else"}).get("/matarbyten").status == 303


def test_signing_in_ends_the_browser_s_older_session(board: PeopleBoard) -> None:
    """One browser, one session: the one that was left open is not there any more."""
    browser = board.browser("mia")
    older = browser.jar[COOKIE]
    page = browser.get("/logga-in")
    token = token_in(Browser(board.url).get("/logga-in").text)

    assert page.status == 303  # already signed in
    fresh = Browser(board.url)
    text = fresh.get("/logga-in").text
    fresh.jar[COOKIE] = older
    assert fresh.post("/logga-in", {"name": "adam", "password": PASSWORD, "token": token_in(text)}).status == 303
    assert token != ""
    assert Browser(board.url, {COOKIE: older}).get("/matarbyten").status == 303


@pytest.mark.parametrize("name", ["mia", "finns-inte", "", "mia' OR 1=1 --", "../../etc/passwd", "x" * 5_000])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(board: PeopleBoard, name: str) -> None:
    """Same status, same words, same headers, same cookies: nobody learns who has an account."""
    known, asked = board.browser(), board.browser()
    expected = known.sign_in("laila", "fel lösenord helt och hållet")
    got = asked.sign_in(name, "fel lösenord helt och hållet")

    def shape(text: str) -> str:
        return text.replace(token_in(text), "")

    assert (got.status, shape(got.text)) == (expected.status, shape(expected.text)) == (403, shape(expected.text))
    assert "Fel namn eller lösenord." in got.text
    assert got.headers.keys() == expected.headers.keys()


def test_what_was_typed_as_a_name_is_not_logged(board: PeopleBoard) -> None:
    """People type their password into the wrong field."""
    board.browser().sign_in("mitt hemliga lösenord", "mia")
    board.browser().sign_in("mia", "fel")
    entries = board.state.audit.entries()

    assert [(entry.act, entry.subject) for entry in entries] == [
        (Act.SIGN_IN_REFUSED, "user:mia"),
        (Act.SIGN_IN_REFUSED, "unknown account"),
    ]
    assert "hemliga" not in str(entries)


def test_guessing_costs_more_and_more(board: PeopleBoard) -> None:
    """Four are answered; then one waits, and longer each time, the right password too; it is the same for names that are none."""
    seen: dict[str, list[tuple[int, str | None]]] = {}
    for name in ("mia", "finns-inte"):
        browser = board.browser()
        for _ in range(7):
            answer = browser.sign_in(name, "fel")
            seen.setdefault(name, []).append((answer.status, answer.headers.get("Retry-After")))
        board.clock.at += timedelta(minutes=1)
        for _ in range(2):
            answer = browser.sign_in(name, "fel")
            seen[name].append((answer.status, answer.headers.get("Retry-After")))

    assert seen["mia"] == [(403, None)] * 5 + [(429, "1")] * 2 + [(403, None), (429, "2")]
    assert seen["finns-inte"] == seen["mia"]
    assert board.browser().sign_in("mia").status == 303


def test_success_forgives_and_others_are_not_held_up(board: PeopleBoard) -> None:
    """A colleague behind the same address signs in while one guesses."""
    for _ in range(6):
        board.browser().sign_in("mia", "fel")
    held_up, colleague = board.browser().sign_in("mia").status, board.browser().sign_in("adam").status
    board.clock.at += timedelta(seconds=2)

    assert (held_up, colleague) == (429, 303)
    assert board.browser().sign_in("mia").status == 303


def test_an_address_that_guesses_many_names_waits_for_all(board: PeopleBoard) -> None:
    """One password tried on every account (spraying)."""
    statuses = [board.browser().sign_in(f"konto{number}", "Vinter2026!").status for number in range(22)]

    assert statuses[:20] == [403] * 20
    assert statuses[20:] == [429] * 2


CHANGES = {
    "the password": lambda board: set_password(board.users, "mia", QUICK.hash("ett helt annat lösenord")),
    "the account is gone": lambda board: remove_user(board.users, "mia"),
    "other rights": lambda board: board.users.write_text(board.users.read_text().replace("environment_team", "reader", 1)),
    "the file is broken": lambda board: board.users.write_text("users: ["),
    "the file is gone": lambda board: board.users.unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_account_is_signed_out_at_once(board: PeopleBoard, change: object) -> None:
    """At the next request, without a restart; where the file cannot be read nobody is let in."""
    browser = board.browser("mia")
    before = browser.get("/matarbyten").status
    change(board)  # type: ignore[operator]  # a table of functions

    assert (before, browser.get("/matarbyten").status) == (200, 303)
    assert acts(board)[-1][0] is Act.SESSION_ENDED


def test_a_session_ends_by_time(board: PeopleBoard) -> None:
    """Two hours unused, or twelve in all."""
    idle, busy = board.browser("mia"), board.browser("adam")
    seen = []
    for _ in range(13):
        board.clock.at += timedelta(minutes=59)
        seen.append(busy.get("/matarbyten").status)

    assert idle.get("/matarbyten").status == 303
    assert seen == [200] * 12 + [303]


STALE = {
    "no token": {"token": ""},
    "another browser's token": {"token": "0" * 64},
    "letters beyond ASCII": {"token": "å" * 64},
}


@pytest.mark.parametrize("changed", STALE.values(), ids=STALE)
def test_signing_in_needs_the_form_that_the_browser_was_given(board: PeopleBoard, changed: dict[str, str]) -> None:
    """Else another site could sign one in as somebody else, and read what one enters (login CSRF)."""
    browser = board.browser()
    browser.get("/logga-in")
    answer = browser.post("/logga-in", {"name": "mia", "password": PASSWORD} | changed)

    assert answer.status == 403
    assert COOKIE not in browser.jar


TARGETS = {
    "/matarbyten?lang=en": "/matarbyten?lang=en",
    "/byggnad/%C3%A5": "/byggnad/%C3%A5",
    "": "/",
    "matarbyten": "/",
    "//evil.example": "/",
    "/\\evil.example": "/",
    "\\\\evil.example": "/",
    "/\t/evil.example": "/",
    "/%09/evil.example": "/%09/evil.example",
    "https://evil.example/": "/",
    "javascript:alert(1)": "/",
    "/x//evil.example": "/",
    "/ok\r\nSet-Cookie: a=b": "/",
    " //evil.example": "/",
    "/logga-ut": "/",
    "/logga-in?next=/x": "/",
    "/" + "x" * 600: "/",
}


@pytest.mark.parametrize("written", TARGETS, ids=range(len(TARGETS)))
def test_one_is_sent_to_the_board_only(board: PeopleBoard, written: str) -> None:
    """As browsers read an address, not as it looks: an open redirect lends the board's name to a trap."""
    browser = board.browser()
    entered = browser.sign_in("mia", target=written)
    again = browser.get(f"/logga-in?next={quote(written, safe='')}")

    assert safe_target(written) == TARGETS[written]
    assert entered.headers["Location"] == again.headers["Location"] == TARGETS[written]


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as served:
        yield served


def with_site(folder: Path, site: Site, clock_now: bool = True) -> dict[str, object]:
    return {
        "oidc_issuer": site.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "board_url": "http://127.0.0.1:8080",
    }


def test_one_signs_in_with_one_s_organisation(tmp_path: Path, site: Site) -> None:
    """Group to rights by the users file, and out again when the group is taken out of it."""
    with running_people(tmp_path, **with_site(tmp_path, site)) as board:
        tell_time(site, board)
        browser = board.browser()
        sent = browser.get("/logga-in/extern?next=/matarbyten")
        came = browser.get("/logga-in/svar?" + urlsplit(site.agree(sent.headers["Location"])).query)
        page = browser.get("/matarbyten")
        board.users.write_text(board.users.read_text().replace("Energi.Miljo", "Energi.Annan"))

        assert (sent.status, came.status, came.headers["Location"]) == (303, 303, "/matarbyten")
        assert "Eva Ek (eva.ek@example.se)" in page.text
        assert browser.get("/matarbyten").status == 303
        assert acts(board)[0] == (Act.SIGNED_IN, "Eva Ek (eva.ek@example.se)")


def test_who_has_no_group_here_is_told_so(tmp_path: Path, site: Site) -> None:
    """Being somebody there gives no rights here."""
    site.groups = ["Domain Users"]
    with running_people(tmp_path, **with_site(tmp_path, site)) as board:
        tell_time(site, board)
        browser = board.browser()
        sent = browser.get("/logga-in/extern")
        came = browser.get("/logga-in/svar?" + urlsplit(site.agree(sent.headers["Location"])).query)

        assert came.status == 403
        assert "har ingen behörighet här" in came.text
        assert COOKIE not in browser.jar
        assert acts(board) == [(Act.SIGN_IN_REFUSED, "")]


def test_an_answer_in_another_browser_signs_nobody_in(tmp_path: Path, site: Site) -> None:
    """And a replay in the same one neither; nothing of the site's words is shown."""
    with running_people(tmp_path, **with_site(tmp_path, site)) as board:
        tell_time(site, board)
        browser, victim = board.browser(), board.browser()
        sent = browser.get("/logga-in/extern")
        query = urlsplit(site.agree(sent.headers["Location"])).query
        caught = victim.get(f"/logga-in/svar?{query}")
        replayed = browser.get(f"/logga-in/svar?{query}&error_description=%3Cscript%3E")

        assert (caught.status, replayed.status) == (403, 403)
        assert "<script>" not in caught.text + replayed.text
        assert COOKIE not in victim.jar | browser.jar


def test_a_site_that_is_down_is_said_to_be(tmp_path: Path, site: Site) -> None:
    """The accounts of the file still work."""
    site.down = True
    with running_people(tmp_path, **with_site(tmp_path, site)) as board:
        sent = board.browser().get("/logga-in/extern")

        assert sent.status == 503
        assert "svarar inte" in sent.text
        assert site.issuer not in sent.text
        assert board.browser().sign_in("mia").status == 303


def tell_time(site: Site, board: PeopleBoard) -> None:
    """The site and the board have one clock."""
    now = int(board.clock.at.timestamp())
    site.bend = lambda header, claims: claims.update(iat=now, exp=now + 300)
