"""What collectors need from outside, filled by shape in services.app. Repeating any call changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from config.domain.readings import DirtyHours, Reading


class ReadingSink(Protocol):
    """Takes readings durably. Raises StoreError; PointRejected names those that will never be taken, the rest are written."""

    def write_readings(self, readings: Sequence[Reading]) -> None: ...


class DirtyHoursSink(Protocol):
    """Remembers which hours must be settled again."""

    def mark(self, hours: Sequence[DirtyHours]) -> None: ...


class DeadLetter(msgspec.Struct, frozen=True):
    """A message, or one value of it, that could not be used. `position` is where the raw message lies in the journal."""

    position: str
    topic: str
    family: str
    device: str
    reason: str
    payload: bytes
    received: datetime


class DeadLetters(Protocol):
    """Keeps dead letters; the same position and reason is one letter, however often it is put there."""

    def put(self, letters: Sequence[DeadLetter]) -> None: ...


class UnknownDevice(msgspec.Struct, frozen=True):
    """A device or register that the portfolio does not know, with the observation last seen of it."""

    family: str
    device: str
    quantity: str
    channel: str
    unit: str | None
    accumulation: str
    topic: str
    value: float
    received: datetime
    position: str


class UnknownDevices(Protocol):
    """Keeps one row a family, device, quantity and channel: first and last seen, count, last value."""

    def seen(self, devices: Sequence[UnknownDevice]) -> None: ...
