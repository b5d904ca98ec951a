"""Sparkplug B: metrics of an edge node and its devices, by name, or by the alias that the birth gave.

Format: Eclipse Sparkplug 3.0; see `_sparkplug_wire.py`. A unit stands only in a metric's properties or name. Metrics that speak
of the session (bdSeq, Node Control, Properties), of machines or of states are no energy or climate values. The metric's name is
the channel, because a node may have any number of a quantity.
Left out on purpose: NCMD and DCMD (set points on their way), deaths (values are stale, not what they are), data sets.
"""

from collections.abc import Iterator
from functools import lru_cache

import orjson

from collectors.decoders import _keys
from collectors.decoders._sparkplug_wire import Metric, Payload, binary_payload, json_payload
from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, json_value
from collectors.messages import Observation, RawMessage
from config.errors import MessageError, Undecodable, Unrecognised

NAMESPACES = ("spBv1.0", "spAv1.0")
READINGS = frozenset({"NBIRTH", "DBIRTH", "NDATA", "DDATA"})
OTHERS = frozenset({"NDEATH", "DDEATH", "NCMD", "DCMD"})
SESSION = ("bdSeq", "Node Control/", "Device Control/", "Node Info/", "Device Info/", "Properties/", "Node Properties/", "Meta/")


def decode(message: RawMessage, recall: Recall) -> Iterator[Observation]:
    """One observation an energy or climate metric.

    Raises:
        Undecodable: the data name metrics by alias and no birth is known; a rebirth command to the node brings one.
    """
    levels = message.topic.split("/")
    ours = levels[0] in NAMESPACES
    if ours and len(levels) == 3 and levels[1] == "STATE":
        return
    if ours and not (len(levels) in (4, 5) and levels[2] in READINGS | OTHERS):
        raise Undecodable(f"Sparkplug: {message.topic[:80]} is no topic of group, type, node and device")
    try:
        payload = _payload(message)
    except Unrecognised:
        raise
    except Undecodable as error:
        if ours:
            raise
        raise Unrecognised(str(error)) from error
    if ours and levels[2] in OTHERS:
        return
    device = "/".join([levels[1], *levels[3:]]) if ours else ""
    aliases: dict[int, Metric] | None = None
    for metric in payload.metrics:
        name, unit, code = metric.name, metric.unit, metric.type
        if not name and metric.alias is not None:
            if aliases is None:
                aliases = _aliases(levels if ours else None, recall)
            born = aliases.get(metric.alias)
            if born is None:
                continue  # added after the birth: unknown until the node is born again
            name, unit, code = born.name, unit or born.unit, code or born.type
        value = metric.value(code)
        if value is None or not name or name.startswith(SESSION):
            continue
        means = _keys.meaning(name)
        if means is None or (means.whole and value != int(value)):
            continue
        time = epoch(metric.time, 1000) or epoch(payload.time, 1000)
        yield Observation(
            device or name, means.quantity, value, _unit(unit) or means.unit, time, means.accumulation, name if device else ""
        )


def _payload(message: RawMessage) -> Payload:
    if message.payload.lstrip()[:1] != b"{":
        return binary_payload(message.payload)
    payload = json_payload(json_value(message))
    if payload is None:
        raise Unrecognised("no Sparkplug payload: metrics are missing")
    return payload


def _aliases(levels: list[str] | None, recall: Recall) -> dict[int, Metric]:
    """Alias → the metric of the birth that gave it; a device's aliases are those of its node too.

    Raises:
        Undecodable: no birth is known.
    """
    if levels is None:
        topics = [""]
    else:
        topics = ["/".join([levels[0], levels[1], "NBIRTH", levels[3]])]
        if len(levels) == 5:
            topics.append("/".join([levels[0], levels[1], "DBIRTH", levels[3], levels[4]]))
    births = [birth for birth in map(recall, topics) if birth is not None]
    if not births:
        raise Undecodable("Sparkplug: metrics by alias before any birth; ask the node for one (Node Control/Rebirth)")
    table: dict[int, Metric] = {}
    for birth in births:
        table |= _table(birth.payload)
    return table


@lru_cache(maxsize=4096)  # every message of a node asks for the same birth
def _table(payload: bytes) -> dict[int, Metric]:
    try:
        born = json_payload(orjson.loads(payload)) if payload.lstrip()[:1] == b"{" else binary_payload(payload)
    except (MessageError, orjson.JSONDecodeError):
        return {}  # what lies on that topic is no birth
    return {metric.alias: metric for metric in born.metrics if metric.alias is not None and metric.name} if born else {}


def _unit(stated: str | None) -> str | None:
    return {"C": "°C", "degC": "°C", "celsius": "°C", "m³": "m3", "m^3": "m3"}.get(stated, stated) if stated else None


DECODER = Decoder(
    family="sparkplug",
    group="sparkplug",
    topics=("spBv1.0/#",),
    decode=decode,
    remembers=("spBv1.0/+/NBIRTH/+", "spBv1.0/+/DBIRTH/+/+", ""),
)
