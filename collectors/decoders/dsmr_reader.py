"""DSMR-reader: one JSON telegram on dsmr/json, zero-padded numbers as text, nulls for absent phases.

Format: DSMR-reader documentation, MQTT. kWh per tariff, kW, m³ of gas with its own hourly time.
"""

from collections.abc import Iterator

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


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a key that has a value."""
    body = json_object(message)
    if "electricity_delivered_1" not in body:
        raise Unrecognised("no telegram of DSMR-reader")
    device = "dsmr-reader"  # one reader has one meter, and the message has no number of either
    time = instant(body, "timestamp")
    for key, field in FIELDS.items():
        value = number(body, key)
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel)
    gas = number(body, "extra_device_delivered")
    if gas is not None:
        yield Observation(device, "gas_volume", gas, "m3", instant(body, "extra_device_timestamp"), C)


DECODER = Decoder(family="dsmr_reader", group="han-p1", topics=("dsmr/json",), decode=decode)
