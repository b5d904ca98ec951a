"""smarthomeNG: one value as text a topic, smarthomeng/<item path>, the items named in German by their owner.

Format: smarthomeNG, plugin mqtt. What an item is follows from its last name where that is a plain word; units are the
common ones of those words. Left out on purpose: items whose names say nothing certain.
"""

import re
from collections.abc import Iterator

from collectors.decoders._topics import Leaf, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE

TOPIC = re.compile(r"(?:smarthomeng|shng)/(?P<device>.+)/(?P<name>[^/]+)")
FIELDS = {
    "leistung": Field("active_power_production", "W", G),
    "spannung": Field("voltage", "V", G),
    "strom": Field("current", "A", G),
    "temperatur": Field("temperature", "°C", G),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none."""
    return plain_value(message, TOPIC.fullmatch(message.topic), lambda found: Leaf(found["device"], FIELDS.get(found["name"])))


DECODER = Decoder(family="smarthomeng", group="solar", topics=("smarthomeng/#",), decode=decode)
