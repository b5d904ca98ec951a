"""What each answer of InfluxDB means for the readings, with a server that answers as told.

The words are those of InfluxDB 2.9.1 and 1.6.7, where they have any.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from config.domain.readings import Reading
from config.domain.series import READINGS, SeriesQuery
from config.errors import ConfigurationError, PointRejected, StoreError, StoreRefused, StoreUnavailable
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.servers import free_port
from tests.services.store.stub_influxdb import Answer, Asked, StubInfluxDB

START = datetime(2025, 1, 15, 6, tzinfo=UTC)
BOTH = pytest.mark.parametrize("version", list(InfluxVersion))


def readings(count: int) -> list[Reading]:
    return [Reading(f"m{at}", "heat_energy", START, float(at), START) for at in range(count)]


def words(text: str, version: InfluxVersion = InfluxVersion.V2) -> bytes:
    """An answer's body."""
    return orjson.dumps({"error": text} if version is InfluxVersion.V1 else {"code": "invalid", "message": text})


@contextmanager
def serving(
    answer: Callable[[Asked], Answer], version: InfluxVersion = InfluxVersion.V2, timeout_s: float = 10
) -> Iterator[tuple[InfluxStore, StubInfluxDB]]:
    with StubInfluxDB(answer) as stub:
        target = InfluxTarget(
            stub.url,
            "energi",
            version,
            org="borlange",
            token="secret-token",
            username="anna",
            password="lösen",
            timeout_s=timeout_s,
            query_timeout_s=timeout_s,
        )
        store = InfluxStore(target)
        try:
            yield store, stub
        finally:
            store.close()


class Holding:
    """A server that holds points; `refuse` says what it answers to a request, None takes it."""

    def __init__(self, refuse: Callable[[list[str]], Answer | None]) -> None:
        self.refuse = refuse
        self.held: set[str] = set()

    def __call__(self, asked: Asked) -> Answer:
        refused = self.refuse(asked.lines)
        if refused is None:
            self.held.update(asked.lines)
        return refused or Answer()

    @property
    def meters(self) -> set[str]:
        return {line.split(",")[1].removeprefix("meter=") for line in self.held}


def test_what_is_sent_to_version_2() -> None:
    """Gzipped lines with microseconds, to the bucket, with the token; over one connection however many requests."""
    with serving(lambda _: Answer()) as (store, stub):
        store.write_readings([Reading("a b", "heat_energy", START + timedelta(microseconds=7), 3, START)])
        store.write_readings(readings(12_000))

    first, *rest = stub.asked
    assert (first.path, first.parameters) == ("/api/v2/write", {"bucket": "energi", "org": "borlange", "precision": "us"})
    assert first.headers["Authorization"] == "Token secret-token"
    assert first.lines == [r"readings,meter=a\ b,register=heat_energy value=3.0,received=1736920800000i 1736920800000007"]
    assert [len(asked.lines) for asked in rest] == [5000, 5000, 2000]
    assert stub.connections == 1


def test_what_is_sent_to_version_1() -> None:
    """User and password go in a header, not in the address, which ends up in logs."""
    with serving(lambda _: Answer(), InfluxVersion.V1) as (store, stub):
        store.write_readings(readings(1))

    assert (stub.asked[0].path, stub.asked[0].parameters) == ("/write", {"db": "energi", "precision": "u"})
    assert stub.asked[0].headers["Authorization"] == "Basic YW5uYTpsw7ZzZW4="


ANSWERS: dict[str, tuple[Answer, type[StoreError], str]] = {
    "a limit of the server": (
        Answer(400, words("partial write: max-series-per-database limit exceeded: (1000000) dropped=100")),
        StoreRefused,
        "raise this limit",
    ),
    "401": (Answer(401, words("unauthorized access")), StoreRefused, "give .* the right to read and write 'energi'"),
    "403": (Answer(403, words("insufficient permissions")), StoreRefused, "insufficient permissions; give"),
    "404": (Answer(404, words('bucket "energi" not found')), StoreRefused, "not found; create 'energi'"),
    "400 of the request": (Answer(400, words("invalid precision; valid precision units are ns")), StoreRefused, "precision"),
    "400 of a proxy": (Answer(400, b"<html>Bad Request</html>"), StoreRefused, "400 Bad Request; correct the InfluxDB settings"),
    "405": (Answer(405, b""), StoreRefused, "correct the InfluxDB settings"),
    "301": (Answer(301, b"", {"Location": "https://elsewhere.example/"}), StoreRefused, "correct the address"),
    "200 of something else": (Answer(200, b"<html>Welcome</html>"), StoreRefused, "does not answer as InfluxDB"),
    "408": (Answer(408, b""), StoreUnavailable, "asks to wait"),
    "429": (Answer(429, words("too many requests"), {"Retry-After": "17"}), StoreUnavailable, "too many requests"),
    "503": (Answer(503, words("engine: cache busy"), {"Retry-After": "2"}), StoreUnavailable, "asks to wait"),
    "500": (Answer(500, words("unexpected error writing points to database: timeout")), StoreUnavailable, "500 unexpected"),
    "502 of a proxy": (Answer(502, b"<html>"), StoreUnavailable, "502"),
    "disk full": (
        Answer(500, words("unexpected error writing points to database: write /var/lib/wal/_00001.wal: no space left on device")),
        StoreUnavailable,
        "disk is full: make room",
    ),
    "cache full": (
        Answer(500, words("engine: cache-max-memory-size exceeded: (1073741825/1073741824)")),
        StoreUnavailable,
        "write cache is full",
    ),
    "cut in the answer": (Answer(500, words("a" * 200), cut_after=10), StoreUnavailable, "is it running"),
}


