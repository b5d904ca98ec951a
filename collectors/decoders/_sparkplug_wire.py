"""Sparkplug B payloads as plain values: protobuf wire format, or the JSON form that some publishers and bridges emit.

Format: Eclipse Sparkplug 3.0, `sparkplug_b.proto`; Protocol Buffers encoding. Parsed by hand: the few fields that carry a number
cost a third of a generated message's time, and no compiler is needed.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from collectors.fields import finite, number_in_text
from config.errors import Undecodable

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
SIGNED_BITS = {1: 8, 2: 16, 3: 32, 4: 64}  # Int8 … Int64 travel as two's complement in an unsigned field
VALUE_FIELDS = frozenset({(10, VARINT), (11, VARINT), (12, FIXED32), (13, FIXED64)})
NUMERIC = frozenset(range(1, 11))  # Int8 … UInt64, Float, Double
TEMPLATE = 19
TYPE_NAMES = {
    "int8": 1, "int16": 2, "int32": 3, "int64": 4, "uint8": 5, "uint16": 6, "uint32": 7, "uint64": 8, "float": 9, "double": 10,
    "boolean": 11, "string": 12, "datetime": 13, "text": 14, "uuid": 15, "dataset": 16, "bytes": 17, "file": 18, "template": 19,
}  # fmt: skip
UNIT_PROPERTIES = frozenset({"engunit", "engunits", "engineeringunits", "engineering units", "unit", "units", "uom"})
JSON_VALUES = (
    "value", "doubleValue", "floatValue", "intValue", "longValue", "double_value", "float_value", "int_value", "long_value",
)  # fmt: skip
DEPTH = 4  # templates within templates


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `raw` is the number as it travelled, None where it is null or no number; `time` is ms since 1970."""

    name: str
    alias: int | None
    time: int | None
    type: int | None
    raw: float | None
    unit: str | None

    def value(self, code: int | None) -> float | None:
        """The number as type `code` (the birth's, where the data name none) means it."""
        if self.raw is None or (code is not None and code not in NUMERIC):
            return None
        if isinstance(self.raw, int) and self.raw >= 0 and code in SIGNED_BITS:
            return finite(_signed(self.raw, SIGNED_BITS[code]))
        return finite(self.raw)


@dataclass(frozen=True, slots=True)
class Payload:
    time: int | None
    metrics: tuple[Metric, ...]


def binary_payload(data: bytes) -> Payload:
    """The protobuf payload.

    Raises:
        Undecodable: it is none, or is cut off.
    """
    time: int | None = None
    metrics: list[Metric] = []
    for field, wire, value in _fields(data):
        if field == 1 and wire == VARINT:
            time = value
        elif field == 2 and wire == BYTES:
            metrics += _metrics(value, "", 0)
        elif not ((field == 3 and wire == VARINT) or (field in (4, 5) and wire == BYTES)):
            raise Undecodable(f"Sparkplug: the payload has no field {field} of wire type {wire}")
    return Payload(time, tuple(metrics))


def json_payload(value: Any) -> Payload | None:
    """The JSON form; None where the value has not its shape."""
    if not isinstance(value, dict) or not isinstance(value.get("metrics"), list):
        return None
    metrics = []
    for item in value["metrics"]:
        if not isinstance(item, dict):
            raise Undecodable("metrics: an object was expected")
        name, alias = item.get("name"), item.get("alias")
        code = _type(item.get("dataType", item.get("datatype", item.get("type"))))
        raw = next((item[key] for key in JSON_VALUES if item.get(key) is not None), None)
        number = number_in_text(raw) if isinstance(raw, str) and code in NUMERIC else finite(raw)
        metrics.append(
            Metric(
                name if isinstance(name, str) else "",
                int(alias) if isinstance(alias, (int, str)) and str(alias).isdecimal() and len(str(alias)) < 20 else None,
                _milliseconds(item.get("timestamp")),
                code,
                None if item.get("isNull") is True or item.get("is_null") is True else number,
                _json_unit(item.get("properties")),
            )
        )
    return Payload(_milliseconds(value.get("timestamp")), tuple(metrics))


