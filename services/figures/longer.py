"""Months to years to date, rolling years and years. Pure: added, or the greatest, as the indicator declares.

A period is covered as far as its months are; a month without a row is not covered at all. So a rolling year needs all its twelve.
"""

from collections.abc import Mapping

import polars as pl

from services.figures.calculation import Over
from services.figures.factors_used import merged_factors
from services.figures.frames import FIGURES, completed, exact_sum, ungated

_SUBJECT = ("indicator", "carrier", "subject_kind", "subject")
NO_MONTHS = ("Inga månader i perioden är beräknade.", "No month of the period is calculated.")


def longer(months: pl.DataFrame, periods: pl.DataFrame, over: Mapping[str, Over]) -> pl.DataFrame:
    """Figures of `periods` from monthly ones, before the gate.

    Args:
        months: FIGURES of period "month", of every month in `periods` that has one.
        periods: PERIODS of several whole months.
        over: indicator → how it goes over; those with NONE, or unknown here, give nothing.
    """
    kinds = {how: [name for name, given in over.items() if given is how] for how in (Over.SUM, Over.MAX)}
    wanted = ungated(months).filter(
        (pl.col("period") == "month") & pl.col("indicator").is_in([*kinds[Over.SUM], *kinds[Over.MAX]])
    )
    if wanted.is_empty() or periods.is_empty():
        return pl.DataFrame(schema=dict(FIGURES))
    spans = periods.select("period", "start", "end", "zone").with_columns(
        (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64).alias("hours")
    )
    members = (
        spans.join(wanted.select(pl.col("start").alias("month")).unique(maintain_order=True), how="cross", maintain_order="left")
        .filter((pl.col("month") >= pl.col("start")) & (pl.col("month") < pl.col("end")))
        .join(wanted.drop("period", "zone").rename({"start": "month", "end": "month_end"}), on="month", maintain_order="left")
        .sort(*_SUBJECT, "period", "start", "end", "month")
    )
    lacking = (pl.col("lacks") == "input") & pl.col("value").is_null()
    first_lacking = [pl.col(name).filter(lacking).first().alias(f"lacking_{name}") for name in ("reason", "reason_en")]
    absent = pl.col("value").is_null()
    first_reason = [pl.col(name).filter(absent).first().fill_null("").alias(f"first_{name}") for name in ("reason", "reason_en")]
    is_sum = pl.col("indicator").is_in(kinds[Over.SUM]).first()
    # the month's own coverage counts for the hours of the month: those to come of a running one are not expected yet
    length = (pl.col("month_end") - pl.col("month")).dt.total_hours().cast(pl.Float64)
    totals = members.group_by(*_SUBJECT, "period", "start", "end", "zone", maintain_order=True).agg(
        pl.when(is_sum).then(exact_sum("partial")).otherwise(pl.col("value").max()).alias("sum"),
        pl.col("value").is_not_null().any().alias("any"),
        lacking.any().alias("lacking"),
        *first_lacking,
        *first_reason,
        pl.when(is_sum)
        .then((pl.col("uncertainty") ** 2).sum().sqrt())
        .otherwise(pl.col("uncertainty").sort_by("value").last())
        .alias("uncertainty"),
        (exact_sum(pl.col("coverage") * length)).alias("covered_hours"),
        exact_sum(length).alias("month_hours"),
        exact_sum("weight").alias("weight"),
        pl.when((pl.col("method") == "measured").all()).then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method"),
        pl.col("calculation").last(),
        pl.when(is_sum)
        .then(pl.col("factors").unique(maintain_order=True).sort().str.join("\n"))
        .otherwise(pl.col("factors").filter(~absent).sort_by(pl.col("value").filter(~absent)).last())
        .fill_null("{}")
        .alias("factors"),
        pl.col("hours").first(),
    )  # fmt: skip
    return completed(
        totals.with_columns(
            pl.when(pl.col("any") & ~pl.col("lacking")).then(pl.col("sum")).alias("value"),
            pl.col("sum").alias("partial"),
            (pl.col("covered_hours") / pl.max_horizontal("month_hours", "hours")).alias("coverage"),
            pl.when(pl.col("lacking")).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            *(
                pl.when(pl.col("lacking")).then(pl.col(f"lacking_{name}")).otherwise(pl.col(f"first_{name}")).alias(name)
                for name in ("reason", "reason_en")
            ),
            merged_factors("factors"),
        )
    )
