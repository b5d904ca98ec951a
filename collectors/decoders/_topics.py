"""One plain number a topic: what several makers' bridges have in common."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from collectors.fields import Field, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.errors import Undecodable, Unrecognised


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a topic names: the device, and how the number is to be read; None where it is no measurement."""

    device: str
    field: Field | None


def plain_value(
    message: RawMessage, recognised: re.Match[str] | None, leaf: Callable[[re.Match[str]], Leaf]
) -> Iterator[Observation]:
    """One observation of a plain number; none for text, an empty payload, or a topic that is no measurement.

    Raises:
        Unrecognised: the topic is not this maker's.
        Undecodable: a measurement's payload is neither empty nor a finite number nor one of the words for none.
    """
    if recognised is None:
        raise Unrecognised("another maker's topic")
    found = leaf(recognised)
    text = payload_text(message).strip()
    if found.field is None or text.lower() in NO_VALUE:
        return
    value = number_in_text(text)
    if value is None:
        raise Undecodable(f"{message.topic.rpartition('/')[2]}: a number was expected, not {text[:30]!r}")
    field = found.field
    yield Observation(found.device, field.quantity, value, field.unit, None, field.accumulation, field.channel)


NO_VALUE = frozenset(
    {"", "nan", "+nan", "-nan", "inf", "+inf", "-inf", "null", "none", "unknown", "unavailable", "true", "false"}
)


def first_matching(table: Mapping[re.Pattern[str], Field | None], name: str) -> Field | None:
    """The field of the first pattern that covers the whole name."""
    return next((field for pattern, field in table.items() if pattern.fullmatch(name)), None)
