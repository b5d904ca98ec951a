"""InfluxDB line protocol: measurement,tags fields timestamp, one or many lines.

Format: InfluxData's line protocol reference. Escaped blanks, commas and equals signs; quoted strings, integers with i or u,
booleans are told apart. The digits of the time tell seconds, milliseconds, microseconds and nanoseconds apart.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from collectors.decoders import _names
from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.errors import Unrecognised

LINE = re.compile(
    r"(?P<measurement>(?:\\.|[^\s,\\])+)(?P<tags>(?:,(?:\\.|[^\s,=\\])+=(?:\\.|[^\s,\\])+)*)"
    r" (?P<fields>(?:\\.|[^\s,=\\\"])+=(?:\"(?:\\.|[^\"\\])*\"|(?:\\.|[^\s,\\\"])+)"
    r"(?:,(?:\\.|[^\s,=\\\"])+=(?:\"(?:\\.|[^\"\\])*\"|(?:\\.|[^\s,\\\"])+))*)(?: (?P<time>-?\d+))?"
)
PAIR = re.compile(r"(?P<key>(?:\\.|[^,=\\\"])+)=(?P<value>\"(?:\\.|[^\"\\])*\"|(?:\\.|[^,\\\"])+)(?:,|$)")
ESCAPE = re.compile(r"\\(.)")
DEVICE_TAGS = (
    *("source", "device", "device_id", "deviceid", "meter", "meter_id", "serial", "id", "name", "sensor", "sensor_id"),
    *("slave_id", "room", "topic", "host", "location"),
)
PER_SECOND = {10: 1.0, 13: 1e3, 16: 1e6, 19: 1e9}
FIELDS = {  # plain names of fields → quantity, unit where the name alone decides it
    "temp": ("temperature", "°C"),
    "hum": ("relative_humidity", "%"),
    "co": ("co", "ppm"),
    "co2": ("co2", "ppm"),
    "temperature": ("temperature", None),
    "humidity": ("relative_humidity", None),
    "working hours": ("operating_time", "h"),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a numeric field of each line."""
    lines = [line for line in payload_text(message).splitlines() if line.strip() and not line.startswith("#")]
    found = [LINE.fullmatch(line.strip()) for line in lines]
    if not found or any(match is None for match in found):
        raise Unrecognised("no line protocol")
    for match in found:
        if match is not None:
            yield from _line(match)


def _line(match: re.Match[str]) -> Iterator[Observation]:
    tags = _pairs(match["tags"].removeprefix(","))
    measurement = _plain(match["measurement"])
    device = next((tags[tag] for tag in DEVICE_TAGS if tag in tags), measurement)
    time = _time(match["time"])
    for key, text in _pairs(match["fields"], quoted=True).items():
        value = number_in_text(text.removesuffix("i").removesuffix("u") if text[-1:] in "iu" else text)
        name = measurement if key == "value" else key  # one field, named by its line
        if value is None or text.startswith('"') or not _names.measures(name):
            continue
        quantity, unit = FIELDS.get(name.lower(), (name, None))
        unit = unit or tags.get("unit") or _names.unit(name)
        yield Observation(device, quantity, value, unit, time, _names.accumulation(name, unit))


def _pairs(text: str, *, quoted: bool = False) -> Mapping[str, str]:
    return {_plain(pair["key"]): pair["value"] if quoted else _plain(pair["value"]) for pair in PAIR.finditer(text)}


def _plain(text: str) -> str:
    return ESCAPE.sub(r"\1", text)


def _time(text: str | None) -> datetime | None:
    return None if text is None else epoch(int(text), PER_SECOND.get(len(text.removeprefix("-")), 1e9))


DECODER = Decoder(family="line_protocol", group="generic", topics=("telegraf/#", "influx/#"), decode=decode)
