"""ThermIQ (Thermia heat pumps): one JSON object with register numbers in hexadecimal as keys, signed integers.

Format: ThermIQ-MQTT's register table. Temperatures in °C; the room's whole degrees and tenths lie in two registers (r01, r02).
Left out on purpose: set points, states, hours that no register table of ours confirms.
"""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, json_object, payload_text, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

G = Accumulation.GAUGE

FIELDS = {
    "r00": Field("outdoor_temperature", "°C", G),
    "r05": Field("flow_temperature", "°C", G),
    "r06": Field("return_temperature", "°C", G),
    "r07": Field("water_temperature", "°C", G),
    "r08": Field("brine_out_temperature", "°C", G),
    "r09": Field("brine_in_temperature", "°C", G),
}
INDOOR, INDOOR_TENTHS = "r01", "r02"


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known register."""
    raw = payload_text(message)
    if '"Client_Name"' not in raw or '"r0' not in raw:
        raise Unrecognised("no registers of ThermIQ")
    try:
        body = json_object(message)
    except Unrecognised as error:
        raise Undecodable(str(error)) from error
    device, time = text(body, "Client_Name"), epoch(body.get("timestamp"))
    whole, tenths = finite(body.get(INDOOR)), finite(body.get(INDOOR_TENTHS))
    if whole is not None:
        yield Observation(device, "indoor_temperature", whole + (tenths or 0.0) / 10, "°C", time, G)
    for key, field in FIELDS.items():
        value = finite(body.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, time, G)


DECODER = Decoder(family="thermiq", group="heatpump", topics=("ThermIQ/#",), decode=decode)
