"""Steps to hourly intervals. Pure."""

import numpy as np
import polars as pl

from config.domain.intervals import Method
from services.settlement.pieces import pieces
from services.settlement.spreading import Kind, Steps
from services.settlement.units import HOUR_US, Marks, Micros, Values

_BARELY_US = HOUR_US // 100  # that much less is an hour still: a message's way, the clock's last second
_ROUNDING_US = 1_000
_METHODS = pl.Series([Method.MISSING.value, Method.MEASURED.value, Method.INTERPOLATED.value, Method.ESTIMATED.value])


def hours_of(steps: Steps, first_us: int, last_us: int, *, may_fall: bool) -> pl.DataFrame:
    """The intervals of `Settlement`, from the pieces of steps that lie in each hour."""
    count = max(0, (last_us - first_us) // HOUR_US)
    cut = pieces(steps.at_us, steps.use, first_us, count)
    kind = steps.kind[cut.step]

    def summed(which: Marks, what: Values | Micros) -> Values:
        return np.asarray(np.bincount(cut.hour[which], weights=what[which], minlength=count)[:count], dtype=np.float64)

    known = kind != Kind.UNKNOWN
    use = summed(known, cut.use)
    close, spread, guessed = (summed(kind == item, cut.us) for item in (Kind.CLOSE, Kind.SPREAD, Kind.ESTIMATED))
    whole = close + spread + guessed >= HOUR_US - _ROUNDING_US
    measured = (close >= HOUR_US - _BARELY_US) & (guessed == 0)
    short = measured & ~whole
    if short.any():
        use = np.where(short, use * (HOUR_US / np.maximum(close + spread, 1)), use)
        whole |= short
    method = np.where(~whole, 0, np.where(guessed > 0, 3, np.where(measured, 1, 2)))
    if not may_fall:
        use = np.maximum(use, 0.0)  # rounding must not make a standing register run backwards
    start = first_us + np.arange(count) * HOUR_US
    spans = np.full((2, count), np.iinfo(np.int64).min)
    long = kind == Kind.SPREAD
    if long.any():
        spans[0] = np.iinfo(np.int64).max
        np.minimum.at(spans[0], cut.hour[long], steps.first_us[cut.step[long]])
        np.maximum.at(spans[1], cut.hour[long], steps.last_us[cut.step[long]])
    interpolated = pl.Series(method == 2)
    frame = pl.DataFrame(
        {
            "start": pl.Series(start, dtype=pl.Int64),
            "value": pl.Series(use, dtype=pl.Float64),
            "coverage": pl.Series(np.where(measured, 1.0, np.clip(close / HOUR_US, 0.0, 1.0)), dtype=pl.Float64),
            "method": _METHODS.gather(method),
            "span_start": pl.Series(spans[0], dtype=pl.Int64),
            "span_end": pl.Series(spans[1], dtype=pl.Int64),
        }
    )
    times = pl.Datetime("us", "UTC")
    return frame.with_columns(
        pl.col("start").cast(times),
        pl.when(pl.Series(whole)).then(pl.col("value")).alias("value"),
        *(pl.when(interpolated).then(pl.col(name).cast(times)).alias(name) for name in ("span_start", "span_end")),
    )
