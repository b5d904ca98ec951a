"""LoRaWAN devices behind a network server: what its codec decoded, else the device's own bytes where the make is known.

Formats: `_envelope.py` (ChirpStack v3 and v4, The Things Stack, Netmore, diwise, LORIOT, ThingPark, AWS), `_frames.py` (makes).
One uplink heard by several gateways is one reading. Where codec and bytes disagree the codec's object is taken: the operator
chose it, and one source a device is what keeps a series whole.
Left out on purpose: battery, radio, distances, motion and states, which are no energy or climate values.
"""

from collections.abc import Iterator

from collectors.decoders import _frames, _keys
from collectors.decoders._envelope import uplinks
from collectors.decoding import Decoder, Recall
from collectors.fields import json_value
from collectors.messages import Observation, RawMessage
from config.errors import Unrecognised


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """The energy and climate values of an uplink; none for joins, acknowledgements, errors and status events."""
    found = uplinks(json_value(message), message.topic)
    if found is None:
        raise Unrecognised("no uplink of a LoRaWAN network server")
    for uplink in found:
        if uplink.fields:
            for item in _keys.values(uplink.fields):
                means = item.meaning
                yield Observation(
                    uplink.device, means.quantity, item.value, item.unit, uplink.time, means.accumulation, means.channel
                )
        elif uplink.data:
            yield from _frames.frame_observations(uplink)


DECODER = Decoder(
    family="lorawan",
    group="lorawan",
    topics=(
        "application/+/device/+/event/+",
        "application/+/device/+/+",
        "v3/+/devices/+/up",
        "v3/+/devices/+/+/+",
        "+/devices/+/up",
    ),
    decode=decode,
)
