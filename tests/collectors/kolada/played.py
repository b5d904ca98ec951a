"""A real HTTP server on the loopback interface that answers as Kolada would, or worse."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from collectors.kolada.asking import KoladaClient

ANSWERS = Path(__file__).parent / "answers"
KPI = "/v3/kpi/N03102"
DATA = "/v3/data/kpi/N03102/municipality/2081"


@dataclass
class Kolada:
    """Plays `replies`: path → (status, body), the last of several for ever; everything else is 404. Keeps what was asked."""

    replies: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def reply(self, path: str, *answers: tuple[int, bytes] | bytes) -> None:
        self.replies[path] = [answer if isinstance(answer, tuple) else (200, answer) for answer in answers]

    def as_recorded(self) -> None:
        """The figure's title and its two pages."""
        self.reply(KPI, recorded("kpi-N03102.json"))
        following = f"{self.url}/data/kpi/N03102/municipality/2081?page=2".encode()
        self.reply(DATA, recorded("data-N03102-1.json").replace(b"NEXT", following))
        self.reply(f"{DATA}?page=2", recorded("data-N03102-2.json"))

    def next_reply(self, path: str) -> tuple[int, bytes]:
        waiting = self.replies.get(path, [(404, b'{"detail": "Not found"}')])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


def recorded(name: str) -> bytes:
    return (ANSWERS / name).read_bytes()


@contextmanager
def playing() -> Iterator[Kolada]:
    kolada = Kolada()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kolada.asked.append(self.path)
            status, body = kolada.next_reply(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        kolada.url = f"http://127.0.0.1:{server.server_port}/v3"
        yield kolada
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def client(kolada: Kolada) -> KoladaClient:
    """Does not wait between repetitions."""
    return KoladaClient(kolada.url, timeout_s=5, pause_s=0)
