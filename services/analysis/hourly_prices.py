"""Day-ahead prices, by the hour or by the quarter, as prices of hours. Pure.

Since autumn 2025 the market gives a price a quarter (domain facts section 7); a day has 92, 96 or 100 of them, or 23, 24 or 25
hours. How long each holds is read from the data and never counted out. Energy is settled by the hour, so an hour's price is the
mean of its quarters: what use within the hour weighs is not known, and not guessed.
"""

import polars as pl

HOUR = 60  # min


def hourly_prices(prices: pl.DataFrame) -> pl.DataFrame:
    """`area`, `time` (hour, UTC), `sek_per_kwh`, by area and time. An hour of which a quarter lacks has no price.

    Args:
        prices: of the series `prices`: `area`, `time`, `value` (SEK/kWh), `minutes`.
    """
    weight = pl.col("minutes").cast(pl.Float64)
    return (
        prices.sort("area", "time")
        .group_by("area", pl.col("time").dt.truncate("1h"), maintain_order=True)
        .agg(
            pl.col("minutes").sum().alias("told"),
            ((pl.col("value") * weight).sum() * (1 / HOUR)).alias("sek_per_kwh"),
        )
        .filter(pl.col("told") == HOUR)
        .select("area", "time", "sek_per_kwh")
    )
