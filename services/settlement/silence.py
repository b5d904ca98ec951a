"""When the point should have been heard but was not. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from config.domain.estate import Installation, MeteringPoint
from config.domain.intervals import Finding
from services.settlement.findings import finding
from services.settlement.reach import NEIGHBOURS
from services.settlement.units import SECOND_US, Micros, micros, micros_of

_INTERVALS_SILENT = 1.5  # one reading lost now and then is a gap only where readings are more than 43 minutes apart


def gaps(
    point: MeteringPoint, installations: Sequence[Installation], heard: Sequence[Micros], start: datetime, end: datetime
) -> Iterator[Finding]:
    """Silence for longer than the meter's interval and more than an hour, also at either end of the window.

    A meter that reports on change (no interval) is never silent: it had nothing to say. One whose readings were false or repeated
    was not silent either; there is another finding for that.

    Args:
        heard: times of readings, good or not, in parts that follow each other.
    """
    if point.interval_s is None:
        return
    limit = max(micros_of(NEIGHBOURS), int(_INTERVALS_SILENT * point.interval_s * SECOND_US))
    first, last = micros(start), micros(end)
    if installations:
        first = max(first, micros(installations[0].start))
        ends = [item.end for item in installations]
        last = last if None in ends else min(last, max(micros(item) for item in ends if item is not None))
    if first >= last:
        return
    times = np.concatenate([np.zeros(0, np.int64), *heard])
    bare = [moment for moment, beyond in ((first, (times <= first).any()), (last, (times >= last).any())) if not beyond]
    times = np.sort(np.concatenate([times, np.array(bare, dtype=np.int64)]))
    silent = np.flatnonzero(np.diff(times) > limit)
    for number in silent.tolist():
        since, until = int(times[number]), int(times[number + 1])
        if since < last and until > first:
            facts = {"silent_s": round((until - since) / SECOND_US), "interval_s": point.interval_s}
            yield finding(point.id, "gap", since, until, facts)
