"""One figure by another of the same subject and period: at every level a ratio of sums, never a mean of ratios. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from config.domain.estate import UNHEATED_KINDS, Carrier, Portfolio
from config.domain.indicators import SubjectKind
from services.figures.calculation import Ratio
from services.figures.frames import FIGURES, completed, exact_sum, ungated
from services.figures.groups import membership

HOURS = "hours"  # of the period, as a denominator
_LENGTH = (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64)
_WELL_KNOWN = [pl.lit(0.0).alias("below_uncertainty"), pl.lit(1.0).alias("below_coverage"), pl.lit("input").alias("below_lacks")]
_ROW = ("subject_kind", "subject", "period", "start", "end", "zone")


def ratios(figures: pl.DataFrame, declared: Sequence[Ratio], portfolio: Portfolio) -> pl.DataFrame:
    """Every declared ratio of which the numerator is among `figures`, before the gate.

    All ratios of a kind are made by one join: there are dozens of them, and a small join costs as much as a large one.
    """
    open_figures = ungated(figures)
    above = (
        open_figures.join(
            _declared(declared), left_on=["indicator", "period"], right_on=["numerator", "period"], maintain_order="left"
        )
        .filter((pl.col("carriers").list.len() == 0) | pl.col("carrier").is_in(pl.col("carriers")))
        .with_columns(
            pl.coalesce("denominator_carrier", "carrier").alias("below_carrier"),
            pl.when("per_hour")
            .then((pl.col("end") - pl.col("start")).dt.total_hours())
            .otherwise(1)
            .cast(pl.Float64)
            .alias("spread"),
        )
    )
    standing = pl.col("denominator").is_in([*_STANDING, HOURS])
    parts = [
        _quotients(_by_figures(above.filter(~standing), open_figures)),
        _quotients(_by_hours(above.filter(pl.col("denominator") == HOURS))),
        *(
            _quotients(
                above.filter(pl.col("denominator") == name).join(
                    _standing(known, portfolio), on=["subject_kind", "subject"], maintain_order="left"
                )
            )
            for name, known in _STANDING.items()
        ),
    ]
    return pl.concat([pl.DataFrame(schema=dict(FIGURES)), *parts])


def _declared(declared: Sequence[Ratio]) -> pl.DataFrame:
    """One row a ratio and kind of period."""
    rows = [
        (
            ratio.indicator,
            ratio.numerator,
            ratio.denominator,
            ratio.denominator_carrier,
            list(ratio.carriers),
            kind.value,
            ratio.per_hour,
            ratio.scale,
            ratio.undefined.reason_sv,
            ratio.undefined.reason_en,
        )
        for ratio in declared
        for kind in sorted(ratio.periods)
    ]
    schema: dict[str, Any] = {
        **dict.fromkeys(("ratio", "numerator", "denominator", "denominator_carrier"), pl.String),
        "carriers": pl.List(pl.String),
        "period": pl.String,
        "per_hour": pl.Boolean,
        "scale": pl.Float64,
        "undefined": pl.String,
        "undefined_en": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _by_figures(above: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """With the denominator beside each. What has none at all (a group has no peak) has no such ratio; a building says why."""
    below = figures.select(
        *_ROW,
        pl.col("indicator").alias("denominator"),
        pl.col("carrier").alias("below_carrier"),
        pl.col("value").alias("below"),
        *(pl.col(name).alias(f"below_{name}") for name in ("uncertainty", "coverage", "lacks", "reason", "reason_en")),
    )
    joined = above.join(below, on=[*_ROW, "denominator", "below_carrier"], how="left", maintain_order="left")
    return joined.filter(pl.col("below_lacks").is_not_null() | (pl.col("subject_kind") == SubjectKind.BUILDING.value))


def _by_hours(above: pl.DataFrame) -> pl.DataFrame:
    hours = (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64)
    return above.with_columns(
        hours.alias("below"), *_WELL_KNOWN, pl.lit("").alias("below_reason"), pl.lit("").alias("below_reason_en")
    )


def _quotients(joined: pl.DataFrame) -> pl.DataFrame:
    below = pl.col("below") * pl.col("spread")
    whole = pl.col("below").is_not_null() & (pl.col("below") != 0)
    own = pl.col("value").is_null()  # the numerator's own reason stands before the denominator's
    value = pl.when(whole & ~own).then(pl.col("value") / below * pl.col("scale"))
    relative = (
        (pl.col("uncertainty") / pl.col("value").abs()).fill_nan(0.0).fill_null(0.0) ** 2
        + (pl.col("below_uncertainty") / pl.col("below").abs()).fill_nan(0.0).fill_null(0.0) ** 2
    ).sqrt()
    return completed(
        joined.with_columns(
            value.alias("value"),
            (value.abs() * relative).alias("uncertainty"),
            pl.when(whole).then(pl.col("partial") / below * pl.col("scale")).alias("partial"),
            pl.min_horizontal("coverage", "below_coverage").alias("coverage"),
            pl.when(own).then(pl.col("lacks")).otherwise(pl.col("below_lacks").fill_null("input")).alias("lacks"),
            *(
                pl.when(own)
                .then(pl.col(name))
                .when(pl.col("below").is_null() & (pl.col(f"below_{name}").fill_null("") != ""))
                .then(pl.col(f"below_{name}"))
                .otherwise(pl.col(said))
                .alias(name)
                for name, said in (("reason", "undefined"), ("reason_en", "undefined_en"))
            ),
            pl.col("ratio").alias("indicator"),
            pl.format("{} per {}", "calculation", "denominator").alias("calculation"),
        )
    )


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


def standing(name: str, portfolio: Portfolio, kind: str, subject: str) -> float | None:
    """What is known of a subject's buildings under the name of a ratio's denominator; None where one of them lacks it.

    Raises:
        KeyError: no such name.
    """
    table = _standing(_STANDING[name], portfolio).filter((pl.col("subject_kind") == kind) & (pl.col("subject") == subject))
    return table["below"][0] if table.height else None


def is_standing(name: str) -> bool:
    """Whether a ratio's denominator is known of buildings, and no figure."""
    return name in _STANDING


def _standing(known: _Standing, portfolio: Portfolio) -> pl.DataFrame:
    """The sum over each building and group; null, with the reason, where one of the buildings lacks it."""
    of_building = known.of(portfolio)
    groups = membership(portfolio).filter(pl.col("building").is_in(list(of_building)))
    one = groups.unique("building", maintain_order=True).with_columns(
        pl.lit(SubjectKind.BUILDING.value).alias("subject_kind"), pl.col("building").alias("subject")
    )
    table = pl.DataFrame(list(of_building.items()), schema={"building": pl.String, "known": pl.Float64}, orient="row")
    both = pl.concat([one, groups]).join(table, on="building", how="left", maintain_order="left")
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
        .with_columns(_WELL_KNOWN)
    )
