"""The power that a district-heating bill is graded by: the highest of the last months, the billed one among them. Pure.

Hour: the highest measured hour. Day: the highest mean of a whole day. Every month must be known, since the highest may have been
in any of them. What is known of other months comes rounded from the store, so this month's is rounded alike: figures made anew
one month at a time and all at once are then the same.
"""

from collections.abc import Iterable

import polars as pl

from config.domain.tariffs import Component
from services.analysis.bill.quantities import Used

DIGITS = 11  # significant ones, as figures are published
WHOLE_DAY = 0.9  # share of a day's steps that must be known for its mean to be one


def rolling_column(component: Component) -> str:
    """Where the power of a power group stands; "" where the point states it."""
    if component.rolling_months is None:
        return ""
    return f"rolling_{'day' if component.mean_over_day else 'hour'}_{component.rolling_months}"


def with_rolling_power(stretches: pl.DataFrame, days: pl.DataFrame, used: Used, components: Iterable[Component]) -> pl.DataFrame:
    """`stretches` with the column of every one of the power groups. [kW]"""
    kinds = {rolling_column(item): item for item in components if item.rolling_months is not None}
    for name, item in kinds.items():
        peaks = _day_means(days, used) if item.mean_over_day else _hours(days, used)
        stretches = stretches.join(
            _highest(stretches, peaks, item.rolling_months or 1, name), on=["point", "month"], how="left", maintain_order="left"
        )
    return stretches


def _hours(days: pl.DataFrame, used: Used) -> pl.DataFrame:
    month = pl.col("day").dt.month_start().alias("month")
    own = days.group_by("point", month).agg(pl.col("peak0").max().round_sig_figs(DIGITS).alias("kw"))
    earlier = used.peaks.select("point", "month", "kw").join(own, on=["point", "month"], how="anti")
    return pl.concat([own, earlier]).filter(pl.col("kw").is_not_null())


def _day_means(days: pl.DataFrame, used: Used) -> pl.DataFrame:
    hours = pl.col("covered_steps") * used.step_minutes * (1 / 60)
    own = days.filter(hours >= WHOLE_DAY * 24).select("point", "day", (pl.col("kwh") / hours).round_sig_figs(DIGITS).alias("kw"))
    earlier = used.days.select("point", "day", (pl.col("kwh") * (1 / 24)).alias("kw")).join(own, on=["point", "day"], how="anti")
    months = pl.concat([own, earlier]).group_by("point", pl.col("day").dt.month_start().alias("month"))
    return months.agg(pl.col("kw").max())


def _highest(stretches: pl.DataFrame, peaks: pl.DataFrame, months: int, name: str) -> pl.DataFrame:
    asked = stretches.select("point", "month").unique()
    back = pl.DataFrame({"back": range(months)}, schema={"back": pl.Int64})
    each = (
        asked.join(back, how="cross")
        .with_columns(pl.col("month").dt.offset_by(pl.format("-{}mo", "back")).alias("of"))
        .join(peaks.rename({"month": "of"}), on=["point", "of"], how="left")
    )
    return each.group_by("point", "month").agg(pl.when(pl.col("kw").is_not_null().all()).then(pl.col("kw").max()).alias(name))
