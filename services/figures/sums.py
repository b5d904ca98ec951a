"""Energy of points and buildings by day and month, with what is known of it. Pure.

Coverage of a day or month is the share of its hours whose energy is known from a register: measured hours, and hours that share a
register difference (their sum is exact, whoever shared it out). Uncertainty, as the half width of a 90 % interval:

- the register's rounding, at either end of each unbroken stretch: resolution²/12 each;
- a difference that reaches over the period's edge: how it was shared out is a guess. Its error over k of n hours is taken as
  2·s·√(k·(n−k)/n), s being the spread of the point's measured hours in the month; 2, because neighbouring hours are alike;
- estimated hours: s·√(hours·24), a whole day of them being wrong in the same way;
- hours that are missing are not in the sum: the mean of the known ones for each is added to the half width. Of a point that is
  silent for the whole period there are none, and it is taken to use what the building's other main points of its kind do.

The first meter of a building's carrier is expected from the beginning of the period that it was installed in: what came in before
it came from somewhere, so half a month that is known is no month. Not so of a plant's production or of what is sent out, nor of a
further meter, which measures what was not there before.
"""

from datetime import datetime

import polars as pl

from config.domain.estate import Carrier, Portfolio
from services.figures.frames import SUMS, exact_sum, hours_between
from services.figures.hours import installed_spans

Z90 = 1.6449  # standard deviations to either side that hold 90 % of a normal distribution
ALIKE = 2.0  # how much worse a shared-out difference is than if hours were independent
_POINT = ("point", "building", "reported_as", "level")


def sums(
    hours: pl.DataFrame, portfolio: Portfolio, periods: pl.DataFrame, until: datetime, buildings: tuple[str, ...]
) -> pl.DataFrame:
    """SUMS of the points and the buildings for every day and month of `periods`, those without an hour too.

    Args:
        hours: HOURS of the periods, whole months, by point and time.
        until: hours from here on are not expected yet.
    """
    points = installed_spans(portfolio, buildings).with_columns(_is_first())
    if points.is_empty() or periods.is_empty():
        return pl.DataFrame(schema=dict(SUMS))
    spreads = _spreads(hours)
    parts = []
    for kind, key in (("day", pl.col("day")), ("month", pl.col("day").dt.month_start())):
        asked = periods.filter(pl.col("period") == kind)
        if asked.height:
            parts.append(_point_sums(hours, points, spreads, asked, key, until))
    of_points = pl.concat(parts)
    return pl.concat([_as_sums(of_points, "point"), _as_sums(_of_buildings(of_points), "building")])


def _is_first() -> pl.Expr:
    """Whether nothing measured the use of the building's carrier before the point did."""
    main, used = pl.col("level") == "main", ~_is_made_or_sent_out()
    first = pl.col("installed_from").filter(main).min().over("building", "reported_as")
    return (main & used & (pl.col("installed_from") == first)).fill_null(value=False).alias("is_first")


def _is_made_or_sent_out() -> pl.Expr:
    return (pl.col("reported_as") == Carrier.SOLAR.value) | pl.col("reported_as").str.ends_with("_export")


def _spreads(hours: pl.DataFrame) -> pl.DataFrame:
    """Standard deviation of each point's measured hours in each month; where few are measured, the mean of all."""
    measured = pl.col("value").filter(pl.col("method") == "measured")
    usual = pl.when(measured.len() >= 24).then(measured.std()).otherwise(pl.col("value").abs().mean())
    by_month = hours.group_by("point", pl.col("day").dt.month_start().alias("month"), maintain_order=True)
    return by_month.agg(usual.fill_null(0.0).alias("spread"))


