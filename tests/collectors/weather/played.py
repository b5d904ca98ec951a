"""A real HTTP server on the loopback interface that plays answers, and the client in front of it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from collectors.weather.fetching import Manners, PoliteFetcher
from collectors.weather.smhi import SmhiObservations
from config.domain.weather import Station

ANSWERS = Path(__file__).parent / "answers"
BORLANGE = Station("105260", "Borlänge Flygplats", 60.4294, 15.5079)
BORLANGE_D = Station("105310", "Borlänge D", 60.492, 15.4274)
FALUN = Station("105370", "Falun-Lugnet", 60.619, 15.6603)
SUN = Station("105285", "Borlänge Sol")


def recorded(name: str) -> bytes:
    return (ANSWERS / name).read_bytes()


@dataclass(frozen=True)
class Reply:
    """`cut`: the connection is closed after so many bytes; `silent`: nothing is sent at all."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    silent: bool = False


@dataclass
class Clock:
    """Stands still until it is moved."""

    time: datetime = datetime(2024, 2, 3, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pass_time(self, by: timedelta) -> None:
        self.time += by


class Smhi:
    """Plays `replies`: path → what is answered, the last of several for ever; everything else is 404. Keeps what was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    def data(self, parameter: int, station: Station, period: str, kind: str, *replies: Reply) -> None:
        self.replies[f"/api/version/1.0/parameter/{parameter}/station/{station.id}/period/{period}/data.{kind}"] = list(replies)

    def archive(self, parameter: int, station: Station, *replies: Reply | bytes) -> None:
        self.data(parameter, station, "corrected-archive", "csv", *map(_reply, replies))

    def latest(self, parameter: int, station: Station, *replies: Reply | bytes) -> None:
        self.data(parameter, station, "latest-months", "json", *map(_reply, replies))

    def stations(self, parameter: int, reply: bytes) -> None:
        self.replies[f"/api/version/1.0/parameter/{parameter}.json"] = [Reply(reply)]

    def count(self, part: str = "/") -> int:
        return sum(part in path for path, _ in self.asked)

    def next_reply(self, path: str) -> Reply:
        waiting = self.replies.get(path, [Reply(b"Not found", 404)])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


def _reply(given: Reply | bytes) -> Reply:
    return given if isinstance(given, Reply) else Reply(given)


@contextmanager
def playing() -> Iterator[Smhi]:
    """The server, on a free port."""
    smhi = Smhi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            smhi.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            reply = smhi.next_reply(self.path)
            if reply.silent:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            self.close_connection = reply.cut is not None

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    smhi.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield smhi
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fetcher(folder: Path, clock: Clock, waits: list[float] | None = None) -> PoliteFetcher:
    """Waits are noted, not waited; they pass on the clock."""

    def sleep(seconds: float) -> None:
        clock.pass_time(timedelta(seconds=seconds))
        if waits is not None:
            waits.append(seconds)

    return PoliteFetcher(folder, clock, Manners(timeout_s=2.0), sleep=sleep, share=lambda: 1.0)


def client(smhi: Smhi, folder: Path, clock: Clock) -> SmhiObservations:
    return SmhiObservations(fetcher(folder, clock), smhi.url)