def _metrics(data: bytes, prefix: str, depth: int) -> Iterator[Metric]:
    """The metric itself, or those of the template instance that it holds."""
    name, unit, alias, time, code, null = "", None, None, None, None, False
    number: float | None = None
    template = b""
    for field, wire, value in _fields(data):
        if field == 1 and wire == BYTES:
            name = _text(value)
        elif field == 2 and wire == VARINT:
            alias = value
        elif field == 3 and wire == VARINT:
            time = value
        elif field == 4 and wire == VARINT:
            code = value
        elif field == 7 and wire == VARINT:
            null = bool(value)
        elif field == 9 and wire == BYTES:
            unit = _property_unit(value)
        elif (field, wire) in VALUE_FIELDS:
            number = value
        elif field == 18 and wire == BYTES:
            template = value
    name = f"{prefix}/{name}" if prefix and name else name or prefix
    if template:
        if depth < DEPTH:
            for inner_field, inner_wire, value in _fields(template):
                if inner_field == 5 and inner_wire == VARINT and value:
                    return  # the definition of a type, not an instance
            for inner_field, inner_wire, value in _fields(template):
                if inner_field == 2 and inner_wire == BYTES:
                    yield from (replace(inner, time=inner.time or time) for inner in _metrics(value, name, depth + 1))
        return
    yield Metric(name, alias, time, code, None if null else number, unit)


def _fields(data: bytes) -> Iterator[tuple[int, int, Any]]:
    """(field number, wire type, value): int of a varint, float of a fixed one, bytes of the rest."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        field, wire = key >> 3, key & 7
        if field == 0:
            raise Undecodable("Sparkplug: field number 0")
        if wire == VARINT:
            value, at = _varint(data, at)
            yield field, wire, value
        elif wire == BYTES:
            length, at = _varint(data, at)
            if at + length > end:
                raise Undecodable("Sparkplug: the payload is cut off")
            yield field, wire, data[at : at + length]
            at += length
        elif wire in (FIXED64, FIXED32):
            size = 8 if wire == FIXED64 else 4
            if at + size > end:
                raise Undecodable("Sparkplug: the payload is cut off")
            if wire == FIXED64:
                yield field, wire, struct.unpack_from("<d", data, at)[0]
            else:
                # seven digits are all that a float holds: 12.1 arrives as 12.100000381469727
                yield field, wire, float(f"{struct.unpack_from('<f', data, at)[0]:.7g}")
            at += size
        else:
            raise Undecodable(f"Sparkplug: wire type {wire} is not used")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Undecodable("Sparkplug: a number is cut off or longer than 64 bits")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
        shift += 7


def _signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Undecodable("Sparkplug: a name is no UTF-8") from error


def _property_unit(data: bytes) -> str | None:
    keys, values = [], []
    for field, wire, value in _fields(data):
        if field == 1 and wire == BYTES:
            keys.append(_text(value))
        elif field == 2 and wire == BYTES:
            values.append(next((_text(text) for inner, kind, text in _fields(value) if inner == 8 and kind == BYTES), ""))
    return next((value for key, value in zip(keys, values, strict=False) if key.lower() in UNIT_PROPERTIES and value), None)


def _json_unit(properties: Any) -> str | None:
    if not isinstance(properties, dict):
        return None
    keys, values = properties.get("keys"), properties.get("values")
    pairs = zip(keys, values, strict=False) if isinstance(keys, list) and isinstance(values, list) else properties.items()
    for key, value in pairs:
        found = (
            (value.get("value") or value.get("stringValue") or value.get("string_value")) if isinstance(value, dict) else value
        )
        if isinstance(key, str) and key.lower() in UNIT_PROPERTIES and isinstance(found, str) and found:
            return found
    return None


def _type(value: Any) -> int | None:
    if isinstance(value, str):
        return TYPE_NAMES.get(value.lower())
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _milliseconds(value: Any) -> int | None:
    number = number_in_text(value) if isinstance(value, str) else finite(value)
    return int(number) if number is not None else None
