"""The seam of the time-series stores. Writing a point again changes nothing; every method raises StoreError."""

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from config.domain.readings import Reading
from config.domain.series import Series, SeriesQuery


class TimeSeriesStore(Protocol):
    """Readings, intervals, indicator values, weather, prices and pictures of the state.

    A write method raises PointRejected after everything else of the call is written. When it returns, what it was given
    survives the loss of power. All methods may be called from any thread.
    """

    def write_readings(self, readings: Sequence[Reading]) -> None: ...

    def write_intervals(self, intervals: pl.DataFrame) -> None:
        """`intervals`: the columns of `config.domain.series.INTERVALS`: `time` (UTC), the tags, `value` (null exactly where the
        method is missing), `coverage`, `method`, and `span_start`, `span_end` where there are any."""
        ...

    def write_indicator_values(self, values: pl.DataFrame) -> None:
        """`values`: the columns of `config.domain.series.INDICATOR_VALUES`; see `services.store.figures`."""
        ...

    def write_weather(self, values: pl.DataFrame) -> None:
        """`values`: the columns of `config.domain.series.WEATHER`: `time` (UTC), `quantity`, `station`, `value`, `quality`,
        `received`."""
        ...

    def write_prices(self, prices: pl.DataFrame) -> None:
        """`prices`: the columns of `config.domain.series.PRICES`: `time` (UTC), `area`, `value`, `minutes`, `received`."""
        ...

    def write_pictures(self, series: Series, points: pl.DataFrame) -> None:
        """`points`: the columns of `series`, one of `config.domain.series.PICTURES`; `lacks` is made here."""
        ...

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        """Columns as `SeriesQuery` says; `time` is Datetime("us", "UTC"). No match gives the right columns and no rows."""
        ...

    def close(self) -> None: ...
