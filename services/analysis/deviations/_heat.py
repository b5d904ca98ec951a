"""A heat meter's day: what flowed, and how warm it went back. Pure."""

from collections.abc import Mapping
from typing import Any

import polars as pl

# one row a heat point and local day
HEAT_DAYS: Mapping[str, Any] = {
    "building": pl.String,
    "point": pl.String,
    "day": pl.Date,
    "volume_m3": pl.Float64,  # null where the meter sends none
    "return_c": pl.Float64,  # weighted by volume where it is known
    "flow_c": pl.Float64,  # likewise
}
KWH_PER_M3_K = 1.149  # of water at 48 °C: 988 kg/m³, 4.186 kJ/(kg·K)
_FEWEST_HOURS = 18


def heat_days(gauges: pl.DataFrame, zone: str) -> pl.DataFrame:
    """HEAT_DAYS of gauges (columns `building`, `point`, `quantity`, `time`, `value`).

    From the counters where the meter sends them: the difference of volume times return temperature (E9) by that of volume is the
    mean temperature of the water that went back. Else from the hours' return temperatures, weighted by volume where it is known.
    """
    sides = {
        "return_c": ("volume_temperature_return", "return_temperature"),
        "flow_c": ("volume_temperature_flow", "flow_temperature"),
    }
    wanted = ("volume", *(name for names in sides.values() for name in names))
    rows = gauges.filter(pl.col("quantity").is_in(wanted)) if not gauges.is_empty() else gauges
    if rows.is_empty():
        return pl.DataFrame(schema=dict(HEAT_DAYS))
    wide = rows.group_by("building", "point", "time").agg(
        pl.col("value").filter(pl.col("quantity") == name).first().alias(name) for name in wanted
    )
    heats = {
        side: pl.coalesce(counted, pl.col("volume") * pl.col(shown)).alias(f"heat_{side}")
        for side, (counted, shown) in sides.items()
    }
    return (
        wide.with_columns(*heats.values(), pl.col("time").dt.convert_time_zone(zone).dt.date().alias("day"))
        .group_by("building", "point", "day")
        .agg(
            pl.when(pl.col("volume").count() >= _FEWEST_HOURS).then(pl.col("volume").sum()).alias("volume_m3"),
            *(_mean(side, shown).alias(side) for side, (_, shown) in sides.items()),
        )
        .select(pl.col(name).cast(kind) for name, kind in HEAT_DAYS.items())
        .sort("point", "day")
    )


def _mean(side: str, shown: str) -> pl.Expr:
    """The day's mean temperature of the water that flowed."""
    told = pl.col(f"heat_{side}").is_not_null() & (pl.col("volume") > 0)
    hours = (pl.col(f"heat_{side}").is_not_null() & pl.col("volume").is_not_null()).sum()
    return (
        pl.when((hours >= _FEWEST_HOURS) & told.any())
        .then(pl.col(f"heat_{side}").filter(told).sum() / pl.col("volume").filter(told).sum())
        .when(pl.col(shown).count() >= _FEWEST_HOURS)
        .then(pl.col(shown).mean())
    )
