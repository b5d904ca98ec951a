"""Faults of known size planted into real series, and what the detectors make of them.

Each trial is a copy of a real building under a name of its own, changed from a known day on; a trial whose building was already
told of the same kind when the fault begins is no trial. Planting a constant load into the hours of a slot adds it to the slot's
mean, so it is planted there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Carrier
from services.analysis.calendar import calendar_days
from services.analysis.deviating import day_use
from services.analysis.deviations._heat import heat_days
from services.analysis.deviations._seam import Detector, Material
from tests.servers import shared_folder
from tests.services.analysis.deviations import estate

WITHIN = 30  # days in which a fault counts as found
LEARNING = 120  # days before the first fault
LASTS = 60


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault in the copy `name` of `building` from `start` on. `level`: what a size of 1 adds. [kW]"""

    name: str
    building: str
    start: date
    size: float
    level: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Days to detection of the trials that were found, the day of the fault being 1; and how many were not."""

    size: float
    days: tuple[int, ...]
    missed: int

    @property
    def trials(self) -> int:
        return len(self.days) + self.missed

    def quantile(self, share: float) -> float:
        return float(np.quantile(self.days, share)) if self.days else float("nan")


@cache
def material() -> Material:
    """The real buildings, unplanted, all four years."""
    hours = estate.hours()
    towns = estate.of_hours(hours)
    return Material(
        portfolio=towns,
        days=calendar_days(estate.CALENDAR, estate.FIRST, estate.LAST),
        school_kinds=frozenset(),
        use=day_use(hours, towns),
        weather=estate.weather(),
        hours=hours.clear(),
        heat=heat_days(pl.DataFrame(), estate.ZONE),
        until=estate.END,
        buildings=frozenset(towns.buildings),
    )


def trials(
    carrier: Carrier, column: str, sizes: Sequence[float], starts: Sequence[date], days: Callable[[pl.DataFrame], pl.DataFrame]
) -> list[Trial]:
    """Each building of the carrier at each start and size; a size of 1 adds the median of `column` on the `days` of the slot."""
    use = days(material().use.filter(pl.col("reported_as") == carrier.value).with_columns(mean_kw=pl.col("kwh") / 24))
    level = dict(use.group_by("building").agg(pl.col(column).median()).drop_nulls().sort("building").iter_rows())
    return [
        Trial(f"{building}#{start}#{size}", building, start, size, kw)
        for building, kw in level.items()
        for start in starts
        for size in sizes
        if kw > 0
    ]


def outcome(
    given: Iterable[Trial], carrier: Carrier, detector: Detector, plant: Callable[[pl.DataFrame], pl.DataFrame]
) -> list[Outcome]:
    """What one detector makes of the trials, by size.

    Args:
        plant: rows of DAY_USE of the faulty days, with `add_kw` besides, to the same with the fault in it.
    """
    items = list(given)
    table = pl.DataFrame(
        [(item.name, item.building, item.start, item.size * item.level) for item in items],
        schema={"name": pl.String, "building": pl.String, "start": pl.Date, "add_kw": pl.Float64},
        orient="row",
    )
    base = material()
    rows = base.use.filter(pl.col("reported_as") == carrier.value).join(table, on="building")
    during = (pl.col("day") >= pl.col("start")) & (pl.col("day") < pl.col("start") + pl.duration(days=LASTS))
    kept = rows.filter(~during)
    changed = plant(rows.filter(during))
    columns = base.use.columns
    use = pl.concat([frame.with_columns(building=pl.col("name")).select(columns) for frame in (kept, changed)])
    towns = estate.portfolio((f"el-{item.name}", item.name, carrier, None) for item in items)
    copy = replace(base, use=use.sort("building", "day"), portfolio=towns, buildings=frozenset(towns.buildings))
    return tally(items, list(detector.find(copy)))


def tally(items: Sequence[Trial], found: Sequence[Deviation]) -> list[Outcome]:
    """By size: days to the first detection within WITHIN days."""
    of_copy: dict[str, list[Deviation]] = {}
    for each in found:
        of_copy.setdefault(each.building, []).append(each)
    days: dict[float, list[int]] = {item.size: [] for item in items}
    missed = dict.fromkeys(days, 0)
    for item in items:
        seen = of_copy.get(item.name, [])
        if any(each.detected < item.start <= each.last_day for each in seen):
            continue  # already told
        after = [each.detected for each in seen if item.start <= each.detected < item.start + timedelta(days=WITHIN)]
        if after:
            days[item.size].append((min(after) - item.start).days + 1)
        else:
            missed[item.size] += 1
    return [Outcome(size, tuple(days[size]), missed[size]) for size in sorted(days)]


def night(frame: pl.DataFrame) -> pl.DataFrame:
    """A load that runs from 22 to 06."""
    return frame.with_columns(
        pl.col("night_kw") + pl.col("add_kw"), pl.col("low_kw") + pl.col("add_kw"), pl.col("kwh") + 8 * pl.col("add_kw")
    )


def all_day(frame: pl.DataFrame) -> pl.DataFrame:
    """A load that never stops."""
    return frame.with_columns(
        *(pl.col(name) + pl.col("add_kw") for name in ("night_kw", "day_kw", "low_kw")), pl.col("kwh") + 24 * pl.col("add_kw")
    )


def by_day(days: pl.DataFrame) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A load from 06 to 22 on the days of the frame."""

    def plant(frame: pl.DataFrame) -> pl.DataFrame:
        added = pl.when(pl.col("day").is_in(days["day"].implode())).then(pl.col("add_kw")).otherwise(0.0)
        return frame.with_columns(pl.col("day_kw") + added, pl.col("kwh") + 16 * added)

    return plant


