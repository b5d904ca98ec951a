"""Bulk uploads of loggers: a JSON object whose keys are times since 1970 and whose values are readings.

Seconds, milliseconds, microseconds and nanoseconds are told apart by their digits.
"""

from collections.abc import Iterator

from collectors.decoders import _names
from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, finite, json_object, number_in_text
from collectors.messages import Observation, RawMessage
from config.errors import Unrecognised

PER_SECOND = {10: 1.0, 13: 1e3, 16: 1e6, 19: 1e9}
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
            number = number_in_text(value) if isinstance(value, str) else finite(value)
            if number is not None and _names.measures(name):
                unit = _names.unit(name)
                yield Observation(device, NAMES.get(name, name), number, unit, time, _names.accumulation(name, unit))


DECODER = Decoder(family="epoch_keyed", group="generic", topics=("+/tc.json",), decode=decode)
