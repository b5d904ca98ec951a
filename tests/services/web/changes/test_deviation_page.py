"""A deviation's page: all that is known, and what people do about it, over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.domain.deviations import EventKind, ThreadState
from services.state.audit import Act
from tests.services.web.signing.people import PeopleBoard, running_people, token_in

SCHOOL = 2  # the number of the school's thread


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PeopleBoard]:
    with running_people(tmp_path) as served:
        yield served


def send(board: PeopleBoard, name: str, step: str, **fields: str) -> tuple[int, str]:
    browser = board.browser(name)
    token = token_in(browser.get(f"/avvikelse/{SCHOOL}").text)
    answer = browser.post(f"/avvikelse/{SCHOOL}/{step}", fields | {"token": token})
    return answer.status, answer.text if answer.status != 303 else answer.headers["Location"]


def test_all_that_is_known_is_shown(board: PeopleBoard) -> None:
    """What, since when, what it costs or why that is not known, what to do, what it stands on, what happened."""
    page = board.browser("mia").get(f"/avvikelse/{SCHOOL}").text

    for words in (
        "Nattanvändning: Soltorgets skola",
        "Elanvändningen nattetid har legat högt.",
        "Gå igenom drifttiderna.",
        "2026-11-14 till 2026-11-23",
        "Pris saknas.",
        "1\N{NO-BREAK SPACE}234",
        "använd effekt, kW",
        "12,5",
        "Upptäckt",
        "Meddelad",
        "saknas (ingen åtgärd har följts upp)",
    ):
        assert words in page


def test_it_is_told_in_english_too(board: PeopleBoard) -> None:
    """By the address; the forms keep the language."""
    page = board.browser("mia").get(f"/avvikelse/{SCHOOL}?lang=en").text

    assert "Use at night: Soltorgets skola" in page
    assert "High at night." in page
    assert f'action="/avvikelse/{SCHOOL}/kvittera?lang=en"' in page


def test_from_seen_to_acted_on_to_closed(board: PeopleBoard) -> None:
    """Each step is in the thread's history and in the log, by the account's name; then nothing more can be done."""
    steps = [
        send(board, "olle", "kvittera", text="Jag tittar"),
        send(board, "olle", "atgard", action="Ändrade drifttiden", day="2026-11-23"),
        send(board, "mia", "stang", closing="Klart"),
    ]
    thread = board.state.deviation_threads.thread(SCHOOL)
    events = board.state.deviation_threads.events(SCHOOL)
    late = send(board, "mia", "kvittera", text="för sent")
    log = [entry for entry in board.state.audit.entries() if entry.subject == f"deviation {SCHOOL}"]

    assert steps == [(303, f"/avvikelse/{SCHOOL}")] * 3
    assert thread is not None
    assert thread.state is ThreadState.CLOSED
    assert [(event.kind, event.who, event.text) for event in events[2:]] == [
        (EventKind.ACKNOWLEDGED, "olle", "Jag tittar"),
        (EventKind.ACTION, "olle", "Ändrade drifttiden"),
        (EventKind.CLOSED, "mia", "Klart"),
    ]
    assert (late[0], "är avslutad" in late[1], "Anteckna en åtgärd" in late[1]) == (422, True, False)
    assert [entry.act for entry in log] == [Act.DEVIATION_CLOSED, Act.DEVIATION_ACTED_ON, Act.DEVIATION_ACKNOWLEDGED]
    assert (log[-1].before["state"], log[-1].after["state"]) == ("opened", "acknowledged")
    assert f">avvikelse {SCHOOL}<" in board.browser("adam").get("/logg").text
    assert "läge: öppen → kvitterad" in board.browser("adam").get("/logg").text


FAULTS = {
    "a mute that is over": ("tysta", {"reason": "Ombyggnad", "until": "2026-11-24"}, "den dagen har varit eller är i dag"),
    "a mute without a reason": ("tysta", {"reason": "  ", "until": "2027-01-01"}, "skäl saknas"),
    "a day that is none": ("tysta", {"reason": "Ombyggnad", "until": "i morgon"}, "skriv en dag som 2026-11-24"),
    "an action tomorrow": ("atgard", {"action": "Ändrade", "day": "2026-11-25"}, "antecknas när den är gjord"),
    "an action without words": ("atgard", {"action": "", "day": "2026-11-24"}, "skriv vad som gjordes"),
    "closed without a reason": ("stang", {"closing": ""}, "ange varför den är klar"),
}


@pytest.mark.parametrize(("step", "fields", "words"), FAULTS.values(), ids=FAULTS)
def test_a_mistake_is_told_and_what_was_written_is_kept(
    board: PeopleBoard, step: str, fields: dict[str, str], words: str
) -> None:
    """On the page that it was made on; nothing has changed."""
    status, page = send(board, "mia", step, **fields)
    written = next((value for value in fields.values() if value.strip()), "")

    assert status == 422
    assert words in page
    assert 'role="alert"' in page
    assert written in page
    assert len(board.state.deviation_threads.events(SCHOOL)) == 2


def test_a_muted_one_says_until_when_and_why(board: PeopleBoard) -> None:
    """Otherwise nobody dares to look away."""
    send(board, "mia", "tysta", reason="Ombyggnad", until="2027-01-01")

    assert "tystad till 2027-01-01: Ombyggnad" in board.browser("laila").get(f"/avvikelse/{SCHOOL}").text


def test_actions_are_listed_with_what_they_gave(board: PeopleBoard) -> None:
    """Of buildings of which one sees all, the latest day first."""
    send(board, "mia", "atgard", action="Bytte ventil", day="2026-11-20")
    send(board, "mia", "atgard", action="Sänkte tilluften", day="2026-11-23")
    page = board.browser("laila").get("/atgarder").text
    other = board.browser("rasmus").get("/atgarder").text

    assert page.index("Sänkte tilluften") < page.index("Bytte ventil")
    assert "åtgärdad, ej verifierad" in page
    assert "Bytte ventil" not in other  # the school is open, but rasmus looks after the rink
