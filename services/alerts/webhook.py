"""Alerts as JSON over HTTP, signed.

X-Energimonitor-Timestamp: seconds since 1970, when it was sent
X-Energimonitor-Signature: sha256=HMAC-SHA256(key, timestamp + "." + body), hexadecimal; only where the receiver has a key
Idempotency-Key: the message's id, the same whenever it is sent again
"""

import hashlib
import hmac
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import urllib3

from config.domain.alerts import Receiver
from config.domain.clock import Clock
from config.errors import DeliveryError, DeliveryUnavailable
from services.alerts.event import event_json
from services.state.alerts import Message

TIMEOUT_S = 10.0
LONGEST_WORDS = 200
LATER_S = 3_600.0
# what a person there, or we, must mend first, but not by changing the message: sent again, seldom
_LET_IN = frozenset({401, 403, 404, 405, 407})
_NOT_NOW = frozenset({408, 425, 429})


class WebhookSender:
    """Fills `Sender`. Follows no redirects: a signed message goes where the settings say, or nowhere."""

    def __init__(self, clock: Clock, board: str = "", timeout_s: float = TIMEOUT_S, ca_file: Path | None = None) -> None:
        self._clock = clock
        self._board = board
        timeout = urllib3.Timeout(connect=timeout_s, read=timeout_s)
        self._pool = urllib3.PoolManager(
            retries=False, timeout=timeout, ca_certs=None if ca_file is None else str(ca_file), cert_reqs="CERT_REQUIRED"
        )

    def send(self, receiver: Receiver, message: Message) -> None:
        """POST it."""
        body = event_json(message, self._board)
        sent = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "energimonitor",
            "Idempotency-Key": message.id,
            "X-Energimonitor-Timestamp": sent,
        }
        if receiver.secret_file is not None:
            headers["X-Energimonitor-Signature"] = f"sha256={signature(_key(receiver, receiver.secret_file), sent, body)}"
        try:
            answer = self._pool.request(
                "POST", receiver.address, body=body, headers=headers, redirect=False, preload_content=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise DeliveryUnavailable(
                f"{receiver.id}: {error}; sent again by itself", sv=f"{receiver.id}: {error}; sänds igen av sig självt"
            ) from error
        try:
            self._judge(receiver, answer)
        finally:
            answer.release_conn()

    def _judge(self, receiver: Receiver, answer: urllib3.BaseHTTPResponse) -> None:
        if 200 <= answer.status < 300:
            answer.close()  # what it says besides is nothing to us
            return
        words = _words(answer)
        said = f"{receiver.id}: {answer.status} {words}".rstrip()
        if 300 <= answer.status < 400:
            raise DeliveryError(
                f"{said}; redirects are not followed, give the address that it leads to",
                f"{said}; omdirigeringar följs inte, ange adressen den leder till",
            )
        if answer.status in _LET_IN:
            raise DeliveryUnavailable(f"{said}; mend address or key", LATER_S, f"{said}; rätta adress eller nyckel")
        if answer.status in _NOT_NOW or answer.status >= 500:
            raise DeliveryUnavailable(f"{said}; sent again by itself", self._wait(answer), f"{said}; sänds igen av sig självt")
        raise DeliveryError(f"{said}; the receiver does not take it", f"{said}; mottagaren tar inte emot det")

    def _wait(self, answer: urllib3.BaseHTTPResponse) -> float | None:
        """Retry-After: seconds, or an instant."""
        given = answer.headers.get("Retry-After", "")
        if given.strip().isdecimal():
            return float(given)
        try:
            until: datetime = parsedate_to_datetime(given)
        except ValueError:
            return None
        until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
        return max(0.0, (until - self._clock.now()).total_seconds())


def signature(key: bytes, sent: str, body: bytes) -> str:
    """What the receiver works out too; hexadecimal."""
    return hmac.new(key, sent.encode() + b"." + body, hashlib.sha256).hexdigest()


def _key(receiver: Receiver, file: Path) -> bytes:
    """Read each time: a key may be exchanged while we run."""
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise _no_key(receiver, file, error.strerror or str(error)) from error
    if not key:
        raise _no_key(receiver, file, "empty")
    return key


def _no_key(receiver: Receiver, file: Path, words: str) -> DeliveryUnavailable:
    return DeliveryUnavailable(
        f"{receiver.id}: no key in {file}: {words}", LATER_S, f"{receiver.id}: ingen nyckel i {file}: {words}"
    )


def _words(answer: urllib3.BaseHTTPResponse) -> str:
    """The beginning of what it says, on one line."""
    try:
        said = answer.read(LONGEST_WORDS, decode_content=False)
    except urllib3.exceptions.HTTPError:
        return ""
    finally:
        answer.close()
    return " ".join(said.decode("utf-8", "replace").split())
