"""AMS readers (AmsToMqttBridge, amsleser.no) on the HAN port: one JSON object a list from the meter, or a topic a value.

Format: AmsToMqttBridge's documentation of payloads "JSON", "Home Assistant" (<prefix>/power, <prefix>/energy) and "Raw"
(<prefix>/meter/import/active …). Seen: firmware 2.x (P, tPI, I1 …), and the first generation's keys for Kamstrup (aip, caie,
al1 …), whose registers are integers of a resolution that the message does not state. A firmware that writes the meter's number
as raw bytes breaks the JSON; all else in it is sound, so the number is passed over and the rest read.
Left out on purpose: `realtime`, sums that the reader makes itself; `temp` and `vcc`, the reader's own.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from collectors.decoders._topics import Leaf, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "P": Field("active_power_import", "W", G),
    "PO": Field("active_power_export", "W", G),
    "Q": Field("reactive_power_import", "var", G),
    "QO": Field("reactive_power_export", "var", G),
    "tPI": Field("active_energy_import", "kWh", C),
    "tPO": Field("active_energy_export", "kWh", C),
    "tQI": Field("reactive_energy_import", "kvarh", C),
    "tQO": Field("reactive_energy_export", "kvarh", C),
    **{f"P{n}": Field("active_power_import", "W", G, f"l{n}") for n in (1, 2, 3)},
    **{f"PO{n}": Field("active_power_export", "W", G, f"l{n}") for n in (1, 2, 3)},
    **{f"I{n}": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
    **{f"U{n}": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    **{f"PF{n}": Field("power_factor", None, G, f"l{n}") for n in (1, 2, 3)},
    "PF": Field("power_factor", None, G),
}
FIRST_GENERATION = {
    "aip": Field("active_power_import", "W", G),
    "aep": Field("active_power_export", "W", G),
    "rip": Field("reactive_power_import", "var", G),
    "rep": Field("reactive_power_export", "var", G),
    "caie": Field("active_energy_import", None, C),
    "caee": Field("active_energy_export", None, C),
    "crie": Field("reactive_energy_import", None, C),
    "cree": Field("reactive_energy_export", None, C),
    **{f"al{n}": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
    **{f"vl{n}": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
}
RAW = {
    **{f"{way}/active": Field(f"active_power_{way}", "W", G) for way in ("import", "export")},
    **{f"{way}/reactive": Field(f"reactive_power_{way}", "var", G) for way in ("import", "export")},
    **{f"{way}/active/accumulated": Field(f"active_energy_{way}", "kWh", C) for way in ("import", "export")},
    **{f"{way}/reactive/accumulated": Field(f"reactive_energy_{way}", "kvarh", C) for way in ("import", "export")},
    **{f"{way}/l{n}": Field(f"active_power_{way}", "W", G, f"l{n}") for way in ("import", "export") for n in (1, 2, 3)},
    **{f"l{n}/current": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
    **{f"l{n}/voltage": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    **{f"l{n}/powerfactor": Field("power_factor", None, G, f"l{n}") for n in (1, 2, 3)},
    "powerfactor": Field("power_factor", None, G),
}
RAW_TOPIC = re.compile(
    rf"(?:.*/)?(?P<device>[^/]+)/(?:meter/(?P<name>{'|'.join(RAW)}|id|type|clock|dlms/timestamp)"
    r"|realtime/(?:import|export)/(?:hour|day|month))"
)
PARTS = re.compile(r"(?:.*/)?(?P<device>[^/]+)/(?P<part>power|energy)")
BROKEN_NUMBER = re.compile(rb'("meterId"\s*:\s*)"[^"]*"')


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key; a list without registers gives only powers."""
    raw = RAW_TOPIC.fullmatch(message.topic)
    if raw is not None:
        return plain_value(message, raw, lambda match: Leaf(match["device"], RAW.get(match["name"] or "")))
    telegram = _telegram(message)
    part = PARTS.fullmatch(message.topic)
    if part is not None and ({"P", "PO"} <= telegram.keys() or {"tPI", "tPO"} <= telegram.keys()):
        return _read(telegram, FIELDS, part["device"], _time(telegram.get("rtc"), telegram.get("t")))
    data = telegram.get("data")
    if not isinstance(data, dict):
        raise Unrecognised("no object `data`")
    if "meterId" in data or ("id" in telegram and "t" in telegram and "P" in data):
        return _read(data, FIELDS, _device(data.get("meterId"), telegram.get("id")), _time(data.get("rtc"), telegram.get("t")))
    if "mid" in data or "lvi" in data:
        return _read(data, FIRST_GENERATION, _device(data.get("mid"), telegram.get("dn")), _time(data.get("t")))
    raise Unrecognised("neither meterId nor mid in `data`")


def _telegram(message: RawMessage) -> dict[str, Any]:
    """The JSON object, also where only the meter's number in it is no JSON text."""
    try:
        return json_object(message)
    except Unrecognised:
        mended, count = BROKEN_NUMBER.subn(rb'\1""', message.payload)
        if not count:
            raise
    try:
        telegram = orjson.loads(mended)
    except orjson.JSONDecodeError as error:
        raise Unrecognised(f"no JSON, nor without the meter's number: {error}") from error
    if not isinstance(telegram, dict):
        raise Unrecognised("a JSON object was expected")
    return telegram


def _read(data: Mapping[str, Any], fields: Mapping[str, Field], device: str, time: datetime | None) -> Iterator[Observation]:
    for key, field in fields.items():
        value = finite(data.get(key))
        if value is not None:
            yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel)


def _device(*candidates: Any) -> str:
    """The meter's number; the reader's own id where the meter gives none that can be read."""
    for candidate in candidates:
        if isinstance(candidate, str) and candidate and candidate.isprintable():
            return candidate
    raise Undecodable("neither the meter nor the reader gives an id")


def _time(*candidates: Any) -> datetime | None:
    """The meter's clock; the reader's where the meter's stands at nought."""
    return next((time for time in map(epoch, candidates) if time is not None), None)


DECODER = Decoder(family="amsleser", group="han-p1", topics=("ams/#", "amsleser/#", "ams2mqtt/#", "+/meter/#"), decode=decode)
