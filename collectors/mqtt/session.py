"""The session with the broker: receive, journal, acknowledge in order. It never waits for the store.

One thread runs the network and the journal in turn: what one read of the socket brought is committed as one group and then
acknowledged, so a fast sender makes large groups by itself, memory is bounded by one read, and no acknowledgement can belong to
an earlier connection: a batch that outlives its connection is thrown away, and the broker sends it again.
"""

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from collectors.journal import JournalWriter
from collectors.mqtt.client import BatchClient, Received, StockClient, batching_is_safe
from config.domain.clock import Clock
from config.errors import ConfigurationError, JournalFull

log = logging.getLogger(__name__)

DROPPED = "$SYS/broker/publish/messages/dropped"  # Mosquitto's count of messages that a full queue cost
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
CONNECT_S = 15.0
POLL_S = 0.2
RECEIVE_MAXIMUM = 2_000
SUBSCRIPTION_REFUSED = 128


class Protocol(StrEnum):
    AUTO = "auto"  # 5, and 3.1.1 where the broker does not have it
    V5 = "5"
    V311 = "3.1.1"


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """Where the broker is and who we are there. The broker keeps our queue under `client_id`: it must never change."""

    host: str
    port: int
    client_id: str
    topics: tuple[str, ...]
    protocol: Protocol = Protocol.AUTO
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    keepalive_s: int = 30
    session_expiry_s: int = 2_592_000
    batched: bool = True  # False: stock paho, which any paho version gives


@dataclass(slots=True)
class SessionFigures:
    """What the session has seen since it started. Written by its thread only."""

    received: int = 0
    journalled: int = 0
    acknowledged: int = 0
    commits: int = 0
    connects: int = 0
    sessions_lost: int = 0
    thrown_away: int = 0  # batches whose connection ended before they were acknowledged: the broker sends them again
    dropped_by_broker: int | None = None
    connected: bool = False
    protocol: str = ""
    trouble: str = ""
    last_received: datetime | None = None


