"""obinsect (Norwegian HAN reader): one JSON object a list, with names in place of OBIS codes.

Format: obinsect's aliases. W, var, A, V, kWh. With --unscaled the same keys hold mA and tenths of a volt as integers, which
only the size of the voltage tells; with --units values are text with their unit.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, json_object, number_in_text, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "Power": Field("active_power_import", "W", G),
    "PowerExport": Field("active_power_export", "W", G),
    "ReactivePower": Field("reactive_power_import", "var", G),
    "ReactivePowerExport": Field("reactive_power_export", "var", G),
    **{f"CurrentL{n}": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
    **{f"VoltageL{n}": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    "Energy": Field("active_energy_import", "Wh", C),
    "EnergyExport": Field("active_energy_export", "Wh", C),
    "ReactiveEnergy": Field("reactive_energy_import", "varh", C),
    "ReactiveEnergyExport": Field("reactive_energy_export", "varh", C),
}
LARGEST_PHASE_VOLTAGE = 1_000  # more is tenths of a volt: the customer's side of no Norwegian meter has a kilovolt


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    body = json_object(message)
    if "SerialNumber" not in body or not ({"ListId", "Power"} & body.keys()):
        raise Unrecognised("no list of obinsect")
    device, time = text(body, "SerialNumber"), epoch(body.get("timestamp"))
    unscaled = _unscaled(body)
    for key, field in FIELDS.items():
        value, unit = _number(body.get(key), field.unit)
        if value is None:
            continue
        if unscaled and field.quantity == "current":
            value /= 1000
        elif unscaled and field.quantity == "voltage":
            value /= 10
        yield Observation(device, field.quantity, value, unit, time, field.accumulation, field.channel)


def _unscaled(body: Mapping[str, Any]) -> bool:
    voltages = [finite(body.get(f"VoltageL{n}")) or 0.0 for n in (1, 2, 3)]
    return max(voltages) > LARGEST_PHASE_VOLTAGE


def _number(value: Any, unit: str | None) -> tuple[float | None, str | None]:
    """A number, or a text of number, blank and unit."""
    if isinstance(value, str):
        number, _, stated = value.strip().partition(" ")
        return number_in_text(number), {"Var": "var", "VAr": "var", "VArh": "varh"}.get(stated, stated) or unit
    return finite(value), unit


DECODER = Decoder(family="obinsect", group="han-p1", topics=("obinsect/#",), decode=decode)
