"""E3/DC home power stations through rscp2mqtt: one plain number a topic, e3dc/<group>/<name>.

Format: rscp2mqtt's table of topics. W and kWh; energy_start values are Wh. Signs: grid negative is export, battery negative is
discharge. Left out on purpose: modes, limits, switches, history of earlier days.
"""

import re
from collections.abc import Iterator

from collectors.decoders._topics import Leaf, first_matching, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE

TOPIC = re.compile(r"(?P<base>[^/]*e3dc[^/]*)/(?P<path>.+)", re.IGNORECASE)
TABLE: dict[re.Pattern[str], Field | None] = {
    re.compile(r"grid/power"): Field("grid_power", "W", G),
    re.compile(r"battery/power"): Field("battery_power", "W", G),
    re.compile(r"battery/(soc|rsoc)"): Field("state_of_charge", "%", G),
    re.compile(r"battery/voltage"): Field("battery_voltage", "V", G),
    re.compile(r"battery/current"): Field("battery_current", "A", G),
    re.compile(r"battery/energy/charge"): Field("battery_energy_charged_today", "kWh", C),
    re.compile(r"battery/energy/discharge"): Field("battery_energy_discharged_today", "kWh", C),
    re.compile(r"home/power"): Field("active_power_consumption", "W", G),
    re.compile(r"home/energy"): Field("active_energy_consumption_today", "kWh", C),
    re.compile(r"solar/power"): Field("active_power_production", "W", G),
    re.compile(r"solar/energy"): Field("active_energy_production_today", "kWh", C),
    re.compile(r"grid/energy/in"): Field("active_energy_export_today", "kWh", C),
    re.compile(r"grid/energy/out"): Field("active_energy_import_today", "kWh", C),
    re.compile(r"addon/power"): Field("addon_power", "W", G),
    re.compile(r"wallbox/power"): Field("wallbox_power", "W", G),
    re.compile(r"pm/energy"): Field("active_energy_net", "kWh", C),
    re.compile(r"pm/power"): Field("active_power", "W", G),
    re.compile(r"pm/voltage/L1"): Field("voltage", "V", G, "l1"),
    re.compile(r"pm/voltage/L2"): Field("voltage", "V", G, "l2"),
    re.compile(r"pm/voltage/L3"): Field("voltage", "V", G, "l3"),
    re.compile(r"pm/power/L1"): Field("active_power", "W", G, "l1"),
    re.compile(r"pm/power/L2"): Field("active_power", "W", G, "l2"),
    re.compile(r"pm/power/L3"): Field("active_power", "W", G, "l3"),
    re.compile(r"pvi/frequency"): Field("frequency", "Hz", G),
    **{re.compile(rf"pvi/power/string_{n}"): Field("dc_power", "W", G, f"string{n}") for n in (1, 2, 3)},
    **{re.compile(rf"pvi/voltage/string_{n}"): Field("dc_voltage", "V", G, f"string{n}") for n in (1, 2, 3)},
    **{re.compile(rf"pvi/energy_all/string_{n}"): Field("active_energy_production", "Wh", C, f"string{n}") for n in (1, 2, 3)},
    **{re.compile(rf"pvi/energy_start/string_{n}"): Field("energy_at_day_start", "Wh", C, f"string{n}") for n in (1, 2, 3)},
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none."""
    return plain_value(
        message,
        TOPIC.fullmatch(message.topic),
        lambda found: Leaf(found["base"], first_matching(TABLE, found["path"])),
    )


DECODER = Decoder(family="e3dc", group="solar", topics=("e3dc/#",), decode=decode)
