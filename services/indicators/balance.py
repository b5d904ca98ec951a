"""Does it add up: what a metering point measured, less what its sub-meters did. By month, of the points that have sub-meters.

A sub-meter counts while it is installed: before it was put up, and after it was taken down, its use is in the rest.

Own solar electricity comes in behind the main meter: what of it was used on the spot is in the sub-meters, and so it is added to
what the main meter took in; of a building with one main meter of electricity, since of several nobody said which.

The rest is what nobody meters apart. A rest below nought (beyond the registers' rounding) says that a sub-meter counts too much,
or that one is entered under the wrong parent; which is likely, the deviations say.
"""

import polars as pl

from config.domain.estate import Carrier, Direction
from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum
from services.indicators._own_solar import own_solar

METHOD = "balance-3"
NO_READINGS = Missing(
    "En av mätarna i balansen saknar mätvärden för perioden.", "One of the meters in the balance has no readings for the period."
)
NO_USE = Missing("Ingen användning under perioden.", "No use in the period.")
_ROW = ("period", "start", "end", "zone")
_SAME = ("reported_as", *_ROW)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `balance_whole`, `balance_rest` [kWh] and `water_balance_rest` [m³] at the parent point, by month."""
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
    both = points.join(of_children, left_on=["subject", *_SAME], right_on=["parent", *_SAME], maintain_order="left").join(
        _sun(basis), on=("subject", "period", "start"), how="left", maintain_order="left"
    )
    whole = pl.col("whole_below") & (pl.col("measured") >= pl.col("coverage") - 5e-4)
    shines = (pl.col("expected_sun") > 0).fill_null(value=False)
    sun = pl.when(shines).then(pl.col("value_sun")).otherwise(0.0) + pl.col("net_out").fill_null(0.0)
    blocked = pl.col("reason_sun").fill_null("") != ""
    squares = (pl.col(f"uncertainty{part}").fill_null(0.0) ** 2 for part in ("", "_below", "_sun"))
    shared = both.with_columns(
        pl.when(~blocked).then(pl.col("value") + sun).alias("value"),
        pl.min_horizontal("coverage", "coverage_below", pl.when(shines & ~blocked).then("coverage_sun")).alias("coverage"),
        pl.sum_horizontal(squares).sqrt().alias("uncertainty"),
        (pl.col("expected") + pl.col("expected_below")).alias("weight"),
        pl.col("reported_as").alias("carrier"),
        pl.when(whole).then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method"),
        pl.lit(METHOD).alias("calculation"),
        pl.when(blocked).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
        pl.when(blocked).then("reason_sun").otherwise(pl.lit(NO_READINGS.reason_sv)).alias("reason"),
        pl.when(blocked).then("reason_en_sun").otherwise(pl.lit(NO_READINGS.reason_en)).alias("reason_en"),
    )
    is_water = pl.col("reported_as") == Carrier.WATER.value
    kind = pl.when(is_water).then(pl.lit("water_balance_rest")).otherwise(pl.lit("balance_rest"))
    rest = shared.with_columns((pl.col("value") - pl.col("below")).alias("value"), kind.alias("indicator"))
    in_all = shared.filter(~is_water).with_columns(pl.lit("balance_whole").alias("indicator"))
    return pl.concat([completed(in_all), completed(rest)])


def _sun(basis: Basis) -> pl.DataFrame:
    """Own solar electricity by the one main point that it comes in behind: `subject`, `period`, `start`, `net_out`, and what the
    building's account says of it, each with `_sun`."""
    mains: dict[str, list[str]] = {}
    for point in basis.portfolio.points.values():
        if point.carrier is Carrier.ELECTRICITY and point.direction is not Direction.EXPORT and point.parent is None:
            mains.setdefault(point.building, []).append(point.id)
    sole = {building: found[0] for building, found in mains.items() if len(found) == 1}
    names = ("value", "uncertainty", "coverage", "expected", "reason", "reason_en")
    return (
        own_solar(basis)
        .filter((pl.col("period") == "month") & pl.col("subject").is_in(list(sole)))
        .select(
            pl.col("subject").replace_strict(sole, default=None, return_dtype=pl.String),
            "period",
            "start",
            "net_out",
            *(pl.col(name).alias(f"{name}_sun") for name in names),
        )
    )


CALCULATION = Calculation(
    {"balance_whole": Over.SUM, "balance_rest": Over.SUM, "water_balance_rest": Over.SUM},
    calculate,
    ratios=(
        Ratio("balance_rest_share", "balance_rest", "balance_whole", NO_USE, scale=100.0),
        Ratio("water_balance_rest_share", "water_balance_rest", "water", NO_USE, scale=100.0),
    ),
    groups=False,
    made_of=("energy", "water"),
    near_nought=frozenset({"balance_rest", "balance_rest_share", "water_balance_rest", "water_balance_rest_share"}),
)
