"""Ainsite/Smarteo metering service: one register value a message on meters/outbound/<customer>/<subscription>/<meter>.

Format: the service's payload schemas 1 and 2. What a register is, and its unit, stands in the service's own table: `register_12`
is given on as it is, for the portfolio's `as_sent` and `unit`.
"""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import finite, instant, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation: a register's reading (schema 1) or what was counted in an interval (schema 2)."""
    body = json_object(message)
    version = body.get("smarteo_payload_schema_version")
    if version is None or "register_id" not in body:
        raise Unrecognised("no message of the metering service")
    device = message.topic.rpartition("/")[2]
    if not device:
        raise Undecodable("the meter's id stands in the topic only")
    quantity = f"register_{body['register_id']}"
    if version == 1:
        value, time, kind = finite(body.get("meter_reading")), instant(body, "data_timestamp_utc"), Accumulation.COUNTER
    elif version == 2:
        value, time, kind = finite(body.get("value")), instant(body, "measurement_end_timestamp_utc"), Accumulation.GAUGE
    else:
        raise Undecodable(f"schema version {version}: known are 1 and 2")
    if value is not None:
        yield Observation(device, quantity, value, None, time, kind)


DECODER = Decoder(family="ainsite", group="han-p1", topics=("meters/outbound/+/+/+",), decode=decode)
