"""The gate: below its limits a figure is Missing, with a reason that a person can act on. Pure."""

from collections.abc import Collection

import polars as pl

from services.figures.calculation import Limits

NOT_INSTALLED = ("Ingen mätare var installerad under perioden.", "No meter was installed in the period.")
NOT_SETTLED = (
    "Inga mätvärden för perioden: kontrollera att mätaren sänder, eller läs in dem från fil.",
    "No readings for the period: check that the meter sends, or import them from a file.",
)


def gated(figures: pl.DataFrame, limits: Limits, near_nought: Collection[str] = ()) -> pl.DataFrame:
    """`figures` (FIGURES, ungated) with those made Missing that are too little covered or too uncertain.

    Args:
        near_nought: indicators whose uncertainty is not judged as a share of the value.
    """
    judged = ~pl.col("indicator").is_in(list(near_nought)) & (pl.col("value") != 0)
    given = pl.col("value").is_not_null()
    thin = given & (pl.col("coverage") < limits.coverage - 1e-9)
    unsure = given & ~thin & (pl.col("uncertainty") > limits.uncertainty * pl.col("value").abs() + 1e-9) & judged
    limit_sv, limit_en = f"{limits.coverage * 100:.0f}", f"{limits.uncertainty * 100:.0f}"
    share = (pl.col("coverage") * 100).round(0).cast(pl.Int64).cast(pl.String)
    off = (pl.col("uncertainty") / pl.col("value").abs() * 100).round(0).cast(pl.Int64, strict=False).cast(pl.String)
    reason_sv = (
        pl.when(thin)
        .then(pl.format("Bara {} % av periodens timmar är kända, gränsen är " + limit_sv + " %: läs in det som fattas.", share))
        .when(unsure)
        .then(pl.format("Osäkerheten är ±{} %, gränsen är " + limit_en + " %: läs in tätare mätvärden.", off))
        .otherwise(pl.col("reason"))
    )
    reason_en = (
        pl.when(thin)
        .then(pl.format("Only {} % of the period's hours are known, the limit is " + limit_sv + " %: import what lacks.", share))
        .when(unsure)
        .then(pl.format("The uncertainty is ±{} %, the limit is " + limit_en + " %: import readings at shorter intervals.", off))
        .otherwise(pl.col("reason_en"))
    )
    closed = thin | unsure
    return figures.with_columns(
        pl.when(closed).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(closed).then(pl.lit("missing")).otherwise(pl.col("method")).alias("method"),
        reason_sv.alias("reason"),
        reason_en.alias("reason_en"),
        pl.when(closed).then(pl.lit("coverage")).otherwise(pl.col("lacks")).alias("lacks"),
    )
