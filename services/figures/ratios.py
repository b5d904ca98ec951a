"""One figure by another of the same subject and period: at every level a ratio of sums, never a mean of ratios. Pure.

What stands (an area, a plant's peak power) counts by the share of the period in which the building was measured: of a building
that was bought in the middle of a year half the energy is in the portfolio's sum, and so half its area is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from config.domain.estate import UNHEATED_KINDS, Carrier, MeteringPoint, Portfolio
from config.domain.indicators import SubjectKind
from config.domain.periods import Period
from services.figures.calculation import Ratio
from services.figures.frames import FIGURES, TIME, completed, exact_sum, hours_between, ungated
from services.figures.groups import membership

HOURS = "hours"  # of the period, as a denominator
_WELL_KNOWN = [
    pl.lit(0.0).alias("below_uncertainty"),
    pl.lit(1.0).alias("below_coverage"),
    pl.lit("input").alias("below_lacks"),
    pl.lit(value=False).alias("below_closed"),
]
_SUBJECT = ("subject_kind", "subject")
_ROW = (*_SUBJECT, "period", "start", "end", "zone")


def ratios(figures: pl.DataFrame, declared: Sequence[Ratio], portfolio: Portfolio, until: datetime) -> pl.DataFrame:
    """Every declared ratio of which the numerator is among `figures`, before the gate.

    All ratios of a kind are made by one join: there are dozens of them, and a small join costs as much as a large one.

    Args:
        figures: before the gate; one that is closed all the same closes its ratios, which say what is known.
        until: what comes after it has not been used yet.
    """
    is_open = figures["value"].is_not_null()
    open_figures = ungated(figures).with_columns((pl.col("value").is_not_null() & ~is_open).alias("closed"))
    above = (
        open_figures.join(
            _declared(declared), left_on=["indicator", "period"], right_on=["numerator", "period"], maintain_order="left"
        )
        .filter((pl.col("carriers").list.len() == 0) | pl.col("carrier").is_in(pl.col("carriers")))
        .with_columns(
            pl.coalesce("denominator_carrier", "carrier").alias("below_carrier"),
            pl.when("per_hour").then(_hours_known(until)).otherwise(1.0).alias("spread"),
        )
    )
    standing = pl.col("denominator").is_in([*_STANDING, HOURS])
    parts = [
        _quotients(_by_figures(above.filter(~standing), open_figures)),
        _quotients(_by_hours(above.filter(pl.col("denominator") == HOURS))),
        *(
            _quotients(over.join(_standing(known, portfolio, until, over), on=[*_SUBJECT, "start", "end"], maintain_order="left"))
            for name, known in _STANDING.items()
            for over in (above.filter(pl.col("denominator") == name),)
        ),
    ]
    return pl.concat([pl.DataFrame(schema=dict(FIGURES)), *parts])


def _hours_known(until: datetime) -> pl.Expr:
    """Those of the period that are over and known: the known energy by them is the mean power."""
    over = hours_between(pl.col("start"), pl.min_horizontal("end", pl.lit(until)))
    return over * pl.when(pl.col("coverage") > 0).then("coverage").otherwise(1.0)


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
        *(pl.col(name).alias(f"below_{name}") for name in ("uncertainty", "coverage", "lacks", "reason", "reason_en", "closed")),
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
    own = pl.col("value").is_null() | pl.col("closed")  # the numerator's own reason stands before the denominator's
    closed_below = pl.col("below_closed").fill_null(value=False)
    quotient = pl.col("value") / below * pl.col("scale")
    relative = (
        (pl.col("uncertainty") / pl.col("value").abs()).fill_nan(0.0).fill_null(0.0) ** 2
        + (pl.col("below_uncertainty") / pl.col("below").abs()).fill_nan(0.0).fill_null(0.0) ** 2
    ).sqrt()
    return completed(
        joined.with_columns(
            pl.when(whole & ~own & ~closed_below).then(quotient).alias("value"),
            pl.when(whole).then(quotient.abs() * relative).alias("uncertainty"),
            pl.when(whole).then(pl.col("partial") / below * pl.col("scale")).alias("partial"),
            pl.min_horizontal("coverage", "below_coverage").alias("coverage"),
            pl.when(own).then(pl.col("lacks")).otherwise(pl.col("below_lacks").fill_null("input")).alias("lacks"),
            *(
                pl.when(own)
                .then(pl.col(name))
                .when((pl.col("below").is_null() | closed_below) & (pl.col(f"below_{name}").fill_null("") != ""))
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


def _measures(_: MeteringPoint) -> bool:
    return True


def _is_plant(point: MeteringPoint) -> bool:
    return point.carrier is Carrier.SOLAR


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is known of buildings by the portfolio; `lacking` is said where it is not, {} being the buildings.

    Attributes:
        by: the main points by which a building counts, while one of them is installed.
    """

    of: Callable[[Portfolio], Mapping[str, float | None]]
    by: Callable[[MeteringPoint], bool]
    lacking: tuple[str, str]


