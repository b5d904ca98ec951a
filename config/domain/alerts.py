"""Whom something is told to, by which way, and when: the receivers of alerts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path


class AlertKind(StrEnum):
    """What may be told. All but SERVICE concern a building."""

    DEVIATION = "deviation"  # a thread was opened
    REBOUND = "rebound"  # use came back after a verified saving
    SAVING = "saving"  # a saving was verified
    METERING = "metering"  # a meter is silent, stuck, or disagrees with the others
    EXCHANGE = "exchange"  # a suspected exchange waits for a decision
    SERVICE = "service"  # our own: intake, jobs, the store


KIND_NAMES: Mapping[AlertKind, tuple[str, str]] = {
    AlertKind.DEVIATION: ("Avvikelse", "Deviation"),
    AlertKind.REBOUND: ("Återkommen avvikelse", "Deviation that came back"),
    AlertKind.SAVING: ("Verifierad besparing", "Verified saving"),
    AlertKind.METERING: ("Mätfel", "Fault of metering"),
    AlertKind.EXCHANGE: ("Mätarbyte att ta ställning till", "Exchange to decide on"),
    AlertKind.SERVICE: ("Tjänsten", "The service"),
}


UNDELIVERED = "undelivered"  # the source of alerts about alerts: their words are those of people's mail servers


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    MQTT = "mqtt"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When only urgent things are told; local wall clock, over midnight where `begin` is later than `end`.

    Attributes:
        begin: first instant inside; `end`: first one outside. Equal: no hours of the day.
        days_off: also Saturdays, Sundays and whatever the municipal calendar says is no working day.
    """

    begin: time
    end: time
    days_off: bool = False


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told when nobody has acknowledged `after` it was told."""

    receiver: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Receiver:
    """Someone or something that is told.

    Attributes:
        address: an e-mail address, an https address, or the topic below which events are published.
        owners, buildings: whose; all where both are empty.
        kinds: what.
        least_sek: kronor without VAT from which a deviation is told; one without a price is told whatever it may cost.
        every: no two messages closer than this, but for urgent ones.
        secret_file: of a webhook: the key that signs what is sent.
    """

    id: str
    channel: Channel
    address: str
    owners: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    kinds: frozenset[AlertKind] = frozenset(AlertKind)
    least_sek: float = 0.0
    language: str = "sv"
    every: timedelta = timedelta(minutes=30)
    quiet: QuietHours | None = None
    escalation: Escalation | None = None
    secret_file: Path | None = None

    @property
    def restricted(self) -> bool:
        """Whether they hear of some buildings only."""
        return bool(self.owners or self.buildings)

    def may_hear(self, building: str, owner: str) -> bool:
        """Of that building; "" is our own service, which tells nothing of anybody's."""
        return not self.restricted or not building or building in self.buildings or owner in self.owners
