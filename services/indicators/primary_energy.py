"""Primary energy of BBR 29-31, by month and carrier: what EPpet has above the line.

A number to follow a building up by, with its rule set; never a class, and no declaration. Months after the rule set ended are
missing: two rule sets are never added.

Energy is divided by what it is used for (`end_use` of points): a tagged sub-meter's energy is of its own use, and is taken off
the point above it. Electricity that nobody has tagged is missing, not guessed; of a point with its occupants' use measured apart
the rest is the building's. Where hot water is not measured apart the rule set's normal use is taken out of the heating, which
alone is divided by Fgeo. Own solar electricity is not delivered energy.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson
import polars as pl

from config.domain.estate import Carrier, EndUse
from config.domain.factors import Factors, Weighting, decimal_comma
from config.domain.indicators import Missing
from config.domain.periods import PeriodKind
from services.analysis.primary_energy import DELIVERED_FOR, RULE_SET, Delivered, primary_energy_number
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum
from services.indicators._end_uses import no_surer, uses
from services.indicators._supply import bought
from services.indicators._totals import figures, lacking_inputs, totals

METHOD = f"primary-energy-2 ({RULE_SET})"
HEATED_BY = (Carrier.DISTRICT_HEATING, Carrier.BIOFUEL, Carrier.GAS, Carrier.OIL, Carrier.ELECTRICITY)
NO_AREA = Missing(
    "Arean saknas: ange area_m2 (Atemp) i portfolio.yaml; det normala tappvarmvattnet räknas ur den.",
    "No area: enter area_m2 (Atemp) in portfolio.yaml; normal hot water follows from it.",
)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `primary_energy` of buildings by month, in all and per carrier. [kWh, weighted]"""
    rows = bought(basis).filter(pl.col("period") == "month").drop("network", "contract")
    used = rows.join(uses(basis), on="subject", maintain_order="left").with_columns(pl.col("building").alias("subject"))
    table = _weights(basis.factors, basis.periods.filter(pl.col("period") == "month")["first_day"])
    weighed = (
        used.join(basis.periods.select("period", "start", "first_day"), on=("period", "start"), maintain_order="left")
        .join(table, on=("carrier", "end_use", "first_day"), how="left", maintain_order="left")
        .with_columns(pl.col("known").fill_null(0.0), (pl.col("weight") * pl.col("sign")).alias("weight"))
        .with_columns(
            lacking_inputs().alias("blocked"),
            *(pl.coalesce(pl.col(f"untagged_{name}"), pl.col(name)).alias(name) for name in ("reason", "reason_en")),
            pl.col("factors").fill_null("{}"),
        )
    )
    columns = ["subject", "carrier", "year", "period", "start", "end", "zone", "value", "uncertainty", "coverage", "expected"]
    columns += ["measured", "weight", "blocked", "reason", "reason_en", "factors"]
    whole = pl.concat([weighed.select(columns), _normal_hot_water(basis, weighed, table).select(columns)])
    parts = [
        figures(
            no_surer(totals(whole, by, {"kwh": pl.col("weight")}), weighed, by).with_columns(
                pl.lit("building").alias("subject_kind")
            ),
            "primary_energy",
            "kwh",
            METHOD,
        )
        for by in (("subject",), ("subject", "carrier"))
    ]
    return pl.concat([completed(part) for part in parts])


