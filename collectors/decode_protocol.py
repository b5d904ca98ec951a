"""The line protocol of `energimonitor decode`: one JSON object a message in, one JSON object an answer out.

In: {"family": group or family, "topic": text or null, "payload": text | "payload_hex": hex, "received": ISO time}.
Out: {"readings": [{"device", "quantity", "channel", "value", "unit", "time", "kind"}], "rejected": reason or null}.
Whatever a line holds, it gets one answer.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from collectors.decoding import Decoder
from collectors.fields import iso_time
from collectors.groups import by_group, decode_in_group
from collectors.messages import Observation, RawMessage
from collectors.remembered import Remembered
from config.errors import MessageError, Undecodable

UNKNOWN_RECEIPT = datetime(2000, 1, 1, tzinfo=UTC)  # no decoder reads the receipt; a line may leave it out


class DecodeProtocol:
    """Answers lines in order, remembering per group what later messages need."""

    def __init__(self, decoders: Iterable[Decoder]) -> None:
        self._groups = by_group(decoders)
        self._remembered = {name: Remembered(members) for name, members in self._groups.items()}

    def answers(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """One answer a line, each without a line break."""
        for line in lines:
            yield self.answer(line)

    def answer(self, line: bytes) -> bytes:
        """The answer to one line."""
        try:
            readings = [_reading(observation) for observation in self._observations(line)]
        except MessageError as error:
            return orjson.dumps({"readings": [], "rejected": str(error) or type(error).__name__})
        return orjson.dumps({"readings": readings, "rejected": None})

    def _observations(self, line: bytes) -> list[Observation]:
        request = _request(line)
        family = request.get("family")
        decoders = self._groups.get(family) if isinstance(family, str) else None
        if decoders is None:
            raise Undecodable(f"family: {family!r} is unknown; known are {', '.join(sorted(self._groups))}")
        message = _message(request)
        memory = self._remembered[str(family)]
        recalled = False

        def recall(topic: str) -> RawMessage | None:
            nonlocal recalled
            recalled = True
            return memory.recall(topic)

        try:
            return decode_in_group(decoders, message, recall)
        finally:
            # without a topic a birth and the data that need it look alike: what had to ask is not what others ask for
            if message.topic or not recalled:
                memory.observe(message)


def _request(line: bytes) -> dict[str, Any]:
    try:
        request = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"the line is no JSON: {error}") from error
    if not isinstance(request, dict):
        raise Undecodable("the line is no JSON object")
    return request


def _message(request: dict[str, Any]) -> RawMessage:
    topic, text, digits = request.get("topic"), request.get("payload"), request.get("payload_hex")
    if isinstance(digits, str):
        try:
            payload = bytes.fromhex(digits)
        except ValueError as error:
            raise Undecodable(f"payload_hex: {error}") from error
    elif isinstance(text, str):
        payload = text.encode()
    else:
        raise Undecodable("payload or payload_hex: a text was expected")
    received = iso_time(request.get("received"))
    if received is None or received.tzinfo is None:
        received = UNKNOWN_RECEIPT
    return RawMessage(topic=topic if isinstance(topic, str) else "", payload=payload, received=received)


def _reading(observation: Observation) -> dict[str, Any]:
    time = observation.time
    return {
        "device": observation.device,
        "quantity": observation.quantity,
        "channel": observation.channel,
        "value": observation.value,
        "unit": observation.unit,
        "time": None if time is None else time.isoformat().replace("+00:00", "Z"),
        "kind": observation.accumulation.value,
    }
