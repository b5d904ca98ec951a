"""Mail over real SMTP on the loopback: what each of a server's answers means, and what can never get into a header."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from config.errors import DeliveryError, DeliveryInDoubt, DeliveryUnavailable, StoreUnavailable
from services.mail.mail import LONGEST_SUBJECT, Attachment, Mail, composed
from tests.servers import free_port
from tests.services.mail.postbox import Postbox, sender, server

WRITTEN = datetime(2026, 11, 24, 11, tzinfo=UTC)
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:aiosmtpd"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning"),
]


def mail(**changes: Any) -> Mail:
    base: dict[str, Any] = {"id": "larm-1", "to": "drift@example.se", "subject": "Mätaren är tyst, Åkarens depå"}
    base |= {"text": "Vänta inte.\nÅtgärda.\n", "html": "<p>Vänta inte.</p>", "written": WRITTEN}
    return Mail(**(base | changes))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost and 127.0.0.1, signed by itself; certificate and key in one folder."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def context(folder: Path) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return made


def test_a_mail_arrives_with_its_swedish_words_and_its_twin() -> None:
    """å, ä and ö in subject and body, plain text and HTML, and the headers by which a repeat or a robot is known."""
    box = Postbox()
    with server(box) as port:
        sender(port).send(mail())
    arrived = box.mails[0]

    assert arrived["Subject"] == "Mätaren är tyst, Åkarens depå"
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    body = arrived.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "Vänta inte.\nÅtgärda.\n"
    assert (arrived["Message-ID"], arrived["Auto-Submitted"]) == ("<larm-1@example.se>", "auto-generated")
    assert arrived["Date"].datetime == WRITTEN


def test_the_same_mail_is_the_same_bytes() -> None:
    """Who got it twice can see that it is the same."""
    box = Postbox()
    with server(box) as port:
        for _ in range(2):
            sender(port).send(mail(attachments=(Attachment("a.pdf", "application/pdf", b"%PDF"),)))

    assert box.taken[0] == box.taken[1]
    assert [part.get_filename() for part in box.mails[0].iter_attachments()] == ["a.pdf"]


@pytest.mark.parametrize("answer", ["550 no such user", "554 5.7.1 spam"])
def test_a_five_means_never(answer: str) -> None:
    """At the address or at the last line."""
    for where in ("rcpt", "answers"):
        box = Postbox()
        setattr(box, where, [answer])
        with server(box) as port, pytest.raises(DeliveryError, match=answer[:3]) as refused:
            sender(port).send(mail())

        assert not isinstance(refused.value, DeliveryUnavailable)


def test_a_server_that_asks_for_an_account_or_turns_us_away_waits_for_a_person() -> None:
    """A five of that kind is about our settings or our address, not about the message: none is lost by it."""
    asks = [b"220 hello\r\n", b"250 hello\r\n", b"530 5.7.0 Authentication required\r\n"]
    for lines, named in ((asks, "SMTP_USERNAME"), ([b"554 5.7.1 blocked\r\n"], "SMTP_HOST")):
        with broken(lines) as port, pytest.raises(DeliveryUnavailable, match=named) as waits:
            sender(port).send(mail())

        assert waits.value.retry_after == 3600


def test_a_password_that_smtp_cannot_say_names_the_setting() -> None:
    """Python's smtplib signs in with ASCII; the words must not hold the password."""
    offers = [b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN LOGIN\r\n"]
    with broken(offers) as port, pytest.raises(DeliveryUnavailable, match="SMTP_USERNAME and _PASSWORD") as refused:
        sender(port, username="u", password="lösenord").send(mail())

    assert refused.value.__suppress_context__, "the error beneath holds the password"
    assert "senord" not in str(refused.value)


def test_a_four_means_not_now_and_the_next_time_it_is_taken() -> None:
    """Greylisting is common."""
    box = Postbox()
    box.answers = ["451 4.7.1 greylisted"]
    with server(box) as port:
        with pytest.raises(DeliveryUnavailable, match=r"451 4\.7\.1 greylisted"):
            sender(port).send(mail())
        sender(port).send(mail())

    assert len(box.taken) == 1


@contextmanager
def broken(
    lines: Sequence[bytes], good_bye: bytes | Literal["cut"] | None = "cut", last_word: bytes | None = None
) -> Iterator[int]:
    """A server of our own that says these lines, one a line that it hears.

    Args:
        good_bye: what it answers to QUIT once it has taken the mail; None: it hangs up. "cut": it hangs up in the mail.
        last_word: all that it says to the dot before it hangs up.
    """
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb", buffering=0) as talk:
            for line in lines:
                talk.write(line)
                talk.readline()
            if good_bye == "cut" and last_word is None:
                return
            while talk.readline() != b".\r\n":
                pass
            if last_word is not None:
                talk.write(last_word)
                return
            talk.write(b"250 taken\r\n")
            talk.readline()
            if isinstance(good_bye, bytes):
                talk.write(good_bye)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        thread.join(10)
        listening.close()


POLITE = [b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n"]


def test_a_connection_cut_off_in_the_middle_of_the_mail_is_sent_again_later() -> None:
    """Nothing of it was taken: the dot was never said."""
    said = list[str]()
    with broken(POLITE) as port, pytest.raises(DeliveryUnavailable) as cut:
        sender(port).send(mail(attachments=(Attachment("a", "application/pdf", b"x" * 8_000_000),)), lambda: said.append("dot"))

    assert not isinstance(cut.value, DeliveryInDoubt)
    assert said == []


@pytest.mark.parametrize("last_word", [b"", b"250-and", b"no answer that SMTP knows\r\n"], ids=["none", "half", "nonsense"])
def test_a_connection_cut_off_after_the_dot_leaves_it_in_doubt(last_word: bytes) -> None:
    """RFC 1047: it may be in the mailbox."""
    with broken(POLITE, last_word=last_word) as port, pytest.raises(DeliveryInDoubt, match="got the whole mail") as doubt:
        sender(port).send(mail())

    assert "sade inte om det togs emot" in doubt.value.sv


def test_who_must_not_send_twice_is_told_before_the_dot_and_can_stop_it() -> None:
    """The ledger could not be written: the server gets no dot, and no good-bye that could be taken for text."""
    box, steps = Postbox(), list[str]()

    def full() -> None:
        steps.append(f"{len(box.taken)} taken")
        raise StoreUnavailable("disk full")

    with server(box) as port:
        with pytest.raises(StoreUnavailable):
            sender(port).send(mail(), full)
        sender(port).send(mail(), lambda: steps.append(f"{len(box.taken)} taken"))

    assert (steps, len(box.taken)) == (["0 taken", "0 taken"], 1)


def test_who_must_not_send_twice_waits_longer_for_the_last_answer() -> None:
    """Others are sent again under their id; a server that looks for viruses first takes its time."""
    box = Postbox()
    box.delay_s = 1.5
    with server(box) as port:
        sender(port, timeout_s=0.5).send(mail(), lambda: None)
        with pytest.raises(DeliveryInDoubt):
            sender(port, timeout_s=0.5).send(mail())
        with pytest.raises(DeliveryInDoubt):
            sender(port, last_answer_s=0.5).send(mail(), lambda: None)


def test_lines_that_begin_with_a_dot_arrive_as_they_were() -> None:
    """RFC 5321, 4.5.2; a line of one dot would end the mail."""
    box = Postbox()
    with server(box) as port:
        sender(port).send(mail(text=".\n..\n.slut\n", html=""))

    assert box.mails[0].get_content().replace("\r\n", "\n") == ".\n..\n.slut\n"


def test_how_a_server_says_good_bye_changes_nothing() -> None:
    """It has taken the mail: one that is counted as failed then would come twice."""
    sent = 0
    for good_bye in (None, b"421 no\r\n"):
        with broken(POLITE, good_bye) as port:
            sender(port).send(mail())
            sent += 1

    assert sent == 2


def test_a_server_that_is_slow_is_not_waited_for() -> None:
    """Others are waiting too. At the greeting, at MAIL, at the end."""
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, pytest.raises(DeliveryUnavailable, match=r"(?i)timed out"):
        sender(silent.getsockname()[1], timeout_s=0.5).send(mail())
    for slow, delay in (({"MAIL": 1.5}, 0.0), ({}, 1.5)):
        box = Postbox()
        box.slow, box.delay_s = slow, delay
        with server(box) as port, pytest.raises(DeliveryUnavailable, match=r"(?i)timed out") as late:
            sender(port, timeout_s=0.5).send(mail())

        assert isinstance(late.value, DeliveryInDoubt) is bool(delay)


def test_nobody_there_is_not_now() -> None:
    """The server may be restarting."""
    with pytest.raises(DeliveryUnavailable, match="ConnectionRefusedError"):
        sender(free_port()).send(mail())


def test_a_server_that_offers_no_starttls_gets_nothing() -> None:
    """Somebody in between can take the offer away: nothing is sent in the clear then."""
    box = Postbox()
    with server(box) as port, pytest.raises(DeliveryUnavailable, match="nothing is sent in the clear"):
        sender(port, security="starttls").send(mail())

    assert box.taken == []


def test_a_certificate_that_is_not_trusted_gets_nothing(certificate: Path) -> None:
    """Nor is the password said."""
    box = Postbox()
    with (
        server(box, tls_context=context(certificate), require_starttls=True) as port,
        pytest.raises(DeliveryUnavailable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        sender(port, security="starttls", username="u", password="p").send(mail())

    assert box.taken == []


def test_starttls_with_a_trusted_certificate_and_an_account(certificate: Path) -> None:
    """As most municipal relays want it; a wrong password waits for a person and loses nothing."""
    box = Postbox()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword) -> AuthResult:
        return AuthResult(success=given.password == b"hemligt", handled=False)

    options = {
        "tls_context": context(certificate),
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticate,
    }
    trusted: dict[str, Any] = {"security": "starttls", "username": "u", "ca_file": certificate / "certificate.pem"}
    with server(box, **options) as port:
        sender(port, **trusted, password="hemligt").send(mail())
        with pytest.raises(DeliveryUnavailable, match="SMTP_USERNAME") as refused:
            sender(port, **trusted, password="fel").send(mail())

    assert len(box.taken) == 1
    assert refused.value.retry_after == 3600
    assert "fel" not in str(refused.value)


def test_tls_from_the_first_byte(certificate: Path) -> None:
    """Port 465."""
    box = Postbox()
    with server(box, ssl_context=context(certificate)) as port:
        sender(port, security="tls", ca_file=certificate / "certificate.pem").send(mail())

    assert len(box.taken) == 1


@given(subject=st.text(max_size=80))
def test_no_subject_adds_a_header(subject: str) -> None:
    """A building may be called "Skolan\\r\\nBcc: all@example.se"."""
    message = composed(mail(subject=subject + "\r\nBcc: alla@example.se\n\nX"), "energimonitor@example.se")
    read = message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)

    assert read["Bcc"] is None
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip


@given(
    words=st.lists(
        st.sampled_from(["Över", "igen:", "–", "Björkskolan,", "och", "3", "till", "a" * 40, "a" * 90, "ö" * 30]),
        min_size=1,
    )
)
def test_a_subject_arrives_word_for_word_however_it_is_folded(words: list[str]) -> None:
    """The library loses a space where two encoded words meet at the end of a line, and adds one before some that need no code."""
    subject = " ".join(words)[:LONGEST_SUBJECT].rstrip()
    sent = composed(mail(subject=subject), "energimonitor@example.se").as_bytes()

    assert message_from_bytes(sent, policy=policy.default)["Subject"] == subject
    assert max(map(len, sent.split(b"\n"))) <= 998


@pytest.mark.parametrize("address", ["a@example.se\nBcc: b@example.se", "a@example.se, b@example.se", "", "ingen"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """Whatever got past the settings."""
    with pytest.raises(DeliveryError, match="no mail can be made of it"):
        sender(free_port()).send(mail(to=address))
