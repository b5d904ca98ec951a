"""Registers to hourly intervals of a metering point. Pure: frames in, frames out.

The way: readings become one row of knots, each the register's progress since the first (`known`); between two knots it rises
evenly. Where no register difference is to be believed, progress stands still and so does `known_us`, the time that is known. An
hour is then the difference between its two edges, read off that line, and how it came about follows from how much of it is known.

This module settles clean registers, gaps, exchanges on record and readings that fall back for a while. The signature is final;
what else happens to registers (rollover, exchange without record, wrong clocks, stuck values) is the next issue's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from config.domain.estate import Direction, Installation, MeteringPoint
from config.domain.intervals import Finding, Method
from config.domain.quantities import UNITS
from services.settlement.installed import exchanges, gaps
from services.settlement.reach import NEIGHBOURS
from services.settlement.registers import believable

_HOUR_US = 3_600_000_000
_ROUNDING_US = 1_000  # what interpolating times of whole microseconds may lose


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of one window of one point.

    Attributes:
        intervals: one row an hour from start to end, none left out; columns `start` (UTC), `value` (null exactly where the
            method is missing), `coverage` (0..1), `method` (`config.domain.intervals.Method`).
        findings: oddities, by start.
    """

    intervals: pl.DataFrame
    findings: tuple[Finding, ...]


def settle(
    point: MeteringPoint, installations: Sequence[Installation], readings: pl.DataFrame, start: datetime, end: datetime
) -> Settlement:
    """Hourly intervals of `point` from `start` to `end` (whole UTC hours).

    An hour with a register difference over all of it is measured, or interpolated where the difference spans more than
    neighbouring readings; any other hour is missing. Values of a point whose register only rises are never negative.

    Args:
        installations: of the point, by start; the seam between two is an exchange on record.
        readings: columns `time` (UTC, null where the device sent none), `received` (UTC), `meter`, `value`, `unit`; any order,
            duplicates allowed; some may lie outside the window and are used.
    """
    ordered = sorted(installations, key=lambda item: item.start)
    registers = _with_notes(ordered, _of_installations(point, ordered, readings))
    good, oddities = believable(point, registers)
    intervals = _hours(_knots(good), start, end, may_fall=point.direction is Direction.NET)
    findings = [*oddities, *exchanges(point, ordered), *gaps(point, ordered, good, start, end)]
    touching = [item for item in findings if item.start < end and (item.end > start or item.end == item.start == start)]
    return Settlement(intervals, tuple(sorted(touching, key=lambda item: (item.start, item.end, item.code))))


def _of_installations(point: MeteringPoint, installations: Sequence[Installation], readings: pl.DataFrame) -> pl.DataFrame:
    """Readings of meters while they were installed: columns `installation` (number), `time`, `value` in the point's unit.

    One reading a time: the one received last counts, as a correction would be.
    """
    stored = UNITS[point.unit]
    factors = {name: unit.factor / stored.factor for name, unit in UNITS.items() if unit.dimension == stored.dimension}
    converted = readings.select(
        pl.coalesce("time", "received").dt.cast_time_unit("us").alias("time"),
        "received",
        "meter",
        (pl.col("value") * pl.col("unit").replace_strict(factors, default=None, return_dtype=pl.Float64)).alias("value"),
    ).filter(pl.col("value").is_finite())
    parts = [
        converted.filter(
            (pl.col("meter") == item.meter)
            & (pl.col("time") >= item.start)
            & (pl.lit(True) if item.end is None else pl.col("time") <= item.end)
        ).with_columns(pl.lit(number, pl.Int32).alias("installation"))
        for number, item in enumerate(installations)
    ]
    if not parts:
        return pl.DataFrame(schema={"installation": pl.Int32, "time": pl.Datetime("us", "UTC"), "value": pl.Float64})
    return (
        pl.concat(parts)
        .sort("installation", "time", "received", "value")
        .unique(subset=["installation", "time"], keep="last", maintain_order=True)
        .select("installation", "time", "value")
    )


