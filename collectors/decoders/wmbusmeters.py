"""wmbusmeters: one JSON object a telegram, quantity in the key, unit in its suffix.

Format: wmbusmeters README (--format=json) and the unit suffixes of `--listunits`; the keys of its published drivers, several
generations of them. Seen: Kamstrup, Sharky, Landis+Gyr, Itron, Qundis, Lansen, PiiGAB, Elvaco, Apator, Schneider, ABB and others.
A key that is the meter's main register has channel ""; any other (target date, tariff, maximum, the same register in another
unit) keeps its own words as channel, so that no two facts are one series and no fact is two meters.
Left out on purpose: battery life, radio, ages, alarm counters, and the dates that stored values belong to.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, instant, json_object, number, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

NOT_AVAILABLE = 127.0  # °C, the largest signed byte: Kamstrup water meters send it when dry or without sensor
SUFFIXES = {
    "kwh": ("energy", "kWh", _C), "wh": ("energy", "Wh", _C), "mj": ("energy", "MJ", _C), "gj": ("energy", "GJ", _C),
    "kvarh": ("reactive_energy", "kvarh", _C), "kvah": ("apparent_energy", "kVAh", _C),
    "kw": ("power", "kW", _G), "w": ("power", "W", _G), "kvar": ("reactive_power", "kvar", _G),
    "kva": ("apparent_power", "kVA", _G),
    "m3": ("volume", "m3", _C), "l": ("volume", "l", _C), "m3h": ("flow", "m3/h", _G), "lh": ("flow", "l/h", _G),
    "m3c": ("volume_temperature", "m³·°C", _C), "c": ("temperature", "°C", _G), "k": ("temperature", "K", _G),
    "rh": ("relative_humidity", "%", _G), "v": ("voltage", "V", _G), "a": ("current", "A", _G), "hz": ("frequency", "Hz", _G),
    "bar": ("pressure", "bar", _G), "pa": ("pressure", "Pa", _G), "ppm": ("concentration", "ppm", _G),
    "hca": ("heat_cost_allocation", "HCA unit", _C), "h": ("duration", "h", _C), "counter": ("pulses", "pulses", _C),
}  # fmt: skip
WITHOUT_SUFFIX = {  # the first generation named no unit; a power factor has none
    "flow_temperature": "flow_temperature_c",
    "external_temperature": "external_temperature_c",
}
MISLABELLED = {  # E8 and E9 of Kamstrup under an old name: 15 449 "kWh" beside a total of 7 078
    "energy_forward_kwh": Field("volume_temperature_flow", "m³·°C", _C),
    "energy_returned_kwh": Field("volume_temperature_return", "m³·°C", _C),
}
RUNNING = re.compile(r"(on_time|operating_time|run_meter|error_free_time|time_without_measurement)")
PULSE_COUNTERS = re.compile(r"(a|b|alfa|beta|va|vb|pulse(_input)?|input\d*|counter_?[a-z0-9]?|[a-z]_?\d?)")
MAIN = {  # the words of a meter's main register, in the generations seen, and what it is by medium
    "energy": frozenset({"total", "total_energy", "total_energy_consumption", "heat", "total_heat", "total_heating",
                         "total_heat_energy", "energy", "total_active_positive_3phase", "positive_total_active_energy"}),
    "cooling": frozenset({"total_cooling", "total_cooling_energy", "total_cooling_consumption", "total_energy_cooling"}),
    "production": frozenset({"total_energy_production", "negative_total_active_energy"}),
    "volume": frozenset({"total", "total_volume", "volume", "total_heating", "total_water", "total_consumption"}),
    "power": frozenset({"power", "current", "current_power", "current_power_consumption", "active_consumption",
                        "active_power_overall", "three_phase_total_active_power"}),
    "power_production": frozenset({"current_power_production"}),
    "flow": frozenset({"flow", "volume_flow", "current_flow", "current_volume_flow", "flow_water"}),
    "flow_temperature": frozenset({"t1_temperature", "flow_temperature", "flow", "forward", "forward_temperature",
                                   "supply_temperature"}),
    "return_temperature": frozenset({"t2_temperature", "return_temperature", "return"}),
    "room_temperature": frozenset({"temperature", "current_temperature", "current_temp", "current_room_temp", "temp_room"}),
    "humidity": frozenset({"relative_humidity", "current_relative_humidity", "humidity"}),
    "hca": frozenset({"current_consumption"}),
}  # fmt: skip
ENERGY_OF_MEDIUM = {
    "heat": "heat_energy",
    "cooling": "cooling_energy",
    "electricity": "active_energy_import",
    "gas": "gas_energy",
}
VOLUME_OF_MEDIUM = {"water": "water_volume", "hot water": "hot_water_volume", "gas": "gas_volume"}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a value; a sensor that the status calls broken, and a temperature of 127 °C, give none."""
    telegram = json_object(message)
    if "meter" not in telegram and telegram.get("_") != "telegram":
        raise Unrecognised("no wmbusmeters telegram: neither meter nor _")
    device = text(telegram, "id") if "id" in telegram else message.topic.rsplit("/", 1)[-1]
    if not device:
        raise Undecodable("id: a text was expected")
    time = instant(telegram, "timestamp")
    media = telegram.get("media")
    medium = _medium(media) if isinstance(media, str) else ""
    faults = _faults(*(_words(telegram.get(key)) for key in ("status", "current_status", "error_flags")))
    for key, sent in telegram.items():
        if sent is None or isinstance(sent, bool) or key in ("id", "timestamp"):
            continue
        field = _field(key, medium)
        if field is None:
            continue
        value = number(telegram, key)
        if value is None or (field.unit == "°C" and value == NOT_AVAILABLE):
            continue
        if faults and field.accumulation is _G and not faults.isdisjoint(_sensors(field.quantity)):
            continue
        yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel)


