"""The seam of the decoders: one message in, observations out. Pure: no I/O, no clock, no configuration.

A decoder yields nothing for a message that it knows and that carries no reading (a status, a command, an empty value), raises
`Unrecognised` for one that has not its shape, and `Undecodable` for one that has it and is broken. A dialect of a group
(several firmwares publish under one name) is a decoder of its own; a group is tried in order until one recognises the message.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from collectors.messages import Observation, RawMessage

Recall = Callable[[str], RawMessage | None]  # the last message on a topic that the family remembers
Decode = Callable[[RawMessage, Recall], Iterable[Observation]]


@dataclass(frozen=True, slots=True)
class Decoder:
    """A device family's decoder: a value, not a subclass.

    Attributes:
        family: its own name, the one in `sources.yaml`.
        group: the family of `../shared/payloads` and of `energimonitor decode` to which it belongs.
        topics: MQTT filters that the family's documents name as default; they order the attempts within a group.
        decode: raises MessageError; must consume its input lazily or not, either is fine.
        remembers: MQTT filters of messages that later ones need (births, units); `recall(topic)` gives the last of each.
    """

    family: str
    group: str
    topics: tuple[str, ...]
    decode: Decode
    remembers: tuple[str, ...] = ()


def topic_matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT topic filter (`+`, `#`) covers `topic` (MQTT 5, section 4.7)."""
    wanted, levels = pattern.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels)
