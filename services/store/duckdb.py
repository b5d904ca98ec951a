"""The embedded store: one DuckDB file behind `TimeSeriesStore`.

A series is two tables: `<name>_series` gives each set of tags a number, `<name>` holds (series, time, fields). Points are
unique by number and instant because every write is one MERGE under one lock, and no other process can open the file. Not
by a primary key: its index made the file 24 times larger, must lie in memory, and halved the writing speed (measured: 2 M
readings, batches of 5,000: 380 k/s and 114 MB with it, 750 k/s and 5 MB without).
"""

import threading
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from config.domain.readings import Reading
from config.domain.series import INDICATOR_VALUES, INTERVALS, PRICES, READINGS, SERIES, WEATHER, Series, SeriesQuery
from config.errors import PointRejected, StoreError, StoreRefused, StoreUnavailable
from services.store.catalogue import Catalogue
from services.store.points import (
    EPOCH,
    NEWEST_DAY,
    NOT_FINITE,
    OLDEST_DAY,
    OUT_OF_RANGE,
    TIME,
    matches_nothing,
    schema_of,
    storable,
    stored_number,
    tags_fault,
    without_impossible,
)
from services.store.sql import WANTED, Statement, compile_points, compile_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

_SQL_TYPES: dict[type, str] = {float: "DOUBLE", int: "BIGINT", str: "VARCHAR"}


