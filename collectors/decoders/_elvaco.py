"""What an Elvaco module or gateway reads in a meter: M-Bus records as observations.

Format: Elvaco manuals of CMi4110, CMi4111, CMi4130, CMi4140, CMi4160, CMi4170 (one byte of message format, then M-Bus
records with the meter's number, or JSON in ASCII) and CMe3100 (M-Bus answers).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from collectors.decoders import _mbus
from collectors.fields import Field, finite, number_in_text
from collectors.messages import Observation
from config.domain.quantities import Accumulation
from config.errors import Undecodable

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

MESSAGE_FORMATS = range(
    0x40
)  # every module has its own numbers for standard, compact, JSON, scheduled …: the records say what they are
MEDIUM_QUANTITIES = {
    ("energy", "electricity"): "active_energy_import",
    ("energy", "cooling"): "cooling_energy",
    ("energy", "gas"): "gas_energy",
    ("power", "electricity"): "active_power",
    ("volume", "gas"): "gas_volume",
    ("volume", "water"): "water_volume",
    ("volume", "cold water"): "water_volume",
    ("volume", "warm water"): "hot_water_volume",
    ("external_temperature", "room"): "indoor_temperature",
    ("flow_temperature", "cold water"): "water_temperature",
    ("flow_temperature", "water"): "water_temperature",
    ("flow_temperature", "warm water"): "water_temperature",
}
QUANTITIES = {
    "energy": "heat_energy",
    "power": "heat_power",
    "volume": "volume",
    "flow": "volume_flow",
    "flow_temperature": "flow_temperature",
    "return_temperature": "return_temperature",
    "temperature_difference": "temperature_difference",
    "external_temperature": "temperature",
    "operating_time": "operating_time",
    "on_time": "operating_time",
    "relative_humidity": "relative_humidity",
    "pressure": "pressure",
    "voltage": "voltage",
    "current": "current",
    "frequency": "frequency",
    "reactive_power": "reactive_power",
    "apparent_power": "apparent_power",
    "reactive_energy": "reactive_energy_import",
    "heat_cost_allocation": "heat_cost_allocation",
    "pulses": "pulses",
}
# units that nothing downstream knows, and what one of them is in one that it does
CONVERTED = {"J/h": ("W", 1 / 3600), "GJ/h": ("W", 1e9 / 3600), "m3/min": ("m3/h", 60.0), "m3/s": ("m3/h", 3600.0)}
JSON_VALUES = {
    "E": (Field("heat_energy", None, _C), "U"),
    "V": (Field("volume", None, _C), "VU"),
    "P": (Field("heat_power", None, _G), "PU"),
    "F": (Field("volume_flow", None, _G), "FU"),
    "FT": (Field("flow_temperature", None, _G), "TU"),
    "RT": (Field("return_temperature", None, _G), "RU"),
}
JSON_UNITS = {"C": "°C", "°C": "°C", "l": "l", "m^3": "m3", "m3/h": "m3/h", "kCal": "kCal"}


def frame_observations(data: bytes, device: str, time: datetime | None) -> Iterator[Observation]:
    """What a module's LoRaWAN frame says, with or without its byte of message format; JSON frames too.

    Raises:
        Undecodable: it is neither records nor JSON.
    """
    body = data[1:] if data and data[0] in MESSAGE_FORMATS and data[1:2] == b"{" else data
    if body[:1] == b"{":
        try:
            content = orjson.loads(body.rstrip(b"\0"))
        except orjson.JSONDecodeError as error:
            raise Undecodable(f"Elvaco: JSON frame: {error}") from error
        yield from json_observations(content, device, time)
        return
    yield from record_observations(_module_records(data), "heat", device, time, stored=True)


def is_module_frame(data: bytes) -> bool:
    """Whether the bytes are records with the meter's number, as no other device sends them."""
    try:
        return meter_number(data) != ""
    except Undecodable:
        return False


def meter_number(data: bytes) -> str:
    """The meter's number in a module's frame; "" where it has none."""
    numbers = (
        record.value for record in _module_records(data) if record.kind is not None and record.kind.quantity == "identification"
    )
    return next((number for number in numbers if isinstance(number, str)), "")


def record_observations(
    records: list[_mbus.Record] | tuple[_mbus.Record, ...], medium: str, device: str, time: datetime | None, stored: bool
) -> Iterator[Observation]:
    """One observation a valid number; stored (storage number above 0) values only where `stored` asks for them."""
    for record in records:
        kind, value = record.kind, record.value
        if (
            kind is None
            or not isinstance(value, float)
            or record.function == _mbus.DURING_ERROR
            or (record.storage and not stored)
        ):
            continue
        quantity = MEDIUM_QUANTITIES.get((kind.quantity, medium)) or QUANTITIES.get(kind.quantity)
        if quantity is None:
            continue
        if record.backward and quantity == "active_energy_import":
            quantity = "active_energy_export"
        elif record.backward and quantity == "heat_energy":
            quantity = "cooling_energy"
        unit, factor = CONVERTED.get(kind.unit or "", (kind.unit, 1.0))
        parts = [record.channel] if record.channel else []
        if kind.quantity == "on_time":
            parts.insert(0, "on_time")
        yield Observation(device, quantity, _tidy(value * factor), unit, time, kind.accumulation, ".".join(parts))


def json_observations(content: Any, device: str, time: datetime | None) -> Iterator[Observation]:
    """The values of Elvaco's JSON format; each has its unit in a key of its own, chosen by the meter."""
    if not isinstance(content, dict):
        raise Undecodable("Elvaco: a JSON object was expected")
    for key, (field, unit_key) in JSON_VALUES.items():
        raw = content.get(key)
        value = number_in_text(raw) if isinstance(raw, str) else finite(raw)
        if value is None:
            continue
        sent = content.get(unit_key)
        unit = JSON_UNITS.get(sent, sent) if isinstance(sent, str) and sent else None
        yield Observation(device, field.quantity, value, unit, time, field.accumulation)


def _module_records(data: bytes) -> list[_mbus.Record]:
    if not data or data[0] not in MESSAGE_FORMATS:
        raise Undecodable("Elvaco: the frame does not begin with a message format")
    return _mbus.records(data[1:])


def _tidy(value: float) -> float:
    """Without the noise of a decimal factor: 257 x 0.1 is 25.7."""
    return float(f"{value:.12g}")
