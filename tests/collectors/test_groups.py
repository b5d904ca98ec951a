"""Which decoder of a group reads a message."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from collectors.decoding import Decode, Decoder, Recall
from collectors.groups import by_group, decode_in_group
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)


def reads(prefix: bytes, name: str, broken: bool = False) -> Decode:
    """A decoder that knows payloads with the prefix, and finds them broken where told to; lazily, as real ones are."""

    def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
        if not message.payload.startswith(prefix):
            raise Unrecognised(f"does not begin with {prefix.decode()}")
        if broken:
            raise Undecodable("cut off")
        yield Observation(name, "energy", 1.0, "kWh", None, Accumulation.COUNTER)

    return decode


def nothing(_topic: str) -> RawMessage | None:
    return None


def message(payload: bytes, topic: str = "t") -> RawMessage:
    return RawMessage(topic=topic, payload=payload, received=RECEIVED)


def test_the_topic_decides_who_is_asked_first() -> None:
    """Both would read it; the one whose documents name the topic is the likelier."""
    group = (Decoder("a", "g", ("a/#",), reads(b"", "a")), Decoder("b", "g", ("b/#",), reads(b"", "b")))

    assert [item.device for item in decode_in_group(group, message(b"x", "b/1"), nothing)] == ["b"]
    assert [item.device for item in decode_in_group(group, message(b"x", "other"), nothing)] == ["a"]


def test_the_next_is_asked_where_one_does_not_recognise_the_message() -> None:
    """Publishers rename topics: shape counts for more than name."""
    group = (Decoder("a", "g", ("a/#",), reads(b"A", "a")), Decoder("b", "g", (), reads(b"B", "b")))

    assert [item.device for item in decode_in_group(group, message(b"B", "a/1"), nothing)] == ["b"]


def test_a_recognised_but_broken_message_is_tried_no_further() -> None:
    """The generic decoder behind it would read something else out of it."""
    group = (Decoder("a", "g", (), reads(b"", "a", broken=True)), Decoder("b", "g", (), reads(b"", "b")))

    with pytest.raises(Undecodable, match="cut off"):
        decode_in_group(group, message(b"x"), nothing)


def test_where_nobody_knows_the_message_each_ones_reason_is_told() -> None:
    """The dead letter's reader sees what was tried."""
    group = (Decoder("a", "g", (), reads(b"A", "a")), Decoder("b", "g", (), reads(b"B", "b")))

    with pytest.raises(Unrecognised, match=r"a: does not begin with A; b: does not begin with B"):
        decode_in_group(group, message(b"x"), nothing)


def test_groups_and_families_are_both_names() -> None:
    """sources.yaml may name a dialect alone; a group of the same name comes first."""
    one, two, other = (
        Decoder("tasmota", "smarthome", (), reads(b"", "")),
        Decoder("shelly", "smarthome", (), reads(b"", "")),
        Decoder("rec", "rec", (), reads(b"", "")),
    )

    assert by_group([one, two, other]) == {"smarthome": (two, one), "tasmota": (one,), "shelly": (two,), "rec": (other,)}
