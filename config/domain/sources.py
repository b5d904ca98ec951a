"""Where messages come from and how they are to be read: the table of `sources.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ClockTrust(StrEnum):
    """Whose clock says when a value was measured."""

    DEVICE = "device"  # the message's own time; its receipt only where it gives none
    RECEIPT = "receipt"  # the device's clock is known to be wrong: always the receipt


@dataclass(frozen=True, slots=True)
class Source:
    """Messages on `topic` are of `family`. The first source whose filter covers a topic is the one.

    Attributes:
        topic: MQTT filter, also what we subscribe to.
        family: a decoder's family or group; None ignores the messages on purpose (the journal keeps them).
        timezone: of wall clocks without offset; the municipality's where None. "UTC+1" for meters on normal time all year.
        units: quantity → unit to assume where neither message nor portfolio states one.
    """

    topic: str
    family: str | None
    timezone: str | None = None
    clock: ClockTrust = ClockTrust.DEVICE
    units: Mapping[str, str] = field(default_factory=dict)
