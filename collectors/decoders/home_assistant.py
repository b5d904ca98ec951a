"""ESPHome (<node>/sensor/<object>/state), Home Assistant's statestream (<base>/<domain>/<entity>/state) and discovery.

Format: their documentation. A state is a number as text, bare or in quotes, or a word (unknown, unavailable, on). Units stand in
the discovery message (ESPHome) or on a topic beside the state (statestream); without either the end of the object's name tells
powers and energies apart, and else none is given. Discovery and attributes are no readings themselves.
"""

import re
from collections.abc import Iterator

import orjson

from collectors.decoders import _names
from collectors.decoding import Decoder, Recall
from collectors.fields import number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import UNITS
from config.errors import Unrecognised

DOMAINS = (
    "sensor|binary_sensor|number|input_number|counter|switch|light|climate|select|text_sensor|button|fan|cover|event|text|update|"
    "lock|valve|water_heater|weather|person|device_tracker|automation|script|sun|zone|input_boolean|input_select|camera|media_player"
)
STATE = re.compile(rf"(?P<node>.+)/(?P<domain>{DOMAINS})/(?P<name>[^/]+)/state")
NODE_STATE = re.compile(rf"[^/]+/(?P<domain>{DOMAINS})/(?P<node>[^/]+)/(?P<name>[^/]+)/state")
ATTRIBUTE = re.compile(rf"(?P<base>[^/]+)/(?:{DOMAINS})/[a-z0-9_]+/(?P<attribute>[a-z][a-z0-9_]*)")
ATTRIBUTES = frozenset(
    {"last_updated", "last_changed", "attributes", "unit_of_measurement", "device_class", "state_class", "friendly_name", "icon"}
)
CONFIG = re.compile(rf"(?:.+/)?[^/]+/(?:{DOMAINS})/(?:[^/]+/)?[^/]+/config")
BASES = frozenset({"homeassistant", "statestream", "hass", "ha"})
MEASURING = frozenset({"sensor"})
DEMAND = re.compile(r".*power(_demand)?")  # W in ESPHome's own power sensors


def decode(message: RawMessage, recall: Recall) -> Iterator[Observation]:
    """One observation of a sensor's state; none for words, times and descriptions."""
    topic = message.topic
    found = NODE_STATE.fullmatch(topic) if topic.partition("/")[0] in BASES else None
    found = found or STATE.fullmatch(topic)
    if found is None:
        attribute = ATTRIBUTE.fullmatch(topic)
        if CONFIG.fullmatch(topic) or (
            attribute is not None and (attribute["attribute"] in ATTRIBUTES or attribute["base"] in BASES)
        ):
            return
        raise Unrecognised("no state")
    value = number_in_text(payload_text(message).strip().strip('"'))
    name, node = found["name"], found["node"].rpartition("/")[2]
    if value is None or found["domain"] not in MEASURING or not _names.measures(name):
        return
    unit = _unit(topic, node, name, recall)
    if node in BASES:  # statestream: the entity is all that names the device
        node = name
    yield Observation(node, name, value, unit, None, _names.accumulation(name, unit))


def _unit(topic: str, node: str, name: str, recall: Recall) -> str | None:
    beside = recall(f"{topic.removesuffix('/state')}/unit_of_measurement")
    if beside is not None:
        return _known(beside.payload.decode("utf-8", "replace").strip().strip('"'))
    for base in ("homeassistant", "homeassistant_discovery"):
        described = recall(f"{base}/sensor/{node}/{name}/config")
        if described is not None:
            try:
                body = orjson.loads(described.payload)
            except orjson.JSONDecodeError:
                continue
            stated = body.get("unit_of_meas", body.get("unit_of_measurement")) if isinstance(body, dict) else None
            if isinstance(stated, str):
                return _known(stated.strip())
    return _names.unit(name) or ("W" if DEMAND.fullmatch(name) else None)


def _known(unit: str) -> str | None:
    spelt = {"L": "l", "L/min": "l/min", "L/h": "l/h"}.get(unit, unit)
    return spelt if spelt in UNITS else None


DECODER = Decoder(
    family="home_assistant",
    group="generic",
    topics=("+/sensor/+/state", "homeassistant/#"),
    decode=decode,
    remembers=("homeassistant/sensor/+/+/config", "+/sensor/+/unit_of_measurement"),
)
