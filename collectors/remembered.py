"""The last message on every topic that some decoder needs later: births with their aliases, units, discovery."""

from collections.abc import Iterable

from collectors.decoding import Decoder, topic_matches
from collectors.messages import RawMessage

LIMIT = 100_000  # topics; at a few hundred bytes each some tens of MB, and no estate has that many nodes


class Remembered:
    """Topic → the last message, for topics that match any decoder's `remembers`.

    Observing the same message again changes nothing. The topic remembered longest ago gives way when `limit` is reached.
    """

    def __init__(self, decoders: Iterable[Decoder], limit: int = LIMIT) -> None:
        self._filters = tuple(sorted({pattern for decoder in decoders for pattern in decoder.remembers}))
        self._messages: dict[str, RawMessage] = {}
        self._limit = limit

    def wants(self, topic: str) -> bool:
        """Whether any decoder needs messages of the topic later."""
        return any(topic_matches(pattern, topic) for pattern in self._filters)

    def observe(self, message: RawMessage) -> bool:
        """Keep the message if its topic is wanted; whether it was."""
        if message.topic not in self._messages and not self.wants(message.topic):
            return False
        self._messages.pop(message.topic, None)
        while len(self._messages) >= self._limit:
            del self._messages[next(iter(self._messages))]
        self._messages[message.topic] = message
        return True

    def recall(self, topic: str) -> RawMessage | None:
        """The last message on the topic."""
        return self._messages.get(topic)

    def messages(self) -> tuple[RawMessage, ...]:
        """All that is remembered, the longest remembered first: what a file of it has to hold."""
        return tuple(self._messages.values())
