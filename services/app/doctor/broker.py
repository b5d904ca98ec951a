"""What the broker would lose, found by trying it with clients and topics of our own.

Nothing here touches the collector's session. The experiment needs the right to publish below `energimonitor/doctor/`; where the
account may not, the row says so instead of guessing.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from collectors.decoding import topic_matches
from collectors.mqtt.session import SessionOptions, tls_context
from services.app.doctor.answers import Answer, Verdict

QUEUE_PROBE = 3_000  # three times Mosquitto's default limit
LISTEN_S = 10.0
PATIENCE_S = 20.0
TOPIC = "energimonitor/doctor"


@dataclass
class _Seen:
    """What a probing client has seen so far."""

    connected: threading.Event = field(default_factory=threading.Event)
    refusal: str = ""
    session_present: bool = False
    granted: list[int] = field(default_factory=list)
    subscribed: threading.Event = field(default_factory=threading.Event)
    messages: list[tuple[str, int]] = field(default_factory=list)
    acknowledged: int = 0


Connect = Callable[[str, bool], mqtt.Client]  # client id, clean session → a client ready to connect, with address in user data


@contextmanager
def _probing(make: Connect, client_id: str, clean: bool) -> Iterator[tuple[mqtt.Client, _Seen]]:
    seen = _Seen()
    client = make(client_id, clean)

    def on_connect(_client: mqtt.Client, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        seen.refusal = str(reason) if reason.is_failure else ""
        seen.session_present = bool(flags.session_present)
        seen.connected.set()

    def on_subscribe(_client: mqtt.Client, _data: Any, _mid: int, reasons: Sequence[Any], _properties: Any) -> None:
        seen.granted.extend(reason.value for reason in reasons)
        seen.subscribed.set()

    def on_message(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        seen.messages.append((message.topic, message.qos))

    def on_publish(*_arguments: Any) -> None:
        seen.acknowledged += 1

    client.on_connect, client.on_subscribe, client.on_message, client.on_publish = (
        on_connect,
        on_subscribe,
        on_message,
        on_publish,
    )
    host, port = client.user_data_get()
    try:
        client.connect(host, port)
        client.loop_start()
        if not seen.connected.wait(PATIENCE_S):
            seen.refusal = "inget svar"
    except OSError as error:
        seen.refusal = str(error)
    try:
        yield client, seen
    finally:
        client.disconnect()
        client.loop_stop()


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def reachable(make: Connect) -> Answer:
    """Whether the broker takes our account."""
    question = "Släpper mäklaren (MQTT) in oss?"
    with _probing(make, f"doctor-{uuid4().hex[:8]}", True) as (client, seen):
        host, port = client.user_data_get()
        if not seen.refusal:
            return Answer(question, Verdict.GOOD, f"{host}:{port}")
    return Answer(
        question, Verdict.BAD, f"{host}:{port}: {seen.refusal}", "Kontrollera ENERGIMONITOR_BROKER_* och mäklarens konton."
    )


def keeps_what_it_queues(make: Connect) -> list[Answer]:
    """Whether a persistent session survives an absence, and how many messages it holds meanwhile."""
    session_question = "Minns mäklaren vår session när vi är borta?"
    queue_question = f"Köar mäklaren {QUEUE_PROBE} meddelanden åt oss?"
    name, topic = f"doctor-{uuid4().hex[:8]}", f"{TOPIC}/{uuid4().hex[:8]}"
    with _probing(make, name, False) as (client, seen):
        if seen.refusal:
            return [
                Answer(session_question, Verdict.UNKNOWN, seen.refusal),
                Answer(queue_question, Verdict.UNKNOWN, seen.refusal),
            ]
        client.subscribe(topic, qos=1)
        if not seen.subscribed.wait(PATIENCE_S) or seen.granted[0] >= 128:
            why = f"prenumeration på {topic} nekas"
            advice = f"Ge kontot rätt att läsa och skriva {TOPIC}/# om frågan ska kunna besvaras."
            return [Answer(session_question, Verdict.UNKNOWN, why, advice), Answer(queue_question, Verdict.UNKNOWN, why, advice)]
    with _probing(make, f"{name}-p", True) as (client, seen):
        for number in range(QUEUE_PROBE):
            client.publish(topic, str(number).encode(), qos=1)
        _until(lambda: seen.acknowledged >= QUEUE_PROBE, PATIENCE_S)
    with _probing(make, name, False) as (client, seen):
        _until(lambda: len(seen.messages) >= QUEUE_PROBE, PATIENCE_S / 2)
        client.unsubscribe(topic)
        kept, present = len(seen.messages), seen.session_present
    with _probing(make, name, True):
        pass  # a clean start takes the probe's session away again
    return [
        Answer(session_question, Verdict.GOOD, "ja")
        if present
        else Answer(
            session_question, Verdict.BAD, "nej", "Mosquitto: persistence true och persistent_client_expiration länge nog."
        ),
        Answer(queue_question, Verdict.GOOD, f"{kept} av {QUEUE_PROBE} kom fram")
        if kept == QUEUE_PROBE
        else Answer(
            queue_question,
            Verdict.BAD if kept else Verdict.UNKNOWN,
            f"{kept} av {QUEUE_PROBE} kom fram",
            "Mosquitto: max_queued_messages 5000000 och max_queued_bytes 2147483648 (se den medföljande mosquitto.conf)."
            if kept
            else f"Får kontot skriva till {TOPIC}/#?",
        ),
    ]


def persistence(make: Connect) -> Answer:
    """Only a restart would show it, and we do not restart other people's brokers."""
    question = "Överlever kön att mäklaren startas om?"
    version = ""
    with _probing(make, f"doctor-{uuid4().hex[:8]}", True) as (client, seen):
        if not seen.refusal:
            versions: list[str] = []
            client.on_message = lambda _c, _d, message: versions.append(message.payload.decode(errors="replace"))
            client.subscribe("$SYS/broker/version")
            _until(lambda: bool(versions), 2)
            version = versions[0] if versions else ""
    seen_text = f"mäklaren säger sig vara {version}" if version else "mäklaren säger inte vad den är"
    return Answer(
        question,
        Verdict.UNKNOWN,
        seen_text,
        "Se efter i mäklarens inställningar: persistence true och autosave_interval 1 (eller persist-sqlite).",
    )