@cache
def heat_meter() -> pl.DataFrame:
    """HEAT_DAYS of the real district-heating meter, 2018-2020."""
    read = pl.read_csv(shared_folder("data") / "heatmeter" / "counters.csv.gz").select(
        pl.col("time_rounded").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC").alias("time"),
        pl.col("volume_flow_m3").alias("volume"),
        pl.col("inlet_flow_energy_m3xC").alias("volume_temperature_flow"),
        pl.col("back_flow_energy_m3xC").alias("volume_temperature_return"),
    )
    counters = read.sort("time").with_columns(pl.exclude("time").diff()).drop_nulls()
    gauges = counters.unpivot(index="time", variable_name="quantity", value_name="value").with_columns(
        building=pl.lit("hus"), point=pl.lit("fv-hus"), meter=pl.lit("m"), channel=pl.lit("")
    )
    return heat_days(gauges, "Europe/Stockholm")


def return_faults(sizes: Sequence[float], starts: Sequence[date]) -> tuple[Material, list[Trial]]:
    """The meter's days, its return that many kelvin warmer from each start on, the same heat with more water."""
    real = heat_meter()
    items = [Trial(f"hus#{start}#{size}", "hus", start, size, 1.0) for start in starts for size in sizes]
    parts = []
    for item in items:
        fall = pl.col("flow_c") - pl.col("return_c")
        faulty = (pl.col("day") >= item.start) & (pl.col("day") < item.start + timedelta(days=LASTS))
        more = fall / pl.max_horizontal(fall - item.size, pl.lit(2.0))
        parts.append(
            real.with_columns(
                building=pl.lit(item.name),
                point=pl.lit(f"fv-{item.name}"),
                volume_m3=pl.when(faulty).then(pl.col("volume_m3") * more).otherwise(pl.col("volume_m3")),
                return_c=pl.when(faulty).then(pl.col("return_c") + item.size).otherwise(pl.col("return_c")),
            )
        )
    return _heat_material(pl.concat([real, *parts]), ["hus", *(item.name for item in items)]), items


