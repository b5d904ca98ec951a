"""Electricity met hour by hour with what is known of each hour: emissions, origin. Parts of the shelf.

Hours whose factor is not known leave the month less covered and less certain; of none known there is no figure.
"""

from collections.abc import Sequence

import orjson
import polars as pl

from config.domain.estate import Carrier
from config.domain.indicators import Missing
from services.analysis.supply import KEY
from services.figures.calculation import Basis
from services.figures.frames import exact_sum


def matched(basis: Basis, rows: pl.DataFrame, table: pl.DataFrame, names: Sequence[str], lacking: Missing) -> pl.DataFrame:
    """Rows of bought electricity by month, with what an hour's kilowatt-hour gave on an average of its hours.

    Args:
        rows: `services.indicators._supply.bought`, of periods "month".
        table: `time`, the columns `names` (what a kilowatt-hour of the hour gives), `id`, `version`.
        lacking: said where no hour that energy was bought in is known.
    Returns:
        `rows` of electricity; `value` is the energy of the hours that are known, and `coverage` and `uncertainty` say what lacks;
        columns `names`, `known`, `reason`, `reason_en`, `factors`.
    """
    wanted = rows.filter((pl.col("carrier") == Carrier.ELECTRICITY.value) & (pl.col("period") == "month"))
    hours = (
        basis.hours.filter(pl.col("point").is_in(wanted["subject"].unique().to_list()) & (pl.col("value") > 0))
        .join(table.with_columns(pl.lit(value=True).alias("is_known")), on="time", how="left", maintain_order="left")
        .group_by("point", pl.col("day").dt.month_start().alias("first_day"), maintain_order=True)
        .agg(
            exact_sum("value").alias("used"),
            exact_sum(pl.col("value").filter(pl.col("is_known"))).alias("met"),
            *(exact_sum(pl.col("value") * pl.col(name)).alias(name) for name in names),
        )
        .rename({"point": "subject"})
    )
    months = basis.periods.filter(pl.col("period") == "month").select("period", "start", "first_day")
    met, used = pl.col("met"), pl.col("used")
    share = pl.when(used > 0).then(met / used).otherwise(1.0)
    none = (used > 0) & (met <= 0)
    said = pl.lit(_said(table))
    return (
        wanted.select("subject", "building", "level", *KEY, "period", "start", "end", "zone", "value", "uncertainty", *_QUALITY)
        .join(months, on=("period", "start"), maintain_order="left")
        .join(hours, on=("subject", "first_day"), how="left", maintain_order="left")
        .with_columns(pl.col("used", "met").fill_null(0.0))
        .with_columns(
            pl.when(pl.col("value").is_not_null()).then(met).alias("value"),
            (pl.col("uncertainty") + used - met).alias("uncertainty"),
            pl.col("coverage") * share,
            pl.col("measured") * share,
            *(pl.when(met > 0).then(pl.col(name) / met).otherwise(0.0).alias(name) for name in names),
            pl.when(none).then(0.0).otherwise(1.0).alias("known"),
            none.alias("blocked"),
            pl.when(none).then(pl.lit(lacking.reason_sv)).otherwise(pl.lit("")).alias("reason"),
            pl.when(none).then(pl.lit(lacking.reason_en)).otherwise(pl.lit("")).alias("reason_en"),
            pl.when(met > 0).then(said).otherwise(pl.lit("{}")).alias("factors"),
        )
        .drop("used", "met", "first_day")
    )


_QUALITY = ("coverage", "expected", "measured")


def _said(table: pl.DataFrame) -> str:
    """Which hourly factors there are, as JSON."""
    return orjson.dumps(dict(table.select("id", "version").unique().iter_rows()), option=orjson.OPT_SORT_KEYS).decode()
