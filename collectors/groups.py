"""A group is tried in order until one of its decoders recognises the message."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from collectors.decoding import Decoder, Recall, topic_matches
from collectors.messages import Observation, RawMessage
from config.errors import Unrecognised

REASON_LENGTH = 60  # a dead letter's reason is read in a list: the start of each decoder's words is enough


def by_group(decoders: Iterable[Decoder]) -> dict[str, tuple[Decoder, ...]]:
    """Group name → its decoders by family; a decoder's own family names a group of one, unless a group has that name."""
    groups: dict[str, list[Decoder]] = {}
    alone: dict[str, tuple[Decoder, ...]] = {}
    for decoder in sorted(decoders, key=lambda item: item.family):
        groups.setdefault(decoder.group, []).append(decoder)
        alone[decoder.family] = (decoder,)
    return alone | {name: tuple(members) for name, members in groups.items()}


def decode_in_group(decoders: Sequence[Decoder], message: RawMessage, recall: Recall) -> list[Observation]:
    """What the first decoder that recognises the message reads in it.

    Those whose `topics` cover the message's topic are tried first, then the others; each in the order of `decoders`, which
    `by_group` sorts by family.

    Raises:
        Unrecognised: none knows the message; its words name each one's reason.
        MessageError: the decoder that recognised it found it broken.
    """
    if len(decoders) == 1:
        return list(decoders[0].decode(message, recall))
    refusals = []
    topic = message.topic
    for wanted in (True, False):
        for decoder in decoders:
            if _covers(decoder.topics, topic) is not wanted:
                continue
            try:
                return list(decoder.decode(message, recall))
            except Unrecognised as error:
                refusals.append(f"{decoder.family}: {str(error)[:REASON_LENGTH]}")
    raise Unrecognised(f"no decoder knows it ({'; '.join(refusals)})" if refusals else "the group has no decoder")


@lru_cache(maxsize=65536)
def _covers(filters: tuple[str, ...], topic: str) -> bool:
    return any(topic_matches(pattern, topic) for pattern in filters)
