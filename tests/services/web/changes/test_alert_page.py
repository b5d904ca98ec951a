"""Standing alerts over HTTP: what is shown to whom, and what an acknowledgement does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.domain.alerts import UNDELIVERED, AlertKind, Escalation
from config.errors import DeliveryError, DeliveryUnavailable
from services.alerts.condition import Place
from services.state.audit import Act
from tests.services.alerts.scene import Scene, condition, receiver
from tests.services.jobs.world import FixedClock
from tests.services.web.signing.people import RINK, Answer, PeopleBoard, alert, running_people, token_in

RINKS, SERVICE = 1, 2  # the numbers of the two that hold
HOUR = timedelta(hours=1)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PeopleBoard]:
    with running_people(tmp_path) as served:
        yield served


def send(board: PeopleBoard, name: str, number: int, note: str = "", query: str = "") -> Answer:
    browser = board.browser(name)
    token = token_in(browser.get("/larm").text)
    return browser.post(f"/larm/{number}/kvittera{query}", {"note": note, "token": token})


def told(board: PeopleBoard) -> Scene:
    """The alerts' own job over the board's state: a mail to the staff, and to their chief where nobody acknowledges."""
    staff = (receiver("drift", escalation=Escalation("chef", 4 * HOUR)), receiver("chef", kinds=frozenset()))
    return Scene(board.state, staff, clock=FixedClock(board.clock.at))


def test_the_list_says_what_since_when_to_whom_and_who_took_it_on(board: PeopleBoard) -> None:
    """What nobody has taken on stands first, the urgent before the rest."""
    before = board.browser("adam").get("/larm").text
    send(board, "adam", SERVICE, "Startar om den")
    after = board.browser("adam").get("/larm").text

    assert "Mätare tysta: Ishallen" in before
    assert "2026-11-24 13:40" in before
    assert "drift: väntar på nästa utskick" in before
    assert before.index("Insamlingen går inte") < before.index("Mätare tysta")
    assert after.index("Mätare tysta") < after.index("Insamlingen går inte")
    assert "Startar om den" in after
    assert "<script>alert" not in before


def test_an_acknowledgement_is_kept_and_logged(board: PeopleBoard) -> None:
    """By the account's name, with its note; the form goes, and one comes back to the page in its language."""
    answer = send(board, "adam", SERVICE, " Startar om den ", "?lang=en")
    kept = board.state.alerts.alert(SERVICE)
    entry = board.state.audit.entries(limit=1)[0]
    page = board.browser("adam").get(f"/larm/{SERVICE}").text
    log = board.browser("adam").get("/logg").text

    assert (answer.status, answer.headers["Location"]) == (303, f"/larm/{SERVICE}?lang=en")
    assert kept is not None
    assert (kept.acknowledged, kept.acknowledged_by, kept.note) == (board.clock.at, "adam", "Startar om den")
    assert (entry.act, entry.who, entry.address, entry.subject) == (Act.ALERT_ACKNOWLEDGED, "adam", "127.0.0.1", "alert 2")
    assert (entry.before["acknowledged_by"], entry.after["acknowledged_by"]) == (None, "adam")
    assert 'name="note"' not in page
    assert "Larm kvitterat" in log
    assert "kvitterat av: saknas → adam; anmärkning: Startar om den" in log


def test_who_comes_second_is_told_so(board: PeopleBoard) -> None:
    """With what they wrote still there, and nothing logged."""
    send(board, "adam", RINKS, "Jag ringer")
    before = len(board.state.audit.entries())
    browser = board.browser("mia")
    answer = browser.post(f"/larm/{RINKS}/kvittera", {"note": "Jag också", "token": token_in(browser.get("/larm").text)})

    assert answer.status == 422
    assert "larm 1 är redan kvitterat, av adam" in answer.text
    assert [entry.act for entry in board.state.audit.entries()[: len(board.state.audit.entries()) - before]] == [Act.SIGNED_IN]


def test_one_that_is_over_cannot_be_acknowledged(board: PeopleBoard) -> None:
    """Its page stays for as long as it is kept."""
    board.state.alerts.end(SERVICE, board.clock.at + HOUR, {"sv": "Det går igen.", "en": "It runs again."})
    answer = send(board, "adam", SERVICE)
    page = board.browser("adam").get(f"/larm/{SERVICE}").text

    assert (answer.status, "larm 2 är över" in answer.text) == (422, True)
    assert "2026-11-24 14:40" in page
    assert 'name="note"' not in page
    assert "Insamlingen går inte" not in board.browser("adam").get("/larm").text


MAY = {"laila": (200, 403), "rasmus": (404, 404), "olle": (404, 404), "mia": (200, 403), "adam": (200, 303)}


@pytest.mark.parametrize(("name", "expected"), MAY.items())
def test_the_service_is_the_administrators(board: PeopleBoard, name: str, expected: tuple[int, int]) -> None:
    """Who sees the whole estate reads of it; who looks after some buildings does not hear of it."""
    seen = board.browser(name).get(f"/larm/{SERVICE}").status

    assert (seen, send(board, name, SERVICE).status) == expected


