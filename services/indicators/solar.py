"""Solar electricity of buildings: what of it was used on the spot, how much of the use it was, how well the plant did.

`solar_used` is what was produced less what was sent out; without a metering point for what is sent out nobody knows it.
`reference_energy` is what the plant would have given at its rated efficiency (IEC 61724-1): the sun in the plane of the panels,
over 1 kW/m², times its peak power. It needs a sensor in that plane (`irradiance`): the sun on flat ground is not the same, and is
never used in its place.
"""

import polars as pl

from config.domain.estate import Carrier
from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum

METHOD = "solar-1"
_ROW = ("subject_kind", "subject", "period", "start", "end", "zone")

NO_EXPORT = Missing(
    "Ingen mätpunkt för inmatning till nätet: ange den i portfolio.yaml (direction: export).",
    "No metering point for what is sent out: enter it in portfolio.yaml (direction: export).",
)
NO_SENSOR = Missing(
    "Ingen instrålningsgivare i panelernas plan (register irradiance), eller för få timmar från den.",
    "No irradiance sensor in the plane of the panels (register irradiance), or too few hours of it.",
)
NO_SUN = Missing("Ingen solel under perioden.", "No solar electricity in the period.")
NO_USE = Missing("Ingen elanvändning under perioden.", "No use of electricity in the period.")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `solar_used`, `electricity_used` and `reference_energy` of buildings with solar plants. [kWh]"""
    buildings = basis.sums.filter(pl.col("subject_kind") == "building")
    plants = buildings.filter(pl.col("reported_as") == Carrier.SOLAR.value).select("subject").unique()
    rows = buildings.join(plants, on="subject", maintain_order="left")
    parts = {
        name: rows.filter(pl.col("reported_as") == carrier).select(
            *_ROW, "value", "coverage", "measured", "uncertainty", "expected"
        )
        for name, carrier in (("made", "solar"), ("sent", "electricity_export"), ("bought", "electricity"))
    }
    table = parts["made"]
    for name in ("sent", "bought"):
        table = table.join(parts[name], on=_ROW, how="left", suffix=f"_{name}", maintain_order="left")
    return pl.concat([_used(table), _reference(basis, parts["made"])])


def _used(table: pl.DataFrame) -> pl.DataFrame:
    used = pl.col("value") - pl.col("value_sent")
    # small negatives are the registers' rounding; more is a fault that the balance tells of
    spot = pl.when(used < 0).then(pl.max_horizontal(used, -(pl.col("uncertainty") + pl.col("uncertainty_sent")))).otherwise(used)
    unheard = pl.col("expected_sent").is_null()
    shared = (
        pl.lit(METHOD).alias("calculation"),
        pl.when(unheard).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
        pl.when(unheard).then(pl.lit(NO_EXPORT.reason_sv)).otherwise(pl.lit(NO_SUN.reason_sv)).alias("reason"),
        pl.when(unheard).then(pl.lit(NO_EXPORT.reason_en)).otherwise(pl.lit(NO_SUN.reason_en)).alias("reason_en"),
        _method(),
    )
    covered = pl.min_horizontal("coverage", "coverage_sent")
    solar = table.with_columns(
        pl.lit("solar_used").alias("indicator"),
        pl.lit("solar").alias("carrier"),
        spot.clip(lower_bound=0.0).alias("value"),
        covered.fill_null(0.0).alias("coverage"),
        (pl.col("uncertainty") ** 2 + pl.col("uncertainty_sent") ** 2).sqrt().alias("uncertainty"),
        (pl.col("expected") + pl.col("expected_sent").fill_null(0.0)).alias("weight"),
        *shared,
    )
    electricity = table.filter(pl.col("expected_bought").is_not_null()).with_columns(
        pl.lit("electricity_used").alias("indicator"),
        pl.lit("electricity").alias("carrier"),
        (pl.col("value_bought") + spot.clip(lower_bound=0.0)).alias("value"),
        pl.min_horizontal(covered, "coverage_bought").fill_null(0.0).alias("coverage"),
        (pl.col("uncertainty") ** 2 + pl.col("uncertainty_sent") ** 2 + pl.col("uncertainty_bought") ** 2)
        .sqrt()
        .alias("uncertainty"),
        (pl.col("expected") + pl.col("expected_sent").fill_null(0.0) + pl.col("expected_bought")).alias("weight"),
        *shared,
    )
    return pl.concat([completed(solar), completed(electricity)])


def _method() -> pl.Expr:
    whole = pl.all_horizontal(
        pl.col(f"measured{suffix}").fill_null(1.0) >= pl.col(f"coverage{suffix}").fill_null(1.0) - 5e-4
        for suffix in ("", "_sent", "_bought")
    )
    return pl.when(whole).then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method")


def _reference(basis: Basis, made: pl.DataFrame) -> pl.DataFrame:
    """The sun in the plane of the panels times their peak power, for the hours that the sensor told; by month."""
    powers: dict[str, float] = {}
    for point in basis.portfolio.points.values():
        if point.carrier is Carrier.SOLAR and point.parent is None and point.max_power_kw is not None:
            powers[point.building] = powers.get(point.building, 0.0) + point.max_power_kw
    month = pl.col("time").dt.convert_time_zone(basis.zone).dt.date().dt.month_start().alias("month")
    sun = (
        basis.gauges.filter(pl.col("quantity") == "irradiance")
        .group_by("building", "time", maintain_order=True)
        .agg(pl.col("value").mean())
        .group_by("building", month, maintain_order=True)
        .agg(exact_sum(pl.col("value") * 1e-3).alias("sun"), pl.len().alias("hours"))
    )
    rows = (
        made.filter(pl.col("period") == "month")
        .with_columns(pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month"))
        .join(sun, left_on=["subject", "month"], right_on=["building", "month"], how="left", maintain_order="left")
        .with_columns(
            pl.col("subject").replace_strict(powers, default=None, return_dtype=pl.Float64).alias("kwp"),
            ((pl.col("end") - pl.col("start")).dt.total_hours()).alias("length"),
        )
    )
    return completed(
        rows.with_columns(
            pl.lit("reference_energy").alias("indicator"),
            pl.lit("solar").alias("carrier"),
            pl.lit(METHOD).alias("calculation"),
            (pl.col("sun") * pl.col("kwp")).alias("value"),
            (pl.col("hours").fill_null(0) / pl.col("length")).alias("coverage"),
            # a pyranometer in the field is good to some 5 % [U]; it is the larger part
            (0.05 * pl.col("sun") * pl.col("kwp")).alias("uncertainty"),
            pl.col("expected").alias("weight"),
            pl.lit("input").alias("lacks"),
            pl.lit(NO_SENSOR.reason_sv).alias("reason"),
            pl.lit(NO_SENSOR.reason_en).alias("reason_en"),
        )
    )


_SOLAR = ("solar",)
CALCULATION = Calculation(
    {"solar_used": Over.SUM, "electricity_used": Over.SUM, "reference_energy": Over.SUM},
    calculate,
    ratios=(
        Ratio("self_consumption", "solar_used", "energy", NO_SUN, scale=100.0, carriers=_SOLAR),
        Ratio(
            "self_sufficiency",
            "solar_used",
            "electricity_used",
            NO_USE,
            scale=100.0,
            carriers=_SOLAR,
            denominator_carrier="electricity",
        ),
        Ratio("specific_yield", "energy", "solar_kwp", NO_SUN, carriers=_SOLAR),
        Ratio("reference_yield", "reference_energy", "solar_kwp", NO_SENSOR, carriers=_SOLAR),
        Ratio("performance_ratio", "energy", "reference_energy", NO_SENSOR, carriers=_SOLAR),
    ),
)
