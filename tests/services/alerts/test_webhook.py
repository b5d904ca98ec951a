"""Webhooks on the loopback: what is sent, how it is signed, and what each answer means."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import orjson
import pytest

from config.domain.alerts import Channel, Receiver
from config.errors import DeliveryError, DeliveryUnavailable
from services.alerts.watcher import Watcher
from services.alerts.webhook import WebhookSender
from services.state.alerts import Message
from tests.services.alerts.scene import MINUTE, NOON, condition, scene
from tests.services.jobs.world import FixedClock


class Hook:
    """A server that keeps what it hears and answers as it is told."""

    def __init__(self) -> None:
        hook = self
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.wait = threading.Event()
        self.wait.set()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                hook.heard.append((f"{self.command} {self.path}", dict(self.headers), body))
                hook.wait.wait(10)
                self.send_response(hook.status)
                for name, value in hook.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"ord\r\noch rad")

            do_GET = do_POST  # noqa: N815 - http.server's name

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/larm"


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.wait.set()
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def message(tmp_path: Path) -> Message:
    """One deviation, written by the job itself."""
    told = scene(tmp_path)
    told.run(MINUTE, condition(sek=1234.0, link="/avvikelse/1"))
    return told.outbox.sent[0][1]


def to(hook: Hook, secret: Path | None = None) -> Receiver:
    return Receiver("system", Channel.WEBHOOK, hook.address, secret_file=secret)


def webhook(timeout_s: float = 5.0) -> WebhookSender:
    return WebhookSender(FixedClock(NOON), "https://energi.example.se/", timeout_s)


def test_the_body_is_signed_with_the_time_and_carries_the_id(hook: Hook, message: Message, tmp_path: Path) -> None:
    """Worked out here as docs/alerts.md tells a receiver to."""
    (tmp_path / "key").write_text("hemligt\n")
    webhook().send(to(hook, tmp_path / "key"), message)
    _, headers, body = hook.heard[0]
    expected = hmac.new(b"hemligt", f"{int(NOON.timestamp())}.".encode() + body, hashlib.sha256).hexdigest()
    told = orjson.loads(body)

    assert headers["X-Energimonitor-Signature"] == f"sha256={expected}"
    assert headers["X-Energimonitor-Timestamp"] == str(int(NOON.timestamp()))
    assert headers["Idempotency-Key"] == told["id"] == message.id
    assert told["alerts"][0] | {"since": ""} == {
        "alert": 1, "part": "begun", "kind": "deviation", "urgent": False, "since": "", "sek": 1234.0,
        "title": {"sv": "Rubrik deviation:1:1", "en": "Title deviation:1:1"}, "sentence": {"sv": "Mening.", "en": "Sentence."},
        "action": {"sv": "", "en": ""}, "over": {"sv": "", "en": ""}, "building": "skola", "place": "Skolan",
        "owner": "skolnamnden", "link": "https://energi.example.se/avvikelse/1",
    }  # fmt: skip


def test_a_repeat_has_the_same_body(hook: Hook, message: Message) -> None:
    """So that its id can be believed."""
    for _ in range(2):
        webhook().send(to(hook), message)

    assert hook.heard[0][2] == hook.heard[1][2]


@pytest.mark.parametrize(
    ("status", "headers", "retry_after"),
    [
        (500, {}, None),
        (503, {"Retry-After": "120"}, 120.0),
        (429, {"Retry-After": "Tue, 24 Nov 2026 11:05:00 GMT"}, 300.0),
        (429, {"Retry-After": "soon"}, None),
        (408, {}, None),
        (401, {}, 3600.0),
        (404, {}, 3600.0),
    ],
)
def test_what_may_pass_is_sent_again(
    status: int, headers: dict[str, str], retry_after: float | None, hook: Hook, message: Message
) -> None:
    """Not before the server says, where it says."""
    hook.status, hook.headers = status, headers
    with pytest.raises(DeliveryUnavailable, match=f"{status} ord och rad") as error:
        webhook().send(to(hook), message)

    assert error.value.retry_after == retry_after


@pytest.mark.parametrize("status", [400, 410, 422, 301, 307])
def test_what_will_not_pass_is_refused(status: int, hook: Hook, message: Message) -> None:
    """A redirect too: it is not followed with a signed message."""
    hook.status, hook.headers = status, {"Location": "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(DeliveryError, match=str(status)) as error:
        webhook().send(to(hook), message)

    assert not isinstance(error.value, DeliveryUnavailable)
    assert len(hook.heard) == 1


def test_a_server_that_does_not_answer_is_not_waited_for(hook: Hook, message: Message) -> None:
    """Nor is one that is not there."""
    hook.wait.clear()
    with pytest.raises(DeliveryUnavailable, match="timed out"):
        webhook(0.3).send(to(hook), message)
    hook.wait.set()
    with pytest.raises(DeliveryUnavailable, match="sent again by itself"):
        webhook(0.3).send(Receiver("system", Channel.WEBHOOK, "http://127.0.0.1:9/"), message)


def test_a_key_that_is_not_there_sends_nothing_unsigned(hook: Hook, message: Message, tmp_path: Path) -> None:
    """An unsigned message that is believed is worse than none."""
    (tmp_path / "empty").write_text("\n")
    for name in ("absent", "empty"):
        with pytest.raises(DeliveryUnavailable, match="no key in"):
            webhook().send(to(hook, tmp_path / name), message)

    assert hook.heard == []


# The outside watcher


def test_the_watcher_is_called_while_all_is_well(hook: Hook) -> None:
    """A call is a sign of life."""
    assert Watcher(hook.address, lambda now: [], FixedClock(NOON)).tell()
    assert [line for line, _, _ in hook.heard] == ["GET /larm"]


def test_the_watcher_hears_in_words_what_is_wrong(hook: Hook) -> None:
    """At once, instead of by our silence."""
    assert Watcher(hook.address + "/", lambda now: ["collector: stum", "web: borta"], FixedClock(NOON)).tell()
    assert [(line, body) for line, _, body in hook.heard] == [("POST /larm/fail", b"collector: stum\nweb: borta")]


def test_a_watcher_that_is_away_is_told_to_the_log_once(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    """And never its address, which is a key."""
    caplog.set_level("INFO")
    watcher = Watcher(hook.address, lambda now: [], FixedClock(NOON))
    hook.status = 503
    answers = [watcher.tell() for _ in range(3)]
    hook.status = 200
    answers += [watcher.tell() for _ in range(2)]

    assert answers == [False, False, False, True, True]
    assert [record.levelname for record in caplog.records if "watcher" in record.message] == ["WARNING", "INFO"]
    assert "/larm" not in "".join(f"{record.message} {vars(record)}" for record in caplog.records if "watcher" in record.message)
