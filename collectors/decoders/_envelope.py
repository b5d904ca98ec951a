"""What LoRaWAN network servers wrap around a device's frame: who, when, on which port, the bytes, and what a codec made of them.

Formats: ChirpStack v3 and v4 (JSON marshaler), The Things Stack v3 and v2, Netmore, diwise events, ServaNet, LORIOT, Actility
ThingPark, AWS IoT Core for LoRaWAN, Helium, and a message wrapped once more by a cloud (`payload` holds the whole uplink).
Joins, acknowledgements, errors and status events are known and hold no measurement.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from collectors.fields import epoch, iso_time
from config.errors import Undecodable

SILENT_EVENTS = frozenset(
    {"join", "ack", "txack", "error", "status", "log", "location", "integration", "down", "queued", "sent", "failed", "nack"}
)
MASK = frozenset("xX?*")


@dataclass(frozen=True, slots=True)
class Uplink:
    """One frame of one device. `hints` is lower-case text that may name the device's make: profile, type, application."""

    device: str
    eui: str
    time: datetime | None
    port: int | None
    data: bytes
    fields: Any
    hints: str


def uplinks(value: Any, topic: str) -> list[Uplink] | None:
    """The frames in a JSON value; empty for an event without one, None where it is no network server's message.

    Raises:
        Undecodable: the envelope is known and its frame or id is broken.
    """
    if isinstance(value, list):
        found: list[Uplink] = []
        for item in value:
            inner = uplinks(item, topic) if isinstance(item, dict) else None
            if inner is None:
                return None
            found += inner
        return found if value else None
    if not isinstance(value, dict):
        return None
    for wants, read in _DIALECTS:
        if wants(value):
            return read(value, topic)
    inner_value = value.get("payload")
    if isinstance(inner_value, dict) and any(wants(inner_value) for wants, _ in _DIALECTS):
        return uplinks(inner_value, topic)
    return None


def _the_things_stack(value: Mapping[str, Any], _topic: str) -> list[Uplink]:
    ids = value["end_device_ids"]
    uplink = value.get("uplink_message")
    if not isinstance(uplink, dict):
        return []  # join_accept, downlink_…, location_solved
    eui = _text(ids, "dev_eui")
    device = eui if eui and not MASK.issuperset(eui) else _text(ids, "device_id")
    time = (
        iso_time(uplink.get("received_at"))
        or iso_time(value.get("received_at"))
        or iso_time(_mapping(uplink, "settings").get("time"))
        or _earliest(uplink.get("rx_metadata"))
    )
    fields = uplink.get("decoded_payload")
    if not fields and isinstance(uplink.get("normalized_payload"), list):
        fields = uplink["normalized_payload"]
    hints = _hints(
        _text(_mapping(ids, "application_ids"), "application_id"), _text(ids, "device_id"),
        _text(_mapping(uplink, "version_ids"), "brand_id"), _text(_mapping(uplink, "version_ids"), "model_id"),
    )  # fmt: skip
    return [_uplink(device, eui, time, uplink.get("f_port"), _base64(uplink.get("frm_payload")), fields, hints)]


def _the_things_network_2(value: Mapping[str, Any], _topic: str) -> list[Uplink]:
    eui = _text(value, "hardware_serial")
    time = iso_time(_mapping(value, "metadata").get("time"))
    hints = _hints(_text(value, "app_id"), _text(value, "dev_id"))
    data = _base64(value.get("payload_raw"))
    return [_uplink(eui or _text(value, "dev_id"), eui, time, value.get("port"), data, value.get("payload_fields"), hints)]


def _chirpstack_4(value: Mapping[str, Any], topic: str) -> list[Uplink]:
    info = value["deviceInfo"]
    if _silent(topic) or not ("data" in value or "object" in value):
        return []
    eui = _text(info, "devEui")
    hints = _hints(*(_text(info, key) for key in ("deviceProfileName", "applicationName", "deviceName")))
    time = iso_time(value.get("time")) or _earliest(value.get("rxInfo"))
    return [_uplink(eui, eui, time, value.get("fPort"), _base64(value.get("data")), value.get("object"), hints)]


