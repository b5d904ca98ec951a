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
CODES["16.7.0"] = Field("active_power", "kW", G)
CODES["16.8.0"] = Field("active_energy_net", "kWh", C)
CODES["12.7.0"] = Field("voltage", "V", G)
CODES["11.7.0"] = Field("current", "A", G)
CODES["14.7.0"] = Field("frequency", "Hz", G)
CODES["13.7.0"] = Field("power_factor", "1", G)

UNITS = {"kvarh": "kvarh", "kVArh": "kvarh", "varh": "varh", "kvar": "kvar", "kVAr": "kvar", "var": "var", "Var": "var"}
LINE = re.compile(r"(?P<medium>\d)-(?P<channel>\d+):(?P<code>\d+\.\d+\.\d+)(?:\*\d+)?(?P<groups>(?:\([^()]*\))+)\s*")
GROUP = re.compile(r"\(([^()]*)\)")
STAMP = re.compile(r"(?P<digits>\d{12})(?P<season>[WSws])?")
CLOCK, SERIALS = "1.0.0", ("96.1.0", "96.1.1", "0.0.0")
SUB_METERS = {"3": "gas", "7": "water", "4": "heat"}  # DSMR's device types on 0-n:24.1.0
BY_UNIT = {"m3": "gas_volume", "GJ": "heat_energy", "MJ": "heat_energy"}


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
    for match in found:
        first = GROUP.findall(match["groups"])[0]
        if match["code"] == CLOCK and match["medium"] == "0":
            time = stamp(first)
        elif match["code"] in SERIALS and match["medium"] == "1" and first and not own:
            own = first
    for match in found:
        groups = GROUP.findall(match["groups"])
        if match["medium"] == "0" and match["code"] in ("24.2.1", "24.2.3") and len(groups) == 2:
            yield from _sub_meter(match["channel"], groups, own or device)
        elif match["medium"] == "1" and len(groups) == 1:
            yield from _value(match["code"], groups[0], time, own or device)


def _value(code: str, group: str, time: datetime | None, device: str) -> Iterator[Observation]:
    field = CODES.get(code)
    text, _, unit = group.partition("*")
    value = number_in_text(text)
    if field is not None and value is not None:
        stated = UNITS.get(unit, unit) or field.unit
        yield Observation(device, field.quantity, value, stated, time, field.accumulation, field.channel)


def _sub_meter(channel: str, groups: list[str], device: str) -> Iterator[Observation]:
    """A gas, heat or water meter read by the electricity meter: its own time, then its register."""
    text, _, unit = groups[1].partition("*")
    value, quantity = number_in_text(text), BY_UNIT.get(unit)
    if value is not None and quantity is not None:
        yield Observation(device, quantity, value, unit, stamp(groups[0]), C, f"bus{channel}")
