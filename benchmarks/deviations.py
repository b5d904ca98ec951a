"""Planted faults in real series, and false alarms on the same series unplanted. `python -m benchmarks.deviations`

Sixteen university buildings 2019-2022 (electricity and heat, COVID years included), one district-heating meter 2018-2020, and
parents added up from the buildings. Every alarm on unplanted data is counted as false, though many are real changes of use.
Reads ../shared/data; nothing is written.
"""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl

from config.domain.calendar import Closure, MunicipalCalendar, SchoolYear
from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Carrier
from config.domain.factors import Mark
from services.analysis.attention import without_echoes
from services.analysis.calendar import calendar_days
from services.analysis.deviations import (
    balance,
    base_load,
    night,
    return_temperature,
    school_holiday,
    silent_meter,
    stuck_meter,
    summer,
    warm_weather,
    weekend,
)
from tests.services.analysis.deviations import estate
from tests.services.analysis.deviations import planted as plant

STARTS = [date(2019, 9, 16), date(2020, 2, 3), date(2020, 10, 12), date(2021, 5, 10), date(2021, 11, 1), date(2022, 3, 7)]
USE = (night, weekend, base_load, summer, warm_weather)
BUILDING_YEARS = 16 * 4


def line(kind: str, size: str, found: plant.Outcome) -> None:
    missed = f"{found.missed} of {found.trials}"
    print(f"{kind:<20} {size:<34} {found.quantile(0.5):>6.0f} {found.quantile(0.9):>6.0f}   {missed:>10}", flush=True)


def working(*, on: bool) -> pl.DataFrame:
    return plant.material().days.filter(pl.col("working") == on)


def use_faults() -> None:
    electricity, heat = Carrier.ELECTRICITY, Carrier.DISTRICT_HEATING
    for found in plant.outcome(
        plant.trials(electricity, "night_kw", (0.25, 0.5, 1.0), STARTS, lambda rows: rows),
        electricity,
        night.DETECTOR,
        plant.night,
    ):
        line("night", f"+{found.size:.0%} of the median night", found)
    off, on = working(on=False), working(on=True)
    chosen = plant.trials(electricity, "day_kw", (0.25, 0.5, 1.0), STARTS, lambda rows: rows.join(off, on="day", how="semi"))
    for found in plant.outcome(chosen, electricity, weekend.DETECTOR, plant.by_day(off)):
        line("weekend", f"+{found.size:.0%} of the median day off", found)
    chosen = plant.trials(electricity, "low_kw", (0.2, 0.3, 0.5), STARTS, lambda rows: rows)
    for found in plant.outcome(chosen, electricity, base_load.DETECTOR, plant.all_day):
        line("base_load", f"+{found.size:.0%} of the base load", found)
    summers = [date(2020, 6, 15), date(2021, 6, 14), date(2021, 7, 5), date(2022, 6, 13), date(2022, 7, 4)]
    chosen = plant.trials(electricity, "day_kw", (0.25, 0.5, 1.0), summers, lambda rows: rows.join(on, on="day", how="semi"))
    for found in plant.outcome(chosen, electricity, summer.DETECTOR, plant.by_day(on)):
        line("summer", f"+{found.size:.0%} of a working day", found)
    starts = [date(2020, 7, 1), date(2021, 7, 1), date(2022, 7, 1)]
    chosen = plant.trials(heat, "mean_kw", (0.2, 0.4, 0.8), starts, lambda rows: rows)
    for found in plant.outcome(chosen, heat, warm_weather.DETECTOR, plant.all_day):
        line("warm_weather", f"+{found.size:.0%} of the median day's heat", found)


def false_alarms() -> None:
    real = plant.material()
    raw = [item for module in USE for item in module.DETECTOR.find(real)]
    told = without_echoes(raw)
    print("\nfalse alarms a building and year, unplanted (16 buildings, 2019-2022; electricity and heat)")
    counted, kept = plant.by_kind(raw), plant.by_kind(told)
    for module in USE:
        kind = module.DETECTOR.kind
        alone, with_others = counted.get(kind, 0) / BUILDING_YEARS, kept.get(kind, 0) / BUILDING_YEARS
        print(f"  {kind:<20} {alone:>5.2f} by itself, {with_others:>5.2f} told")
    meters = meter_alarms()
    for kind in (DeviationKind.SILENT_METER, DeviationKind.STUCK_METER):
        print(f"  {kind:<20} {meters.get(kind, 0) / BUILDING_YEARS:>5.2f}")
    total = len(told) + sum(meters.values())
    print(f"  {'all':<20} {total / BUILDING_YEARS:>5.2f}")
    for year in range(2019, 2023):
        print(f"    {year}: {sum(item.detected.year == year for item in told) / 16:.2f} (use)")


def meter_alarms() -> dict[DeviationKind, int]:
    """Looked at every Monday of the four years; the same silence is counted once."""
    hours, real = estate.hours(), plant.material()
    seen: dict[tuple[str, str, str], Deviation] = {}
    day = estate.FIRST + timedelta(days=70)
    while day < estate.LAST:
        until = datetime(day.year, day.month, day.day, tzinfo=UTC)
        window = hours.filter((pl.col("time") < until) & (pl.col("time") >= until - timedelta(days=70)))
        made = replace(real, hours=window, until=until)
        for module in (silent_meter, stuck_meter):
            for item in module.DETECTOR.find(made):
                seen.setdefault((item.kind, item.subject.id, item.evidence["since"]), item)
        day += timedelta(days=7)
    return plant.by_kind(seen.values())


