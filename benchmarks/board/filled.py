"""A data folder of any number of buildings and one year: readings, settled hours, every figure and every picture.

The buildings are those of `benchmarks.figures.estate`; their last day is read every fifteen minutes as well, with power, as live
meters are. A folder that is whole is not made again, so that it is made once and measured often.
"""

import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.figures.estate import HOUR, loads, portfolio, readings, surroundings
from config.domain.estate import Portfolio, Register
from config.domain.readings import DirtyHours, Reading
from services.app.timetable import Parts, scheduled
from services.jobs.surroundings import Surroundings
from services.state.state import State
from services.store.duckdb import DuckDBStore

POWER = "active_power_import"
LIVE = timedelta(minutes=15)
JUST_PAST = timedelta(minutes=5)


@dataclass
class FixedClock:
    at: datetime

    def now(self) -> datetime:
        return self.at


def estate_of(estate: Path, buildings: int) -> tuple[Portfolio, datetime]:
    """The portfolio, and the instant at which the folder's data end."""
    real = loads(estate, 1)
    known = portfolio(buildings, real.start)
    meters = {
        name: replace(meter, registers=(*meter.registers, Register(POWER))) if name.endswith("electricity") else meter
        for name, meter in known.meters.items()
    }
    hours = next(iter(real.use.values())).shape[1]
    return replace(known, meters=meters), real.start + hours * HOUR + JUST_PAST


def fill(folder: Path, estate: Path, buildings: int) -> None:
    """Make the folder; nothing is done where it is whole already."""
    done = folder / "done"
    if done.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    known, end = estate_of(estate, buildings)
    real, clock = loads(estate, 1), FixedClock(end)
    store, state = DuckDBStore(folder / "energimonitor.duckdb"), State.open(folder / "state.sqlite")
    for number, part in enumerate(readings(known, real)):
        store.write_readings(part)
        _tell("readings", number + 1, 2 * buildings)
    store.write_readings(
        [
            Reading(f"m-{name}-electricity", POWER, at, 40.0 + step % 24, at)
            for name in known.buildings
            for step in range(96)
            for at in [end - JUST_PAST - step * LIVE]
        ]
    )
    state.dirty_hours.mark([DirtyHours(point, real.start, end) for point in known.points])
    around = surroundings(estate, known, store)
    _work(parts_of(known, store, state, clock, around))
    state.close()
    store.close()
    done.touch()


def parts_of(known: Portfolio, store: DuckDBStore, state: State, clock: FixedClock, around: Surroundings) -> Parts:
    """What the jobs of the timetable are made of."""
    return Parts(known, store, state, clock, around, weather=around.weather_plan)


def _work(parts: Parts) -> None:
    """Every job of the timetable that has something to do, once."""
    for row in scheduled(parts):
        if row.job.name in ("weather", "prices"):  # nothing is fetched here
            continue
        tasks = row.job.pending(parts.clock.now())
        for number, task in enumerate(tasks):
            row.job.do(task)
            _tell(row.job.name, number + 1, len(tasks))


def _tell(what: str, done: int, total: int) -> None:
    if done % max(1, total // 10) == 0 or done == total:
        print(f"{what} {done} of {total}", file=sys.stderr, flush=True)