def _with_notes(installations: Sequence[Installation], readings: pl.DataFrame) -> pl.DataFrame:
    """The readings with the registers noted at installation and removal; a note counts before a message of the same instant."""
    notes = [
        (number, moment, register)
        for number, item in enumerate(installations)
        for moment, register in ((item.start, item.start_register), (item.end, item.end_register))
        if moment is not None and register is not None
    ]
    noted = pl.DataFrame(notes, schema=readings.schema, orient="row")
    return (
        pl.concat([noted, readings])
        .unique(subset=["installation", "time"], keep="first", maintain_order=True)
        .sort("installation", "time")
    )


def _knots(good: pl.DataFrame) -> pl.DataFrame:
    """Columns `time`, `known` (progress), `known_us` and `close_us` (time known, and between neighbours), all of them sums."""
    same = pl.col("stretch") == pl.col("stretch").shift(1)
    step_us = pl.when(same).then(pl.col("time").diff().dt.total_microseconds()).otherwise(0).fill_null(0)
    return good.select(
        "time",
        pl.when(same).then(pl.col("value").diff()).otherwise(0.0).fill_null(0.0).cum_sum().alias("known"),
        step_us.cum_sum().alias("known_us"),
        pl.when(step_us <= NEIGHBOURS // timedelta(microseconds=1)).then(step_us).otherwise(0).cum_sum().alias("close_us"),
    )


def _hours(knots: pl.DataFrame, start: datetime, end: datetime, may_fall: bool) -> pl.DataFrame:
    """The intervals: differences of the knots' line between whole hours."""
    edges = pl.select(pl.datetime_range(start, end, "1h", time_unit="us", time_zone="UTC").alias("edge"))
    before = knots.select(pl.all().name.suffix("_before")).sort("time_before", maintain_order=True)
    after = knots.select(pl.all().name.suffix("_after")).sort("time_after", maintain_order=True)
    lines = (
        edges.set_sorted("edge")
        .join_asof(before, left_on="edge", right_on="time_before", strategy="backward", coalesce=False)
        .join_asof(after, left_on="edge", right_on="time_after", strategy="forward", coalesce=False)
    )
    span_us = (pl.col("time_after") - pl.col("time_before")).dt.total_microseconds()
    share = pl.when(span_us > 0).then((pl.col("edge") - pl.col("time_before")).dt.total_microseconds() / span_us).otherwise(0.0)
    at_edges = lines.select(
        pl.col("edge").alias("start"),
        *(
            # Outside the first and last knot nothing is known: the sums stand still.
            pl.coalesce(
                pl.col(f"{name}_before") + share * (pl.col(f"{name}_after") - pl.col(f"{name}_before")),
                pl.col(f"{name}_before"),
                pl.col(f"{name}_after"),
                pl.lit(0.0),
            ).alias(name)
            for name in ("known", "known_us", "close_us")
        ),
    )
    whole = pl.col("known_us") >= _HOUR_US - _ROUNDING_US
    # Rounding in the interpolation must not make a standing register run backwards.
    known = pl.col("known") if may_fall else pl.col("known").clip(lower_bound=0.0)
    close = pl.col("close_us") >= _HOUR_US - _ROUNDING_US
    return (
        at_edges.select(
            "start", *((pl.col(name).shift(-1) - pl.col(name)).alias(name) for name in ("known", "known_us", "close_us"))
        )
        .head(-1)
        .select(
            "start",
            pl.when(whole).then(known).alias("value"),
            pl.when(close).then(1.0).otherwise((pl.col("close_us") / _HOUR_US).clip(0.0, 1.0)).alias("coverage"),
            pl.when(whole & close)
            .then(pl.lit(Method.MEASURED.value))
            .when(whole)
            .then(pl.lit(Method.INTERPOLATED.value))
            .otherwise(pl.lit(Method.MISSING.value))
            .alias("method"),
        )
    )
