"""Invented settlement worlds of the published kinds: other loads, positions, sizes and pairs of faults, and the truth of them.

    python -m tests.services.settlement.worlds --seed 1 --count 300 --out DIR

writes scenario files that the scorer of the published scenarios judges (`--dir DIR`). The same seed gives the same worlds.
"""

import argparse
import calendar
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tests.services.settlement import worlds_clocks as clocks
from tests.services.settlement import worlds_faults as faults
from tests.services.settlement import worlds_loads as loads
from tests.services.settlement import worlds_registers as registers
from tests.services.settlement.worlds_drafts import DELAY_S, Draft, Event, Loose
from tests.services.settlement.worlds_expectations import scenario
from tests.services.settlement.worlds_faults import Fault
from tests.services.settlement.worlds_loads import DAY, HOUR, Shape

Random = np.random.Generator
TRIES = 300
DAYS = {60: (2, 3), 300: (2, 5), 900: (4, 9), 1800: (8, 15), 3600: (14, 29)}  # a window's length by the meter's interval


@dataclass(frozen=True)
class Base:
    """An ordinary metering point; `shapes` are drawn from."""

    carrier: str
    shapes: tuple[Shape, ...]
    scale: tuple[float, float]
    resolutions: tuple[float, ...]
    direction: str = "import"
    unit: str = "kWh"
    intervals: tuple[int, ...] = (300, 300, 900, 900, 1800, 3600, 3600)
    level: tuple[float, float] = (2_000, 900_000)


ELECTRICITY = Base(
    "electricity", (loads.constant, loads.daily, loads.school, loads.school), (4, 400), (0.001, 0.01, 0.01, 0.1, 1)
)
HEAT = Base("district_heating", (loads.winter_heat,), (20, 500), (0.01, 0.1, 1), intervals=(900, 1800, 3600, 3600))
FLATS = Base("water", (loads.dwellings,), (0.5, 6), (0.001, 0.01), unit="m3", intervals=(900, 3600, 3600), level=(100, 90_000))
STEADY = (ELECTRICITY, ELECTRICITY, ELECTRICITY, HEAT, FLATS)  # never nought for long
SCHOOL_WATER = replace(FLATS, shapes=(loads.water,), scale=(0.2, 2), resolutions=(0.001,))
SUMMER = Base("district_heating", (loads.summer_heat,), (8, 40), (0.01,), intervals=(900, 3600))
PANELS = Base("solar", (loads.solar,), (5, 80), (0.01,), direction="export", intervals=(300, 900, 900, 3600))
RESTING = (SCHOOL_WATER, SUMMER, PANELS, PANELS)  # nought is real
NET = Base("electricity", (loads.net,), (10, 100), (0.01,), direction="net", intervals=(300, 900))
WORKSHOP = Base("electricity", (loads.furnace,), (80, 200), (0.01,), intervals=(300, 900))

LOCAL: tuple[Fault, ...] = (
    faults.gap,
    faults.false_run,
    faults.two_values,
    registers.exchange_recorded,
    registers.exchange_new_id,
    registers.exchange_same_id,
    registers.unit_declared,
)
STEADY_LOCAL: tuple[Fault, ...] = (*LOCAL, faults.false_run, registers.reset, registers.stuck_and_caught_up)


def _moment(random: Random) -> int:
    """Midnight UTC of some day."""
    return int(datetime(2019, 1, 1, tzinfo=UTC).timestamp()) + int(random.integers(0, 2500)) * DAY


def base(
    random: Random, kind: Base, start: int | None = None, intervals: Sequence[int] = (), days: int = 0, beyond: bool = False
) -> Draft:
    """A clean world. `beyond`: readings begin before the window and end after it."""
    interval = int(random.choice(intervals or kind.intervals))
    start = _moment(random) if start is None else start
    days = days or int(random.integers(*DAYS[interval]))
    if kind.shapes == SCHOOL_WATER.shapes:
        days = max(days, 16)  # a weekend at rest is known by the weekend before
    end = start + days * DAY
    scale = float(np.exp(random.uniform(*np.log(kind.scale))))
    resolution = float(random.choice([step for step in kind.resolutions if step <= scale / 100] or [kind.resolutions[0]]))
    shape = kind.shapes[int(random.integers(len(kind.shapes)))]
    load = loads.made(shape, start, end, scale, random)
    level = float(random.integers(int(kind.level[0]), int(kind.level[1])))
    draft = Draft(random, kind.carrier, kind.direction, kind.unit, resolution, interval, start, end, load, [])
    draft.events = _schedule(draft, level - float(load.energy(start)), beyond)
    if kind.carrier == "electricity" and random.random() < 0.3:
        draft.max_power = float(np.ceil(load.largest(start, end) * random.uniform(1.5, 4)))
    if random.random() < 0.15 and kind.direction != "net":
        draft.digits = len(str(int(level))) + int(random.integers(1, 4))
    # A few days do not show that nought is real here; with half of them gone nobody can tell.
    draft.subwindow = kind not in RESTING or days >= 8
    draft.says(f"A {kind.carrier} register, {shape.__name__.replace('_', ' ')}, read every {interval} s.", "")
    return draft


