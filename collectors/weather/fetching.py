"""HTTP with manners: never asked more often than agreed, conditional where we have an answer already, patient, and named.

An answer is kept on disk with the instant it was asked for and the service's own marks (ETag, Last-Modified); so neither a
restart nor an impatient person makes us ask again before it can have changed. Only an answer that could be read is kept. What
the service refuses or answers badly is remembered too, for a shorter time.
"""

import hashlib
import os
import random
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import msgspec
import urllib3

from config.domain.clock import Clock
from config.errors import MonitorError, WeatherError, WeatherUnavailable

Value = TypeVar("Value")

AGENT = f"energimonitor/{version('energimonitor')} (municipal energy monitoring)"
LARGEST = 200_000_000  # bytes, unpacked; forty years of hours are a twentieth of it
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
NOT_MODIFIED, NOT_FOUND = 304, 404
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
BAD_ANSWER_KEPT = timedelta(minutes=30)


class Absent(WeatherError):
    """The service has nothing at that address (404)."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How long and how often. [s]

    Attributes:
        patience_s: a service that asks us to wait longer is asked again at the next look, not waited for.
    """

    timeout_s: float = 30.0
    attempts: int = 4
    shortest_s: float = 1.0
    longest_s: float = 30.0
    patience_s: float = 60.0


class _Kept(msgspec.Struct, frozen=True):
    """What we know of an address. Instants are ISO 8601."""

    url: str
    asked: datetime | None = None  # when the kept answer was last known to be the present one
    etag: str = ""
    last_modified: str = ""
    absent: bool = False
    not_before: datetime | None = None
    why: str = ""  # it is not asked before that: what the answer was, in English
    why_sv: str = ""


