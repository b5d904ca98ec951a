"""AhoyDTU (Hoymiles inverters): one plain number a topic, <base>/<inverter>/ch<n>/<name>.

Format: AhoyDTU user manual, MQTT. Channel 0 is the inverter's AC side, 1 to 6 are its strings. YieldDay is Wh, YieldTotal kWh
(the manual says Wh; published values are kWh). Left out on purpose: firmware data, alarms, radio figures, limits.
"""

import re
from collections.abc import Iterator

from collectors.decoders._topics import Leaf, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "P_AC": Field("active_power_production", "W", G),
    "P_DC": Field("dc_power", "W", G),
    "Q_AC": Field("reactive_power", "var", G),
    "U_AC": Field("voltage", "V", G),
    "I_AC": Field("current", "A", G),
    "U_DC": Field("dc_voltage", "V", G),
    "I_DC": Field("dc_current", "A", G),
    "F_AC": Field("frequency", "Hz", G),
    "PF_AC": Field("power_factor", "1", G),
    "Temp": Field("temperature", "°C", G),
    "YieldDay": Field("active_energy_production_today", "Wh", C),
    "YieldTotal": Field("active_energy_production", "kWh", C),
    "Efficiency": Field("efficiency", "%", G),
    "U_AC_1N": Field("voltage", "V", G, "l1"),
    "U_AC_2N": Field("voltage", "V", G, "l2"),
    "U_AC_3N": Field("voltage", "V", G, "l3"),
}
TOPIC = re.compile(r"(?:.*/)?(?P<device>[^/]+)/ch(?P<channel>\d)/(?P<name>\w+)")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none for a figure of the firmware."""
    return plain_value(message, TOPIC.fullmatch(message.topic), _leaf)


def _leaf(found: re.Match[str]) -> Leaf:
    field = FIELDS.get(found["name"])
    if field is not None and found["channel"] != "0":
        field = Field(field.quantity, field.unit, field.accumulation, f"string{found['channel']}")
    return Leaf(found["device"], field)


DECODER = Decoder(family="ahoydtu", group="solar", topics=("inverter/+/+/+",), decode=decode)
