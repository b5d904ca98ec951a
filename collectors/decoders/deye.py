"""Deye and Solarman inverters through deye-inverter-mqtt: one plain number a topic, <base>/<group>/<name>.

Format: deye-inverter-mqtt's table of metrics. W, V, A, Hz, °C, kWh. Left out on purpose: logger_status, settings, alarms.
"""

import re
from collections.abc import Iterator

from collectors.decoders._topics import Leaf, first_matching, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE

TOPIC = re.compile(r"(?P<base>(?:[^/]*deye[^/]*)(?:/\d+)?)/(?P<path>.+)", re.IGNORECASE)
TABLE: dict[re.Pattern[str], Field | None] = {
    re.compile(r"dc/total_power"): Field("dc_power", "W", G),
    re.compile(r"dc/pv\d/power"): Field("dc_power", "W", G),
    re.compile(r"dc/pv\d/voltage"): Field("dc_voltage", "V", G),
    re.compile(r"dc/pv\d/current"): Field("dc_current", "A", G),
    re.compile(r"dc/pv\d/day_energy"): Field("active_energy_production_today", "kWh", C),
    re.compile(r"dc/pv\d/total_energy"): Field("active_energy_production", "kWh", C),
    re.compile(r"(ac/)?day_energy"): Field("active_energy_production_today", "kWh", C),
    re.compile(r"(ac/)?total_energy"): Field("active_energy_production", "kWh", C),
    re.compile(r"ac/(active_power|total_power)"): Field("active_power_production", "W", G),
    re.compile(r"ac/l1/voltage"): Field("voltage", "V", G, "l1"),
    re.compile(r"ac/l2/voltage"): Field("voltage", "V", G, "l2"),
    re.compile(r"ac/l3/voltage"): Field("voltage", "V", G, "l3"),
    re.compile(r"ac/l1/current"): Field("current", "A", G, "l1"),
    re.compile(r"ac/l2/current"): Field("current", "A", G, "l2"),
    re.compile(r"ac/l3/current"): Field("current", "A", G, "l3"),
    re.compile(r"ac/l1/power"): Field("active_power", "W", G, "l1"),
    re.compile(r"ac/l2/power"): Field("active_power", "W", G, "l2"),
    re.compile(r"ac/l3/power"): Field("active_power", "W", G, "l3"),
    re.compile(r"ac/freq"): Field("frequency", "Hz", G),
    re.compile(r"ac/temperature|radiator_temp"): Field("temperature", "°C", G),
    re.compile(r"ac/total_energy_bought"): Field("active_energy_import", "kWh", C),
    re.compile(r"ac/total_energy_sold"): Field("active_energy_export", "kWh", C),
    re.compile(r"ac/daily_energy_bought"): Field("active_energy_import_today", "kWh", C),
    re.compile(r"ac/daily_energy_sold"): Field("active_energy_export_today", "kWh", C),
    re.compile(r"battery(/\d)?/soc"): Field("state_of_charge", "%", G),
    re.compile(r"battery(/\d)?/power"): Field("battery_power", "W", G),
    re.compile(r"battery(/\d)?/voltage"): Field("battery_voltage", "V", G),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none."""
    return plain_value(message, TOPIC.fullmatch(message.topic), _leaf)


def _leaf(found: re.Match[str]) -> Leaf:
    path = found["path"]
    string = re.match(r"dc/pv\d", path)
    return Leaf(f"{found['base']}/{string[0]}" if string else found["base"], first_matching(TABLE, path))


DECODER = Decoder(family="deye", group="solar", topics=("deye/#",), decode=decode)