def school_holidays() -> None:
    """Buildings made into schools: on weekdays of a break they take what they took on the Sunday before; then as if open."""
    weeks = [(date(y, m, d), date(y, m, d + 4)) for y in range(2019, 2023) for m, d in ((2, 17), (10, 26))]
    years = []
    for y in range(2018, 2023):
        autumn, spring = (date(y, 8, 20), date(y, 12, 18)), (date(y + 1, 1, 8), date(y + 1, 6, 10))
        breaks = tuple(Closure("Lov", "Break", a, b) for a, b in weeks if autumn[0] <= a <= spring[1])
        years.append(SchoolYear(f"{y}", *autumn, *spring, breaks, "invented", Mark.UNVERIFIED))
    calendar = MunicipalCalendar("GB", "ENG", estate.CALENDAR.closed, tuple(years))
    real = plant.material()
    days = calendar_days(calendar, estate.FIRST, estate.LAST)
    closed = days.filter((pl.col("school") == "break") & pl.col("working"))
    lately = real.use.filter(pl.col("reported_as") == "electricity").sort("building", "day")
    sunday = lately.join(days.filter(pl.col("weekday") == 7).select("day"), on="day").select("building", "day", sunday="day_kw")
    both = lately.join_asof(sunday, on="day", by="building", strategy="backward", check_sortedness=False)
    asked = [date(2021, 10, 26), date(2022, 2, 17), date(2022, 10, 26)]
    for size in (0.0, 0.5, 0.75, 1.0):
        outcomes, alarms, trials = [], 0, 0
        for start in asked if size else asked[:1]:
            fault = pl.col("day").is_between(start, start + timedelta(days=6)) if size else pl.lit(value=False)
            use = both.with_columns(
                day_kw=pl.when(pl.col("day").is_in(closed["day"].implode()))
                .then(pl.col("sunday") + (pl.col("day_kw") - pl.col("sunday")) * pl.when(fault).then(size).otherwise(0.0))
                .otherwise(pl.col("day_kw"))
            ).drop("sunday")
            towns = estate.portfolio(
                ((f"el-{n}", n, Carrier.ELECTRICITY, None) for n in use["building"].unique().sort()), kind="school"
            )
            made = replace(real, use=use, days=days, portfolio=towns, school_kinds=frozenset({"school"}))
            found = list(school_holiday.DETECTOR.find(made))
            if not size:
                alarms = len(found)
                continue
            # a building that takes hardly more on a working day than on a Sunday has nothing to leave on
            worth = use.join(days, on="day").group_by("building", "working").agg(pl.col("day_kw").median())
            wide = worth.pivot("working", index="building", values="day_kw").filter(pl.col("true") > 1.25 * pl.col("false"))
            for name in wide["building"]:
                hit = [each for each in found if each.building == name and start <= each.detected <= start + timedelta(days=6)]
                trials += 1
                if hit:
                    outcomes.append((hit[0].detected - start).days + 1)
        if size:
            line(
                "school_holiday",
                f"{size:.0%} of the way to a school day",
                plant.Outcome(size, tuple(outcomes), trials - len(outcomes)),
            )
        else:
            print(f"{'school_holiday':<20} unplanted: {alarms / BUILDING_YEARS:.2f} a building and year")


def return_faults() -> None:
    starts = [date(y, m, d) for y in (2018, 2019, 2020) for m, d in ((3, 12), (10, 22), (11, 19), (12, 3)) if (y, m) != (2018, 3)]
    starts += [date(y, m, 4) for y in (2019, 2020) for m in (1, 2)]
    made, items = plant.return_faults((4.0, 6.0, 10.0), starts)
    found = list(return_temperature.DETECTOR.find(made))
    for outcome in plant.tally(items, found):
        line("return_temperature", f"+{outcome.size:.0f} K, same heat", outcome)
    alarms = [item for item in found if item.building == "hus"]
    print(f"{'return_temperature':<20} unplanted: {len(alarms) / 3:.2f} a meter and year")


def balances() -> None:
    for rest in (0.05, 0.1, 0.2):
        made, items = plant.families(rest, (1.1, 1.2, 1.3, 1.5), count=10, seed=4, days=500)
        found = list(balance.DETECTOR.find(made))
        for outcome in plant.tally(items, found):
            line("balance", f"child x {outcome.size:.1f}, {rest:.0%} unmetered", outcome)
        right, told = plant.named(items, found)
        print(f"{'':<20} the right child named in {right} of {told}")
        real, _ = plant.families(rest, (1.0,), count=10, seed=5)
        alarms = list(balance.DETECTOR.find(real))
        print(f"{'balance':<20} unplanted, {rest:.0%} unmetered: {len(alarms) / 40:.2f} a parent and year")


def main() -> None:
    began = time.monotonic()
    print(f"{'kind':<20} {'planted':<34} {'median':>6} {'90 %':>6}   {'missed':>10}   (days to detection, within {plant.WITHIN})")
    use_faults()
    school_holidays()
    return_faults()
    balances()
    false_alarms()
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