class Session:
    """Runs in one thread from `run` until the stop event.

    Raises (from `run`):
        ConfigurationError: the broker refuses our account, or a subscription: a person must act, waiting does not help.
    """

    def __init__(self, options: SessionOptions, journal: JournalWriter, clock: Clock) -> None:
        self._options = options
        self._journal = journal
        self._clock = clock
        self._version5 = options.protocol is not Protocol.V311
        self._ever_connected = False
        self.figures = SessionFigures()
        self.subscribed = threading.Event()  # once set, the broker keeps for us what is published
        if options.batched and not batching_is_safe():
            log.warning("this paho version is unknown: messages are read one at a time, slower and just as safely")

    def run(self, stop: threading.Event) -> None:
        """Receive until `stop`; lost connections are made again, with growing, jittered pauses."""
        wait = FIRST_WAIT_S
        while not stop.is_set():
            client = self._client()
            connected = _Connected()
            try:
                ended = self._receive(client, connected, stop)
            finally:
                self._end(client)
            if self.figures.received and connected.ready:
                wait = FIRST_WAIT_S
            if ended is not None and not stop.is_set():
                self.figures.trouble = ended
                log.warning("the connection to the broker ended: %s; trying again", ended)
                stop.wait(wait * random.uniform(0.5, 1.0))  # noqa: S311 - so that receivers do not return all at once
                wait = min(LONGEST_WAIT_S, wait * 2)

    def _receive(self, client: StockClient, connected: "_Connected", stop: threading.Event) -> str | None:
        """One connection from beginning to end; why it ended, None after `stop`."""
        problem = self._connect(client, connected, stop)
        if problem is not None:
            return problem
        self._subscribe(client, connected, stop)
        while not stop.is_set():
            result = client.loop(POLL_S)
            if client.batch:
                client.gather()
                problem = self._keep(client, stop)
                if problem is not None:
                    return problem
            if result is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                return mqtt.error_string(result)
        return None

    def _keep(self, client: StockClient, stop: threading.Event) -> str | None:
        """Journal what was read, then acknowledge it. A full journal ends the connection: the broker holds the messages."""
        batch = self._without_system_topics(client.batch)
        client.batch = []
        if not batch:
            return None
        now = self._clock.now()
        self.figures.received += len(batch)
        try:
            self._journal.append(now, [(topic, payload, flags) for topic, payload, _mid, flags in batch])
        except JournalFull as error:
            self.figures.thrown_away += len(batch)
            self._wait_for_room(str(error), stop)
            return str(error)
        self.figures.journalled += len(batch)
        self.figures.commits += 1
        self.figures.last_received = now
        if client.is_connected():
            client.acknowledge(batch)
            self.figures.acknowledged += len(batch)
        return None

    def _wait_for_room(self, words: str, stop: threading.Event) -> None:
        """Say so until the journal takes an empty batch again; nothing is read meanwhile."""
        self.figures.trouble, self.figures.connected = words, False
        log.error("%s; nothing is acknowledged meanwhile, the broker keeps the messages", words)
        while not stop.wait(1.0):
            try:
                self._journal.append(self._clock.now(), [])
            except JournalFull as error:
                self.figures.trouble = str(error)
            else:
                return

    def _without_system_topics(self, batch: list[Received]) -> list[Received]:
        if not any(topic == DROPPED for topic, *_ in batch):
            return batch
        for topic, payload, _mid, _flags in batch:
            if topic == DROPPED and payload.isdigit():
                dropped = int(payload)
                if self.figures.dropped_by_broker is not None and dropped > self.figures.dropped_by_broker:
                    log.error(
                        "the broker dropped %d messages: its queues are too small", dropped - self.figures.dropped_by_broker
                    )
                self.figures.dropped_by_broker = dropped
        return [message for message in batch if message[0] != DROPPED]

    def _client(self) -> StockClient:
        options = self._options
        protocol = mqtt.MQTTv5 if self._version5 else mqtt.MQTTv311
        arguments: dict[str, Any] = {"client_id": options.client_id, "protocol": protocol, "reconnect_on_failure": False}
        if not self._version5:
            arguments["clean_session"] = False
        client = BatchClient(**arguments) if options.batched and batching_is_safe() else StockClient(**arguments)
        client.connect_timeout = CONNECT_S
        if options.username is not None:
            client.username_pw_set(options.username, options.password)
        if options.tls:
            client.tls_set_context(tls_context(options))
        return client

    def _connect(self, client: StockClient, connected: "_Connected", stop: threading.Event) -> str | None:
        options = self._options
        client.on_connect = connected.on_connect
        client.on_subscribe = connected.on_subscribe
        client.on_disconnect = connected.on_disconnect
        try:
            if self._version5:
                properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho gives it no types
                properties.SessionExpiryInterval = options.session_expiry_s
                properties.ReceiveMaximum = RECEIVE_MAXIMUM
                client.connect(options.host, options.port, options.keepalive_s, clean_start=False, properties=properties)
            else:
                client.connect(options.host, options.port, options.keepalive_s)
        except (OSError, ssl.SSLError) as error:
            return f"{options.host}:{options.port}: {error}"
        _loop_until(client, lambda: connected.answered or bool(connected.ended), CONNECT_S, stop)
        if not connected.answered:
            return self._other_protocol() or f"{options.host}:{options.port}: {connected.ended or 'no answer to CONNECT'}"
        if connected.refusal:
            return self._refused(connected)
        self._note_session(connected.session_present)
        return None

    def _other_protocol(self) -> str | None:
        """A broker without MQTT 5 hangs up or says so: once, before the first success, try 3.1.1."""
        if self._options.protocol is Protocol.AUTO and self._version5 and not self._ever_connected:
            self._version5 = False
            return "the broker does not speak MQTT 5; trying 3.1.1"
        return None

    def _refused(self, connected: "_Connected") -> str:
        if connected.refusal_is_about_protocol:
            return self._other_protocol() or f"the broker refuses MQTT {self._options.protocol}: {connected.refusal}"
        if connected.refusal_is_final and not self._ever_connected:
            raise ConfigurationError(
                f"the broker {self._options.host}:{self._options.port} refuses us: {connected.refusal}; "
                "correct ENERGIMONITOR_BROKER_USERNAME and ENERGIMONITOR_BROKER_PASSWORD_FILE, or the broker's accounts"
            )
        return f"refused: {connected.refusal}"

    def _note_session(self, present: bool) -> None:
        figures = self.figures
        figures.connects += 1
        figures.connected, figures.trouble = True, ""
        figures.protocol = "5" if self._version5 else "3.1.1"
        if self._ever_connected and not present:
            figures.sessions_lost += 1
            log.error("the broker has forgotten our session: messages sent since we were last connected may be lost")
        self._ever_connected = True

    def _subscribe(self, client: StockClient, connected: "_Connected", stop: threading.Event) -> None:
        topics = self._options.topics
        if self._version5:
            # retained messages only for a new subscription: each reconnect would bring all of them again
            options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
            client.subscribe([(topic, options) for topic in topics])
        else:
            client.subscribe([(topic, 1) for topic in topics])
        _loop_until(client, lambda: connected.granted is not None or bool(connected.ended), CONNECT_S, stop)
        refused = [
            topic for topic, granted in zip(topics, connected.granted or (), strict=False) if granted >= SUBSCRIPTION_REFUSED
        ]
        if refused:
            raise ConfigurationError(
                f"the broker refuses the subscription to {', '.join(refused)}; let the account "
                f"{self._options.username or '(none)'} read them, or take them out of sources.yaml"
            )
        lower = [topic for topic, granted in zip(topics, connected.granted or (), strict=False) if granted == 0]
        if lower:
            log.error("the broker grants QoS 0 only for %s: messages are lost whenever we are away", ", ".join(lower))
        connected.ready = connected.granted is not None
        if connected.ready:
            self.subscribed.set()
        connected.granted = None
        client.subscribe(DROPPED, qos=0)  # best effort: not every broker shows it, and refusing it costs nothing

    def _end(self, client: StockClient) -> None:
        """Say goodbye where there is someone to say it to; the session stays."""
        self.figures.connected = False
        client.on_disconnect = None
        client.batch = []
        client.disconnect()
        client.close_socket()


