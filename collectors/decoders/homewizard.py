"""HomeWizard P1 meter and kWh meters: the answer of the local API, forwarded unchanged by bridges.

Format: HomeWizard Energy API v1 (/api/v1/data) and v2 (/api/measurement), whose times are wall clocks without an offset.
`total_power_import_kwh` is energy in spite of its name; export is negative power and negative current. Left out on purpose:
counts of sags and failures, the month's peak (it has its own time), gas among `external` where it repeats total_gas_m3.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.decoders._obis import stamp
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, iso_time, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "total_power_import_kwh": Field("active_energy_import", "kWh", C),
    "total_power_export_kwh": Field("active_energy_export", "kWh", C),
    **{f"total_power_import_t{n}_kwh": Field("active_energy_import", "kWh", C, f"t{n}") for n in (1, 2, 3, 4)},
    **{f"total_power_export_t{n}_kwh": Field("active_energy_export", "kWh", C, f"t{n}") for n in (1, 2, 3, 4)},
    "active_power_w": Field("active_power", "W", G),
    **{f"active_power_l{n}_w": Field("active_power", "W", G, f"l{n}") for n in (1, 2, 3)},
    "active_voltage_v": Field("voltage", "V", G),
    **{f"active_voltage_l{n}_v": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    "active_current_a": Field("current", "A", G),
    **{f"active_current_l{n}_a": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
    "active_frequency_hz": Field("frequency", "Hz", G),
    "active_power_average_w": Field("active_power_average", "W", G),
    "active_apparent_power_va": Field("apparent_power", "VA", G),
    "active_reactive_power_var": Field("reactive_power", "var", G),
    "active_power_factor": Field("power_factor", "1", G),
    **{f"active_apparent_power_l{n}_va": Field("apparent_power", "VA", G, f"l{n}") for n in (1, 2, 3)},
    **{f"active_reactive_power_l{n}_var": Field("reactive_power", "var", G, f"l{n}") for n in (1, 2, 3)},
    **{f"active_power_factor_l{n}": Field("power_factor", "1", G, f"l{n}") for n in (1, 2, 3)},
    "total_liter_m3": Field("water_volume", "m3", C),
    "active_liter_lpm": Field("volume_flow", "l/min", G),
}
SECOND = {  # the names of v2
    "energy_import_kwh": Field("active_energy_import", "kWh", C),
    "energy_export_kwh": Field("active_energy_export", "kWh", C),
    **{f"energy_import_t{n}_kwh": Field("active_energy_import", "kWh", C, f"t{n}") for n in (1, 2, 3, 4)},
    **{f"energy_export_t{n}_kwh": Field("active_energy_export", "kWh", C, f"t{n}") for n in (1, 2, 3, 4)},
    **{key.removeprefix("active_").replace("power_average", "average_power_15m"): field for key, field in FIELDS.items()
       if key.startswith("active_") and key != "active_liter_lpm"},
}  # fmt: skip


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    body = json_object(message)
    first = bool({"wifi_ssid", "smr_version", "meter_model"} & body.keys()) and bool(FIELDS.keys() & body.keys())
    if not first and not {"power_w", "energy_import_kwh"} <= body.keys():
        raise Unrecognised("no answer of HomeWizard")
    device = body.get("unique_id") or body.get("serial") or _level(message.topic)
    if not isinstance(device, str) or not device:
        raise Undecodable("unique_id: the meter's number was expected")
    time = _moment(body.get("timestamp"))
    for key, field in (FIELDS if first else SECOND).items():
        value = finite(body.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel)
    gas = finite(body.get("total_gas_m3"))
    if gas is not None:
        meter = body.get("gas_unique_id")
        yield Observation(
            meter if isinstance(meter, str) and meter else device,
            "gas_volume", gas, "m3", _moment(body.get("gas_timestamp")), C,
        )  # fmt: skip
    external = body.get("external")
    for entry in external if isinstance(external, list) else []:
        if isinstance(entry, dict) and not (gas is not None and entry.get("type") == "gas_meter"):
            yield from _external(entry)


def _level(topic: str) -> str:
    """The level that names the device: the one before what is published there."""
    levels = [level for level in topic.split("/") if level]
    return levels[-2] if len(levels) > 1 else "".join(levels)


def _moment(value: Any) -> datetime | None:
    """YYMMDDhhmmss as a number (v1), or ISO (v2)."""
    return iso_time(value) or stamp(str(value))


EXTERNAL = {
    "gas_meter": "gas_volume",
    "inlet_heat_meter": "heat_energy",
    "water_meter": "water_volume",
    "warm_water_meter": "hot_water_volume",
    "heat_meter": "heat_energy",
}


def _external(entry: Mapping[str, Any]) -> Iterator[Observation]:
    """A meter on the electricity meter's bus, with its own number, unit and time."""
    quantity, value = EXTERNAL.get(str(entry.get("type"))), finite(entry.get("value"))
    meter, unit = entry.get("unique_id"), entry.get("unit")
    if quantity is not None and value is not None and isinstance(meter, str) and meter and isinstance(unit, str) and unit:
        yield Observation(meter, quantity, value, unit, _moment(entry.get("timestamp")), C)


DECODER = Decoder(family="homewizard", group="han-p1", topics=("homewizard/#",), decode=decode)
