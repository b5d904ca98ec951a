"""Sources, ways out and receivers that tests set as they like."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.domain.alerts import AlertKind, Channel, Receiver
from config.domain.calendar import MunicipalCalendar
from config.errors import MonitorError
from services.alerts.alerting import AlertingJob
from services.alerts.condition import OVER, Condition, Over, Place
from services.alerts.sending import Item, items
from services.state.alerts import Message
from services.state.state import State
from tests.services.jobs.world import FixedClock

ZONE = "Europe/Stockholm"
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, 12:00 in Sweden
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SCHOOL, RINK = Place("skola", "skolnamnden", "Skolan"), Place("ishall", "energi", "Ishallen")


class Said:
    """A source that says what it is told to."""

    name = "said"

    def __init__(self) -> None:
        self.holds: list[Condition] = []
        self.words: Over | None = OVER
        self.error: MonitorError | None = None

    def holding(self, now: datetime) -> Sequence[Condition]:
        if self.error is not None:
            raise self.error
        return self.holds

    def over(self, key: str, now: datetime) -> Over | None:
        return self.words


class Outbox:
    """A way out that keeps what it sent; `errors` are raised first, one a sending, None is none."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.errors: list[BaseException | None] = []
        self.tried: list[str] = []

    def send(self, receiver: Receiver, message: Message) -> None:
        self.tried.append(message.id)
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        self.sent.append((receiver.id, message))

    def to(self, receiver: str) -> list[list[Item]]:
        """What the receiver was told, a list a message."""
        return [list(items(message)) for name, message in self.sent if name == receiver]


def receiver(name: str = "drift", **changes: Any) -> Receiver:
    return Receiver(name, Channel.EMAIL, f"{name}@example.se", **changes)


def condition(
    key: str = "deviation:1:1", place: Place = SCHOOL, kind: AlertKind = AlertKind.DEVIATION, **changes: Any
) -> Condition:
    words = {"title_sv": f"Rubrik {key}", "title_en": f"Title {key}", "sentence_sv": "Mening.", "sentence_en": "Sentence."}
    return Condition(key=key, kind=kind, place=place, **(words | changes))


@dataclass
class Scene:
    """The job with everything around it."""

    state: State
    receivers: Sequence[Receiver]
    source: Said = field(default_factory=Said)
    outbox: Outbox = field(default_factory=Outbox)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    calendar: MunicipalCalendar = field(default_factory=MunicipalCalendar)

    @property
    def job(self) -> AlertingJob:
        """Made anew each time, as after a restart."""
        ways = dict.fromkeys(Channel, self.outbox)
        return AlertingJob([self.source], self.receivers, ways, self.state, self.clock, ZONE, self.calendar)

    def run(self, after: timedelta = timedelta(0), *holds: Condition) -> None:
        """One run, so much later, with these things holding; those of before where none are given."""
        self.clock.at += after
        if holds:
            self.source.holds = list(holds)
        job = self.job
        for task in job.pending(self.clock.at):
            job.do(task)

    def over(self, after: timedelta = timedelta(0)) -> None:
        """One run with nothing holding."""
        self.source.holds = []
        self.run(after)


def scene(folder: Path, *receivers: Receiver, clock: FixedClock | None = None) -> Scene:
    made = Scene(State.open(folder / "state.sqlite"), receivers or (receiver(),))
    if clock is not None:
        made.clock = clock
    return made
