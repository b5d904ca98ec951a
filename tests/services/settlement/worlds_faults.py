"""Faults of readings: what is lost, false, late or doubled. Each says whether it found a place, and notes what is asked."""

from collections.abc import Callable

import numpy as np

from tests.services.settlement.worlds_drafts import DELAY_S, Draft, Loose
from tests.services.settlement.worlds_loads import DAY, HOUR

Fault = Callable[[Draft], bool]


def margin(draft: Draft) -> float:
    """From the window's ends to a fault."""
    return max(4 * HOUR, 8 * (draft.interval or HOUR))


def clearance(draft: Draft) -> float:
    """From one fault to another."""
    return max(10 * HOUR, 14 * (draft.interval or HOUR))


def placed(draft: Draft, length: float, earliest: float = 0.0) -> int | None:
    """The number of the first event of a fault of that length; the place is taken from then on."""
    number = draft.place(length, margin(draft), clearance(draft), earliest)
    if number is not None:
        draft.occupies(draft.events[number].at, draft.events[number].at + length)
    return number


def between(draft: Draft, low: float, high: float) -> float:
    """A length, as likely short as long."""
    return float(np.exp(draft.random.uniform(np.log(low), np.log(high))))


def gap(draft: Draft) -> bool:
    """From one lost reading to three days, or a quarter of the window."""
    assert draft.interval is not None
    longest = min(3 * DAY, (draft.end - draft.start) / 4)
    length = between(draft, draft.interval, max(longest, 1.01 * draft.interval))
    return _silence(draft, length)


def one_lost(draft: Draft) -> bool:
    assert draft.interval is not None
    return _silence(draft, draft.interval * 0.5)


