"""Faults of devices' clocks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from tests.services.settlement.worlds_drafts import Draft, Event, Loose, epoch, iso
from tests.services.settlement.worlds_faults import between, placed
from tests.services.settlement.worlds_loads import DAY, HOUR


def clock_no_time(draft: Draft) -> bool:
    """After a restart the device counts from a time that cannot be, until it has the time again."""
    assert draft.interval is not None
    false = epoch(
        str(draft.random.choice(["1970-01-01T00:00:00Z", "2000-01-01T00:00:00Z", "2036-02-07T06:28:16Z", "2099-12-31T00:00:00Z"]))
    )
    found = False
    for _ in range(int(draft.random.integers(1, 3))):
        length = between(draft, max(HOUR, 3 * draft.interval), 12 * HOUR)
        number = placed(draft, length)
        if number is None:
            break
        first = draft.events[number].at
        _mistimed(draft, draft.between(first, first + length), partial(_since, false - first), 0.5)
        found = True
    draft.says(f"After a restart the device says {iso(false)[:4]}.", "Such a time is no time; receipt stands in for it.")
    return found


def clock_offset(draft: Draft) -> bool:
    """For some hours or days the clock is whole hours off; messages still come within seconds."""
    assert draft.interval is not None
    off = int(draft.random.choice([-12, -5, -2, -1, -1, 1, 1, 2, 5, 24])) * HOUR
    if draft.random.random() < 0.25:
        off = int(draft.random.choice([-1, 1])) * int(draft.random.integers(40 * 60, 4 * HOUR))
    length = between(draft, max(8 * HOUR, 6 * draft.interval), min(3 * DAY, (draft.end - draft.start) / 3))
    number = placed(draft, length)
    if number is None:
        return False
    first = draft.events[number].at
    _mistimed(draft, draft.between(first, first + length), lambda event: event.at + off, 0.0, reach=abs(off))
    draft.says(
        f"For {length / 3600:.0f} h the device clock is {off / 3600:+.1f} h off.",
        "The hours belong where the readings were received.",
    )
    return True


def clock_wall(draft: Draft) -> bool:
    """The device writes local wall time as if it were UTC."""
    zone = ZoneInfo("Europe/Stockholm")
    _mistimed(
        draft,
        draft.events,
        lambda event: event.at + _offset(event.at, zone),
        0.0,
        reach=2 * HOUR,
    )
    draft.says(
        "The device writes wall time as if it were UTC.", "Always ahead of its receipt: the clock is wrong, not the register."
    )
    return True


def clock_drifts(draft: Draft) -> bool:
    """The clock goes minutes a day too fast or too slow, and is set right in the end or not at all."""
    sign = int(draft.random.choice([-1, 1]))
    rate = sign * draft.random.uniform(1500, 4500) / (draft.end - draft.start)
    most = draft.load.largest(draft.start, draft.end)
    for event in draft.events:
        event.time = event.at + round(rate * (event.at - draft.start))
    # Up to twenty minutes an expert may leave to the device; beyond that nobody may.
    from_where = draft.start + 1200 / abs(rate)
    draft.wants("clock", from_where, draft.end)
    draft.allowed.append(("clock", draft.start, draft.end))
    draft.allowed.append(("gap", draft.end - HOUR, draft.end))
    draft.loose.append(Loose(draft.start, draft.end, extra=most * 1200 / HOUR))
    draft.subwindow = False
    draft.says(f"The clock drifts by {rate * DAY / 60:+.1f} minutes a day.", "Receipt shows it, and stands in for it.")
    return True


def _since(shift: int, event: Event) -> int:
    return event.at + shift


def _offset(instant: int, zone: ZoneInfo) -> int:
    return int((datetime.fromtimestamp(instant, zone).utcoffset() or timedelta()).total_seconds())


def _mistimed(draft: Draft, events: list[Event], told: Callable[[Event], int], lowest: float, reach: int = HOUR) -> None:
    for event in events:
        event.time = told(event)
        event.received = event.at + int(draft.random.integers(2, 9))
    first, last = events[0].at, events[-1].at
    draft.wants("clock", first, last)
    start, end = first // HOUR * HOUR - reach, last // HOUR * HOUR + HOUR + reach
    extra = draft.load.largest(start, end) * 60 / HOUR
    draft.loose.append(Loose(start, end, lowest=lowest, extra=extra))
