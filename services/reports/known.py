"""Figures as they were known at an instant: what is published, with replaced versions put back in its place."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from config.domain.series import INDICATOR_VALUES, SeriesQuery
from services.state.figure_history import FigureHistoryTable
from services.store.points import EPOCH, MILLISECOND
from services.store.timeseries import TimeSeriesStore

_POINT = ("time", *INDICATOR_VALUES.tags)


def known_at(
    store: TimeSeriesStore,
    history: FigureHistoryTable,
    instant: datetime,
    start: datetime,
    end: datetime,
    subjects: Sequence[str],
) -> pl.DataFrame:
    """Points of the series `indicators` filed from `start` to `end`, each in the version that held at `instant`.

    A figure that nobody knew yet then is not there. Of a period that was running then, the last version of that day or of the
    day before is given (see `services.state.figure_history`).
    """
    present = store.read(SeriesQuery(INDICATOR_VALUES, start, end, {"subject": tuple(subjects)}))
    columns = present.columns
    still = present.filter(pl.col("calculated") <= (instant - EPOCH) // MILLISECOND)
    rows = history.known_at(instant, start, end, subjects)
    replaced = pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=present.schema)
    return pl.concat([still.join(replaced, on=_POINT, how="anti"), replaced]).sort(*INDICATOR_VALUES.tags, "time")