@dataclass(slots=True)
class _Connected:
    """What the broker answered on one connection."""

    answered: bool = False
    refusal: str = ""
    refusal_is_about_protocol: bool = False
    refusal_is_final: bool = False
    session_present: bool = False
    granted: Sequence[int] | None = None
    ended: str = ""
    ready: bool = False

    def on_connect(self, _client: mqtt.Client, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        self.answered = True
        if reason.is_failure:
            self.refusal = str(reason)
            self.refusal_is_about_protocol = reason.value in (1, 132)  # unsupported protocol version, 3.1.1 and 5
            self.refusal_is_final = reason.value in (133, 134, 135, 138, 140)  # id, password, rights, banned, method
        self.session_present = bool(flags.session_present)

    def on_subscribe(self, _client: mqtt.Client, _data: Any, _mid: int, reasons: Sequence[Any], _properties: Any) -> None:
        if self.granted is None and not self.ready:
            self.granted = [reason.value for reason in reasons]

    def on_disconnect(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.ended = str(reason)


def _loop_until(client: StockClient, condition: Callable[[], bool], seconds: float, stop: threading.Event) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and not stop.is_set() and time.monotonic() < deadline:
        if client.loop(POLL_S) is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            return


def tls_context(options: SessionOptions) -> ssl.SSLContext:
    """TLS 1.2 or newer, the host's name checked, our certificate where we have one.

    Raises:
        ConfigurationError: a file is missing or not what it should be.
    """
    try:
        context = ssl.create_default_context(cafile=None if options.ca_file is None else str(options.ca_file))
        if options.certificate is not None:
            context.load_cert_chain(options.certificate, options.key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"TLS to the broker: {error}; look at ENERGIMONITOR_BROKER_CA_FILE, _CERTIFICATE and _KEY"
        ) from error
    return context
