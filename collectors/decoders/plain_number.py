"""A plain number on a topic of its own: the device is the level before the last, the quantity the last.

Nothing else is known: no unit (but for names that carry one), no time. The portfolio states the unit, or `sources.yaml` does.
What is not one number (text that begins with digits, a row of values) is no reading, nor is a serial number or a version.
"""

import re
from collections.abc import Iterator

from collectors.decoders import _names
from collectors.decoding import Decoder, Recall
from collectors.fields import number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

G = Accumulation.GAUGE

EMON = re.compile(r"power(\d+)")  # emonhub's node-variable form; W by its documentation
ROW = re.compile(r"(?:.*/)?rx/\d+/(?:values|rssi)")  # emonhub's node form: names, units and scales are configuration of the node
NAMES = {"humidity": "relative_humidity"}
STRUCTURED = "{[<"
COMPOSED = re.compile(r"[|=]|\n.")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none for a text."""
    levels = [level for level in message.topic.split("/") if level]
    text = payload_text(message).strip()
    if not levels or (text and text[0] in STRUCTURED) or COMPOSED.search(text):
        raise Unrecognised("no plain value on a topic of its own")
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    value = number_in_text(text)
    name, device = levels[-1], levels[-2] if len(levels) > 1 else levels[-1]
    if value is None or not _names.measures(name) or ROW.fullmatch(message.topic):
        return
    unit, emon = _names.unit(name), EMON.fullmatch(name)
    if unit is None and emon is not None:
        yield Observation(device, "active_power", value, "W", None, G, emon[1])
        return
    yield Observation(device, NAMES.get(name, name), value, unit, None, _names.accumulation(name, unit))


DECODER = Decoder(family="plain_number", group="generic", topics=("+/+",), decode=decode)
