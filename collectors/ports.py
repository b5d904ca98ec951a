"""What collectors need from outside, filled by shape in services.app. Repeating a call changes nothing, save for counts."""

from collections.abc import Sequence
from datetime import date, datetime
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
    """A message, or one value of it, that could not be used.

    `position` is where the raw message lies in the journal; `kind` a `config.domain.refusals.Refusal`, of which `reason` is the
    detail, in English.
    """

    position: str
    topic: str
    family: str
    device: str
    reason: str
    payload: bytes
    received: datetime
    kind: str = ""


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


class MeterDay(msgspec.Struct, frozen=True):
    """Values of a meter in a batch, of one local day: `received` = `stored` + `flagged`, which became dead letters.

    The day is the reading's; of a value that was refused, whose time may be what is wrong, that of its receipt.
    """

    meter: str
    day: date
    received: int
    stored: int
    flagged: int
    heard: datetime  # last; UTC


class MessageCounts(Protocol):
    """Adds to the days' counts. What is taken in again is counted again."""

    def add(self, counts: Sequence[MeterDay]) -> None: ...
