"""Suspected meter exchanges on the board: the same refusals as at the prompt, over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.domain.readings import Reading
from services.state.audit import Act, Entry
from services.state.exchanges import LedgerStatus
from tests.dashboards import example
from tests.services.web.signing.people import PeopleBoard, running_people, token_in

SCHOOL = 2  # the number of the school's suspicion: at its main electricity meter


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PeopleBoard]:
    with running_people(tmp_path) as served:
        yield served


def send(board: PeopleBoard, name: str, step: str, **fields: str) -> tuple[int, str]:
    browser = board.browser(name)
    token = token_in(browser.get(f"/matarbyte/{SCHOOL}").text)
    answer = browser.post(f"/matarbyte/{SCHOOL}/{step}", fields | {"token": token})
    return answer.status, answer.text if answer.status != 303 else answer.headers["Location"]


def test_what_waits_stands_first_with_its_evidence(board: PeopleBoard) -> None:
    """The list leads to the page; the page has what was seen."""
    board.state.exchanges.decide(1, board.clock.at, accepted=False, by="Eva")
    browser = board.browser("adam")
    listed, page = browser.get("/matarbyten").text, browser.get(f"/matarbyte/{SCHOOL}").text

    assert listed.index("Elmätare, huvud (2)") < listed.index("Elmätare (1)")
    assert "avvisad" in listed
    for words in (
        "Började om från noll.",
        "Soltorgets skola",
        example.ELECTRICITY,
        "500\N{NO-BREAK SPACE}800",
        "2026-11-20 11:00",
    ):
        assert words in page


def test_confirmed_with_levels_and_taken_back(board: PeopleBoard) -> None:
    """A decimal comma and blanks as people write; both are in the log, and the hours wait for settlement."""
    confirmed = send(board, "olle", "bekrafta", old="500 800,5", new="2", note="Arbetsorder 7", anyway="1")
    entry = board.state.exchanges.entry(SCHOOL)
    page = board.browser("laila").get(f"/matarbyte/{SCHOOL}").text
    undone = send(board, "olle", "aterta", why="Fel mätare")

    assert confirmed == undone == (303, f"/matarbyte/{SCHOOL}")
    assert (entry.status, entry.old_register, entry.new_register, entry.decided_by, entry.note) == (
        LedgerStatus.CONFIRMED,
        500_800.5,
        2.0,
        "olle",
        "Arbetsorder 7",
    )
    assert "bekräftad, olle" in page
    assert board.state.exchanges.entry(SCHOOL).status is LedgerStatus.OPEN
    assert board.state.database.rows("SELECT COUNT(*) FROM dirty_hours WHERE point = ?", (example.ELECTRICITY,)) != [(0,)]
    log = [entry for entry in board.state.audit.entries() if entry.subject == f"exchange {SCHOOL}"]
    assert [entry.act for entry in log] == [Act.EXCHANGE_REOPENED, Act.EXCHANGE_CONFIRMED]
    assert (log[1].before["status"], log[1].after["old_register"], log[1].after["anyway"]) == ("open", 500_800.5, True)


def test_levels_that_the_readings_contradict_are_asked_about(tmp_path: Path) -> None:
    """The sentence names level and reading; who insists is believed."""
    with running_people(tmp_path) as board:
        entry = board.state.exchanges.entry(SCHOOL)
        readings = [Reading("m-skola-el", "active_energy_import", entry.at, 700.0, entry.at)]
        board.store.write_readings(readings)
        asked = send(board, "olle", "bekrafta", new="900")
        insisted = send(board, "olle", "bekrafta", new="900", anyway="1")

    assert asked[0] == 422
    assert "den nya mätarens ställning 900 och dess första avläsning 700 kWh" in asked[1]
    assert 'name="anyway"' in asked[1]
    assert 'value="900"' in asked[1]
    assert insisted[0] == 303


FAULTS = {
    "no number": ("bekrafta", {"old": "fem"}, "är inget tal"),
    "not a number at all": ("bekrafta", {"old": "nan"}, "är inget tal"),
    "endless": ("bekrafta", {"new": "1e999"}, "är inget tal"),
}


@pytest.mark.parametrize(("step", "fields", "words"), FAULTS.values(), ids=FAULTS)
def test_a_mistake_is_told(board: PeopleBoard, step: str, fields: dict[str, str], words: str) -> None:
    """And nothing is decided."""
    status, page = send(board, "olle", step, **fields)

    assert (status, words in page) == (422, True)
    assert board.state.exchanges.entry(SCHOOL).status is LedgerStatus.OPEN


def test_two_people_with_the_same_page_decide_once(board: PeopleBoard) -> None:
    """The second is told who was first."""
    first, second = board.browser("olle"), board.browser("adam")
    tokens = [token_in(browser.get(f"/matarbyte/{SCHOOL}").text) for browser in (first, second)]
    first.post(f"/matarbyte/{SCHOOL}/avvisa", {"token": tokens[0], "reason": "Avläst fel"})
    late = second.post(f"/matarbyte/{SCHOOL}/bekrafta", {"token": tokens[1]})

    assert late.status == 422
    assert "är redan avvisad, av olle" in late.text
    assert board.state.exchanges.entry(SCHOOL).status is LedgerStatus.REJECTED


def test_a_store_that_does_not_answer_is_said(tmp_path: Path) -> None:
    """The levels cannot be checked; nothing is decided, and no error page comes."""
    with running_people(tmp_path) as board:
        board.store.unreachable = True
        status, page = send(board, "olle", "bekrafta", new="900")
        board.store.unreachable = False

        assert status == 422
        assert "går inte att nå just nu" in page
        assert board.state.exchanges.entry(SCHOOL).status is LedgerStatus.OPEN


def test_the_log_goes_page_by_page(board: PeopleBoard) -> None:
    """A hundred a page; the link leads on to the first entry."""
    browser = board.browser("adam")
    for number in range(150):
        board.state.audit.write(Entry(board.clock.at, f"person-{number:03}", "", Act.SIGNED_IN, ""))
    first = browser.get("/logg").text
    older = first.split('rel="next" href="')[1].split('"')[0]
    second = browser.get(older).text

    assert "person-149" in first
    assert "person-049" not in first
    assert "person-049" in second
    assert "person-050" not in second
