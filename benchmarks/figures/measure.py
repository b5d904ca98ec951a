"""How long it takes from registers to every figure, and how much memory.

    python -m benchmarks.figures.measure ../shared/data/estate [--buildings 16] [--years 4] [--growth OUT.svg]

Times the settling of every hour, the calculation of every figure of every building, point and group, and then one late day of
one meter, from its arrival to the last figure that it moves. Growth measures several sizes, each in a process of its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from benchmarks.figures.estate import HOUR, loads, portfolio, readings, surroundings
from config.domain.readings import DirtyHours, Reading
from config.domain.series import INDICATOR_VALUES, READINGS, Aggregate, SeriesQuery
from services.jobs.indicate import BuildingsTask, GroupsTask, IndicateJob
from services.jobs.settle import SettleJob
from services.state.state import State
from services.store.duckdb import DuckDBStore

MINUTES = timedelta(minutes=5)  # the last hour's end has just been read
GROWTH = ((16, 1), (32, 1), (64, 1), (128, 1), (16, 2), (16, 4))


@dataclass
class FixedClock:
    at: datetime

    def now(self) -> datetime:
        return self.at


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("estate", type=Path)
    parser.add_argument("--buildings", type=int, default=16)
    parser.add_argument("--years", type=int, default=4)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--growth", type=Path, help="measure several sizes and draw them here")
    options = parser.parse_args()
    if options.growth is not None:
        growth(options.estate, options.growth)
        return
    figures = measured(options.estate, options.buildings, options.years, quiet=options.json)
    print(json.dumps(figures) if options.json else "\n".join(f"{name:>28} {value:10.2f}" for name, value in figures.items()))


def measured(estate: Path, buildings: int, years: int, *, quiet: bool) -> dict[str, float]:
    """Seconds and megabytes."""
    real = loads(estate, years)
    known = portfolio(buildings, real.start)
    hours = next(iter(real.use.values())).shape[1]
    clock = FixedClock(real.start + hours * HOUR + MINUTES)
    with tempfile.TemporaryDirectory() as folder:
        store = DuckDBStore(Path(folder) / "store.duckdb")
        state = State.open(Path(folder) / "state.sqlite")
        count = 0
        for part in readings(known, real):
            store.write_readings(part)
            count += len(part)
        state.dirty_hours.mark([DirtyHours(point, real.start, real.start + hours * HOUR) for point in known.points])
        settle = SettleJob(known, store, state, clock)
        indicate = IndicateJob(known, store, state, clock, surroundings(estate, known, store))
        took = {"settle_s": _timed(settle, clock, quiet)}
        buildings_s = groups_s = 0.0
        tasks = indicate.pending(clock.now())
        for number, task in enumerate(tasks):
            began = time.perf_counter()
            indicate.do(task)
            spent = time.perf_counter() - began
            buildings_s, groups_s = (
                buildings_s + spent * isinstance(task, BuildingsTask),
                groups_s + spent * isinstance(task, GroupsTask),
            )
            _tell(quiet, "indicate", number + 1, len(tasks))
        took |= {"buildings_s": buildings_s, "groups_s": groups_s, "all_s": took["settle_s"] + buildings_s + groups_s}
        given = SeriesQuery(INDICATOR_VALUES, aggregate=Aggregate.COUNT, by=("indicator",))
        indicators = store.read(given).filter(pl.col("value") > 0)
        took["late_day_s"] = _late_day(store, state, clock, settle, indicate, real.start + timedelta(days=200))
        state.close()
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "buildings": buildings,
        "years": years,
        "readings": count,
        "indicators": indicators.height,
        "figures": int(indicators["value"].sum()),
        **took,
        "peak_mb": peak,
    }


def _timed(job: SettleJob, clock: FixedClock, quiet: bool) -> float:
    began = time.perf_counter()
    tasks = job.pending(clock.now())
    for number, task in enumerate(tasks):
        job.do(task)
        _tell(quiet, "settle", number + 1, len(tasks))
    return time.perf_counter() - began


def _late_day(
    store: DuckDBStore, state: State, clock: FixedClock, settle: SettleJob, indicate: IndicateJob, day: datetime
) -> float:
    """A day's readings of one meter come once more, with other values: a third of a kilowatt-hour moves between two of its hours.

    In July, the worst month: the base that is kept out of corrected heat is read off a summer, so fourteen months follow it.
    """
    meter = "m-b0003-electricity"
    rows = store.read(SeriesQuery(READINGS, day, day + timedelta(days=1), {"meter": (meter,)}))
    late = [
        Reading(meter, "active_energy_import", at, value + 0.3 * (n == 22), clock.now())
        for n, (at, value) in enumerate(rows.select("time", "value").iter_rows())
    ]
    clock.at += MINUTES
    _work(clock, settle, indicate)
    began = time.perf_counter()
    store.write_readings(late)
    state.dirty_hours.mark([DirtyHours("b0003-electricity", day, day + timedelta(days=1))])
    _work(clock, settle, indicate)
    took = time.perf_counter() - began
    assert state.figure_changes.since(clock.now()), "the late day moved nothing"
    return took


def _work(clock: FixedClock, *jobs: SettleJob | IndicateJob) -> None:
    for job in jobs:
        for task in job.pending(clock.now()):
            job.do(task)


def _tell(quiet: bool, what: str, done: int, total: int) -> None:
    if not quiet and (done % max(1, total // 20) == 0 or done == total):
        print(f"{what} {done} of {total}", file=sys.stderr, flush=True)


def growth(estate: Path, out: Path) -> None:
    """Measure the sizes of GROWTH and draw seconds against building-years."""
    found = []
    for buildings, years in GROWTH:
        command = [sys.executable, "-m", "benchmarks.figures.measure", str(estate), "--json"]
        run = subprocess.run(
            [*command, "--buildings", str(buildings), "--years", str(years)], capture_output=True, text=True, check=True
        )
        found.append(json.loads(run.stdout.splitlines()[-1]))
        print(json.dumps(found[-1]), flush=True)
    out.write_text(drawn(found), encoding="utf-8")


def drawn(found: list[dict[str, float]]) -> str:
    """An SVG: seconds against building-years, a dot a measurement, the line through nought and the largest."""
    width, height, left, below = 640, 400, 60, 50
    most_x = max(item["buildings"] * item["years"] for item in found)
    most_y = max(item["all_s"] for item in found)

    def place(x: float, y: float) -> tuple[float, float]:
        return left + x / most_x * (width - left - 20), height - below - y / most_y * (height - below - 20)

    largest = max(found, key=lambda item: item["buildings"] * item["years"])
    x0, y0 = place(0, 0)
    x1, y1 = place(largest["buildings"] * largest["years"], largest["all_s"])
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"><title>'
        f"{n['buildings']:.0f} × {n['years']:.0f}: {n['all_s']:.1f} s</title></circle>"
        for n in found
        for x, y in [place(n["buildings"] * n["years"], n["all_s"])]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="13">'
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#999"/>{dots}'
        f'<text x="{width / 2}" y="{height - 12}" text-anchor="middle">building-years (at most {most_x:.0f})</text>'
        f'<text x="14" y="{height / 2}" transform="rotate(-90 14 {height / 2})" text-anchor="middle">'
        f"seconds (at most {most_y:.1f})</text></svg>\n"
    )


if __name__ == "__main__":
    main()
