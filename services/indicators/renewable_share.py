"""Where the energy that was used came from, in four classes: förnybar, återvunnen, fossil, övrigt. Three ways, never mixed.

- physical (`renewable_energy` and so on): the location's mix of the year;
- contracted (`…_contracted`): cancelled guarantees of origin, and the residual mix for the rest;
- hour-matched (`…_hourly`): electricity by the mix of its very hour, of the hours whose mix is known; own solar electricity in
  the hour it was used.

Used is what was bought and the own solar electricity used on the spot, which counts once, as renewable; what was sent out is no
use. The four classes sum to the energy used. Where the origin of a part is unknown the classes of the whole are missing;
`origin_known_energy` says how much is known, and `renewable_energy_known` what of that is renewable.
"""

from collections.abc import Iterable

import polars as pl

from config.domain.estate import Carrier
from config.domain.factors import Perspective
from config.domain.indicators import Missing
from services.analysis.shares import CLASSES, hourly_origins, origins
from services.analysis.supply import supplies_of
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import FIGURES, completed, empty, exact_sum
from services.indicators._hourly import matched
from services.indicators._own_solar import own_solar
from services.indicators._supply import bought, of_buildings
from services.indicators._totals import figures, lacking_inputs, totals

METHOD = "renewable-share-1"
WAYS = {"": Perspective.LOCATION, "_contracted": Perspective.MARKET}
HOURLY = "_hourly"
OWN_SOLAR = '{"egen solel":"egen solel, använd på plats: 100 % förnybar"}'
NO_HOURS = Missing(
    "Elens ursprung är inte känt timme för timme: ange timvärden med andelar under hourly i factors.yaml.",
    "The origin of electricity is not known hour by hour: enter hours with shares under hourly in factors.yaml.",
)
NO_USE = Missing("Ingen energi användes under perioden.", "No energy was used in the period.")
_COLUMNS = (
    "subject",
    "carrier",
    "year",
    "period",
    "start",
    "end",
    "zone",
    "value",
    "uncertainty",
    "coverage",
    "expected",
    "measured",
)
_SAID = ("known", "blocked", "reason", "reason_en", "factors")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of the indicators named above, of buildings by month: in all, and of each carrier by year's mixes. [kWh]"""
    rows = of_buildings(bought(basis)).filter(pl.col("period") == "month")
    own = _own_solar(own_solar(basis).filter(pl.col("period") == "month"))
    supplies = supplies_of(rows)
    parts = [empty(FIGURES)]
    physical = pl.DataFrame()
    for way, perspective in WAYS.items():
        table = origins(basis.factors, supplies, perspective)
        classed = rows.join(table, on=("carrier", "network", "contract", "year"), how="left", maintain_order="left").with_columns(
            lacking_inputs().alias("blocked")
        )
        physical = classed if way == "" else physical
        parts += _classes(_stacked((classed, own)), way, ("subject",), ("subject", "carrier"))
    by_hour = matched(basis, bought(basis).filter(pl.col("level") == "main"), hourly_origins(basis.factors), CLASSES, NO_HOURS)
    hourly = (
        # the energy that shares are of is that of the hours whose mix is known
        by_hour.with_columns(pl.col("building").alias("subject"), pl.col("blocked").alias("unmeasured")),
        physical.filter(pl.col("carrier") != Carrier.ELECTRICITY.value),
        _in_its_hours(basis, own),
    )
    parts += _classes(_stacked(hourly), HOURLY, ("subject",))
    return pl.concat([parts[0], *(completed(part) for part in parts if part.height)])


def _classes(rows: pl.DataFrame, way: str, *by: tuple[str, ...]) -> list[pl.DataFrame]:
    """The four classes and the energy that they are of; what is known of it, in all."""
    rates = {name: pl.col(name) for name in CLASSES} | {"covered": pl.col("known")}
    parts = []
    for keys in by:
        added = totals(rows, keys, rates).with_columns(pl.lit("building").alias("subject_kind"))
        parts += [figures(added, f"{name}_energy{way}", name, METHOD) for name in CLASSES]
        # nothing of the energy itself is unknown where its origin is
        energy = totals(rows.with_columns(pl.col("unmeasured").alias("blocked")), keys, {"kwh": pl.lit(1.0)})
        whole = energy.with_columns(pl.lit("building").alias("subject_kind"), pl.lit("{}").alias("factors"))
        parts.append(figures(whole, f"energy_used{way}", "kwh", METHOD))
        if keys == ("subject",) and way != HOURLY:
            parts.append(figures(added, f"origin_known_energy{way}", "covered", METHOD, whole=False))
            # of a building of which nothing is known there is no known part: a 0 would look like one
            known = added.filter(pl.col("covered") > 0)
            parts.append(figures(known, f"renewable_energy{way}_known", "renewable", METHOD, whole=False))
    return parts


