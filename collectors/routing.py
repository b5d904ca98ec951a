"""From a topic to the source that covers it and the decoders that may know its messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collectors.decoding import Decoder, topic_matches
from collectors.groups import by_group
from config.domain.sources import Source
from config.errors import ConfigurationError

TOPICS_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Route:
    """`decoders` is empty where the source ignores its messages on purpose."""

    source: Source
    decoders: tuple[Decoder, ...]


class Routing:
    """The first source whose filter covers a topic is the one.

    Raises:
        ConfigurationError: a source names a family that no decoder has.
    """

    def __init__(self, sources: Sequence[Source], decoders: Iterable[Decoder]) -> None:
        groups = by_group(decoders)
        for source in sources:
            if source.family is not None and source.family not in groups:
                known = ", ".join(sorted(groups))
                raise ConfigurationError(f"sources.yaml: {source.topic}: no decoder {source.family!r}; there are {known}")
        self._routes = [Route(source, groups[source.family] if source.family else ()) for source in sources]
        self._found: dict[str, Route | None] = {}

    @property
    def filters(self) -> tuple[str, ...]:
        """What is to be subscribed to; ignored sources too, because the journal keeps everything."""
        return tuple(dict.fromkeys(route.source.topic for route in self._routes))

    def route(self, topic: str) -> Route | None:
        """The topic's route; None where no source covers it."""
        try:
            return self._found[topic]
        except KeyError:
            if len(self._found) >= TOPICS_REMEMBERED:
                self._found.clear()
            found = next((route for route in self._routes if topic_matches(route.source.topic, topic)), None)
            self._found[topic] = found
            return found

    def families(self) -> Mapping[str, str]:
        """Filter → family, for people."""
        return {route.source.topic: route.source.family or "—" for route in self._routes}
