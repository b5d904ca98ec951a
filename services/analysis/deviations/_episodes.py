"""From days that lie above to episodes that last: one odd day is no news. Pure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from config.domain.deviations import Persistence
from services.analysis.deviations._expected import Mask


@dataclass(frozen=True, slots=True)
class Episode:
    """Numbers of days; all inside. `detected`: the day on which it could first be known."""

    first: int
    detected: int
    last: int
    going_on: bool


_APART = 30  # days without a day of the kind, after which an episode is over: summers do not join each other
_OVER = 7  # days without one up to now, after which it is no longer said to go on: the break, the warm spell has ended


def episodes(above: Mask, judged: Mask, rule: Persistence) -> list[Episode]:
    """The episodes of one subject.

    Args:
        above: [days].
        judged: [days]: the days of the kind for which something was expected; others neither begin nor end an episode.
    """
    numbers = np.flatnonzero(judged)
    edges = np.flatnonzero(np.diff(numbers) > _APART) + 1
    parts = np.split(numbers, edges)
    found = [item for part in parts[:-1] for item in _within(above, part, rule, ends=True)]
    return [*found, *_within(above, parts[-1], rule, ends=len(above) - 1 - int(parts[-1][-1]) > _OVER)] if len(numbers) else []


def _within(above: Mask, numbers: npt.NDArray[np.int64], rule: Persistence, *, ends: bool) -> list[Episode]:
    over = above[numbers]
    found: list[Episode] = []
    first: int | None = None
    detected = 0
    for at in range(len(numbers)):
        start = max(0, at - rule.of + 1)
        if first is None:
            if over[at] and over[start : at + 1].sum() >= rule.days:
                within = np.flatnonzero(over[start : at + 1])
                first, detected = int(numbers[start + within[0]]), int(numbers[at])
        elif not over[start : at + 1].any():
            last = int(numbers[np.flatnonzero(over[:at])[-1]])
            found.append(Episode(first, detected, last, going_on=False))
            first = None
    if first is not None:
        found.append(Episode(first, detected, int(numbers[np.flatnonzero(over)[-1]]), going_on=not ends))
    return found