def power_cut(draft: Draft) -> bool:
    """Meter and building are dead; the meter returns at the value it had."""
    number = placed(draft, length := between(draft, 3 * HOUR, 14 * HOUR))
    if number is None:
        return False
    start = draft.events[number - 1].at
    lost = draft.between(start + 1, start + length)
    for event in lost:
        event.lost = True
    first, last = (int((instant - draft.load.first) // 300) for instant in (start, draft.events[number - 1 + len(lost) + 1].at))
    draft.load.power[first:last] = 0.0
    draft.says(f"A power cut of {length / 3600:.1f} h.", "Interpolated zeros.")
    return True


def _silence(draft: Draft, length: float) -> bool:
    number = placed(draft, length)
    if number is None:
        return False
    first = draft.events[number].at
    lost = draft.between(first, first + length)
    for event in lost:
        event.lost = True
    draft.says(
        f"{len(lost)} reading(s) are lost while the register runs on.", "Spread where the hours cannot be told apart, sum kept."
    )
    return True


def silent_start(draft: Draft) -> bool:
    """Nothing is known before the first reading."""
    length = between(draft, 2 * HOUR, (draft.end - draft.start) / 5)
    for event in draft.events:
        event.lost = event.lost or event.at < draft.start + length
    draft.occupies(draft.start - DAY, draft.start + length)
    draft.says(f"The first reading comes after {length / 3600:.1f} h.", "Unknown: never nought, never the whole register.")
    return True


def silent_end(draft: Draft) -> bool:
    """The meter falls silent for good."""
    length = between(draft, 2 * HOUR, (draft.end - draft.start) / 5)
    for event in draft.events:
        event.lost = event.lost or event.at > draft.end - length
    draft.occupies(draft.end - length, draft.end + DAY)
    draft.says(f"Silence for the last {length / 3600:.1f} h.", "Unknown: missing or a marked estimate.")
    return True


def false_run(draft: Draft) -> bool:
    """One to eight readings are nought, or far from the course, and then it is back on it."""
    assert draft.interval is not None
    count = int(draft.random.integers(1, 9)) if draft.random.random() < 0.6 else 1
    number = placed(draft, (count - 0.5) * draft.interval)
    if number is None:
        return False
    run = draft.events[number : number + count]
    mode = str(draft.random.choice(["zero", "up", "down", "mixed", "sentinel"], p=[0.3, 0.25, 0.2, 0.15, 0.1]))
    usual = draft.load.largest(
        run[0].at - 12 * HOUR, run[-1].at + 12 * HOUR
    )  # at rest a small false reading is no less likely use
    least = max(60 * draft.resolution, 4 * usual * (count + 2) * draft.interval / HOUR)
    for event in run:
        course = draft.stepped(draft.register(event))
        size = least * between(draft, 1, 300)
        rises = mode == "up" or (mode == "mixed" and draft.random.random() < 0.5) or course - size <= 0
        event.said = draft.stepped(course + size) if rises else draft.stepped(course - size)
        event.fixed = mode in ("zero", "sentinel")
        if mode == "zero":
            event.said = 0.0
        elif mode == "sentinel":
            event.said = draft.stepped(float(10 ** np.ceil(np.log10(max(course, 1)) + 2) - 1))
        event.good = False
        draft.wants("false_reading", event.at, event.at)
    draft.says(f"{count} reading(s) are false ({mode}).", "Left out; nothing is booked for fall or return.")
    return True


def false_beside_a_gap(draft: Draft) -> bool:
    """Hours of silence, and the first words after it, or the last before it, are false."""
    assert draft.interval is not None
    length = between(draft, max(3 * HOUR, 3 * draft.interval), DAY)
    number = placed(draft, length + 3 * draft.interval)
    if number is None:
        return False
    first = draft.events[number + 2].at
    lost = draft.between(first, first + length)
    for event in lost:
        event.lost = True
    count = int(draft.random.integers(1, 3))
    after = bool(draft.random.random() < 0.7)
    begin = number + 2 + len(lost) if after else number + 2 - count
    for event in draft.events[begin : begin + count]:
        event.said, event.fixed, event.good = 0.0, True, False
        draft.wants("false_reading", event.at, event.at)
    where = "after" if after else "before"
    draft.says(f"{length / 3600:.1f} h of silence, and {count} zero(s) right {where} it.", "Spread over all of it, sum kept.")
    return True


def reset_and_back(draft: Draft) -> bool:
    """The meter loses its memory, counts from nought for a while, and restores the true register."""
    assert draft.interval is not None
    length = between(draft, 2 * draft.interval, 8 * draft.interval)
    number = placed(draft, length)
    if number is None:
        return False
    start = draft.events[number].at
    run = draft.between(start, start + length)
    for event in run:
        event.said, event.good = draft.stepped(draft.use(start, event.at)), False
    draft.wants("false_reading", run[0].at, run[-1].at)
    draft.says(f"The meter counts from 0 for {len(run)} reading(s), then restores the register.", "The low readings were false.")
    return True


def two_values(draft: Draft) -> bool:
    """Two readings of one time disagree; the order of arrival does not say which is true."""
    assert draft.interval is not None
    number = placed(draft, 0.0)
    if number is None:
        return False
    event = draft.events[number]
    course = draft.stepped(draft.register(event))
    usual = draft.load.largest(event.at - 12 * HOUR, event.at + 12 * HOUR)
    size = max(60 * draft.resolution, 6 * usual * draft.interval / HOUR) * between(draft, 1, 200)
    other = float(draft.random.choice([0.0, draft.stepped(course + size), draft.stepped(max(0.0, course - size))]))
    late = int(draft.random.choice([-2, 1, 4]))
    draft.twins.append((event, other, event.received + late))
    draft.wants("false_reading", event.at, event.at)
    draft.loose.append(Loose(event.at - draft.interval, event.at + draft.interval))
    if draft.interval >= HOUR:
        draft.allowed.append(("gap", event.at - draft.interval, event.at + draft.interval))
    draft.says("Two readings of one time disagree; one is on the course.", "The neighbours say which is true.")
    return True


def duplicates(draft: Draft) -> bool:
    """At-least-once delivery."""
    every = int(draft.random.integers(2, 6))
    draft.copies += [(event, event.received + int(draft.random.integers(1, 30))) for event in draft.events[::every]]
    draft.says(f"Every {every}th message comes twice.", "The same reading twice is one reading.")
    return True


def replay(draft: Draft) -> bool:
    """All of it, or a morning, is played back later."""
    begins = draft.events[-1].received + 600
    whole = draft.random.random() < 0.5
    first = 0 if whole else int(draft.random.integers(0, len(draft.events) // 2))
    part = draft.events[first:] if whole else draft.events[first : first + len(draft.events) // 4]
    draft.copies += [(event, begins + number // 20) for number, event in enumerate(part)]
    draft.says("History is played back once more.", "A replay changes nothing.")
    return True


def old_among_new(draft: Draft) -> bool:
    """The gateway sends some old readings again, in between the new ones."""
    count = int(draft.random.integers(3, 20))
    first = int(draft.random.integers(0, len(draft.events) // 2))
    later = draft.events[int(draft.random.integers(len(draft.events) // 2 + count, len(draft.events)))].received
    draft.copies += [(event, later + number) for number, event in enumerate(draft.events[first : first + count])]
    draft.says("Old readings are sent again in between.", "They belong at their own time, where they are known already.")
    return True


def late_days(draft: Draft) -> bool:
    """A stretch is held back and delivered days later, or at once when the link is back."""
    length = between(draft, 3 * HOUR, min(3 * DAY, (draft.end - draft.start) / 3))
    number = placed(draft, length)
    if number is None:
        return False
    start = draft.events[number].at
    held = draft.between(start, start + length)
    delivered = held[-1].at + int(draft.random.choice([60, 2 * DAY]))
    at_once = bool(draft.random.random() < 0.5)
    order = draft.random.permutation(len(held)) if draft.random.random() < 0.3 else np.arange(len(held))
    for place, event in zip(order, held, strict=True):
        event.received = delivered + (0 if at_once else 2 * int(place)) + 3
    draft.says(f"Readings of {length / 3600:.0f} h are held back and delivered later.", "As if they had come in time.")
    return True


def out_of_order(draft: Draft) -> bool:
    """Messages travel by different ways, up to forty minutes."""
    for event in draft.events:
        event.received = event.at + int(draft.random.integers(2, 2400))
    draft.says("Messages arrive up to 40 minutes late, in mixed order.", "Readings count at the time they were taken.")
    return True


def no_time(draft: Draft) -> bool:
    """All messages, or some, lack the device's time; they come within ten seconds."""
    share = 1.0 if draft.random.random() < 0.5 else draft.random.uniform(0.1, 0.7)
    for event in draft.events:
        if draft.random.random() < share:
            event.time = None
            event.received = event.at + int(draft.random.integers(*DELAY_S))
    most = draft.load.largest(draft.start, draft.end)
    draft.loose_tolerance(draft.start, draft.end, 0.5 * most * 60 / HOUR)
    draft.says("Messages lack their time.", "The time of receipt stands in.")
    return True
