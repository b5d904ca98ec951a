"""Day-ahead prices as they come from a provider."""

import polars as pl

# `time`: from when the price holds; `value`: SEK/kWh without VAT, tax and grid; `minutes`: how long it holds
PRICE_ROWS = pl.Schema(
    [("area", pl.String()), ("time", pl.Datetime("us", "UTC")), ("minutes", pl.Int64()), ("value", pl.Float64())]
)
