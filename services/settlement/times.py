"""When each reading was taken: the device's time where it can be believed, otherwise the receipt. Pure.

Receipt is always right and never before the reading. So a device time after its receipt comes from a clock that is ahead, and
one from before there were such meters is none. A clock that is behind looks like a message that was late; what tells them apart
is that late messages come in a bunch, or between others that are in time, or in the order of their times, while a slow clock's
come one by one at the meter's own pace, and by their times the register would have fallen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.settlement.reach import HISTORY
from services.settlement.units import DAY_US, HOUR_US, NEVER, SECOND_US, Marks, Messages, Micros, day_from, micros_of

_AHEAD_US = 90 * SECOND_US  # a clock this fast is a finding; below, the receipt is taken and nothing said
_BEHIND_US = 150 * SECOND_US  # no message of a live meter takes longer
_PACE_US = 45 * SECOND_US  # how much the way of two messages may differ
_FIRST_US = 946_684_800 * SECOND_US  # the year 2000: before it no meter sent a time of its own
_STEADY = 8  # this many one by one with the same delay are a clock, where others of the point come in time
_TURNED = 2  # this many, where the register would fall by the device's times
_WHOLE_HOUR_US = 2 * 60 * SECOND_US
_HISTORY_US = micros_of(HISTORY)


@dataclass(frozen=True, slots=True)
class WrongClock:
    """Readings that came one after another, whose device time is not believed."""

    first_us: int
    last_us: int
    readings: int
    offset_us: int
    judged: bool  # looked at history


def timed(found: Messages, *, rises: bool) -> tuple[Messages, Micros, list[WrongClock]]:
    """The readings, each once and by the time it was taken; that time; and where the clock was wrong.

    Args:
        rises: the register never falls, so that its values tell which of two readings came first.
    """
    said, received = found.said_us, found.received_us
    none = said == NEVER
    impossible = ~none & ((said > received + _AHEAD_US) | (said < _FIRST_US))
    taken = np.where(none | impossible, received, np.minimum(said, received))
    found, taken, wrong = _once(found, taken, impossible)
    behind = (found.received_us - taken) > _BEHIND_US
    if not (behind.any() or wrong.any()):
        return found, taken, []
    judged = np.zeros(len(taken), dtype=np.bool_)
    if behind.any():
        for meter in np.unique(found.meter[behind]):
            for run in _slow(
                found, taken, behind, rises, np.flatnonzero((found.meter == meter) & (found.said_us != NEVER) & ~wrong)
            ):
                judged[run] = True
    off = wrong | judged
    episodes = list(_episodes(found, off, judged))
    taken = np.where(off, found.received_us, taken)
    order = np.lexsort((found.said_us, found.meter, found.value, found.received_us, taken))
    return found.take(order), taken[order], episodes


def _once(found: Messages, taken: Micros, wrong: Marks) -> tuple[Messages, Micros, Marks]:
    """In order of time, then receipt, then value; the same reading again is left out, its first receipt counts."""
    if len(taken) > 1 and (len(found.meters) > 1 or not (taken[1:] > taken[:-1]).all()):
        order = np.lexsort((found.said_us, found.received_us, found.value, taken, found.meter))
        found, taken, wrong = found.take(order), taken[order], wrong[order]
        again = (taken[1:] == taken[:-1]) & (found.value[1:] == found.value[:-1]) & (found.meter[1:] == found.meter[:-1])
        kept = np.concatenate([[True], ~again])
        found, taken, wrong = found.take(kept), taken[kept], wrong[kept]
        order = np.lexsort((found.said_us, found.meter, found.value, found.received_us, taken))
        found, taken, wrong = found.take(order), taken[order], wrong[order]
    return found, taken, wrong


def _slow(found: Messages, taken: Micros, behind: Marks, rises: bool, own: Micros) -> Iterator[Micros]:
    """Runs of one meter's readings whose clock is behind; `own` are its readings that came with a time."""
    order = own[np.lexsort((taken[own], found.received_us[own]))]
    received, said, late, value = found.received_us[order], taken[order], behind[order], found.value[order]
    paced = np.abs(np.diff(received) - np.diff(said)) <= _PACE_US + np.diff(received) // 50
    paced &= (np.diff(received) > 0) & (np.diff(said) > 0) & late[1:] & late[:-1]
    starts = np.flatnonzero(late & ~np.concatenate([[False], paced]))
    ends = np.flatnonzero(late & ~np.concatenate([paced, [False]])) + 1
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        before = first - 1
        turned = rises and before >= 0 and not late[before] and said[before] >= said[first] and value[before] < value[first]
        if (turned and last - first >= _TURNED) or (last - first >= _STEADY and _is_clock(received, said, first, last)):
            yield order[first:last]


def _is_clock(received: Micros, said: Micros, first: int, last: int) -> bool:
    """Whether the steady delay of the readings first..last-1, in order of receipt, is a clock's and not a network's."""
    delay = int(np.median(received[first:last] - said[first:last]))
    if abs(delay - HOUR_US) < _WHOLE_HOUR_US or abs(delay - 2 * HOUR_US) < _WHOLE_HOUR_US:
        return True  # local time taken for another zone's; no network waits an hour to the minute
    low = np.searchsorted(received, day_from(int(received[first])) - _HISTORY_US)
    high = np.searchsorted(received, day_from(int(received[last - 1])) + DAY_US + _HISTORY_US)
    return bool((received[low:high] - said[low:high] < delay // 2).any())  # others come in time: it is not the network


def _episodes(found: Messages, off: Marks, judged: Marks) -> Iterator[WrongClock]:
    """Readings not believed with none believed between them, by meter and order of receipt."""
    for meter in np.unique(found.meter[off]):
        own = np.flatnonzero((found.meter == meter) & (found.said_us != NEVER))
        order = own[np.lexsort((found.said_us[own], found.received_us[own]))]
        flags = np.concatenate([[False], off[order], [False]])
        edges = np.flatnonzero(flags[1:] != flags[:-1]).tolist()
        for first, last in list(pairwise(edges))[::2]:
            run = order[first:last]
            received = found.received_us[run]
            offset = int(np.median(found.said_us[run] // 2 - received // 2)) * 2
            yield WrongClock(int(received[0]), int(received[-1]), len(run), offset, bool(judged[run].any()))
