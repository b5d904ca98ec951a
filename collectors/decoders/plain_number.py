"""A plain number on a topic of its own: the device is the level before the last, the quantity the last.

Nothing else is known: no unit (but for names that carry one), no time. The portfolio states the unit, or `sources.yaml` does.
What is not one number (text that begins with digits, a row of values) is no reading.
"""

import re
from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

SUFFIXES = {
    "_kwh": ("kWh", C),
    "_mwh": ("MWh", C),
    "_wh": ("Wh", C),
    "_kw": ("kW", G),
    "_w": ("W", G),
    "_m3": ("m3", C),
    "_c": ("°C", G),
}
EMON = re.compile(r"power\d+")  # emonhub's node-variable form; W by its documentation
NAMES = {"humidity": "relative_humidity"}
STRUCTURED = '{[<"'


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none for a text."""
    levels = message.topic.split("/")
    text = payload_text(message).strip()
    if len(levels) < 2 or (text and text[0] in STRUCTURED) or "|" in text or "=" in text:
        raise Unrecognised("no plain value on a topic of its own")
    value = number_in_text(text)
    if value is None:
        return
    name, device = levels[-1], levels[-2]
    unit, kind = next((found for suffix, found in SUFFIXES.items() if name.lower().endswith(suffix)), (None, G))
    if unit is None and EMON.fullmatch(name):
        yield Observation(device, "active_power", value, "W", None, G, name.removeprefix("power"))
        return
    yield Observation(device, NAMES.get(name, name), value, unit, None, kind)


DECODER = Decoder(family="plain_number", group="generic", topics=("+/+",), decode=decode)
