"""A QoS 1 publisher on a bare socket, faster than any client library: what it counts is what the broker acknowledged.

After a broken connection it goes on with the first message that was not acknowledged, as a meter with a memory does.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator

WINDOW = 1_500
BLOCK = 200


def connect_packet(client_id: str) -> bytes:
    """CONNECT, MQTT 3.1.1, clean session."""
    name = client_id.encode()
    body = b"\x00\x04MQTT\x04\x02\x00\x3c" + len(name).to_bytes(2, "big") + name
    return b"\x10" + _length(len(body)) + body


def _length(size: int) -> bytes:
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | 128 if size else low)
        if not size:
            return bytes(out)


def publish_packet(topic: bytes, payload: bytes, mid: int) -> bytes:
    """PUBLISH with QoS 1."""
    body = len(topic).to_bytes(2, "big") + topic + mid.to_bytes(2, "big") + payload
    return b"\x32" + _length(len(body)) + body


def publish(
    port: int,
    messages: Iterable[tuple[bytes, bytes]],
    *,
    rate: float | None = None,
    progress: Callable[[int], None] = lambda count: None,
    client_id: str = "meters",
    patience_s: float = 60.0,
) -> int:
    """Publish all messages and return how many were acknowledged: all of them.

    Args:
        rate: messages a second; None: as fast as the broker acknowledges.
    Raises:
        OSError: the broker stayed away for longer than `patience_s`.
    """
    source, waiting, count = iter(messages), list[tuple[bytes, bytes]](), 0
    begun = time.monotonic()
    last_success = begun
    while True:
        try:
            for done in _session(port, source, waiting, client_id, rate, begun, count):
                count, last_success = done, time.monotonic()
                progress(count)
        except OSError:
            if time.monotonic() - last_success > patience_s:
                raise
            time.sleep(0.1)
            continue
        return count


def _session(
    port: int,
    source: Iterator[tuple[bytes, bytes]],
    waiting: list[tuple[bytes, bytes]],
    client_id: str,
    rate: float | None,
    begun: float,
    count: int,
) -> Iterator[int]:
    """One connection; `waiting` holds what was sent and not acknowledged, oldest first, and survives it."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(connect_packet(client_id))
        answer = sock.recv(4)
        if answer[:1] != b"\x20" or answer[3] != 0:
            raise OSError(f"no CONNACK: {answer!r}")
        mid, rest, exhausted = 0, b"", False
        resend = list(waiting)
        waiting.clear()
        while True:
            room = WINDOW - len(waiting)
            if rate is not None:
                room = min(room, max(0, int((time.monotonic() - begun) * rate) - count - len(waiting)))
            block = []
            while len(block) < min(room, BLOCK):
                if resend:
                    message = resend.pop(0)
                else:
                    found = next(source, None)
                    if found is None:
                        exhausted = True
                        break
                    message = found
                mid = mid % 65_535 + 1
                waiting.append(message)
                block.append(publish_packet(*message, mid))
            if block:
                sock.sendall(b"".join(block))
            if exhausted and not waiting:
                sock.sendall(b"\xe0\x00")
                return
            if not waiting:
                time.sleep(0.002)
                continue
            data = rest + sock.recv(65_536)
            if len(data) == len(rest):
                raise OSError("the broker hung up")
            acknowledged, left = divmod(len(data), 4)
            rest = data[acknowledged * 4 :] if left else b""
            del waiting[:acknowledged]
            count += acknowledged
            yield count
