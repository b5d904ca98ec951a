"""SMHI's archive as CSV, as the service gives it and as a person saves it from SMHI's web pages.

Format (SMHI open data metobs 1.0): `;`, UTF-8 with or without a byte-order mark. Blocks of free text come first (station,
parameter with its unit, the station's positions over the years), then the table's own header, for hours
`Datum;Tid (UTC);<name>;Kvalitet`, for days `Från Datum Tid (UTC);Till Datum Tid (UTC);Representativt dygn;<name>;Kvalitet`. More
columns follow in the header and in the first rows: notes for the reader. A day or hour without a value has no row. The last line
may be cut off.
"""

import csv
from dataclasses import dataclass

import polars as pl

from collectors.weather.answer import Answer, check_station, check_summary, check_unit, judged, text_of
from collectors.weather.parameters import PARAMETERS
from config.domain.weather import TIME, WeatherQuantity
from config.errors import WeatherError

DAY, DATE, CLOCK, QUALITY = "Representativt dygn", "Datum", "Tid (UTC)", "Kvalitet"
_MOST_HEAD_LINES = 500  # a station that moved every year for a century has half as many


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the table. `columns` are the table's; `rest` begins at its first row."""

    station: str | None
    name: str
    parameter: str | None
    summary: str | None
    unit: str | None
    columns: tuple[str, ...]
    rest: str


def read_csv(content: bytes, source: str, quantity: WeatherQuantity | None = None, station: str | None = None) -> Answer:
    """The values of a file.

    Args:
        quantity, station: what was asked for; the file's own where None.
    Raises:
        WeatherError: it is no such file, or of another station or parameter, or in another unit.
    """
    head = _head(text_of(content, source, station or "?", "CSV"), source, station)
    number = station or (head.station or "").strip()
    if not number:
        raise WeatherError(f"{source}: the file names no station (Stationsnummer); save it anew from SMHI, with its head")
    check_station(head.station, number, source)
    kind = quantity or _quantity(head, number, source)
    check_summary(head.summary, kind, number, source)
    check_unit(head.unit, kind, number, source)
    table = _table(head, kind, number, source)
    return judged(table, kind, number, head.name, source)


def _head(text: str, source: str, station: str | None) -> _Head:
    """Found by the names of columns; how many lines there are before them is SMHI's affair."""
    blocks: dict[str, str] = {}
    position, names = 0, list[str]()
    for _ in range(_MOST_HEAD_LINES):
        end = text.find("\n", position)
        line = text[position : end if end >= 0 else len(text)].rstrip("\r")
        cells = _head_cells(line)
        if names and len(cells) > 1:
            blocks.update({name: cell for name, cell in zip(names, cells, strict=False) if name and name not in blocks})
            names = []
        elif QUALITY in cells and (DAY in cells or DATE in cells):
            return _Head(
                blocks.get("Stationsnummer", blocks.get("Klimatnummer")),
                blocks.get("Stationsnamn", ""),
                blocks.get("Parameternamn"),
                blocks.get("Beskrivning"),
                blocks.get("Enhet"),
                tuple(cells),
                text[end + 1 :] if end >= 0 else "",
            )
        elif cells and cells[0] in ("Stationsnamn", "Parameternamn"):
            names = cells
        if end < 0:
            break
        position = end + 1
    raise WeatherError(
        f"{source}: station {station or '?'}: no table with columns {DAY} or {DATE}, and {QUALITY} "
        f"({' '.join(text.split())[:80]!r}); is it SMHI's CSV?"
    )


def _head_cells(line: str) -> list[str]:
    """None of a line that is no CSV, as in a picture or a program."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=";"), [])]
    except csv.Error:
        return []


def _quantity(head: _Head, station: str, source: str) -> WeatherQuantity:
    """What a saved file holds."""
    for kind, parameter in PARAMETERS.items():
        is_daily = DAY in head.columns
        described = head.summary is not None and parameter.summary in head.summary.lower()
        in_unit = head.unit is not None and head.unit.lower() in parameter.units
        if described and in_unit and is_daily == parameter.daily:
            return kind
    wanted = ", ".join(f"{item.number} ({item.summary})" for item in PARAMETERS.values())
    raise WeatherError(
        f"{source}: station {station}: {head.parameter!r}, {head.summary!r}, {head.unit!r} is none of the "
        f"parameters used: {wanted}"
    )


def _table(head: _Head, kind: WeatherQuantity, station: str, source: str) -> pl.DataFrame:
    """Columns `time`, `value`, `quality`, `given`."""
    columns = head.columns
    daily = PARAMETERS[kind].daily
    needed = (DAY,) if daily else (DATE, CLOCK)
    lacking = [name for name in needed if name not in columns]
    if lacking:
        raise WeatherError(
            f"{source}: station {station}: no column {', '.join(lacking)} beside {', '.join(filter(None, columns))}; "
            f"is it SMHI's parameter {PARAMETERS[kind].number}?"
        )
    value = columns.index(head.parameter) if head.parameter in columns else columns.index(QUALITY) - 1
    quality = columns.index(QUALITY, value)
    cells = _cells(head.rest, len(columns))
    if daily:
        time = _cell(columns.index(DAY)).str.to_datetime("%Y-%m-%d", strict=False)
    else:
        written = pl.concat_str(_cell(columns.index(DATE)), _cell(columns.index(CLOCK)), separator=" ")
        time = written.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    number = _cell(value).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return cells.select(
        time.cast(pl.Datetime("us")).dt.replace_time_zone("UTC").cast(TIME).alias("time"),
        number.alias("value"),
        pl.when(_cell(quality) != "").then(_cell(quality)).alias("quality"),
        (_cell(value) != "").fill_null(value=False).alias("given"),
    )


def _cell(position: int) -> pl.Expr:
    return pl.col(f"c{position}").str.strip_chars()


def _cells(text: str, width: int) -> pl.DataFrame:
    schema = {f"c{position}": pl.String for position in range(width)}
    if not text.strip():
        return pl.DataFrame(schema=schema)
    frame = pl.read_csv(
        text.encode(),
        separator=";",
        has_header=False,
        schema=schema,
        quote_char=None,
        truncate_ragged_lines=True,
        infer_schema=False,
    )
    return frame.filter(pl.col("c0").is_not_null() & (pl.col("c0").str.strip_chars() != ""))
