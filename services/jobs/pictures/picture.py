"""The seam of the pictures, and the one way in which they are drawn.

A picture says what holds now; what held and holds no more is marked so. Nothing is written where nothing changed, so that a
picture may be drawn as often as one likes.
"""

import logging
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

import polars as pl

from config.domain.periods import Period, day, local_date
from config.domain.series import Series, SeriesQuery
from services.store.points import EPOCH, MILLISECOND, TIME, TYPES, Columns, storable
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

Row = Mapping[str, Any]


class Picture(Protocol):
    """One series of `config.domain.series.PICTURES`; twice changes nothing.

    `inputs` is asked every minute and should cost no more than some queries of the state: the picture is drawn where the answer
    is another than when it was last drawn.
    """

    @property
    def name(self) -> str: ...

    def inputs(self, now: datetime) -> Hashable: ...

    def draw(self, now: datetime) -> None: ...


def today(now: datetime, zone: str) -> Period:
    """The local day that is going on; its start is where today's points stand."""
    return day(local_date(now, zone), zone)


def redraw(
    store: TimeSeriesStore,
    series: Series,
    rows: Iterable[Row],
    start: datetime,
    end: datetime,
    where: Mapping[str, tuple[str, ...]] | None = None,
) -> int:
    """Write those of `rows` that the store does not hold so, and close what is open there and no longer among them.

    Args:
        rows: everything that holds from `start` to `end`: `time`, the tags but `lacks`, and the fields; an optional number may be
            None or absent, and `open` is 1 where it is not said.
        where: only points with these tags are looked at, and closed.
    Returns:
        how many points were written.
    """
    wanted, rejected = storable(series, _frame(series, rows))
    if rejected:
        first = rejected[min(rejected)]
        log.warning("points left out of a picture", extra={"series": series.name, "count": len(rejected), "first": first})
    identity = ["time", *series.tags]
    wanted = wanted.drop("index").unique(identity, keep="last", maintain_order=True)
    known = store.read(SeriesQuery(series, start, end, where or {})).select(wanted.columns)
    changed = wanted.join(known, on=wanted.columns, how="anti", nulls_equal=True)
    if "open" in series.fields:
        over = known.filter(pl.col("open") == 1).join(wanted, on=identity, how="anti")
        changed = pl.concat([changed, over.with_columns(pl.lit(0, pl.Int64).alias("open"))])
    if not changed.is_empty():
        store.write_pictures(series, changed)
    return changed.height


def milliseconds(instant: datetime) -> int:
    """Since 1970, as instants stand in fields."""
    return (instant - EPOCH) // MILLISECOND


def _frame(series: Series, rows: Iterable[Row]) -> pl.DataFrame:
    tags = [tag for tag in series.tags if tag != "lacks" or not series.optional]
    columns: Columns = {
        "time": TIME,
        **dict.fromkeys(tags, pl.String),
        **{name: TYPES[kind] for name, kind in series.fields.items()},
    }
    held = {**series.defaults, **({"open": 1} if "open" in series.fields else {})}
    return pl.DataFrame([{**held, **row} for row in rows], schema=columns, orient="row")
