"""Settled hours to what bills are counted on: energy, priced energy and peaks of each stretch of days. Pure.

Hours are added up by day first, once for every distinct window; what is agreed changes at midnights only. Peaks are of measured
hours: one that shares a register difference, or is estimated, has no peak of its own.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from config.domain.tariffs import Component, ComponentKind
from services.analysis.bill.frames import TIME, exact_sum
from services.analysis.bill.windows import ALWAYS, Window, with_clock

HOUR = 60  # min
ENERGY_KINDS = frozenset({ComponentKind.ENERGY, ComponentKind.TAX})
POWER_KINDS = frozenset({ComponentKind.OVERUSE, ComponentKind.PEAK_POWER})


def _frame(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame(schema=columns)


@dataclass(frozen=True)
class Used:
    """What the points used.

    Attributes:
        hours: `point`, `time` (UTC), `value` (kWh, of water m³; null where missing), `method`, by point and time: every step of
            the months that are billed. All steps of a frame are equally long: peaks of two lengths are never compared.
        step_minutes: how long a step is; peaks are said to be of it.
        flow: `point`, `time` (hour), `value`: m³ of heat carrier.
        reactive: `point`, `time` (hour), `value`: kvarh.
        prices: `area`, `time`, `sek_per_kwh`: day-ahead price of each step, without VAT.
        peaks: `point`, `month`, `kw`: highest hour of months that are not billed now.
        days: `point`, `day`, `kwh`: energy of whole days, of months that are not billed now.
        uncertainty: `point`, `month`, `uncertainty`: half width of the 90 % interval of the month's energy, in its unit.
    """

    hours: pl.DataFrame
    step_minutes: int = HOUR
    flow: pl.DataFrame = field(default_factory=lambda: _frame(point=pl.String, time=TIME, value=pl.Float64))
    reactive: pl.DataFrame = field(default_factory=lambda: _frame(point=pl.String, time=TIME, value=pl.Float64))
    prices: pl.DataFrame = field(default_factory=lambda: _frame(area=pl.String, time=TIME, sek_per_kwh=pl.Float64))
    peaks: pl.DataFrame = field(default_factory=lambda: _frame(point=pl.String, month=pl.Date, kw=pl.Float64))
    days: pl.DataFrame = field(default_factory=lambda: _frame(point=pl.String, day=pl.Date, kwh=pl.Float64))
    uncertainty: pl.DataFrame = field(default_factory=lambda: _frame(point=pl.String, month=pl.Date, uncertainty=pl.Float64))


@dataclass(frozen=True, slots=True)
class Peak:
    """How a peak is found: the mean of the `count` highest hours in the window, each of its own day where `by_day`."""

    window: Window
    count: int = 1
    by_day: bool = False

    @property
    def of_days(self) -> bool:
        """Whether each day's highest hour is enough to know."""
        return self.by_day or self.count == 1


@dataclass(frozen=True)
class Wanted:
    """The distinct windows of some components, each with the name of its columns."""

    energy: Mapping[Window, str]
    spot: Mapping[tuple[str, Window], str]
    peaks: Mapping[Peak, str]

    @classmethod
    def by(cls, components: Iterable[Component]) -> "Wanted":
        energy: dict[Window, str] = {}
        spot: dict[tuple[str, Window], str] = {}
        peaks: dict[Peak, str] = {Peak(ALWAYS): "peak0"}
        for component in components:
            window = Window.of(component)
            if component.kind in ENERGY_KINDS:
                energy.setdefault(window, f"energy{len(energy)}")
            elif component.kind is ComponentKind.SPOT:
                spot.setdefault((component.area, window), f"spot{len(spot)}")
            elif component.kind in POWER_KINDS:
                peaks.setdefault(peak_of(component), f"peak{len(peaks)}")
        return cls(energy, spot, peaks)


def peak_of(component: Component) -> Peak:
    """Of overuse the highest hour; else as the component says."""
    if component.kind is ComponentKind.OVERUSE:
        return Peak(Window.of(component))
    return Peak(Window.of(component), component.peaks or 1, component.peaks_on_different_days and (component.peaks or 1) > 1)


