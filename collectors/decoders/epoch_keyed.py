"""Bulk uploads of loggers: a JSON object whose keys are epoch seconds (or milliseconds) and whose values are readings."""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, finite, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

PER_SECOND = {10: 1.0, 13: 1e3}
NAMES = {"humidity": "relative_humidity"}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a number below each time."""
    body = json_object(message)
    if not body or not all(key.isdigit() and len(key) in PER_SECOND and isinstance(value, dict) for key, value in body.items()):
        raise Unrecognised("the keys are no times")
    device = message.topic or "(topic)"
    for key, readings in body.items():
        time = epoch(int(key), PER_SECOND[len(key)])
        for name, value in readings.items():
            number = finite(value)
            if number is not None:
                yield Observation(device, NAMES.get(name, name), number, None, time, Accumulation.GAUGE)


DECODER = Decoder(family="epoch_keyed", group="generic", topics=("+/tc.json",), decode=decode)
