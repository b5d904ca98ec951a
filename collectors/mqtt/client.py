"""paho as protocol engine, with a reader that takes what the socket has instead of one byte at a time.

Stock paho reads a packet in three system calls and two selects, 20,000-30,000 messages a second. This subclass parses the
PUBLISH packets of a whole receive buffer in one pass and hands every other packet to paho. It leans on private names of one
paho version, so it is only used with that version; any other gets stock paho, slower and otherwise the same.
"""

import select
import time
from importlib.metadata import version
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

KNOWN_PAHO = "2.2.0"
RECEIVE_BYTES = 262_144
GATHER, GATHER_S = 1_000, 0.02  # stock paho brings a packet a call
TLS_READ_BYTES = 1_048_576  # an SSL receive gives one record, often one message: read on until it would block,
TLS_READ_S = 0.004  # but not for ever
PUBLISH = 0x30
TOPIC_ALIAS = 35

# topic, payload, packet id (0: nothing to acknowledge), flags: bits 0-1 QoS, bit 2 retained, bit 3 duplicate
Received = tuple[str, bytes, int, int]
RETAINED, DUPLICATE, QOS = 4, 8, 3


def batching_is_safe() -> bool:
    """Whether the installed paho is the one whose inside we know."""
    return version("paho-mqtt") == KNOWN_PAHO


class StockClient(mqtt.Client):
    """paho as it is; messages pile up in `batch` all the same.

    Attributes:
        batch: messages in order of arrival, not yet taken by the owner, who acknowledges them when they are safe.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, manual_ack=True, **options)
        self.batch: list[Received] = []
        self.on_message = self._one_message

    def _one_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        flags = message.qos | (RETAINED if message.retain else 0) | (DUPLICATE if message.dup else 0)
        self.batch.append((message.topic, bytes(message.payload), message.mid if message.qos else 0, flags))

    def gather(self) -> None:
        """Read on while there is something, for a moment: one commit for many messages."""
        until = time.monotonic() + GATHER_S
        while self._sock is not None and len(self.batch) < GATHER and time.monotonic() < until:
            if not select.select([self._sock], [], [], 0)[0]:
                return
            self.loop_read()

    def close_socket(self) -> None:
        """Let the connection go; paho's own `disconnect` leaves that to a loop that we no longer run."""
        self._sock_close()

    def acknowledge(self, messages: list[Received]) -> None:
        """PUBACK (or PUBCOMP) for each, in order of arrival [MQTT-4.6.0-2]."""
        for _topic, _payload, mid, flags in messages:
            if mid:
                self.ack(mid, flags & QOS)


class BatchClient(StockClient):
    """Parses a whole receive buffer at once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._rest = b""
        self._topics: dict[bytes, str] = {}
        self._aliases: dict[int, str] = {}

    def reconnect(self) -> MQTTErrorCode:
        self._rest = b""
        self._aliases.clear()
        return super().reconnect()

    def acknowledge(self, messages: list[Received]) -> None:
        acks = b"".join(
            b"\x40\x02" + mid.to_bytes(2, "big") for _topic, _payload, mid, flags in messages if mid and flags & QOS == 1
        )
        if acks:
            self._packet_queue(0x40, acks, 0, 0)
        for _topic, _payload, mid, flags in messages:
            if flags & QOS == 2:
                self.ack(mid, 2)

    def gather(self) -> None:
        """One read has already brought what the socket had."""

    def _receive(self) -> bytes:
        """What the socket has now; b"" when the other side closed it."""
        data = self._sock_recv(RECEIVE_BYTES)
        if not self._ssl or not data:
            return data
        parts, size, until = [data], len(data), time.monotonic() + TLS_READ_S
        while size < TLS_READ_BYTES and time.monotonic() < until:
            try:
                data = self._sock_recv(RECEIVE_BYTES)
            except BlockingIOError:
                break
            if not data:
                break  # what came before the end counts; the next read sees the end
            parts.append(data)
            size += len(data)
        return b"".join(parts)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:  # noqa: ARG002 - the whole buffer is taken
        if self._sock is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        try:
            data = self._receive()
        except BlockingIOError:
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except OSError:
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
        if not data:
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
        with self._msgtime_mutex:
            self._last_bytes_received = time.monotonic()
        rc = self._parse(self._rest + data if self._rest else data)
        return self._loop_rc_handle(rc) if rc > 0 else MQTTErrorCode.MQTT_ERR_SUCCESS

    def _parse(self, data: bytes) -> MQTTErrorCode:
        """Every whole packet in `data`; the beginning of the next one stays in `_rest`."""
        at, end = 0, len(data)
        append, topics, version5 = self.batch.append, self._topics, self._protocol == mqtt.MQTTv5
        while end - at >= 2:
            command, length, head = data[at], data[at + 1], at + 2
            if length & 0x80:
                length &= 0x7F
                shift = 7
                while True:
                    if head >= end:
                        self._rest = data[at:]
                        return MQTTErrorCode.MQTT_ERR_SUCCESS
                    byte = data[head]
                    head += 1
                    length |= (byte & 0x7F) << shift
                    shift += 7
                    if not byte & 0x80:
                        break
                    if shift > 21:
                        return MQTTErrorCode.MQTT_ERR_PROTOCOL
            stop = head + length
            if stop > end:
                break
            if command & 0xF0 == PUBLISH and command & 0x06 != 0x04:
                name_end = head + 2 + (data[head] << 8 | data[head + 1])
                name = data[head + 2 : name_end]
                topic = topics.get(name)
                if topic is None:
                    topic = self._topic(name)
                qos = command >> 1 & 1
                mid = 0
                body = name_end
                if qos:
                    mid = data[body] << 8 | data[body + 1]
                    body += 2
                if version5:
                    if data[body] == 0:
                        body += 1
                    else:
                        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho gives it no types
                        _, size = properties.unpack(data[body:stop])  # type: ignore[no-untyped-call]  # paho gives it no types
                        body += size
                        topic = self._aliased(topic, properties)
                append((topic, data[body:stop], mid, qos | (command & 1) << 2 | (command & 8)))
            else:
                rc = self._hand_to_paho(command, data[head:stop])
                if rc > 0:
                    return rc
            at = stop
        self._rest = data[at:]
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _topic(self, name: bytes) -> str:
        """The topic as text, each once: meters are bounded, so the table is, and it is emptied should they not be."""
        if len(self._topics) > 200_000:
            self._topics.clear()
        topic = name.decode("utf-8", "replace")  # a broker refuses broken UTF-8 in topics [MQTT-1.5.4-1]
        self._topics[name] = topic
        return topic

    def _aliased(self, topic: str, properties: Properties) -> str:
        """A topic alias stands for the topic it was sent with; we allow none, but a broker may not ask."""
        alias = getattr(properties, "TopicAlias", None)
        if alias is None:
            return topic
        if topic:
            self._aliases[alias] = topic
        return self._aliases.get(alias, topic)

    def _hand_to_paho(self, command: int, packet: bytes) -> MQTTErrorCode:
        self._in_packet = {
            "command": command,
            "have_remaining": 1,
            "remaining_count": [],
            "remaining_mult": 1,
            "remaining_length": len(packet),
            "packet": bytearray(packet),
            "to_process": 0,
            "pos": 0,
        }
        try:
            return self._packet_handle()
        finally:
            self._in_packet = {
                "command": 0,
                "have_remaining": 0,
                "remaining_count": [],
                "remaining_mult": 1,
                "remaining_length": 0,
                "packet": bytearray(b""),
                "to_process": 0,
                "pos": 0,
            }
