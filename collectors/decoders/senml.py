"""SenML packs in JSON (RFC 8428), and SenML of LwM2M objects as Swedish municipal platforms send them.

Base name, time, unit and value hold until they change; a time below 2^28 is relative to now, which is receipt here. `vs`,
`vb` and `vd` are no numbers. The device is the base name without its last separator; the quantity is the record's name.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, finite, json_value
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

KEYS = frozenset({"bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t", "ut"})
RELATIVE_BELOW = 2**28
LWM2M = {  # object/resource of the OMA registry → quantity
    "3303/5700": "temperature",
    "3304/5700": "relative_humidity",
    "3315/5700": "pressure",
    "3328/5700": "active_power",
    "3331/5805": "active_energy_import",
    "3424/1": "water_volume",
    "3316/5700": "voltage",
    "3317/5700": "current",
    "3428/17": "co2",
}
COUNTED = frozenset({"active_energy_import", "water_volume"})
ENERGY_UNITS = frozenset({"J", "Wh", "kWh", "VAh", "varh", "m3", "l"})
NAMES = {"temp": "temperature", "humidity": "relative_humidity"}
BY_UNIT = {"%RH": "relative_humidity", "Cel": "temperature"}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a record with a number."""
    pack = json_value(message)
    if not isinstance(pack, list) or not pack or not all(_is_record(record) for record in pack):
        raise Unrecognised("no SenML pack")
    return _read(pack)


def _is_record(record: Any) -> bool:
    return isinstance(record, dict) and bool(record) and record.keys() <= KEYS and bool({"n", "bn", "v", "vs"} & record.keys())


def _read(pack: list[dict[str, Any]]) -> Iterator[Observation]:
    name, time, unit, base_value = "", 0.0, None, 0.0
    lwm2m = any("urn:oma:lwm2m" in str(record.get("vs", "")) for record in pack)
    for record in pack:
        name = str(record.get("bn", name))
        time = _number(record, "bt", time)
        unit = record.get("bu", unit)
        base_value = _number(record, "bv", base_value)
        value = finite(record.get("v"))
        if value is None and "s" in record:
            value = finite(record["s"])
        if value is None or any(key in record for key in ("vs", "vb", "vd")):
            continue
        own_unit = record.get("u", unit)
        own_name = str(record.get("n", ""))
        if not name + own_name:
            raise Undecodable("a record has neither name nor base name (RFC 8428, 4.5.1)")
        moment = _instant(time + _number(record, "t", 0.0))
        observation = _observation(name, own_name, value + base_value, own_unit, moment, lwm2m)
        if observation is not None:
            yield observation


def _observation(base: str, name: str, value: float, unit: Any, time: datetime | None, lwm2m: bool) -> Observation | None:
    stated = unit if isinstance(unit, str) and unit else None
    device = base.rstrip(":/")
    if lwm2m:
        device, _, number = device.rpartition("/")
        quantity = LWM2M.get(f"{number}/{name}")
        if quantity is None or not device:
            return None
        return Observation(device, quantity, value, stated, time, C if quantity in COUNTED else G)
    quantity = NAMES.get(name, name) or BY_UNIT.get(stated or "", "value")
    if not device:
        device, quantity = name, BY_UNIT.get(stated or "", "value")
    return Observation(device, quantity, value, stated, time, C if stated in ENERGY_UNITS else G)


def _number(record: dict[str, Any], key: str, otherwise: float) -> float:
    value = finite(record.get(key))
    return otherwise if value is None else value


def _instant(seconds: float) -> datetime | None:
    """None where the time is relative to now."""
    return epoch(seconds) if seconds >= RELATIVE_BELOW else None


DECODER = Decoder(family="senml", group="generic", topics=("senml/#",), decode=decode)
