"""SMHI's newest months as JSON.

Format (SMHI open data metobs 1.0): {"value": [rows], "updated", "parameter", "station", "period", "position", "link"}. An hourly
row has `date` (ms UTC), a daily one `from`, `to` (ms UTC) and `ref`, its day; `value` is a string, null where there is none.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import polars as pl

from collectors.weather.answer import Answer, check_station, check_summary, check_unit, judged, text_of
from collectors.weather.parameters import PARAMETERS
from config.domain.weather import TIME, WeatherQuantity
from config.errors import WeatherError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROWS = pl.Schema([("time", TIME), ("value", pl.Float64), ("quality", pl.String), ("given", pl.Boolean)])
_SHOWN = 80


def read_json(content: bytes, quantity: WeatherQuantity, station: str, source: str) -> Answer:
    """The values of an answer.

    Raises:
        WeatherError: it is not JSON, not of this shape, of another station or parameter, in another unit.
    """
    text = text_of(content, source, station, "JSON")
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise WeatherError(
            f"{source}: station {station}: text in place of JSON ({' '.join(text.split())[:_SHOWN]!r}); a later look asks again"
        ) from error
    rows = found.get("value") if isinstance(found, dict) else None
    if rows is None and isinstance(found, dict) and "value" in found:
        rows = []
    if not isinstance(rows, list):
        raise WeatherError(f"{source}: station {station}: no list of values in the answer; has the format changed?")
    of_parameter, of_station = _part(found, "parameter"), _part(found, "station")
    check_station(_text(of_station, "key"), station, source)
    check_summary(_text(of_parameter, "summary"), quantity, station, source)
    if rows or of_parameter:
        check_unit(_text(of_parameter, "unit"), quantity, station, source)
    daily = PARAMETERS[quantity].daily
    table = [_row(row, daily) for row in rows]
    return judged(
        pl.DataFrame(table, schema=_ROWS, orient="row"), quantity, station, _text(of_station, "name") or "", source
    )  # fmt: skip


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _text(part: Mapping[str, Any], name: str) -> str | None:
    value = part.get(name)
    return None if value is None else str(value)


def _row(row: object, daily: bool) -> tuple[datetime | None, float | None, str | None, bool]:
    """Time, value, quality, whether there is a value at all."""
    if not isinstance(row, dict):
        return None, None, None, True
    given = row.get("value")
    if given is None or given == "":
        return None, None, None, False
    quality = row.get("quality")
    return _day(row) if daily else _instant(row.get("date")), _number(given), quality if isinstance(quality, str) else None, True


def _number(given: object) -> float | None:
    """Of a string or a number; `true` is neither."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    try:
        return float(given.strip().replace(",", ".") if isinstance(given, str) else given)
    except (ValueError, OverflowError):
        return None


def _instant(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _day(row: Mapping[str, Any]) -> datetime | None:
    """00 UTC of the day: `ref` names it; else the day of `from` (00:00:01) or of `date`."""
    named = row.get("ref")
    if isinstance(named, str):
        try:
            on = date.fromisoformat(named)
        except ValueError:
            return None
        return datetime(on.year, on.month, on.day, tzinfo=UTC)
    instant = _instant(row.get("from", row.get("date")))
    return None if instant is None else instant.replace(hour=0, minute=0, second=0, microsecond=0)