def quality_of_service(make: Connect, filters: Sequence[str], seconds: float = LISTEN_S) -> Answer:
    """Which QoS the meters publish with: QoS 0 is lost whenever a line is broken, whatever we do."""
    question = "Publicerar mätarna med QoS 1?"
    with _probing(make, f"doctor-{uuid4().hex[:8]}", True) as (client, seen):
        if seen.refusal:
            return Answer(question, Verdict.UNKNOWN, seen.refusal)
        client.subscribe([(topic, 2) for topic in filters])
        time.sleep(seconds)
        messages = list(seen.messages)
    if not messages:
        return Answer(question, Verdict.UNKNOWN, f"inga meddelanden på {seconds:.0f} s", "Kör igen när mätarna sänder.")
    lossy = Counter(next((item for item in filters if topic_matches(item, topic)), topic) for topic, qos in messages if qos == 0)
    if not lossy:
        return Answer(question, Verdict.GOOD, f"{len(messages)} meddelanden på {seconds:.0f} s, alla med QoS 1 eller 2")
    listed = ", ".join(f"{topic} ({count})" for topic, count in lossy.most_common(5))
    return Answer(question, Verdict.WATCH, f"QoS 0 på {listed}", "Ställ in dessa mätare på QoS 1: QoS 0 har ingen kvittens.")


def connector(options: SessionOptions) -> Connect:
    """Clients for the experiments, with the collector's account and never its client id."""

    def make(client_id: str, clean: bool) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=clean,
            protocol=mqtt.MQTTv311,
            userdata=(options.host, options.port),
        )
        if options.username is not None:
            client.username_pw_set(options.username, options.password)
        if options.tls:
            client.tls_set_context(tls_context(options))
        return client

    return make