def _schedule(draft: Draft, shift: float, beyond: bool) -> list[Event]:
    """Readings at the interval: on the hour, at a fixed minute, or a little late each time."""
    assert draft.interval is not None
    manner = draft.random.choice(["sharp", "fixed", "loose"], p=[0.55, 0.2, 0.25])
    around = 0 if manner == "sharp" and not beyond else max(2 * HOUR, 2 * draft.interval)
    phase = int(draft.random.integers(0, draft.interval)) if manner == "fixed" else 0
    late = 0.07 * min(draft.interval, 1500) if manner == "loose" else 0.0
    times = np.arange(draft.start - around + phase, draft.end + around + 1, draft.interval)
    times = times + np.floor(draft.random.uniform(0, late + 1e-9, len(times))).astype(int)
    unit = draft.unit
    return [Event(int(at), shift, int(at + draft.random.integers(*DELAY_S)), int(at), unit=unit) for at in times]


def with_faults(kinds: Sequence[Base], *chosen: Fault, **how: Any) -> Callable[[Random], Draft | None]:
    """A world of one of the kinds with these faults, or None where one found no place."""

    def build(random: Random) -> Draft | None:
        draft = base(random, kinds[int(random.integers(len(kinds)))], **how)
        return draft if all(fault(draft) for fault in chosen) else None

    return build


def clean(kinds: Sequence[Base]) -> Callable[[Random], Draft | None]:
    return with_faults(kinds)


def pair(kinds: Sequence[Base], among: Sequence[Fault], **how: Any) -> Callable[[Random], Draft | None]:
    """Two faults in one window."""

    def build(random: Random) -> Draft | None:
        first, second = (among[int(number)] for number in random.integers(0, len(among), 2))
        return with_faults(kinds, first, second, **how)(random)

    return build


def over_a_change_of_clocks(*chosen: Fault, beyond: bool = False) -> Callable[[Random], Draft | None]:
    """A window with the last Sunday of March or October inside."""

    def build(random: Random) -> Draft | None:
        year, month = int(random.integers(2019, 2027)), int(random.choice([3, 10]))
        sunday = datetime(year, month, 31, tzinfo=UTC)
        sunday -= timedelta(days=(sunday.weekday() + 1) % 7)
        start = int(sunday.timestamp()) - int(random.integers(1, 4)) * DAY
        days, intervals = int(random.integers(5, 9)), (300, 900, 900, 3600)
        return with_faults(STEADY, *chosen, start=start, days=days, intervals=intervals, beyond=beyond)(random)

    return build


def flickering(random: Random) -> Draft | None:
    """The last digit of a small load goes back and forth by a step."""
    draft = base(random, replace(ELECTRICITY, scale=(0.4, 1.5), resolutions=(0.1,), intervals=(300, 900)))
    for event in draft.events:
        if random.random() < 0.08:
            event.said = draft.stepped(draft.register(event)) - draft.resolution
    draft.loose_tolerance(draft.start, draft.end, 1.2 * draft.resolution)
    draft.says("Now and then a reading is one step lower.", "Rounding, not a reset.")
    return draft


def coarse(random: Random) -> Draft | None:
    """A step of the register is more than an hour's use; sometimes a megawatt-hour of heat."""
    if random.random() < 0.4:
        draft = base(random, replace(HEAT, scale=(30, 400), resolutions=(1000,)))
        for event in draft.events:
            event.unit, event.factor = "MWh", 0.001
    else:
        step = float(random.choice([1, 10]))
        draft = base(random, replace(ELECTRICITY, scale=(0.05 * step, 0.8 * step), resolutions=(step,)))
        if draft.max_power is not None:
            draft.max_power = max(draft.max_power, 11.0)
    draft.coarse = True
    draft.says("Steps of the register are larger than an hour's use.", "Standing still at this resolution is not stuck.")
    return draft


def coarse_in_summer(random: Random) -> Draft | None:
    """Whole kilowatt-hours of a little hot water: most readings are those before."""
    draft = base(random, replace(SUMMER, scale=(3, 12), resolutions=(1,), intervals=(3600,)))
    draft.coarse = True
    return draft


