"""rtl_433 (433 and 868 MHz radio sensors): one JSON object a frame, or a topic a value; `time` is the wall clock with a blank.

Format: rtl_433 documentation, units in the key's suffix; -F mqtt publishes …/devices/<model>[/<channel>][/<id>]/<key> too. The
device is model, id and channel: an id alone is not unique. Left out on purpose: batteries, buttons, signal strengths.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoders._topics import Leaf, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, iso_time, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "temperature_C": Field("temperature", "°C", G),
    **{f"temperature_{n}_C": Field("temperature", "°C", G, str(n)) for n in range(1, 9)},
    "humidity": Field("relative_humidity", "%", G),
    **{f"humidity_{n}": Field("relative_humidity", "%", G, str(n)) for n in range(1, 9)},
    "setpoint_C": Field("setpoint_temperature", "°C", G),
    "pressure_hPa": Field("pressure", "hPa", G),
    "pressure_kPa": Field("pressure", "kPa", G),
    "pressure_bar": Field("pressure", "bar", G),
    "power_W": Field("active_power", "W", G),
    **{f"power{n}_W": Field("active_power", "W", G, str(n)) for n in range(4)},
    "energy_kWh": Field("active_energy_import", "kWh", C),
    "total_kWh": Field("active_energy_import", "kWh", C, "total"),
    "current_A": Field("current", "A", G),
    "voltage_V": Field("voltage", "V", G),
    "volume_m3": Field("water_volume", "m3", C),
    "total_m3": Field("water_volume", "m3", C, "total"),
    "total_l": Field("water_volume", "l", C, "total_l"),
    "light_lux": Field("illuminance", "lx", G),
    "co2_ppm": Field("co2", "ppm", G),
}
FAHRENHEIT = {
    "temperature_F": Field("temperature", "°C", G),
    **{f"temperature_{n}_F": Field("temperature", "°C", G, str(n)) for n in range(1, 9)},
}
VALUE_TOPIC = re.compile(r"(?:.*/)?devices/(?P<model>[^/]+)(?:/(?P<first>[^/]+))?(?:/(?P<second>[^/]+))?/(?P<key>[^/]+)")
ABOUT = frozenset(
    {"time", "id", "channel", "battery_ok", "battery", "mic", "rssi", "snr", "noise", "mod", "freq", "button", "status"}
)


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    single = VALUE_TOPIC.fullmatch(message.topic)
    if single is not None and (single["key"] in FIELDS or single["key"] in ABOUT):
        return plain_value(message, single, _leaf)
    return _frame(json_object(message))


def _leaf(match: re.Match[str]) -> Leaf:
    first, second = match["first"], match["second"]
    parts = (match["model"], second, first) if second is not None else (match["model"], first)
    return Leaf("/".join(part for part in parts if part is not None), FIELDS.get(match["key"]))


def _frame(body: Mapping[str, Any]) -> Iterator[Observation]:
    model = body.get("model")
    if (
        not isinstance(model, str)
        or not model
        or not {"id", "channel"} & body.keys()
        or not {"time", "mic", "rssi"} & body.keys()
    ):
        raise Unrecognised("no frame of rtl_433")
    device = "/".join(str(part) for part in (model, body.get("id"), body.get("channel")) if part is not None)
    time = iso_time(body.get("time")) or epoch(body.get("time"))
    for key, field in FIELDS.items():
        value = finite(body.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel)
    for key, field in FAHRENHEIT.items():
        value = finite(body.get(key))
        if value is not None and f"{key[:-1]}C" not in body:
            degrees = round((value - 32) / 1.8, 3)
            yield Observation(device, field.quantity, degrees, field.unit, time, field.accumulation, field.channel)


DECODER = Decoder(family="rtl433", group="generic", topics=("RTL_433/#", "rtl_433/#", "+/devices/#"), decode=decode)