class DuckDBStore:
    """One file, used by one process; its threads may share this.

    Args:
        path: of the file; it and its folder are made where absent.
        memory: most that the engine may use, e.g. "512MB"; what does not fit goes to disk.
    Raises:
        StoreRefused: another process has the file open, or it cannot be opened or made.
    """

    def __init__(self, path: Path, memory: str = "512MB") -> None:
        self._path = path
        self._memory = memory
        self._write_lock = threading.Lock()
        self._open_lock = threading.Lock()
        self._catalogues: dict[str, Catalogue] = {}
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._is_closed = False
        with self._translated():
            self._open()

    def write_readings(self, readings: Sequence[Reading]) -> None:
        keys: list[tuple[str, str]] = []
        times: list[int] = []
        values: list[float] = []
        received: list[int] = []
        rejected: dict[int, str] = {}
        faults: dict[tuple[str, ...], str | None] = {}
        for position, reading in enumerate(readings):
            key = (reading.meter, reading.register)
            if key not in faults:
                known = self._catalogues[READINGS.name].number_of(key) is not None
                faults[key] = None if known else tags_fault(READINGS, key)
            value, age, came = stored_number(reading.value), reading.time - EPOCH, reading.received - EPOCH
            fault = faults[key]
            if fault is None and not isfinite(value):
                fault = NOT_FINITE
            if fault is None and not OLDEST_DAY <= age.days < NEWEST_DAY:
                fault = OUT_OF_RANGE
            if fault is not None:
                rejected[position] = fault
                continue
            keys.append(key)
            # written out: a division of timedeltas costs as much as the rest of the row
            times.append((age.days * 86_400 + age.seconds) * 1_000_000 + age.microseconds)
            values.append(value)
            received.append((came.days * 86_400 + came.seconds) * 1000 + came.microseconds // 1000)
        sets = list(dict.fromkeys(keys))
        place = {key: number for number, key in enumerate(sets)}
        points = pl.DataFrame(
            [
                pl.Series("time", times, dtype=pl.Int64).cast(TIME),
                pl.Series("value", values, dtype=pl.Float64),
                pl.Series("received", received, dtype=pl.Int64),
                pl.Series("place", [place[key] for key in keys], dtype=pl.Int32),
            ]
        )
        self._write(READINGS, sets, pl.DataFrame({"place": range(len(sets))}, schema={"place": pl.Int32}), points)
        _raise(rejected)

    def write_intervals(self, intervals: pl.DataFrame) -> None:
        self._write_frame(INTERVALS, intervals)

    def write_indicator_values(self, values: pl.DataFrame) -> None:
        self._write_frame(INDICATOR_VALUES, values)

    def write_weather(self, values: pl.DataFrame) -> None:
        self._write_frame(WEATHER, values)

    def write_prices(self, prices: pl.DataFrame) -> None:
        self._write_frame(PRICES, prices)

    def write_pictures(self, series: Series, points: pl.DataFrame) -> None:
        self._write_frame(series, points)

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        query = without_impossible(query)
        schema = schema_of(query)
        if matches_nothing(query):
            return pl.DataFrame(schema=schema)
        matching = self._catalogues[query.series.name].matching(query.where)
        if query.aggregate is None and query.limit is None:
            return self._read_points(query, matching)
        statement = compile_sql(query, matching["series"].to_list() if query.where else None)
        found = self._table(statement)
        if "time" in schema:
            found = found.with_columns(pl.col("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
        return found.select(pl.col(name).cast(kind) for name, kind in schema.items())

    def _read_points(self, query: SeriesQuery, matching: pl.DataFrame) -> pl.DataFrame:
        """Points by number, then their tags; by tags, then time."""
        schema = schema_of(query)
        if matching.is_empty():
            return pl.DataFrame(schema=schema)
        found = self._table(compile_points(query, matching["series"].to_list()))
        rows = found.with_columns(pl.col("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")).join(
            matching.with_row_index("place"), on="series"
        )
        return rows.sort("place", "time").select(pl.col(name).cast(kind) for name, kind in schema.items())

    def _table(self, statement: Statement) -> pl.DataFrame:
        with self._translated(), self._cursor() as cursor:
            if statement.wanted:
                cursor.register(WANTED, pl.DataFrame({"number": statement.wanted}, schema={"number": pl.Int32}))
            return pl.DataFrame(cursor.sql(statement.text, params=statement.parameters).to_arrow_table())

    def close(self) -> None:
        """Bring the write-ahead log into the file and let go of it."""
        with self._write_lock, self._open_lock:
            self._is_closed = True
            if self._connection is not None:
                with suppress(duckdb.Error):  # the log is read at the next opening
                    self._connection.execute("CHECKPOINT")
                self._connection.close()
                self._connection = None

    def _write_frame(self, series: Series, frame: pl.DataFrame) -> None:
        rows, rejected = storable(series, frame)
        # the tags of a frame are few sets over many rows: each set is looked up once
        sets = rows.select(series.tags).unique(maintain_order=True)
        self._write(series, list(sets.iter_rows()), sets, rows.select("time", *series.tags, *series.fields))
        _raise(rejected)

    def _write(self, series: Series, keys: Sequence[tuple[str, ...]], sets: pl.DataFrame, points: pl.DataFrame) -> None:
        """Write `points` in one transaction.

        Args:
            keys: sets of tags; `sets` has the same in the same order, as columns.
            points: `time`, the fields, and the tags that `sets` has.
        """
        if not keys:
            return
        with self._write_lock, self._translated(), self._cursor() as cursor:
            cursor.execute("BEGIN")
            added = self._add_new(cursor, series, keys)
            catalogue = self._catalogues[series.name]
            numbers = [added[key] if key in added else catalogue.number_of(key) for key in keys]
            numbered = sets.with_columns(pl.Series("series", numbers, dtype=pl.Int32))
            batch = (
                points.join(numbered, on=sets.columns, maintain_order="left")
                .drop(sets.columns)
                .with_columns(pl.col("time").dt.replace_time_zone(None))
                # of the same point twice the later one counts, as in InfluxDB; MERGE would refuse
                .unique(["series", "time"], keep="last", maintain_order=True)
            )
            self._insert(cursor, series, batch.filter(pl.col("series") > catalogue.last))
            self._merge(cursor, series, batch.filter(pl.col("series") <= catalogue.last))
            cursor.execute("COMMIT")
            catalogue.add(added)

    def _insert(self, cursor: duckdb.DuckDBPyConnection, series: Series, batch: pl.DataFrame) -> None:
        """Points of series that did not exist before this transaction: there is nothing to look for."""
        if not batch.is_empty():
            cursor.register("batch", batch)
            cursor.execute(f'INSERT INTO "{series.name}" BY NAME SELECT * FROM batch')  # noqa: S608 - names are our own

    def _merge(self, cursor: duckdb.DuckDBPyConnection, series: Series, batch: pl.DataFrame) -> None:
        if not batch.is_empty():
            cursor.register("batch", batch)
            edges = batch.select(
                pl.col("series").min().alias("a"),
                pl.col("series").max().alias("b"),
                pl.col("time").min(),
                pl.col("time").max().alias("d"),
            )
            cursor.execute(_merge(series), list(edges.row(0)))

    def _add_new(
        self, cursor: duckdb.DuckDBPyConnection, series: Series, keys: Sequence[tuple[str, ...]]
    ) -> dict[tuple[str, ...], int]:
        """Number the sets of tags that are new, within the transaction."""
        catalogue = self._catalogues[series.name]
        new = [key for key in dict.fromkeys(keys) if catalogue.number_of(key) is None]
        if not new:
            return {}
        added = {key: number for number, key in enumerate(new, start=catalogue.last + 1)}
        columns = {"id": list(added.values())} | {tag: [key[at] for key in new] for at, tag in enumerate(series.tags)}
        cursor.register("added", pl.DataFrame(columns, schema_overrides={"id": pl.Int32}))
        cursor.execute(f'INSERT INTO "{series.name}_series" BY NAME SELECT * FROM added')  # noqa: S608 - names are our own
        return added

    def _open(self) -> duckdb.DuckDBPyConnection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(
            str(self._path),
            config={
                "autoinstall_known_extensions": "false",  # nothing is fetched while we run
                "autoload_known_extensions": "false",
                "memory_limit": self._memory,
                "python_enable_replacements": "false",  # a table name is never taken for a variable of ours
                "preserve_insertion_order": "false",
            },
        )
        for series in SERIES.values():
            tags = ", ".join(f'"{tag}" VARCHAR NOT NULL' for tag in series.tags)
            fields = ", ".join(f'"{name}" {_SQL_TYPES[kind]}' for name, kind in series.fields.items())
            connection.execute(f'CREATE TABLE IF NOT EXISTS "{series.name}_series" (id INTEGER NOT NULL, {tags})')
            connection.execute(
                f'CREATE TABLE IF NOT EXISTS "{series.name}" (series INTEGER NOT NULL, time TIMESTAMP NOT NULL, {fields})'
            )
            for name, kind in series.fields.items():  # a file of an earlier version lacks the newer ones
                default = series.defaults.get(name)
                connection.execute(
                    f'ALTER TABLE "{series.name}" ADD COLUMN IF NOT EXISTS "{name}" {_SQL_TYPES[kind]}'
                    + ("" if default is None else f" DEFAULT {default!r}")
                )
            columns = ", ".join(f'"{tag}"' for tag in series.tags)
            rows = connection.execute(f'SELECT id, {columns} FROM "{series.name}_series"').fetchall()  # noqa: S608 - names are our own
            self._catalogues[series.name] = Catalogue(series, {tuple(key): number for number, *key in rows})
        self._connection = connection
        return connection

    @contextmanager
    def _cursor(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        """A cursor of its own for each use: a connection of DuckDB is not for two threads."""
        with self._open_lock:
            if self._is_closed:
                raise StoreUnavailable(f"{self._path}: the store is closed")
            cursor = (self._connection or self._open()).cursor()
        try:
            yield cursor
        except duckdb.FatalException:
            # the engine has shut itself off (a full disk does that); the next use opens the file anew, which keeps
            # all that was committed
            self._drop()
            raise
        finally:
            with suppress(duckdb.Error):
                cursor.close()

    def _drop(self) -> None:
        with self._open_lock:
            if self._connection is not None:
                with suppress(duckdb.Error):
                    self._connection.close()
                self._connection = None

    @contextmanager
    def _translated(self) -> "Iterator[None]":
        try:
            yield
        except (duckdb.Error, OSError) as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> StoreError:
        words = " ".join(str(error).split())[:600]
        if "Could not set lock" in words or "already open in" in words:
            return StoreRefused(
                f"{self._path}: another process has the file open ({words}); stop it, or use InfluxDB for several processes"
            )
        if "No space left" in words or "Out of Memory" in words or isinstance(error, duckdb.OutOfMemoryException):
            return StoreUnavailable(f"{self._path}: {words}; make room, writing goes on by itself")
        if isinstance(error, duckdb.FatalException | duckdb.TransactionException | duckdb.InterruptException):
            return StoreUnavailable(f"{self._path}: {words}")
        return StoreRefused(f"{self._path}: {words}; see that the file can be read and written, and is a DuckDB file of ours")


def _merge(series: Series) -> str:
    fields = [f'"{name}"' for name in series.fields]
    changed = ", ".join(f"{name} = b.{name}" for name in fields)
    return f"""
        MERGE INTO "{series.name}" p USING batch b
        ON p.series = b.series AND p.time = b.time AND p.series BETWEEN ? AND ? AND p.time BETWEEN ? AND ?
        WHEN MATCHED THEN UPDATE SET {changed}
        WHEN NOT MATCHED THEN INSERT (series, time, {", ".join(fields)})
            VALUES (b.series, b.time, {", ".join(f"b.{name}" for name in fields)})
    """  # noqa: S608 - names are our own


def _raise(rejected: dict[int, str]) -> None:
    if rejected:
        first = min(rejected)
        raise PointRejected(f"{len(rejected)} point(s) not taken, the first (number {first}): {rejected[first]}", rejected)
