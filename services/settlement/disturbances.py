"""Steps that cannot be use as they stand: falls, rises beyond what is possible, and where the register comes back. Pure."""

import numpy as np

from config.domain.estate import MeteringPoint
from services.settlement.pace import Pace
from services.settlement.reach import NEIGHBOURS, REACH
from services.settlement.units import HOUR_US, Marks, Micros, Values, micros_of

_REACH_US = micros_of(REACH)
_STILL_US = micros_of(NEIGHBOURS)
_BESIDE_US = HOUR_US
_ROOM_STILL = 3.0  # times the pace beside a standstill
_AT_ONCE = 0.5  # of the way back in one step: false readings begin and end at once, a register that was reset climbs
_TOGETHER = 3  # readings from one fall to the next, in one run of false ones
_SHOWN = 0.2  # of that, where it is lonely too
_LONELY = 6.0  # times the pace of the movement before or after, in the same direction: no load does that in one step only
_LEAST = 5.0  # resolutions: less is no leap


def lonely_steps(at_us: Micros, value: Values, resolution: float) -> Micros:
    """Readings to which the register moved far faster than just before and just after; nothing else can be a leap."""
    moved = np.flatnonzero(np.diff(value) != 0) + 1
    change = value[moved] - value[moved - 1]
    large = np.abs(change) > _LEAST * resolution
    if not large.any():
        return moved[large]
    rate = change / np.maximum(at_us[moved] - at_us[moved - 1], 1)
    bare = np.concatenate([[0.0], rate, [0.0]])
    forward, speed = np.sign(rate), np.abs(rate)
    along = np.maximum(bare[:-2] * forward, bare[2:] * forward)
    return np.asarray(moved[large & (speed > _LONELY * along)])


