"""Alerts over a real Mosquitto: events, how alerts stand, and by which sign others see that we are gone."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from collectors.mqtt.session import SessionOptions
from config.domain.alerts import AlertKind, Channel, Receiver
from config.errors import DeliveryUnavailable
from config.loading import load_municipality
from config.settings import Settings
from services.alerts.broker import MqttSender
from services.app import alerts
from services.app.voice import STATUS, BrokerVoice
from tests.servers import Mosquitto, free_port
from tests.services.alerts.scene import HOUR, MINUTE, condition, receiver, scene

pytestmark = pytest.mark.mosquitto
BORLANGE = Path(__file__).parents[3] / "config" / "borlange"
HERE = Receiver("buss", Channel.MQTT, "energimonitor/larm")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


def options(port: int) -> SessionOptions:
    return SessionOptions("127.0.0.1", port, "test", ())


class Listener:
    """Keeps what it hears from its making on: until it has subscribed, what is said comes to it only as retained."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, bytes, bool]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self._client.on_message = lambda _client, _data, message: self.heard.append(
            (message.topic, message.payload, message.retain)
        )
        subscribed = threading.Event()
        self._client.on_connect = lambda client, *_: client.subscribe("energimonitor/#", 1)
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert subscribed.wait(20), "the broker did not take the subscription"

    def until(self, seen: Callable[[list[tuple[str, bytes, bool]]], bool]) -> list[tuple[str, bytes, bool]]:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not seen(self.heard):
            time.sleep(0.02)
        assert seen(self.heard), self.heard
        return self.heard

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def listener(broker: Mosquitto) -> Iterator[Listener]:
    made = Listener(broker.port)
    yield made
    made.close()


@pytest.fixture
def voice(broker: Mosquitto, listener: Listener) -> Iterator[BrokerVoice]:
    """Speaks when the listener has subscribed."""
    made, stop = BrokerVoice(options(broker.port), "voice-alerts"), threading.Event()
    thread = threading.Thread(target=made.run, args=(stop,))
    thread.start()
    yield made
    stop.set()
    thread.join()


def test_an_alert_stands_until_it_is_over_and_each_message_is_an_event(
    broker: Mosquitto, voice: BrokerVoice, listener: Listener, tmp_path: Path
) -> None:
    """Who connects later finds what holds, and nothing of what is over."""
    told = scene(tmp_path, receiver(every=0 * MINUTE))
    told.run(MINUTE, condition("a"), condition("b"))
    told.run(HOUR, condition("a"))
    sender = MqttSender(voice, "https://energi.example.se")
    for _, message in told.outbox.sent:
        sender.send(HERE, message)
    heard = listener.until(lambda seen: sum(topic.endswith("/handelser") for topic, _, _ in seen) == 2)
    events = [orjson.loads(payload) for topic, payload, _ in heard if topic.endswith("/handelser")]
    later = Listener(broker.port)
    standing = later.until(lambda seen: any("/lage/" in topic for topic, _, _ in seen))
    later.close()

    assert [[alert["part"] for alert in event["alerts"]] for event in events] == [["begun", "begun"], ["ended"]]
    assert [topic for topic, _, retained in standing if retained and "/lage/" in topic] == ["energimonitor/larm/lage/1"]


def test_what_ends_without_a_word_stands_no_more_and_a_saving_never_stood(
    broker: Mosquitto, voice: BrokerVoice, listener: Listener, tmp_path: Path
) -> None:
    """A verified saving ends its deviation in silence: who connects later must not find it among what holds."""
    saved = condition("saving:1:2026-11-24", kind=AlertKind.SAVING, momentary=True)
    told = scene(tmp_path, HERE)
    told.run(MINUTE, condition("a"), condition("b"))
    told.source.words = None
    told.run(HOUR, condition("a"), saved)
    for _, message in told.outbox.sent:
        MqttSender(voice).send(HERE, message)
    heard = listener.until(lambda seen: sum(topic.endswith("/handelser") for topic, _, _ in seen) == 2)
    later = Listener(broker.port)
    standing = later.until(lambda seen: any("/lage/" in topic for topic, _, _ in seen))
    later.close()

    kinds = [
        (alert["kind"], alert["part"])
        for topic, payload, _ in heard
        if topic.endswith("/handelser")
        for alert in orjson.loads(payload)["alerts"]
    ]
    assert kinds == [("deviation", "begun"), ("deviation", "begun"), ("saving", "begun"), ("deviation", "ended")]
    assert [topic for topic, _, retained in standing if retained and "/lage/" in topic] == ["energimonitor/larm/lage/1"]


def test_a_voice_that_is_killed_is_offline_by_its_last_will(broker: Mosquitto, listener: Listener) -> None:
    """Its process cannot say so any more."""
    dying = BrokerVoice(options(broker.port), "dying")
    thread = threading.Thread(target=dying.run, args=(threading.Event(),), daemon=True)
    thread.start()
    listener.until(lambda seen: (STATUS, b"online", False) in seen)
    sock = dying._client.socket()
    assert sock is not None
    dying._client.reconnect_delay_set(60, 60)
    sock.close()

    assert listener.until(lambda seen: (STATUS, b"offline", False) in seen)


def test_a_voice_that_ends_says_so(broker: Mosquitto, listener: Listener) -> None:
    """A last will is for those who are killed."""
    stop = threading.Event()
    ending = BrokerVoice(options(broker.port), "ending")
    thread = threading.Thread(target=ending.run, args=(stop,))
    thread.start()
    listener.until(lambda seen: (STATUS, b"online", False) in seen)
    stop.set()
    thread.join()

    assert listener.until(lambda seen: (STATUS, b"offline", False) in seen)


def test_a_trial_leaves_the_service_that_runs_alone(
    broker: Mosquitto, voice: BrokerVoice, listener: Listener, tmp_path: Path
) -> None:
    """By the service's own client id the broker would hang up on it, and tell everybody that it is gone."""
    town = replace(load_municipality(BORLANGE), receivers=(HERE,))
    listener.until(lambda seen: (STATUS, b"online", False) in seen)
    trying, stop = alerts.voice(Settings(broker_client_id="voice"), town, options(broker.port), on_trial=True), threading.Event()
    assert trying is not None
    thread = threading.Thread(target=trying.run, args=(stop,))
    thread.start()
    trying.publish("energimonitor/larm/handelser", b"prov", retain=False)
    stop.set()
    thread.join()
    voice.publish("energimonitor/larm/handelser", b"efter", retain=False)
    heard = listener.until(lambda seen: any(payload == b"efter" for _, payload, _ in seen))

    assert [payload for _, payload, _ in heard] == [b"online", b"prov", b"efter"]


def test_what_the_broker_has_not_acknowledged_is_sent_again_later(tmp_path: Path) -> None:
    """A broker that is away takes nothing, and the message stays."""
    told = scene(tmp_path)
    told.run(MINUTE, condition())
    silent = BrokerVoice(options(free_port()), "silent", patience_s=0.2)

    with pytest.raises(DeliveryUnavailable, match="not connected"):
        MqttSender(silent).send(HERE, told.outbox.sent[0][1])
