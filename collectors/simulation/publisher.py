"""Publishes the simulated meters over MQTT: live, and their history beside it, as fast as the broker takes it or sped up."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from collectors.simulation.faults import Fault, states
from collectors.simulation.meters import SimulatedMeter
from config.domain.clock import Clock
from config.errors import ConfigurationError

log = logging.getLogger(__name__)

UNACKNOWLEDGED = 500  # so many messages may wait for the broker's word before the simulation waits too
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How simulated time runs.

    Attributes:
        history: how far before now it begins.
        history_step: between two messages of a meter while it catches up.
        live_step: the same once it has caught up.
        speed: simulated seconds a second while it catches up; None: as fast as the broker takes them.
    """

    history: timedelta = timedelta(0)
    history_step: timedelta = timedelta(hours=1)
    live_step: timedelta = timedelta(seconds=10)
    speed: float | None = None


class Publisher:
    """A QoS 1 client that never has more than `UNACKNOWLEDGED` messages under way."""

    def __init__(self, host: str, port: int, username: str | None, password: str | None, client_id: str = "simulation") -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311)
        if username is not None:
            self._client.username_pw_set(username, password)
        self._client.on_publish = self._published
        self._client.on_connect = self._connected
        self._free = threading.Semaphore(UNACKNOWLEDGED)
        self._online = threading.Event()
        self._refusal = ""
        self._address = (host, port)

    def _published(self, *_arguments: Any) -> None:
        self._free.release()

    def _connected(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._refusal = str(reason)
        self._online.set()

    def __enter__(self) -> "Publisher":
        host, port = self._address
        try:
            self._client.connect(host, port)
        except OSError as error:
            raise ConfigurationError(f"the simulation cannot reach the broker {host}:{port}: {error}") from error
        self._client.loop_start()
        if not self._online.wait(PATIENCE_S) or self._refusal:
            self.__exit__()
            raise ConfigurationError(f"the broker {host}:{port} refused the simulation: {self._refusal or 'no answer'}")
        return self

    def __exit__(self, *_arguments: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes) -> None:
        """Hand one message over; waits while the broker is behind."""
        while not self._free.acquire(timeout=PATIENCE_S):
            log.warning("the broker has not acknowledged anything for a minute", extra={"address": self._address})
        self._client.publish(topic, payload, qos=1)

    def drain(self) -> None:
        """Return when everything published is acknowledged."""
        for _ in range(UNACKNOWLEDGED):
            self._free.acquire()
        for _ in range(UNACKNOWLEDGED):
            self._free.release()


def publish_states(
    meters: Sequence[SimulatedMeter], faults: Sequence[Fault], at: datetime, live: bool, publish: Callable[[str, bytes], None]
) -> int:
    """Everything that the meters send at `at`; returns how many messages. Shapes without a time of their own send live only."""
    sent = 0
    by_meter = {fault.meter: fault for fault in faults}
    for meter in meters:
        if not (live or meter.shape.timed):
            continue
        fault = by_meter.get(meter.id)
        for state in [meter.state(at)] if fault is None else states(fault, meter.state, at):
            for topic, payload in meter.shape.messages(state):
                publish(topic, payload)
                sent += 1
    return sent


Progress = Callable[[datetime, int], None]  # the simulated instant, and the number of messages so far


def publish_history(
    meters: Sequence[SimulatedMeter],
    faults: Sequence[Fault],
    pace: Pace,
    publish: Callable[[str, bytes], None],
    clock: Clock,
    stop: threading.Event,
    progress: Progress,
) -> None:
    """Everything from the beginning of the history to now, then nothing more."""
    begun = clock.now()
    at = (begun - pace.history).replace(minute=0, second=0, microsecond=0)
    origin, sent = at, 0
    while not stop.is_set() and at <= clock.now():
        sent += publish_states(meters, faults, at, False, publish)
        progress(at, sent)
        at += pace.history_step
        if pace.speed is not None:
            due = begun + (at - origin) / pace.speed
            stop.wait(max(0.0, (due - clock.now()).total_seconds()))


def publish_live(
    meters: Sequence[SimulatedMeter],
    faults: Sequence[Fault],
    pace: Pace,
    publish: Callable[[str, bytes], None],
    clock: Clock,
    stop: threading.Event,
) -> None:
    """What the meters show now, every `pace.live_step`, until `stop`."""
    while not stop.is_set():
        at = clock.now()
        publish_states(meters, faults, at, True, publish)
        stop.wait(max(0.0, (at + pace.live_step - clock.now()).total_seconds()))