def by_day(used: Used, wanted: Wanted, zone: str, holidays: Collection[date]) -> pl.DataFrame:
    """`point`, `day`, `steps`, `covered_steps`, `measured_steps`, `kwh`, the columns of `wanted`, `flow_m3`, `flow_hours`,
    `reactive_kw`, `reactive_hours`."""
    hours = with_clock(used.hours, zone, holidays).with_columns(
        ((pl.col("method") == "measured") & pl.col("value").is_not_null()).alias("is_measured"),
        pl.col("value").is_not_null().alias("is_known"),
    )
    areas = sorted({area for area, _ in wanted.spot})
    for number, area in enumerate(areas):
        prices = used.prices.filter(pl.col("area") == area).select("time", pl.col("sek_per_kwh").alias(f"price{number}"))
        hours = hours.join(prices.unique("time", keep="last"), on="time", how="left", maintain_order="left")
    kw = pl.col("value") * (HOUR / used.step_minutes)
    columns = [
        pl.col("is_known").sum().alias("steps"),
        (pl.col("is_known") & (pl.col("method") != "estimated")).sum().alias("covered_steps"),
        pl.col("is_measured").sum().alias("measured_steps"),
        exact_sum("value").alias("kwh"),
    ]
    for window, name in wanted.energy.items():
        columns.append(exact_sum(pl.when(window.holds()).then(pl.col("value"))).alias(name))
    for (area, window), name in wanted.spot.items():
        price = pl.col(f"price{areas.index(area)}")
        priced = pl.when(window.holds() & price.is_not_null()).then(pl.col("value"))
        columns += [
            exact_sum(priced).alias(name),
            exact_sum(priced * price).alias(f"{name}_sek"),
            (pl.col("is_known") & window.holds()).sum().alias(f"{name}_steps"),
            (pl.col("is_known") & window.holds() & price.is_not_null()).sum().alias(f"{name}_priced"),
        ]
    for peak, name in wanted.peaks.items():
        inside = pl.when(peak.window.holds() & pl.col("is_measured")).then(kw)
        if peak.of_days:
            columns += [inside.max().alias(name), pl.col("time").get(inside.arg_max()).alias(f"{name}_at")]
        else:
            columns.append(inside.drop_nulls().top_k(peak.count).alias(name))
    days = hours.group_by("point", "day", maintain_order=True).agg(columns)
    for name, frame, sums in (
        ("flow", used.flow, exact_sum("value").alias("flow_m3")),
        ("reactive", used.reactive, pl.col("value").max().alias("reactive_kw")),
    ):
        there = pl.col("time").dt.convert_time_zone(zone).dt.date().alias("day")
        told = frame.group_by("point", there, maintain_order=True).agg(sums, pl.col("value").count().alias(f"{name}_hours"))
        days = days.join(told, on=["point", "day"], how="full", coalesce=True)
    return days.sort("point", "day")


def by_stretch(days: pl.DataFrame, stretches: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    """`stretches` with what was used in each: the columns of `by_day`, peaks being those of the whole stretch.

    Besides: `spread_kw`, how far a day's highest hour lies above the usual one; it tells how high one that was not measured
    may have been.
    """
    each = (
        stretches.select("stretch", "point", pl.date_ranges("first_day", "last_day").alias("day"))
        .explode("day")
        .join(days, on=["point", "day"], maintain_order="left")
    )
    sums = ["kwh", "flow_m3", *wanted.energy.values(), *wanted.spot.values(), *(f"{name}_sek" for name in wanted.spot.values())]
    counts = ["steps", "covered_steps", "measured_steps", "flow_hours", "reactive_hours"]
    counts += [f"{name}_{what}" for name in wanted.spot.values() for what in ("steps", "priced")]
    peak0 = pl.col("peak0")
    columns = [
        *(exact_sum(name).alias(name) for name in sums),
        *(pl.col(name).sum().alias(name) for name in counts),
        pl.col("reactive_kw").max(),
        (peak0.filter(peak0 >= peak0.median()).mean() - peak0.median()).alias("spread_kw"),
    ]
    for peak, name in wanted.peaks.items():
        if peak.of_days:
            columns += [
                pl.col(name).top_k(peak.count).mean().alias(name),
                pl.col(f"{name}_at").get(pl.col(name).arg_max()).alias(f"{name}_at"),
            ]
        else:
            columns += [
                pl.col(name).explode().drop_nulls().top_k(peak.count).mean().alias(name),
                pl.lit(None, dtype=TIME).alias(f"{name}_at"),
            ]
    added = each.group_by("stretch", maintain_order=True).agg(columns)
    return stretches.join(added, on="stretch", how="left", maintain_order="left")
