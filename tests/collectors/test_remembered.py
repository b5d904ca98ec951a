"""What is remembered for decoders that need an earlier message."""

from datetime import UTC, datetime

from collectors.decoding import Decoder
from collectors.messages import RawMessage
from collectors.remembered import Remembered

DECODERS = [Decoder("s", "s", (), lambda _message, _recall: (), remembers=("births/#", "units/+"))]


def message(topic: str, payload: bytes = b"x") -> RawMessage:
    return RawMessage(topic=topic, payload=payload, received=datetime(2026, 11, 23, tzinfo=UTC))


def test_the_last_message_on_a_wanted_topic_is_recalled() -> None:
    """A node that is born again has new aliases."""
    remembered = Remembered(DECODERS)
    remembered.observe(message("births/n", b"first"))
    remembered.observe(message("births/n", b"second"))

    assert remembered.recall("births/n") == message("births/n", b"second")


def test_other_topics_are_not_kept() -> None:
    """Data topics are many and long; only what a decoder names is worth memory."""
    remembered = Remembered(DECODERS)

    assert not remembered.observe(message("data/n"))
    assert remembered.recall("data/n") is None
    assert remembered.messages() == ()


def test_memory_is_bounded_and_the_oldest_gives_way() -> None:
    """A publisher that invents topics must not fill the machine."""
    remembered = Remembered(DECODERS, limit=2)
    for topic in ("units/a", "units/b", "units/a", "units/c"):
        remembered.observe(message(topic))

    assert [kept.topic for kept in remembered.messages()] == ["units/a", "units/c"]
