"""Reading fields out of payloads. What is no finite number is never made into one; ids stay text."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from collectors.messages import RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised


@dataclass(frozen=True, slots=True)
class Field:
    """How one key of a payload is to be read."""

    quantity: str
    unit: str | None
    accumulation: Accumulation
    channel: str = ""


def json_value(message: RawMessage) -> Any:
    """The payload's JSON value.

    Raises:
        Unrecognised: the payload is no JSON (orjson refuses broken UTF-8, NaN and nesting deeper than 254 too).
    """
    try:
        return orjson.loads(message.payload)
    except orjson.JSONDecodeError as error:
        raise Unrecognised(f"no JSON: {error}") from error


def json_object(message: RawMessage) -> dict[str, Any]:
    """The payload's JSON object.

    Raises:
        Unrecognised: the payload is no JSON object.
    """
    value = json_value(message)
    if not isinstance(value, dict):
        raise Unrecognised(f"a JSON object was expected, not {type(value).__name__}")
    return value


def payload_text(message: RawMessage) -> str:
    """The payload as text.

    Raises:
        Unrecognised: it is no UTF-8.
    """
    try:
        return message.payload.decode()
    except UnicodeDecodeError as error:
        raise Unrecognised(f"no UTF-8: {error.reason} at byte {error.start}") from error


def finite(value: Any) -> float | None:
    """A JSON number as a finite float; None for anything else (true, text, null, infinity)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def number_in_text(text: str) -> float | None:
    """A plain decimal number written as text ("0000.679", "-1.5e3"); None for anything else ("", "NaN", "0x1F", "12,3")."""
    stripped = text.strip()
    if not stripped or not stripped.isascii() or set(stripped) - set("0123456789+-.eE"):
        return None
    try:
        number = float(stripped)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def number(obj: Mapping[str, Any], key: str) -> float | None:
    """The number under `key`, also where it is written as text; None where there is none."""
    value = obj.get(key)
    return number_in_text(value) if isinstance(value, str) else finite(value)


def text(obj: Mapping[str, Any], key: str) -> str:
    """The non-empty text or whole number under `key`, as text: ids keep their leading zeros.

    Raises:
        Undecodable: there is none.
    """
    value = obj.get(key)
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Undecodable(f"{key}: a text was expected")


def iso_time(value: Any) -> datetime | None:
    """An ISO 8601 time: aware UTC where it has an offset, naive where it has none; None where it is no time.

    Fractions finer than a microsecond are cut off. Years before 2000 are no meter's time (a masked or unset clock): None.
    """
    if not isinstance(value, str) or len(value) < 10:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.year < EARLIEST_YEAR:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except OverflowError:
        return None


def instant(obj: Mapping[str, Any], key: str) -> datetime | None:
    """The ISO time under `key`; see `iso_time`."""
    return iso_time(obj.get(key))


EARLIEST_YEAR = 2000  # no clock of a meter that we may meet was set before; 1111, 1970 and 1980 are unset clocks


def epoch(value: Any, per_second: float = 1.0) -> datetime | None:
    """Seconds (or `per_second` parts of one) since 1970 as an instant; None where it is no time after the year 2000."""
    seconds = number_in_text(value) if isinstance(value, str) else finite(value)
    if seconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(seconds / per_second, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment if moment.year >= EARLIEST_YEAR else None