def _flat(value: Mapping[str, Any], topic: str) -> list[Uplink]:
    """ChirpStack v3, Netmore, ServaNet, diwise events: the id at the top, in two spellings."""
    eui = _text(value, "devEUI") or _text(value, "devEui") or _text(value, "deveui") or _text(value, "DevEui")
    kind = _text(value, "messageType")
    if _silent(topic) or (kind and not kind.lower().startswith(("payload", "up", "data", "unconfirmed", "confirmed"))):
        return []
    hints = _hints(
        *(_text(value, key) for key in ("deviceProfileName", "sensorType", "applicationName", "deviceName", "deviceType", "name"))
    )
    time = iso_time(value.get("timestamp")) or iso_time(value.get("time")) or _earliest(value.get("rxInfo"))
    port, fields = value.get("fPort", value.get("fport")), value.get("object")
    if fields is None and isinstance(value.get("objectJSON"), str):
        fields = _inner_json(value["objectJSON"])
    payload = value.get("payload", value.get("Payload"))
    if isinstance(payload, dict):  # diwise: an event of the agent
        port = payload.get("fPort", port)
        fields = payload.get("object", fields)
        return [_uplink(eui, eui, time, port, _base64(payload.get("data")), fields, hints)]
    if isinstance(payload, str):  # Netmore: hex
        return [_uplink(eui, eui, time, port, _hex(payload), fields, hints)]
    if "data" not in value and fields is None:
        return []
    return [_uplink(eui, eui, time, port, _base64(value.get("data")), fields, hints)]


def _loriot(value: Mapping[str, Any], _topic: str) -> list[Uplink]:
    eui = _text(value, "EUI")
    if value.get("cmd") not in ("gw", "rx") or not isinstance(value.get("data"), str):
        return []  # "gw" and "rx" repeat each other for one frame; a time and value twice is one reading
    time = epoch(value.get("ts"), 1000)
    return [_uplink(eui, eui, time, value.get("port"), _hex(value["data"]), value.get("decoded"), "")]


def _thingpark(value: Mapping[str, Any], _topic: str) -> list[Uplink]:
    uplink = value["DevEUI_uplink"]
    eui = _text(uplink, "DevEUI")
    payload = uplink.get("payload_hex")
    data = _hex(payload) if isinstance(payload, str) else b""
    hints = _hints(_text(_mapping(uplink, "CustomerData"), "name"), str(uplink.get("DriverCfg", "")))
    return [_uplink(eui, eui, iso_time(uplink.get("Time")), uplink.get("FPort"), data, uplink.get("payload"), hints)]


def _aws(value: Mapping[str, Any], _topic: str) -> list[Uplink]:
    radio = _mapping(_mapping(value, "WirelessMetadata"), "LoRaWAN")
    eui = _text(radio, "DevEui")
    device = eui or _text(value, "WirelessDeviceId")
    return [
        _uplink(device, eui, iso_time(radio.get("Timestamp")), radio.get("FPort"), _base64(value.get("PayloadData")), None, "")
    ]


def _helium(value: Mapping[str, Any], _topic: str) -> list[Uplink]:
    eui = _text(value, "dev_eui")
    data = _base64(value.get("payload"))
    fields = _mapping(value, "decoded").get("payload")
    return [
        _uplink(eui, eui, epoch(value.get("reported_at"), 1000), value.get("port"), data, fields, _hints(_text(value, "name")))
    ]


_DIALECTS: tuple[tuple[Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any], str], list[Uplink]]], ...] = (
    (lambda value: isinstance(value.get("end_device_ids"), dict), _the_things_stack),
    (lambda value: isinstance(value.get("deviceInfo"), dict), _chirpstack_4),
    (lambda value: "devEUI" in value or "devEui" in value or "deveui" in value or "DevEui" in value, _flat),
    (lambda value: "EUI" in value and "cmd" in value, _loriot),
    (lambda value: isinstance(value.get("DevEUI_uplink"), dict), _thingpark),
    (lambda value: "hardware_serial" in value and ("payload_raw" in value or "payload_fields" in value), _the_things_network_2),
    (lambda value: "WirelessMetadata" in value and "PayloadData" in value, _aws),
    (lambda value: "dev_eui" in value and "reported_at" in value, _helium),
)


def _uplink(device: str, eui: str, time: datetime | None, port: Any, data: bytes, fields: Any, hints: str) -> Uplink:
    if not device:
        raise Undecodable("the uplink names no device")
    if isinstance(port, str):
        port = int(port) if port.isdecimal() and len(port) < 4 else None
    elif isinstance(port, bool) or not isinstance(port, int):
        port = None
    return Uplink(device, eui.lower().replace("-", "").replace(":", ""), time, port, data, fields, hints)


def _silent(topic: str) -> bool:
    return topic.rsplit("/", 1)[-1] in SILENT_EVENTS


def _text(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _mapping(value: Any, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _hints(*words: str) -> str:
    return " ".join(words).lower()


def _earliest(gateways: Any) -> datetime | None:
    """The first gateway's receipt; gateways without GPS send none."""
    if not isinstance(gateways, list):
        return None
    times = (
        iso_time(_text(gateway, "time") or _text(gateway, "nsTime") or _text(gateway, "received_at")) for gateway in gateways
    )
    return min((time for time in times if time is not None and time.tzinfo is not None), default=None)


def _inner_json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"objectJSON: {error}") from error


def _base64(text: Any) -> bytes:
    if not isinstance(text, str) or not text:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Undecodable(f"the frame is no base64: {error}") from error


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Undecodable(f"the frame is no hex: {error}") from error
