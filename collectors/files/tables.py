"""Rows of a CSV or Parquet file with their line numbers. Knows nothing of meters.

A CSV file may be compressed (gz), begin with lines of title before its header, have a byte-order mark, and be written in UTF-8,
UTF-16 or Windows-1252. Every line is parsed by itself, so that a quote that is never closed spoils one line and not the rest.
"""

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyarrow
import pyarrow.parquet

from collectors.files.layout import Layout
from config.errors import ConfigurationError

TIME_HEADERS = (
    "time",
    "timestamp",
    "datetime",
    "tid",
    "tidpunkt",
    "tidsstämpel",
    "datumtid",
    "datum",
    "date",
    "start",
    "starttid",
)
CLOCK_HEADERS = ("klockslag", "kl", "timme", "tid", "time", "hour")  # beside a column of dates
DATE_HEADERS = ("datum", "date", "dag", "day")

_TITLE_LINES = 50  # exports of Swedish authorities have up to some thirty lines before the header
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """A file that has been looked through once.

    Attributes:
        header: the columns' names.
        header_line: the line it stands in; 0 in a Parquet file.
        fingerprint: of its bytes.
        size: its bytes.
    """

    path: Path
    header: tuple[str, ...]
    header_line: int
    fingerprint: str
    size: int
    encoding: str = ""
    separator: str = ""

    @property
    def is_parquet(self) -> bool:
        return not self.separator


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number and its cells; `done` is how many bytes of the file have been read."""

    line: int
    cells: Sequence[Any]
    done: int


def look_through(path: Path, layout: Layout) -> Table:
    """Find out how the file is written.

    Raises:
        ConfigurationError: it cannot be read, is damaged, or has no line with the columns that the layout names.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            size = path.stat().st_size
        if start == b"PAR1":
            return _look_through_parquet(path, layout, size)
        fingerprint, found = _scan(path)
        return _with_header(path, layout, fingerprint, size, layout.encoding or found)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or error}") from error


def rows(table: Table) -> Iterator[Row]:
    """The lines after the header, empty ones left out."""
    return _parquet_rows(table) if table.is_parquet else _csv_rows(table)


def _scan(path: Path) -> tuple[str, str]:
    """Fingerprint of the bytes, and their encoding."""
    digest = hashlib.sha256()
    with path.open("rb") as raw:
        while block := raw.read(_BLOCK):
            digest.update(block)
    decoder, encoding, first = codecs.getincrementaldecoder("utf-8")(), "utf-8-sig", True
    try:
        with _opened(path) as file:
            while block := file.read(_BLOCK):
                if first and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    decoder, encoding = codecs.getincrementaldecoder("utf-16")(), "utf-16"
                first = False
                if encoding != "cp1252":
                    try:
                        decoder.decode(block)
                    except UnicodeDecodeError:
                        encoding = "cp1252"  # read on: the rest must still prove to be undamaged
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ConfigurationError(
            f"{path}: the compressed file is damaged ({error}); fetch it again",
            f"{path}: den komprimerade filen är skadad ({error}); hämta den igen",
        ) from error
    return digest.hexdigest(), encoding


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if compressed else path.open("rb")


def _with_header(path: Path, layout: Layout, fingerprint: str, size: int, encoding: str) -> Table:
    seen: list[str] = []
    try:
        with _opened(path) as file, io.TextIOWrapper(file, encoding, errors="replace", newline=None) as lines:
            for number, line in zip(range(1, _TITLE_LINES + 1), lines, strict=False):
                for separator in (layout.separator,) if layout.separator else (";", "\t", ","):
                    header = tuple(cell.strip() for cell in split(line, separator))
                    if len(header) > 1 and has_columns(header, layout):
                        return Table(path, header, number, fingerprint, size, encoding, separator)
                if line.strip():
                    seen.append(line.strip())
    except LookupError as error:
        raise ConfigurationError(
            f"{path}: {error}; write an encoding such as utf-8 or cp1252",
            f"{path}: {error}; skriv en teckenkodning som utf-8 eller cp1252",
        ) from error
    named, known = ", ".join(wanted_columns(layout)), ", ".join(TIME_HEADERS)
    wanted, wanted_sv = named or f"a time ({known})", named or f"en tid ({known})"
    begins, begins_sv = (repr(seen[0][:120]),) * 2 if seen else ("nothing", "ingenting")
    raise ConfigurationError(
        f"{path}: no header with {wanted} in the first {_TITLE_LINES} lines; the file begins with {begins}",
        f"{path}: ingen rubrik med {wanted_sv} på de första {_TITLE_LINES} raderna; filen börjar med {begins_sv}",
    )


def wanted_columns(layout: Layout) -> list[str]:
    """The headers that the layout names."""
    return [
        *layout.time,
        *([layout.name] if layout.name else []),
        *layout.values,
        *([layout.unit_column] if layout.unit_column else []),
    ]


def has_columns(header: Sequence[str], layout: Layout) -> bool:
    """Whether `header` is the one that the layout speaks of."""
    return set(wanted_columns(layout)) <= set(header) and bool(layout.time or time_columns(header))


def time_columns(header: Sequence[str]) -> tuple[str, ...]:
    """The usual headers of a time among them: one column, or a date's and a clock's; () where there is none."""
    by_lower = {name.lower(): name for name in reversed(header)}
    dates = [by_lower[name] for name in DATE_HEADERS if name in by_lower]
    clocks = [by_lower[name] for name in CLOCK_HEADERS if name in by_lower]
    if dates and clocks:
        return dates[0], clocks[0]
    found = [by_lower[name] for name in TIME_HEADERS if name in by_lower]
    return tuple(found[:1])


def split(line: str, separator: str) -> list[str]:
    """The cells of one line."""
    line = line.rstrip("\r\n")
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return line.split(separator)


def _csv_rows(table: Table) -> Iterator[Row]:
    with table.path.open("rb") as raw:
        compressed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if compressed else raw
        with io.TextIOWrapper(file, table.encoding, errors="replace", newline=None) as lines:
            for number, line in enumerate(lines, start=1):
                if number > table.header_line and line.strip():
                    yield Row(number, split(line, table.separator), raw.tell() if number % 1000 == 0 else 0)


def _look_through_parquet(path: Path, layout: Layout, size: int) -> Table:
    digest = hashlib.sha256()
    with path.open("rb") as raw:
        while block := raw.read(_BLOCK):
            digest.update(block)
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            header = tuple(file.schema_arrow.names)
    except pyarrow.ArrowException as error:
        raise ConfigurationError(f"{path}: {error}") from error
    if not has_columns(header, layout):
        named, columns = ", ".join(wanted_columns(layout)), ", ".join(header)
        raise ConfigurationError(
            f"{path}: not all of {named or 'a time'} among its columns {columns}",
            f"{path}: inte alla av {named or 'en tid'} bland dess kolumner {columns}",
        )
    return Table(path, header, 0, digest.hexdigest(), size)


def _parquet_rows(table: Table) -> Iterator[Row]:
    """Rows are numbered from 1."""
    number = 0
    with pyarrow.parquet.ParquetFile(table.path) as file:
        count = max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=8192):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield Row(number, cells, table.size * number // count if number % 1000 == 0 else 0)