@lru_cache(maxsize=8192)
def _field(key: str, medium: str) -> Field | None:
    """How the key is to be read for a meter of the medium; None where it is no energy or climate value."""
    if key in MISLABELLED:
        return MISLABELLED[key]
    if key.endswith("power_factor"):
        return Field("power_factor", "1", _G, key.removesuffix("power_factor").strip("_"))
    stem, _, suffix = WITHOUT_SUFFIX.get(key, key).rpartition("_")
    if not stem or suffix not in SUFFIXES or stem.startswith("nominal_"):  # a name plate, not a measurement
        return None
    dimension, unit, accumulation = SUFFIXES[suffix]
    if "delta" in stem:  # what one month or half month took: it adds up to nothing by itself
        accumulation = _G
    if dimension == "duration":
        return (
            Field("operating_time", unit, accumulation, _channel(stem, suffix, stem == "operating_time"))
            if RUNNING.match(stem)
            else None
        )
    if dimension == "pulses":
        return Field("pulses", unit, accumulation, stem) if PULSE_COUNTERS.fullmatch(stem) else None
    if "reactive" in stem and dimension in ("energy", "power"):  # drivers that call kvar and kvarh kW and kWh
        dimension, unit = f"reactive_{dimension}", "kvarh" if dimension == "energy" else "kvar"
    elif "apparent" in stem and dimension in ("energy", "power"):
        dimension, unit = f"apparent_{dimension}", "kVAh" if dimension == "energy" else "kVA"
    quantity, main, unit = _quantity(dimension, stem, unit, medium)
    return Field(quantity, unit, accumulation, _channel(stem, suffix, main))


def _channel(stem: str, suffix: str, main: bool) -> str:
    """ "" for the main register in its usual unit; its unit where it is there twice; else the key's own words."""
    unusual = suffix if suffix in ("mj", "gj", "wh", "l", "lh", "w", "pa") else ""
    return unusual if main else f"{stem}_{unusual}".rstrip("_")


def _quantity(dimension: str, stem: str, unit: str, medium: str) -> tuple[str, bool, str]:
    """The quantity, whether the stem is its main register, and the unit."""
    if dimension == "energy":
        return _energy(stem, unit, medium)
    if dimension == "power":
        return _power(stem, unit, medium)
    if dimension == "volume":
        if "cooling" in stem:
            return "volume", False, unit
        return VOLUME_OF_MEDIUM.get(medium, "volume"), stem in MAIN["volume"], unit
    if dimension == "temperature":
        return _temperature(stem, unit, medium)
    if dimension == "volume_temperature":
        returned = stem.startswith("return")
        return f"volume_temperature_{'return' if returned else 'flow'}", stem in ("forward_energy", "return_energy"), unit
    if dimension in ("reactive_energy", "reactive_power"):
        export = "production" in stem or "negative" in stem
        base = f"{dimension}_{'export' if export else 'import'}" if dimension == "reactive_energy" or export else dimension
        return base, stem.startswith(("total_reactive_energy", "positive_total", "negative_total", "three_phase_total")), unit
    if dimension == "relative_humidity":
        return dimension, stem in MAIN["humidity"], unit
    if dimension == "heat_cost_allocation":
        return dimension, stem in MAIN["hca"], unit
    if dimension == "flow":
        return "volume_flow", stem in MAIN["flow"], unit
    if dimension == "concentration":
        return ("co2" if "co2" in stem else dimension), stem == "co2", unit
    return dimension, stem == dimension, unit


