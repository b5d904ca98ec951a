"""ESPHome (<node>/sensor/<object>/state), Home Assistant's statestream (<base>/<domain>/<entity>/state) and discovery.

Format: their documentation. A state is a number as text, bare or in quotes, or a word (unknown, unavailable, on). Units
stand in the discovery message only; for ESPHome the end of the object's name tells powers and energies apart, without it
none is given.
"""

import re
from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

STATE = re.compile(
    r"(?P<node>.+)/(?P<domain>sensor|binary_sensor|number|switch|light|climate|select|text_sensor)/(?P<name>[^/]+)/state"
)
STATESTREAM = re.compile(r"(?:[^/]+/)?[a-z_]+/[a-z0-9_]+/(?:last_updated|last_changed|attributes|[a-z_]+)")
CONFIG = re.compile(r"homeassistant/[a-z_]+/(?:[^/]+/)?[^/]+/config")
MEASURING = frozenset({"sensor"})
UNITS = ((re.compile(r".*power(_demand|_w)?"), "W"), (re.compile(r".*_kwh"), "kWh"), (re.compile(r".*_wh"), "Wh"))


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation of a sensor's state; none for words, times and descriptions."""
    topic = message.topic
    found = STATE.fullmatch(topic)
    if found is None:
        if CONFIG.fullmatch(topic) or (topic.startswith("homeassistant/") and STATESTREAM.fullmatch(topic)):
            return
        raise Unrecognised("no state")
    value = number_in_text(payload_text(message).strip().strip('"'))
    if value is None or found["domain"] not in MEASURING:
        return
    name = found["name"]
    unit = next((unit for pattern, unit in UNITS if pattern.fullmatch(name)), None)
    yield Observation(found["node"], name, value, unit, None, C if unit in ("kWh", "Wh") else G)


DECODER = Decoder(family="home_assistant", group="generic", topics=("+/sensor/+/state", "homeassistant/#"), decode=decode)
