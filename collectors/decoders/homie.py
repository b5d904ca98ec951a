"""Homie 3 to 5: one value as text a property, homie[/5]/<device>/<node>/<property>; unit and type in retained attributes.

Format: homieiot.github.io, convention 4 ($unit and $datatype below the property) and 5 ($description of the device). Without, the
property's own name says what it is, where it is a plain one; anything else has no unit.
Left out on purpose: $state and the other lifecycle attributes.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from collectors.decoding import Decoder, Recall
from collectors.fields import number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import UNITS, Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

BY_NAME = {"temperature": ("temperature", "°C"), "humidity": ("relative_humidity", "%"), "power": ("active_power", "W")}
BY_DIMENSION = {
    "energy": ("energy", C),
    "power": ("active_power", G),
    "volume": ("water_volume", C),
    "temperature": ("temperature", G),
}
NUMERIC = frozenset({"integer", "float", "percent", ""})
VERSION5 = "5"


def decode(message: RawMessage, recall: Recall) -> Iterator[Observation]:
    """One observation, or none for an attribute or a text."""
    levels = message.topic.split("/")
    if levels[0] != "homie" or len(levels) < 3:
        raise Unrecognised("no topic of Homie")
    if any(level.startswith("$") for level in levels):
        return iter(())
    path = levels[2:] if levels[1] == VERSION5 else levels[1:]
    if len(path) != 3:
        return iter(())
    text = payload_text(message).strip().strip('"')
    value = number_in_text(text)
    if value is None:
        return iter(())
    device, node, name = path
    unit, datatype = _described(levels, node, name, recall)
    if datatype not in NUMERIC:
        return iter(())
    quantity, kind = name, G
    if unit is None and name in BY_NAME:
        quantity, unit = BY_NAME[name]
    elif unit in UNITS and name not in BY_NAME:
        quantity, kind = BY_DIMENSION.get(UNITS[unit].dimension, (name, G))
    elif name in BY_NAME:
        quantity = BY_NAME[name][0]
    return iter((Observation(f"{device}/{node}", quantity, value, unit, None, kind),))


def _described(levels: list[str], node: str, name: str, recall: Recall) -> tuple[str | None, str]:
    """(unit, datatype) as the device announced them, earlier."""
    unit = recall("/".join([*levels, "$unit"]))
    kind = recall("/".join([*levels, "$datatype"]))
    if unit is not None or kind is not None:
        return _text(unit) or None, _text(kind)
    described = recall("/".join([*levels[:-2], "$description"]))
    if described is None:
        return None, ""
    try:
        body: Any = orjson.loads(described.payload)
    except orjson.JSONDecodeError:
        return None, ""
    for key in ("nodes", node, "properties", name):
        body = body.get(key) if isinstance(body, dict) else None
    if not isinstance(body, dict):
        return None, ""
    unit_text, type_text = body.get("unit"), body.get("datatype")
    return unit_text if isinstance(unit_text, str) else None, type_text if isinstance(type_text, str) else ""


def _text(message: RawMessage | None) -> str:
    return "" if message is None else message.payload.decode("utf-8", "replace").strip()


DECODER = Decoder(
    family="homie",
    group="smarthome",
    topics=("homie/#",),
    decode=decode,
    remembers=("homie/+/+/+/$unit", "homie/+/+/+/$datatype", "homie/5/+/$description"),
)
