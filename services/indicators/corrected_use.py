"""Energy in normal weather, month by month: by degree days with the base kept out, and by whole use. Domain facts 3.2.

Heat alone is corrected; electricity and the rest pass as they are, and so does a building whose heat is not metered. The ways
stand side by side, with `corrected_signature` as the third: how far they lie apart is what the method leaves unsure. ± is that of
the metered energy, and of days whose temperature is another station's or not known. The factors of a figure name degree days,
base temperature, station, normal period and where the base is from, and `uncorrected` the months that were left as they are.

What does not follow the weather, the first that is known: the hot water by its own meter (points with end use hot_water), the
mean of a summer's day. A model's intercept, the next of domain facts 3.2, asks for more days than a summer and so is never at
hand where the summer is not; a set share is a guess, and whole use is there for who wants one.
"""

import polars as pl

from config.domain.estate import EndUse, Portfolio
from config.domain.indicators import Missing
from services.analysis.weather_correction import (
    SUMMER,
    base_per_day,
    corrected,
    is_correctable,
    last_summer,
    month_degree_days,
)
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum
from services.indicators._corrected import (
    BRIDGED_K,
    HEAT,
    NO_WEATHER,
    UNKNOWN_K,
    WEATHER_SHARE,
    both,
    heated_months,
    no_normal,
    quoted,
    said,
    told,
    with_the_rest,
    words,
)
from services.indicators.specific_energy import NO_AREA

