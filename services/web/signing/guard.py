"""Before every request: not too many, not too large, and nothing is changed from another site's page.

Pure ASGI, so that a body is counted as it comes and an endless one is not held. What it refuses is answered in a line of text: it
must cost less to refuse than to ask.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.application import HEADERS
from services.web.signing.addresses import Addresses, counted_as
from services.web.signing.limits import RateLimit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FREE = ("/static/", "/healthz")  # they cost nothing, and a watcher must get its answer
LONGEST_ADDRESS = 4_096  # bytes of path and query
LARGEST_BODY = 65_536  # bytes; a form of ours is a hundredth of it
LARGEST_HEADERS = 16_384


class Guard:
    """Wraps the app."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        addresses: Addresses,
        reading: RateLimit,
        changing: RateLimit,
        board_url: str | None = None,
        bodies: Mapping[str, int] | None = None,
    ) -> None:
        """
        Args:
            reading: of every request.
            changing: of requests that may change something, besides.
            board_url: as people call the board; its pages may send forms here.
            bodies: path → how large a body it takes, where that is not `LARGEST_BODY`. [bytes]
        """
        self._app = app
        self._addresses = addresses
        self._reading = reading
        self._changing = changing
        self._board = None if board_url is None else _origin(board_url)
        self._bodies = dict(bodies or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        refusal = self._refusal(request)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if request.method in SAFE and "content-length" not in request.headers and "transfer-encoding" not in request.headers:
            await self._app(scope, receive, send)
            return
        messages = await _bounded(receive, self._bodies.get(request.url.path, LARGEST_BODY))
        if messages is None:
            await _answer(413, TOO_LARGE)(scope, receive, send)
            return
        await self._app(scope, _again(messages, receive), send)

    def _refusal(self, request: Request) -> PlainTextResponse | None:
        scope = request.scope
        if len(scope["raw_path"] or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
            return _answer(414, ("Adressen är för lång.", "The address is too long."))
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            return _answer(431, ("För mycket i huvudet på begäran.", "Too much in the head of the request."))
        if not request.url.path.startswith(FREE):
            address = counted_as(self._addresses.of(request))
            wait = self._reading.take(address)
            if not wait and request.method not in SAFE:
                wait = self._changing.take(address)
            if wait:
                return _answer(429, ("För många förfrågningar; vänta lite.", "Too many requests; wait a little."), wait)
        if request.method in SAFE:
            return None
        if not self._is_own(request):
            return _answer(
                403, ("Ändringar tas bara emot från tavlans egna sidor.", "Changes are taken from the board's own pages only.")
            )
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > self._bodies.get(request.url.path, LARGEST_BODY):
            return _answer(413, TOO_LARGE)
        return None

    def _is_own(self, request: Request) -> bool:
        """Whether a page of ours sent it: by Origin; else by Sec-Fetch-Site, else by Referer. Who says nothing is none of ours.

        "null" is what sandboxed pages and files say of themselves, and is nobody.
        """
        origin = request.headers.get("origin")
        if origin is not None:
            return _origin(origin) in self._ours(request)
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        referer = request.headers.get("referer")
        return referer is not None and _origin(referer) in self._ours(request)

    def _ours(self, request: Request) -> Sequence[str]:
        scheme = "https" if self._addresses.is_secure(request) else "http"
        called = _origin(f"{scheme}://{request.headers.get('host', '')}")
        return [each for each in (self._board, called) if each]


async def _bounded(receive: Receive, most: int) -> list[Message] | None:
    """The body's messages; None where it is larger. Held before the app sees it, since no app can be stopped in its reading."""
    messages: list[Message] = []
    while not messages or messages[-1].get("more_body", False):
        messages.append(await receive())
        most -= len(messages[-1].get("body", b""))
        if most < 0:
            return None
    return messages


def _again(messages: list[Message], receive: Receive) -> Receive:
    """What was received, and then what comes."""
    waiting = list(reversed(messages))

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received


TOO_LARGE = ("Begäran är för stor.", "The request is too large.")


def _answer(status: int, words: tuple[str, str], wait: int = 0) -> PlainTextResponse:
    headers = {**HEADERS, "Cache-Control": "no-store", "Connection": "close"}
    if wait:
        headers["Retry-After"] = str(wait)
    return PlainTextResponse(f"{words[0]} ({words[1]})\n", status, headers)


def _origin(address: str) -> str:
    """Scheme, host and port; "" where it is no address."""
    try:
        found = urlsplit(address)
        port = found.port or {"http": 80, "https": 443}.get(found.scheme)
    except ValueError:
        return ""
    return f"{found.scheme}://{found.hostname}:{port}" if found.scheme in ("http", "https") and found.hostname else ""
