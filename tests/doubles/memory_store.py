"""A time-series store in memory, proven by the same contract as the real ones."""

from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl

from config.domain.intervals import Method
from config.domain.periods import local_date, zone_named
from config.domain.readings import Reading
from config.domain.series import (
    INDICATOR_VALUES,
    INTERVALS,
    PRICES,
    READINGS,
    SERIES,
    WEATHER,
    Aggregate,
    Every,
    Series,
    SeriesQuery,
)
from config.errors import PointRejected, StoreError
from services.store.points import (
    EPOCH,
    MILLISECOND,
    TIME,
    TYPES,
    Columns,
    field_of,
    schema_of,
    storable,
    stored_number,
    tags_fault,
    without_impossible,
)


class MemoryStore:
    """Dictionaries of points; `fail_with` is raised by every call while it is set, `writes` counts the writing calls."""

    def __init__(self) -> None:
        self.points: dict[str, dict[tuple[object, ...], dict[str, object]]] = {name: {} for name in SERIES}
        self.fail_with: StoreError | None = None
        self.writes = 0

    def write_readings(self, readings: Sequence[Reading]) -> None:
        rejected: dict[int, str] = {}
        for index, reading in enumerate(readings):
            fault = tags_fault(READINGS, (reading.meter, reading.register))
            if fault is not None:
                rejected[index] = fault
        rows = [
            (
                reading.time,
                reading.meter,
                reading.register,
                stored_number(reading.value),
                (reading.received - EPOCH) // MILLISECOND,
            )
            for index, reading in enumerate(readings)
            if index not in rejected
        ]
        columns: Columns = {"time": TIME, "meter": pl.String, "register": pl.String, "value": pl.Float64, "received": pl.Int64}
        kept = [index for index in range(len(readings)) if index not in rejected]
        frame = pl.DataFrame(rows, schema=columns, orient="row")
        rejected |= {kept[row]: words for row, words in self._put(READINGS, frame).items()}
        _raise(rejected)

    def write_intervals(self, intervals: pl.DataFrame) -> None:
        _raise(self._put(INTERVALS, intervals))

    def write_indicator_values(self, values: pl.DataFrame) -> None:
        _raise(self._put(INDICATOR_VALUES, values))

    def write_weather(self, values: pl.DataFrame) -> None:
        _raise(self._put(WEATHER, values))

    def write_prices(self, values: pl.DataFrame) -> None:
        _raise(self._put(PRICES, values))

    def write_pictures(self, series: Series, points: pl.DataFrame) -> None:
        _raise(self._put(series, points))

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        self._fail()
        query = without_impossible(query)
        series = query.series
        columns: Columns = {
            "time": TIME,
            **dict.fromkeys(series.tags, pl.String),
            **{n: TYPES[k] for n, k in series.fields.items()},
        }
        rows = pl.DataFrame(list(self.points[series.name].values()), schema=columns, orient="row")
        if query.start is not None:
            rows = rows.filter(pl.col("time") >= query.start)
        if query.end is not None:
            rows = rows.filter(pl.col("time") < query.end)
        for tag, values in query.where.items():
            rows = rows.filter(pl.col(tag).is_in(list(values)))
        for name, value in query.having.items():
            rows = rows.filter(pl.col(name) == value)
        rows = rows.sort(*series.tags, "time")
        if query.aggregate is None:
            return rows.select(*schema_of(query)).head(query.limit if query.limit is not None else rows.height)
        return self._aggregated(query, rows)

    def close(self) -> None:
        """Nothing to let go of."""

    def _aggregated(self, query: SeriesQuery, rows: pl.DataFrame) -> pl.DataFrame:
        name = field_of(query)
        if name == query.series.number and query.series.may_be_missing:
            rows = rows.filter(pl.col("method") != Method.MISSING.value)
        rows = rows.filter(pl.col(name).is_not_null())
        order = rows.with_columns(pl.col("time").alias("at"))
        if query.every is Every.DAY:
            midnights = [_midnight(instant, query.zone) for instant in rows["time"].to_list()]
            order = order.with_columns(pl.Series("time", midnights, dtype=TIME))
        elif query.every is not None:
            order = order.with_columns(pl.col("time").dt.truncate(query.every.value))
        value = pl.col(name)
        found = {
            Aggregate.SUM: value.sum(),
            Aggregate.MEAN: value.mean(),
            Aggregate.MIN: value.min(),
            Aggregate.MAX: value.max(),
            Aggregate.COUNT: value.count(),
            Aggregate.FIRST: value.sort_by("at", name, descending=[False, True]).first(),
            Aggregate.LAST: value.sort_by("at", name).last(),
        }[Aggregate(query.aggregate or "")].alias("value")
        groups = [*query.by, *(["time"] if query.every else [])]
        whole = order.select(found).head(min(order.height, 1))
        result = order.group_by(groups).agg(found).sort(groups) if groups else whole
        schema = schema_of(query)
        result = result.select(pl.col(column).cast(kind) for column, kind in schema.items())
        return result if query.limit is None else result.head(query.limit)

    def _put(self, series: Series, frame: pl.DataFrame) -> dict[int, str]:
        self._fail()
        self.writes += 1
        rows, rejected = storable(series, frame)
        for row in rows.drop("index").iter_rows(named=True):
            self.points[series.name][tuple(row[tag] for tag in ("time", *series.tags))] = row
        return rejected

    def _fail(self) -> None:
        if self.fail_with is not None:
            raise self.fail_with


def _raise(rejected: dict[int, str]) -> None:
    if rejected:
        raise PointRejected(f"{len(rejected)} point(s) not taken", rejected)


def _midnight(instant: datetime, zone: str) -> datetime:
    on = local_date(instant, zone)
    return datetime(on.year, on.month, on.day, tzinfo=zone_named(zone)).astimezone(UTC)
