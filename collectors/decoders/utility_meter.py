"""P1 dongle (CoFy box): one value a topic, data/devices/utility_meter/<metric>, in four payload formats.

Format: the dongle's documentation: plain number, {unit, value}, the same with timestamp, and CoFy's form. Energy in kWh,
power in kW, gas and water in m³.
"""

from collections.abc import Iterator
from datetime import datetime

import orjson

from collectors.decoders._topics import NO_VALUE
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "active_power_consumption": Field("active_power_import", "kW", G),
    "active_power_injection": Field("active_power_export", "kW", G),
    "total_active_power": Field("active_power", "kW", G),
    "total_energy_consumed": Field("active_energy_import", "kWh", C),
    "total_energy_injected": Field("active_energy_export", "kWh", C),
    "energy_consumed_tariff1": Field("active_energy_import", "kWh", C, "t1"),
    "energy_consumed_tariff2": Field("active_energy_import", "kWh", C, "t2"),
    "energy_injected_tariff1": Field("active_energy_export", "kWh", C, "t1"),
    "energy_injected_tariff2": Field("active_energy_export", "kWh", C, "t2"),
    **{f"voltage_phase_l{n}": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    **{f"current_phase_l{n}": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
    **{f"active_power_consumption_l{n}": Field("active_power_import", "kW", G, f"l{n}") for n in (1, 2, 3)},
    **{f"active_power_injection_l{n}": Field("active_power_export", "kW", G, f"l{n}") for n in (1, 2, 3)},
    "natural_gas": Field("gas_volume", "m3", C),
    "total_gas_consumed": Field("gas_volume", "m3", C),
    "water": Field("water_volume", "m3", C),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation of a known metric."""
    base, _, name = message.topic.rpartition("/")
    field, device = FIELDS.get(name), base.rpartition("/")[2]
    if field is None or not device:
        raise Unrecognised("no metric of the dongle")
    text = payload_text(message).strip()
    if text.lower() in NO_VALUE:
        return
    value, unit, time = _read(text)
    yield Observation(device, field.quantity, value, unit or field.unit, time, field.accumulation, field.channel)


def _read(payload: str) -> tuple[float, str | None, datetime | None]:
    value = number_in_text(payload)
    if value is not None:
        return value, None, None
    try:
        body = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"neither a number nor JSON: {error}") from error
    value = finite(body.get("value")) if isinstance(body, dict) else None
    if value is None:
        raise Undecodable("value: a number was expected")
    unit = body.get("unit")
    return value, unit if isinstance(unit, str) else None, epoch(body.get("timestamp"))


DECODER = Decoder(family="utility_meter", group="han-p1", topics=("data/devices/utility_meter/+",), decode=decode)
