"""The HTTP side of InfluxDB 1 and 2: where requests go, and what each answer means.

What differs between the two is a small value (`_DIALECTS`). Every answer becomes an error of ours here and nowhere else, by the
table of engineering notes on InfluxDB 2.9.1 (http/write_handler.go, v1/coordinator/points_writer.go) and 1.6.7 (services/httpd).
Bodies go through influxdb-client's connection pool as they are: its own write call would compress at level 9 (five times
slower), and its batching one loses points silently.
"""

import re
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient

from config.errors import ConfigurationError, StoreError, StoreRefused, StoreUnavailable

CHUNK = 10_000  # rows of one part of an answer
READ_AHEAD = 1 << 18  # bytes
LONGEST_WORDS = 600


class InfluxVersion(StrEnum):
    V1 = "1"  # 1.6 to 1.12: database, user and password
    V2 = "2"  # 2.x: bucket, organisation, token


@dataclass(frozen=True, slots=True)
class InfluxTarget:
    """Which InfluxDB, and as whom.

    Attributes:
        url: "http://influxdb:8086".
        database: the bucket in version 2. A bucket "a/b" is read as retention policy b of database a, as InfluxDB maps it.
        org, token: version 2.
        username, password: version 1, where it asks for them.
        ca_file: certificates to trust in place of the machine's.
        timeout_s: longest silence of the server while we write; its own limit is 10 s.
        query_timeout_s: longest silence while we read; a sum over years is silent until it is done.
    """

    url: str
    database: str = "energimonitor"
    version: InfluxVersion = InfluxVersion.V2
    org: str = ""
    token: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_s: float = 30.0
    query_timeout_s: float = 120.0
    connect_timeout_s: float = 5.0


class LinesRefused(StoreError):
    """Some of the lines, we do not know which, will never be taken. `dropped` is how many the server speaks of."""

    def __init__(self, words: str, dropped: int | None) -> None:
        super().__init__(words)
        self.dropped = dropped


class BodyTooLarge(StoreError):
    """The same lines in two requests may be taken."""


@dataclass(frozen=True, slots=True)
class _Dialect:
    write_path: str
    precision: str


_DIALECTS = {InfluxVersion.V1: _Dialect("/write", "u"), InfluxVersion.V2: _Dialect("/api/v2/write", "us")}

_ABOUT_POINTS = re.compile(r"unable to parse|partial write|field type conflict|beyond retention|time outside range|key length")
_ABOUT_REQUEST = re.compile(
    r"gzip|precision|database (name )?(is )?required|bucket|organi[sz]ation|\borg\b|authoriz", re.IGNORECASE
)
_SERVER_LIMIT = re.compile(r"max-series-per-database|max-values-per-tag")
_DISK_FULL = re.compile(r"no space left|disk quota|input/output error", re.IGNORECASE)
_MEMORY_FULL = re.compile(r"cache[- ]max(imum)?[- ]memory[- ]size", re.IGNORECASE)
_HEALS = re.compile(
    r"timeout|timed out|killed|limit|shutdown|closed|too many|unavailable|not ready|no space|try again", re.IGNORECASE
)
_DROPPED = re.compile(r"dropped=(\d+)")


