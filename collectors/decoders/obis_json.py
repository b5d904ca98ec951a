"""Readers that keep the OBIS codes as JSON keys: Austrian adapters ({code: {value, time}}), Sinapsi (arrays of meters).

Format: oesterreichsenergie customer interface adapter; Sinapsi Alfa. Energies in Wh and powers in W, as integers or text.
The meter's number is a key of the same kind (0-0:96.1.0), and no measurement.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.decoders._obis import field_of
from collectors.decoding import Decoder, Recall
from collectors.fields import epoch, json_value, number, number_in_text, text
from collectors.messages import Observation, RawMessage
from config.errors import Undecodable, Unrecognised

SMALL_UNITS = {"kWh": "Wh", "kW": "W", "kvarh": "varh", "kvar": "var"}
SERIAL = "0-0:96.1.0"
SINAPSI_KEY = re.compile(r"(?P<code>\d-\d+:\d+\.\d+\.\d+)\.255_.*")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a code."""
    body = json_value(message)
    if isinstance(body, dict) and any(field_of(key) and ":" in key for key in body):
        return _adapter(body)
    if isinstance(body, list) and body and all(isinstance(item, dict) and isinstance(item.get("data"), list) for item in body):
        if not all("pod" in item or "du" in item for item in body):
            raise Unrecognised("no array of meters")
        return _sinapsi(body)
    raise Unrecognised("no OBIS codes as keys")


def _adapter(body: Mapping[str, Any]) -> Iterator[Observation]:
    serial = body.get(SERIAL)
    device = serial.get("value") if isinstance(serial, dict) else body.get("name")
    if not isinstance(device, str) or not device:
        raise Undecodable(f"{SERIAL}: the meter's number was expected")
    for code, entry in body.items():
        if code != SERIAL and isinstance(entry, dict):
            yield from _value(code, number(entry, "value"), epoch(entry.get("time")), device)


def _sinapsi(meters: list[dict[str, Any]]) -> Iterator[Observation]:
    for meter in meters:
        device = text(meter, "pod" if "pod" in meter else "du")
        for reading in meter["data"]:
            if not isinstance(reading, dict):
                continue
            time = epoch(reading.get("ts"))
            for key, value in reading.items():
                found = SINAPSI_KEY.fullmatch(key)
                if found is not None:
                    parsed = number_in_text(value) if isinstance(value, str) else number(reading, key)
                    yield from _value(found["code"], parsed, time, device)


def _value(code: str, value: float | None, time: datetime | None, device: str) -> Iterator[Observation]:
    field = field_of(code)
    if field is not None and value is not None:
        unit = SMALL_UNITS.get(field.unit or "", field.unit)
        yield Observation(device, field.quantity, value, unit, time, field.accumulation, field.channel)


DECODER = Decoder(family="obis_json", group="han-p1", topics=("/+/iomtsgdata/+",), decode=decode)
