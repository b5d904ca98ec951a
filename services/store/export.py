"""Any series as CSV, JSON lines or Parquet, stretch by stretch, so that four years of hours need no memory to speak of.

CSV follows RFC 4180: CRLF, quotes doubled, ISO 8601 times with offset. The variant for Excel has `;`, a decimal comma, a byte
order mark and wall-clock times, which is what a Swedish Excel opens with a double click.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from config.domain.periods import day, local_date
from config.domain.series import Aggregate, Every, SeriesQuery
from services.store.points import schema_of
from services.store.timeseries import TimeSeriesStore

STRETCH = 200_000  # points of one reading; a day that has more is read at once
_ISO = "%Y-%m-%dT%H:%M:%S%.f%:z"
Progress = Callable[[int, int], None]  # points done, of how many


class ExportFormat(StrEnum):
    CSV = "csv"
    EXCEL = "excel"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class _Stretch:
    query: SeriesQuery
    points: int


def export(
    store: TimeSeriesStore, query: SeriesQuery, form: ExportFormat, out: BinaryIO, progress: Progress | None = None
) -> int:
    """Write what `query` gives to `out`; gives the number of rows.

    Times are shown on the clock of `query.zone`. The rows come by stretches of whole days, within each by tags, then time.
    """
    stretches = _stretches(store, query)
    total, done, rows = sum(stretch.points for stretch in stretches), 0, 0
    writer = _WRITERS[form](out, query)
    for stretch in stretches:
        found = store.read(stretch.query)
        writer.write(found)
        rows += found.height
        done += stretch.points
        if progress is not None:
            progress(done, total)
    writer.finish()
    return rows


def export_to_file(
    store: TimeSeriesStore, query: SeriesQuery, form: ExportFormat, path: Path, progress: Progress | None = None
) -> int:
    """As `export`; `path` appears, or is replaced, only when all of it is written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            rows = export(store, query, form, out, progress)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _stretches(store: TimeSeriesStore, query: SeriesQuery) -> list[_Stretch]:
    """`query` cut at midnights into parts of about STRETCH points; one number, or the first so many rows, cannot be cut."""
    if query.limit is not None or (query.aggregate is not None and query.every is None):
        return [_Stretch(query, 1)]
    zone = query.zone if query.every is Every.DAY else "UTC"  # hours are those of UTC: no cut may fall within one
    # a field that every point has; the number is none of a missing figure, though the only one of some series
    given = [name for name in query.series.fields if name != query.series.number and name not in query.series.optional]
    always = given[0] if given else query.series.number
    counting = replace(query, aggregate=Aggregate.COUNT, field=always, every=Every.DAY, by=(), zone=zone)
    counted = store.read(counting)
    days = list(zip(counted["time"].to_list(), counted["value"].to_list(), strict=True))
    stretches: list[_Stretch] = []
    while days:
        first, points = days.pop(0)
        last = first
        while days and points + days[0][1] <= STRETCH:
            last, more = days.pop(0)
            points += more
        end = day(local_date(last, zone), zone).end
        start = first if query.start is None else max(first, query.start)
        stretches.append(_Stretch(replace(query, start=start, end=end if query.end is None else min(end, query.end)), points))
    return stretches


class _Writer(Protocol):
    def write(self, frame: pl.DataFrame) -> None: ...

    def finish(self) -> None: ...


class _Csv:
    """Rows as CSV; the header comes first, whether rows follow or not."""

    def __init__(self, out: BinaryIO, query: SeriesQuery) -> None:
        self._out, self._zone = out, query.zone
        self._put(_empty(query), header=True)

    def write(self, frame: pl.DataFrame) -> None:
        self._put(frame, header=False)

    def finish(self) -> None:
        self._out.flush()

    def _put(self, frame: pl.DataFrame, *, header: bool) -> None:
        _text_times(frame, self._zone, _ISO).write_csv(self._out, include_header=header, line_terminator="\r\n")


class _Excel(_Csv):
    def __init__(self, out: BinaryIO, query: SeriesQuery) -> None:
        out.write(b"\xef\xbb\xbf")
        super().__init__(out, query)

    def _put(self, frame: pl.DataFrame, *, header: bool) -> None:
        text = _text_times(frame, self._zone, "%Y-%m-%d %H:%M:%S")
        # a cell that begins like a formula is one to Excel, and ids are a device's words
        harmless = [
            pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
            .then(pl.lit("'") + pl.col(name))
            .otherwise(pl.col(name))
            .alias(name)
            for name, kind in frame.schema.items()
            if kind == pl.String
        ]
        text.with_columns(harmless).write_csv(
            self._out, include_header=header, separator=";", decimal_comma=True, line_terminator="\r\n"
        )


class _JsonLines:
    def __init__(self, out: BinaryIO, query: SeriesQuery) -> None:
        self._out, self._zone = out, query.zone

    def write(self, frame: pl.DataFrame) -> None:
        _text_times(frame, self._zone, _ISO).write_ndjson(self._out)

    def finish(self) -> None:
        self._out.flush()


class _Parquet:
    def __init__(self, out: BinaryIO, query: SeriesQuery) -> None:
        self._zone = query.zone
        self._writer = pq.ParquetWriter(out, self._table(_empty(query)).schema, compression="zstd")

    def write(self, frame: pl.DataFrame) -> None:
        if frame.height:
            self._writer.write_table(self._table(frame))

    def finish(self) -> None:
        self._writer.close()

    def _table(self, frame: pl.DataFrame) -> pa.Table:
        return _on_clock(frame, self._zone).to_arrow(compat_level=pl.CompatLevel.oldest())


_WRITERS: dict[ExportFormat, Callable[[BinaryIO, SeriesQuery], _Writer]] = {
    ExportFormat.CSV: _Csv,
    ExportFormat.EXCEL: _Excel,
    ExportFormat.JSON_LINES: _JsonLines,
    ExportFormat.PARQUET: _Parquet,
}


def _empty(query: SeriesQuery) -> pl.DataFrame:
    return pl.DataFrame(schema=schema_of(query))


def _on_clock(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`time` on the clock of `zone`; metering time has a name of its own among the IANA zones, with the sign turned."""
    if "time" not in frame.columns:
        return frame
    return frame.with_columns(pl.col("time").dt.convert_time_zone("Etc/GMT-1" if zone == "UTC+1" else zone))


def _text_times(frame: pl.DataFrame, zone: str, pattern: str) -> pl.DataFrame:
    if "time" not in frame.columns:
        return frame
    return _on_clock(frame, zone).with_columns(pl.col("time").dt.to_string(pattern))
