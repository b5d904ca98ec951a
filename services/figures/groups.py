"""Buildings to owners, kinds of building and the whole portfolio. Pure.

A group's figure is the sum of its buildings'. Where one lacks an input (a factor, an area), the group lacks it too and says
whose; where one lacks readings, the group's coverage falls and the gate decides.
"""

from collections.abc import Mapping

import polars as pl

from config.domain.estate import Portfolio
from config.domain.indicators import SubjectKind
from services.figures.calculation import Over
from services.figures.factors_used import merged_factors
from services.figures.frames import FIGURES, completed, exact_sum, ungated

PORTFOLIO = "portfolio"  # the one subject of its kind
_KEY = ("indicator", "carrier", "subject_kind", "subject", "period", "start", "end", "zone")


def membership(portfolio: Portfolio) -> pl.DataFrame:
    """Columns `building`, `name`, `area_m2`, `subject_kind`, `subject`: the groups of each building."""
    rows = [
        (building.id, building.name, building.area_m2, kind.value, subject)
        for building in portfolio.buildings.values()
        for kind, subject in (
            (SubjectKind.OWNER, building.owner),
            (SubjectKind.BUILDING_KIND, building.kind),
            (SubjectKind.PORTFOLIO, PORTFOLIO),
        )
    ]
    schema = {"building": pl.String, "name": pl.String, "area_m2": pl.Float64, "subject_kind": pl.String, "subject": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def grouped(figures: pl.DataFrame, portfolio: Portfolio, over: Mapping[str, Over]) -> pl.DataFrame:
    """Figures of the groups from those of their buildings (FIGURES, subject kind "building"), before the gate."""
    added = [name for name, how in over.items() if how is Over.SUM]
    members = (
        ungated(figures)
        .filter((pl.col("subject_kind") == SubjectKind.BUILDING.value) & pl.col("indicator").is_in(added))
        .drop("subject_kind")
        .join(membership(portfolio), left_on="subject", right_on="building", suffix="_group")
        .sort("indicator", "carrier", "subject_kind", "subject_group", "period", "start", "subject")
        .rename({"subject": "building", "subject_group": "subject"})
    )
    if members.is_empty():
        return pl.DataFrame(schema=dict(FIGURES))
    lacking = (pl.col("lacks") == "input") & pl.col("value").is_null()
    totals = members.group_by(_KEY, maintain_order=True).agg(
        exact_sum("partial").alias("partial"),
        pl.col("value").is_not_null().any().alias("any"),
        lacking.sum().alias("lacking"),
        pl.len().alias("members"),
        pl.col("name").filter(lacking).head(3).str.join(", ").alias("names"),
        pl.col("reason").filter(lacking).first().alias("why"),
        pl.col("reason_en").filter(lacking).first().alias("why_en"),
        pl.col("reason").first().alias("first_reason"),
        pl.col("reason_en").first().alias("first_reason_en"),
        (pl.col("uncertainty") ** 2).sum().sqrt().alias("uncertainty"),
        exact_sum(pl.col("coverage") * pl.col("weight")).alias("covered"),
        exact_sum("weight").alias("weight"),
        pl.when((pl.col("method") == "measured").all()).then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method"),
        pl.col("calculation").last(),
        pl.col("factors").unique(maintain_order=True).sort().str.join("\n").alias("factors"),
    )
    blocked = pl.col("lacking") > 0
    return completed(
        totals.with_columns(
            pl.when(pl.col("any") & ~blocked).then(pl.col("partial")).alias("value"),
            (pl.col("covered") / pl.col("weight")).alias("coverage"),
            pl.when(blocked).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            pl.when(blocked)
            .then(pl.format("Saknas för {} av {} byggnader ({}). {}", "lacking", "members", "names", "why"))
            .otherwise(pl.col("first_reason"))
            .alias("reason"),
            pl.when(blocked)
            .then(pl.format("Missing for {} of {} buildings ({}). {}", "lacking", "members", "names", "why_en"))
            .otherwise(pl.col("first_reason_en"))
            .alias("reason_en"),
            merged_factors("factors"),
        )
    )
