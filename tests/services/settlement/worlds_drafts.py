"""A world while it is being made: what the meter read, what of it was believed to be sent, and what may be said of it.

An event is one reading. Faults change events; what is expected of an answer follows from which events are still good, where the
register was broken off, and from what the faults note.
"""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tests.services.settlement.worlds_loads import HOUR, Load

OLD_METER = "7340012"
DELAY_S = (2, 8)  # a message's way


@dataclass
class Event:
    """One reading of the meter.

    Attributes:
        at: when it was truly read.
        shift: what the register shows more than the load since `Load.first`.
        said: shown instead of the register, in the point's unit; `fixed`: whatever the register stands at.
        factor: of the value as sent to the point's unit: 0.001 where MWh is sent for kWh.
        good: it is on the register's course.
        broken: between this and the good one before lies no register difference.
    """

    at: int
    shift: float
    received: int
    time: int | None
    meter: str = OLD_METER
    said: float | None = None
    fixed: bool = False
    unit: str = "kWh"
    factor: float = 1.0
    good: bool = True
    broken: bool = False
    lost: bool = False


@dataclass(frozen=True)
class Wanted:
    """A finding that must be there, with one of the codes, touching the stretch."""

    any_of: tuple[str, ...]
    start: float
    end: float


@dataclass(frozen=True)
class Loose:
    """A stretch where a mark is as right as none."""

    start: float
    end: float
    methods: tuple[str, ...] = ("measured", "interpolated")
    lowest: float = 0.0
    extra: float = 0.0  # added to the hours' tolerance
    knowable: bool = True


@dataclass
class Draft:
    """A world in the making; times are epoch seconds."""

    random: np.random.Generator
    carrier: str
    direction: str
    unit: str
    resolution: float
    interval: int | None
    start: int
    end: int
    load: Load
    events: list[Event]
    digits: int | None = None
    max_power: float | None = None
    truncates: bool = True
    coarse: bool = False  # a step of the register is more than an hour's use: marks are free
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)  # instants at which both registers are on record
    copies: list[tuple[Event, int]] = field(default_factory=list)  # sent again, received then
    twins: list[tuple[Event, float, int]] = field(default_factory=list)  # another value for the event's time, received then
    world: list[str] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    allowed: list[tuple[str, float, float]] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    wider: list[tuple[float, float, float]] = field(default_factory=list)  # (start, end, added to the tolerance), marks as ever
    busy: list[tuple[float, float]] = field(default_factory=list)
    subwindow: bool = True
    backwards: int | None = None  # the hour from which the register counts down

    @property
    def slack(self) -> int:
        return max(HOUR, 2 * (self.interval or HOUR))

    def register(self, event: Event) -> float:
        """What the register stands at, before rounding."""
        return event.shift + float(self.load.energy(event.at))

    def shown(self, event: Event) -> float:
        """The value in the point's unit, as the display gives it."""
        return self.stepped(self.register(event)) if event.said is None else event.said

    def stepped(self, value: float) -> float:
        """To whole steps of the register, downwards."""
        steps = math.floor(value / self.resolution + 1e-7)
        return round(steps * self.resolution, 9)

    def use(self, start: float, end: float) -> float:
        first, last = self.load.energy([start, end])
        return float(last - first)

    def between(self, start: float, end: float) -> list[Event]:
        """Events read from `start` to `end`, both inside."""
        return [event for event in self.events if start <= event.at <= end]

    def relevel(self, number: int, delta: float, meter: str | None = None) -> None:
        """From that event on, up to where the register begins anew already, it stands otherwise, or it is another meter's."""
        first = self.events[number]
        following = min((instant for instant in self.noted if instant >= first.at), default=None)
        old = first.meter
        for place in range(number, len(self.events)):
            event = self.events[place]
            if (place > number and event.broken) or (following is not None and event.at >= following):
                break
            event.shift += delta
            event.meter = event.meter if meter is None else meter
            if event.said is not None and not event.fixed:
                event.said = self.stepped(max(0.0, event.said + delta))
        else:
            return
        if following is not None and event.at >= following:
            record = next(item for item in self.exchanges if epoch(item["at"]) == following)
            record["old_register"] = self.stepped(record["old_register"] + delta)
            record["old_meter"] = meter or old
        elif meter is not None and event.meter == old:
            for later in self.events[place:]:  # another register of the meter that came, not of the one that went
                if later.meter == old:
                    later.meter = meter

    def new_meter(self) -> str:
        """An id that nobody had."""
        return f"73400{99 - len({event.meter for event in self.events}) + 1}"

    def says(self, world: str, answer: str) -> None:
        self.world.append(world)
        self.answer.append(answer)

    def wants(self, codes: str, start: float, end: float) -> None:
        self.wanted.append(Wanted(tuple(codes.split()), start, end))

    def loose_tolerance(self, start: float, end: float, extra: float) -> None:
        self.wider.append((start, end, extra))

    def place(self, length: float, margin: float, clear: float, earliest: float = 0.0) -> int | None:
        """The number of an event where a fault of that length may begin, away from the window's ends and from other faults.

        Args:
            earliest: share of the window that must have gone before.
        """
        low = max(self.start + margin, self.start + earliest * (self.end - self.start))
        fits = [
            number
            for number, event in enumerate(self.events)
            if event.at >= low
            and event.at + length <= self.end - margin
            and all(event.at + length + clear < first or event.at - clear > last for first, last in self.busy)
        ]
        return int(self.random.choice(fits)) if fits else None

    def occupies(self, start: float, end: float) -> None:
        self.busy.append((start, end))

    def send(self, event: Event, received: int, value: float | None = None) -> dict[str, Any]:
        """The reading as a message."""
        sent = (self.shown(event) if value is None else value) * event.factor
        digits = max(0, -math.floor(math.log10(self.resolution * abs(event.factor)) + 1e-9))
        return {
            "time": None if event.time is None else iso(event.time),
            "received": iso(received),
            "meter": event.meter,
            "value": round(sent, min(12, digits)),
            "unit": event.unit,
        }


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(round(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
