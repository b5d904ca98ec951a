"""A table's rows as JSON, CSV, CSV for a Swedish Excel, or Parquet. The same rows in each.

CSV follows RFC 4180: commas, CRLF, quotes doubled, a header row, UTF-8. For Excel it has `;`, a decimal comma and a byte order
mark. In both, a cell that begins like a formula gets an apostrophe before it: names are somebody's words, and a spreadsheet
runs them. JSON and Parquet hold them as they are.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
import polars as pl

from services.web.opendata.problems import Problem, bad_request
from services.web.opendata.table import Kind, Table


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    EXCEL = "excel"
    PARQUET = "parquet"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.EXCEL: "text/csv; charset=utf-8; header=present",
    Format.PARQUET: "application/vnd.apache.parquet",
}
_ACCEPTED = {
    "application/json": Format.JSON,
    "application/*": Format.JSON,
    "*/*": Format.JSON,
    "text/csv": Format.CSV,
    "text/*": Format.CSV,
    "application/vnd.apache.parquet": Format.PARQUET,
}
_INSTANT, _DATE = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"
_FORMULA = r"^[=+\-@\t\r\n]"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some rows of a table, and what is said beside them where the format has room for it."""

    table: Table
    rows: pl.DataFrame
    beside: Mapping[str, Any]


def chosen_format(given: str | None, accept: str) -> Format:
    """By the parameter `format`, else by Accept; JSON where nobody says.

    Raises:
        Problem: there is no such format, or none that the client accepts.
    """
    if given is not None:
        if given not in set(Format):
            names = ", ".join(Format)
            raise bad_request("format", f"Välj ett av formaten {names}.", f"Choose one of the formats {names}.")
        return Format(given)
    for _, media in sorted(_wanted(accept), key=lambda each: -each[0]):
        if media in _ACCEPTED:
            return _ACCEPTED[media]
    raise Problem(
        406,
        "format",
        ("Inget format som accepteras", "No format that is accepted"),
        (
            "Svar finns som application/json, text/csv och application/vnd.apache.parquet; ange Accept eller ?format=.",
            "Answers come as application/json, text/csv and application/vnd.apache.parquet; give Accept or ?format=.",
        ),
    )


def rendered(sheet: Sheet, form: Format) -> bytes:
    """The same sheet gives the same bytes."""
    match form:
        case Format.JSON:
            return _json(sheet)
        case Format.PARQUET:
            return _parquet(sheet)
        case _:
            return _csv(sheet, excel=form is Format.EXCEL)


def _wanted(accept: str) -> list[tuple[float, str]]:
    found = []
    for part in accept.split(",") if accept.strip() else ["*/*"]:
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            weight = float(quality)
        except ValueError:
            weight = 0.0
        if weight > 0:
            found.append((weight, media))
    return found


def _json(sheet: Sheet) -> bytes:
    objects = [field.name for field in sheet.table.fields if field.kind is Kind.OBJECT]
    rows = _text_times(sheet.rows).to_dicts()
    for row in rows:
        for name in objects:
            row[name] = orjson.loads(row[name] or "{}")
    return orjson.dumps({**sheet.beside, "count": len(rows), "rows": rows})


def _csv(sheet: Sheet, *, excel: bool) -> bytes:
    texts = [name for name, kind in sheet.rows.schema.items() if kind == pl.String]
    harmless = (
        pl.when(pl.col(name).str.contains(_FORMULA)).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )
    frame = _text_times(sheet.rows.with_columns(*harmless))
    out = io.BytesIO(b"\xef\xbb\xbf" if excel else b"")
    out.seek(0, io.SEEK_END)
    frame.write_csv(out, separator=";" if excel else ",", decimal_comma=excel, line_terminator="\r\n")
    return out.getvalue()


def _parquet(sheet: Sheet) -> bytes:
    out = io.BytesIO()
    said = {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in sheet.beside.items()}
    sheet.rows.write_parquet(out, metadata={name: value for name, value in said.items() if name != "next"})
    return out.getvalue()


def _text_times(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        *(
            pl.col(name).dt.strftime(_INSTANT if kind == pl.Datetime else _DATE)
            for name, kind in frame.schema.items()
            if kind in (pl.Datetime, pl.Date)
        )
    )
