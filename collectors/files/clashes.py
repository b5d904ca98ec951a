"""Times for which a file gives one register several values: where each stands, and which one counts.

The store keeps one value of a register and time, the one that was written last. A file is written in the order of its lines, and
nobody knows which of its values is right: all are told. Kept as columns of numbers, 28 bytes a value: a file may have millions.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A value, in the stored unit, and where it stands in the file."""

    line: int
    column: str
    value: float


@dataclass(frozen=True, slots=True)
class Clash:
    """One time of one register with several values. `counts` is in the store, the others are not."""

    meter: str
    register: str
    time: datetime
    counts: Place
    others: tuple[Place, ...]


@dataclass(slots=True)
class _Columns:
    times: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))
    lines: "array[int]" = field(default_factory=lambda: array("q"))
    columns: "array[int]" = field(default_factory=lambda: array("I"))


class Written:
    """What was written of a file, in order."""

    def __init__(self) -> None:
        self._registers: dict[tuple[str, str], _Columns] = {}
        self._columns: dict[str, int] = {}

    def note(self, meter: str, register: str, time: datetime, place: Place) -> None:
        of_register = self._registers.setdefault((meter, register), _Columns())
        of_register.times.append((time - _EPOCH) // _MICROSECOND)
        of_register.values.append(place.value)
        of_register.lines.append(place.line)
        of_register.columns.append(self._columns.setdefault(place.column, len(self._columns)))

    def clashes(self) -> Iterator[Clash]:
        """By register and time. The same value twice is none."""
        names = list(self._columns)
        for (meter, register), of_register in sorted(self._registers.items()):
            times = np.frombuffer(of_register.times, np.int64)
            order = np.argsort(times, kind="stable")  # of one time in the order of writing
            ordered, values = times[order], np.frombuffer(of_register.values, np.float64)[order]
            for time in np.unique(ordered[1:][(ordered[1:] == ordered[:-1]) & (values[1:] != values[:-1])]):
                first, end = np.searchsorted(ordered, [time, time + 1])
                places = [
                    Place(of_register.lines[at], names[of_register.columns[at]], of_register.values[at])
                    for at in order[first:end].tolist()
                ]
                counts = places[-1]
                others = tuple(place for place in places if place.value != counts.value)
                yield Clash(meter, register, _EPOCH + int(time) * _MICROSECOND, counts, others)
