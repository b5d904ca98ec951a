"""SenML packs in JSON (RFC 8428), and SenML of LwM2M objects as Swedish municipal platforms send them.

Base name, time, unit and value hold until they change; a time below 2^28 is relative to now, which is receipt here. `vs`, `vb`
and `vd` are no numbers; `s` is a sum over seconds, of W a register of J. The device is the base name without its last separator;
the quantity is the record's name.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from collectors.decoders import _names
from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, finite, json_value
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C = Accumulation.COUNTER

KEYS = frozenset({"bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t", "ut"})
RELATIVE_BELOW = 2**28
MOST_FOREIGN = 2  # keys of a record that the RFC does not know
LWM2M = {  # object/resource of the OMA registry → quantity
    "3303/5700": "temperature",
    "3304/5700": "relative_humidity",
    "3301/5700": "illuminance",
    "3305/5800": "active_power",
    "3305/5805": "active_energy_import",
    "3305/5810": "reactive_power",
    "3305/5815": "reactive_energy_import",
    "3305/5820": "power_factor",
    "3305/5821": "current",
    "3315/5700": "pressure",
    "3323/5700": "pressure",
    "3316/5700": "voltage",
    "3317/5700": "current",
    "3318/5700": "frequency",
    "3325/5700": "concentration",
    "3328/5700": "active_power",
    "3331/5700": "active_energy_import",
    "3331/5805": "active_energy_import",
    "3424/1": "water_volume",
    "3425/1": "gas_volume",
    "3428/17": "co2",
}
NAMES = {"temp": "temperature", "humidity": "relative_humidity", "hum": "relative_humidity"}
BY_UNIT = {"%RH": "relative_humidity", "Cel": "temperature"}
OVER_TIME = {"W": "J", "var": "vars", "A": "C", "l/s": "l", "m3/s": "m3"}  # what the sum of a unit over seconds is in
OBJECT = re.compile(r"(?P<device>.+?)[/:](?P<object>\d{1,5})(?:/\d+)?[/:]?")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a record with a number."""
    pack = json_value(message)
    if not isinstance(pack, list) or not pack or not all(_is_record(record) for record in pack):
        raise Unrecognised("no SenML pack")
    if not any({"n", "bn"} & record.keys() for record in pack):
        raise Unrecognised("no SenML pack: neither name nor base name")
    return _read(pack, message.received)


def _is_record(record: Any) -> bool:
    """Keys that nobody knows may be passed over, but for those that end in "_" (RFC 8428, 4.4)."""
    if not isinstance(record, dict):
        return False
    foreign = record.keys() - KEYS
    return len(foreign) < len(record) and len(foreign) <= MOST_FOREIGN and not any(key.endswith("_") for key in foreign)


def _read(pack: list[dict[str, Any]], received: datetime) -> Iterator[Observation]:
    name, time, unit, base_value, base_sum = "", 0.0, None, 0.0, 0.0
    lwm2m = any("urn:oma:lwm2m" in str(record.get("vs", "")) for record in pack)
    said = set()
    for record in pack:
        name = str(record.get("bn", name))
        time = _number(record, "bt", time)
        unit = record.get("bu", unit)
        base_value = _number(record, "bv", base_value)
        base_sum = _number(record, "bs", base_sum)
        if any(key in record for key in ("vs", "vb", "vd")):
            continue
        stated = record.get("u", unit)
        stated = stated if isinstance(stated, str) and stated else None
        own_name = str(record.get("n", ""))
        moment = _instant(time + _number(record, "t", 0.0), received)
        value, total = finite(record.get("v")), finite(record.get("s"))
        found = []
        if value is not None:
            found.append(_observation(name, own_name, value + base_value, stated, moment, lwm2m))
        if total is not None and stated in OVER_TIME:
            summed = _observation(name, own_name, total + base_sum, OVER_TIME[stated], moment, lwm2m)
            if summed is not None:
                found.append(structs.replace(summed, accumulation=C, channel="sum"))
        for observation in found:
            if observation is not None:
                key = (observation.device, observation.quantity, observation.channel, observation.time)
                if key not in said:
                    said.add(key)
                    yield observation


def _observation(
    base: str, name: str, value: float, stated: str | None, time: datetime | None, lwm2m: bool
) -> Observation | None:
    if not base + name:
        raise Undecodable("a record has neither name nor base name (RFC 8428, 4.5.1)")
    device = base.rstrip(":/")
    if lwm2m:
        found = OBJECT.fullmatch(base)
        quantity = LWM2M.get(f"{found['object']}/{name}") if found is not None else None
        if found is None or quantity is None:
            return None
        return Observation(found["device"], quantity, value, stated, time, _names.accumulation(quantity, stated))
    quantity = NAMES.get(name, name) or BY_UNIT.get(stated or "", "value")
    if not device:
        device, quantity = name, BY_UNIT.get(stated or "", "value")
    if not _names.measures(name) and name:
        return None
    return Observation(device, quantity, value, stated, time, _names.accumulation(name, stated))


def _number(record: dict[str, Any], key: str, otherwise: float) -> float:
    value = finite(record.get(key))
    return otherwise if value is None else value


def _instant(seconds: float, received: datetime) -> datetime | None:
    """None where the time is now; one relative to now counts from receipt."""
    if seconds >= RELATIVE_BELOW:
        return epoch(seconds)
    if not seconds:
        return None
    try:
        return received + timedelta(seconds=seconds)
    except OverflowError:
        return None


DECODER = Decoder(family="senml", group="generic", topics=("senml/#",), decode=decode)