def test_what_a_mail_server_answered_is_the_administrators(board: PeopleBoard) -> None:
    """An alert that alerts do not reach somebody repeats it, with their address perhaps."""
    fields = alert("") | {"sentence_sv": "1 meddelanden kunde inte lämnas. Senast: okänd mottagare bo@example.se"}
    number = board.state.alerts.notice("undelivered:drift", UNDELIVERED, fields, board.clock.at, told=True).id
    seen = {name: board.browser(name).get(f"/larm/{number}").status for name in MAY}
    listed = {name: "bo@example.se" in board.browser(name).get("/larm").text for name in MAY}

    assert seen == dict.fromkeys(MAY, 404) | {"adam": 200}
    assert listed == dict.fromkeys(MAY, False) | {"adam": True}


def test_what_acknowledges_stops_the_escalation(board: PeopleBoard) -> None:
    """The chief hears of the one that nobody took on, and of no other."""
    scene = told(board)
    holds = [condition(f"job-late:{job}", Place(), AlertKind.SERVICE) for job in ("settle", "publish")]
    scene.run(HOUR, *holds)
    numbers = {each.key: each.id for each in board.state.alerts.active()}
    answer = send(board, "adam", numbers["job-late:settle"], "Jag ser till det")
    scene.run(5 * HOUR)

    assert answer.status == 303
    assert [item.alert for items in scene.outbox.to("chef") for item in items] == [numbers["job-late:publish"]]
    page = board.browser("adam").get(f"/larm/{numbers['job-late:publish']}").text
    assert "lämnat (ingen hade kvitterat)" in page


WORDS = {
    "refused": (DeliveryError("drift: 550 no such user", "drift: 550 okänd mottagare"), "gick inte fram"),
    "away": (DeliveryUnavailable("drift: no answer", 60.0, "drift: inget svar"), "försöks igen"),
    "taken": (None, "lämnat"),
}


@pytest.mark.parametrize(("error", "words"), WORDS.values(), ids=WORDS)
def test_what_became_of_the_message_is_said(board: PeopleBoard, error: DeliveryError | None, words: str) -> None:
    """Whether it was delivered is for all who see the alert, what the server answered for the administrator only."""
    scene = told(board)
    scene.outbox.errors = [error]
    scene.run(HOUR, condition("job-late:settle", Place(), AlertKind.SERVICE))
    number = next(each.id for each in board.state.alerts.active() if each.key == "job-late:settle")
    administrator, reader = (board.browser(name).get(f"/larm/{number}").text for name in ("adam", "laila"))
    answered = "" if error is None else error.sentence("sv")

    assert words in administrator
    assert words in reader
    assert f"drift: {words}" in board.browser("laila").get("/larm").text
    assert answered in administrator
    assert not answered or answered not in reader


def test_a_deviation_is_acknowledged_on_its_own_page(board: PeopleBoard) -> None:
    """The two are one thing: the alert says who has taken the deviation on."""
    link, place = "/avvikelse/1", Place(RINK, "energi", "Ishallen")
    scene = told(board)
    scene.run(HOUR, condition("deviation:1:1", place, link=link))
    number = next(each.id for each in board.state.alerts.active() if each.fields["link"] == link)
    page = board.browser("mia").get(f"/larm/{number}").text
    scene.run(HOUR, condition("deviation:1:1", place, link=link, acknowledged="Bo"))
    later = board.browser("mia").get(f"/larm/{number}").text

    assert 'name="note"' not in page
    assert "Kvittera på avvikelsens sida" in page
    assert "<dd>Bo</dd>" in later
    assert "Kvittera på avvikelsens sida" not in later


def test_one_that_has_not_lasted_is_not_shown(board: PeopleBoard) -> None:
    """It is told to nobody yet."""
    waiting = board.state.alerts.notice("sign:web", "signs", alert(""), board.clock.at, told=False)

    assert board.browser("adam").get(f"/larm/{waiting.id}").status == 404
    assert f"/larm/{waiting.id}" not in board.browser("adam").get("/larm").text


def test_a_note_is_as_long_as_one_reads(board: PeopleBoard) -> None:
    """The text of a fault is the command's too."""
    answer = send(board, "adam", SERVICE, "x" * 2_001)

    assert (answer.status, "längre än 2000 tecken" in answer.text) == (422, True)
    assert board.state.alerts.alert(SERVICE) is not None
    assert not board.state.audit.entries(limit=1)[0].subject.startswith("alert")


@pytest.mark.parametrize(("query", "words"), [("", "Larm som gäller"), ("?lang=en", "Alerts that hold")])
def test_the_intake_s_page_leads_there(board: PeopleBoard, query: str, words: str) -> None:
    """Who sees that something is not well finds what was told of it; no other dashboard does."""
    browser = board.browser("olle")
    link = f'<a href="/larm{query}">{words}</a>'

    assert link in browser.get(f"/tavla/insamlingen{query}").text
    assert link not in browser.get(f"/tavla/morgonsidan{query}").text
