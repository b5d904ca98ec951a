"""EMQX Neuron (industrial gateway): tag values of a group, with error codes beside them.

Format: Neuron documentation, MQTT plug-in, values format and tags format. The time is epoch milliseconds; `errors` are
codes, no values.
"""

from collections.abc import Iterator

from collectors.decoders import _names
from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, finite, json_object
from collectors.messages import Observation, RawMessage
from config.errors import Unrecognised


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a tag with a number."""
    body = json_object(message)
    node, group = body.get("node"), body.get("group")
    if not isinstance(node, str) or not isinstance(group, str) or not ({"values", "tags"} & body.keys()):
        raise Unrecognised("no group of Neuron")
    values, tags = body.get("values"), body.get("tags")
    named = dict(values) if isinstance(values, dict) else {}
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, dict) and not tag.get("error"):
            named[str(tag.get("name"))] = tag.get("value")
    time = epoch(body.get("timestamp"), 1000.0)
    for name, value in named.items():
        number = finite(value)
        if number is not None and _names.measures(name):
            unit = _names.unit(name)
            yield Observation(f"{node}/{group}", name, number, unit, time, _names.accumulation(name, unit))


DECODER = Decoder(family="neuron", group="generic", topics=("/neuron/#", "neuron/#"), decode=decode)
