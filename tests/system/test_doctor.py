"""The doctor's questions to a broker, answered by a real Mosquitto."""

from pathlib import Path

import pytest

from collectors.mqtt.session import SessionOptions
from services.app.doctor import broker
from services.app.doctor.answers import Verdict
from tests.servers import Mosquitto

pytestmark = pytest.mark.mosquitto


def options(port: int) -> SessionOptions:
    return SessionOptions("127.0.0.1", port, "collector", ("#",))


def test_a_broker_as_we_ship_it_keeps_session_and_queue(mosquitto: Mosquitto) -> None:
    """3,000 messages for a client that is away, three times Mosquitto's default."""
    answers = broker.keeps_what_it_queues(broker.connector(options(mosquitto.port)))

    assert [answer.verdict for answer in answers] == [Verdict.GOOD, Verdict.GOOD]


def test_a_broker_with_default_queues_is_found_out(tmp_path: Path) -> None:
    """It drops two thirds, silently; the row says how many came and what to set."""
    server = Mosquitto(tmp_path / "mosquitto")
    server.settings = f"listener {server.port} 127.0.0.1\nallow_anonymous true\n"
    with server:
        answers = broker.keeps_what_it_queues(broker.connector(options(server.port)))

    assert answers[1].verdict is Verdict.BAD
    assert answers[1].seen.startswith(("1000 av 3000", "1020 av 3000"))
    assert "max_queued_messages" in answers[1].advice


def test_a_broker_that_is_not_there_is_said(tmp_path: Path) -> None:
    """With the settings to look at."""
    port = Mosquitto(tmp_path / "none").port

    answer = broker.reachable(broker.connector(options(port)))

    assert answer.verdict is Verdict.BAD
    assert "ENERGIMONITOR_BROKER_" in answer.advice