class InfluxWire:
    """Requests to one InfluxDB; safe to share between threads."""

    def __init__(self, target: InfluxTarget) -> None:
        if not re.match(r"https?://", target.url):
            raise ConfigurationError(f"InfluxDB: {target.url!r} is no address; it begins with http:// or https://")
        self.target = target
        self._dialect = _DIALECTS[target.version]
        certificates: dict[str, Any] = {"ssl_ca_cert": str(target.ca_file)} if target.ca_file else {}
        self.client: Any = InfluxDBClient(
            target.url.rstrip("/"),
            token=target.token or "none",
            org=target.org,
            timeout=(int(target.connect_timeout_s * 1000), int(target.timeout_s * 1000)),
            **certificates,
        )
        self._pool: urllib3.PoolManager = self.client.api_client.rest_client.pool_manager
        self._headers = self._credentials() | {"User-Agent": "energimonitor"}
        self._write_url = self._url(self._dialect.write_path, self._write_parameters())
        self._read_parameters = self._database_parameters()

    def write(self, body: bytes) -> None:
        """Send gzipped line protocol; when this returns, the server has it on disk.

        Raises:
            LinesRefused, BodyTooLarge: send halves.
            StoreUnavailable, StoreRefused.
        """
        headers = self._headers | {"Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8"}
        answer = self.request("POST", self._write_url, headers=headers, body=body)
        if answer.status == 204:
            return
        words = _words(answer.data)
        if _SERVER_LIMIT.search(words):  # not the point's fault: the next new meter's would be refused too
            raise StoreRefused(f"{self._place}: {answer.status} {words}; raise this limit in InfluxDB's configuration")
        if answer.status == 413:
            raise BodyTooLarge(words or "request entity too large")
        if answer.status in (400, 422) and words and (_ABOUT_POINTS.search(words) or not _ABOUT_REQUEST.search(words)):
            dropped = _DROPPED.search(words)
            raise LinesRefused(words, int(dropped[1]) if dropped else None)
        raise self.error(answer)

    def query(self, statement: str) -> Iterator[dict[str, Any]]:
        """The answer's series, part by part: `tags`, `columns`, `values`; times in microseconds.

        Answers as JSON in chunks: only they have no row limit, and say within the answer when it breaks off. (As CSV a
        failure in mid-answer looks like the end.)
        """
        fields = self._read_parameters | {"q": statement, "epoch": "u", "chunked": "true", "chunk_size": str(CHUNK)}
        headers = self._headers | {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.request(
            "POST", self._url("/query", {}), headers=headers, body=urlencode(fields).encode(), preload_content=False
        )
        try:
            if answer.status != 200:
                self._load(answer)
                raise self.error(answer)
            goes_on = False
            for line in self._lines(answer):
                goes_on = False
                for result in self._document(line):
                    goes_on = goes_on or bool(result.get("partial"))
                    yield from result.get("series", ())
            if goes_on:
                raise StoreUnavailable(f"{self._place}: the answer ends in the middle; ask again")
        finally:
            answer.close()  # an answer not read to its end must not be left in the connection

    def statement(self, statement: str, *, database: bool = True) -> list[dict[str, Any]]:
        """The series that a short statement answers, whole."""
        fields = (self._read_parameters if database else {}) | {"q": statement}
        headers = self._headers | {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.request("POST", self._url("/query", {}), headers=headers, body=urlencode(fields).encode())
        if answer.status != 200:
            raise self.error(answer)
        return [series for result in self._document(answer.data) for series in result.get("series", ())]

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, preload_content: bool = True
    ) -> urllib3.BaseHTTPResponse:
        """One request; what the network does wrong is StoreUnavailable."""
        silence = self.target.timeout_s if "Content-Encoding" in headers else self.target.query_timeout_s
        try:
            return self._pool.request(
                method,
                url,
                headers=headers,
                body=body,
                timeout=urllib3.Timeout(connect=self.target.connect_timeout_s, read=silence),
                retries=False,
                redirect=False,
                preload_content=preload_content,
            )
        except urllib3.exceptions.HTTPError as error:
            raise self._network_error(error) from error

    def error(self, answer: urllib3.BaseHTTPResponse) -> StoreError:
        """The error that an answer means, where no point is to blame."""
        status, words = answer.status, _words(answer.data) or answer.reason or "no words"
        said = f"{self._place}: {status} {words}"
        if status in (429, 503, 408):
            return StoreUnavailable(f"{said}; it asks to wait", retry_after(answer.headers))
        if status >= 500:
            if _DISK_FULL.search(words):
                return StoreUnavailable(f"{said}; the server's disk is full: make room, then start InfluxDB anew")
            if _MEMORY_FULL.search(words):
                return StoreUnavailable(f"{said}; the server's write cache is full: it must get its data to disk first")
            return StoreUnavailable(said, retry_after(answer.headers))
        if status in (401, 403):
            return StoreRefused(f"{said}; give {self._who} the right to read and write {self.target.database!r}")
        if status == 404:
            return StoreRefused(f"{said}; create {self.target.database!r} (energimonitor setup) or correct its name")
        if status < 400:
            return StoreRefused(f"{said}; this does not answer as InfluxDB {self.target.version} does: correct the address")
        return StoreRefused(f"{said}; correct the InfluxDB settings")

    def close(self) -> None:
        self.client.close()

    @property
    def _place(self) -> str:
        return f"InfluxDB {self.target.url}"

    @property
    def _who(self) -> str:
        return f"user {self.target.username!r}" if self.target.version is InfluxVersion.V1 else "the token"

    def _url(self, path: str, parameters: Mapping[str, str]) -> str:
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.target.url.rstrip('/')}{path}{query}"

    def _credentials(self) -> dict[str, str]:
        target = self.target
        if target.version is InfluxVersion.V2:
            return {"Authorization": f"Token {target.token}"} if target.token else {}
        if not target.username:
            return {}
        # urllib3's own helper writes Latin-1, and InfluxDB reads UTF-8: a password with å would fail
        return {"Authorization": "Basic " + b64encode(f"{target.username}:{target.password}".encode()).decode()}

    def _write_parameters(self) -> dict[str, str]:
        if self.target.version is InfluxVersion.V1:
            return {**self._database_parameters(), "precision": self._dialect.precision}
        return {"bucket": self.target.database, "org": self.target.org, "precision": self._dialect.precision}

    def _database_parameters(self) -> dict[str, str]:
        database, _, policy = self.target.database.partition("/")
        return {"db": database, "rp": policy} if policy else {"db": database}

    def _lines(self, answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        """The answer's lines, each one JSON document, without holding the answer."""
        rest: list[bytes] = []
        try:
            for piece in answer.stream(READ_AHEAD):
                first, *more = piece.split(b"\n")
                rest.append(first)
                for line in more:
                    if whole := b"".join(rest).strip():
                        yield whole
                    rest = [line]
        except urllib3.exceptions.HTTPError as error:
            raise self._network_error(error) from error
        if whole := b"".join(rest).strip():
            yield whole

    def _load(self, answer: urllib3.BaseHTTPResponse) -> None:
        try:
            answer.read(65_536, cache_content=True)
        except urllib3.exceptions.HTTPError as error:
            raise self._network_error(error) from error

    def _document(self, line: bytes) -> list[dict[str, Any]]:
        """The results of one JSON document; an error in it is raised."""
        try:
            document = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise StoreUnavailable(f"{self._place}: the answer is no JSON: {line[:80]!r}; ask again") from error
        if not isinstance(document, dict):
            raise StoreRefused(f"{self._place}: the answer is not InfluxDB's: {line[:80]!r}; correct the address")
        results: list[dict[str, Any]] = document.get("results", [])
        for words in (each["error"] for each in (document, *results) if each.get("error")):
            if _HEALS.search(words):
                raise StoreUnavailable(f"{self._place}: {words}; ask again")
            raise StoreRefused(
                f"{self._place}: {words}; create {self.target.database!r} (energimonitor setup) or mend its rights"
            )
        return results

    def _network_error(self, error: urllib3.exceptions.HTTPError) -> StoreError:
        reason = getattr(error, "reason", None)
        if isinstance(error, urllib3.exceptions.SSLError) and isinstance(error.args[0] if error.args else None, ssl.SSLError):
            return StoreRefused(f"{self._place}: {error}; correct the certificate or name the authority's file")
        return StoreUnavailable(f"{self._place}: {reason or error}; is it running, and the address right?")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks for; a date is measured against the answer's own, so that no clock of ours is needed."""
    asked = headers.get("Retry-After")
    if asked is None:
        return None
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None


def _words(body: bytes) -> str:
    """What the server said: `error` (1.x) or `message` (2.x); "" where it is not InfluxDB that speaks."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    words = document.get("message") or document.get("error") if isinstance(document, dict) else None
    return str(words)[:LONGEST_WORDS] if words else ""
