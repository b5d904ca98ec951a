"""What intake counts of each meter."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from collectors.intake import IntakeFigures, Ports, Taken, deliver
from collectors.journal import Position
from collectors.messages import RawMessage
from collectors.ports import DeadLetter, MeterDay, UnknownDevice
from config.domain.readings import DirtyHours, Reading
from config.errors import PointRejected

EVENING = datetime(2026, 11, 24, 22, 50, tzinfo=UTC)  # ten to midnight in Sweden
LATER = EVENING + timedelta(minutes=20)


class Sinks:
    """All ports in one; refuses readings below nought."""

    def __init__(self) -> None:
        self.counted: list[MeterDay] = []

    def write_readings(self, readings: Sequence[Reading]) -> None:
        refused = {index: "below nought" for index, item in enumerate(readings) if item.value < 0}
        if refused:
            raise PointRejected("refused", refused)

    def mark(self, hours: Sequence[DirtyHours]) -> None: ...
    def put(self, letters: Sequence[DeadLetter]) -> None: ...
    def seen(self, devices: Sequence[UnknownDevice]) -> None: ...

    def add(self, counts: Sequence[MeterDay]) -> None:
        self.counted += counts


def counted(taken: Taken) -> list[MeterDay]:
    sinks = Sinks()
    message = RawMessage("meters/a", b"", LATER, 1, False, False)
    ports = Ports(sinks, sinks, sinks, sinks, sinks, "Europe/Stockholm")
    deliver([(Position("2026-11-24", 1), message)], taken, ports, IntakeFigures(), threading.Event())
    return sorted(sinks.counted, key=lambda item: item.day)


def reading(at: datetime, value: float = 1.0) -> Reading:
    return Reading("m", "active_energy_import", at, value, LATER)


def test_values_are_counted_on_the_local_day_of_their_reading() -> None:
    """A message that comes ten past midnight brings the last hour of the day before."""
    taken = Taken(readings=[reading(EVENING), reading(EVENING + timedelta(minutes=5)), reading(LATER)], origins=[0, 0, 0])

    assert counted(taken) == [
        MeterDay("m", date(2026, 11, 24), 2, 2, 0, LATER),
        MeterDay("m", date(2026, 11, 25), 1, 1, 0, LATER),
    ]


def test_what_the_store_or_we_refuse_is_set_aside_and_not_lost() -> None:
    """Received is what was stored and what was flagged, whoever refused it."""
    taken = Taken(readings=[reading(LATER), reading(LATER, -1.0)], origins=[0, 0], refused=[("m", LATER)])

    assert counted(taken) == [MeterDay("m", date(2026, 11, 25), 3, 1, 2, LATER)]
