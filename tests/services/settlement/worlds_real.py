"""Worlds on measured use: a public estate's hours and a Danish heat meter, from the folder of data beside the project.

Within an hour the power is taken as even. Registers, ids and faults are made up, as in the published scenarios of this kind.
"""

import csv
import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from tests.services.settlement import worlds_faults as faults
from tests.services.settlement import worlds_registers as registers
from tests.services.settlement.worlds import DAYS, Base, Random, base
from tests.services.settlement.worlds_drafts import Draft
from tests.services.settlement.worlds_faults import Fault
from tests.services.settlement.worlds_loads import DAY, HOUR, Vector

SPIKE = 7.0  # times the window's mean: left there by the publisher, who clipped at ten
MARGIN = 3  # days of load around a window


@dataclass(frozen=True)
class Series:
    """Hours of use from `first`."""

    name: str
    carrier: str
    first: int
    use: Vector
    resolutions: tuple[float, ...]
    unit: str = "kWh"
    direction: str = "import"


@cache
def series(folder: Path) -> tuple[Series, ...]:
    """All that is measured."""
    found: list[Series] = []
    electricity: dict[str, list[float]] = {}
    heat: dict[str, list[float]] = {}
    first = int(datetime(2019, 1, 1, tzinfo=UTC).timestamp())
    with gzip.open(folder / "estate" / "hourly.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            electricity.setdefault(row["building"], []).append(float(row["electricity_kwh"] or 0))
            heat.setdefault(row["building"], []).append(float(row["heat_kwh"] or 0))
    for name in electricity:
        found.append(Series(name, "electricity", first, np.array(electricity[name]), (0.01, 0.1, 1.0)))
        found.append(Series(name, "district_heating", first, np.array(heat[name]), (0.01, 0.1, 1.0)))
    with gzip.open(folder / "estate" / "surroundings.csv.gz", "rt") as file:
        sun = np.array([float(row["pv_yield_w_per_kwp"] or 0) / 1000 for row in csv.DictReader(file)])
    found.append(Series("panels", "solar", first, 60 * sun, (0.01,), direction="export"))
    with gzip.open(folder / "heatmeter" / "counters.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    start = int(datetime.fromisoformat(rows[0]["time_rounded"].replace("Z", "+00:00")).replace(tzinfo=UTC).timestamp())
    for column, unit, resolution in (("energy_heat_kwh", "kWh", 1.0), ("volume_flow_m3", "m3", 0.01)):
        counter = np.array([float(row[column]) for row in rows])
        use = np.clip(np.diff(counter), 0, None)
        found.append(Series(f"danish {column}", "district_heating", start, use, (resolution,), unit=unit))
    return tuple(found)


def built(folder: Path, *chosen: Fault, steady: bool | None = None) -> Callable[[Random], Draft | None]:
    """A world on some series and window; `steady`: never near nought, or only where nought is usual."""

    def build(random: Random) -> Draft | None:
        every = series(folder)
        one = every[int(random.integers(len(every)))]
        interval = int(random.choice([900, 1800, 3600, 3600]))
        days = int(random.integers(*DAYS[interval])) if interval < HOUR else int(random.integers(21, 43))
        last = len(one.use) // 24 - days - MARGIN
        day = int(random.integers(MARGIN, last))
        window = one.use[(day - MARGIN) * 24 : (day + days + MARGIN) * 24]
        if not _usable(one, window, steady):
            return None
        mean = float(window.mean())
        resolution = float(random.choice([step for step in one.resolutions if step <= mean / 12] or [one.resolutions[0]]))
        kind = Base(one.carrier, (_shape(one),), (1.0, 1.0), (resolution,), one.direction, one.unit)
        draft = base(random, kind, start=one.first + day * DAY, intervals=(interval,), days=days)
        draft.coarse = mean < 3 * resolution
        draft.subwindow = steady is True
        draft.says(f"Measured use of {one.name}.", "")
        return draft if all(fault(draft) for fault in chosen) else None

    return build


def _usable(one: Series, window: Vector, steady: bool | None) -> bool:
    """Nought is real for panels and the Danish house; in the estate it is a hole or a stuck meter of the publisher's."""
    is_steady = bool(window.min() > 0.1 * window.mean())
    if window.mean() <= 0 or (steady is not None and steady != is_steady):
        return False
    return one.name.startswith(("panels", "danish")) or (is_steady and bool(window.max() < SPIKE * window.mean()))


def _shape(one: Series) -> Callable[[Vector, Random], Vector]:
    def measured(times: Vector, random: Random) -> Vector:
        return np.asarray(one.use[((times - one.first) // HOUR).astype(int)], dtype=float)

    return measured


STEADY: Sequence[tuple[str, tuple[Fault, ...]]] = (
    ("clean", ()),
    ("gap", (faults.gap,)),
    ("gap", (faults.gap,)),
    ("two-lost", (faults.one_lost, faults.one_lost)),
    ("false-run", (faults.false_run,)),
    ("false-run", (faults.false_run,)),
    ("false-and-gap", (faults.false_run, faults.gap)),
    ("exchange-same-id", (registers.exchange_same_id,)),
    ("exchange-same-id", (registers.exchange_same_id,)),
    ("exchange-new-id", (registers.exchange_new_id,)),
    ("exchange-recorded", (registers.exchange_recorded,)),
    ("reset", (registers.reset,)),
    ("rollover", (registers.rollover,)),
    ("unit-undeclared", (registers.unit_undeclared,)),
    ("stuck-caught-up", (registers.stuck_and_caught_up,)),
    ("stuck-caught-up", (registers.stuck_and_caught_up, faults.one_lost)),
    ("stuck-for-good", (registers.stuck_for_good,)),
    ("stands-still", (registers.stands_still,)),
    ("late", (faults.late_days, faults.duplicates)),
)
RESTING: Sequence[tuple[str, tuple[Fault, ...]]] = (
    ("resting", ()),
    ("resting", ()),
    ("resting-gap", (faults.gap,)),
    ("resting-false", (faults.false_run,)),
    ("resting-exchange", (registers.exchange_new_id,)),
    ("resting-late", (faults.late_days,)),
)


def kinds(folder: Path) -> tuple[tuple[str, int, Callable[[Random], Draft | None]], ...]:
    """As `worlds.KINDS`."""
    steady = tuple((f"real/{name}", 1, built(folder, *chosen, steady=True)) for name, chosen in STEADY)
    return steady + tuple((f"real/{name}", 1, built(folder, *chosen, steady=False)) for name, chosen in RESTING)