@BOTH
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_becomes_the_error_of_who_must_act(name: str, version: InfluxVersion) -> None:
    """And nothing is taken for a bad point: the readings stay with the sender."""
    answer, kind, sentence = ANSWERS[name]
    if version is InfluxVersion.V1 and answer.body.startswith(b"{"):
        answer = Answer(answer.status, words(orjson.loads(answer.body)["message"], version), answer.headers)
        if name == "cut in the answer":
            answer = Answer(500, answer.body, cut_after=10)
    with (
        serving(lambda _: answer, version) as (store, stub),
        pytest.raises(kind, match=sentence) as caught,
    ):
        store.write_readings(readings(100))

    assert len(stub.asked) == 1
    assert "InfluxDB http://127.0.0.1:" in str(caught.value)
    assert "secret-token" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30.0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_that_the_server_asks_for_is_handed_on(headers: dict[str, str], seconds: float | None) -> None:
    """In seconds, or as a date against the answer's own."""
    with serving(lambda _: Answer(503, b"", headers)) as (store, _stub), pytest.raises(StoreUnavailable) as caught:
        store.write_readings(readings(1))

    # the stub's own Date header stands first where the test gives none
    assert caught.value.retry_after == seconds or "Date" in headers


def test_no_server_at_all() -> None:
    """It may come: the sender waits."""
    store = InfluxStore(InfluxTarget(f"http://127.0.0.1:{free_port()}", token="t", org="o"))

    with pytest.raises(StoreUnavailable, match=r"refused.*is it running"):
        store.write_readings(readings(1))
    with pytest.raises(StoreUnavailable, match=r"refused.*is it running"):
        store.read(SeriesQuery(READINGS))
    store.close()


def test_a_server_that_does_not_answer_is_not_waited_for_without_end() -> None:
    """A half-open connection looks like this."""
    with (
        serving(lambda _: Answer(no_answer=True), timeout_s=0.2) as (store, _stub),
        pytest.raises(StoreUnavailable, match="timed out"),
    ):
        store.write_readings(readings(1))
    with (
        serving(lambda _: Answer(no_answer=True), timeout_s=0.2) as (store, _stub),
        pytest.raises(StoreUnavailable, match="timed out"),
    ):
        store.read(SeriesQuery(READINGS))


def test_an_address_without_http_is_a_fault_of_the_settings() -> None:
    """Said when the store is opened, not at the first reading."""
    with pytest.raises(ConfigurationError, match="begins with http"):
        InfluxStore(InfluxTarget("influxdb:8086"))


def test_the_token_is_not_shown() -> None:
    """A target is printed in logs and tracebacks."""
    assert "hush" not in repr(InfluxTarget("http://x", token="hush", password="hush"))


@BOTH
def test_one_unparsable_line_costs_no_other(version: InfluxVersion) -> None:
    """Version 2 writes nothing of such a request; both halves are sent again, down to the line: at most 2 x 13 requests."""

    def refuse(lines: list[str]) -> Answer | None:
        bad = [line for line in lines if "meter=m3217," in line]
        return Answer(400, words(f"unable to parse '{bad[0]}': bad timestamp", version)) if bad else None

    server = Holding(refuse)
    with serving(server, version) as (store, stub), pytest.raises(PointRejected) as caught:
        store.write_readings(readings(7_000))

    assert list(caught.value.rejected) == [3217]
    assert "bad timestamp" in caught.value.rejected[3217]
    assert server.meters == {f"m{at}" for at in range(7_000) if at != 3217}
    assert len(stub.asked) <= 2 + 2 * 13


def test_a_partial_write_is_not_believed_about_the_rest() -> None:
    """InfluxDB 2 answers the first failing shard's words while others fail unheard, even with "dropped=0"."""
    calls = 0

    def refuse(lines: list[str]) -> Answer | None:
        nonlocal calls
        calls += 1
        if any("meter=m5," in line for line in lines):
            return Answer(422, words("failure writing points to database: partial write: invalid field name dropped=0"))
        return None

    server = Holding(refuse)
    with serving(server) as (store, _stub), pytest.raises(PointRejected) as caught:
        store.write_readings(readings(64))

    assert list(caught.value.rejected) == [5]
    assert server.meters == {f"m{at}" for at in range(64) if at != 5}
    assert calls == 1 + 2 * 6


