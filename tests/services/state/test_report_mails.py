"""The ledger of report mails: nothing twice, nothing lost, whatever order things happen in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.state.database import Database
from services.state.report_mails import MailState, MailWords, ReportMail, ReportMailsTable
from services.state.report_plans import ReportPlansTable

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
MINUTE, LEASE = timedelta(minutes=1), timedelta(minutes=15)
WORDS = MailWords("fel", "wrong")
ANNA, BO = "anna@example.se", "bo@example.se"


@pytest.fixture
def table(tmp_path: Path) -> Iterator[ReportMailsTable]:
    with Database(tmp_path / "state.sqlite") as database:
        yield ReportMailsTable(database)


def queued(table: ReportMailsTable, *recipients: str, edition: int = 1, other_editions_too: bool = False) -> list[str]:
    mails = {recipient: f"{edition}-{recipient.casefold()}" for recipient in recipients}
    return table.queue("ER-2026-0001", edition, "sv", mails, ("abc", b"content"), NOON, other_editions_too=other_editions_too)


def the(table: ReportMailsTable) -> ReportMail:
    (mail,) = table.mails()
    return mail


def attempted(table: ReportMailsTable, at: datetime = NOON) -> int:
    attempt = table.attempt(the(table).id, at, at + LEASE)
    assert attempt is not None
    return attempt


def test_an_edition_is_queued_for_a_mailbox_once(table: ReportMailsTable) -> None:
    """Also when the address is spelled with capitals, and when another edition went there before."""
    assert queued(table, ANNA, BO) == [ANNA, BO]
    assert queued(table, ANNA.upper(), BO) == []
    assert queued(table, ANNA, edition=2) == []
    assert queued(table, ANNA, edition=2, other_editions_too=True) == [ANNA]
    assert [(mail.edition, mail.recipient) for mail in table.of("ER-2026-0001")] == [(1, ANNA), (1, BO), (2, ANNA)]


def test_of_two_processes_one_gets_the_attempt(table: ReportMailsTable) -> None:
    """And the other may come when the first has been silent for long; the first may then not send its dot any more."""
    queued(table, ANNA)
    first = attempted(table)

    assert table.attempt(the(table).id, NOON + MINUTE, NOON + LEASE) is None
    second = attempted(table, NOON + LEASE)
    assert not table.handing_over(the(table).id, first, NOON + LEASE)
    assert table.handing_over(the(table).id, second, NOON + LEASE)
    assert not table.handing_over(the(table).id, second, NOON + LEASE)


def test_what_was_handed_over_without_an_answer_is_in_doubt_and_waits_for_a_person(table: ReportMailsTable) -> None:
    """It is never due by itself; an answer that came late after all settles it."""
    queued(table, ANNA)
    attempt = attempted(table)
    table.handing_over(the(table).id, attempt, NOON)

    assert table.abandoned(NOON - MINUTE, NOON + MINUTE, WORDS) == []
    assert [mail.recipient for mail in table.abandoned(NOON, NOON + LEASE, WORDS)] == [ANNA]
    assert table.due(NOON + timedelta(days=400)) == []
    assert (the(table).state, the(table).error("sv")) == (MailState.IN_DOUBT, "fel")
    assert table.sent(the(table).id, attempt, NOON + LEASE)
    assert (the(table).state, the(table).error("sv")) == (MailState.SENT, "")


def test_a_person_says_that_it_arrived_or_sends_it_again(table: ReportMailsTable) -> None:
    """Of what is in doubt; what is sent cannot be sent again, nor what is on its way be called arrived."""
    queued(table, ANNA)
    assert not table.arrived(the(table).id, NOON)
    assert not table.send_again(the(table).id, NOON)
    attempt = attempted(table)
    table.handing_over(the(table).id, attempt, NOON)
    table.in_doubt(the(table).id, attempt, NOON, WORDS)

    assert table.send_again(the(table).id, NOON + MINUTE)
    assert [mail.id for mail in table.due(NOON + MINUTE)] == [the(table).id]
    attempt = attempted(table, NOON + MINUTE)
    table.handing_over(the(table).id, attempt, NOON + MINUTE)
    table.in_doubt(the(table).id, attempt, NOON + MINUTE, WORDS)
    assert table.arrived(the(table).id, NOON + LEASE)
    assert not table.send_again(the(table).id, NOON + LEASE)


def test_contents_are_forgotten_when_all_their_mails_have_rested(table: ReportMailsTable) -> None:
    """Who got what is not."""
    queued(table, ANNA, BO)
    for mail in table.mails():
        assert table.forget_before(NOON + LEASE) == 0
        attempt = table.attempt(mail.id, NOON, NOON + LEASE)
        assert attempt is not None
        table.handing_over(mail.id, attempt, NOON)
        table.sent(mail.id, attempt, NOON + MINUTE)

    assert table.forget_before(NOON + MINUTE) == 0
    assert table.content(table.mails()[0].id) == b"content"
    assert table.forget_before(NOON + LEASE) == 1
    assert table.content(table.mails()[0].id) is None
    assert table.counts() == {MailState.SENT: 2}


STEPS = ("attempt", "dot", "taken", "refused", "later", "unknown", "killed", "abandoned", "again", "arrived", "bounced")


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=30))
def test_nothing_is_handed_over_twice_unless_a_person_or_the_server_says_that_it_did_not_arrive(
    steps: list[tuple[str, int]],
) -> None:
    """Two processes that are killed, overtaken and answered in any order."""
    with Database(Path(":memory:")) as database:
        table = ReportMailsTable(database)
        queued(table, ANNA)
        mail, now, attempts, dots = the(table).id, NOON, [0, 0], [False, False]
        may_be_there = 0  # copies that the server may have taken, and nobody has asked to send again since
        for step, process in steps:
            now += timedelta(minutes=5)
            attempt, dot = attempts[process], dots[process]
            if step == "attempt" and not dot:
                attempts[process] = table.attempt(mail, now, now + LEASE) or 0
            elif step == "dot" and attempt and not dot:
                dots[process] = table.handing_over(mail, attempt, now)
                may_be_there += dots[process]
            elif step in ("taken", "refused", "later", "unknown", "killed") and dot:
                dots[process], attempts[process] = False, 0
                if step == "taken":
                    table.sent(mail, attempt, now)
                elif step == "refused":
                    may_be_there = max(0, may_be_there - table.refused(mail, attempt, now, WORDS))
                elif step == "later":
                    may_be_there = max(0, may_be_there - table.postponed(mail, attempt, now, now, WORDS))
                elif step == "unknown":
                    table.in_doubt(mail, attempt, now, WORDS)
            elif step == "abandoned":
                table.abandoned(now - LEASE, now, WORDS)
            elif step == "again" and table.send_again(mail, now):
                may_be_there = 0
            elif step == "arrived":
                table.arrived(mail, now)
            elif step == "bounced":
                table.bounced(mail, now, WORDS)
            assert may_be_there <= 1
            assert the(table).state in set(MailState), "nothing is lost"


def test_a_turn_waits_since_it_was_due_and_is_done_once(tmp_path: Path) -> None:
    """Its reason stays readable; what is done waits no more, whoever looks late."""
    with Database(tmp_path / "state.sqlite") as database:
        plans = ReportPlansTable(database)
        key = ("board/monthly/portfolio/sv", "portfolio", "portfolio", "2026-10")
        plans.know(key[0], NOON)
        plans.know(key[0], NOON + LEASE)
        plans.wait(key, NOON, NOON + MINUTE, "För lite data.", "Too little data.")
        plans.wait(key, NOON + LEASE, NOON + LEASE, "Ännu för lite.", "Still too little.")

        (turn,) = plans.turns(NOON + timedelta(days=30))
        assert plans.known() == {key[0]: NOON}
        assert (turn.waits, turn.since, turn.looked, turn.reason_sv) == (True, NOON, NOON + LEASE, "Ännu för lite.")
        plans.done(key, NOON, NOON + LEASE, "ER-2026-0001", 1)
        plans.wait(key, NOON, NOON + 2 * LEASE, "Sent.", "Late.")
        (turn,) = plans.turns()
        assert (turn.waits, turn.number, turn.reason_sv) == (False, "ER-2026-0001", "Ännu för lite.")
        assert plans.turns(NOON + MINUTE) == []
