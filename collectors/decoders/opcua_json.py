"""OPC UA PubSub JSON (ua-data) and OPC Publisher's legacy samples: values with a source time and, when bad, a status code.

Format: OPC UA part 14, JSON mapping; Azure OPC Publisher. Names of fields are the server's own, and units are not in the message.
Left out on purpose: metadata; booleans and texts; a field with a bad status has no value.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoders import _names
from collectors.decoding import Decoder, Recall
from collectors.fields import finite, iso_time, json_value
from collectors.messages import Observation, RawMessage
from config.errors import Unrecognised

BAD = 0x80000000  # the two highest bits of a status code: 10 is bad


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a field with a good number."""
    body = json_value(message)
    if isinstance(body, dict) and "body" in body:
        body = body["body"]
    bodies = body if isinstance(body, list) else [body]
    if not bodies or not all(isinstance(item, dict) and ({"MessageType", "NodeId"} & item.keys()) for item in bodies):
        raise Unrecognised("no OPC UA message")
    for item in bodies:
        if item.get("MessageType") == "ua-data":
            yield from _data_sets(item)
        elif isinstance(item.get("Payload"), dict):  # a data set without its network message's header
            yield from _data_sets({"PublisherId": item.get("PublisherId"), "Messages": [item]})
        elif "NodeId" in item:
            yield from _sample(item)


def _data_sets(item: Mapping[str, Any]) -> Iterator[Observation]:
    device = str(item.get("PublisherId") or "")
    messages = item.get("Messages")
    for data_set in messages if isinstance(messages, list) else [messages]:
        if not isinstance(data_set, dict) or not isinstance(data_set.get("Payload"), dict):
            continue
        writer = data_set.get("DataSetWriterName") or data_set.get("DataSetWriterId")
        for name, value in data_set["Payload"].items():
            yield from _value(device or str(writer or ""), name, value, data_set.get("Timestamp"))


def _sample(item: Mapping[str, Any]) -> Iterator[Observation]:
    device = str(item.get("ApplicationUri") or item.get("EndpointUrl") or "")
    name = str(item.get("DisplayName") or str(item["NodeId"]).rpartition(";s=")[2])
    yield from _value(device, name, item.get("Value"), item.get("Timestamp"))


def _value(device: str, name: str, value: Any, sent: Any) -> Iterator[Observation]:
    if not _names.measures(name):
        return
    inner = value if isinstance(value, dict) else {"Value": value}
    status = inner.get("StatusCode")
    code = status.get("Code") if isinstance(status, dict) else status
    number = finite(inner.get("Value"))
    if number is None or not device or not name or (isinstance(code, int) and code & BAD):
        return
    unit, time = _names.unit(name), iso_time(inner.get("SourceTimestamp") or inner.get("ServerTimestamp") or sent)
    yield Observation(device, name, number, unit, time, _names.accumulation(name, unit))


DECODER = Decoder(family="opcua_json", group="generic", topics=("opcua/#",), decode=decode)
