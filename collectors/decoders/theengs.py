"""Theengs gateway and OpenMQTTGateway: one JSON object a Bluetooth advertisement, home/<gateway>/BTtoMQTT/<address>.

Format: Theengs decoder, properties. tempc °C, hum %, dp °C (dew point), volt V, pres hPa, co2 ppm. `tempf` is tempc again.
Left out on purpose: rssi, battery level, presence.
"""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "tempc": Field("temperature", "°C", G),
    "hum": Field("relative_humidity", "%", G),
    "dp": Field("dew_point", "°C", G),
    "volt": Field("battery_voltage", "V", G),
    "pres": Field("pressure", "hPa", G),
    "co2": Field("co2", "ppm", G),
    "power": Field("active_power", "W", G),
    "energy": Field("active_energy_import", "kWh", C),
    "voltage": Field("voltage", "V", G),
    "current": Field("current", "A", G),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    body = json_object(message)
    device = body.get("id")
    if not isinstance(device, str) or not device or not ({"rssi", "model_id", "brand"} & body.keys()):
        raise Unrecognised("no advertisement of a Bluetooth device")
    for key, field in FIELDS.items():
        value = finite(body.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, None, field.accumulation)


DECODER = Decoder(family="theengs", group="smarthome", topics=("home/+/BTtoMQTT/+", "+/+/BTtoMQTT/+"), decode=decode)
