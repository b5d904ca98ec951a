"""Shelly Gen1: one plain number a topic, shellies/<device>/emeter/<n>/<name> and shellies/<device>/relay/<n>/….

Format: Shelly Gen1 API, MQTT. emeter: power W, total and total_returned Wh, voltage V, current A, reactive_power var, pf;
relay: power W, energy Watt-minutes. Also seen wrapped by a bridge that prints mosquitto_sub's JSON.
Left out on purpose: emeter's `energy`, Watt-minutes that start again whenever the device does, beside `total`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

EMETER = {
    "power": Field("active_power", "W", G),
    "total": Field("active_energy_import", "Wh", C),
    "total_returned": Field("active_energy_export", "Wh", C),
    "voltage": Field("voltage", "V", G),
    "current": Field("current", "A", G),
    "reactive_power": Field("reactive_power", "var", G),
    "pf": Field("power_factor", "1", G),
}
RELAY = {"power": Field("active_power", "W", G), "energy": Field("active_energy_import", "Wh", C)}
SENSOR = {
    "temperature": Field("temperature", "°C", G),
    "humidity": Field("relative_humidity", "%", G),
}
WATT_MINUTES = 60.0
TOPIC = re.compile(r"shellies/(?P<device>[^/]+)/(?P<kind>emeter|relay|meter|sensor)/(?:(?P<number>\d+)/)?(?P<name>\w+)$")
PHASES = ("l1", "l2", "l3")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none for a state."""
    found = TOPIC.search(message.topic)
    if found is None:
        if message.topic.startswith("shellies/") or (not message.topic and payload_text(message) in ("true", "false")):
            return iter(())  # online, announce, info, a relay's state
        raise Unrecognised("no topic of Shelly Gen1")
    fields = {"emeter": EMETER, "sensor": SENSOR}.get(found["kind"], RELAY)
    field = fields.get(found["name"])
    if field is None:
        return iter(())
    value, time = _value(message)
    if fields is RELAY and found["name"] == "energy":
        value /= WATT_MINUTES
    channel = found["number"] or ""
    if found["kind"] == "emeter" and found["device"].startswith("shellyem3"):
        channel = PHASES[int(channel)] if channel in ("0", "1", "2") else channel
    return iter((Observation(found["device"], field.quantity, value, field.unit, time, field.accumulation, channel),))


def _value(message: RawMessage) -> tuple[float, datetime | None]:
    text = payload_text(message)
    value = number_in_text(text)
    if value is not None:
        return value, None
    try:
        wrapped = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"a number was expected, not {text[:20]!r}") from error
    value = finite(wrapped.get("payload")) if isinstance(wrapped, dict) else None
    if value is None:
        raise Undecodable("a number was expected")
    return value, _offset_time(wrapped.get("tst"))


def _offset_time(value: object) -> datetime | None:
    """An offset without a colon (+0100), as strftime writes it."""
    if not isinstance(value, str):
        return None
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"):
        try:
            return datetime.strptime(value, form).astimezone(UTC)
        except ValueError:
            continue
    return None


DECODER = Decoder(family="shelly_gen1", group="smarthome", topics=("shellies/#",), decode=decode)
