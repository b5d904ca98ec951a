"""APsystems micro-inverters through an ECU gateway: one JSON object an inverter.

Format: the gateway's own; seen only with an infinite frequency and an empty temperature, which is no JSON and is refused.
Powers in W, AC voltage in V; the energies' unit is stated nowhere.
"""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, json_object, payload_text, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    **{f"pw{n}": Field("dc_power", "W", G, f"panel{n}") for n in range(4)},
    **{f"en{n}": Field("dc_energy", None, C, f"panel{n}") for n in range(4)},
    "totalpwr": Field("active_power_production", "W", G),
    "totalen": Field("active_energy_production", None, C),
    "acv": Field("voltage", "V", G),
    "freq": Field("frequency", "Hz", G),
    "tem": Field("temperature", "°C", G),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    raw = payload_text(message)
    if '"totalpwr"' not in raw or '"serial"' not in raw:
        raise Unrecognised("no inverter of APsystems")
    try:
        body = json_object(message)
    except Unrecognised as error:
        raise Undecodable(str(error)) from error
    device = text(body, "serial")
    for key, field in FIELDS.items():
        value = finite(body.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, None, field.accumulation, field.channel)


DECODER = Decoder(family="apsystems", group="solar", topics=("apsystems/#",), decode=decode)
