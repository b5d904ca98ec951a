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


HOURLY_USE = "hourly_use"  # last channel of the registers that hold use instead of a counter's level


def hourly_use_of(register: str) -> str:
    """Where the use in whole hours, as files give it, is stored beside `register`: one reading an hour, at the hour's start.

    A level cannot be made of use without knowing where it began, and a file that comes in pieces would begin anew in each.
    """
    return f"{register}.{HOURLY_USE}"
