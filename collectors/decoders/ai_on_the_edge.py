"""AI-on-the-edge: a camera reads a meter's dial; <main>/<number>/value, /raw, /error, /rate, /timestamp, /json.

Format: AI-on-the-edge-device documentation, MQTT. What is metered, and its unit, is configuration only.
Left out on purpose: `raw` and `pre` (before plausibility checks) and `rate`; a value with an error beside it is no reading.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from collectors.decoding import Decoder, Recall
from collectors.fields import finite, iso_time, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

NAMES = frozenset({"value", "raw", "error", "rate", "timestamp", "json", "changeabsolut", "rate_per_time_unit"})
NO_ERROR = frozenset({"", "no error"})


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One reading of the dial, or none."""
    base, _, name = message.topic.rpartition("/")
    if name not in NAMES or not base:
        raise Unrecognised("no topic of a camera reader")
    text = payload_text(message)
    if name == "value":
        return _plain(base, text)
    if name == "json":
        return _json(base, text)
    return iter(())


def _plain(base: str, text: str) -> Iterator[Observation]:
    if base.count("/") == 0:
        raise Unrecognised("a camera reader has a number's name before value")
    value = number_in_text(text)
    if value is None:
        raise Undecodable(f"a number was expected, not {text[:40]!r}")
    return iter((Observation(base, "meter_reading", value, None, None, Accumulation.COUNTER),))


def _json(base: str, text: str) -> Iterator[Observation]:
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"no JSON, as when an error's text is glued to the value: {error}") from error
    if not isinstance(body, dict) or "value" not in body or not {"raw", "error", "pre", "rate"} & body.keys():
        raise Unrecognised("no JSON of a camera reader")
    given = body["value"]
    value = number_in_text(given) if isinstance(given, str) else finite(given)
    if value is None or str(body.get("error", "")) not in NO_ERROR:
        return iter(())
    return iter((Observation(base, "meter_reading", value, None, _time(body.get("timestamp")), Accumulation.COUNTER),))


def _time(value: object) -> datetime | None:
    """Local, with +0200 or without an offset."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    except ValueError:
        return iso_time(value)


DECODER = Decoder(family="ai_on_the_edge", group="smarthome", topics=("+/+/value", "+/+/json"), decode=decode)