def _stacked(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Rows of several carriers, one below the other. `unmeasured`: the energy itself lacks an input."""
    return pl.concat(
        frame.select(
            *_COLUMNS,
            *CLASSES,
            *_SAID,
            (pl.col("unmeasured") if "unmeasured" in frame.columns else pl.lit(value=False)).alias("unmeasured"),
        )
        for frame in frames
    )


def _own_solar(rows: pl.DataFrame) -> pl.DataFrame:
    """Own solar electricity used on the spot as renewable energy."""
    unmeasured = pl.col("reason") != ""
    return rows.with_columns(
        pl.lit(1.0).alias("renewable"),
        *(pl.lit(0.0).alias(name) for name in CLASSES[1:]),
        pl.lit(1.0).alias("known"),
        unmeasured.alias("blocked"),
        unmeasured.alias("unmeasured"),
        pl.lit(OWN_SOLAR).alias("factors"),
    ).filter(pl.col("expected") > 0)


def _in_its_hours(basis: Basis, own: pl.DataFrame) -> pl.DataFrame:
    """`own` with the energy that was used in the hour it was made: never more than was made, never below nought."""
    sign = pl.when(pl.col("reported_as") == Carrier.SOLAR.value).then(1.0).otherwise(-1.0)
    solar_hours = (
        basis.hours.filter(
            (pl.col("level") == "main")
            & pl.col("building").is_in(own["subject"].unique().to_list())
            & (
                pl.col("reported_as").is_in([Carrier.SOLAR.value, f"{Carrier.ELECTRICITY.value}_export"])
                | ((pl.col("reported_as") == Carrier.ELECTRICITY.value) & (pl.col("value") < 0))
            )
        )
        .with_columns(pl.when(pl.col("reported_as") == Carrier.ELECTRICITY.value).then(-pl.col("value")).otherwise("value"))
        .group_by("building", pl.col("day").dt.month_start().alias("first_day"), "time", maintain_order=True)
        .agg(exact_sum(pl.col("value") * sign).clip(lower_bound=0.0).alias("spot"))
        .group_by(pl.col("building").alias("subject"), "first_day", maintain_order=True)
        .agg(exact_sum("spot").alias("spot"))
    )
    months = basis.periods.filter(pl.col("period") == "month").select("period", "start", "first_day")
    return (
        own.join(months, on=("period", "start"), maintain_order="left")
        .join(solar_hours, on=("subject", "first_day"), how="left", maintain_order="left")
        # a plant that sends all out uses nothing, whatever its hours say
        .with_columns(pl.when(pl.col("exported") < pl.col("produced")).then("spot").otherwise("value").alias("spot"))
        .with_columns(pl.when(pl.col("value").is_not_null()).then(pl.col("spot").fill_null(0.0)).alias("value"))
        .drop("spot", "first_day")
    )


def _ratios() -> Iterable[Ratio]:
    whole = ("",)
    for way in (*WAYS, HOURLY):
        for name in CLASSES:
            yield Ratio(f"{name}_share{way}", f"{name}_energy{way}", f"energy_used{way}", NO_USE, scale=100.0, carriers=whole)
    for way in WAYS:
        known = f"origin_known_energy{way}"
        yield Ratio(f"origin_coverage{way}", known, f"energy_used{way}", NO_USE, scale=100.0)
        yield Ratio(f"renewable_share{way}_known", f"renewable_energy{way}_known", known, NO_USE, scale=100.0)


CALCULATION = Calculation(
    {
        **{f"{kind}_energy{way}": Over.SUM for way in (*WAYS, HOURLY) for kind in CLASSES},
        **{f"energy_used{way}": Over.SUM for way in (*WAYS, HOURLY)},
        **{f"origin_known_energy{way}": Over.SUM for way in WAYS},
        **{f"renewable_energy{way}_known": Over.SUM for way in WAYS},
    },
    calculate,
    ratios=tuple(_ratios()),
)
