"""The parts of the specific energy use, by what the energy is used for: heat, the building's electricity, its occupants'.

Domain facts 2.3: value and parts (värme, fastighetsel, verksamhetsel). `energy` by carrier says what was bought, this what for:

- `part_heat`: district heating and fuels, and electricity that is tagged for heating or hot water;
- `part_building_electricity` (fastighetsel): electricity tagged for the building, and all cooling;
- `part_occupant_electricity` (verksamhetsel, hushållsel): electricity tagged for the occupants.

Own solar electricity used on the spot goes where the building's main electricity goes; the three parts are then all of
`heated_building_energy`. Where the use of electricity is not entered, both parts of electricity are missing and name the point:
nobody guesses how a school's electricity divides.
"""

import polars as pl

from config.domain.estate import UNHEATED_KINDS, Carrier, Direction, EndUse
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed
from services.indicators._end_uses import UNTAGGED, no_surer, uses
from services.indicators._own_solar import own_solar
from services.indicators._supply import PERIOD, QUANTITIES, bought
from services.indicators._totals import figures, totals
from services.indicators.specific_energy import NO_AREA

METHOD = "end-use-1"
HEAT, BUILDING, OCCUPANT = "part_heat", "part_building_electricity", "part_occupant_electricity"
PARTS = {
    EndUse.HEATING: HEAT,
    EndUse.HOT_WATER: HEAT,
    EndUse.COOLING: BUILDING,
    EndUse.BUILDING: BUILDING,
    EndUse.OCCUPANT: OCCUPANT,
}
_COLUMNS = ("subject", "year", *PERIOD, *QUANTITIES, "part", "sign", "blocked", "reason", "reason_en", "factors")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of the three parts, of heated buildings by month. [kWh]"""
    heated = [name for name in basis.buildings if basis.portfolio.buildings[name].kind not in UNHEATED_KINDS]
    told = uses(basis)
    rows = bought(basis).filter((pl.col("period") == "month") & pl.col("building").is_in(heated))
    used = rows.join(told, on="subject", maintain_order="left").with_columns(pl.col("building").alias("subject"))
    sun = _sun(basis, told, heated)
    parts = {use.value: part for use, part in PARTS.items()}
    unknown = (pl.col("end_use").is_null() | (pl.col("unknown") != "")) & (pl.col("expected") > 0)
    told_by = (("reason", "unknown", "untagged_reason"), ("reason_en", "unknown_en", "untagged_reason_en"))
    of_points = used.with_columns(pl.lit("").alias("unknown"), pl.lit("").alias("unknown_en")).select(sun.columns)
    known = (
        pl.concat([of_points, sun])
        .with_columns(
            pl.col("end_use").replace_strict(parts, default=None, return_dtype=pl.String).alias("part"),
            unknown.alias("blocked"),
            *(pl.when(pl.col(sun) != "").then(sun).otherwise(tag).fill_null("").alias(name) for name, sun, tag in told_by),
            pl.lit("{}").alias("factors"),
        )
        .select(_COLUMNS)
    )
    is_heat = (pl.col("part") == HEAT).fill_null(value=False)
    electricity = known.filter(~is_heat)
    # a building that has nothing of a part has no such part
    return completed(
        pl.concat([_part(known.filter(is_heat), HEAT), *(_part(electricity, part) for part in (BUILDING, OCCUPANT))])
    )


def _part(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    rate = pl.when(pl.col("part") == part).then(pl.col("sign")).otherwise(0.0)
    # of electricity that nobody has told of the use, either part may be
    own = rows.filter((pl.col("part") == part) | pl.col("part").is_null())
    added = totals(own, ("subject",), {"kwh": rate}).with_columns(pl.lit("building").alias("subject_kind"))
    return figures(no_surer(added, own, ("subject",)), part, "kwh", METHOD)


def _sun(basis: Basis, told: pl.DataFrame, heated: list[str]) -> pl.DataFrame:
    """Own solar electricity used on the spot, with what the building's main electricity is used for, if that is one thing."""
    mains: dict[str, list[str]] = {}
    for point in basis.portfolio.points.values():
        if point.carrier is Carrier.ELECTRICITY and point.direction is not Direction.EXPORT and point.parent is None:
            mains.setdefault(point.building, []).append(point.id)
    used_for = dict(told.filter(pl.col("sign") > 0).select("subject", "end_use").iter_rows())
    one = {name: found[0] for name, found in mains.items() if len({used_for.get(item) for item in found}) == 1}
    names = {name: basis.portfolio.buildings[name].name for name in basis.buildings}
    main = told.filter(pl.col("sign") > 0).select(pl.col("subject").alias("main"), "end_use", *_UNTAGGED)
    named = pl.col("subject").replace_strict(names, default=None, return_dtype=pl.String)
    return (
        own_solar(basis)
        .filter((pl.col("period") == "month") & pl.col("subject").is_in(heated))
        .with_columns(
            pl.col("subject").replace_strict(one, default="", return_dtype=pl.String).alias("main"),
            pl.col("reason").alias("unknown"),
            pl.col("reason_en").alias("unknown_en"),
            pl.lit(1.0).alias("sign"),
        )
        .join(main, on="main", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(name, pl.format(words, named)).alias(name)
            for name, words in zip(_UNTAGGED, (UNTAGGED.reason_sv, UNTAGGED.reason_en), strict=True)
        )
        .select("subject", "year", *PERIOD, *QUANTITIES, "end_use", "sign", *_UNTAGGED, "unknown", "unknown_en")
    )


_UNTAGGED = ("untagged_reason", "untagged_reason_en")
_SPECIFIC = {HEAT: "specific_heat", BUILDING: "specific_building_electricity", OCCUPANT: "specific_occupant_electricity"}
CALCULATION = Calculation(
    dict.fromkeys((HEAT, BUILDING, OCCUPANT), Over.SUM),
    calculate,
    made_of=("energy",),
    ratios=tuple(Ratio(name, part, "area_m2", NO_AREA) for part, name in _SPECIFIC.items()),
)
