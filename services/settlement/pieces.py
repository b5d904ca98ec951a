"""Steps of a course cut at whole hours. Pure.

A piece's figures come from its own step alone, so that an hour has the same bits whatever else is cut with it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.settlement.units import HOUR_US, Micros, Values


@dataclass(frozen=True, slots=True)
class Pieces:
    """Parts of steps that lie in one hour.

    Attributes:
        hour: counted from the first.
        us: length.
        use: share of the step, even over its time. NaN where the step is unknown.
        step: number of the step, that is of the reading that ends it.
    """

    hour: Micros
    us: Micros
    use: Values
    step: npt.NDArray[np.int64]


def pieces(at_us: Micros, step: Values, first_us: int, count: int) -> Pieces:
    """The parts of the steps that lie in `count` hours from `first_us`."""
    last_us = first_us + count * HOUR_US
    low = max(1, int(np.searchsorted(at_us, first_us)))
    high = min(len(at_us), int(np.searchsorted(at_us, last_us, side="right")) + 1)
    number = np.arange(low, max(low, high))
    begin, end = at_us[number - 1], at_us[number]
    inside = (
        ((end > first_us) | (begin >= first_us)) & (begin < last_us) & (count > 0)
    )  # two readings at one instant make a step too
    number, begin, end = number[inside], begin[inside], end[inside]
    first_hour = (np.maximum(begin, first_us) - first_us) // HOUR_US
    last_hour = np.maximum((np.minimum(end, last_us) - 1 - first_us) // HOUR_US, first_hour)
    parts = last_hour - first_hour + 1
    if len(parts) and int(parts.max()) > 1:
        own = np.repeat(np.arange(len(number)), parts)
        before = np.concatenate([[0], np.cumsum(parts)[:-1]])
        hour = first_hour[own] + np.arange(len(own)) - before[own]
    else:
        own, hour = np.arange(len(number)), first_hour
    begin, end, number = begin[own], end[own], number[own]
    edge = first_us + hour * HOUR_US
    left, right = np.maximum(begin, edge), np.minimum(end, edge + HOUR_US)
    length = np.maximum(end - begin, 1)
    whole = step[number]
    upto = np.where(right >= end, whole, whole * ((right - begin) / length))
    use = upto - np.where(left <= begin, 0.0, whole * ((left - begin) / length))
    return Pieces(hour, np.maximum(right - left, 0), use, number)
