"""Tasmota: one JSON object with a key a sensor, on tele/<device>/SENSOR or, asked for, on stat/<device>/STATUS8.

Format: Tasmota documentation, Teleinfo, SML and BLE drivers. Total, Yesterday and Today in kWh, Period in Wh, Power in W.
`Time` is a wall clock unless an offset is configured. Seen: POW, Teleinfo, DHT22, LYWSD, pulse counters.
Left out on purpose: Period (since the last message, lost with it), the ESP's own temperature, batteries.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, iso_time, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

ENERGY = {
    "Total": Field("active_energy_import", "kWh", C),
    "Yesterday": Field("active_energy_yesterday", "kWh", G),
    "Today": Field("active_energy_today", "kWh", C),
    "ExportActive": Field("active_energy_export", "kWh", C),
    "Power": Field("active_power_import", "W", G),
    "ApparentPower": Field("apparent_power", "VA", G),
    "ReactivePower": Field("reactive_power", "var", G),
    "Factor": Field("power_factor", "1", G),
    "Frequency": Field("frequency", "Hz", G),
    "Voltage": Field("voltage", "V", G),
    "Current": Field("current", "A", G),
}
TELEINFO = {  # French meters; index registers are Wh
    "BASE": Field("active_energy_import", "Wh", C, "base"),
    "HCHC": Field("active_energy_import", "Wh", C, "hc"),
    "HCHP": Field("active_energy_import", "Wh", C, "hp"),
    "PAPP": Field("apparent_power", "VA", G),
}
CLIMATE = {
    "Humidity": Field("relative_humidity", "%", G),
    "DewPoint": Field("dew_point", "°C", G),
    "CarbonDioxide": Field("co2", "ppm", G),
    "eCO2": Field("co2", "ppm", G),
}
PRESSURE = {"hPa": "hPa", "mmHg": None}
OWN = frozenset({"ESP32", "ESP8266"})  # the chip's own temperature
PHASES = ("l1", "l2", "l3")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key. An array is phases, except `Total`, whose first value is the sum."""
    body = json_object(message)
    inner = body.get("StatusSNS")
    body = inner if isinstance(inner, dict) else body
    sensors = {key: value for key, value in body.items() if isinstance(value, dict)}
    counters = {key: value for key, value in body.items() if key.startswith("Counter") and key[7:].isdigit()}
    if not isinstance(body.get("Time"), str) or not (sensors or counters):
        raise Unrecognised("no Time beside a sensor")
    return _read(body, sensors, counters, message.topic)


def _read(
    body: Mapping[str, Any], sensors: Mapping[str, dict[str, Any]], counters: Mapping[str, Any], topic: str
) -> Iterator[Observation]:
    time = iso_time(body["Time"])
    device = _device(topic, sensors)
    for key, value in counters.items():
        pulses = finite(value)
        if pulses is not None:
            yield Observation(device, "pulses", pulses, "pulses", time, C, key[7:])
    climate = [name for name, sensor in sensors.items() if name not in OWN and not name.startswith(("ENERGY", "TIC"))]
    bluetooth = [name for name in climate if _is_bluetooth(name)]
    for name, sensor in sensors.items():
        if name == "ENERGY":
            yield from _fields(sensor, ENERGY, device, time)
        elif name == "TIC":
            yield from _fields(sensor, TELEINFO, device, time)
        elif name not in OWN:
            channel = "" if len(climate) == 1 or name in bluetooth else name
            unit = "°C" if body.get("TempUnit", "C") == "C" else None
            yield from _climate(sensor, name if name in bluetooth else device, time, unit, channel)


def _is_bluetooth(name: str) -> bool:
    """LYWSD03-52680f: the make, and the end of the sensor's address: a device of its own."""
    make, _, address = name.rpartition("-")
    return bool(make) and len(address) == 6 and all(char in "0123456789abcdefABCDEF" for char in address)


def _device(topic: str, sensors: Mapping[str, dict[str, Any]]) -> str:
    """The French meter's own number, else the topic level of the device."""
    number = sensors.get("TIC", {}).get("ADCO")
    if isinstance(number, str) and number:
        return number
    levels = topic.split("/")
    if len(levels) < 2:
        if all(_is_bluetooth(name) for name in sensors):
            return "-"  # every sensor names itself
        raise Undecodable("no topic level names the device")
    if levels[-1] in ("SENSOR", "STATUS8", "STATUS10"):
        return levels[-3] if len(levels) > 2 and levels[-2] in ("tele", "stat") else levels[-2]
    return levels[-1]


def _fields(sensor: Mapping[str, Any], fields: Mapping[str, Field], device: str, time: datetime | None) -> Iterator[Observation]:
    for key, field in fields.items():
        value = sensor.get(key)
        if isinstance(value, list):
            if key in ("Total", "Yesterday", "Today", "ExportActive"):
                value = value[0] if value else None  # sum first, then tariffs or phases
            else:
                for phase, part in zip(PHASES, value, strict=False):
                    number = finite(part)
                    if number is not None:
                        yield Observation(device, field.quantity, number, field.unit, time, field.accumulation, phase)
                continue
        number = finite(value)
        if number is not None:
            yield Observation(device, field.quantity, number, field.unit, time, field.accumulation, field.channel)


def _climate(
    sensor: Mapping[str, Any], device: str, time: datetime | None, unit: str | None, channel: str
) -> Iterator[Observation]:
    temperature = finite(sensor.get("Temperature"))
    if temperature is not None:
        yield Observation(device, "temperature", temperature, unit, time, G, channel)
    for key, field in CLIMATE.items():
        value = finite(sensor.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, time, G, channel)


DECODER = Decoder(family="tasmota", group="smarthome", topics=("tele/+/SENSOR", "stat/+/STATUS8"), decode=decode)
