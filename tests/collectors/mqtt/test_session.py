"""The session with a real Mosquitto: receive, journal, acknowledge in order."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from collectors.journal import START, JournalReader, JournalWriter, Row
from collectors.mqtt.client import KNOWN_PAHO, batching_is_safe
from collectors.mqtt.session import Protocol, Session, SessionOptions
from config.domain.clock import SystemClock
from config.errors import ConfigurationError, JournalFull
from tests.servers import Mosquitto, program
from tests.system.publishing import publish

pytestmark = pytest.mark.mosquitto


class FailingJournal(JournalWriter):
    """A journal whose disk is full until it is told otherwise."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.full = False
        self.refused = 0

    def append(self, received: datetime, rows: "list[Row]") -> None:  # type: ignore[override] # the double takes lists only
        if self.full:
            self.refused += 1
            raise JournalFull("the disk is full")
        super().append(received, rows)


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for it, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


@contextmanager
def running(session: Session) -> Iterator[Session]:
    """The session in its thread, subscribed."""
    stop = threading.Event()
    thread = threading.Thread(target=session.run, args=(stop,))
    thread.start()
    try:
        until(lambda: session.figures.connected)
        time.sleep(0.3)  # its subscription is on the way
        yield session
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def options(broker: Mosquitto, **others: object) -> SessionOptions:
    return SessionOptions("127.0.0.1", broker.port, "test-session", ("m/#",), **others)  # type: ignore[arg-type] # options by name


def kept(folder: Path) -> list[tuple[str, bytes]]:
    with JournalReader(folder) as reader:
        return [(message.topic, message.payload) for _, message in reader.after(START, 1_000_000)]


def numbered(count: int) -> list[tuple[bytes, bytes]]:
    return [(b"m/%d" % (number % 7), b"%d" % number) for number in range(count)]


def test_the_pinned_paho_is_the_one_that_the_fast_reader_knows() -> None:
    """Another version must be read through before it is used: `KNOWN_PAHO` and the pin in pyproject.toml move together."""
    assert batching_is_safe(), KNOWN_PAHO


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("protocol", [Protocol.V5, Protocol.V311])
def test_every_message_is_in_the_journal_in_order(
    tmp_path: Path, mosquitto: Mosquitto, protocol: Protocol, batched: bool
) -> None:
    """The batched reader and stock paho, both versions of the protocol."""
    with JournalWriter(tmp_path / "journal") as journal:
        session = Session(options(mosquitto, protocol=protocol, batched=batched), journal, SystemClock())
        with running(session):
            assert publish(mosquitto.port, numbered(3_000)) == 3_000
            until(lambda: session.figures.acknowledged == 3_000)

    assert kept(tmp_path / "journal") == [(topic.decode(), payload) for topic, payload in numbered(3_000)]


def test_what_comes_while_we_are_away_comes_when_we_return(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """A fixed client id and a session that outlives the connection."""
    with JournalWriter(tmp_path / "journal") as journal:
        with running(Session(options(mosquitto), journal, SystemClock())):
            pass
        publish(mosquitto.port, numbered(5_000))
        session = Session(options(mosquitto), journal, SystemClock())
        with running(session):
            until(lambda: session.figures.journalled == 5_000)

    assert kept(tmp_path / "journal") == [(topic.decode(), payload) for topic, payload in numbered(5_000)]
    assert session.figures.sessions_lost == 0


def test_a_full_journal_acknowledges_nothing_and_loses_nothing(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """The broker holds what we could not keep, and sends it again when there is room."""
    journal = FailingJournal(tmp_path / "journal")
    session = Session(options(mosquitto), journal, SystemClock())
    with running(session):
        journal.full = True
        publish(mosquitto.port, numbered(1_000))
        until(lambda: journal.refused > 0)
        acknowledged_while_full, trouble = session.figures.acknowledged, session.figures.trouble
        journal.full = False
        until(lambda: session.figures.acknowledged >= 1_000)
    journal.close()

    assert acknowledged_while_full == 0
    assert trouble == "the disk is full"
    assert set(kept(tmp_path / "journal")) == {(topic.decode(), payload) for topic, payload in numbered(1_000)}


def test_a_broker_that_forgets_us_is_reported(tmp_path: Path) -> None:
    """Its queue went with our session: that is a possible loss, and it is counted."""
    settings = "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
    broker = Mosquitto(tmp_path / "mosquitto")
    broker.settings = settings.format(port=broker.port)
    with broker, JournalWriter(tmp_path / "journal") as journal:
        session = Session(options(broker), journal, SystemClock())
        with running(session):
            broker.kill()
            broker.start()
            until(lambda: session.figures.connects == 2)

    assert session.figures.sessions_lost == 1


def test_a_message_of_ten_megabytes_is_kept_whole(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """It becomes a dead letter later; the receiver does not judge."""
    large = bytes(range(256)) * 40_960
    with JournalWriter(tmp_path / "journal") as journal:
        session = Session(options(mosquitto), journal, SystemClock())
        with running(session):
            publish(mosquitto.port, [(b"m/large", large), (b"m/small", b"1")])
            until(lambda: session.figures.acknowledged == 2)

    assert kept(tmp_path / "journal") == [("m/large", large), ("m/small", b"1")]


def certificates(folder: Path) -> None:
    """A certificate authority, a server and a client, made with openssl."""
    openssl = program("openssl", "openssl")

    def run(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    run(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "ca.key",
        "-out",
        "ca.crt",
        "-days",
        "2",
        "-subj",
        "/CN=test-ca",
    )
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for name in ("server", "client"):
        run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        run(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-out", f"{name}.crt", "-days", "2", "-extfile", "names"),
        )


def test_tls_with_a_client_certificate(tmp_path: Path) -> None:
    """The broker knows us by our certificate; many small records are committed together."""
    certificates(tmp_path)
    broker = Mosquitto(tmp_path / "mosquitto")
    plain = Mosquitto(tmp_path / "unused").port
    broker.settings = "\n".join(
        [
            f"listener {broker.port} 127.0.0.1",
            f"cafile {tmp_path}/ca.crt",
            f"certfile {tmp_path}/server.crt",
            f"keyfile {tmp_path}/server.key",
            "require_certificate true",
            "user root",
            f"listener {plain} 127.0.0.1",
            "allow_anonymous true",
            "max_queued_messages 100000",
        ]
    )
    secure = {
        "tls": True,
        "ca_file": tmp_path / "ca.crt",
        "certificate": tmp_path / "client.crt",
        "key": tmp_path / "client.key",
    }
    with broker, JournalWriter(tmp_path / "journal") as journal:
        session = Session(options(broker, **secure), journal, SystemClock())
        with running(session):
            publish(plain, numbered(3_000))
            until(lambda: session.figures.acknowledged == 3_000)

    assert kept(tmp_path / "journal") == [(topic.decode(), payload) for topic, payload in numbered(3_000)]


def test_a_wrong_password_is_said_at_once(tmp_path: Path) -> None:
    """Waiting would not help; the message names the settings."""
    broker = Mosquitto(tmp_path / "mosquitto")
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    subprocess.run([program("mosquitto_passwd", "mosquitto"), "-b", str(passwords), "collector", "right"], check=True)
    broker.settings = f"listener {broker.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nuser root\n"
    with broker, JournalWriter(tmp_path / "journal") as journal:
        session = Session(options(broker, username="collector", password="wrong"), journal, SystemClock())

        with pytest.raises(ConfigurationError, match="ENERGIMONITOR_BROKER_PASSWORD_FILE"):
            session.run(threading.Event())
