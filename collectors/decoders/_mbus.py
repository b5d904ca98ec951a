"""M-Bus application layer: data records of a wired or wireless telegram.

Format: EN 13757-3 (variable data structure; DIF, DIFE, VIF, VIFE; data types A, B, C, F, G, I, H, LVAR). Read are the primary
VIFs and those of the extension tables 0xFB and 0xFD that meters of heat, water, gas and electricity use; a record with another
VIF is passed over, because its length is in the DIF. Left out on purpose: encrypted telegrams (no key reaches a decoder) and
fixed data structure (CI 0x73, withdrawn).
"""

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from collectors.fields import EARLIEST_YEAR
from config.domain.quantities import Accumulation
from config.errors import Undecodable

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

INSTANTANEOUS, MAXIMUM, MINIMUM, DURING_ERROR = range(4)
CHANNEL_OF_FUNCTION = ("", "max", "min", "error")
MEDIA = {
    0x02: "electricity", 0x03: "gas", 0x04: "heat", 0x05: "steam", 0x06: "warm water", 0x07: "water", 0x0A: "cooling",
    0x0B: "cooling", 0x0C: "heat", 0x0D: "heat/cooling", 0x15: "warm water", 0x16: "cold water", 0x1B: "room",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What a VIF says: `quantity` of this module, unit and factor."""

    quantity: str
    unit: str | None
    factor: float
    accumulation: Accumulation


@dataclass(frozen=True, slots=True)
class Record:
    """One data record. `value`: a number in `kind.unit`, an id, text or wall clock; None where the meter marks it invalid."""

    kind: Kind | None
    value: float | str | datetime | date | None
    function: int
    storage: int
    tariff: int
    subunit: int
    backward: bool = False

    @property
    def channel(self) -> str:
        """Function, storage, tariff and subunit where they are not the main ones."""
        parts = [CHANNEL_OF_FUNCTION[self.function]] if self.function else []
        parts += [
            f"{name}_{number}"
            for name, number in (("storage", self.storage), ("tariff", self.tariff), ("subunit", self.subunit))
            if number
        ]
        return ".".join(parts)


@dataclass(frozen=True, slots=True)
class Telegram:
    """A meter's answer. `identification` keeps its leading zeros; `medium` is "" where the header has none."""

    identification: str
    medium: str
    records: tuple[Record, ...]


def telegram(frame: bytes) -> Telegram:
    """The answer of a meter: a long frame (68 … 16), one from its C field on, or one from its CI field on.

    Raises:
        Undecodable: it is no answer with variable data, or is cut off.
    """
    if len(frame) > 6 and frame[0] == 0x68 and frame[3] == 0x68:
        frame = frame[4:-2] if frame[-1] == 0x16 and len(frame) == frame[1] + 6 else frame[4:]
    if len(frame) > 3 and frame[0] & 0xCF == 0x08:  # RSP_UD, then the address
        frame = frame[2:]
    if not frame:
        raise Undecodable("M-Bus: an empty frame")
    control = frame[0]
    if control == 0x72:
        if len(frame) < 13:
            raise Undecodable("M-Bus: the header is cut off")
        if frame[12] & 0x1F:
            raise Undecodable("M-Bus: encrypted")
        return Telegram(f"{int.from_bytes(frame[1:5], 'little'):08X}", MEDIA.get(frame[8], ""), tuple(records(frame[13:])))
    if control == 0x7A:
        if len(frame) < 5 or frame[4] & 0x1F:
            raise Undecodable("M-Bus: the header is cut off, or encrypted")
        return Telegram("", "", tuple(records(frame[5:])))
    if control == 0x78:
        return Telegram("", "", tuple(records(frame[1:])))
    raise Undecodable(f"M-Bus: control information {control:#04x} is no variable data structure")


def records(data: bytes) -> list[Record]:
    """The data records from the first DIF on, up to the manufacturer's own data.

    Raises:
        Undecodable: a record is cut off.
    """
    found = []
    at = 0
    try:
        while at < len(data):
            dif = data[at]
            at += 1
            if dif == 0x2F:  # filler
                continue
            if dif & 0x0F == 0x0F:  # manufacturer's data, more to follow, or a request
                break
            storage = dif >> 6 & 1
            function, tariff, subunit, position = dif >> 4 & 3, 0, 0, 0
            more = dif & 0x80
            while more:
                dife = data[at]
                at += 1
                storage |= (dife & 0x0F) << (1 + 4 * position)
                tariff |= (dife >> 4 & 3) << (2 * position)
                subunit |= (dife >> 6 & 1) << position
                position += 1
                more = dife & 0x80
            at, codes = _value_information(data, at)
            kind, invalid, backward = _meaning(codes)
            length = _LENGTH[dif & 0x0F]
            value: float | str | datetime | date | None
            if dif & 0x0F == 0x0D:
                at, value = _variable(data, at)
            else:
                raw = data[at : at + length]
                if len(raw) < length:
                    raise Undecodable("M-Bus: a record is cut off")
                at += length
                value = _value(dif & 0x0F, raw, kind)
            if isinstance(value, float) and kind is not None:
                value *= kind.factor
            found.append(Record(kind, None if invalid else value, function, storage, tariff, subunit, backward))
    except IndexError as error:
        raise Undecodable("M-Bus: a record is cut off") from error
    return found


def _value_information(data: bytes, at: int) -> tuple[int, list[int]]:
    """Where the data begins, and the VIF with its VIFEs; the text of a plain-text VIF is passed over."""
    codes = [data[at]]
    at += 1
    if codes[0] & 0x7F == 0x7C:
        at += 1 + data[at]
    while codes[-1] & 0x80:
        codes.append(data[at])
        at += 1
        if len(codes) > 11:
            raise Undecodable("M-Bus: more than ten VIFEs")
    return at, codes


def _meaning(codes: Sequence[int]) -> tuple[Kind | None, bool, bool]:
    """The kind of value, whether the meter marks it as an error, and whether it counts the backward direction."""
    first = codes[0]
    rest = [code & 0x7F for code in codes[1:]]
    if first in (0xFB, 0xFD):
        kind = (_EXTENSION_FB if first == 0xFB else _EXTENSION_FD).get(rest[0]) if rest else None
        rest = rest[1:]
    else:
        kind = _PRIMARY.get(first & 0x7F)
    backward = False
    for code in rest:
        if code < 0x20 and code != 0:
            return kind, True, backward  # record error: none, too few, data over- or underflow
        if code == 0x3C:
            backward = True
        elif kind is not None and 0x70 <= code <= 0x77:
            kind = Kind(kind.quantity, kind.unit, kind.factor * 10.0 ** (code - 0x76), kind.accumulation)
        elif kind is not None and code == 0x7D:
            kind = Kind(kind.quantity, kind.unit, kind.factor * 1e3, kind.accumulation)
        elif code not in (0x00, 0x3B):
            kind = None  # "per …", limits, durations, future values, the maker's own: no plain value of that quantity
    return kind, False, backward


def _value(code: int, raw: bytes, kind: Kind | None) -> float | str | datetime | date | None:
    quantity = kind.quantity if kind else ""
    if quantity in ("date", "date_time"):
        return _wall_clock(raw)
    if code in (0x9, 0xA, 0xB, 0xC, 0xE):
        digits = raw[::-1].hex()
        if quantity == "identification":
            return digits.upper()
        return _bcd(digits)
    if code == 0x5:
        number = struct.unpack("<f", raw)[0]
        return number if math.isfinite(number) else None
    if not raw:
        return None
    if quantity == "identification":
        return f"{int.from_bytes(raw, 'little'):d}"
    integer = int.from_bytes(raw, "little", signed=True)
    if integer == -(1 << (8 * len(raw) - 1)):
        return None  # type B's "invalid"
    return float(integer)


def _bcd(digits: str) -> float | None:
    """Type A: an F in front is a minus sign; any other digit above 9 says that the value is invalid."""
    negative = digits[0] == "f"
    if negative:
        digits = digits[1:]
    if not digits.isdecimal():
        return None
    return -float(digits) if negative else float(digits)


def _variable(data: bytes, at: int) -> tuple[int, float | str | None]:
    length = data[at]
    at += 1
    read: Callable[[bytes], float | str | None]
    if length < 0xC0:
        size, read = length, _text
    elif length < 0xCA:
        size, read = length - 0xC0, _positive_digits
    elif 0xD0 <= length < 0xDA:
        size, read = length - 0xD0, _negative_digits
    elif 0xE0 <= length < 0xF0:
        size, read = length - 0xE0, _unreadable
    else:
        raise Undecodable(f"M-Bus: variable length {length:#04x} is reserved")
    raw = data[at : at + size]
    if len(raw) < size:
        raise Undecodable("M-Bus: a record is cut off")
    return at + size, read(raw)


def _text(raw: bytes) -> float | str | None:
    return raw[::-1].decode("latin-1")


def _positive_digits(raw: bytes) -> float | str | None:
    return _bcd("0" + raw[::-1].hex())


def _negative_digits(raw: bytes) -> float | str | None:
    value = _bcd("0" + raw[::-1].hex())
    return None if value is None else -value


def _unreadable(_raw: bytes) -> float | str | None:
    return None


def _wall_clock(raw: bytes) -> datetime | date | None:
    """Types G (2 bytes), F (4) and I (6): the meter's clock, no zone; None where it is unset or marked invalid."""
    try:
        if len(raw) == 2:
            word = int.from_bytes(raw, "little")
            return date(2000 + ((word >> 5 & 7) | (word >> 9 & 0x78)), word >> 8 & 0x0F, word & 0x1F)
        seconds, rest = (raw[0] & 0x3F, raw[1:]) if len(raw) == 6 else (0, raw)
        if len(rest) not in (4, 5) or rest[0] & 0x80:  # bit 7: the meter knows that its clock is wrong
            return None
        year = 2000 + ((rest[2] >> 5) | (rest[3] >> 1 & 0x78))
        month, day, hour, minute = rest[3] & 0x0F, rest[2] & 0x1F, rest[1] & 0x1F, rest[0] & 0x3F
        moment = datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001 - a wall clock
    except ValueError:
        return None
    return moment if moment.year >= EARLIEST_YEAR else None


def _ten(quantity: str, unit: str, accumulation: Accumulation, lowest: int) -> Callable[[int], Kind]:
    """`step` → the kind whose factor is 10 to the power of `lowest + step`."""
    return lambda step: Kind(quantity, unit, 10.0 ** (lowest + step), accumulation)


def _spread(first: int, count: int, kind: Callable[[int], Kind]) -> dict[int, Kind]:
    return {first + step: kind(step) for step in range(count)}


def _durations(first: int, quantity: str, accumulation: Accumulation) -> dict[int, Kind]:
    return {first + index: Kind(quantity, unit, 1.0, accumulation) for index, unit in enumerate(("s", "min", "h", "d"))}


_LENGTH = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0)
_PRIMARY = (
    _spread(0x00, 8, _ten("energy", "Wh", _C, -3))
    | _spread(0x08, 8, _ten("energy", "J", _C, 0))
    | _spread(0x10, 8, _ten("volume", "m3", _C, -6))
    | _durations(0x20, "on_time", _C)
    | _durations(0x24, "operating_time", _C)
    | _spread(0x28, 8, _ten("power", "W", _G, -3))
    | _spread(0x30, 8, _ten("power", "J/h", _G, 0))
    | _spread(0x38, 8, _ten("flow", "m3/h", _G, -6))
    | _spread(0x40, 8, _ten("flow", "m3/min", _G, -7))
    | _spread(0x48, 8, _ten("flow", "m3/s", _G, -9))
    | _spread(0x58, 4, _ten("flow_temperature", "°C", _G, -3))
    | _spread(0x5C, 4, _ten("return_temperature", "°C", _G, -3))
    | _spread(0x60, 4, _ten("temperature_difference", "K", _G, -3))
    | _spread(0x64, 4, _ten("external_temperature", "°C", _G, -3))
    | _spread(0x68, 4, _ten("pressure", "bar", _G, -3))
    | {
        0x6C: Kind("date", None, 1.0, _G),
        0x6D: Kind("date_time", None, 1.0, _G),
        0x6E: Kind("heat_cost_allocation", "HCA unit", 1.0, _C),
        0x78: Kind("identification", None, 1.0, _G),
    }
)
_EXTENSION_FB = (
    _spread(0x00, 2, _ten("energy", "MWh", _C, -1))
    | _spread(0x02, 2, _ten("reactive_energy", "kvarh", _C, 0))
    | _spread(0x08, 2, _ten("energy", "GJ", _C, -1))
    | _spread(0x0C, 4, _ten("energy", "MCal", _C, -1))
    | _spread(0x10, 2, _ten("volume", "m3", _C, 2))
    | _spread(0x14, 4, _ten("reactive_power", "kvar", _G, -3))
    | _spread(0x1A, 2, _ten("relative_humidity", "%", _G, -1))
    | _spread(0x28, 2, _ten("power", "MW", _G, -1))
    | _spread(0x2C, 4, _ten("frequency", "Hz", _G, -3))
    | _spread(0x30, 2, _ten("power", "GJ/h", _G, -1))
    | _spread(0x34, 4, _ten("apparent_power", "kVA", _G, -3))
)
_EXTENSION_FD = (
    _spread(0x40, 16, _ten("voltage", "V", _G, -9))
    | _spread(0x50, 16, _ten("current", "A", _G, -12))
    | {0x3A: Kind("dimensionless", "1", 1.0, _G), 0x61: Kind("pulses", "pulses", 1.0, _C)}
)
