"""Which price list, in which version, holds for a point from one day to another, with what is agreed there. Pure.

A stretch is a part of one month in which everything agreed stays the same. A month in which a price list or a subscription
changes has several; charges by the year or month are shared out by days, energy goes to the stretch it was used in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from config.domain.estate import Agreed, MeteringPoint, agreed_on
from config.domain.indicators import Missing
from config.domain.tariffs import Tariffs
from services.analysis.bill.frames import NO_TARIFF, TIME

FIRST, AFTER_LAST = date(1900, 1, 1), date(2200, 1, 1)
DAY = 86_400  # s
_STRETCH: dict[str, Any] = {
    "point": pl.String,
    "carrier": pl.String,
    "resolution": pl.Float64,
    "tariff": pl.String,
    "from": pl.Date,
    "to": pl.Date,
    "subscribed_kw": pl.Float64,
    "fuse_a": pl.Int64,
    "heat_power_kw": pl.Float64,
    "flow": pl.String,
    "reactive": pl.String,
}


@dataclass(frozen=True)
class Agreements:
    """Attributes:
    stretches: a row a stretch: `stretch` (its number), the columns of what is agreed, `month`, `version`, `since`, `until`
        (UTC), `first_day`, `last_day`, `month_share` (days of the month's), `weight` (of those of the month's days that
        the price list is paid for).
    lacking: `point`, `carrier`, `month`, `tariff`, `reason`, `reason_en`: months of which a day has no price list.
    """

    stretches: pl.DataFrame
    lacking: pl.DataFrame


def agreements(points: Iterable[MeteringPoint], tariffs: Tariffs, asked: pl.DataFrame, zone: str) -> Agreements:
    """What holds for the points in the months asked for (ASKED), days being those of `zone` (as polars names it)."""
    agreed = pl.DataFrame([row for point in points for row in _agreed(point)], schema=_STRETCH, orient="row")
    versions = pl.DataFrame(
        [(item.id, item.version, item.valid_from, item.valid_to or AFTER_LAST) for item in tariffs.tariffs],
        schema={"tariff": pl.String, "version": pl.String, "version_from": pl.Date, "version_to": pl.Date},
        orient="row",
    )
    spans = (
        asked.filter(pl.col("since") < pl.col("until"))
        .join(agreed, on="point", maintain_order="left")
        .with_columns(_later("since", _midnight("from", zone)), _earlier("until", _midnight("to", zone)))
        .filter(pl.col("since") < pl.col("until"))
    )
    dated = (
        spans.join(versions, on="tariff", maintain_order="left")
        .with_columns(_later("since", _midnight("version_from", zone)), _earlier("until", _midnight("version_to", zone)))
        .filter(pl.col("since") < pl.col("until"))
        .sort("point", "month", "tariff", "since")
        .with_columns(_seconds(zone).alias("seconds"))
    )
    there = [pl.col(name).dt.convert_time_zone(zone) for name in ("since", "until")]
    key = ("point", "month", "tariff")
    stretches = dated.with_columns(
        (pl.col("seconds") / (pl.col("month").dt.days_in_month().cast(pl.Int64) * DAY)).alias("month_share"),
        (pl.col("seconds") / pl.col("seconds").sum().over(key)).alias("weight"),
        there[0].dt.date().alias("first_day"),
        (there[1] - pl.duration(microseconds=1)).dt.date().alias("last_day"),
    ).with_row_index("stretch")
    return Agreements(stretches, _lacking(spans.with_columns(_seconds(zone).alias("needed")), dated, tariffs, zone))


def _agreed(point: MeteringPoint) -> list[tuple[object, ...]]:
    """A row a price list and stretch of days in which nothing that is agreed changes; one without a list where there is none."""
    terms: tuple[Agreed[Any], ...] = (*point.tariffs, *point.subscribed_kw, *point.fuse_a, *point.heat_power_kw)
    bounds = sorted({FIRST, AFTER_LAST, *(on for term in terms for on in (term.valid_from, term.valid_to) if on is not None)})
    rows: list[tuple[object, ...]] = []
    for first, after in pairwise(bounds):
        held = [term.value for term in point.tariffs if term.holds(first)]
        what = (
            first,
            after,
            agreed_on(point.subscribed_kw, first),
            agreed_on(point.fuse_a, first),
            agreed_on(point.heat_power_kw, first),
            point.flow,
            point.reactive,
        )
        rows += [(point.id, point.carrier.value, point.resolution, name, *what) for name in dict.fromkeys(held) or [None]]
    return rows


def _lacking(spans: pl.DataFrame, dated: pl.DataFrame, tariffs: Tariffs, zone: str) -> pl.DataFrame:
    """Months with days that no price list holds on: none is named, or the named one has no price."""
    none = spans.filter(pl.col("tariff").is_null()).with_columns(
        pl.lit("").alias("tariff"),
        *(pl.format(words, pl.col("point")).alias(name) for name, words in _words(NO_TARIFF)),
    )
    key = ["point", "month", "tariff", "from"]
    priced = dated.group_by(key).agg(pl.col("seconds").sum())
    holes = spans.filter(pl.col("tariff").is_not_null()).join(priced, on=key, how="left", maintain_order="left")
    holes = holes.filter(pl.col("needed") > pl.col("seconds").fill_null(0))
    first, after = pl.col("since").dt.convert_time_zone(zone).dt.date(), pl.col("until").dt.convert_time_zone(zone)
    days = holes.select("tariff", first, (after - pl.duration(microseconds=1)).dt.date()).rows()
    reasons = [_hole(tariffs, *row) for row in days]
    told = holes.with_columns(
        pl.Series("reason", [item.reason_sv for item in reasons], dtype=pl.String),
        pl.Series("reason_en", [item.reason_en for item in reasons], dtype=pl.String),
    )
    columns = ["point", "carrier", "month", "tariff", "reason", "reason_en"]
    return pl.concat([none.select(columns), told.select(columns)]).unique(["point", "month", "tariff"], maintain_order=True)


def _hole(tariffs: Tariffs, name: str, first: date, last: date) -> Missing:
    """The words for the first day without a price."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    found = next(item for day in days if isinstance(item := tariffs.tariff(name, day), Missing))
    out, out_en = "För in prislistan i tariffs.yaml.", "Enter the price list in tariffs.yaml."
    return Missing(f"{found.reason_sv} {out}", f"{found.reason_en} {out_en}")


def _words(missing: Missing) -> tuple[tuple[str, str], ...]:
    return ("reason", missing.reason_sv), ("reason_en", missing.reason_en)


def _midnight(column: str, zone: str) -> pl.Expr:
    return pl.col(column).cast(pl.Datetime("us")).dt.replace_time_zone(zone).dt.convert_time_zone("UTC").cast(TIME)


def _later(column: str, other: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(pl.col(column), other).alias(column)


def _earlier(column: str, other: pl.Expr) -> pl.Expr:
    return pl.min_horizontal(pl.col(column), other).alias(column)


def _seconds(zone: str) -> pl.Expr:
    """From `since` to `until` by the wall clock: the day of a clock change is as long as any other."""
    since, until = (pl.col(name).dt.convert_time_zone(zone).dt.replace_time_zone(None) for name in ("since", "until"))
    return (until - since).dt.total_seconds()
