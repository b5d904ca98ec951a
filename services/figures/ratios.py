"""One figure by another of the same subject and period: at every level a ratio of sums, never a mean of ratios. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from config.domain.estate import UNHEATED_KINDS, Carrier, Portfolio
from config.domain.indicators import SubjectKind
from services.figures.calculation import Ratio
from services.figures.frames import FIGURES, completed, exact_sum, ungated
from services.figures.groups import membership

_ROW = ("subject_kind", "subject", "period", "start", "end", "zone")


def ratios(figures: pl.DataFrame, declared: Sequence[Ratio], portfolio: Portfolio) -> pl.DataFrame:
    """Every declared ratio of which the numerator is among `figures`, before the gate."""
    open_figures = ungated(figures)
    parts = [_ratio(open_figures, ratio, portfolio) for ratio in declared]
    return pl.concat([pl.DataFrame(schema=dict(FIGURES)), *(part for part in parts if part is not None)])


def _ratio(figures: pl.DataFrame, ratio: Ratio, portfolio: Portfolio) -> pl.DataFrame | None:
    above = figures.filter(
        (pl.col("indicator") == ratio.numerator) & pl.col("period").is_in([kind.value for kind in ratio.periods])
    )
    if ratio.carriers:
        above = above.filter(pl.col("carrier").is_in(list(ratio.carriers)))
    if above.is_empty():
        return None
    standing = ratio.denominator in _STANDING
    below, on = _denominators(figures, ratio, portfolio, above)
    joined = above.join(below, on=on, how="left", maintain_order="left")
    # what has no such denominator at all (a point has no area, a group no peak) has no such ratio
    absent = pl.col("below_lacks").is_null()
    joined = joined.filter(~absent | (pl.col("subject_kind") == SubjectKind.BUILDING.value) & pl.lit(not standing))
    if ratio.per_hour:
        joined = joined.with_columns(pl.col("below") * (pl.col("end") - pl.col("start")).dt.total_hours())
    whole = pl.col("below").is_not_null() & (pl.col("below") != 0)
    quotient = pl.col("value") / pl.col("below") * ratio.scale
    relative = (
        (pl.col("uncertainty") / pl.col("value").abs()).fill_nan(0.0).fill_null(0.0) ** 2
        + (pl.col("below_uncertainty") / pl.col("below").abs()).fill_nan(0.0).fill_null(0.0) ** 2
    ).sqrt()
    own = pl.col("value").is_null()  # the numerator's own reason stands before the denominator's
    value = pl.when(whole & ~own).then(quotient)
    return completed(
        joined.with_columns(
            value.alias("value"),
            (value.abs() * relative).alias("uncertainty"),
            pl.when(whole).then(pl.col("partial") / pl.col("below") * ratio.scale).alias("partial"),
            pl.min_horizontal("coverage", "below_coverage").alias("coverage"),
            pl.when(own).then(pl.col("lacks")).otherwise(pl.col("below_lacks").fill_null("input")).alias("lacks"),
            *(
                pl.when(own)
                .then(pl.col(name))
                .when(pl.col("below").is_null() & (pl.col(f"below_{name}").fill_null("") != ""))
                .then(pl.col(f"below_{name}"))
                .otherwise(pl.lit(said))
                .alias(name)
                for name, said in (("reason", ratio.undefined.reason_sv), ("reason_en", ratio.undefined.reason_en))
            ),
            pl.lit(ratio.indicator).alias("indicator"),
            pl.format("{} per {}", "calculation", pl.lit(ratio.denominator)).alias("calculation"),
        )
    )


def _denominators(
    figures: pl.DataFrame, ratio: Ratio, portfolio: Portfolio, above: pl.DataFrame
) -> tuple[pl.DataFrame, list[str]]:
    """Columns `below` and what is said of it (`below_coverage` and so on), and what to join on."""
    nought = [pl.lit(0.0).alias("below_uncertainty"), pl.lit(1.0).alias("below_coverage"), pl.lit("input").alias("below_lacks")]
    silent = [pl.lit("").alias("below_reason"), pl.lit("").alias("below_reason_en")]
    if ratio.denominator == "hours":
        rows = above.select(_ROW).unique(maintain_order=True)
        return rows.with_columns(
            (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64).alias("below"), *nought, *silent
        ), list(_ROW)
    if ratio.denominator in _STANDING:
        return _standing(_STANDING[ratio.denominator], portfolio).with_columns(nought), ["subject_kind", "subject"]
    carrier = [] if ratio.denominator_carrier is not None else ["carrier"]
    rows = figures.filter(pl.col("indicator") == ratio.denominator)
    if ratio.denominator_carrier is not None:
        rows = rows.filter(pl.col("carrier") == ratio.denominator_carrier)
    return rows.select(
        *_ROW,
        *carrier,
        pl.col("value").alias("below"),
        *(pl.col(name).alias(f"below_{name}") for name in ("uncertainty", "coverage", "lacks", "reason", "reason_en")),
    ), [*_ROW, *carrier]


def _area(portfolio: Portfolio) -> dict[str, float | None]:
    """Heated area of every heated building."""
    return {item.id: item.area_m2 for item in portfolio.buildings.values() if item.kind not in UNHEATED_KINDS}


def _solar_kwp(portfolio: Portfolio) -> dict[str, float | None]:
    """Peak power of the solar plants of every building that has one; None where one of them is not known."""
    plants: dict[str, list[float | None]] = {}
    for point in portfolio.points.values():
        if point.carrier is Carrier.SOLAR and point.parent is None:
            plants.setdefault(point.building, []).append(point.max_power_kw)
    return {name: None if None in powers else sum(power or 0.0 for power in powers) for name, powers in plants.items()}


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is known of buildings by the portfolio; `lacking` is said where it is not, {} being the buildings."""

    of: Callable[[Portfolio], Mapping[str, float | None]]
    lacking: tuple[str, str]


_STANDING = {
    "area_m2": _Standing(
        _area,
        (
            "Arean saknas för {}: ange area_m2 (Atemp) i portfolio.yaml.",
            "No area for {}: enter area_m2 (Atemp) in portfolio.yaml.",
        ),
    ),
    "solar_kwp": _Standing(
        _solar_kwp,
        (
            "Toppeffekten saknas för {}: ange max_power_kw vid solcellernas mätpunkt i portfolio.yaml.",
            "No peak power for {}: enter max_power_kw at the solar plant's point in portfolio.yaml.",
        ),
    ),
}


def _standing(known: _Standing, portfolio: Portfolio) -> pl.DataFrame:
    """The sum over each building and group; null, with the reason, where one of the buildings lacks it."""
    of_building = known.of(portfolio)
    groups = membership(portfolio).filter(pl.col("building").is_in(list(of_building)))
    one = groups.unique("building", maintain_order=True).with_columns(
        pl.lit(SubjectKind.BUILDING.value).alias("subject_kind"), pl.col("building").alias("subject")
    )
    both = pl.concat([one, groups]).with_columns(
        pl.col("building").replace_strict(of_building, return_dtype=pl.Float64).alias("known")
    )
    lacking = pl.col("known").is_null()
    names = pl.col("name").filter(lacking).head(3).str.join(", ")
    return (
        both.sort("subject_kind", "subject", "building")
        .group_by("subject_kind", "subject", maintain_order=True)
        .agg(
            pl.when(~lacking.any()).then(exact_sum("known")).alias("below"),
            *(
                pl.when(lacking.any()).then(pl.format(words, names)).otherwise(pl.lit("")).alias(name)
                for name, words in zip(("below_reason", "below_reason_en"), known.lacking, strict=True)
            ),
        )
    )