class PoliteFetcher:
    """Answers of one or more services, kept in `folder`. Not for several threads at once.

    Args:
        setting: what the address is set by.
        sleep, share: wait so many seconds; give a random number in [0, 1). Tests have their own.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        manners: Manners | None = None,
        sleep: Callable[[float], object] = time.sleep,
        share: Callable[[], float] = random.random,
        setting: str = "ENERGIMONITOR_WEATHER_URL",
    ) -> None:
        self._setting = setting
        self._folder = folder
        self._clock = clock
        self._manners = manners or Manners()
        self._sleep = sleep
        self._share = share
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._away: dict[str, datetime] = {}  # host → until when its other addresses are not tried either

    def fetch(self, url: str, every: timedelta, read: Callable[[bytes], Value]) -> Value:
        """What `read` makes of the answer; asked for anew only when the kept one is older than `every`.

        Raises:
            Absent: 404, now or within `every`.
            WeatherUnavailable: no answer, or one that asks us to come back later.
            WeatherError: any other refusal, or whatever `read` raises; the answer is not kept then.
        """
        now, kept = self._clock.now(), self._kept(url)
        body = self._body(url)
        fresh = kept.asked is not None and now - kept.asked < every
        if fresh and kept.absent:
            raise Absent(f"{url}: not there (404)")
        if fresh and body is not None:
            return read(body)
        if kept.not_before is not None and now < kept.not_before:
            wait = (kept.not_before - now).total_seconds()
            raise _not_yet(url, kept, f"{kept.not_before:%Y-%m-%d %H:%M}Z", wait)
        host = urlsplit(url).netloc
        if host in self._away and now < self._away[host]:
            raise WeatherUnavailable(
                f"{url}: not asked, {host} has just not answered; the next look asks again",
                sv=f"{url}: inte frågad, {host} har nyss inte svarat; frågas igen nästa gång",
            )
        return self._ask(url, kept if body is not None else _Kept(url), body, read)

    def _ask(self, url: str, kept: _Kept, body: bytes | None, read: Callable[[bytes], Value]) -> Value:
        status, headers, data = self._answer(url, kept)
        now = self._clock.now()
        if status == NOT_FOUND:
            self._keep(_Kept(url, asked=now, absent=True), None)
            raise Absent(f"{url}: not there (404)")
        unchanged = status == NOT_MODIFIED and body is not None
        content = body if unchanged and body is not None else data
        try:
            value = read(content)
        except MonitorError as error:
            why, why_sv = (error.sentence(language).removeprefix(f"{url}: ") for language in ("en", "sv"))
            self._keep(_Kept(url, not_before=now + BAD_ANSWER_KEPT, why=why, why_sv=why_sv), None)
            raise
        if unchanged:
            self._keep(msgspec.structs.replace(kept, asked=now, not_before=None, why="", why_sv=""), None)
        else:
            self._keep(
                _Kept(url, now, headers.get("etag", ""), headers.get("last-modified", "")), content
            )  # fmt: skip
        return value

    def _answer(self, url: str, kept: _Kept) -> tuple[int, urllib3.HTTPHeaderDict, bytes]:
        """The first answer that is not a passing trouble."""
        trouble, trouble_sv, asked_wait = "", "", 0.0
        for attempt in range(self._manners.attempts):
            if attempt:
                self._sleep(self._wait(attempt - 1, asked_wait))
            try:
                status, headers, data = self._request(url, kept)
            except urllib3.exceptions.SSLError as error:
                raise WeatherError(
                    f"{url}: no safe connection ({error}); see that the machine's clock is right and that it trusts the issuer",
                    f"{url}: ingen säker anslutning ({error}); se till att datorns klocka går rätt och att utfärdaren är betrodd",
                ) from error
            except urllib3.exceptions.HTTPError as error:
                words, asked_wait = " ".join(str(error).split())[:200], 0.0
                trouble, trouble_sv = f"no answer ({words})", f"inget svar ({words})"
                continue
            if status in PASSING:
                trouble = trouble_sv = f"status {status}"
                asked_wait = retry_after(headers.get("retry-after"), self._clock.now())
                if asked_wait > self._manners.patience_s:
                    break
                continue
            if status not in (200, NOT_MODIFIED, NOT_FOUND):
                moved = headers.get("location")
                out, out_sv = "is the address the service's own?", "är adressen tjänstens egen?"
                if moved:
                    out, out_sv = f"moved to {moved}: set {self._setting}", f"flyttad till {moved}: sätt {self._setting}"
                raise WeatherError(f"{url}: status {status}; {out}", f"{url}: status {status}; {out_sv}")
            return status, headers, data
        wait = max(asked_wait, self._manners.longest_s)
        until = self._away[urlsplit(url).netloc] = self._clock.now() + timedelta(seconds=wait)
        self._keep(msgspec.structs.replace(kept, not_before=until, why=trouble, why_sv=trouble_sv), None)
        raise WeatherUnavailable(
            f"{url}: {trouble}; it is asked again at the next look, what is stored stays",
            wait,
            f"{url}: {trouble_sv}; frågas igen nästa gång, det som är sparat finns kvar",
        )

    def _request(self, url: str, kept: _Kept) -> tuple[int, urllib3.HTTPHeaderDict, bytes]:
        headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip"}
        if kept.etag:
            headers["If-None-Match"] = kept.etag
        if kept.last_modified:
            headers["If-Modified-Since"] = kept.last_modified
        timeout = urllib3.Timeout(connect=self._manners.timeout_s, read=self._manners.timeout_s)
        answer = self._pool(url).request(
            "GET", url, headers=headers, timeout=timeout, retries=False, redirect=False, preload_content=False
        )
        try:
            parts, size = [], 0
            for part in answer.stream(1 << 20):
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise WeatherError(f"{url}: larger than {LARGEST} bytes; is it the service's own address?")
        finally:
            answer.release_conn()
        return answer.status, answer.headers, b"".join(parts)

    def _pool(self, url: str) -> urllib3.PoolManager:
        """Through the machine's proxy where the environment names one: few municipalities let a server out directly."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        proxy = "" if host in _LOOPBACK or proxy_bypass(host) else getproxies().get(parts.scheme, "")
        if proxy not in self._pools:
            self._pools[proxy] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._pools[proxy]

    def _wait(self, attempt: int, asked: float) -> float:
        limit = min(self._manners.longest_s, self._manners.shortest_s * 2.0**attempt)
        return max(limit * (0.5 + 0.5 * self._share()), asked)

    def _path(self, url: str, kind: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.{kind}"

    def _kept(self, url: str) -> _Kept:
        try:
            return msgspec.json.decode(self._path(url, "json").read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError):
            return _Kept(url)

    def _body(self, url: str) -> bytes | None:
        try:
            return zlib.decompress(self._path(url, "z").read_bytes())
        except (OSError, zlib.error):
            return None

    def _keep(self, kept: _Kept, body: bytes | None) -> None:
        """Body first: a loss of the process between the two makes us ask once more, and never trust an older body."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if body is not None:
            _replace(self._path(kept.url, "z"), zlib.compress(body, 1))
        _replace(self._path(kept.url, "json"), msgspec.json.encode(kept))


def _not_yet(url: str, kept: _Kept, until: str, wait: float) -> WeatherUnavailable:
    """With what the answer was: the person who asks again has not seen it."""
    why, why_sv = (f"; the last answer: {kept.why}", f"; förra svaret: {kept.why_sv}") if kept.why else ("", "")
    text, text_sv = f"{url}: not asked again before {until}{why}", f"{url}: frågas inte igen före {until}{why_sv}"
    return WeatherUnavailable(text, wait, text_sv)


def retry_after(text: str | None, now: datetime) -> float:
    """Seconds that the header asks for: a number or a date; 0 where there is none or it cannot be read."""
    if not text:
        return 0.0
    if text.strip().isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
