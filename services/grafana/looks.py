"""How values look: units as Grafana names them, decimals, thresholds, names in place of ids."""

import re
from collections.abc import Mapping

from services.grafana import sdk

MISSING = "saknas"
GREY, AMBER, GREEN, BLUE = "#8e8e8e", "#b36b00", "#3a7d44", "#2f6fb0"
WELL_COVERED = 0.9
WRITTEN = {
    "kg CO2e": "kg CO₂e",
    "kg CO2/CO2e": "kg CO₂/CO₂e",
    "m3/MWh": "m³/MWh",
    "kWh/m2": "kWh/m²",
    "m3": "m³",
    "W/m2": "W/m²",
    "m2": "m²",
    "SEK": "kr",
    "g CO2e per kWh": "g CO₂e/kWh",
    "g CO2/CO2e per kWh": "g CO₂/CO₂e/kWh",
    "kg CO2": "kg CO₂",
    "kr/m2": "kr/m²",
    "SEK/m2": "kr/m²",
    "1": "andel",
    "ms": "tid",
    "s": "sekunder",
}
UNITS = {
    "kW": "kwatt",
    "kWh": "kwatth",
    "m3": "m3",
    "1": "percentunit",
    "%": "percent",
    "s": "s",
    "ms": "time:YYYY-MM-DD HH:mm",
    "": "none",
    "°C": "celsius",
    "text": "string",
    "name": "string",
    "day": "time:YYYY-MM-DD",
    # whole numbers with separators; `currency:` is the only unit of Grafana's that has them and a name of one's own
    **{unit: f"currency:financial: {WRITTEN.get(unit, unit)}:suffix" for unit in ("SEK", "kr", "kg CO2e", "kg CO2/CO2e")},
    "h": "suffix: h",
}
DECIMALS = {"kW": 1, "1": 0, "%": 0, "SEK": 0, "kr": 0, "m3": 1, "°C": 1, "h": 1}
WHOLE = ("kWh", "kr", "kg CO2e", "kg CO2/CO2e")  # told to the last one where a small difference is the matter
DECIMALS |= dict.fromkeys(("kg CO2e", "kg CO2/CO2e"), 0)


def unit_id(unit: str) -> str:
    """Grafana's unit; what it does not know stands behind the number."""
    return UNITS.get(unit, f"suffix: {WRITTEN.get(unit, unit)}")


def look(unit: str) -> list[sdk.dashboard.DynamicConfigValue]:
    """Unit and decimals of a column or series."""
    if unit in ("text", "name"):
        return []
    decimals = DECIMALS.get(unit, None if unit in UNITS else 1)
    return [prop("unit", unit_id(unit)), *([] if decimals is None else [prop("decimals", decimals)])]


def exact(unit: str) -> list[sdk.dashboard.DynamicConfigValue]:
    """Without a larger unit in place of the last digits: before and after would look the same."""
    if unit not in WHOLE:
        return look(unit)
    return [prop("unit", f"currency:financial: {WRITTEN.get(unit, unit)}:suffix"), prop("decimals", 0)]


def prop(name: str, value: object) -> sdk.dashboard.DynamicConfigValue:
    return sdk.dashboard.DynamicConfigValue(id_val=name, value=value)


def empty(text: str) -> sdk.dashboard.DynamicConfigValue:
    """What stands where there is no value, in the ordinary colour: thresholds would give it that of the lowest."""
    return prop(
        "mappings", [{"type": "special", "options": {"match": "null", "result": {"text": text, "color": "text", "index": 0}}}]
    )


def named(names: Mapping[str, str]) -> list[sdk.dashboard.DynamicConfigValue]:
    """Names in place of ids. The id stays the value: links and filters are made of it."""
    if not names:
        return []
    options = {key: {"text": text, "index": index} for index, (key, text) in enumerate(names.items())}
    return [prop("mappings", [{"type": "value", "options": options}])]


def thresholds(steps: Mapping[float | None, str]) -> sdk.dashboard.DynamicConfigValue:
    """From which value on which colour; None is the lowest."""
    return prop(
        "thresholds", {"mode": "absolute", "steps": [{"value": value, "color": colour} for value, colour in steps.items()]}
    )


# one decimal: 99.6 % is not all of it
COVERED = [
    thresholds({None: AMBER, WELL_COVERED: GREEN}),
    prop("decimals", 1),
    # `displayMode` is read by Grafana 7 to 9, `cellOptions` by later ones
    prop("custom.displayMode", "color-text"),
    prop("custom.cellOptions", {"type": "color-text"}),
]


def renamed(pattern: str, replacement: str) -> sdk.dashboard.DataTransformerConfig:
    return transformed("renameByRegex", {"regex": pattern, "renamePattern": replacement})


def transformed(kind: str, options: Mapping[str, object], of: str = "") -> sdk.dashboard.DataTransformerConfig:
    """A transformation; `of`: of that query's answer only (Grafana 10 and up)."""
    only = sdk.dashboard.MatcherConfig(id_val="byRefId", options=of) if of else None
    return sdk.dashboard.DataTransformerConfig(id_val=kind, options=dict(options), filter_val=only)


def exactly(text: str) -> str:
    """A pattern that JavaScript and Go read alike."""
    return re.sub(r"[^\w-]", lambda found: "\\" + found[0], text)
