"""Hours whose use was given as such (imported from a file), beside those that come from registers. Pure."""

import polars as pl

from config.domain.intervals import Method


def with_hourly_use(intervals: pl.DataFrame, use: pl.DataFrame) -> pl.DataFrame:
    """`intervals` with the given use in every hour that registers do not measure.

    A register read at both edges of an hour is better evidence than a file; a share of a longer difference is not.

    Args:
        intervals: as in `Settlement`.
        use: columns `time` (start of the hour, UTC) and `value` in the point's unit; one row an hour.
    """
    if use.is_empty():
        return intervals
    given = use.select(pl.col("time").alias("start"), pl.col("value").alias("use"))
    taken = pl.col("use").is_not_null() & (pl.col("method") != Method.MEASURED.value)
    return (
        intervals.join(given, on="start", how="left", maintain_order="left")
        .with_columns(
            pl.when(taken).then(pl.col("use")).otherwise(pl.col("value")).alias("value"),
            pl.when(taken).then(1.0).otherwise(pl.col("coverage")).alias("coverage"),
            pl.when(taken).then(pl.lit(Method.MEASURED.value)).otherwise(pl.col("method")).alias("method"),
        )
        .drop("use")
    )