def _energy(stem: str, unit: str, medium: str) -> tuple[str, bool, str]:
    if stem in MAIN["production"] or "production" in stem or "negative" in stem:
        return "active_energy_export", stem in MAIN["production"], unit
    if "cooling" in stem:
        return "cooling_energy", stem in MAIN["cooling"], unit
    if "backward" in stem and medium == "heat":
        return "cooling_energy", stem == "total_energy_backward", unit
    return ENERGY_OF_MEDIUM.get(medium, "energy"), stem in MAIN["energy"], unit


def _power(stem: str, unit: str, medium: str) -> tuple[str, bool, str]:
    if medium != "electricity":
        return "heat_power", stem in MAIN["power"], unit
    if "production" in stem or "negative" in stem:
        return "active_power_export", stem in MAIN["power_production"], unit
    return ("active_power_import" if "consumption" in stem and "current" in stem else "active_power"), stem in MAIN["power"], unit


def _temperature(stem: str, unit: str, medium: str) -> tuple[str, bool, str]:
    if "difference" in stem:
        main = stem in ("temperature_difference", "flow_return_temperature_difference", "difference")
        return "temperature_difference", main, "K"
    if stem in MAIN["flow_temperature"] and medium in ("heat", "cooling"):
        return "flow_temperature", True, unit
    if stem in MAIN["return_temperature"]:
        return "return_temperature", True, unit
    if stem in ("flow_temperature", "temperature") and medium in ("water", "hot water"):
        return "water_temperature", True, unit
    if stem in MAIN["room_temperature"] and medium == "room":
        return "indoor_temperature", True, unit
    return "temperature", False, unit


@lru_cache(maxsize=256)
def _medium(media: str) -> str:
    """The medium in one word; "heat/cooling load" is heat, with cooling in registers of its own."""
    low = media.lower()
    for part, medium in (
        ("cost alloc", "hca"), ("heat", "heat"), ("cool", "cooling"), ("electric", "electricity"), ("gas", "gas"),
        ("room", "room"), ("warm water", "hot water"), ("hot water", "hot water"), ("water", "water"),
    ):  # fmt: skip
        if part in low:
            return medium
    return ""


BROKEN = re.compile(r"MEASURING_RANGE|ERROR|DISCONNECTED|SHORT|INTERRUPT|BROKEN|DEFECT|FAULT|FAILURE|AIR$")
SENSORS = (
    (re.compile(r"(^|_)T1(_|$)|SUPPLY_TEMP|FLOW_TEMP|FORWARD_TEMP"), "t1"),
    (re.compile(r"(^|_)T2(_|$)|RETURN_TEMP"), "t2"),
    (re.compile(r"DIFFERENTIAL_TEMP|TEMPERATURE_ELECTRONICS"), "t1 t2"),
    (re.compile(r"(^|_)V1(_|$)|FLOW_SENSOR|FLOW_MEASUREMENT"), "flow"),
)


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=1024)
def _faults(*statuses: str) -> frozenset[str]:
    """The sensors (t1, t2, flow) that the status flags call broken: what they show now is not measured; counters stand."""
    broken: set[str] = set()
    for flag in " ".join(statuses).upper().split():
        if BROKEN.search(flag):
            for pattern, sensors in SENSORS:
                if pattern.search(flag):
                    broken.update(sensors.split())
                    break
    return frozenset(broken)


def _sensors(quantity: str) -> tuple[str, ...]:
    """The sensors on which a momentary value rests."""
    if quantity == "volume_flow":
        return ("flow",)
    if quantity == "heat_power":
        return ("t1", "t2", "flow")
    if quantity == "temperature_difference":
        return ("t1", "t2")
    if quantity == "flow_temperature":
        return ("t1",)
    if quantity == "return_temperature":
        return ("t2",)
    return ()


DECODER = Decoder(family="wmbusmeters", group="wmbusmeters", topics=("wmbusmeters/#",), decode=decode)
