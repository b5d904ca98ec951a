"""What of a provider's answer is news, and which days it moves. Pure."""

from datetime import date

import polars as pl

from config.domain.weather import VALUES, Quality, StationValues


def news(stored: pl.DataFrame, found: StationValues) -> pl.DataFrame:
    """The points to be written so that the store holds the newest checked value of every instant.

    A checked value is replaced by a checked one only, a provisional one by any. A provisional value that the checked archive of
    its time does not have was thrown out by the check: it stays, marked withdrawn, and no longer counts.

    Args:
        stored: columns `VALUES`: what is stored of the same quantity and station.
    Returns:
        columns `VALUES`, by time; empty where everything is stored already.
    """
    both = found.values.join(
        stored.select("time", pl.col("value").alias("old"), pl.col("quality").alias("was")), on="time", how="left"
    )
    checked = Quality.CHECKED.value
    fresh = both.filter(
        pl.col("was").is_null()
        | (
            ((pl.col("value") != pl.col("old")) | (pl.col("quality") != pl.col("was")))
            & ~((pl.col("was") == checked) & (pl.col("quality") != checked))
        )
    ).select(list(VALUES))
    return pl.concat([fresh, _withdrawn(stored, found)]).sort("time").cast(VALUES)


def merged(stored: pl.DataFrame, written: pl.DataFrame, key: tuple[str, ...] = ("quantity", "station", "time")) -> pl.DataFrame:
    """`stored` as it will be when `written` has been written over it; both have the same columns."""
    return pl.concat([stored.select(written.columns), written]).unique(key, keep="last", maintain_order=True)


def moved_days(before: pl.DataFrame, after: pl.DataFrame) -> list[date]:
    """Days that one of two bridged frames (columns `config.domain.weather.DAYS`) has and the other has not, or has otherwise."""
    columns = ["day", "temperature_c", "station"]
    gone = before.join(after, on=columns, how="anti", nulls_equal=True)
    come = after.join(before, on=columns, how="anti", nulls_equal=True)
    return pl.concat([gone["day"], come["day"]]).unique().sort().to_list()


def moved_hours(before: pl.DataFrame, after: pl.DataFrame, zone: str) -> list[date]:
    """Local days of the hours (columns `config.domain.weather.HOURS`) that differ."""
    gone = before.join(after, on=before.columns, how="anti", nulls_equal=True)
    come = after.join(before, on=before.columns, how="anti", nulls_equal=True)
    return pl.concat([gone["time"], come["time"]]).dt.convert_time_zone(zone).dt.date().unique().sort().to_list()


def _withdrawn(stored: pl.DataFrame, found: StationValues) -> pl.DataFrame:
    if found.checked is None:
        return pl.DataFrame(schema=VALUES)
    first, last = found.checked
    return (
        stored.filter((pl.col("quality") == Quality.PROVISIONAL.value) & pl.col("time").is_between(first, last))
        .join(found.values, on="time", how="anti")
        .select("time", "value", pl.lit(Quality.WITHDRAWN.value).alias("quality"))
    )
