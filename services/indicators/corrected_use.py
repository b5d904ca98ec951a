"""Energy in normal weather, month by month: by degree days with the base kept out, and by whole use. Domain facts 3.2.

Heat alone is corrected; electricity and the rest pass as they are, and so does a building whose heat is not metered. The two
ways stand side by side with the uncorrected figure: how far they lie apart is what the method leaves unsure, and ± speaks of the
energy itself. The factors of a figure name degree days, base temperature, station and normal period, and `uncorrected` the months
that were left as they are.
"""

import polars as pl

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
from services.indicators.specific_energy import NO_AREA, PARTS
from services.indicators.specific_energy import calculate as heated_energy

METHOD = "corrected-use-1"
WEATHER_SHARE = 0.9  # of the days with heat must have a temperature
_HEAT = [carrier for carrier, part in PARTS.items() if part == "heat"]
_NO_SUMMER = (
    "Värmen under en hel sommar (juni-augusti) är inte känd, så det som inte följer vädret kan inte hållas utanför: läs in den, "
    "eller använd hela användningen.",
    "Heat of a whole summer (June-August) is not known, so what does not follow the weather cannot be kept out: import it, or "
    "use the whole-use figure.",
)
_NO_WEATHER = (
    "Temperatur saknas för mer än en tiondel av dygnen: energimonitor weather show visar luckorna.",
    "Temperatures are missing for more than a tenth of the days: energimonitor weather show tells the gaps.",
)
_PERIOD = ("subject", "start")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `corrected_energy`, `corrected_energy_whole` (per heat carrier and in all) and `corrected_base`. [kWh]"""
    rows = heated_energy(basis).with_columns(
        pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month"), pl.col("value").alias("energy")
    )
    heat = _weathered(basis, rows.filter(pl.col("carrier").is_in(_HEAT)))
    kept_out = _row(heat, "corrected_energy", pl.col("per_day") * pl.col("days"), [(_NO_SUMMER, pl.col("per_day").is_null())])
    whole = _row(heat, "corrected_energy_whole", pl.lit(0.0), [])
    kept = pl.min_horizontal(pl.col("per_day") * pl.col("days"), "energy").clip(lower_bound=0.0)
    base = _said(heat.with_columns(kept.alias("value")), "corrected_base", [(_NO_SUMMER, pl.col("per_day").is_null())])
    everything = rows.filter(pl.col("carrier") == "")
    parts = {"corrected_energy": kept_out, "corrected_energy_whole": whole}
    totals = [_with_the_rest(everything, heat, part, indicator) for indicator, part in parts.items()]
    return completed(pl.concat([kept_out, whole, base, *totals], how="diagonal_relaxed").drop("month", "energy"))


def _weathered(basis: Basis, heat: pl.DataFrame) -> pl.DataFrame:
    """Heat of months with their degree days (`actual`, `normal`, `days`, `with_weather`) and the summer's `per_day`."""
    by = ["building", "reported_as"]
    days = basis.history.filter(pl.col("reported_as").is_in(_HEAT) & (pl.col("coverage") > 0))
    weather = basis.weather
    known = month_degree_days(days, weather.days, weather.normal_days, by, weather.terms.base_temperature_c)
    left = ["subject", "carrier", "month"]
    return (
        heat.join(known, left_on=left, right_on=[*by, "month"], how="left", maintain_order="left")
        .with_columns(last_summer(pl.col("month")).alias("summer"))
        .join(
            base_per_day(days, by),
            left_on=["subject", "carrier", "summer"],
            right_on=[*by, "summer"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.lit(weather.lacking[0] if weather.normal_days.is_empty() else "").alias("no_normal"),
            pl.lit(weather.lacking[1] if weather.normal_days.is_empty() else "").alias("no_normal_en"),
            pl.lit(_terms(basis)).alias("terms"),
        )
    )


def _row(heat: pl.DataFrame, indicator: str, base: pl.Expr, lacks: list[tuple[tuple[str, str], pl.Expr]]) -> pl.DataFrame:
    fits = is_correctable(pl.col("actual"), pl.col("normal"))
    scale = pl.when(fits).then(pl.col("normal") / pl.col("actual")).otherwise(1.0)
    frame = heat.with_columns(
        corrected(pl.col("energy"), base, pl.col("actual"), pl.col("normal")).alias("value"),
        pl.max_horizontal(pl.col("uncertainty") * scale, "uncertainty").alias("uncertainty"),
        pl.concat_str(
            pl.lit('{"degree-days":"'),
            "terms",
            pl.when(fits)
            .then(pl.lit('"}'))
            .otherwise(pl.concat_str(pl.lit('","uncorrected":"'), pl.col("month").dt.strftime("%Y-%m"), pl.lit('"}'))),
        ).alias("factors"),
    )
    return _said(frame, indicator, lacks)


def _said(frame: pl.DataFrame, indicator: str, lacks: list[tuple[tuple[str, str], pl.Expr]]) -> pl.DataFrame:
    """The rows of one indicator; what they lack blocks their value, and is said."""
    thin = (pl.col("with_weather") < WEATHER_SHARE * pl.col("days")).fill_null(value=True)
    asked = [(_NO_WEATHER, thin), *lacks]
    reasons = []
    for place, name in enumerate(("reason", "reason_en")):
        said = pl.coalesce(
            pl.when(pl.col("no_normal") != "").then(pl.col("no_normal" if place == 0 else "no_normal_en")),
            *(pl.when(where).then(pl.lit(words[place])) for words, where in asked),
            pl.lit(""),
        )
        # nothing metered has its own reason already, and no weather would mend it
        reasons.append(pl.when(pl.col("energy").is_null()).then(pl.col(name)).otherwise(said).alias(name))
    blocked = (pl.col("no_normal") != "") | pl.any_horizontal(*(where for _, where in asked))
    return (
        frame.with_columns(*reasons)
        .with_columns(
            pl.when(~blocked).then(pl.col("value")).alias("value"),
            pl.col("energy").fill_null(0.0).alias("partial"),
            pl.when(pl.col("energy").is_null())
            .then(pl.col("lacks"))
            .when(blocked)
            .then(pl.lit("input"))
            .otherwise("lacks")
            .alias("lacks"),
            pl.lit(indicator).alias("indicator"),
            pl.lit(METHOD).alias("calculation"),
        )
        .drop("actual", "normal", "days", "with_weather", "bridged", "per_day", "summer", "no_normal", "no_normal_en", "terms")
    )


def _with_the_rest(totals: pl.DataFrame, heat: pl.DataFrame, part: pl.DataFrame, indicator: str) -> pl.DataFrame:
    """All energy, with heat as corrected in place of heat as measured."""
    measured = heat.group_by(_PERIOD, maintain_order=True).agg(exact_sum("energy").alias("heat"))
    moved = (
        part.sort(*_PERIOD, "carrier")
        .group_by(_PERIOD, maintain_order=True)
        .agg(
            exact_sum("value").alias("moved"),
            (pl.col("value").is_null() & (pl.col("weight") > 0)).any().alias("blocked"),
            pl.col("reason").filter(pl.col("value").is_null() & (pl.col("weight") > 0)).first().alias("why"),
            pl.col("reason_en").filter(pl.col("value").is_null() & (pl.col("weight") > 0)).first().alias("why_en"),
            pl.col("factors").first().alias("terms"),
        )
    )
    blocked = pl.col("blocked").fill_null(value=False)
    value = pl.col("energy") - pl.col("heat").fill_null(0.0) + pl.col("moved").fill_null(0.0)
    return (
        totals.join(measured, on=_PERIOD, how="left", maintain_order="left")
        .join(moved, on=_PERIOD, how="left", maintain_order="left")
        .with_columns(
            pl.when(~blocked).then(value).alias("value"),
            pl.col("energy").fill_null(0.0).alias("partial"),
            pl.when(blocked).then("why").otherwise("reason").alias("reason"),
            pl.when(blocked).then("why_en").otherwise("reason_en").alias("reason_en"),
            pl.when(blocked).then(pl.lit("input")).otherwise("lacks").alias("lacks"),
            pl.col("terms").fill_null('{"degree-days":"no heat metered"}').alias("factors"),
            pl.lit(indicator).alias("indicator"),
            pl.lit(METHOD).alias("calculation"),
        )
        .drop("heat", "moved", "blocked", "why", "why_en", "terms")
    )


def _terms(basis: Basis) -> str:
    terms = basis.weather.terms
    return f"{terms.method} {terms.base_temperature_c:g} °C, {terms.station}, {terms.normal_period}"


CALCULATION = Calculation(
    {"corrected_energy": Over.SUM, "corrected_energy_whole": Over.SUM, "corrected_base": Over.SUM},
    calculate,
    looks_back_months=12 + SUMMER[-1] - SUMMER[0],  # a day of June is in the base until August of the next year
    ratios=(
        Ratio("corrected_specific_energy", "corrected_energy", "area_m2", NO_AREA),
        Ratio("corrected_specific_energy_whole", "corrected_energy_whole", "area_m2", NO_AREA),
    ),
)
