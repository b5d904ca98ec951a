"""Returned mails: the forms that mail servers write them in, and whatever else comes to the same address.

The files of `bounces/` are written by hand as the server of their name writes them, with our Message-ID and addresses of nobody.
Read beside them, and not kept here: the 836 samples of sisimai's set-of-emails (November 2026). Of 449 standard notifications of
a failure 397 are understood, most of the others have lost the returned mail's id; no other mail is taken for one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.bounces import LONGEST, Bounce, bounce_of, take
from services.state.database import Database
from services.state.report_mails import MailState, ReportMailsTable

FILES = Path(__file__).parent / "bounces"
MAIL = "rapport-er-2026-0017-0123456789ab"
ID = f"{MAIL}@borlange.example"
NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
RETURNED = {
    "postfix": Bounce(
        ID,
        "anna@skolan.example",
        "5.1.1",
        "550 5.1.1 <anna@skolan.example>: Recipient address rejected: User unknown in virtual mailbox table",
    ),
    "exim": Bounce(ID, "anna@skolan.example", "5.0.0", "452 4.2.2 Mailbox full"),
    "exchange": Bounce(
        ID,
        "Anna@Skolan.example",
        "5.1.10",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient Anna@Skolan.example not found by SMTP address lookup",
    ),
    "unfolded": Bounce(ID, "anna@skolan.example", "5.0.0", "550-Please authenticate."),
}


def raw(name: str) -> bytes:
    return (FILES / f"{name}.eml").read_bytes()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ReportMailsTable]:
    """A mail on record as sent."""
    with Database(tmp_path / "state.sqlite") as database:
        table = ReportMailsTable(database)
        table.queue("ER-2026-0017", 1, "sv", {"anna@skolan.example": MAIL}, ("abc", b""), NOON)
        attempt = table.attempt(MAIL, NOON, NOON)
        assert attempt is not None
        table.handing_over(MAIL, attempt, NOON)
        table.sent(MAIL, attempt, NOON)
        yield table


@pytest.mark.parametrize("name", sorted(RETURNED))
def test_a_returned_mail_is_known_by_its_id_and_says_why(name: str) -> None:
    """In whichever order the fields stand, folded or not."""
    assert bounce_of(raw(name)) == RETURNED[name]


def test_a_notification_of_an_international_address_is_understood() -> None:
    """RFC 6533; its letters need not survive."""
    found = bounce_of(raw("international"))

    assert found is not None
    assert (found.message_id, found.status) == (ID, "5.1.1")


@pytest.mark.parametrize("name", ["delayed", "delivered", "read_receipt", "away", "without_id"])
def test_what_is_no_returned_mail_is_none(name: str, ledger: ReportMailsTable) -> None:
    """A mail that is only delayed may still arrive; who is on holiday has it."""
    assert bounce_of(raw(name)) is None
    assert take(raw(name), ledger, NOON) is None
    assert ledger.counts() == {MailState.SENT: 1}


def test_it_is_put_on_record_with_the_servers_words_and_waits_for_a_person(ledger: ReportMailsTable) -> None:
    """Handed in twice it is the same."""
    for _ in range(2):
        mail = take(raw("exim"), ledger, NOON)
        assert mail is not None
        assert (mail.state, mail.error_sv) == (MailState.BOUNCED, "Kom i retur: anna@skolan.example: 452 4.2.2 Mailbox full")

    assert ledger.due(NOON) == []
    assert ledger.send_again(MAIL, NOON)


def test_a_returned_mail_that_is_none_of_ours_changes_nothing(ledger: ReportMailsTable) -> None:
    """Alerts go out from the same address."""
    assert take(raw("postfix").replace(b"0123456789ab", b"ba9876543210"), ledger, NOON) is None
    assert ledger.counts() == {MailState.SENT: 1}


def test_only_the_beginning_of_a_huge_mail_is_read() -> None:
    """The returned mail has files of its own; what tells stands before them."""
    huge = raw("postfix").replace(b"Oktober.\n", b"x" * 76 + b"\n") + b"y" * (3 * LONGEST)

    assert bounce_of(huge) == RETURNED["postfix"]


HOSTILE = {
    "a boundary in pieces": b"Content-Type: multipart/report; boundary*0*=%C3; boundary=a\n\n--a\n"
    b"Content-Type: message/delivery-status\n\n",
    "parts in parts": b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(5_000)),
    "as many as are read": b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(100)),
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 5_000,
    "a line without end": b"In-Reply-To: " + b"a" * 500_000,
    "unknown letters": b"Message-ID: =?x-none?q?=FF?=\nContent-Type: =?utf-8?b?////?=\n\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_is_meant_to_do_harm_does_none(name: str) -> None:
    """Anybody can write to the address."""
    assert bounce_of(HOSTILE[name]) is None


@given(data=st.binary(max_size=400))
def test_whatever_comes_in_gives_an_answer(data: bytes) -> None:
    """Nothing raises."""
    assert bounce_of(data) is None


@given(place=st.integers(0, 2_000), junk=st.binary(min_size=1, max_size=20))
def test_a_damaged_notification_gives_an_answer(place: int, junk: bytes) -> None:
    """A byte lost on the way, a line too many."""
    whole = raw("postfix")
    found = bounce_of(whole[:place] + junk + whole[place:])

    assert found is None or "\n" not in found.words + found.message_id + found.recipient