METHOD = "corrected-use-2"
METERED_SHARE = 0.9  # of the month's hours must be known of the hot water, else its base is the summer's: house rule
_NO_BASE = Missing(
    "Värmen under en hel sommar (juni-augusti) är inte känd, så det som inte följer vädret kan inte hållas utanför: läs in den, "
    "eller använd hela användningen.",
    "Heat of a whole summer (June-August) is not known, so what does not follow the weather cannot be kept out: import it, or "
    "use the whole-use figure.",
)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `corrected_energy`, `corrected_energy_whole` (per heat carrier and in all) and `corrected_base`. [kWh]"""
    rows = heated_months(basis)
    heat = _weathered(basis, rows.filter(pl.col("carrier").is_in(HEAT)))
    everything = rows.filter(pl.col("carrier") == "")
    thin = pl.col("with_weather") < WEATHER_SHARE * pl.col("days")
    lacks = [no_normal(basis, basis.weather.normal_days), (words(NO_WEATHER), thin)]
    no_base = (words(_NO_BASE), pl.col("base").is_null())
    kept_out = said(_moved(basis, heat, pl.col("base"), of_base=True), "corrected_energy", METHOD, [*lacks, no_base])
    whole = said(_moved(basis, heat, pl.lit(0.0), of_base=False), "corrected_energy_whole", METHOD, lacks)
    base = said(
        heat.with_columns(pl.col("base").alias("value"), pl.lit("{}").alias("factors")), "corrected_base", METHOD, [no_base]
    )
    # of what is not known nothing is kept out, and a year of such months is not a year of energy
    base = base.with_columns(pl.col("value").fill_null(0.0).alias("partial"))
    totals = [with_the_rest(everything, part, name, METHOD) for name, part in zip(_TOTALS, (kept_out, whole), strict=True)]
    return completed(pl.concat([kept_out, whole, base, *totals]))


def _weathered(basis: Basis, heat: pl.DataFrame) -> pl.DataFrame:
    """Heat of months with their degree days (`actual`, `normal`, `days`, `with_weather`, `bridged`), `base` and `base_from`."""
    by = ["building", "reported_as"]
    days = basis.history.filter(pl.col("reported_as").is_in(HEAT) & (pl.col("coverage") > 0))
    weather = basis.weather
    known = month_degree_days(days, weather.days, weather.normal_days, by, weather.terms.base_temperature_c)
    key = ["subject", "carrier", "month"]
    summers = base_per_day(days, by)
    by_meter = pl.col("hot_water").is_not_null()
    base = pl.coalesce("hot_water", pl.col("per_day") * pl.col("days"))
    return (
        heat.join(known, left_on=key, right_on=[*by, "month"], how="left", maintain_order="left")
        .with_columns(last_summer(pl.col("month")).alias("summer"))
        .join(summers, left_on=[*key[:2], "summer"], right_on=[*by, "summer"], how="left", maintain_order="left")
        .join(_hot_water(basis), on=["subject", "carrier", "start"], how="left", maintain_order="left")
        .with_columns(
            pl.when(base.is_not_null()).then(pl.min_horizontal(base, "energy").clip(lower_bound=0.0)).alias("base"),
            pl.when(by_meter).then(pl.lit("hot-water meter")).otherwise(pl.format("summer {}", "summer")).alias("base_from"),
        )
    )


def _hot_water(basis: Basis) -> pl.DataFrame:
    """`hot_water` of buildings that meter it, by heat carrier and month; not of months in which too little of it is known."""
    table = pl.DataFrame(_hot_water_points(basis.portfolio), schema=["point", "carrier", "subject"], orient="row")
    table = table.cast(dict.fromkeys(table.columns, pl.String))
    return (
        basis.sums.filter((pl.col("subject_kind") == "point") & (pl.col("period") == "month"))
        .join(table, left_on="subject", right_on="point", suffix="_building")
        .select(
            "start", "carrier", pl.col("subject_building").alias("subject"), pl.col("subject").alias("point"), "value", "coverage"
        )
        .sort("subject", "carrier", "start", "point")
        .group_by("subject", "carrier", "start", maintain_order=True)
        .agg(exact_sum("value").alias("hot_water"), pl.col("coverage").min())
        .filter(pl.col("coverage") >= METERED_SHARE)
        .drop("coverage")
    )


def _hot_water_points(portfolio: Portfolio) -> list[tuple[str, str, str]]:
    """Point, carrier and building; of a point and those behind it, the outermost."""
    points = portfolio.points
    return [
        (point.id, point.carrier.value, point.building)
        for point in points.values()
        if point.end_use is EndUse.HOT_WATER
        and point.carrier.value in HEAT
        and (point.parent is None or points[point.parent].end_use is not EndUse.HOT_WATER)
    ]


def _moved(basis: Basis, heat: pl.DataFrame, base: pl.Expr, *, of_base: bool) -> pl.DataFrame:
    """`value` in normal weather, its uncertainty, and what it was made with."""
    fits = is_correctable(pl.col("actual"), pl.col("normal"))
    scale = pl.when(fits).then(pl.col("normal") / pl.col("actual")).otherwise(1.0)
    doubt_k = BRIDGED_K * pl.col("bridged") + UNKNOWN_K * (pl.col("days") - pl.col("with_weather"))
    weather = pl.when(fits).then((pl.col("energy") - base) * scale * doubt_k / pl.col("actual")).otherwise(0.0)
    metered = pl.col("metered_uncertainty")
    terms = basis.weather.terms
    made_with = f"{terms.method} {terms.base_temperature_c:g} °C, {terms.station}, {terms.normal_period}"
    parts = [pl.lit(f'"degree-days":"{quoted(made_with)}"')]
    if of_base:
        parts.insert(0, told("base", pl.col("base_from")))
    left = (
        pl.when(fits)
        .then(pl.lit(""))
        .otherwise(pl.concat_str(pl.lit(","), told("uncorrected", pl.col("month").dt.strftime("%Y-%m"))))
    )
    return heat.with_columns(
        corrected(pl.col("energy"), base, pl.col("actual"), pl.col("normal")).alias("value"),
        both(pl.max_horizontal(metered * scale, metered), weather).alias("uncertainty"),
        pl.concat_str(pl.lit("{"), pl.concat_str(*parts, separator=","), left, pl.lit("}")).alias("factors"),
    )


_TOTALS = ("corrected_energy", "corrected_energy_whole")
CALCULATION = Calculation(
    dict.fromkeys((*_TOTALS, "corrected_base"), Over.SUM),
    calculate,
    made_of=("heated_building_energy", "corrected_base"),
    looks_back_months=12 + SUMMER[-1] - SUMMER[0],  # a day of June is in the base until August of the next year
    ratios=(
        Ratio("corrected_specific_energy", "corrected_energy", "area_m2", NO_AREA),
        Ratio("corrected_specific_energy_whole", "corrected_energy_whole", "area_m2", NO_AREA),
    ),
)