def _heat_material(heat: pl.DataFrame, buildings: Sequence[str]) -> Material:
    towns = estate.portfolio(
        ((f"fv-{name}", name, Carrier.DISTRICT_HEATING, None) for name in buildings), zone="Europe/Stockholm"
    )
    days = calendar_days(estate.CALENDAR, date(2018, 1, 3), date(2020, 12, 31))
    weather = days.select("day", temperature_c=pl.lit(None, pl.Float64))
    return replace(material(), portfolio=towns, days=days, heat=heat, weather=weather, buildings=frozenset(towns.buildings))


def families(rest: float, scales: Sequence[float], count: int, seed: int, days: int = 1461) -> tuple[Material, list[Trial]]:
    """Parents added up from four real buildings: three children, and a fourth that is not metered, `rest` of the parent.

    One child of each copy shows `scale` times what flows from a drawn day on; a scale of 1 is left as it is. The trial's
    `building` is that child.
    """
    draw = np.random.default_rng(seed)
    wide = (
        estate.hours().filter(pl.col("reported_as") == "electricity").pivot("building", index="time", values="value").sort("time")
    )
    names, values = wide.columns[1:], wide.drop("time").to_numpy()
    mean = np.nanmean(values, axis=0)
    items: list[Trial] = []
    points: list[tuple[str, str, Carrier, str | None]] = []
    parts: list[pl.DataFrame] = []
    for number in range(count):
        chosen = draw.choice(len(names), 4, replace=False)
        shares = np.append(draw.dirichlet([4.0, 4.0, 4.0]) * (1 - rest), rest) * 100
        first = int(draw.integers(0, 1461 - days + 1))
        for scale in scales:
            name = f"f{rest}#{number}#{scale}"
            start = int(draw.integers(LEARNING, days - WITHIN - 5))
            span = slice(first * 24, (first + days) * 24)
            loads = (values[:, chosen] / mean[chosen] * shares)[span]
            parent = loads.sum(axis=1)
            shown = loads[:, :3].copy()
            child = int(draw.integers(3))
            shown[start * 24 :, child] *= scale
            items.append(Trial(name, f"u{child}-{name}", estate.FIRST + timedelta(days=start), scale, 1.0))
            points += [(f"p-{name}", name, Carrier.ELECTRICITY, None)]
            points += [(f"u{k}-{name}", name, Carrier.ELECTRICITY, f"p-{name}") for k in range(3)]
            times = wide["time"][: len(parent)]
            for point, column in ((f"p-{name}", parent), *((f"u{k}-{name}", shown[:, k]) for k in range(3))):
                known = pl.Series(column).fill_nan(None)
                parts.append(
                    pl.DataFrame({"time": times, "value": known}).with_columns(point=pl.lit(point), building=pl.lit(name))
                )
    hours = pl.concat(parts).with_columns(
        day=pl.col("time").dt.convert_time_zone(estate.ZONE).dt.date(),
        method=pl.when(pl.col("value").is_null()).then(pl.lit("missing")).otherwise(pl.lit("measured")),
        reported_as=pl.lit("electricity"),
    )
    last = estate.FIRST + timedelta(days=days - 1)
    towns = estate.portfolio(points)
    made = replace(
        material(),
        portfolio=towns,
        hours=hours,
        days=calendar_days(estate.CALENDAR, estate.FIRST, last),
        until=datetime(last.year, last.month, last.day, tzinfo=UTC),
        buildings=frozenset(towns.buildings),
    )
    return made, items


def named(items: Sequence[Trial], found: Sequence[Deviation]) -> tuple[int, int]:
    """Of the faults in children that were found within WITHIN days: how many named the right one, and how many there were."""
    firsts = []
    for item in items:
        within = [each for each in found if each.building == item.name and 0 <= (each.detected - item.start).days < WITHIN]
        firsts += [(item.building, each.subject.id) for each in sorted(within, key=lambda one: one.detected)[:1]]
    return sum(fault == told for fault, told in firsts), len(firsts)


def by_kind(found: Iterable[Deviation]) -> dict[DeviationKind, int]:
    counted: dict[DeviationKind, int] = {}
    for item in found:
        counted[item.kind] = counted.get(item.kind, 0) + 1
    return counted
