"""rtl_433 (433 and 868 MHz radio sensors): one JSON object a frame; `time` is the wall clock with a blank.

Format: rtl_433 documentation, units in the key's suffix. The device is model, id and channel: an id alone is not unique.
Left out on purpose: batteries, buttons, signal strengths.
"""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, iso_time, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "temperature_C": Field("temperature", "°C", G),
    **{f"temperature_{n}_C": Field("temperature", "°C", G, str(n)) for n in (1, 2, 3, 4)},
    "humidity": Field("relative_humidity", "%", G),
    "pressure_hPa": Field("pressure", "hPa", G),
    "power_W": Field("active_power", "W", G),
    "energy_kWh": Field("active_energy_import", "kWh", C),
    "current_A": Field("current", "A", G),
    "voltage_V": Field("voltage", "V", G),
    "volume_m3": Field("water_volume", "m3", C),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    body = json_object(message)
    model = body.get("model")
    if not isinstance(model, str) or "time" not in body or "id" not in body:
        raise Unrecognised("no frame of rtl_433")
    device = "/".join(str(part) for part in (model, body.get("id"), body.get("channel")) if part is not None)
    time = iso_time(body.get("time"))
    for key, field in FIELDS.items():
        value = finite(body.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel)


DECODER = Decoder(family="rtl433", group="generic", topics=("RTL_433/#", "rtl_433/#"), decode=decode)