_STANDING = {
    "area_m2": _Standing(
        _area,
        _measures,
        (
            "Arean saknas för {}: ange area_m2 (Atemp) i portfolio.yaml.",
            "No area for {}: enter area_m2 (Atemp) in portfolio.yaml.",
        ),
    ),
    "solar_kwp": _Standing(
        _solar_kwp,
        _is_plant,
        (
            "Toppeffekten saknas för {}: ange max_power_kw vid solcellernas mätpunkt i portfolio.yaml.",
            "No peak power for {}: enter max_power_kw at the solar plant's point in portfolio.yaml.",
        ),
    ),
}


def standing(name: str, portfolio: Portfolio, kind: str, subject: str, period: Period, until: datetime) -> float | None:
    """What is known of a subject's buildings under the name of a ratio's denominator; None where one of them lacks it.

    Each building counts by the share of the period, as far as it is over, in which it was measured.

    Raises:
        KeyError: no such name.
    """
    asked = pl.DataFrame(
        [(kind, subject, period.start, period.end)],
        schema={"subject_kind": pl.String, "subject": pl.String, "start": TIME, "end": TIME},
        orient="row",
    )
    table = _standing(_STANDING[name], portfolio, until, asked)
    return table["below"][0] if table.height else None


def known_hours(period: Period, until: datetime, coverage: float) -> float:
    """What a ratio per hour is divided by: the hours of the period that are over, by the share that is known. [h]"""
    return (min(period.end, until) - period.start) / timedelta(hours=1) * (coverage if coverage > 0 else 1.0)


def is_standing(name: str) -> bool:
    """Whether a ratio's denominator is known of buildings, and no figure."""
    return name in _STANDING


def _standing(known: _Standing, portfolio: Portfolio, until: datetime, asked: pl.DataFrame) -> pl.DataFrame:
    """The sum over each building and group and period asked for; null, with the reason, where one of the buildings lacks it."""
    of_building = known.of(portfolio)
    wanted = asked.select(*_SUBJECT, "start", "end").unique(maintain_order=True)
    groups = membership(portfolio).filter(pl.col("building").is_in(list(of_building)))
    one = groups.unique("building", maintain_order=True).with_columns(
        pl.lit(SubjectKind.BUILDING.value).alias("subject_kind"), pl.col("building").alias("subject")
    )
    members = pl.concat([one, groups]).join(wanted.select(_SUBJECT).unique(), on=_SUBJECT, how="semi", maintain_order="left")
    table = pl.DataFrame(list(of_building.items()), schema={"building": pl.String, "known": pl.Float64}, orient="row")
    shares = _shares(_spans(known.by, portfolio, set(members["building"])), wanted.select("start", "end").unique(), until)
    both = (
        members.join(table, on="building", how="left", maintain_order="left")
        .join(wanted, on=_SUBJECT, maintain_order="left")
        .join(shares, on=["building", "start", "end"], how="left", maintain_order="left")
        .with_columns(pl.col("share").fill_null(0.0))
    )
    counts = pl.col("share") > 0
    lacking = pl.col("known").is_null() & counts
    names = pl.col("name").filter(lacking).head(3).str.join(", ")
    return (
        both.sort(*_SUBJECT, "start", "end", "building")
        .group_by(*_SUBJECT, "start", "end", maintain_order=True)
        .agg(
            pl.when(~lacking.any()).then(exact_sum(pl.col("known") * pl.col("share"))).alias("below"),
            *(
                pl.when(lacking.any()).then(pl.format(words, names)).otherwise(pl.lit("")).alias(name)
                for name, words in zip(("below_reason", "below_reason_en"), known.lacking, strict=True)
            ),
        )
        .with_columns(_WELL_KNOWN)
    )


def _shares(spans: pl.DataFrame, periods: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """`building`, `start`, `end`, `share`: in how much of each period, as far as it is over, one of the spans lies."""
    over = pl.min_horizontal("end", pl.lit(until))
    within = pl.min_horizontal(over, pl.col("to").fill_null(pl.col("end"))) - pl.max_horizontal("start", "from")
    length = (over - pl.col("start")).dt.total_seconds()
    return (
        spans.join(periods, how="cross")
        .filter((length > 0) & (within.dt.total_seconds() > 0))
        .group_by("building", "start", "end")
        .agg(within.dt.total_seconds().sum().alias("seconds"))
        .select("building", "start", "end", (pl.col("seconds") / length).alias("share"))
    )


def _spans(by: Callable[[MeteringPoint], bool], portfolio: Portfolio, buildings: set[str]) -> pl.DataFrame:
    """`building`, `from`, `to` (null: still): when a main point was installed. Those of a building do not overlap."""
    installed: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for point in portfolio.points.values():
        if point.building in buildings and point.parent is None and by(point):
            spans = [(item.start, item.end) for item in portfolio.installations_of[point.id]]
            installed.setdefault(point.building, []).extend(spans)
    rows = [(building, *span) for building, spans in installed.items() for span in _joined(spans)]
    return pl.DataFrame(rows, schema={"building": pl.String, "from": TIME, "to": TIME}, orient="row")


def _joined(spans: Iterable[tuple[datetime, datetime | None]]) -> list[tuple[datetime, datetime | None]]:
    """Spans that touch or overlap as one."""
    found: list[tuple[datetime, datetime | None]] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        last = found[-1][1] if found else start
        if found and (last is None or start <= last):
            found[-1] = (found[-1][0], None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return found
