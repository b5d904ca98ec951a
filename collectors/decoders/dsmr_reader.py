"""DSMR-reader: one JSON telegram on dsmr/json, or a topic a value; zero-padded numbers as text, nulls for absent phases.

Format: DSMR-reader documentation, MQTT. kWh per tariff, kW, m³ of gas with its own hourly time. Split topics carry the same names
below dsmr/reading, gas below dsmr/consumption/gas. Left out on purpose: costs, and the day, month and year sums, which
DSMR-reader makes of the same registers.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoders._topics import Leaf, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, instant, json_object, number
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    **{f"electricity_delivered_{n}": Field("active_energy_import", "kWh", C, f"t{n}") for n in (1, 2)},
    **{f"electricity_returned_{n}": Field("active_energy_export", "kWh", C, f"t{n}") for n in (1, 2)},
    "electricity_currently_delivered": Field("active_power_import", "kW", G),
    "electricity_currently_returned": Field("active_power_export", "kW", G),
    **{f"phase_currently_delivered_l{n}": Field("active_power_import", "kW", G, f"l{n}") for n in (1, 2, 3)},
    **{f"phase_currently_returned_l{n}": Field("active_power_export", "kW", G, f"l{n}") for n in (1, 2, 3)},
    **{f"phase_voltage_l{n}": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    **{f"phase_power_current_l{n}": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
}


GAS = Field("gas_volume", "m3", C)
DEVICE = "dsmr-reader"  # one reader has one meter, and no message has a number of either
SPLIT = re.compile(
    r"(?:.*/)?(?:reading/(?P<name>[a-z0-9_]+)|consumption/gas/(?P<gas>[a-z_]+)"
    r"|(?:day-consumption|meter-stats|current-month|current-year|consumption/[a-z-]+)/[a-z0-9_]+)"
)
KNOWN = {**FIELDS, "extra_device_delivered": GAS, "total_electricity_delivered": Field("active_energy_import", "kWh", C)}
ABOUT = re.compile(r"electricity_tariff|\w*timestamp|read_at|id")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a key that has a value."""
    split = SPLIT.fullmatch(message.topic)
    if split is not None and not message.payload.lstrip().startswith(b"{"):
        name = split["name"]
        if name is not None and name not in KNOWN and not ABOUT.fullmatch(name):
            raise Unrecognised("no reading of DSMR-reader")
        return plain_value(message, split, _leaf)
    return _telegram(json_object(message))


def _leaf(match: re.Match[str]) -> Leaf:
    return Leaf(DEVICE, GAS if match["gas"] == "delivered" else KNOWN.get(match["name"] or ""))


def _telegram(body: Mapping[str, Any]) -> Iterator[Observation]:
    if "electricity_delivered_1" not in body and "electricity_currently_delivered" not in body:
        raise Unrecognised("no telegram of DSMR-reader")
    time = instant(body, "timestamp")
    for key, field in FIELDS.items():
        value = number(body, key)
        if value is not None:
            yield Observation(DEVICE, field.quantity, value, field.unit, time, field.accumulation, field.channel)
    gas = number(body, "extra_device_delivered")
    if gas is not None:
        yield Observation(DEVICE, GAS.quantity, gas, GAS.unit, instant(body, "extra_device_timestamp"), C)


DECODER = Decoder(
    family="dsmr_reader",
    group="han-p1",
    topics=("dsmr/json", "dsmr/telegram", "dsmr/reading/+", "dsmr/consumption/#"),
    decode=decode,
)