def season(random: Random) -> Draft | None:
    """Heat only, into the summer or out of it: standing still for days is real, though it was not so before."""
    kind = replace(HEAT, shapes=(loads.season_ends,), scale=(20, 200), resolutions=(0.01, 0.1), intervals=(3600,))
    draft = base(random, kind, days=42)
    draft.allowed.append(("stuck", draft.start, draft.end))
    draft.loose.append(Loose(draft.start, draft.end, ("measured", "interpolated", "estimated")))
    draft.subwindow = False
    draft.says("The heating season begins or ends.", "Nought is real in warm weather, more and more of it: never missing.")
    return draft


def shut_week(random: Random) -> Draft | None:
    """A place that is shut for a week, and rests every night and weekend besides."""
    draft = base(random, replace(SCHOOL_WATER, intervals=(3600,)), days=28)
    first = draft.start + int(random.integers(11, 15)) * DAY
    last = first + int(random.integers(4, 8)) * DAY
    draft.load.power[(first - draft.load.first) // 300 : (last - draft.load.first) // 300] = 0.0
    draft.allowed.append(("stuck", first - 3 * DAY, last + 3 * DAY))
    draft.subwindow = False
    draft.says("Shut for days, nought is read.", "Nights and weekends show that nought is real here.")
    return draft


def on_change(random: Random, false: int = 0) -> Draft | None:
    """The meter speaks when its register has moved a step, and only then."""
    water = random.random() < 0.3
    kind = FLATS if water else replace(ELECTRICITY, shapes=(loads.daily, loads.school))
    start = _moment(random) + int(random.integers(0, 24)) * HOUR
    end = start + int(random.integers(3, 7)) * DAY
    scale, step = (
        (float(random.uniform(0.5, 3)), 0.1) if water else (float(random.uniform(1.5, 8)), float(random.choice([0.5, 1])))
    )
    load = loads.made(kind.shapes[int(random.integers(len(kind.shapes)))], start, end, scale, random)
    level = float(random.integers(1_000, 500_000))
    draft = Draft(random, kind.carrier, "import", kind.unit, step, None, start, end, load, [], coarse=True)
    edges = load.first + loads.STEP * np.arange(len(load.power) + 1)
    sums = load.energy(edges)
    steps = np.arange(1, int(sums[-1] / step))
    times = np.ceil(np.interp(steps * step, sums, edges)).astype(int)
    for number, at in zip(steps, times, strict=True):
        if start - 12 * HOUR <= at <= end + 12 * HOUR:
            said = round(level + float(number) * step, 6)
            draft.events.append(Event(int(at), level, int(at + random.integers(*DELAY_S)), int(at), unit=kind.unit, said=said))
    for _ in range(false):
        chosen = draft.place(0, 4 * HOUR, 8 * HOUR)
        if chosen is None:
            return None
        event = draft.events[chosen]
        event.good, event.said = False, 0.0 if random.random() < 0.6 else round((event.said or 0.0) + 500 * step, 6)
        draft.wants("false_reading", event.at, event.at)
        draft.occupies(event.at, event.at)
    draft.says("The meter reports a step of its register, when it is made.", "Silence means that less than a step was used.")
    return draft


def on_change_with_false(random: Random) -> Draft | None:
    return on_change(random, false=int(random.integers(1, 3)))


def seldom(*chosen: Fault) -> Callable[[Random], Draft | None]:
    """One reading a day, at a fixed hour."""

    def build(random: Random) -> Draft | None:
        kind = replace(STEADY[int(random.integers(len(STEADY)))], intervals=(DAY,))
        start = _moment(random) + int(random.choice([0, 0, 5, 22, 23])) * HOUR
        draft = _at_times(random, kind, [start + day * DAY for day in range(int(random.integers(21, 57)))], DAY)
        return draft if all(fault(draft) for fault in chosen) else None

    return build


def monthly(random: Random) -> Draft | None:
    """One reading a month, on the first."""
    year, month = int(random.integers(2019, 2026)), int(random.integers(1, 10))
    times = [int(datetime(year, month, 1, tzinfo=UTC).timestamp())]
    for offset in range(int(random.integers(2, 4))):
        times.append(times[-1] + calendar.monthrange(year, month + offset)[1] * DAY)
    return _at_times(random, STEADY[int(random.integers(len(STEADY)))], times, 31 * DAY)


def _at_times(random: Random, kind: Base, times: list[int], interval: int) -> Draft:
    scale = float(np.exp(random.uniform(*np.log(kind.scale))))
    load = loads.made(kind.shapes[int(random.integers(len(kind.shapes)))], times[0], times[-1], scale, random)
    resolution = float(random.choice([step for step in kind.resolutions if step <= scale / 4] or [kind.resolutions[0]]))
    level = float(random.integers(int(kind.level[0]), int(kind.level[1])))
    draft = Draft(random, kind.carrier, "import", kind.unit, resolution, interval, times[0], times[-1], load, [])
    draft.events = [Event(at, level, int(at + random.integers(*DELAY_S)), at, unit=kind.unit) for at in times]
    draft.says(f"Read every {interval / DAY:g} days.", "Sums between readings are measured, hours are spread and marked.")
    return draft


def large_use(random: Random) -> Draft | None:
    draft = base(random, WORKSHOP)
    draft.max_power = (
        None if random.random() < 0.3 else float(np.ceil(draft.load.largest(draft.start, draft.end) * random.uniform(1.1, 2)))
    )
    draft.says("Many times the usual rate, within the connection and lasting.", "Real use.")
    return draft


def out_of_order_on_time(random: Random) -> Draft | None:
    return with_faults(STEADY, faults.out_of_order, intervals=(900, 1800))(random)


def wall_clock(random: Random) -> Draft | None:
    return over_a_change_of_clocks(clocks.clock_wall, beyond=True)(random)


def two_lost(random: Random) -> Draft | None:
    """At the interval's edge between one hour known and two known together."""
    return with_faults(STEADY, faults.one_lost, faults.one_lost)(random)


def by_the_minute(random: Random) -> Draft | None:
    """A meter that speaks every minute."""
    return pair((ELECTRICITY,), STEADY_LOCAL, intervals=(60,))(random)


SHORT = {"intervals": (300, 900, 900)}
Kind = tuple[str, int, Callable[[Random], Draft | None]]  # group/name, how often, builder
KINDS: tuple[Kind, ...] = (
    ("yardstick/clean", 3, clean(STEADY)),
    ("yardstick/exchange-recorded", 4, with_faults((*STEADY, *RESTING), registers.exchange_recorded)),
    ("yardstick/exchange-new-id", 5, with_faults((*STEADY, *RESTING), registers.exchange_new_id)),
    ("yardstick/exchange-same-id", 6, with_faults((*STEADY, PANELS), registers.exchange_same_id)),
    ("yardstick/pair", 10, pair(STEADY, STEADY_LOCAL)),
    ("yardstick/pair-resting", 5, pair(RESTING, LOCAL)),
    ("yardstick/by-the-minute", 3, by_the_minute),
    ("arrival/late-over-exchange", 2, with_faults(STEADY, registers.exchange_new_id, faults.out_of_order, **SHORT)),
    ("arrival/duplicates", 2, with_faults(STEADY, faults.duplicates)),
    ("arrival/replay", 2, with_faults((*STEADY, PANELS), faults.replay)),
    ("arrival/replay-after-exchange", 2, with_faults(STEADY, registers.exchange_same_id, faults.replay)),
    ("arrival/old-among-new", 2, with_faults(STEADY, faults.old_among_new)),
    ("arrival/late-days", 4, with_faults(STEADY, faults.late_days)),
    ("arrival/late-and-gap", 2, with_faults(STEADY, faults.late_days, faults.gap)),
    ("arrival/out-of-order", 2, out_of_order_on_time),
    ("arrival/no-time", 3, with_faults(STEADY, faults.no_time, intervals=(300, 900, 900), beyond=True)),
    ("arrival/two-values", 4, with_faults((*STEADY, PANELS), faults.two_values)),
    ("gaps/gap", 8, with_faults((*STEADY, *RESTING), faults.gap)),
    ("gaps/two-gaps", 3, with_faults(STEADY, faults.gap, faults.gap)),
    ("gaps/one-lost", 4, two_lost),
    ("gaps/start", 3, with_faults(STEADY, faults.silent_start)),
    ("gaps/end", 3, with_faults(STEADY, faults.silent_end)),
    ("gaps/power-cut", 3, with_faults(STEADY, faults.power_cut)),
    ("gaps/exchange-in-a-gap", 3, with_faults(STEADY, registers.exchange_in_a_gap)),
    ("gaps/false-beside", 3, with_faults(STEADY, faults.false_beside_a_gap)),
    ("gaps/daily", 3, seldom()),
    ("gaps/daily-lost", 3, seldom(faults.one_lost)),
    ("gaps/daily-exchange", 2, seldom(registers.exchange_new_id)),
    ("gaps/monthly", 3, monthly),
    ("gaps/coarse", 5, coarse),
    ("gaps/coarse-summer", 2, coarse_in_summer),
    ("gaps/on-change", 3, on_change),
    ("gaps/on-change-false", 3, on_change_with_false),
    ("gaps/over-a-change-of-clocks", 2, over_a_change_of_clocks(faults.gap)),
    ("registers/reset", 5, with_faults((*STEADY, PANELS), registers.reset)),
    ("registers/resets", 3, with_faults(STEADY, registers.resets)),
    ("registers/reset-and-back", 4, with_faults(STEADY, faults.reset_and_back)),
    ("registers/false-run", 10, with_faults((*STEADY, *RESTING), faults.false_run)),
    ("registers/false-runs", 5, with_faults(STEADY, faults.false_run, faults.false_run)),
    ("registers/rollover-digits", 4, with_faults(STEADY, registers.rollover)),
    ("registers/rollover-32-bit", 3, with_faults((replace(ELECTRICITY, resolutions=(0.001,)),), registers.rollover_32_bit)),
    ("registers/rollover-untold", 3, with_faults(STEADY, registers.rollover_untold)),
    ("registers/rollover-in-a-gap", 3, with_faults((ELECTRICITY, HEAT), registers.rollover_in_a_gap)),
    ("registers/unit-declared", 3, with_faults((ELECTRICITY, HEAT, PANELS), registers.unit_declared)),
    ("registers/unit-undeclared", 6, with_faults(STEADY, registers.unit_undeclared)),
    ("registers/sign-turned", 4, with_faults((*STEADY, PANELS), registers.sign_turned)),
    ("registers/counts-backwards", 4, with_faults(STEADY, registers.counts_backwards)),
    ("registers/net", 2, clean((NET,))),
    ("registers/net-gap", 2, with_faults((NET,), faults.gap)),
    ("registers/net-false", 2, with_faults((NET,), faults.false_run)),
    ("registers/flicker", 3, flickering),
    ("registers/large-use", 3, large_use),
    ("calendar/change-of-clocks", 3, over_a_change_of_clocks()),
    ("calendar/clock-no-time", 5, with_faults(STEADY, clocks.clock_no_time)),
    ("calendar/clock-offset", 7, with_faults(STEADY, clocks.clock_offset, intervals=(300, 900, 900, 3600))),
    ("calendar/clock-wall", 4, wall_clock),
    ("calendar/clock-drifts", 4, with_faults(STEADY, clocks.clock_drifts, intervals=(300, 900, 900, 3600), beyond=True)),
    ("stuck/caught-up", 7, with_faults(STEADY, registers.stuck_and_caught_up)),
    ("stuck/for-good", 5, with_faults(STEADY, registers.stuck_for_good)),
    ("stuck/stands-still", 5, with_faults(STEADY, registers.stands_still)),
    ("stuck/resting", 6, clean(RESTING)),
    ("stuck/shut-week", 3, shut_week),
    ("stuck/season", 2, season),
)


def worlds(seed: int, count: int, kinds: Sequence[Kind] = KINDS) -> Iterator[dict[str, Any]]:
    """Scenarios, as the files hold them."""
    for name, draft in drafts(seed, count, kinds):
        yield scenario(draft, name)


def drafts(seed: int, count: int, kinds: Sequence[Kind] = KINDS) -> Iterator[tuple[str, Draft]]:
    """Names and worlds, each of its own random numbers: a longer run begins as a shorter one."""
    return (draft_of(seed, index, kinds) for index in range(count))


def draft_of(seed: int, index: int, kinds: Sequence[Kind] = KINDS) -> tuple[str, Draft]:
    """One world: every kind once, then as often as its weight says."""
    random = np.random.default_rng([seed, index])
    weights = np.array([weight for _, weight, _ in kinds], dtype=float)
    chosen = index if index < len(kinds) else int(random.choice(len(kinds), p=weights / weights.sum()))
    name, _, build = kinds[chosen]
    draft = next((draft for draft in (build(random) for _ in range(TRIES)) if draft is not None), None)
    if draft is None:
        raise RuntimeError(f"{name}, seed {seed}, world {index}: found no place for its faults in {TRIES} tries")
    return f"{name}-{seed}-{index:04d}", draft


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--real", type=Path, metavar="DATA", help="worlds on the measured series in this folder instead")
    options = parser.parse_args()
    kinds = KINDS
    if options.real is not None:
        from tests.services.settlement import worlds_real  # it builds on this module

        kinds = worlds_real.kinds(options.real)
    for world in worlds(options.seed, options.count, kinds):
        path = options.out / f"{world['scenario']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(world, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
