"""evcc: one plain value a topic below evcc/; floats, texts, true and false, NaN, or nothing at all.

Format: evcc documentation, MQTT. W, kWh, %, °C. Left out on purpose: plans, modes, prices, limits, vehicle names, durations.
"""

import re
from collections.abc import Iterator

from collectors.decoders._topics import NO_VALUE, Leaf, first_matching, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE

TOPIC = re.compile(r"(?P<base>evcc)/(?P<path>.+)")
TABLE: dict[re.Pattern[str], Field | None] = {
    re.compile(r"site/gridPower|site/grid/power"): Field("grid_power", "W", G),
    re.compile(r"site/gridEnergy|site/grid/energy"): Field("active_energy_import", "kWh", C),
    re.compile(r"site/homePower"): Field("active_power_consumption", "W", G),
    re.compile(r"site/pvPower|site/pv/\d+/power"): Field("active_power_production", "W", G),
    re.compile(r"site/pvEnergy|site/pv/\d+/energy"): Field("active_energy_production", "kWh", C),
    re.compile(r"site/batteryPower|site/battery/\d+/power"): Field("battery_power", "W", G),
    re.compile(r"site/batterySoc|site/battery/\d+/soc"): Field("state_of_charge", "%", G),
    re.compile(r"site/(aux|ext)/\d+/power|site/auxPower"): Field("active_power", "W", G),
    re.compile(r"loadpoints/\d+/chargePower"): Field("active_power_import", "W", G),
    re.compile(r"loadpoints/\d+/chargeTotalImport"): Field("active_energy_import", "kWh", C),
    re.compile(r"loadpoints/\d+/chargeCurrents/l1"): Field("current", "A", G, "l1"),
    re.compile(r"loadpoints/\d+/chargeCurrents/l2"): Field("current", "A", G, "l2"),
    re.compile(r"loadpoints/\d+/chargeCurrents/l3"): Field("current", "A", G, "l3"),
    re.compile(r"loadpoints/\d+/chargedEnergy"): Field("session_energy", "Wh", C),
    re.compile(r"loadpoints/\d+/sessionEnergy"): Field("session_energy", "Wh", C),
    re.compile(r"loadpoints/\d+/vehicleSoc"): Field("vehicle_state_of_charge", "%", G),
}
NUMBERED = re.compile(r"(?:loadpoints|site/(?:pv|battery|aux|ext))/\d+")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none."""
    if not message.topic and payload_text(message).strip().lower() in NO_VALUE:
        return iter(())
    return plain_value(message, TOPIC.fullmatch(message.topic), _leaf)


def _leaf(found: re.Match[str]) -> Leaf:
    numbered = NUMBERED.match(found["path"])
    device = f"evcc/{numbered[0]}" if numbered else "evcc/site"
    return Leaf(device, first_matching(TABLE, found["path"]))


DECODER = Decoder(family="evcc", group="solar", topics=("evcc/#",), decode=decode)
