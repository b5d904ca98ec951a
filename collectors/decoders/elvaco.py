"""Elvaco: M-Bus gateways (CMe3100) and heat meter modules (CMi) over LoRaWAN, NB-IoT and MQTT.

Format: Elvaco's MQTT report templates (CSV rows, raw M-Bus in the last column, or a column a value), manuals of CMi6160 (JSON)
and of the LoRaWAN modules, which reach MQTT in a network server's envelope. Seen: UH50, gas meter behind a CMe3100.
A gateway's `created` is its wall clock without zone; the clock inside a meter's answer is often wrong and is not used.
Left out on purpose: history (storage numbers) in raw answers, whose own dates differ from meter to meter.
"""

from collections.abc import Iterator

from collectors.decoders import _elvaco, _mbus
from collectors.decoders._envelope import uplinks
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, instant, iso_time, json_value, number_in_text, payload_text, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

HEX = frozenset(b"0123456789abcdefABCDEF")
JSON_KEYS = frozenset({"E", "V", "P", "F", "FT", "RT", "EF"})
ID_COLUMNS = ("device-identification", "deviceidentification", "meter-id", "secondary-address")
TIME_COLUMNS = ("created", "timestamp", "time")
RAW_COLUMNS = ("mbus-raw-value", "mbus-raw", "mbus-raw-data")
VALUE_COLUMNS = {
    "energy": Field("heat_energy", None, _C),
    "cooling-energy": Field("cooling_energy", None, _C),
    "volume": Field("volume", None, _C),
    "power": Field("heat_power", None, _G),
    "flow": Field("volume_flow", None, _G),
    "volume-flow": Field("volume_flow", None, _G),
    "flow-temp": Field("flow_temperature", None, _G),
    "flow-temperature": Field("flow_temperature", None, _G),
    "return-temp": Field("return_temperature", None, _G),
    "return-temperature": Field("return_temperature", None, _G),
    "temp-diff": Field("temperature_difference", None, _G),
    "temperature-difference": Field("temperature_difference", None, _G),
    "external-temp": Field("temperature", None, _G),
    "external-temperature": Field("temperature", None, _G),
    "relative-humidity": Field("relative_humidity", None, _G),
}
UNITS = {"C": "°C", "m^3": "m3", "°C": "°C", "m3": "m3", "m3/h": "m3/h"}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """A gateway's CSV rows, a module's JSON, its frame in a network server's envelope, or a bare frame or M-Bus answer."""
    frame = _bare_frame(message.payload)
    if frame is not None:
        yield from _bare(frame)
    elif message.payload.lstrip()[:1] in (b"{", b"["):
        yield from _module(message)
    else:
        yield from _gateway_rows(message)


def _bare_frame(payload: bytes) -> bytes | None:
    """The frame, where the payload is one: as bytes, or as hex text and nothing else."""
    text_of_hex = payload.strip()
    if len(text_of_hex) >= 8 and HEX.issuperset(text_of_hex):
        try:
            payload = bytes.fromhex(text_of_hex.decode())
        except ValueError:
            return None
    if payload[:1] == b"\x68" and payload[3:4] == b"\x68":
        return payload
    return payload if _elvaco.is_module_frame(payload) else None


def _bare(frame: bytes) -> Iterator[Observation]:
    """What a frame without envelope says: the meter's own number is the only id there is."""
    if frame[:1] == b"\x68":
        answer = _mbus.telegram(frame)
        if not answer.identification:
            raise Undecodable("M-Bus: the answer has no identification, and nothing around it names the meter")
        yield from _elvaco.record_observations(answer.records, answer.medium, answer.identification, None, stored=False)
    else:
        yield from _elvaco.frame_observations(frame, _elvaco.meter_number(frame), None)


def _module(message: RawMessage) -> Iterator[Observation]:
    value = json_value(message)
    contents = value if isinstance(value, list) else [value]
    if contents and all(isinstance(item, dict) and "ID" in item and not JSON_KEYS.isdisjoint(item) for item in contents):
        for content in contents:
            yield from _elvaco.json_observations(content, text(content, "ID"), instant(content, "TS"))
        return
    found = uplinks(value, message.topic)
    if found is None:
        raise Unrecognised("no Elvaco message: neither its JSON nor an envelope of a network server")
    for uplink in found:
        if uplink.data:
            yield from _elvaco.frame_observations(uplink.data, uplink.device, uplink.time)


def _gateway_rows(message: RawMessage) -> Iterator[Observation]:
    lines = [line for line in payload_text(message).lstrip("\ufeff").splitlines() if line.strip()]
    header = [name.strip().lstrip("#").lower() for name in lines[0].split(";")] if lines else []
    device_at = next((header.index(name) for name in ID_COLUMNS if name in header), None)
    if device_at is None:
        raise Unrecognised("no Elvaco report: the first row names no device-identification")
    time_at = next((header.index(name) for name in TIME_COLUMNS if name in header), None)
    raw_at = next((header.index(name) for name in RAW_COLUMNS if name in header), None)
    columns = [column for column in enumerate(map(_value_column, lines[0].split(";"))) if column[1] is not None]
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split(";")]
        device = cells[device_at] if device_at < len(cells) else ""
        if not device:
            raise Undecodable("Elvaco: a row without device-identification")
        time = iso_time(cells[time_at]) if time_at is not None and time_at < len(cells) else None
        if raw_at is not None and raw_at < len(cells):
            try:
                frame = bytes.fromhex(cells[raw_at])
            except ValueError as error:
                raise Undecodable(f"Elvaco: mbus-raw-value: {error}") from error
            answer = _mbus.telegram(frame)
            yield from _elvaco.record_observations(answer.records, answer.medium, device, time, stored=False)
        for index, field in columns:
            value = number_in_text(cells[index]) if index < len(cells) else None
            if field is not None and value is not None:
                yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel)


def _value_column(title: str) -> Field | None:
    """A column "energy,kWh,inst-value,0,0,0": name, unit, function, storage, tariff, subunit. The main value only."""
    name, _, rest = title.strip().lstrip("#").partition(",")
    field = VALUE_COLUMNS.get(name.strip().lower().replace(" ", "-").replace("_", "-"))
    if field is None:
        return None
    parts = [part.strip() for part in rest.split(",")] if rest else []
    if any(part not in ("", "0", "inst-value", "instantaneous-value") for part in parts[1:]):
        return None
    unit = UNITS.get(parts[0], parts[0]) if parts and parts[0] else None
    return Field(field.quantity, unit, field.accumulation)


DECODER = Decoder(family="elvaco", group="elvaco", topics=("+/ecmXv1.0/#", "ecmXv1.0/#", "+/+/ecmXv1.0/#"), decode=decode)