def _weights(factors: Factors, months: Iterable[date]) -> pl.DataFrame:
    """What a kilowatt-hour weighs: `carrier`, `end_use`, `first_day`, `weight`, `known`, `reason`, `reason_en`, `factors`."""
    fgeo = factors.geographic_factor(RULE_SET)
    rows = []
    for first_day in sorted(set(months)):
        for carrier in (*DELIVERED_FOR, Carrier.ELECTRICITY):
            weighting = factors.weighting(carrier, first_day, RULE_SET)
            for use in EndUse:
                lacking = _lacking(weighting, fgeo if use is EndUse.HEATING else 1.0) if use is not EndUse.OCCUPANT else None
                weight, said = 0.0, {}
                if lacking is None and use is not EndUse.OCCUPANT and isinstance(weighting, Weighting):
                    said = {f"VF {carrier.value}": f"{RULE_SET}: {decimal_comma(weighting.value)}{weighting.mark.words}"}
                    by = fgeo if use is EndUse.HEATING and isinstance(fgeo, float) else 1.0
                    if use is EndUse.HEATING:
                        said["Fgeo"] = f"{RULE_SET}: {decimal_comma(by)}{factors.geographic[RULE_SET][1].words}"
                    weight = primary_energy_number([Delivered(use, 1.0, weighting.value)], by, 1.0)
                rows.append(
                    (
                        carrier.value,
                        use.value,
                        first_day,
                        weight,
                        0.0 if lacking else 1.0,
                        lacking.reason_sv if lacking else "",
                        lacking.reason_en if lacking else "",
                        orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode(),
                    )
                )
    schema: dict[str, Any] = {
        "carrier": pl.String,
        "end_use": pl.String,
        "first_day": pl.Date,
        "weight": pl.Float64,
        "known": pl.Float64,
        "reason": pl.String,
        "reason_en": pl.String,
        "factors": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _lacking(weighting: Weighting | Missing, fgeo: float | Missing) -> Missing | None:
    return next((item for item in (weighting, fgeo) if isinstance(item, Missing)), None)


def _normal_hot_water(basis: Basis, weighed: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Rows that move normal hot water from heating, which Fgeo divides, to hot water, which it does not.

    Of buildings that are heated and measure no hot water apart; never more than the month's heating.
    """
    # a main point of its own is apart as well; a counter of hot water's cubic metres tells no energy
    measured_apart = {
        point.building
        for point in basis.portfolio.points.values()
        if point.end_use is EndUse.HOT_WATER and point.carrier is not Carrier.WATER
    }
    rows = []
    for name in basis.buildings:
        building = basis.portfolio.buildings[name]
        normal = basis.factors.normal_hot_water(RULE_SET, building.kind)
        lacking = normal if isinstance(normal, Missing) else NO_AREA if building.area_m2 is None else None
        value = None if isinstance(normal, Missing) or building.area_m2 is None else normal.value * building.area_m2
        if name not in measured_apart:
            rows.append((name, value, lacking.reason_sv if lacking else "", lacking.reason_en if lacking else ""))
    schema = {"subject": pl.String, "yearly": pl.Float64, "water_reason": pl.String, "water_reason_en": pl.String}
    normals = pl.DataFrame(rows, schema=schema, orient="row")
    ranks = {carrier.value: rank for rank, carrier in enumerate(HEATED_BY)}
    heating = (
        weighed.filter((pl.col("end_use") == EndUse.HEATING.value) & (pl.col("expected") > 0))
        .group_by("subject", "carrier", "year", "period", "start", "end", "zone", "first_day", maintain_order=True)
        .agg(exact_sum(pl.col("value") * pl.col("sign")).alias("heating"), pl.col("value").is_not_null().any().alias("heard"))
        .with_columns(pl.col("carrier").replace_strict(ranks, return_dtype=pl.Int32).alias("rank"))
        .filter(pl.col("rank") == pl.col("rank").min().over("subject"))
        .join(normals, on="subject", maintain_order="left")
    )
    water = table.filter(pl.col("end_use") == EndUse.HOT_WATER.value).select(
        "carrier", "first_day", pl.col("weight").alias("as_water"), pl.col("known").alias("known_water")
    )
    heat = table.filter(pl.col("end_use") == EndUse.HEATING.value).select(
        "carrier", "first_day", pl.col("weight").alias("as_heating"), pl.col("known").alias("known_heating")
    )
    days = (pl.col("end") - pl.col("start")).dt.total_hours() / 24
    in_year = pl.when(pl.col("first_day").dt.is_leap_year()).then(366.0).otherwise(365.0)
    return (
        heating.join(water, on=("carrier", "first_day"), maintain_order="left")
        .join(heat, on=("carrier", "first_day"), maintain_order="left")
        .with_columns(
            pl.when(pl.col("heard"))
            .then(pl.min_horizontal(pl.col("yearly") * days.round() / in_year, pl.col("heating").clip(lower_bound=0.0)))
            .alias("value"),
            pl.lit(0.0).alias("uncertainty"),
            pl.lit(0.0).alias("coverage"),
            pl.lit(0.0).alias("expected"),
            pl.lit(0.0).alias("measured"),
            (pl.col("as_water") - pl.col("as_heating")).alias("weight"),
            # what the heating itself lacks is said by its own rows
            (pl.col("yearly").is_null() & (pl.col("heating") > 0) & (pl.col("known_heating") == 1.0)).alias("blocked"),
            pl.col("water_reason").alias("reason"),
            pl.col("water_reason_en").alias("reason_en"),
            pl.lit("{}").alias("factors"),
        )
    )


NO_AREA_TO_DIVIDE = Missing("Arean saknas.", "No area.")
CALCULATION = Calculation(
    {"primary_energy": Over.SUM},
    calculate,
    ratios=(
        Ratio(
            "primary_energy_number",
            "primary_energy",
            "area_m2",
            NO_AREA_TO_DIVIDE,
            carriers=("",),
            periods=frozenset({PeriodKind.YEAR, PeriodKind.ROLLING_YEAR}),
        ),
    ),
)
