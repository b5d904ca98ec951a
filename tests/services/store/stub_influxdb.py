"""A small HTTP server that answers as a test says: the failures that a healthy InfluxDB cannot be asked for."""

import gzip
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def lines(self) -> list[str]:
        """The lines of a write."""
        return gzip.decompress(self.body).decode().split("\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer. `cut_after`: bytes of the body after which the connection is closed; `chunks`: send in chunks."""

    status: int = 204
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    chunked: bool = False
    no_answer: bool = False


class StubInfluxDB:
    """Calls `answer` for every request; keeps the requests and counts the connections."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.waiting = threading.Event()  # set at the end: whoever does not answer may go on
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                stub.connections += 1

            def do_POST(self) -> None:
                split = urlsplit(self.path)
                parameters = {name: values[0] for name, values in parse_qs(split.query).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                asked = Asked(split.path, parameters, dict(self.headers), body)
                stub.asked.append(asked)
                self._send(answer(asked))

            def _send(self, given: Answer) -> None:
                if given.no_answer:
                    stub.waiting.wait(20)
                    self.close_connection = True
                    return
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                if given.chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                elif given.status != 204:
                    self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                body = given.body if given.cut_after is None else given.body[: given.cut_after]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body) if given.chunked else body)
                if given.cut_after is not None:
                    self.close_connection = True
                elif given.chunked:
                    self.wfile.write(b"0\r\n\r\n")

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.waiting.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
