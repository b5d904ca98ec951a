"""esp8266_p1meter: one integer a topic, sensors/power/p1meter/<name>, the telegram's number times a thousand.

Format: esp8266_p1meter's source of topics. So Wh, W, mA, and litres of gas although the topic says m3; voltages are volts.
Left out on purpose: failure counts, the short power peaks and sags.
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
    "consumption_low_tarif": Field("active_energy_import", "Wh", C, "t1"),
    "consumption_high_tarif": Field("active_energy_import", "Wh", C, "t2"),
    "returndelivery_low_tarif": Field("active_energy_export", "Wh", C, "t1"),
    "returndelivery_high_tarif": Field("active_energy_export", "Wh", C, "t2"),
    "actual_consumption": Field("active_power_import", "W", G),
    "actual_returndelivery": Field("active_power_export", "W", G),
    **{f"l{n}_instant_power_usage": Field("active_power_import", "W", G, f"l{n}") for n in (1, 2, 3)},
    **{f"l{n}_instant_power_current": Field("current", "mA", G, f"l{n}") for n in (1, 2, 3)},
    **{f"l{n}_voltage": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    "gas_meter_m3": Field("gas_volume", "l", C),
}
KNOWN = "|".join(FIELDS) + r"|actual_tarif_group|\w*(?:outages|drops|peaks)"
TOPIC = re.compile(rf"(?:.*/)?(?P<device>[^/]+)/(?P<name>{KNOWN})")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none."""
    found = TOPIC.fullmatch(message.topic)
    return plain_value(message, found, lambda match: Leaf(match["device"], FIELDS.get(match["name"])))


DECODER = Decoder(family="p1meter", group="han-p1", topics=("sensors/power/+/+",), decode=decode)
