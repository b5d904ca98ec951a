"""Emissions of what was bought, by location and by market, of buildings and points. Nothing is ever netted.

- `emissions_location` [kg CO2e] and `emissions_market` [kg CO2/CO2e]: two ways of looking at the same energy, never added. In the
  market column the residual mix counts CO2 alone; `emissions_market_co2` and `emissions_market_co2e` are its two parts.
- Where the factor of a carrier is missing the total is missing, and what is known stands apart: `emissions_location_known` of
  `energy_with_location_factor`, and the same by market.
- Own solar electricity used on the spot is 0 in Scope 2 and is no energy bought. What was sent out is taken off nowhere;
  `emissions_avoided` is a memo of what it may have spared elsewhere, by a consequence factor.
- `emissions_biogenic` [kg CO2] stands apart, and speaks of the carriers whose factors say it.
- `emissions_location_hourly` takes electricity hour by hour, and the other carriers by year.
"""

from collections.abc import Mapping

import orjson
import polars as pl

from config.domain.estate import Carrier
from config.domain.factors import Perspective
from config.domain.indicators import Missing
from services.analysis.emissions import CO2E, avoided_rate, hourly_rates, rates
from services.analysis.supply import KEY, supplies_of
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import FIGURES, completed, empty
from services.indicators._hourly import matched
from services.indicators._own_solar import own_solar
from services.indicators._supply import bought, of_buildings
from services.indicators._totals import figures, lacking_inputs, totals

METHOD = "emissions-1"
G_TO_KG = 1e-3
COLUMNS = {Perspective.LOCATION: "location", Perspective.MARKET: "market"}
ELECTRICITY = Carrier.ELECTRICITY.value

