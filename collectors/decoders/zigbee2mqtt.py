"""Zigbee2MQTT: the cached state of a device on <base>/<friendly name>, or one attribute on <base>/<friendly name>/<attribute>.

Format: Zigbee2MQTT documentation, exposes. power W, energy kWh, voltage V, current A, temperature °C, humidity %; `last_seen` is
the only time. Where a device has `power_phase_b`, its plain `power` is phase A only.
Left out on purpose: link quality, batteries, set points, states, updates.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, iso_time, json_value, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "power": Field("active_power", "W", G),
    "power_apparent": Field("apparent_power", "VA", G),
    "apparent_power": Field("apparent_power", "VA", G),
    "power_reactive": Field("reactive_power", "var", G),
    "power_factor": Field("power_factor", "1", G),
    "voltage": Field("voltage", "V", G),
    "rms_voltage": Field("voltage", "V", G),
    "current": Field("current", "A", G),
    "rms_current": Field("current", "A", G),
    "current_neutral": Field("current", "A", G, "n"),
    "ac_frequency": Field("frequency", "Hz", G),
    "energy": Field("active_energy_import", "kWh", C),
    "produced_energy": Field("active_energy_export", "kWh", C),
    "consumed_energy": Field("active_energy_import", "kWh", C),
    "current_summ_delivered": Field("active_energy_import", "kWh", C),
    "current_summ_received": Field("active_energy_export", "kWh", C),
    **{f"current_tier{n}_summ_delivered": Field("active_energy_import", "kWh", C, f"t{n}") for n in range(1, 11)},
    **{f"energy_tier_{n}": Field("active_energy_import", "kWh", C, f"t{n}") for n in range(1, 11)},
    "temperature": Field("temperature", "°C", G),
    "local_temperature": Field("indoor_temperature", "°C", G),
    "humidity": Field("relative_humidity", "%", G),
    "pressure": Field("pressure", "hPa", G),
    "co2": Field("co2", "ppm", G),
}
PHASED = {"power", "power_apparent", "power_reactive", "power_factor", "voltage", "current", "energy", "produced_energy"}
FIELDS |= {
    f"{key}_phase_{letter}": Field(FIELDS[key].quantity, FIELDS[key].unit, FIELDS[key].accumulation, phase)
    for key in sorted(PHASED)
    for letter, phase in (("a", "l1"), ("b", "l2"), ("c", "l3"))
}
MARKS = frozenset({"linkquality", "last_seen", "update_available", "power_outage_memory"})
CLIMATE_AND_POWER = frozenset(FIELDS) - {"pressure", "temperature", "humidity", "co2"}
LARGEST_CURRENT_A = 200  # a plug that says more counts in milliamperes: a known fault of some plugs
SILENT = frozenset({"last_seen", "linkquality", "availability", "state", "battery", "set", "get"})


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key that has a value; a null is no value."""
    levels = message.topic.split("/")
    if levels[0].startswith("zigbee2mqtt") and len(levels) >= 2 and levels[1] == "bridge":
        return iter(())
    text = payload_text(message)
    if text[:1].strip() != "{" and not text.lstrip().startswith("{"):
        return _attribute(levels, text)
    body = json_value(message)
    ours = levels[0].startswith("zigbee2mqtt") or (isinstance(body, dict) and "linkquality" in body)
    if not isinstance(body, dict) or not ours:
        raise Unrecognised("no state of a Zigbee device")
    return _state(body, _device(body, levels))


def _attribute(levels: list[str], text: str) -> Iterator[Observation]:
    if not levels[0].startswith("zigbee2mqtt") or len(levels) < 3:
        raise Unrecognised("no attribute of a Zigbee device")
    field = FIELDS.get(levels[-1])
    value = number_in_text(text)
    if field is None or value is None:
        return iter(())
    device = "/".join(levels[1:-1])
    return iter((Observation(device, field.quantity, value, field.unit, None, field.accumulation, field.channel),))


def _device(body: Mapping[str, Any], levels: list[str]) -> str:
    serial = body.get("meter_serial_number")
    if isinstance(serial, str) and serial:
        return serial
    if len(levels) > 1:
        return "/".join(levels[1:])
    inner = body.get("device")
    if isinstance(inner, dict) and isinstance(inner.get("friendlyName"), str):
        return str(inner["friendlyName"])
    return "(friendly name)"  # a bridge took the topic away: the portfolio cannot know it by more


def _state(body: Mapping[str, Any], device: str) -> Iterator[Observation]:
    seen = body.get("last_seen")
    time = iso_time(seen) or epoch(seen, 1000.0)
    phased = any(key.endswith("_phase_b") for key in body)
    for key, field in FIELDS.items():
        value = finite(body.get(key))
        if value is None:
            continue
        quantity, unit, channel = field.quantity, field.unit, field.channel
        if phased and not channel and f"{key}_phase_b" in body:
            channel = "l1"
        if quantity == "current" and _in_milliamperes(value, body):
            value, unit = value / 1000, "A"
        yield Observation(device, quantity, value, unit, time, field.accumulation, channel)


def _in_milliamperes(current: float, body: Mapping[str, Any]) -> bool:
    """A plug of 71 W at 243 V does not draw 383 A."""
    power, voltage = finite(body.get("power")), finite(body.get("voltage"))
    if power is None or not voltage:
        return current > LARGEST_CURRENT_A
    return current > 20 and current * voltage > 100 * max(abs(power), 1.0)


DECODER = Decoder(family="zigbee2mqtt", group="smarthome", topics=("zigbee2mqtt/#",), decode=decode)
