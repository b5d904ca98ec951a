"""The seam to the ways out, and what each message is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from config.domain.alerts import Receiver
from services.state.alerts import Message, Part


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a message tells; `over`: what is said of its end, in both languages."""

    alert: int
    part: Part
    kind: str
    urgent: bool
    since: datetime
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    action: Mapping[str, str]
    over: Mapping[str, str]
    building: str
    owner: str
    place: str
    sek: float | None
    link: str


class Sender(Protocol):
    """One way out. Sending a message again sends it as it was, under the same id.

    Raises:
        DeliveryUnavailable: it was not taken now, or nobody knows whether it was.
        DeliveryError: it will not be taken as it is.
    """

    def send(self, receiver: Receiver, message: Message) -> None: ...


def items(message: Message) -> Sequence[Item]:
    """What it tells: urgent things first, then what began, the costliest first, then what is over."""
    found = [item_of(each) for each in message.content["items"]]
    return sorted(found, key=lambda each: (each.part is Part.ENDED, not each.urgent, -(each.sek or 0.0), each.alert))


def item_of(kept: Mapping[str, Any]) -> Item:
    """As it lies in a message's content."""
    return Item(**{**kept, "part": Part(kept["part"]), "since": datetime.fromisoformat(kept["since"])})