@BOTH
def test_many_points_beyond_retention_do_not_take_many_requests(version: InfluxVersion) -> None:
    """An import of ten years into a bucket of one: when as many are dropped as were sent, each of them was."""

    def refuse(lines: list[str]) -> Answer | None:
        status = 400 if version is InfluxVersion.V1 else 422
        return Answer(status, words(f"partial write: points beyond retention policy dropped={len(lines)}", version))

    with serving(Holding(refuse), version) as (store, stub), pytest.raises(PointRejected) as caught:
        store.write_readings(readings(10_000))

    assert len(caught.value.rejected) == 10_000
    assert set(caught.value.rejected.values()) == {"partial write: points beyond retention policy dropped=5000"}
    assert len(stub.asked) == 2


def test_a_body_that_is_too_large_is_halved() -> None:
    """A proxy's limit is smaller than our batch."""
    server = Holding(lambda lines: Answer(413, b"<html>Request Entity Too Large</html>") if len(lines) > 700 else None)
    with serving(server) as (store, stub):
        store.write_readings(readings(5_000))

    assert len(server.held) == 5_000
    assert len(stub.asked) == 15


def test_one_line_that_is_too_large_is_rejected() -> None:
    """Halving has an end."""
    server = Holding(lambda lines: Answer(413, b"") if any("meter=m2," in line for line in lines) else None)
    with serving(server) as (store, _stub), pytest.raises(PointRejected, match="too large") as caught:
        store.write_readings(readings(4))

    assert list(caught.value.rejected) == [2]
    assert server.meters == {"m0", "m1", "m3"}


def test_a_server_that_goes_away_between_batches_is_unavailable_not_a_rejection() -> None:
    """Sending all again is right: what was written is written again without effect, what was rejected is rejected again."""
    requests = 0

    def answer(asked: Asked) -> Answer:
        nonlocal requests
        requests += 1
        return Answer() if requests == 1 else Answer(503)

    bad = [*readings(6_000), Reading("x", "y", START, float("nan"), START)]
    with serving(answer) as (store, _stub), pytest.raises(StoreUnavailable):
        store.write_readings(bad)


def part(value: float, *, goes_on: bool = False) -> bytes:
    """One line of a chunked answer."""
    tags = {"meter": "m", "register": "r"}
    row = {"name": "readings", "tags": tags, "columns": ["time", "value", "received"], "values": [[value, value, 1]]}
    series = {**row, "partial": True} if goes_on else row
    result = {"statement_id": 0, "series": [series]} | ({"partial": True} if goes_on else {})
    return orjson.dumps({"results": [result]}) + b"\n"


def test_a_whole_answer_is_read() -> None:
    """Over a kept connection, in as many parts as it comes."""
    answer = Answer(200, part(1, goes_on=True) + part(2), chunked=True)
    with serving(lambda _: answer) as (store, stub):
        for _ in range(3):
            assert store.read(SeriesQuery(READINGS))["value"].to_list() == [1.0, 2.0]

    assert stub.connections == 1


@BOTH
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(200, part(1, goes_on=True) + part(2), chunked=True, cut_after=len(part(1, goes_on=True))), StoreUnavailable),
        (Answer(200, part(1, goes_on=True) + part(2), chunked=True, cut_after=180), StoreUnavailable),
        (Answer(200, part(1, goes_on=True), chunked=True), StoreUnavailable),
        (Answer(200, part(1) + b'{"results":[{"error":"engine is closed"}]}\n', chunked=True), StoreUnavailable),
        (Answer(200, part(1) + b'{"error":"timeout"}\n', chunked=True), StoreUnavailable),
        (Answer(200, b'{"results":[{"statement_id":0,"error":"database not found: energi"}]}'), StoreRefused),
        (Answer(200, b"<html>Welcome</html>"), StoreUnavailable),
        (Answer(200, b"[]"), StoreRefused),
        (Answer(400, b'{"error":"error parsing query: found FROM"}'), StoreRefused),
        (Answer(401, b'{"error":"authorization failed"}'), StoreRefused),
        (Answer(500, b""), StoreUnavailable),
        (Answer(503, b"", {"Retry-After": "3"}), StoreUnavailable),
    ],
    ids=["cut", "cut in a row", "partial", "error inside", "error", "no database", "html", "list", "400", "401", "500", "503"],
)
def test_half_an_answer_is_never_taken_for_the_whole(answer: Answer, kind: type[StoreError], version: InfluxVersion) -> None:
    """Settling hours from the first half of the readings would invent a gap."""
    with serving(lambda _: answer, version) as (store, _stub), pytest.raises(kind, match=r"InfluxDB http://127\.0\.0\.1"):
        store.read(SeriesQuery(READINGS))


def test_after_a_cut_the_next_question_is_answered() -> None:
    """The broken connection is not used again."""
    answers = iter([Answer(200, part(1), chunked=True, cut_after=20), Answer(200, part(7), chunked=True)])
    with serving(lambda _: next(answers)) as (store, _stub):
        with pytest.raises(StoreUnavailable):
            store.read(SeriesQuery(READINGS))

        assert store.read(SeriesQuery(READINGS))["value"].to_list() == [7.0]
