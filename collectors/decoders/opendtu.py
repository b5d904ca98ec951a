"""OpenDTU (Hoymiles inverters): one plain number a topic, <base>/<serial>/<channel>/<name>, sums on <base>/ac and <base>/dc.

Format: OpenDTU documentation, MQTT topics. Channel 0 is the inverter's AC side, 1 to 6 are its strings. yieldday is Wh although
yieldtotal is kWh. No time in the messages. Left out on purpose: is_valid, status, radio and limit topics.
"""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "power": Field("active_power_production", "W", G),
    "powerdc": Field("dc_power", "W", G),
    "yieldday": Field("active_energy_production_today", "Wh", C),
    "yieldtotal": Field("active_energy_production", "kWh", C),
    "voltage": Field("voltage", "V", G),
    "current": Field("current", "A", G),
    "frequency": Field("frequency", "Hz", G),
    "temperature": Field("temperature", "°C", G),
    "powerfactor": Field("power_factor", "1", G),
    "reactivepower": Field("reactive_power", "var", G),
    "efficiency": Field("efficiency", "%", G),
}
SILENT = frozenset({"is_valid", "irradiation", "name", "hostname", "ip", "uptime", "rssi", "status"})
STRINGS = frozenset("123456")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none for a flag."""
    levels = message.topic.split("/")
    if len(levels) < 2:
        raise Unrecognised("no topic of OpenDTU")
    name, place = levels[-1], levels[-2]
    inverter = len(levels) > 2 and levels[-3].isdigit() and len(levels[-3]) >= 10 and place in STRINGS | {"0"}
    totals = place in ("ac", "dc")
    if not (inverter or totals) or name not in FIELDS.keys() | SILENT:
        raise Unrecognised("no topic of OpenDTU")
    if name in SILENT:
        return iter(())
    value = number_in_text(payload_text(message))
    if value is None:
        raise Undecodable(f"{name}: a number was expected")
    field = FIELDS[name]
    device = levels[-3] if inverter or len(levels) > 2 else place
    quantity = (
        "dc_power" if field.quantity == "active_power_production" and (place == "dc" or place in STRINGS) else field.quantity
    )
    channel = f"string{place}" if place in STRINGS else ""
    return iter((Observation(device, quantity, value, field.unit, None, field.accumulation, channel),))


DECODER = Decoder(
    family="opendtu",
    group="solar",
    topics=("solar/+/+/+", "solar/ac/+", "solar/dc/+"),
    decode=decode,
)
