"""The frames that figures are made of, and how they are added without the order of adding ever showing.

Sums are taken in whole billionths (2⁻³⁰): integers add up to the same bits in any order and in any pieces, which floats do not.
So a figure that is mended by one late day equals the figure made from everything at once. For this reason no column is divided
by a bare number: polars multiplies by the reciprocal where the column is long and divides where it is short. A power of two gives
the same both ways; for other numbers the reciprocal is written out.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from config.domain.indicators import Missing

TIME = pl.Datetime("us", "UTC")
STEPS = 2.0**30  # of one kWh; 64 bits hold eight milliard of them

# settled hours of the portfolio as it is now; one row an hour and point
HOURS: Mapping[str, Any] = {
    "building": pl.String,
    "point": pl.String,
    "reported_as": pl.String,
    "level": pl.String,
    "time": TIME,
    "day": pl.Date,
    "value": pl.Float64,
    "coverage": pl.Float64,
    "method": pl.String,
    "span_start": TIME,
    "span_end": TIME,
}

# energy (water: m³) of every subject and period that is asked for, before any gate
SUMS: Mapping[str, Any] = {
    "subject_kind": pl.String,
    "subject": pl.String,
    "building": pl.String,
    "reported_as": pl.String,
    "level": pl.String,
    "period": pl.String,
    "start": TIME,
    "end": TIME,
    "zone": pl.String,
    "value": pl.Float64,  # of the known hours; null where none is known
    "expected": pl.Float64,  # point-hours that a meter was installed, until now
    "coverage": pl.Float64,  # share of them whose energy is known from a register
    "measured": pl.Float64,  # share of them that is measured hour by hour
    "uncertainty": pl.Float64,
}

FIGURES: Mapping[str, Any] = {
    "indicator": pl.String,
    "carrier": pl.String,
    "subject_kind": pl.String,
    "subject": pl.String,
    "period": pl.String,
    "start": TIME,
    "end": TIME,
    "zone": pl.String,
    "value": pl.Float64,  # null exactly where the method is missing
    "uncertainty": pl.Float64,  # half width of the 90 % interval of `value`, or of `partial` where it is missing
    "partial": pl.Float64,  # what is known of it, gate or no gate; 0 where nothing is
    "coverage": pl.Float64,
    "weight": pl.Float64,  # point-hours behind it: what coverages are averaged with
    "method": pl.String,  # measured, estimated, missing
    "calculation": pl.String,
    "reason": pl.String,
    "reason_en": pl.String,
    "lacks": pl.String,  # "" where there is a value; "coverage": of readings; "input": of a factor, an area, a tariff
    "factors": pl.String,  # JSON, factor → version
}
KEY = ("indicator", "carrier", "subject_kind", "subject", "period", "start")

PERIODS: Mapping[str, Any] = {
    "period": pl.String,
    "start": TIME,
    "end": TIME,
    "first_day": pl.Date,
    "last_day": pl.Date,
    "zone": pl.String,
}

MEASURED_SHARE = 0.9995  # a period with less of it measured is called estimated


def exact_sum(column: str | pl.Expr) -> pl.Expr:
    """The sum in whole steps: the same bits in whatever order and pieces. Nulls are left out; of none it is 0."""
    values = pl.col(column) if isinstance(column, str) else column
    return steps(values).sum().cast(pl.Float64) * (1 / STEPS)


def steps(values: pl.Expr) -> pl.Expr:
    """Each value in whole steps."""
    return (values * STEPS).round().cast(pl.Int64)


def hours_between(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Hours from one instant to another, whole hours exactly."""
    seconds = (end - start).dt.total_seconds()
    return (seconds // 3600).cast(pl.Float64) + (seconds % 3600).cast(pl.Float64) * (1 / 3600)


def empty(schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(schema))


def completed(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every column of FIGURES, in order: what a calculation may leave out is filled with what it means.

    Optional: `carrier` (""), `uncertainty` (0), `partial` (the value), `coverage` (1), `weight` (1), `method` (from value and
    coverage), `reason`, `reason_en`, `lacks` ("input" where a covered figure has no value), `factors` (none).
    """
    fill: dict[str, pl.Expr] = {
        "carrier": pl.lit(""),
        "partial": pl.col("value"),
        "coverage": pl.lit(1.0),
        "weight": pl.lit(1.0),
        "method": pl.lit("measured"),
        "reason": pl.lit(""),
        "reason_en": pl.lit(""),
        "lacks": pl.lit("input"),
        "factors": pl.lit("{}"),
        "uncertainty": pl.lit(0.0),
    }
    frame = frame.with_columns(expr.alias(name) for name, expr in fill.items() if name not in frame.columns)
    given = pl.col("value").is_finite().fill_null(value=False)
    measured = (pl.col("method") == "measured") & (pl.col("coverage") >= MEASURED_SHARE)
    return frame.with_columns(
        pl.when(given).then(pl.col("value")).alias("value"),
        *(pl.when(pl.col(name).is_finite()).then(pl.col(name)).otherwise(0.0).alias(name) for name in ("partial", "uncertainty")),
        pl.col("coverage").fill_nan(0.0).fill_null(0.0).clip(0.0, 1.0),
        pl.when(~given)
        .then(pl.lit("missing"))
        .when(measured)
        .then(pl.lit("measured"))
        .otherwise(pl.lit("estimated"))
        .alias("method"),
        # a value needs no reason, and a missing one always has one
        *(
            pl.when(given).then(pl.lit("")).otherwise(pl.col(name).fill_null("")).alias(name)
            for name in ("reason", "reason_en", "lacks")
        ),
    ).select(pl.col(name).cast(kind) for name, kind in FIGURES.items())


def ungated(figures: pl.DataFrame) -> pl.DataFrame:
    """`figures` as they were before the gate: what is known counts, however little it is."""
    closed = pl.col("lacks") == "coverage"
    return figures.with_columns(
        pl.when(closed & (pl.col("weight") > 0) & (pl.col("coverage") > 0))
        .then(pl.col("partial"))
        .otherwise(pl.col("value"))
        .alias("value"),
    )


def lacking(missing: Missing) -> tuple[pl.Expr, pl.Expr]:
    """The two reason columns of a figure that lacks something."""
    return pl.lit(missing.reason_sv).alias("reason"), pl.lit(missing.reason_en).alias("reason_en")
