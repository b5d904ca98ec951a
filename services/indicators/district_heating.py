"""How well a building uses district heating: volume-weighted temperatures, cubic metres a megawatt-hour, what 1 °C would save.

From the heat meter's own counters where it sends them: volume, and volume times temperature (E8, E9), whose
differences give the mean temperature of the water that flowed, exactly. Where it does not, from the hour's mean temperatures and
its volume. Means over periods and buildings are weighted by volume: they are ratios of sums.

`saved_volume_1c` is the water that a return temperature 1 °C lower would have spared for the same heat: V/(ΔT + 1).
"""

import polars as pl

from config.domain.estate import Carrier
from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum

METHOD = "district-heating-1"
HEAT = Carrier.DISTRICT_HEATING.value
NO_VOLUME = Missing(
    "Värmemätaren sänder ingen volym (register volume), eller för få timmar av den.",
    "The heat meter sends no volume (register volume), or too few hours of it.",
)
NO_TEMPERATURE = Missing(
    "Värmemätaren sänder inga temperaturer (E8/E9, eller flow_temperature och return_temperature).",
    "The heat meter sends no temperatures (E8/E9, or flow_temperature and return_temperature).",
)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `heat_volume`, `saved_volume_1c` [m³], `flow_heat`, `return_heat`, `drop_heat` [m³·°C], by building and month."""
    sums = basis.sums.filter(
        (pl.col("subject_kind") == "building") & (pl.col("reported_as") == HEAT) & (pl.col("period") == "month")
    ).with_columns(pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month"), pl.lit(HEAT).alias("carrier"))
    hours = _hours(basis)
    month = pl.col("time").dt.convert_time_zone(basis.zone).dt.date().dt.month_start().alias("month")
    by_month = hours.group_by("building", month, maintain_order=True).agg(
        pl.when(pl.col("volume").is_not_null().any()).then(exact_sum("volume")).alias("volume"),
        pl.col("volume").count().alias("volume_hours"),
        *(pl.when(pl.col(name).is_not_null().any()).then(exact_sum(name)).alias(name) for name in ("flow_heat", "return_heat")),
        *(pl.col(name).count().alias(f"{name}_hours") for name in ("flow_heat", "return_heat")),
        *(
            exact_sum(pl.when(pl.col(name).is_not_null()).then(pl.col("volume"))).alias(f"{name}_volume")
            for name in ("flow_heat", "return_heat")
        ),
    )
    rows = sums.drop("value").join(
        by_month, left_on=["subject", "month"], right_on=["building", "month"], how="left", maintain_order="left"
    )
    # the mean temperature of the hours that tell it, for all of the month's water
    flow, back = (pl.col(name) / pl.col(f"{name}_volume") * pl.col("volume") for name in ("flow_heat", "return_heat"))
    drop = (flow - back) / pl.col("volume")
    saved = pl.when(drop > 0).then(pl.col("volume") / (drop + 1))
    fewer = pl.min_horizontal("flow_heat_hours", "return_heat_hours")
    return pl.concat(
        [
            _rows(rows, "heat_volume", pl.col("volume"), pl.col("volume_hours"), NO_VOLUME),
            _rows(rows, "flow_heat", flow, pl.col("flow_heat_hours"), NO_TEMPERATURE),
            _rows(rows, "return_heat", back, pl.col("return_heat_hours"), NO_TEMPERATURE),
            _rows(rows, "drop_heat", flow - back, fewer, NO_TEMPERATURE),
            _rows(rows, "saved_volume_1c", saved, fewer, NO_TEMPERATURE),
        ]
    )


def _hours(basis: Basis) -> pl.DataFrame:
    """`building`, `meter`, `time`, `volume`, `flow_heat`, `return_heat`: what flowed in each hour, and its heat above 0 °C."""
    wanted = ["volume", "volume_temperature_flow", "volume_temperature_return", "flow_temperature", "return_temperature"]
    heat = [
        point.id
        for point in basis.portfolio.points.values()
        if point.carrier is Carrier.DISTRICT_HEATING and point.parent is None
    ]
    told = basis.gauges.filter(pl.col("quantity").is_in(wanted) & pl.col("point").is_in(heat))
    wide = told.group_by("building", "meter", "time", maintain_order=True).agg(
        pl.col("value").filter(pl.col("quantity") == name).first().alias(name) for name in wanted
    )
    return wide.with_columns(
        *(
            pl.coalesce(f"volume_temperature_{side}", pl.col("volume") * pl.col(f"{side}_temperature")).alias(f"{side}_heat")
            for side in ("flow", "return")
        )
    ).sort("building", "meter", "time")


def _rows(rows: pl.DataFrame, indicator: str, value: pl.Expr, hours: pl.Expr, missing: Missing) -> pl.DataFrame:
    return completed(
        rows.with_columns(
            pl.lit(indicator).alias("indicator"),
            pl.lit(METHOD).alias("calculation"),
            value.alias("value"),
            pl.when(pl.col("expected") > 0).then(hours.fill_null(0) / pl.col("expected")).otherwise(0.0).alias("coverage"),
            # volume of class 2 and temperatures of a pair, EN 1434: some 2 % together; a stated bound, not a measured one [U]
            (0.02 * value.abs()).fill_null(0.0).alias("uncertainty"),
            pl.col("expected").alias("weight"),
            pl.lit("coverage").alias("lacks"),
            pl.lit(missing.reason_sv).alias("reason"),
            pl.lit(missing.reason_en).alias("reason_en"),
        )
    )


_HEAT = (HEAT,)
CALCULATION = Calculation(
    {"heat_volume": Over.SUM, "flow_heat": Over.SUM, "return_heat": Over.SUM, "drop_heat": Over.SUM, "saved_volume_1c": Over.SUM},
    calculate,
    ratios=(
        Ratio("flow_temperature", "flow_heat", "heat_volume", NO_VOLUME, carriers=_HEAT),
        Ratio("return_temperature", "return_heat", "heat_volume", NO_VOLUME, carriers=_HEAT),
        Ratio("temperature_drop", "drop_heat", "heat_volume", NO_VOLUME, carriers=_HEAT),
        Ratio("volume_per_energy", "heat_volume", "energy", NO_VOLUME, scale=1000.0, carriers=_HEAT),
    ),
)
