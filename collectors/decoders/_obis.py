"""OBIS codes of electricity, gas, heat and water meters as the P1/H1 customer port sends them (IEC 62056-61, DSMR P1, SMA/Ei).

A telegram is lines of CODE(value*unit). Times carry W or S for winter and summer time.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from collectors.fields import Field, number_in_text
from collectors.messages import Observation
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE

_DIRECTIONS = (
    (1, "active_energy_import", "active_power_import", "kWh", "kW"),
    (2, "active_energy_export", "active_power_export", "kWh", "kW"),
    (3, "reactive_energy_import", "reactive_power_import", "kvarh", "kvar"),
    (4, "reactive_energy_export", "reactive_power_export", "kvarh", "kvar"),
)
CODES: dict[str, Field] = {}  # C.D.E of A-B:C.D.E → how to read it; the unit is the telegram's where it gives one
for _c, _energy, _power, _energy_unit, _power_unit in _DIRECTIONS:
    CODES[f"{_c}.8.0"] = Field(_energy, _energy_unit, C)
    CODES[f"{_c}.7.0"] = Field(_power, _power_unit, G)
    for _tariff in (1, 2, 3, 4):
        CODES[f"{_c}.8.{_tariff}"] = Field(_energy, _energy_unit, C, f"t{_tariff}")
    for _phase in (1, 2, 3):
        CODES[f"{_c + 20 * _phase}.7.0"] = Field(_power, _power_unit, G, f"l{_phase}")
        CODES[f"{_c + 20 * _phase}.8.0"] = Field(_energy, _energy_unit, C, f"l{_phase}")
for _phase in (1, 2, 3):
    CODES[f"{12 + 20 * _phase}.7.0"] = Field("voltage", "V", G, f"l{_phase}")
    CODES[f"{11 + 20 * _phase}.7.0"] = Field("current", "A", G, f"l{_phase}")
    CODES[f"{16 + 20 * _phase}.7.0"] = Field("active_power", "kW", G, f"l{_phase}")
    CODES[f"{13 + 20 * _phase}.7.0"] = Field("power_factor", "1", G, f"l{_phase}")
    CODES[f"{9 + 20 * _phase}.7.0"] = Field("apparent_power", "kVA", G, f"l{_phase}")
for _quadrant, _way in ((5, "import"), (6, "import"), (7, "export"), (8, "export")):
    CODES[f"{_quadrant}.8.0"] = Field(f"reactive_energy_{_way}", "kvarh", C, f"q{_quadrant - 4}")
    CODES[f"{_quadrant}.7.0"] = Field(f"reactive_power_{_way}", "kvar", G, f"q{_quadrant - 4}")
CODES["9.8.0"] = Field("apparent_energy", "kVAh", C)
CODES["10.8.0"] = Field("apparent_energy", "kVAh", C, "export")
CODES["9.7.0"] = Field("apparent_power", "kVA", G)
CODES["10.7.0"] = Field("apparent_power", "kVA", G, "export")
CODES["15.8.0"] = Field("energy", "kWh", C, "absolute")  # import and export added up
CODES["15.7.0"] = Field("power", "kW", G, "absolute")
CODES["91.7.0"] = Field("current", "A", G, "n")
CODES["1.4.0"] = Field("active_power_average", "kW", G)  # of the running quarter of an hour
CODES["16.7.0"] = Field("active_power", "kW", G)
CODES["16.8.0"] = Field("active_energy_net", "kWh", C)
CODES["12.7.0"] = Field("voltage", "V", G)
CODES["11.7.0"] = Field("current", "A", G)
CODES["14.7.0"] = Field("frequency", "Hz", G)
CODES["13.7.0"] = Field("power_factor", "1", G)

UNITS = {
    unit.lower(): unit
    for unit in (
        *("Wh", "kWh", "MWh", "varh", "kvarh", "Mvarh", "VAh", "kVAh", "W", "kW", "MW", "var", "kvar", "VA", "kVA"),
        *("V", "A", "mA", "Hz", "m3", "GJ", "MJ"),
    )
}  # meters write kVAr and kWH
LINE = re.compile(r"(?:(?P<medium>\d)-(?P<channel>\d+):)?(?P<code>\d+\.\d+\.\d+)(?:[*.]\d+)?(?P<groups>(?:\([^()]*\))+)\s*")
GROUP = re.compile(r"\(([^()]*)\)")
STAMP = re.compile(r"(?P<digits>\d{12})(?P<season>[WSws])?")
ELECTRICITY, ABSTRACT = "1", "0"
CLOCK, SERIALS = ("1.0.0", "0.9.1"), ("96.1.0", "96.1.1", "0.0.0", "42.0.0")
MOMENTS = ("24.2.1", "24.2.3")  # a sub-meter's register with its time; the second: not corrected for temperature
SUB_METERS = {"3": "gas_volume", "4": "heat_energy", "6": "hot_water_volume", "7": "water_volume", "12": "heat_energy"}
BY_UNIT = {"m3": "gas_volume", "GJ": "heat_energy", "MJ": "heat_energy", "kWh": "heat_energy"}
OTHER_MEDIA = {  # medium and C.D.E of meters that stand in the telegram by themselves
    ("6", "1.0.0"): Field("heat_energy", "kWh", C),
    ("6", "1.8.0"): Field("heat_energy", "kWh", C),
    ("7", "3.0.0"): Field("gas_volume", "m3", C),
    ("7", "3.1.0"): Field("gas_volume", "m3", C),
    ("8", "1.0.0"): Field("water_volume", "m3", C),
}


def stamp(text: str) -> datetime | None:
    """YYMMDDhhmmss with W (UTC+1) or S (UTC+2); a wall clock where neither stands there."""
    found = STAMP.fullmatch(text.strip())
    if found is None:
        return None
    try:
        moment = datetime.strptime(found["digits"], "%y%m%d%H%M%S")  # noqa: DTZ007 - the season gives the offset
    except ValueError:
        return None
    if moment.year < 2001:
        return None  # 000101000001 is an unset clock
    season = (found["season"] or "").upper()
    if not season:
        return moment
    return moment.replace(tzinfo=timezone(timedelta(hours=2 if season == "S" else 1))).astimezone(UTC)


def field_of(code: str) -> Field | None:
    """The field of a code written "1-0:1.8.0", "1-0:1.8.0*255" or "1.8.0"."""
    return CODES.get(code.partition(":")[2].partition("*")[0] if ":" in code else code.partition("*")[0])


def observations(lines: Iterator[str], device: str) -> Iterator[Observation]:
    """What the lines of one telegram say. The meter's own number, where one stands there, comes before `device`."""
    found = [match for match in map(LINE.fullmatch, lines) if match is not None]
    time, own = None, ""
    numbers: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for match in found:
        first = GROUP.findall(match["groups"])[0]
        medium, channel = match["medium"] or ELECTRICITY, match["channel"] or "0"
        if match["code"] in CLOCK and medium == ABSTRACT:
            time = stamp(first)
        elif match["code"] in SERIALS and first:
            if medium == ELECTRICITY or channel == "0":
                own = own or first
            else:
                numbers.setdefault(channel, first)
        elif match["code"] == "24.1.0" and medium == ABSTRACT:
            kinds[channel] = first.lstrip("0")
    said = set()
    for match in found:
        groups = GROUP.findall(match["groups"])
        medium, channel = match["medium"] or ELECTRICITY, match["channel"] or "0"
        if medium == ABSTRACT and match["code"] in MOMENTS and len(groups) == 2:
            read = _sub_meter(channel, groups, numbers.get(channel) or own or device, kinds.get(channel, ""))
        elif medium != ABSTRACT and len(groups) == 1:
            field = CODES.get(match["code"]) if medium == ELECTRICITY else OTHER_MEDIA.get((medium, match["code"]))
            read = _value(field, groups[0], time, own or device)
        else:
            continue
        if read is not None and (series := (read.device, read.quantity, read.channel, read.time)) not in said:
            said.add(series)
            yield read


def _value(field: Field | None, group: str, time: datetime | None, device: str) -> Observation | None:
    text, _, unit = group.partition("*")
    value = number_in_text(text)
    if field is None or value is None:
        return None
    stated = UNITS.get(unit.lower(), unit) or field.unit
    return Observation(device, field.quantity, value, stated, time, field.accumulation, field.channel)


def _sub_meter(channel: str, groups: list[str], device: str, kind: str) -> Observation | None:
    """A gas, heat or water meter read by the electricity meter: its own time, then its register."""
    text, _, unit = groups[1].partition("*")
    stated = UNITS.get(unit.lower(), unit)
    value, quantity = number_in_text(text), SUB_METERS.get(kind) or BY_UNIT.get(stated)
    if value is None or quantity is None:
        return None
    return Observation(device, quantity, value, stated, stamp(groups[0]), C, f"bus{channel}")
