"""InfluxDB 1.x and 2.x behind `TimeSeriesStore`: line protocol in, InfluxQL out.

Lines go in batches of 5,000 (InfluxData's own optimum), gzipped at level 1 (3.4 x smaller; level 6 is three times slower for
9 %). Nothing is retried here: who calls knows what can wait (`services.store.retrying` waits for those that can).
"""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from config.domain.intervals import Method
from config.domain.readings import Reading
from config.domain.series import INDICATOR_VALUES, INTERVALS, PRICES, WEATHER, Aggregate, Series, SeriesQuery
from config.errors import PointRejected
from services.store.influxql import compile_influxql
from services.store.influxwire import BodyTooLarge, InfluxTarget, InfluxWire, LinesRefused
from services.store.lineprotocol import Lines, LineWriter, frame_lines
from services.store.points import TIME, Columns, matches_nothing, schema_of, without_impossible

BATCH = 5_000


class InfluxStore:
    """One database or bucket; safe to share between threads."""

    def __init__(self, target: InfluxTarget) -> None:
        self._wire = InfluxWire(target)
        self._writer = LineWriter()

    def write_readings(self, readings: Sequence[Reading]) -> None:
        self._write(
            self._writer.reading_lines(readings[start : start + BATCH], start) for start in range(0, len(readings), BATCH)
        )

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
        if matches_nothing(query):
            return pl.DataFrame(schema=schema_of(query))
        if query.aggregate in (Aggregate.FIRST, Aggregate.LAST) and query.every is None:
            return self._read_end(query, query.aggregate)
        found = self._found(query, schema_of(query))
        return found if query.limit is None else found.head(query.limit)

    def _read_end(self, query: SeriesQuery, end: Aggregate) -> pl.DataFrame:
        """The first or last of each group: of those of its series, and of two at one instant the greater.

        Asked for a group at once, InfluxDB takes of two at one instant whichever series it comes to.
        """
        each = replace(query, by=query.series.tags, limit=None)
        found = self._found(each, {"time": TIME, **schema_of(each)})
        found = found.sort("time", "value", descending=[end is Aggregate.LAST, True])
        ends = found.group_by(query.by, maintain_order=True).first().sort(query.by) if query.by else found.head(1)
        ends = ends.select(*schema_of(query))
        return ends if query.limit is None else ends.head(query.limit)

    def _found(self, query: SeriesQuery, schema: Columns) -> pl.DataFrame:
        """The answer to `query` as columns `schema`, by tags, then time."""
        parts: dict[tuple[str, ...], list[pl.DataFrame]] = {}
        tags = query.by if query.aggregate else query.series.tags
        for part in self._wire.query(compile_influxql(query)):
            key = tuple(part.get("tags", {}).get(tag, "") for tag in tags)
            parts.setdefault(key, []).append(_columns(query, part, schema))
        frames = [
            pl.concat(parts[key], rechunk=False).with_columns(
                pl.lit(value).alias(tag) for tag, value in zip(tags, key, strict=True)
            )
            for key in sorted(parts)
        ]
        return pl.concat(frames, rechunk=False).select(*schema) if frames else pl.DataFrame(schema=schema)

    def close(self) -> None:
        self._wire.close()

    def _write_frame(self, series: Series, frame: pl.DataFrame) -> None:
        self._write(frame_lines(series, frame.slice(start, BATCH), start) for start in range(0, frame.height, BATCH))

    def _write(self, batches: Iterator[Lines]) -> None:
        rejected: dict[int, str] = {}
        for lines in batches:
            rejected |= lines.rejected
            if lines.text:
                self._send(lines.text, lines.index, rejected)
        if rejected:
            first = min(rejected)
            raise PointRejected(f"{len(rejected)} point(s) not taken, the first (number {first}): {rejected[first]}", rejected)

    def _send(self, text: list[str], index: list[int], rejected: dict[int, str]) -> None:
        """Send until every line is written or known to be refused.

        A refusal does not say that the rest was written: version 2 answers the first failing shard's words while others fail
        unheard, and writes nothing at all of a request with one line that it cannot parse. So both halves are sent again,
        which changes nothing where they were written, down to single lines.
        """
        try:
            self._wire.write(gzip.compress("\n".join(text).encode(), 1))
        except (LinesRefused, BodyTooLarge) as error:
            all_refused = isinstance(error, LinesRefused) and error.dropped == len(text)
            if len(text) == 1 or all_refused:
                rejected.update(dict.fromkeys(index, str(error)))
                return
            middle = len(text) // 2
            self._send(text[:middle], index[:middle], rejected)
            self._send(text[middle:], index[middle:], rejected)


def _columns(query: SeriesQuery, part: dict[str, Any], schema: Columns) -> pl.DataFrame:
    """One part of an answer as a frame, without its tags."""
    columns = zip(*part["values"], strict=True)
    frame = pl.DataFrame(
        [
            pl.Series(name, values, dtype=pl.Int64 if name == "time" else schema[name], strict=False)
            for name, values in zip(part["columns"], columns, strict=True)
            if name in schema
        ]
    )
    if "time" in schema:
        frame = frame.with_columns(pl.col("time").cast(TIME))
    number = query.series.number
    if query.aggregate is None and query.series.may_be_missing:
        frame = frame.with_columns(pl.when(pl.col("method") != Method.MISSING.value).then(pl.col(number)).alias(number))
    return frame
