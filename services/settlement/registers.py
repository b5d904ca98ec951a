"""Which readings of a register that only rises can be believed, and where it goes on from another level. Pure.

A register that falls and comes back was read falsely in between; one that rises at once and falls back, likewise. One that falls
and goes on from there has a new level: what was used over the fall is known to nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from config.domain.estate import Direction, MeteringPoint
from config.domain.intervals import Finding, FindingCode
from services.settlement.reach import REACH

_REACH_US = REACH // timedelta(microseconds=1)
_AT_ONCE = 0.5  # of the way back in one step: false readings end at once, a register that was reset climbs
_NOUGHT = 0.01  # of the old level: below it the register began again from nought
_OVERLOAD = 2.0  # times the connection's power: twice what a fuse gives for a while, and room for late readings


@dataclass(frozen=True, slots=True)
class _Register:
    """One installation's readings by time; `kept` says which are believed, `breaks` where a new level begins."""

    times_us: list[int]
    values: list[float]
    kept: list[bool]
    breaks: set[int]


def believable(point: MeteringPoint, readings: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """The readings that count, with a number for each stretch on one level, and what was odd.

    Args:
        readings: columns `installation`, `time`, `value`, sorted by them.
    Returns:
        columns `time`, `value`, `stretch`: differences are use only within a stretch, and there are never negative
        unless the point is net.
    """
    if point.direction is Direction.NET or readings.is_empty():
        return readings.select("time", "value", pl.col("installation").alias("stretch")), []
    parts, findings = [], []
    for part in readings.partition_by("installation", maintain_order=True):
        good, odd = _of_one_meter(point, part)
        parts.append(good)
        findings.extend(odd)
    good = pl.concat(parts)
    new_stretch = (pl.col("breaks") | (pl.col("installation") != pl.col("installation").shift(1))).fill_null(value=False)
    levels = good.with_columns(new_stretch.cum_sum().alias("stretch"))
    # What is left of falls is no more than the register's rounding.
    return levels.select("time", pl.col("value").cum_max().over("stretch"), "stretch"), findings


def _of_one_meter(point: MeteringPoint, part: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """One installation's readings without the false ones; `breaks` marks the first of a new level."""
    falls = part.select((pl.col("value").diff() < -point.resolution).arg_true()).to_series().to_list()
    findings: list[Finding] = []
    if falls:
        register = _Register(part["time"].dt.timestamp("us").to_list(), part["value"].to_list(), [True] * len(part), set())
        findings = [finding for fall in falls for finding in _judged_fall(point, register, fall)]
        breaks = pl.Series([index in register.breaks for index in range(len(part))], dtype=pl.Boolean)
        part = part.with_columns(breaks.alias("breaks")).filter(pl.Series(register.kept))
    else:
        part = part.with_columns(pl.lit(value=False).alias("breaks"))
    part, leaps = _without_leaps(point, part)
    return part, [*findings, *leaps]


def _judged_fall(point: MeteringPoint, register: _Register, fallen: int) -> Iterator[Finding]:
    """Decide about the fall to reading `fallen`: it and those after it are false, those before it are, or a new level begins."""
    times, values, kept = register.times_us, register.values, register.kept
    last = fallen - 1
    while last >= 0 and not kept[last]:
        last -= 1
    if last < 0 or not kept[fallen] or values[fallen] >= values[last] - point.resolution:
        return  # settled by an earlier fall
    depth = values[last] - values[fallen]
    back = fallen + 1
    while back < len(values) and times[back] - times[fallen] <= _REACH_US and values[back] < values[last] - point.resolution:
        back += 1
    if (
        back < len(values)
        and values[back] >= values[last] - point.resolution
        and times[back] - times[fallen] <= _REACH_US
        and values[back] - values[back - 1] >= _AT_ONCE * depth
    ):
        yield _false(point, register, fallen, back - 1)
        return
    top = last
    while (
        top >= 0 and times[last] - times[top] <= _REACH_US and (not kept[top] or values[top] > values[fallen] + point.resolution)
    ):
        top -= 1
    if (
        top >= 0
        and kept[top]
        and values[top] <= values[fallen] + point.resolution
        and values[top + 1] - values[top] >= _AT_ONCE * depth
    ):
        yield _false(point, register, top + 1, last)
        return
    register.breaks.add(fallen)
    yield _new_level(point, _instant(times[last]), _instant(times[fallen]), values[last], values[fallen])


def _false(point: MeteringPoint, register: _Register, first: int, last: int) -> Finding:
    register.kept[first : last + 1] = [False] * (last + 1 - first)
    values = register.values[first : last + 1]
    around = [register.values[index] for index in (first - 1, last + 1) if 0 <= index < len(register.values)]
    return Finding(
        point.id,
        FindingCode.FALSE_READING,
        _instant(register.times_us[first]),
        _instant(register.times_us[last]),
        f"{len(values)} avläsning(ar) motsägs av dem runt omkring och räknas inte.",
        f"{len(values)} reading(s) contradict those around them and are left out.",
        {"readings": len(values), "lowest": min(values), "highest": max(values), "around": around},
    )


def _new_level(point: MeteringPoint, before: datetime, after: datetime, old: float, new: float) -> Finding:
    nought = abs(new) <= abs(old) * _NOUGHT
    return Finding(
        point.id,
        FindingCode.RESET if nought else FindingCode.EXCHANGE_SUSPECTED,
        after,
        after,
        "Mätarställningen började om från noll. Användningen däremellan saknas."
        if nought
        else "Mätarställningen fortsätter från en annan nivå; är mätaren bytt? Användningen däremellan saknas.",
        "The register began again from nought. What was used in between is missing."
        if nought
        else "The register goes on from another level; was the meter exchanged? What was used in between is missing.",
        {"before": old, "after": new, "last_before": before.isoformat(), "first_after": after.isoformat()},
    )


def _without_leaps(point: MeteringPoint, part: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """A rise that the connection cannot carry begins a new level too. The time counts from when the register last moved."""
    if point.max_power_kw is None or point.unit != "kWh":
        return part, []
    moved = pl.when((pl.col("value").diff() != 0).fill_null(value=True)).then(pl.col("time")).forward_fill()
    hours = (pl.col("time") - moved.shift(1)).dt.total_microseconds() / 3.6e9
    leap = (pl.col("value").diff() > _OVERLOAD * point.max_power_kw * hours + 2 * point.resolution).fill_null(value=False)
    marked = part.with_columns((leap & ~pl.col("breaks")).alias("leap"), pl.all().shift(1).name.prefix("last_"))
    findings = [
        _new_level(point, row["last_time"], row["time"], row["last_value"], row["value"])
        for row in marked.filter("leap").iter_rows(named=True)
    ]
    return marked.select("installation", "time", "value", pl.col("breaks") | pl.col("leap")), findings


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
