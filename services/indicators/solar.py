"""Solar electricity of buildings: what of it was used on the spot, how much of the use it was, how well the plant did.

`solar_used` is what was produced less what was sent out; without a metering point for what is sent out nobody knows it, and of a
solar plant it is nought. `electricity_used` is that of every building, so that a group's self-sufficiency is of all it uses.
`reference_energy` is what the plant would have given at its rated efficiency (IEC 61724-1): the sun in the plane of the panels,
over 1 kW/m², times its peak power. It needs a sensor in that plane (`irradiance`): the sun on flat ground is not the same, and is
never used in its place.
"""

import polars as pl

from config.domain.estate import Carrier
from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum
from services.figures.gates import NOT_SETTLED
from services.indicators._own_solar import own_solar

METHOD = "solar-2"
_ROW = ("subject_kind", "subject", "period", "start", "end", "zone")
_QUANTITIES = ("value", "uncertainty", "coverage", "expected", "measured")

NO_SENSOR = Missing(
    "Ingen instrålningsgivare i panelernas plan (register irradiance), eller för få timmar från den.",
    "No irradiance sensor in the plane of the panels (register irradiance), or too few hours of it.",
)
NO_POWER = Missing(
    "Toppeffekten saknas: ange max_power_kw vid varje solcellsanläggnings mätpunkt i portfolio.yaml.",
    "No peak power: enter max_power_kw at the point of every solar plant in portfolio.yaml.",
)
NO_SUN = Missing("Ingen solel under perioden.", "No solar electricity in the period.")
NO_USE = Missing("Ingen elanvändning under perioden.", "No use of electricity in the period.")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `solar_used` and `reference_energy` of buildings with solar plants, and of `electricity_used`, by month. [kWh]"""
    buildings = basis.sums.filter((pl.col("subject_kind") == "building") & (pl.col("period") == "month"))
    made = buildings.filter(pl.col("reported_as") == Carrier.SOLAR.value)
    own = own_solar(basis).filter(pl.col("period") == "month").with_columns(pl.lit("building").alias("subject_kind"))
    plants = own.join(made.select("subject").unique(), on="subject", how="semi", maintain_order="left")
    bought = buildings.filter(pl.col("reported_as") == Carrier.ELECTRICITY.value)
    return pl.concat([_used_on_the_spot(plants), _electricity(bought, own), _reference(basis, made)])


def _used_on_the_spot(own: pl.DataFrame) -> pl.DataFrame:
    blocked = pl.col("reason") != ""
    return completed(
        own.with_columns(
            pl.lit("solar_used").alias("indicator"),
            pl.lit(METHOD).alias("calculation"),
            pl.col("expected").alias("weight"),
            pl.when(blocked).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            pl.when(blocked).then("reason").otherwise(pl.lit(NOT_SETTLED[0])).alias("reason"),
            pl.when(blocked).then("reason_en").otherwise(pl.lit(NOT_SETTLED[1])).alias("reason_en"),
            _method(),
        )
    )


def _electricity(bought: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Of every building that buys electricity, with cells or without: a group is no surer of the sun for its other houses."""
    parts = own.select(*_ROW, *(pl.col(name).alias(f"{name}_own") for name in (*_QUANTITIES, "net_out", "reason", "reason_en")))
    table = bought.join(parts, on=_ROW, how="left", maintain_order="left")
    blocked = pl.col("reason_own").fill_null("") != ""
    silent = (pl.col("expected_own") > 0) & pl.col("value_own").is_null() & ~blocked
    used = pl.col("value") + pl.col("net_out_own").fill_null(0.0) + pl.col("value_own").fill_null(0.0)
    return completed(
        table.with_columns(
            pl.lit("electricity_used").alias("indicator"),
            pl.lit("electricity").alias("carrier"),
            pl.lit(METHOD).alias("calculation"),
            pl.when(~blocked & ~silent.fill_null(value=False)).then(used).alias("value"),
            used.alias("partial"),
            pl.min_horizontal("coverage", pl.when(pl.col("expected_own") > 0).then("coverage_own")).alias("coverage"),
            (pl.col("uncertainty") ** 2 + pl.col("uncertainty_own").fill_null(0.0) ** 2).sqrt().alias("uncertainty"),
            (pl.col("expected") + pl.col("expected_own").fill_null(0.0)).alias("weight"),
            pl.when(blocked).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            pl.when(blocked).then("reason_own").otherwise(pl.lit(NOT_SETTLED[0])).alias("reason"),
            pl.when(blocked).then("reason_en_own").otherwise(pl.lit(NOT_SETTLED[1])).alias("reason_en"),
            _method("", "_own"),
        )
    )


def _method(*suffixes: str) -> pl.Expr:
    whole = pl.all_horizontal(
        pl.col(f"measured{suffix}").fill_null(1.0) >= pl.col(f"coverage{suffix}").fill_null(1.0) - 5e-4
        for suffix in (suffixes or ("",))
    )
    return pl.when(whole).then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method")


def _reference(basis: Basis, made: pl.DataFrame) -> pl.DataFrame:
    """The sun in the plane of the panels times their peak power, for the hours that the sensor told; by month."""
    powers: dict[str, float | None] = {}
    for point in basis.portfolio.points.values():
        if point.carrier is Carrier.SOLAR and point.parent is None:
            before = powers.get(point.building, 0.0)  # with a plant of unknown power that of all of them is unknown
            powers[point.building] = None if before is None or point.max_power_kw is None else before + point.max_power_kw
    month = pl.col("time").dt.convert_time_zone(basis.zone).dt.date().dt.month_start().alias("month")
    sunny = pl.col("sun").is_not_null()
    sun = (
        basis.gauges.filter(pl.col("quantity") == "irradiance")
        .group_by("building", "time", maintain_order=True)
        .agg(pl.col("value").mean())
        .group_by("building", month, maintain_order=True)
        .agg(exact_sum(pl.col("value") * 1e-3).alias("sun"), pl.len().alias("hours"))
    )
    rows = (
        made.with_columns(pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month"))
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
            pl.when(sunny).then(pl.lit(NO_POWER.reason_sv)).otherwise(pl.lit(NO_SENSOR.reason_sv)).alias("reason"),
            pl.when(sunny).then(pl.lit(NO_POWER.reason_en)).otherwise(pl.lit(NO_SENSOR.reason_en)).alias("reason_en"),
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
