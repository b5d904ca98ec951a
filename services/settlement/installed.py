"""What the records of a point say of it: exchanges, and when it should have been heard but was not. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl

from config.domain.estate import Installation, MeteringPoint
from config.domain.intervals import Finding, FindingCode
from services.settlement.reach import NEIGHBOURS

_INTERVALS_SILENT = 1.5  # one reading lost now and then is a gap only where readings are more than 43 minutes apart


def exchanges(point: MeteringPoint, installations: Sequence[Installation]) -> Iterator[Finding]:
    """The exchanges on record."""
    for old, new in pairwise(installations):
        if old.meter != new.meter:
            yield Finding(
                point.id,
                FindingCode.EXCHANGE,
                new.start,
                new.start,
                f"Mätare {old.meter} byttes mot {new.meter}.",
                f"Meter {old.meter} was exchanged for {new.meter}.",
                {
                    "old_meter": old.meter,
                    "old_register": old.end_register,
                    "new_meter": new.meter,
                    "new_register": new.start_register,
                },
            )


def gaps(
    point: MeteringPoint, installations: Sequence[Installation], good: pl.DataFrame, start: datetime, end: datetime
) -> Iterator[Finding]:
    """Silence for longer than the meter's interval and more than an hour, also at either end of the window.

    A meter that reports on change (no interval) is never silent: it had nothing to say.
    """
    if point.interval_s is None or not installations:
        return
    limit = max(NEIGHBOURS, timedelta(seconds=_INTERVALS_SILENT * point.interval_s))
    first, last = max(start, installations[0].start), min(end, installations[-1].end or end)
    if first >= last:
        return
    bare = [
        moment
        for moment, heard_beyond in ((first, (good["time"] <= first).any()), (last, (good["time"] >= last).any()))
        if not heard_beyond
    ]
    ends = pl.DataFrame({"time": bare}, schema={"time": pl.Datetime("us", "UTC")})
    heard = pl.concat([good.select("time"), ends]).unique().sort("time")
    silent = heard.with_columns(pl.col("time").shift(1).alias("since")).filter(
        (pl.col("time") - pl.col("since") > limit) & (pl.col("since") < last) & (pl.col("time") > first)
    )
    for until, since in silent.iter_rows():
        silent_s = round((until - since).total_seconds())
        yield Finding(
            point.id,
            FindingCode.GAP,
            since,
            until,
            f"Ingen avläsning på {silent_s / 3600:.1f} h.".replace(".", ",", 1),
            f"No reading for {silent_s / 3600:.1f} h.",
            {"silent_s": silent_s, "interval_s": point.interval_s},
        )
