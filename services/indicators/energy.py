"""Energy of points and buildings: per carrier, and all that was bought or made and used.

What is added, so that no kilowatt-hour is counted twice or netted away:

- only main points (`parent` is None) count for a building: a sub-meter's use is in its parent's;
- `electricity`, `district_heating` and so on: points of direction import, and of direction net, where the register itself has
  already taken off what was sent out (then a day may be negative);
- `solar`: what the solar plants produced; `electricity_export`: what export registers counted, beside the use, never off it;
- `energy_total`: bought energy and the own solar electricity used on the spot (produced less sent out); water is no energy. What
  a solar plant makes for the grid is nobody's use here. Where it is not known how much of what was made was used, or where more
  is sent out than anything known made, the total is missing and says which meter to enter.
"""

import polars as pl

from config.domain.estate import Carrier
from services.figures.calculation import Basis, Calculation, Over
from services.figures.frames import completed, exact_sum
from services.figures.gates import NOT_INSTALLED, NOT_SETTLED
from services.indicators._own_solar import own_solar

METHOD = "energy-3"
WATER = ("water", "water_export")
_KEY = ("subject_kind", "subject", "period", "start", "end", "zone")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `energy` per carrier, of `water`, and of `energy_total`. [kWh, m³]"""
    sums = basis.sums.with_columns(
        pl.col("expected").alias("weight"),
        pl.lit(METHOD).alias("calculation"),
        pl.col("value").alias("partial"),
        pl.when(pl.col("measured") >= pl.col("coverage") - 5e-4)
        .then(pl.lit("measured"))
        .otherwise(pl.lit("estimated"))
        .alias("method"),
        pl.lit("coverage").alias("lacks"),
        *_reasons(pl.col("expected")),
    )
    is_water = pl.col("reported_as").is_in(WATER)
    by_carrier = sums.with_columns(
        pl.when(is_water).then(pl.lit("water")).otherwise(pl.lit("energy")).alias("indicator"),
        pl.col("reported_as").alias("carrier"),
    )
    total = _total(basis, sums.filter(~is_water & (pl.col("subject_kind") == "building")))
    return pl.concat([completed(by_carrier), completed(total)])


def _total(basis: Basis, sums: pl.DataFrame) -> pl.DataFrame:
    """Of buildings: what was bought of all carriers, and the own solar electricity used on the spot."""
    bought = (pl.col("reported_as") != Carrier.SOLAR.value) & ~pl.col("reported_as").str.ends_with("_export")
    weight = pl.col("expected")
    own = own_solar(basis).select("subject", "period", "start", pl.col("value").alias("own"), "net_out", "reason", "reason_en")
    blocked = pl.col("reason_own").fill_null("") != ""
    known = pl.col("bought") + pl.col("own").fill_null(0.0) + pl.col("net_out").fill_null(0.0)
    return (
        sums.sort(*_KEY, "reported_as")
        .group_by(_KEY, maintain_order=True)
        .agg(
            pl.col("value").is_not_null().any().alias("heard"),
            exact_sum(pl.when(bought).then(pl.col("value"))).alias("bought"),
            exact_sum(pl.col("coverage") * weight).truediv(exact_sum(weight)).alias("coverage"),
            (pl.col("uncertainty") ** 2).sum().sqrt().alias("uncertainty"),
            exact_sum(weight).alias("weight"),
            pl.when((pl.col("method") == "measured").all())
            .then(pl.lit("measured"))
            .otherwise(pl.lit("estimated"))
            .alias("method"),
        )
        .with_columns(pl.lit("energy_total").alias("indicator"), pl.lit(METHOD).alias("calculation"), *_reasons(pl.col("weight")))
        .join(own, on=("subject", "period", "start"), how="left", suffix="_own", maintain_order="left")
        .with_columns(
            pl.when("heard").then(known).otherwise(0.0).alias("partial"),
            pl.when(pl.col("heard") & ~blocked).then(known).alias("value"),
            pl.when(blocked).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            *(pl.when(blocked).then(f"{name}_own").otherwise(name).alias(name) for name in ("reason", "reason_en")),
        )
    )


def _reasons(expected: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    sv, en = (
        pl.when(expected > 0).then(pl.lit(settled)).otherwise(pl.lit(installed))
        for settled, installed in zip(NOT_SETTLED, NOT_INSTALLED, strict=True)
    )
    return sv.alias("reason"), en.alias("reason_en")


_INDICATORS = ("energy", "water", "energy_total")
CALCULATION = Calculation(dict.fromkeys(_INDICATORS, Over.SUM), calculate, daily=frozenset(_INDICATORS), made_of=())
