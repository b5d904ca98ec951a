"""enode energy nodes: {"Ts", "Va", "Aa", "Pa", …} on enode/<device>/from/energy; letters a, b, c are phases.

Format: seen in use. `Ts` is the uptime in text, and no time. V, A and W by the maker's words.
"""

import re
from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import json_object, number
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

QUANTITIES = {"V": ("voltage", "V"), "A": ("current", "A"), "P": ("active_power", "W")}
TOPIC = re.compile(r"(?:.*/)?(?P<device>[^/]+)/from/energy")
PHASES = {"a": "l1", "b": "l2", "c": "l3"}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    found = TOPIC.fullmatch(message.topic)
    if found is None:
        raise Unrecognised("no topic of an energy node")
    body = json_object(message)
    for phase, channel in PHASES.items():
        for letter, (quantity, unit) in QUANTITIES.items():
            value = number(body, f"{letter}{phase}")
            if value is not None:
                yield Observation(found["device"], quantity, value, unit, None, Accumulation.GAUGE, channel)


DECODER = Decoder(family="enode", group="generic", topics=("enode/+/from/energy",), decode=decode)
