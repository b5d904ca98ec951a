"""What arrives and what it says, before we know whose it is."""

from datetime import datetime

import msgspec

from config.domain.quantities import Accumulation


class RawMessage(msgspec.Struct, frozen=True, gc=False):
    """One MQTT message as it came.

    Attributes:
        topic: "" where a bridge or file gave none.
        received: when it reached us, UTC.
        retained: the broker kept it from before we subscribed: its receipt says nothing about when it was measured.
    """

    topic: str
    payload: bytes
    received: datetime
    qos: int = 1
    retained: bool = False
    duplicate: bool = False


class Observation(msgspec.Struct, frozen=True, gc=False):
    """A value as the device said it.

    Attributes:
        device: the id that the message gives, else the topic level that does.
        quantity: a name of `config.domain.quantities` where the decoder knows it, else the message's own key.
        value: as sent, in `unit`; always finite.
        unit: as the message or the device's documents state it; None where nothing does.
        time: aware where the message gives an instant; naive where it gives a local wall clock; None where it gives none.
        channel: phase, tariff, string or sensor where the device has several of the quantity.
    """

    device: str
    quantity: str
    value: float
    unit: str | None
    time: datetime | None
    accumulation: Accumulation
    channel: str = ""
