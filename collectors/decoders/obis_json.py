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

SMALL_UNITS = {"kWh": "Wh", "kW": "W", "kvarh": "varh", "kvar": "var", "kVAh": "VAh", "kVA": "VA"}
SERIALS = ("0-0:96.1.0", "0-0:96.1.1", "1-0:96.1.0", "1-0:0.0.0", "0-0:42.0.0")
SINAPSI_KEY = re.compile(r"(?P<code>\d-\d+:\d+\.\d+\.\d+)\.255_.*")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a code."""
    body = json_value(message)
    if isinstance(body, dict) and any(field_of(key) and ":" in key for key in body):
        return _adapter(body, message.topic.rpartition("/")[2])
    if isinstance(body, list) and body and all(isinstance(item, dict) and isinstance(item.get("data"), list) for item in body):
        if not all("pod" in item or "du" in item for item in body):
            raise Unrecognised("no array of meters")
        return _sinapsi(body)
    raise Unrecognised("no OBIS codes as keys")


def _adapter(body: Mapping[str, Any], topic: str) -> Iterator[Observation]:
    device = next((named for named in (_bare(body.get(key)) for key in (*SERIALS, "name", "id")) if named), topic)
    if not isinstance(device, str) or not device:
        raise Undecodable(f"{SERIALS[0]}: the meter's number was expected")
    common = epoch(body.get("timestamp"))
    said = set()
    for code, entry in body.items():
        code = code.partition("*")[0]
        if code in SERIALS or code in said or not isinstance(entry, dict):
            continue
        said.add(code)
        unit = entry.get("unit")
        yield from _value(
            code,
            number(entry, "value"),
            epoch(entry.get("time", entry.get("timestamp"))) or common,
            device,
            unit if isinstance(unit, str) and unit else None,
        )


def _bare(entry: Any) -> Any:
    return entry.get("value") if isinstance(entry, dict) else entry


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


def _value(
    code: str, value: float | None, time: datetime | None, device: str, stated: str | None = None
) -> Iterator[Observation]:
    field = field_of(code)
    if field is not None and value is not None:
        unit = stated or SMALL_UNITS.get(field.unit or "", field.unit)
        yield Observation(device, field.quantity, value, unit, time, field.accumulation, field.channel)


DECODER = Decoder(family="obis_json", group="han-p1", topics=("/+/iomtsgdata/+",), decode=decode)
