"""Loads to replay: one measured year, laid over any later time so that weekdays and seasons fall in place.

Registers are functions of time, not of the run: the simulation can be stopped, restarted and repeated and always shows what the
same register would show.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import as_file, files
from itertools import accumulate

import polars as pl

FIRST_HOUR = datetime(2024, 1, 1, tzinfo=UTC)  # every register stands at its base here
SOURCE_FIRST_DAY = datetime(2021, 1, 1, tzinfo=UTC)
SOURCE_DAYS = 365
HOUR = timedelta(hours=1)


@cache
def _table() -> pl.DataFrame:
    with as_file(files("collectors.simulation") / "data" / "loads.parquet") as path:
        return pl.read_parquet(path)


def names(prefix: str) -> list[str]:
    """The series whose names begin with `prefix`: "electricity", "heat", "solar"."""
    return sorted(name for name in _table().columns if name.startswith(f"{prefix}."))


def source_day(day: datetime) -> int:
    """The day of the measured year (0..364) that stands for `day`: the same season, the same weekday."""
    index = min((day - day.replace(month=1, day=1)).days, SOURCE_DAYS - 1)
    shift = (day.weekday() - (SOURCE_FIRST_DAY + timedelta(days=index)).weekday() + 3) % 7 - 3
    index += shift
    if index < 0:
        return index + 7
    return index - 7 if index >= SOURCE_DAYS else index


@cache
def _source_hours(days: int) -> tuple[int, ...]:
    return tuple(source_day(FIRST_HOUR + timedelta(days=day)) * 24 + hour for day in range(days) for hour in range(24))


class Load:
    """A series laid over time from `FIRST_HOUR` to `until`: what was used up to an instant and the use in its hour.

    Raises:
        ValueError: an instant outside; a simulation cannot go there.
    """

    def __init__(self, name: str, until: datetime, scale: float = 1.0) -> None:
        values: list[float] = _table()[name].to_list()
        days = (until - FIRST_HOUR).days + 2
        self._use: list[float] = [values[hour] * scale for hour in _source_hours(days)]
        self._sums: list[float] = [0.0, *accumulate(self._use)]

    def _hour(self, at: datetime) -> tuple[int, float]:
        hours = (at - FIRST_HOUR) / HOUR
        index = int(hours)
        if hours < 0 or index >= len(self._use):
            raise ValueError(f"{at} lies outside the simulation's time")
        return index, hours - index

    def counted(self, at: datetime) -> float:
        """Everything used from `FIRST_HOUR` to `at`; within an hour use is even."""
        index, part = self._hour(at)
        return self._sums[index] + part * self._use[index]

    def per_hour(self, at: datetime) -> float:
        """Use in the hour of `at`: a mean power for energies."""
        return self._use[self._hour(at)[0]]
