"""Whatever arrives, a decoder gives sound observations or a MessageError, and nothing else."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings

from collectors.decoding import Decoder
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import MessageError
from tests.collectors.decoders.matching import RECEIVED, read_case, shelf

SHELF = shelf()
REAL = [read_case(path).message for path in sorted((Path(__file__).parent / "cases").glob("*/*.json"))]
TOPICS = st.sampled_from(
    [
        *(
            "",
            "/",
            "#",
            "wmbusmeters/1",
            "spBv1.0/g/NDATA/n",
            "spBv1.0/g/DDATA/n/d",
            "spBv1.0/x",
            "application/1/device/2/event/up",
        ),
        *sorted({message.topic for message in REAL}),
    ]
)
WORDS = st.sampled_from(
    [
        "NaN",
        "inf",
        "-Infinity",
        "1e999",
        "true",
        "null",
        "",
        " ",
        "0x1F",
        "1_000",
        "٣",
        "12,3",
        "\n",
        "2020-01-01T00:00:00Z",
        "9999-12-31",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS | st.just(10**400)
KNOWN_KEYS = [
    "id", "meter", "media", "status", "timestamp", "total_m3", "power_kw", "t1_temperature_c", "format", "observations",
    "observation", "value", "quantityKind", "sensorId", "observationTime", "deviceId", "devEUI", "devEui", "object", "data",
    "fPort", "payload", "Payload", "rxInfo", "time", "end_device_ids", "uplink_message", "decoded_payload", "frm_payload",
    "dev_eui", "device_id", "received_at", "deviceInfo", "EUI", "cmd", "ts", "metrics", "name", "alias", "dataType", "seq",
    "E", "U", "V", "VU", "ID", "TS", "temperature", "co2", "properties", "unit", "DevEUI_uplink", "hydra:member", "topic",
]  # fmt: skip
KEYS = st.sampled_from(KNOWN_KEYS) | st.text(max_size=8)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25)


def json_bytes(value: object) -> bytes:
    """As a careless publisher writes it (orjson would refuse): integers of any size, NaN and Infinity as bare words."""
    return json.dumps(value).encode()


def nothing(_topic: str) -> RawMessage | None:
    return None


def check_soundness(decoder: Decoder, message: RawMessage, recall: Callable[[str], RawMessage | None] = nothing) -> None:
    try:
        found = list(decoder.decode(message, recall))
    except MessageError:
        return
    for item in found:
        assert isinstance(item, Observation)
        assert item.device
        assert isinstance(item.device, str)
        assert item.quantity
        assert isinstance(item.value, float)
        assert math.isfinite(item.value)
        assert item.unit is None or (isinstance(item.unit, str) and item.unit)
        assert isinstance(item.accumulation, Accumulation)
        assert item.time is None or item.time.year >= 2000
        assert isinstance(item.channel, str)


def relaxed(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("decoder", SHELF, ids=lambda item: item.family)
@given(payload=st.binary(max_size=200), topic=TOPICS)
@relaxed(100)
def test_random_bytes(decoder: Decoder, payload: bytes, topic: str) -> None:
    """Binary of any kind, on the topics that decoders know and on others."""
    check_soundness(decoder, RawMessage(topic=topic, payload=payload, received=RECEIVED))


@pytest.mark.parametrize("decoder", SHELF, ids=lambda item: item.family)
@given(value=JSON, topic=TOPICS)
@example(value={"meter": "x", "id": "1", "total_m3": 10**400}, topic="wmbusmeters/1")
@relaxed(100)
def test_random_json(decoder: Decoder, value: object, topic: str) -> None:
    """JSON of the keys that decoders look for, with values of every wrong kind."""
    check_soundness(decoder, RawMessage(topic=topic, payload=json_bytes(value), received=RECEIVED))


@pytest.mark.parametrize("decoder", SHELF, ids=lambda item: item.family)
@given(data=st.data())
@relaxed(120)
def test_mutated_messages(decoder: Decoder, data: st.DataObject) -> None:
    """Real messages with bytes changed, cut and repeated; and as the earlier message that a decoder recalls."""
    message = data.draw(st.sampled_from(REAL))
    payload = bytearray(message.payload)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(payload) - 1)))
        change = data.draw(st.sampled_from(["set", "cut", "end", "twice"]))
        if change == "set" and payload:
            payload[at] = data.draw(st.integers(0, 255))
        elif change == "cut":
            del payload[at : at + data.draw(st.integers(1, 10))]
        elif change == "end":
            del payload[at:]
        else:
            payload[at:at] = payload[at : at + 10]
    changed = RawMessage(topic=message.topic, payload=bytes(payload), received=RECEIVED)
    check_soundness(decoder, changed)
    check_soundness(decoder, message, lambda _topic: changed)


@pytest.mark.parametrize("decoder", SHELF, ids=lambda item: item.family)
@given(data=st.data())
@relaxed(120)
def test_messages_with_foreign_values(decoder: Decoder, data: st.DataObject) -> None:
    """Real JSON messages in which some values are of another kind."""
    message = data.draw(st.sampled_from([real for real in REAL if real.payload.lstrip()[:1] in (b"{", b"[")]))
    try:
        value = orjson.loads(message.payload)
    except orjson.JSONDecodeError:
        return
    places: list[tuple[object, object]] = []
    collect(value, places)
    for container, key in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=4)):
        container[key] = data.draw(JSON)  # type: ignore[index]  # a list or a dict, `collect` saw to it
    check_soundness(decoder, RawMessage(topic=message.topic, payload=json_bytes(value), received=RECEIVED))


def collect(value: object, places: list[tuple[object, object]]) -> None:
    """Every place in the value that could hold another one."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        places.append((value, key))
        collect(inner, places)


HOSTILE = {
    "deep": b"[" * 100_000,
    "deep object": b'{"metrics":' * 5_000,
    "ten megabytes": b'{"id":"1","meter":"x","a":"' + b"x" * 10_000_000 + b'"}',
    "broken UTF-8": b'{"id":"\xff\xfe","meter":"x","total_m3":1}',
    "absurd number": b'{"id":"1","meter":"x","total_m3":1e300,"total_kwh":1e999}',
    "huge integer": b'{"id":"1","meter":"x","total_m3":' + b"9" * 5_000 + b"}",
    "line breaks": b'{"id":"1\\n,\\"x=1","meter":"x","total_m3":1}',
    "empty": b"",
    "lone surrogate": b'{"id":"\\ud800","meter":"x","total_m3":1}',
}


@pytest.mark.parametrize("decoder", SHELF, ids=lambda item: item.family)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages(decoder: Decoder, name: str) -> None:
    """Each of them was somebody's outage."""
    for topic in ("", "wmbusmeters/1", decoder.topics[0].replace("+", "x").replace("#", "x")):
        check_soundness(decoder, RawMessage(topic=topic, payload=HOSTILE[name], received=RECEIVED))
