"""Settled hours, how each came about, and the oddities found on the way."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Method(StrEnum):
    """How an interval's value came about."""

    MEASURED = "measured"  # the difference of one register between readings close enough to tell this hour from the next
    INTERPOLATED = "interpolated"  # its share of a register difference that spans more than it can tell apart
    ESTIMATED = "estimated"  # wholly or partly from a model, because no register difference covers it
    MISSING = "missing"  # not given


class FindingCode(StrEnum):
    """The closed list of oddities that settlement may report."""

    GAP = "gap"
    FALSE_READING = "false_reading"
    EXCHANGE = "exchange"
    EXCHANGE_SUSPECTED = "exchange_suspected"
    RESET = "reset"
    ROLLOVER = "rollover"
    STUCK = "stuck"
    CLOCK = "clock"
    UNIT_CHANGED = "unit_changed"
    SIGN_FLIP = "sign_flip"


@dataclass(frozen=True, slots=True)
class Interval:
    """One settled hour of a metering point.

    Attributes:
        start: the hour's first instant, UTC.
        value: in the carrier's unit; None exactly where `method` is missing.
        coverage: share of the hour that lies between neighbouring good readings no more than an hour apart. [0..1]
    """

    point: str
    start: datetime
    value: float | None
    coverage: float
    method: Method


@dataclass(frozen=True, slots=True)
class Finding:
    """An oddity with a code, a sentence and the evidence that lets a person check it."""

    point: str
    code: FindingCode
    start: datetime
    end: datetime
    sentence_sv: str
    sentence_en: str
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExchangeDecision:
    """What a person decided about a suspected exchange; settlement follows it.

    Attributes:
        at: where the register begins anew, or was suspected to.
        accepted: another register from here on; False: the same register, whose difference counts.
        old_register, new_register: the closing and the opening level, in the point's unit; None where nobody read them.
    """

    point: str
    at: datetime
    accepted: bool
    old_register: float | None = None
    new_register: float | None = None
