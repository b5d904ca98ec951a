"""Mail over real SMTP on the loopback: what each of a server's answers means, and what can never get into a header."""

import asyncio
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from config.errors import DeliveryError, DeliveryUnavailable
from services.mail.mail import LONGEST_SUBJECT, Attachment, Mail, composed
from services.mail.smtp import SmtpSender, SmtpServer
from tests.servers import free_port

WRITTEN = datetime(2026, 11, 24, 11, tzinfo=UTC)
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:aiosmtpd"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning"),
]


def mail(**changes: Any) -> Mail:
    base: dict[str, Any] = {"id": "larm-1", "to": "drift@example.se", "subject": "Mätaren är tyst, Åkarens depå"}
    base |= {"text": "Vänta inte.\nÅtgärda.\n", "html": "<p>Vänta inte.</p>", "written": WRITTEN}
    return Mail(**(base | changes))


class Postbox:
    """Keeps what it takes; `answers` are given first to the last line of each mail."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answers: list[str] = []
        self.rcpt = ""
        self.delay_s = 0.0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.delay_s)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append(envelope.content)
        return answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]  # type: ignore[misc]  # its policy says so


@contextmanager
def server(box: Postbox, **options: Any) -> Iterator[int]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def sender(port: int, **changes: Any) -> SmtpSender:
    base: dict[str, Any] = {
        "host": "127.0.0.1",
        "sender": "energimonitor@example.se",
        "port": port,
        "security": "plain",
        "timeout_s": 5.0,
    }
    return SmtpSender(SmtpServer(**(base | changes)))


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
        setattr(box, where, answer if where == "rcpt" else [answer])
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
def broken(lines: Sequence[bytes], good_bye: bytes | Literal["cut"] | None = "cut") -> Iterator[int]:
    """A server of our own that says these lines, one a line that it hears.

    Args:
        good_bye: what it answers to QUIT once it has taken the mail; None: it hangs up. "cut": it hangs up in the mail.
    """
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb", buffering=0) as talk:
            for line in lines:
                talk.write(line)
                talk.readline()
            if good_bye == "cut":
                return
            while talk.readline() != b".\r\n":
                pass
            talk.write(b"250 taken\r\n")
            talk.readline()
            if good_bye is not None:
                talk.write(good_bye)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        thread.join(10)
        listening.close()


def test_a_connection_cut_off_in_the_middle_of_the_mail_is_sent_again_later() -> None:
    """Nobody knows whether it was taken: the same id tells."""
    lines = [b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n"]
    with broken(lines) as port, pytest.raises(DeliveryUnavailable, match="sent again by itself"):
        sender(port).send(mail())


def test_how_a_server_says_good_bye_changes_nothing() -> None:
    """It has taken the mail: one that is counted as failed then would come twice."""
    polite = [b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n"]
    sent = 0
    for good_bye in (None, b"421 no\r\n"):
        with broken(polite, good_bye) as port:
            sender(port).send(mail())
            sent += 1

    assert sent == 2


def test_a_server_that_is_slow_is_not_waited_for() -> None:
    """Others are waiting too."""
    box = Postbox()
    box.delay_s = 3.0
    with server(box) as port, pytest.raises(DeliveryUnavailable, match=r"(?i)timed out"):
        sender(port, timeout_s=0.5).send(mail())


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
    words=st.lists(st.sampled_from(["Över", "igen:", "–", "Björkskolan,", "och", "3", "till", "a" * 40, "ö" * 30]), min_size=1)
)
def test_a_subject_arrives_word_for_word_however_it_is_folded(words: list[str]) -> None:
    """The library loses a space where two encoded words meet at the end of a line."""
    subject = " ".join(words)[:LONGEST_SUBJECT].rstrip()
    sent = composed(mail(subject=subject), "energimonitor@example.se").as_bytes()

    assert message_from_bytes(sent, policy=policy.default)["Subject"] == subject
    assert max(map(len, sent.split(b"\n"))) <= 998


@pytest.mark.parametrize("address", ["a@example.se\nBcc: b@example.se", "a@example.se, b@example.se", "", "ingen"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """Whatever got past the settings."""
    with pytest.raises(DeliveryError, match="no mail can be made of it"):
        sender(free_port()).send(mail(to=address))
