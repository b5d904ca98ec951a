"""Alerts as MQTT events.

<address>/handelser             the message as JSON, QoS 1, not retained
<address>/lage/<alert's number> one alert while it holds, retained; empty when it is over. A saving happened, and does not hold
"""

from typing import Protocol

import orjson

from config.domain.alerts import AlertKind, Receiver
from services.alerts.event import alert, event_json
from services.alerts.sending import items
from services.state.alerts import Message, Part

EVENTS, STANDING = "handelser", "lage"


class Voice(Protocol):
    """Publishes at QoS 1; filled by services.app. Publishing again repeats the message.

    Raises:
        DeliveryUnavailable: the broker has not said that it has it.
    """

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None: ...


class MqttSender:
    """Fills `Sender`."""

    def __init__(self, voice: Voice, board: str = "") -> None:
        self._voice = voice
        self._board = board

    def send(self, receiver: Receiver, message: Message) -> None:
        """How each alert stands first: who hears the event finds it so."""
        for item in items(message):
            if item.kind == AlertKind.SAVING:
                continue
            standing = b"" if item.part is Part.ENDED else orjson.dumps(alert(item, self._board), option=orjson.OPT_SORT_KEYS)
            self._voice.publish(f"{receiver.address}/{STANDING}/{item.alert}", standing, retain=True)
        self._voice.publish(f"{receiver.address}/{EVENTS}", event_json(message, self._board), retain=False)
