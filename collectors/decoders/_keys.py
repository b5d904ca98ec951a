"""What a freely chosen key means: "externalTemperature", "totalEnergy_kWh", "coolant.flow.litres_per_min".

A key is split into words. The unit is the one that its last words name; a quantity is the one its words name, else the one that
an unmistakable unit implies. A unit that neither key nor quantity settles stays None: it is never guessed from the value.
Words that speak of the device itself (battery, signal, settings, raw values beside corrected ones) rule a key out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from collectors.fields import finite, number_in_text
from config.domain.quantities import Accumulation

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|°C|µ[a-zA-Z]+|%")
NOT_MEASURED = frozenset({
    "battery", "bat", "batv", "vbat", "vdd", "vcc", "raw", "rssi", "snr", "lqi", "threshold", "alarm", "alarms", "limit",
    "offset", "setpoint", "target", "set", "setting", "settings", "config", "error", "errors", "status", "version", "interval",
    "period", "uptime", "signal", "calibration", "control", "properties", "factory", "serial", "firmware", "hardware",
    "model", "lat", "lon", "latitude", "longitude", "distance", "event", "events", "button", "motion", "position", "change",
    "mutation", "test",
})  # fmt: skip
UNITS_OF_WORDS = {
    ("kwh",): "kWh", ("k", "wh"): "kWh", ("wh",): "Wh", ("mwh",): "MWh", ("m", "wh"): "MWh",
    ("gj",): "GJ", ("mj",): "MJ", ("kj",): "kJ",
    ("joule",): "J", ("joules",): "J", ("kvarh",): "kvarh", ("varh",): "varh",
    ("kw",): "kW", ("k", "w"): "kW", ("w",): "W", ("watt",): "W", ("watts",): "W",
    ("kva",): "kVA", ("va",): "VA", ("kvar",): "kvar", ("var",): "var",
    ("m", "3"): "m3", ("l",): "l", ("litre",): "l", ("litres",): "l", ("liter",): "l", ("liters",): "l",
    ("m", "3", "h"): "m3/h", ("m", "3", "per", "h"): "m3/h", ("m", "3", "per", "hour"): "m3/h", ("l", "h"): "l/h",
    ("lph",): "l/h",
    ("l", "per", "h"): "l/h", ("l", "min"): "l/min", ("l", "per", "min"): "l/min", ("litres", "per", "min"): "l/min",
    ("liters", "per", "min"): "l/min", ("litres", "per", "hour"): "l/h", ("liters", "per", "hour"): "l/h", ("lpm",): "l/min",
    ("c",): "°C", ("°c",): "°C", ("celsius",): "°C", ("degc",): "°C", ("deg", "c"): "°C", ("degrees", "c"): "°C",
    ("v",): "V", ("volt",): "V", ("volts",): "V", ("mv",): "mV", ("m", "v"): "mV", ("a",): "A", ("amp",): "A", ("amps",): "A",
    ("ampere",): "A", ("ma",): "mA", ("m", "a"): "mA", ("hz",): "Hz", ("hertz",): "Hz",
    ("pa",): "Pa", ("hpa",): "hPa", ("h", "pa"): "hPa", ("kpa",): "kPa", ("k", "pa"): "kPa", ("mbar",): "hPa", ("bar",): "bar",
    ("ppm",): "ppm", ("ppb",): "ppb", ("lux",): "lx", ("lx",): "lx", ("percent",): "%", ("pct",): "%", ("%",): "%",
}  # fmt: skip
IMPLIED_BY_UNIT = {
    "kWh": "energy", "Wh": "energy", "MWh": "energy", "GJ": "energy", "MJ": "energy", "kW": "power", "m3": "volume",
    "m3/h": "volume_flow", "l/h": "volume_flow", "l/min": "volume_flow", "°C": "temperature",
    "kvarh": "reactive_energy_import", "kvar": "reactive_power", "kVA": "apparent_power", "lx": "illuminance", "Hz": "frequency",
}  # fmt: skip
SHORT_UNITS = frozenset(
    {("c",), ("w",), ("l",), ("v",), ("a",), ("m", "a"), ("m", "v"), ("k", "w"), ("l", "h")}
)  # a word first, to be a unit


@dataclass(frozen=True, slots=True)
class Meaning:
    """`unit` is None where nothing states it.

    `needs`: quantities of which one must stand beside it (a lone voltage is a battery's). `whole`: a count, never a fraction.
    """

    quantity: str
    unit: str | None
    accumulation: Accumulation
    channel: str
    needs: frozenset[str] = frozenset()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value with what its key means. `unit` prefers the one that the value brings along."""

    meaning: Meaning
    value: float
    unit: str | None


# the first row of which every word is among the key's; unit where the key names none
_ROWS: tuple[tuple[tuple[str, ...], str, str | None, Accumulation], ...] = (
    (("temperature", "difference"), "temperature_difference", None, _G),
    (("temperature", "diff"), "temperature_difference", None, _G),
    (("temperature", "delta"), "temperature_difference", None, _G),
    (("delta", "t"), "temperature_difference", None, _G),
    (("flow", "temperature"), "flow_temperature", "°C", _G),
    (("supply", "temperature"), "flow_temperature", "°C", _G),
    (("forward", "temperature"), "flow_temperature", "°C", _G),
    (("return", "temperature"), "return_temperature", "°C", _G),
    (("water", "temperature"), "water_temperature", "°C", _G),
    (("temperature",), "temperature", "°C", _G),
    (("humidity",), "relative_humidity", "%", _G),
    (("hum",), "relative_humidity", "%", _G),
    (("rh",), "relative_humidity", "%", _G),
    (("co", "2"), "co2", "ppm", _G),
    (("pm", "2", "5"), "pm2_5", "µg/m³", _G),
    (("pm", "25"), "pm2_5", "µg/m³", _G),
    (("pm", "10"), "pm10", "µg/m³", _G),
    (("pm", "1"), "pm1", "µg/m³", _G),
    (("no", "2"), "no2", None, _G),
    (("tvoc",), "tvoc", None, _G),
    (("hcho",), "formaldehyde", None, _G),
    (("illuminance",), "illuminance", "lx", _G),
    (("illumination",), "illuminance", "lx", _G),
    (("light",), "illuminance", "lx", _G),
    (("lux",), "illuminance", "lx", _G),
    (("luminosity",), "luminosity", None, _G),
    (("irradiance",), "irradiance", "W/m2", _G),
    (("reactive", "energy", "export"), "reactive_energy_export", None, _C),
    (("reactive", "energy"), "reactive_energy_import", None, _C),
    (("apparent", "energy"), "apparent_energy", None, _C),
    (("energy", "export"), "active_energy_export", None, _C),
    (("energy", "import"), "active_energy_import", None, _C),
    (("heat", "energy"), "heat_energy", None, _C),
    (("heating", "energy"), "heat_energy", None, _C),
    (("cooling", "energy"), "cooling_energy", None, _C),
    (("active", "energy"), "active_energy_import", None, _C),
    (("energy",), "energy", None, _C),
    (("power", "factor"), "power_factor", "1", _G),
    (("reactive", "power"), "reactive_power", None, _G),
    (("apparent", "power"), "apparent_power", None, _G),
    (("active", "power"), "active_power", None, _G),
    (("heat", "power"), "heat_power", None, _G),
    (("power",), "power", None, _G),
    (("voltage",), "voltage", "V", _G),
    (("current",), "current", None, _G),
    (("frequency",), "frequency", "Hz", _G),
    (("water", "volume"), "water_volume", None, _C),
    (("hot", "water", "volume"), "hot_water_volume", None, _C),
    (("gas", "volume"), "gas_volume", None, _C),
    (("volume", "flow"), "volume_flow", None, _G),
    (("volume",), "volume", None, _C),
    (("flow",), "volume_flow", None, _G),
    (("flowrate",), "volume_flow", None, _G),
    (("barometric", "pressure"), "pressure", "hPa", _G),
    (("barometer",), "pressure", "hPa", _G),
    (("air", "pressure"), "pressure", "hPa", _G),
    (("pressure",), "pressure", None, _G),
    (("pulse",), "pulses", "pulses", _C),
    (("pulses",), "pulses", "pulses", _C),
)
_NEEDS = {"voltage": frozenset({"current", "power", "active_power", "energy", "active_energy_import"})}
SPELT = {
    "tem": "temperature",
    "temp": "temperature",
    "tempc": "temperature",
    "humi": "humidity",
    "temperaturesensor": "temperature",
    "humiditysensor": "humidity",
    "pm2": "pm",
}
NOTHING_WITHOUT_UNIT = (  # a step of five, and a word that is W to some makers and Wh to others
    frozenset({"light", "level"}),
    frozenset({"power", "consumption"}),
)
COUNTED = frozenset({"kWh", "Wh", "MWh", "GJ", "MJ", "kvarh", "m3", "l"})
CARRIERS = {
    "energy": (("heat", "heat_energy"), ("heating", "heat_energy"), ("cooling", "cooling_energy"), ("gas", "gas_energy")),
    "volume": (("hot", "hot_water_volume"), ("water", "water_volume"), ("gas", "gas_volume")),
    "power": (("heat", "heat_power"), ("heating", "heat_power")),
}
DIMENSIONS = {  # units that a quantity may have; a key "current_l1" speaks of phase 1, not of litres
    "energy": frozenset({"kWh", "Wh", "MWh", "GJ", "MJ", "kJ", "J"}),
    "power": frozenset({"kW", "W"}),
    "volume": frozenset({"m3", "l"}),
    "volume_flow": frozenset({"m3/h", "l/h", "l/min"}),
    "temperature": frozenset({"°C"}),
    "voltage": frozenset({"V", "mV"}),
    "current": frozenset({"A", "mA"}),
    "pressure": frozenset({"Pa", "hPa", "kPa", "bar"}),
}


@lru_cache(maxsize=16384)
def meaning(key: str) -> Meaning | None:
    """What the key says; None where it names no energy or climate value."""
    words = [SPELT.get(word.lower(), word.lower()) for word in WORDS.findall(key)]
    if not words or len(words) > 12 or not NOT_MEASURED.isdisjoint(words):
        return None
    unit, at, end = _unit(words)
    present = frozenset(words)
    if unit is None and any(together <= present for together in NOTHING_WITHOUT_UNIT):
        return None
    certain = unit is not None and tuple(words[at:end]) not in SHORT_UNITS and unit in IMPLIED_BY_UNIT
    for wanted, quantity, default, accumulation in _ROWS:
        if not (present.issuperset(wanted) and _together(words, wanted)):
            continue
        family = DIMENSIONS.get(quantity) or DIMENSIONS.get(quantity.rsplit("_", 1)[-1])
        if unit is not None and family is not None and unit not in family:
            if certain:
                break  # "power consumption, Wh" is energy: a unit does not lie
            unit, at, end = None, len(words), len(words)
        rest = [word for word in (*words[:at], *words[end:]) if word not in wanted]
        if quantity == "temperature_difference" and unit in (None, "°C"):
            unit = "K"
        needs = _NEEDS.get(quantity, frozenset())
        return Meaning(quantity, unit or default, accumulation, "_".join(rest), needs, quantity == "pulses")
    if unit is None or not certain:
        return None
    quantity = next((name for word, name in CARRIERS.get(IMPLIED_BY_UNIT[unit], ()) if word in present), IMPLIED_BY_UNIT[unit])
    accumulation = _C if unit in COUNTED else _G
    return Meaning(quantity, unit, accumulation, "_".join((*words[:at], *words[end:])))


def _unit(words: list[str]) -> tuple[str | None, int, int]:
    """The unit and where its words stand: last, or anywhere if no other word means the same."""
    count = len(words)
    for length in (4, 3, 2, 1):
        if count >= length and tuple(words[count - length :]) in UNITS_OF_WORDS:
            return UNITS_OF_WORDS[tuple(words[count - length :])], count - length, count
    for at, word in enumerate(words):
        if (word,) in UNITS_OF_WORDS and (word,) not in SHORT_UNITS:
            return UNITS_OF_WORDS[word,], at, at + 1
    return None, count, count


def _together(words: list[str], wanted: tuple[str, ...]) -> bool:
    """Digits belong to the word before them: "co 2" is a gas, "co … 2" is not."""
    for first, second in pairwise(wanted):
        if second.isdigit() and not any(words[i] == first and words[i + 1] == second for i in range(len(words) - 1)):
            return False
    return True


PLAUSIBLE_HPA = (300.0, 1200.0)  # air at any height people live; a barometer's codec gives hPa there
WRAPPERS = frozenset({"payload", "data", "values", "decoded", "measurements", "value", "object", "air", "telemetry"})


def values(fields: Any, barometer: bool = True) -> list[Value]:
    """The energy and climate values in a decoded payload, nested ones too; `barometer`: a bare "pressure" is that of the air."""
    found = list(_walk(fields, "", 0, barometer))
    present = {item.meaning.quantity for item in found}
    return [item for item in found if not item.meaning.needs or not item.meaning.needs.isdisjoint(present)]


def _walk(fields: Any, path: str, depth: int, barometer: bool) -> Iterator[Value]:
    if depth > 4:
        return
    if isinstance(fields, list):
        for item in fields:
            if isinstance(item, dict):
                yield from _walk(item, path, depth + 1, barometer)
        return
    if not isinstance(fields, dict):
        return
    for key, raw in fields.items():
        name = key if not path else path if key in WRAPPERS else f"{path}_{key}"
        if isinstance(raw, dict):
            inner = raw.get("value", raw.get("data"))
            if isinstance(inner, (int, float)):
                unit = raw.get("unit", raw.get("units"))
                yield from _value(name, inner, unit if isinstance(unit, str) and unit else None, barometer)
            else:
                yield from _walk(raw, "" if not path and key in WRAPPERS else name, depth + 1, barometer)
        elif isinstance(raw, list):
            yield from _walk(raw, "" if not path and key in WRAPPERS else name, depth + 1, barometer)
        else:
            yield from _value(name, raw, None, barometer)


def _value(name: str, raw: Any, unit: str | None, barometer: bool) -> Iterator[Value]:
    value = number_in_text(raw) if isinstance(raw, str) else finite(raw)
    if value is None:
        return
    means = meaning(name)
    if means is None or (means.whole and value != int(value)):
        return
    stated = {"C": "°C", "°C": "°C", "degC": "°C"}.get(unit, unit) if unit else means.unit
    if stated is None and barometer and means.quantity == "pressure" and PLAUSIBLE_HPA[0] <= value <= PLAUSIBLE_HPA[1]:
        stated = "hPa"
    yield Value(means, value, stated)