def _point_sums(
    hours: pl.DataFrame, points: pl.DataFrame, spreads: pl.DataFrame, asked: pl.DataFrame, key: pl.Expr, until: datetime
) -> pl.DataFrame:
    begun = pl.col("is_first") & (pl.col("installed_from") < pl.min_horizontal("end", pl.lit(until)))
    expected = (
        points.join(asked, how="cross")
        .with_columns(
            pl.when(begun).then("start").otherwise(pl.max_horizontal("start", "installed_from")).alias("from"),
            pl.min_horizontal("end", pl.col("installed_to").fill_null(pl.col("end")), pl.lit(until)).alias("to"),
        )
        .with_columns(hours_between(pl.col("from"), pl.col("to")).clip(lower_bound=0.0).alias("expected"))
        .select(*_POINT, "resolution", "period", "start", "end", "first_day", "zone", "expected")
    )
    estimated = pl.col("method") == "estimated"
    known = pl.col("value").is_not_null()
    over_start = (pl.col("span_start") < pl.col("start")) & (pl.col("time") == pl.col("start"))
    over_end = (pl.col("span_end") > pl.col("end")) & (pl.col("time") + pl.duration(hours=1) == pl.col("end"))
    in_period = hours.join(asked.select("first_day", "start", "end"), left_on=key, right_on="first_day", maintain_order="left")
    begins = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in ("point", "start"))
    totals = (
        in_period.with_columns(
            # a span that reaches over the period's edge: the first hour in it tells of the start, the last of the end
            pl.when(over_start).then(_edge("start")).alias("at_start"),
            pl.when(over_end).then(_edge("end")).alias("at_end"),
            (~known & (known.shift(1, fill_value=True) | begins)).alias("broken"),
            begins.cum_sum().alias("run"),  # hours come by point and time, so a number does for both
        )
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("point", "start").first(),
            pl.when(known.any()).then(exact_sum("value")).alias("value"),
            known.sum().cast(pl.Float64).alias("known"),
            (known & ~estimated).sum().cast(pl.Float64).alias("covered"),
            exact_sum(pl.when(pl.col("method") == "measured").then(pl.col("coverage")).otherwise(0.0)).alias("measured_hours"),
            (known & estimated).sum().cast(pl.Float64).alias("estimated_hours"),
            pl.col("broken").sum().cast(pl.Float64).alias("breaks"),
            (pl.col("at_start").sum() + pl.col("at_end").sum()).alias("shared_hours"),
        )
    )  # fmt: skip
    joined = (
        expected.join(totals, on=["point", "start"], how="left", maintain_order="left")
        .with_columns(pl.col("first_day").dt.month_start().alias("month"))
        .join(spreads, on=["point", "month"], how="left", maintain_order="left")
    )
    nought = pl.col("known", "covered", "measured_hours", "estimated_hours", "breaks", "shared_hours", "spread").fill_null(0.0)
    rounding = pl.col("resolution") ** 2 * (1 / 6) * (1 + pl.col("breaks"))
    shared = (ALIKE * pl.col("spread")) ** 2 * pl.col("shared_hours")
    modelled = pl.col("spread") ** 2 * pl.col("estimated_hours") * pl.min_horizontal("estimated_hours", pl.lit(24.0))
    lost = (pl.col("expected") - pl.col("known")).clip(lower_bound=0.0)
    return (
        joined.with_columns(nought)
        .with_columns(pl.min_horizontal("covered", "expected").alias("covered"), pl.min_horizontal("measured_hours", "expected"))
        .with_columns(
            (rounding + shared + modelled).alias("variance"),
            pl.when(pl.col("known") > 0).then(pl.col("value").abs() / pl.col("known") * lost).otherwise(0.0).alias("lost"),
        )
        .select(
            *(*_POINT, "period", "start", "end", "zone"),
            *("value", "known", "expected", "covered", "measured_hours", "variance", "lost"),
        )
    )


def _edge(edge: str) -> pl.Expr:
    """k·(n−k)/n of a span of n hours, k of them on one side of the period's edge."""
    length = hours_between(pl.col("span_start"), pl.col("span_end"))
    before = hours_between(pl.col("span_start"), pl.col(edge))
    return before * (length - before) / length


def _of_buildings(points: pl.DataFrame) -> pl.DataFrame:
    """Main points added; a sub-meter's use is in its parent's."""
    silent = pl.col("known") == 0
    return (
        points.filter(pl.col("level") == "main")
        .sort("building", "reported_as", "start", "point")
        .group_by("building", "reported_as", "period", "start", "end", "zone", maintain_order=True)
        .agg(
            pl.when(pl.col("value").is_not_null().any()).then(exact_sum("value")).alias("value"),
            *(exact_sum(name).alias(name) for name in ("known", "expected", "covered", "measured_hours", "lost")),
            exact_sum(pl.col("value").abs()).alias("used"),
            exact_sum(pl.col("expected").filter(silent)).alias("silent"),
            pl.col("variance").sum(),
        )
        .with_columns(
            pl.when(pl.col("known") > 0)
            .then(pl.col("lost") + pl.col("used") / pl.col("known") * pl.col("silent"))
            .otherwise("lost")
            .alias("lost")
        )
        .with_columns(pl.col("building").alias("point"), pl.lit("main").alias("level"))
    )


def _as_sums(totals: pl.DataFrame, kind: str) -> pl.DataFrame:
    return totals.with_columns(
        pl.lit(kind).alias("subject_kind"),
        pl.col("point").alias("subject"),
        pl.when(pl.col("expected") > 0).then(pl.col("covered") / pl.col("expected")).otherwise(0.0).alias("coverage"),
        pl.when(pl.col("expected") > 0).then(pl.col("measured_hours") / pl.col("expected")).otherwise(0.0).alias("measured"),
        (Z90 * pl.col("variance").sqrt() + pl.col("lost")).alias("uncertainty"),
    ).select(pl.col(name).cast(dtype) for name, dtype in SUMS.items())
