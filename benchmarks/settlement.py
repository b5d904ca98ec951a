"""How long settlement takes: `python -m benchmarks.settlement`.

One point, one year, nothing wrong, in the readings that the meter's interval gives; the best of several runs, since other work on
the machine only ever adds. Beside it, what a year with nights of real nought, a year with faults and one live hour (its readings
within HISTORY) take.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from config.domain.estate import Carrier, Direction, MeteringPoint
from services.settlement.reach import HISTORY, REACH
from services.settlement.settlement import Settlement, settle

START = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
RUNS = 7
LIMITS_MS = {3600: 15.0, 300: 120.0}


def load(times_s: np.ndarray, *, nights: bool) -> np.ndarray:
    """Power by instant: a school's day, or panels that rest at night. [kW]"""
    hour, day = times_s % 86_400 / 3600, times_s // 86_400
    bow = np.clip(np.sin(np.pi * (hour - 6) / 12), 0, None) * (1 + 0.3 * np.sin(day / 9))
    return 40 * bow if nights else 8 + 30 * bow * (day % 7 < 5)


def readings(interval_s: int, *, nights: bool = False, faults: bool = False) -> pl.DataFrame:
    """A year and a day on either side."""
    times = np.arange(-86_400, YEAR.total_seconds() + 86_400 + 1, interval_s)
    level = 10_000 + np.cumsum(load(times + 1e9, nights=nights)) * interval_s / 3600
    value = np.floor(level * 100) / 100
    keep = np.ones(len(value), dtype=bool)
    if faults:
        random = np.random.default_rng(4)
        for at in random.integers(100, len(value) - 400, 40):
            value[at] = random.choice([0.0, value[at] * 1.3])
        for at in random.integers(100, len(value) - 400, 20):
            keep[at : at + 30] = False
    stamps = pl.Series((times[keep] * 1e6).astype("int64") + int(START.timestamp() * 1e6)).cast(pl.Datetime("us", "UTC"))
    return pl.DataFrame(
        {"time": stamps, "received": stamps + timedelta(seconds=4), "meter": "m", "value": value[keep], "unit": "kWh"}
    )


def fastest(work: Callable[[], Settlement]) -> float:
    """Of several runs. [ms]"""
    work()
    took = []
    for _ in range(RUNS):
        before = time.perf_counter()
        work()
        took.append((time.perf_counter() - before) * 1e3)
    return min(took)


def main() -> None:
    print(f"{'readings':>10}{'interval':>10}{'':22}{'ms':>8}  limit")
    for interval_s in (3600, 900, 300):
        point = MeteringPoint("p", "p", "b", Carrier.ELECTRICITY, Direction.IMPORT, 0.01, interval_s=interval_s)
        for name, options in (("clean", {}), ("nights of nought", {"nights": True}), ("60 faults", {"faults": True})):
            frame = readings(interval_s, **options)
            took = fastest(lambda point=point, frame=frame: settle(point, (), frame, START, START + YEAR))
            limit = LIMITS_MS.get(interval_s) if name == "clean" else None
            print(f"{len(frame):>10}{interval_s:>8} s  {name:20}{took:>8.1f}  {'' if limit is None else limit}")
        now = START + timedelta(days=100)
        near = readings(interval_s).filter(pl.col("time").is_between(now - HISTORY - REACH, now))
        took = fastest(lambda point=point, near=near, now=now: settle(point, (), near, now - REACH, now))
        print(f"{len(near):>10}{interval_s:>8} s  {'one live hour':20}{took:>8.1f}")


if __name__ == "__main__":
    main()
