"""How fast a register can rise: by the connection where its power is known, otherwise by what the point has shown. Pure."""

from datetime import timedelta

import numpy as np

from config.domain.estate import MeteringPoint
from services.settlement.reach import HISTORY, REACH
from services.settlement.units import DAY_US, HOUR_US, SECOND_US, Micros, Values, day_from, micros_of

_BLOCK_US = 6 * HOUR_US
_USUAL = 0.7  # of the blocks with any use, from below: a few false readings must not set the pace
_ENOUGH = 3  # blocks with use; fewer tell nothing
_OVERLOAD = 1.5  # times the connection's power: what a fuse gives for a while
_JITTER_US = 60 * SECOND_US  # readings come that much early or late
_ROOM = 8.0  # times the usual pace, in one step of an hour at most: kettles, taps, chargers
_ROOM_LONG = 3.0  # and over any longer time
_HISTORY_US = micros_of(HISTORY)
_ALIKE = 2.0  # times the pace at that time on other days: a kitchen at noon, a stove on Saturdays
_ALIKE_DAYS = 2  # other days with such a pace
_ALIKE_US = HOUR_US  # earlier or later in the day


class Pace:
    """The usual highest rate of a register's rise, as known around any instant. [unit/h]"""

    def __init__(self, point: MeteringPoint, at_us: Micros, value: Values) -> None:
        self._most = point.max_power_kw if point.unit == "kWh" else None
        self._resolution = point.resolution
        moved = np.flatnonzero(np.diff(value) != 0) + 1
        since = at_us[np.concatenate([[0], moved[:-1]])] if len(moved) else at_us[:0]
        # From when it last moved: a coarse register stands still and then shows a whole step.
        # No longer than REACH back, so that it does not matter how far back the readings go.
        hours = np.clip((at_us[moved] - since) / HOUR_US, 1e-3, REACH / timedelta(hours=1))
        rate = (value[moved] - value[moved - 1]) / hours
        rising = rate > 0
        went_on = np.concatenate([[True], rising, [True]])
        alone = rising & went_on[:-2] & went_on[2:]  # to or from a fall it may be a false reading
        self._risen_us, self._rates = at_us[moved][alone], rate[alone]
        block = at_us[moved][rising] // _BLOCK_US
        starts = np.flatnonzero(np.diff(block, prepend=block[:1] - 1)) if len(block) else np.zeros(0, np.int64)
        self._blocks = block[starts] * _BLOCK_US
        self._highest = np.maximum.reduceat(rate[rising], starts) if len(starts) else np.zeros(0)
        self._days: dict[int, float | None] = {}

    def usual(self, at_us: int) -> float | None:
        """The highest rate that is usual within HISTORY of the day; None where too little was seen."""
        day = day_from(at_us)
        if day not in self._days:
            low, high = np.searchsorted(self._blocks, [day - _HISTORY_US, day + DAY_US + _HISTORY_US])
            seen = np.sort(self._highest[low:high])
            self._days[day] = float(seen[int(_USUAL * (len(seen) - 1))]) if len(seen) >= _ENOUGH else None
        return self._days[day]

    def largest(self, at_us: int, step_us: int) -> float | None:
        """What a step that ends then would show at the highest pace of any step within HISTORY of the day."""
        day = day_from(at_us)
        low, high = np.searchsorted(self._blocks, [day - _HISTORY_US, day + DAY_US + _HISTORY_US])
        return float(self._highest[low:high].max()) * (step_us + _JITTER_US) / HOUR_US if high > low else None

    def alike(self, at_us: int, step_us: int, rise: float) -> float:
        """What may be used in a step that ends then, by what was used at that time on other days within HISTORY.

        0 where no step at all comes near the rise: most leaps need no closer look.
        """
        day = day_from(at_us)
        low, high = np.searchsorted(self._risen_us, [day - _HISTORY_US, day + DAY_US + _HISTORY_US])
        hours = (step_us + _JITTER_US) / HOUR_US
        if low == high or rise > _ALIKE * float(self._rates[low:high].max()) * hours:
            return 0.0
        apart = self._risen_us[low:high] - at_us + DAY_US // 2
        days, off = apart // DAY_US, np.abs(apart % DAY_US - DAY_US // 2)
        near = (off <= _ALIKE_US) & (days != 0)
        days, rates = days[near], self._rates[low:high][near]
        starts = np.flatnonzero(np.diff(days, prepend=days[:1] - 1))
        if len(starts) < _ALIKE_DAYS:
            return 0.0
        highest = np.sort(np.maximum.reduceat(rates, starts))
        return _ALIKE * float(highest[-_ALIKE_DAYS]) * hours

    def most(self, at_us: int, step_us: int, still_us: int) -> float | None:
        """More than this cannot have been used in a step that ends then; None where nothing is known.

        Args:
            step_us: since the reading before.
            still_us: since the register last moved.
        """
        if self._most is not None:
            return _OVERLOAD * self._most * (max(step_us, still_us) + _JITTER_US) / HOUR_US + 2 * self._resolution
        usual = self.usual(at_us)
        if usual is None:
            return None
        hours = _ROOM_LONG * max(step_us, still_us) / HOUR_US + _ROOM * min(step_us + _JITTER_US, HOUR_US) / HOUR_US
        return usual * hours + 2 * self._resolution
