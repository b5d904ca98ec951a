"""A reading: what a meter's register showed at an instant, identified and in the stored unit."""

from datetime import datetime

import msgspec


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One value of one register. The same meter, register and time is the same reading, however often it is sent.

    Attributes:
        meter: the portfolio's id of the device.
        register: `Register.name`: the quantity, and its channel after a dot where the meter has several.
        time: when the device read it; its receipt where the device sends no time. UTC.
        value: in the stored unit of the register's quantity.
        received: when the message reached us. UTC. Lets any figure be asked for as it was known then.
    """

    meter: str
    register: str
    time: datetime
    value: float
    received: datetime


class DirtyHours(msgspec.Struct, frozen=True):
    """Hours of a metering point whose readings changed. `start` and `end` lie on whole UTC hours, `end` is outside."""

    point: str
    start: datetime
    end: datetime
