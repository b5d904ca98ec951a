"""Does it add up: what a metering point measured, less what its sub-meters did. By month, of the points that have sub-meters.

A sub-meter counts while it is installed: before it was put up, and after it was taken down, its use is in the rest.

The rest is what nobody meters apart. A rest below nought (beyond the registers' rounding) says that a sub-meter counts too much,
or that one is entered under the wrong parent; which is likely, the deviations say.
"""

import polars as pl

from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum

METHOD = "balance-2"
NO_READINGS = Missing(
    "En av mätarna i balansen saknar mätvärden för perioden.", "One of the meters in the balance has no readings for the period."
)
NO_USE = Missing("Ingen användning under perioden.", "No use in the period.")
_ROW = ("period", "start", "end", "zone")
_SAME = ("reported_as", *_ROW)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `balance_rest` [kWh, m³] at the parent point, by month."""
    parents = {point.id: point.parent for point in basis.portfolio.points.values() if point.parent is not None}
    points = basis.sums.filter((pl.col("subject_kind") == "point") & (pl.col("period") == "month"))
    of_children = (
        points.filter(pl.col("subject").is_in(list(parents)) & (pl.col("expected") > 0))
        .with_columns(pl.col("subject").replace_strict(parents, default=None, return_dtype=pl.String).alias("parent"))
        .sort("parent", "start", "subject")
        # what a sub-meter sends out is no part of what its parent took in
        .group_by("parent", "reported_as", *_ROW, maintain_order=True)
        .agg(
            pl.when(pl.col("value").is_not_null().all()).then(exact_sum("value")).alias("below"),
            pl.col("coverage").min().alias("coverage_below"),
            (pl.col("uncertainty") ** 2).sum().sqrt().alias("uncertainty_below"),
            exact_sum("expected").alias("expected_below"),
            (pl.col("measured") >= pl.col("coverage") - 5e-4).all().alias("whole_below"),
        )
    )
    both = points.join(of_children, left_on=["subject", *_SAME], right_on=["parent", *_SAME], maintain_order="left")
    whole = pl.col("whole_below") & (pl.col("measured") >= pl.col("coverage") - 5e-4)
    rests = both.with_columns(
        (pl.col("value") - pl.col("below")).alias("value"),
        pl.min_horizontal("coverage", "coverage_below").alias("coverage"),
        (pl.col("uncertainty") ** 2 + pl.col("uncertainty_below") ** 2).sqrt().alias("uncertainty"),
        (pl.col("expected") + pl.col("expected_below")).alias("weight"),
        pl.col("reported_as").alias("carrier"),
        pl.when(whole).then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method"),
        pl.lit("balance_rest").alias("indicator"),
        pl.lit(METHOD).alias("calculation"),
        pl.lit("coverage").alias("lacks"),
        pl.lit(NO_READINGS.reason_sv).alias("reason"),
        pl.lit(NO_READINGS.reason_en).alias("reason_en"),
    )
    return completed(rests)


CALCULATION = Calculation(
    {"balance_rest": Over.SUM},
    calculate,
    ratios=(Ratio("balance_rest_share", "balance_rest", "energy", NO_USE, scale=100.0),),
    groups=False,
    near_nought=frozenset({"balance_rest", "balance_rest_share"}),
)