NO_HOURS = Missing(
    "Inga timvisa utsläppsfaktorer för el under perioden: ange dem under hourly i factors.yaml.",
    "No hourly emission factors of electricity in the period: enter them under hourly in factors.yaml.",
)
NO_BIOGENIC = Missing(
    "Biogena utsläpp är inte angivna: ange biogenic för biobränsle i factors.yaml.",
    "Biogenic emissions are not given: enter biogenic of biofuel in factors.yaml.",
)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of the indicators named above, of buildings by month and in all by day too, and of points by month."""
    rows = bought(basis)
    parts = [empty(FIGURES)]
    for perspective, column in COLUMNS.items():
        rated = _rated(rows, rates(basis.factors, supplies_of(rows), perspective))
        parts += _of_column(rated, column)
        if perspective is Perspective.LOCATION:
            parts += [_energy(rated), _biogenic(rated)]
        if perspective is Perspective.LOCATION or any(item.perspective is perspective for item in basis.factors.hourly):
            parts.append(_hourly(basis, rated, perspective))
    parts.append(_avoided(basis))
    return pl.concat([parts[0], *(completed(part) for part in parts if part.height)])


def _rated(rows: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    return rows.join(table, on=KEY, how="left", maintain_order="left").with_columns(lacking_inputs().alias("blocked"))


def _of_column(rated: pl.DataFrame, column: str) -> list[pl.DataFrame]:
    """One way of looking: totals by day and month, carriers and points by month, and what is known where not all is."""
    kg = (pl.col("co2") + pl.col("co2e")) * G_TO_KG
    name = f"emissions_{column}"
    main = of_buildings(rated)
    months = main.filter(pl.col("period") == "month")
    whole = _building(totals(main, ["subject"], {"kg": kg}))
    monthly = _building(
        totals(
            months,
            ["subject"],
            {"kg": kg, "co2": pl.col("co2") * G_TO_KG, "co2e": pl.col("co2e") * G_TO_KG, "covered": pl.col("known")},
        )
    )
    carriers = _building(totals(months, ["subject", "carrier"], {"kg": kg}))
    points = totals(rated.filter(pl.col("period") == "month"), ["subject", "carrier"], {"kg": kg}).with_columns(
        pl.lit("point").alias("subject_kind")
    )
    parts = [figures(added, name, "kg", METHOD) for added in (whole, carriers, points)]
    # of a building of which nothing is known there is no known part: a 0 would look like one
    parts.append(figures(monthly.filter(pl.col("covered") > 0), f"{name}_known", "kg", METHOD, whole=False))
    parts.append(figures(monthly, f"energy_with_{column}_factor", "covered", METHOD, whole=False))
    if column == "market":
        parts += [figures(monthly, f"{name}_{unit}", unit, METHOD) for unit in ("co2", "co2e")]
    return parts


def _energy(rated: pl.DataFrame) -> pl.DataFrame:
    """What was bought, in all and per carrier: what emissions are divided by."""
    months = of_buildings(rated).filter(pl.col("period") == "month").with_columns(pl.lit(value=False).alias("blocked"))
    one = {"kwh": pl.lit(1.0)}
    parts = [_building(totals(months, by, one)) for by in (["subject"], ["subject", "carrier"])]
    return pl.concat([completed(figures(part, "energy_bought", "kwh", METHOD)) for part in parts]).with_columns(
        pl.lit("{}").alias("factors")
    )


def _biogenic(rated: pl.DataFrame) -> pl.DataFrame:
    """Of the carriers of which a factor says it; burnt biofuel must say it."""
    months = of_buildings(rated).filter(pl.col("period") == "month")
    burnt = pl.col("carrier") == Carrier.BIOFUEL.value
    needed = burnt & pl.col("biogenic").is_null() & (pl.col("expected") > 0)
    said = months.filter(burnt | pl.col("biogenic").is_not_null()).with_columns(
        needed.alias("blocked"),
        *(
            pl.when(needed & (pl.col(name) == "")).then(pl.lit(words)).otherwise(pl.col(name)).alias(name)
            for name, words in (("reason", NO_BIOGENIC.reason_sv), ("reason_en", NO_BIOGENIC.reason_en))
        ),
    )
    rate = {"kg": pl.col("biogenic") * G_TO_KG}
    parts = [_building(totals(said, by, rate)) for by in (["subject"], ["subject", "carrier"])]
    return pl.concat([completed(figures(part, "emissions_biogenic", "kg", METHOD)) for part in parts])


def _avoided(basis: Basis) -> pl.DataFrame:
    """The memo: what was sent out, times a consequence factor."""
    sent = own_solar(basis).filter((pl.col("period") == "month") & (pl.col("exported").fill_null(0.0) != 0))
    if sent.is_empty():
        return pl.DataFrame()
    found = {year: avoided_rate(basis.factors, year) for year in sent["year"].unique().to_list()}
    rows = sent.with_columns(
        pl.col("exported").alias("value"),
        pl.lit(f"{ELECTRICITY}_export").alias("carrier"),
        pl.col("year").replace_strict({y: r.co2 + r.co2e for y, r in found.items()}, return_dtype=pl.Float64).alias("g"),
        pl.col("year")
        .replace_strict({y: r.missing is not None for y, r in found.items()}, return_dtype=pl.Boolean)
        .alias("blocked"),
        *(
            pl.col("year")
            .replace_strict({y: getattr(r.missing, said, "") for y, r in found.items()}, return_dtype=pl.String)
            .alias(name)
            for name, said in (("reason", "reason_sv"), ("reason_en", "reason_en"))
        ),
        pl.col("year").replace_strict({y: _json(r.factors) for y, r in found.items()}, return_dtype=pl.String).alias("factors"),
    )
    added = _building(totals(rows, ["subject", "carrier"], {"kg": pl.col("g") * G_TO_KG}))
    return figures(added, "emissions_avoided", "kg", METHOD)


def _hourly(basis: Basis, rated: pl.DataFrame, perspective: Perspective) -> pl.DataFrame:
    """Electricity by the hour's own factor, and in all with the other carriers by the year's."""
    table = hourly_rates(basis.factors, perspective)
    # the location column is CO2e: hours in CO2 alone are no hours of it
    fitting = table.filter((pl.col("unit") == CO2E) | pl.lit(perspective is Perspective.MARKET)).rename({"value": "g"})
    main = of_buildings(rated).filter(pl.col("period") == "month")
    by_hour = matched(basis, rated.filter(pl.col("level") == "main"), fitting, ["g"], NO_HOURS).with_columns(
        pl.col("building").alias("subject")
    )
    rest = main.filter(pl.col("carrier") != ELECTRICITY).with_columns((pl.col("co2") + pl.col("co2e")).alias("g"))
    name, rate = f"emissions_{COLUMNS[perspective]}_hourly", {"kg": pl.col("g") * G_TO_KG}
    electricity = _building(totals(by_hour, ["subject", "carrier"], rate))
    shared = [column for column in by_hour.columns if column in rest.columns]
    whole = _building(totals(pl.concat([by_hour.select(shared), rest.select(shared)]), ["subject"], rate))
    return pl.concat([completed(figures(part, name, "kg", METHOD)) for part in (electricity, whole)])


def _building(added: pl.DataFrame) -> pl.DataFrame:
    return added.with_columns(pl.lit("building").alias("subject_kind"))


def _json(factors: Mapping[str, str]) -> str:
    return orjson.dumps(dict(factors), option=orjson.OPT_SORT_KEYS).decode()


NO_ENERGY = Missing("Ingen energi köptes under perioden.", "No energy was bought in the period.")
_WHOLE = ("",)
CALCULATION = Calculation(
    {
        **{f"emissions_{column}": Over.SUM for column in COLUMNS.values()},
        **{f"emissions_{column}_known": Over.SUM for column in COLUMNS.values()},
        **{f"energy_with_{column}_factor": Over.SUM for column in COLUMNS.values()},
        **{f"emissions_{column}_hourly": Over.SUM for column in COLUMNS.values()},
        "emissions_market_co2": Over.SUM,
        "emissions_market_co2e": Over.SUM,
        "emissions_biogenic": Over.SUM,
        "emissions_avoided": Over.SUM,
        "energy_bought": Over.SUM,
    },
    calculate,
    ratios=(
        *(Ratio(f"emission_intensity_{c}", f"emissions_{c}", "energy_bought", NO_ENERGY, scale=1000.0) for c in COLUMNS.values()),
        *(
            Ratio(f"emissions_{c}_coverage", f"energy_with_{c}_factor", "energy_bought", NO_ENERGY, scale=100.0, carriers=_WHOLE)
            for c in COLUMNS.values()
        ),
    ),
)