class Disturbances:
    """The steps of one register that must be judged.

    Args:
        falls: readings that lie below the one before by more than rounding, where the register only rises.
        lonely: as `lonely_steps` says.
        both: the register may fall too, and a fall is as much a leap as a rise.
    """

    def __init__(self, point: MeteringPoint, at_us: Micros, value: Values, room: Values, pace: Pace, *, both: bool) -> None:
        self._point = point
        self._at_us = at_us
        self._value = value
        self._room = room
        self._pace = pace
        self._both = both
        moved = np.concatenate([[True], np.diff(value) != 0]) if len(value) else np.zeros(0, np.bool_)
        self._moved = np.maximum.accumulate(np.where(moved, np.arange(len(value)), 0))

    def most(self, last: int, new: int) -> float | None:
        """What can have been used between two readings at most."""
        at_us = self._at_us
        still = max(int(at_us[self._moved[last]]), int(at_us[last]) - _REACH_US)
        most = self._pace.most(int(at_us[new]), int(at_us[new] - at_us[last]), int(at_us[new]) - still)
        alone = new == last + 1 and self._point.max_power_kw is None
        rise = float(self._value[new] - self._value[last])
        if alone and most is not None and rise > most:
            most = max(most, self._pace.alike(int(at_us[new]), int(at_us[new] - at_us[last]), rise))
        if most is None or int(at_us[last]) - still <= _STILL_US:
            return most
        # It may have been stuck: then it goes on at the pace of the time of day, which few days in view may not show.
        return max(most, _ROOM_STILL * self._pace_beside(still, new) * (int(at_us[new]) - still))

    def _pace_beside(self, still: int, new: int) -> float:
        """The lower of the paces in the hours before and after. [unit/µs]"""
        at_us, value = self._at_us, self._value
        moved = int(np.searchsorted(at_us, still))
        before = int(np.searchsorted(at_us, still - _BESIDE_US))
        after = int(np.searchsorted(at_us, at_us[new] + _BESIDE_US, side="right")) - 1
        pairs = ((before, moved), (new, after))
        return max(0.0, min((value[b] - value[a]) / int(at_us[b] - at_us[a]) if at_us[b] > at_us[a] else 0.0 for a, b in pairs))

    def usual(self, last: int, new: int) -> float | None:
        """What is used between two readings where the point works hard, as it often does."""
        usual = self._pace.usual(int(self._at_us[new]))
        hours = int(self._at_us[new] - self._at_us[last]) / HOUR_US
        return None if usual is None else usual * hours + 2 * self._point.resolution

    def beside(self, last: int, new: int) -> float:
        """What is used between two readings at the pace just before or just after them."""
        at_us, value = self._at_us, self._value
        steps = [index for index in (last, new + 1) if 0 < index < len(value) and at_us[index] > at_us[index - 1]]
        paces = [float(value[index] - value[index - 1]) / int(at_us[index] - at_us[index - 1]) for index in steps]
        return max([0.0, *paces]) * int(at_us[new] - at_us[last])

    def steps(self, falls: Micros, lonely: Micros) -> Micros:
        """Readings that begin anew after a step that cannot be use, by time."""
        odd = np.zeros(len(self._value), dtype=np.bool_)
        odd[falls] = True
        for index in lonely.tolist():
            odd[index] |= self._too_far(index)
        course, previous = -1, -_TOGETHER
        for fall in falls.tolist():
            left = self._left(fall)
            if fall - previous >= _TOGETHER:
                course = fall - 1 if left is None else left - 1
            odd[[index for index in (left, self._back(fall, fall - 1), self._back(fall, course)) if index is not None]] = True
            previous = fall
        self._beside(odd)
        return np.flatnonzero(odd)

    def _too_far(self, index: int) -> bool:
        change = float(self._value[index] - self._value[index - 1])
        if self._both:
            change = abs(change)
        most = self.most(index - 1, index)
        return change > 0 and most is not None and change > most

    def _back(self, fall: int, course: int) -> int | None:
        """Where the register is back at once on the level of the reading `course`, from which it fell."""
        at_us, value = self._at_us, self._value
        until = int(np.searchsorted(at_us, at_us[fall] + _REACH_US, side="right"))
        back = np.flatnonzero(value[fall + 1 : until] >= value[course] - self._room[fall])
        if not len(back) or value[course] <= value[fall]:
            return None
        first = fall + 1 + int(back[0])
        least = _AT_ONCE * (value[course] - value[fall])
        return first if self._at_once(first, least, _SHOWN * least, first + 1) else None

    def _left(self, fall: int) -> int | None:
        """Where the register had left at once the level that it fell to."""
        at_us, value = self._at_us, self._value
        since = int(np.searchsorted(at_us, at_us[fall - 1] - _REACH_US))
        below = np.flatnonzero(value[since : fall - 1] <= value[fall] + self._room[fall])
        if not len(below):
            return None
        left = since + int(below[-1]) + 1
        return left if self._at_once(left, _AT_ONCE * (value[fall - 1] - value[fall]), 0.0, left - 1) else None

    def _at_once(self, index: int, least: float, least_lonely: float, beside: int) -> bool:
        """Whether the register moved there in one step.

        Args:
            least: a rise that is so for certain.
            least_lonely: one that is, if it is far above the pace beside it.
            beside: a reading on the register's own course; one of its steps tells the pace.
        """
        at_us, value = self._at_us, self._value
        rise = value[index] - value[index - 1]
        if rise >= least or self._too_far(index):
            return True
        if not 0 < beside < len(value) or rise < least_lonely or rise < _LEAST * self._point.resolution:
            return False
        pace = abs(value[beside] - value[beside - 1]) / max(1, int(at_us[beside] - at_us[beside - 1]))
        return bool(rise > _LONELY * pace * int(at_us[index] - at_us[index - 1]))

    def _beside(self, odd: Marks) -> None:
        """Steps next to odd ones that cannot be use either, though they are not alone."""
        waiting = np.flatnonzero(odd).tolist()
        while waiting:
            index = waiting.pop()
            for beside in (index - 1, index + 1):
                if 0 < beside < len(odd) and not odd[beside] and self._too_far(beside):
                    odd[beside] = True
                    waiting.append(beside)
