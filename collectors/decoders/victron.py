"""Victron Venus OS: {"value": x} on N/<portal>/<service>/<instance>/<D-Bus path>.

Format: Victron dbus-mqtt and the D-Bus API documentation. No time, no unit: the unit follows from the path. A null or
an empty payload is an invalid value. Left out on purpose: settings (they have max and min), states, control messages, alarms.
"""

import re
from collections.abc import Iterator

from collectors.decoders._topics import first_matching
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

_SERVICES = (
    r"pvinverter|grid|genset|acload|solarcharger|inverter|multi|vebus|battery|system|acsystem|"
    r"temperature|evcharger|meteo|heatpump"
)
TOPIC = re.compile(rf"N/(?P<portal>[^/]+)/(?P<service>{_SERVICES})/(?P<instance>\d+)/(?P<path>.+)")
_PHASE = {"1": "l1", "2": "l2", "3": "l3"}


def _phases(pattern: str, quantity: str, unit: str, accumulation: Accumulation) -> dict[re.Pattern[str], Field | None]:
    return {re.compile(pattern.format(n)): Field(quantity, unit, accumulation, phase) for n, phase in _PHASE.items()}


AC = {
    re.compile(r"Ac/Power"): Field("active_power", "W", G),
    re.compile(r"Ac/Energy/Forward"): Field("active_energy_import", "kWh", C),
    re.compile(r"Ac/Energy/Reverse"): Field("active_energy_export", "kWh", C),
    re.compile(r"Ac/Frequency"): Field("frequency", "Hz", G),
    re.compile(r"Ac/Voltage"): Field("voltage", "V", G),
    re.compile(r"Ac/Current"): Field("current", "A", G),
    **_phases(r"Ac/L{}/Power", "active_power", "W", G),
    **_phases(r"Ac/L{}/Voltage", "voltage", "V", G),
    **_phases(r"Ac/L{}/Current", "current", "A", G),
    **_phases(r"Ac/L{}/Energy/Forward", "active_energy_import", "kWh", C),
    **_phases(r"Ac/L{}/Energy/Reverse", "active_energy_export", "kWh", C),
}
DC: dict[re.Pattern[str], Field | None] = {
    re.compile(r"Dc/0/Voltage"): Field("battery_voltage", "V", G),
    re.compile(r"Dc/0/Current"): Field("battery_current", "A", G),
    re.compile(r"Dc/0/Power"): Field("battery_power", "W", G),
    re.compile(r"Dc/0/Temperature"): Field("battery_temperature", "°C", G),
    re.compile(r"Soc"): Field("state_of_charge", "%", G),
    re.compile(r"History/ChargedEnergy"): Field("battery_energy_charged", "kWh", C),
    re.compile(r"History/DischargedEnergy"): Field("battery_energy_discharged", "kWh", C),
}
YIELD: dict[re.Pattern[str], Field | None] = {
    re.compile(r"Yield/System"): Field("active_energy_production", "kWh", C),
    re.compile(r"Yield/User"): Field("active_energy_production", "kWh", C, "user"),
    re.compile(r"Yield/Power"): Field("active_power_production", "W", G),
    re.compile(r"Pv/V"): Field("dc_voltage", "V", G),
    re.compile(r"Temperature"): Field("temperature", "°C", G),
    re.compile(r"Humidity"): Field("relative_humidity", "%", G),
}
SYSTEM: dict[re.Pattern[str], Field | None] = {
    re.compile(r"Dc/Pv/Power"): Field("dc_power", "W", G),
    re.compile(r"Dc/Battery/Power"): Field("battery_power", "W", G),
    re.compile(r"Dc/Battery/Voltage"): Field("battery_voltage", "V", G),
    re.compile(r"Dc/Battery/Soc"): Field("state_of_charge", "%", G),
    **_phases(r"Ac/Grid/L{}/Power", "grid_power", "W", G),
    **_phases(r"Ac/Consumption/L{}/Power", "active_power_consumption", "W", G),
    **_phases(r"Ac/PvOnGrid/L{}/Power", "active_power_production", "W", G),
    **_phases(r"Ac/PvOnOutput/L{}/Power", "active_power_production", "W", G),
}
PATHS: dict[re.Pattern[str], Field | None] = {**SYSTEM, **AC, **DC, **YIELD}
PRODUCES = {"active_power": "active_power_production", "active_energy_import": "active_energy_production"}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none."""
    if not message.topic.startswith("N/"):
        raise Unrecognised("no topic of Venus OS")
    found = TOPIC.fullmatch(message.topic)
    if found is None or not message.payload:
        return
    field = first_matching(PATHS, found["path"])
    value = finite(json_object(message).get("value"))
    if field is None or value is None:
        return
    quantity = PRODUCES.get(field.quantity, field.quantity) if found["service"] == "pvinverter" else field.quantity
    device = f"{found['portal']}/{found['service']}/{found['instance']}"
    yield Observation(device, quantity, value, field.unit, None, field.accumulation, field.channel)


DECODER = Decoder(family="victron", group="solar", topics=("N/#",), decode=decode)
