"""Pages of a table: a cursor names the last row that was given, so that rows that come or go never shift the others."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any

import orjson
import polars as pl

from services.web.opendata.parameters import FIRST_YEAR, LAST_YEAR
from services.web.opendata.problems import bad_request
from services.web.opendata.table import Kind, Table

Key = tuple[Any, ...]
LONGEST_CURSOR = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """Rows to be given, with the cursor of the next page; "" where this is the last."""

    rows: pl.DataFrame
    cursor: str


def page(table: Table, frame: pl.DataFrame, after: Key | None, limit: int) -> Page:
    """The rows of `frame` (by the table's key, or later ones alone) that come after a key, at most `limit`."""
    ordered = frame.sort(*table.key)
    left = ordered if after is None else ordered.filter(_later(table.key, after))
    rows = left.head(limit)
    return Page(rows, cursor_of(table, rows) if left.height > limit else "")


def cursor_of(table: Table, rows: pl.DataFrame) -> str:
    """Of the last row."""
    values = [_plain(value) for value in rows.select(*table.key).row(-1)]
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def key_of(table: Table, cursor: str) -> Key:
    """The key that a cursor of ours names.

    Raises:
        Problem: it is none.
    """
    wrong = bad_request("cursor", "Ta den från svarets next.", "Take it from the answer's next.")
    if len(cursor) > LONGEST_CURSOR:
        raise wrong
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise wrong from None
    kinds = {field.name: field.kind for field in table.fields}
    if not isinstance(values, list) or len(values) != len(table.key) or not all(isinstance(each, str) for each in values):
        raise wrong
    try:
        return tuple(_read(value, kinds[name]) for name, value in zip(table.key, values, strict=True))
    except ValueError:
        raise wrong from None


def _later(key: Sequence[str], after: Key) -> pl.Expr:
    """Greater by the first column that differs."""
    cases = []
    for at, name in enumerate(key):
        same = [pl.col(other) == pl.lit(value) for other, value in zip(key[:at], after[:at], strict=True)]
        cases.append(pl.all_horizontal(*same, pl.col(name) > pl.lit(after[at])))
    return reduce(or_, cases)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(text: str, kind: Kind) -> Any:
    if kind is Kind.INSTANT:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None or not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise ValueError(text)
        return instant.astimezone(UTC)
    return date.fromisoformat(text) if kind is Kind.DATE else text
