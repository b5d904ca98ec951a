"""How figures of energy times what a kilowatt-hour gives are added. A part of the shelf."""

from collections.abc import Mapping, Sequence

import polars as pl

from services.figures.factors_used import merged_factors
from services.figures.frames import MEASURED_SHARE, STEPS, exact_sum
from services.figures.gates import NOT_INSTALLED, NOT_SETTLED
from services.indicators._supply import PERIOD


def totals(rows: pl.DataFrame, by: Sequence[str], rates: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Sums over `by` and period of what each row's kilowatt-hours give.

    Args:
        rows: `value` and `uncertainty` [kWh], `coverage`, `expected`, `measured`, `year`; `blocked`: it lacks an input, with
            `reason` and `reason_en`; `factors`.
        rates: quantity → what one kilowatt-hour gives of it.
    Returns:
        For each quantity its sum over what is known (null where nothing is) and `<quantity>_uncertainty`; `blocked`, `reason`,
        `reason_en`, `coverage`, `weight`, `method`, `lacks`, `factors`.
    """
    keys = [*by, "year", *PERIOD]
    blocked = pl.col("blocked")
    weight = pl.col("expected")
    known = pl.col("value").is_not_null()
    added = (
        rows.sort(*by, "period", "start")
        .group_by(keys, maintain_order=True)
        .agg(
            *(pl.when(known.any()).then(exact_sum(pl.col("value") * rate)).alias(name) for name, rate in rates.items()),
            *(
                rounded((pl.col("uncertainty") * rate.fill_null(0.0)).pow(2).sum().sqrt()).alias(f"{name}_uncertainty")
                for name, rate in rates.items()
            ),
            blocked.any().alias("blocked"),
            pl.col("reason").filter(blocked).min(),
            pl.col("reason_en").filter(blocked).min(),
            exact_sum(pl.col("coverage") * weight).alias("covered_hours"),
            exact_sum(pl.col("measured") * weight).alias("measured_hours"),
            exact_sum(weight).alias("weight"),
        )
    )
    return (
        added.join(_factors(rows, by), on=[*by, "year"], how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("weight") > 0).then(pl.col("covered_hours") / pl.col("weight")).otherwise(0.0).alias("coverage"),
            pl.when(pl.col("measured_hours") >= MEASURED_SHARE * pl.col("covered_hours"))
            .then(pl.lit("measured"))
            .otherwise(pl.lit("estimated"))
            .alias("method"),
            pl.when("blocked").then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            *(
                pl.when("blocked")
                .then(pl.col(name))
                .when(pl.col("weight") > 0)
                .then(pl.lit(NOT_SETTLED[place]))
                .otherwise(pl.lit(NOT_INSTALLED[place]))
                .alias(name)
                for place, name in enumerate(("reason", "reason_en"))
            ),
            pl.col("factors").fill_null("{}"),
        )
        .drop("covered_hours", "measured_hours")
    )


def figures(added: pl.DataFrame, indicator: str, quantity: str, calculation: str, *, whole: bool = True) -> pl.DataFrame:
    """Rows of one indicator, for `services.figures.frames.completed`.

    Args:
        added: of `totals`, with `subject` and `subject_kind`, and `carrier` where they are of one.
        whole: without all of its inputs the figure is missing and what is known of it is its `partial`; else it is what is known.
    """
    known = pl.col(quantity)
    return added.select(
        pl.lit(indicator).alias("indicator"),
        pl.col("carrier") if "carrier" in added.columns else pl.lit("").alias("carrier"),
        "subject_kind",
        "subject",
        *PERIOD,
        (pl.when(~pl.col("blocked")).then(known) if whole else known).alias("value"),
        known.fill_null(0.0).alias("partial"),
        pl.col(f"{quantity}_uncertainty").alias("uncertainty"),
        "coverage",
        "weight",
        "method",
        pl.lit(calculation).alias("calculation"),
        "reason",
        "reason_en",
        pl.col("lacks") if whole else pl.lit("coverage").alias("lacks"),
        "factors",
    )


def lacking_inputs() -> pl.Expr:
    """Rows whose rate is not wholly known (column `known`) and matters: of no use at all nothing lacks."""
    return (pl.col("known") < 1.0) & (pl.col("expected") > 0) & (pl.col("value").is_null() | (pl.col("value") != 0.0))


def _factors(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """What the figures of a year stand on, once a subject: the same for all its periods."""
    keys = [*by, "year"]
    return (
        rows.filter(pl.col("period") == "month")
        .select(*keys, "factors")
        .unique()
        .sort(*keys, "factors")
        .group_by(keys, maintain_order=True)
        .agg(pl.col("factors").str.join("\n"))
        .with_columns(merged_factors("factors"))
    )


def rounded(value: pl.Expr) -> pl.Expr:
    """So that a last bit of a square root is never a change."""
    return (value * STEPS).round() * (1 / STEPS)
