"""Everyday faults to switch on and see what the service makes of them: `--fault exchange:m-17@2026-11-20T10:00+01:00`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from config.errors import ConfigurationError


class FaultKind(StrEnum):
    SILENCE = "silence"  # says nothing from 00 to 06 UTC
    DUPLICATES = "duplicates"  # every message twice
    LATE = "late"  # messages come an hour after they were measured
    EXCHANGE = "exchange"  # another, used meter under the same id from an instant on
    ZERO = "zero"  # the register reads nought in the first message after 03 UTC
    WRONG_CLOCK = "wrong-clock"  # the device's clock runs an hour ahead


@dataclass(frozen=True, slots=True)
class MeterState:
    """What a meter shows at an instant.

    Attributes:
        measured: by the meter's own clock; UTC.
        values: register name → value in its stored unit.
        counters: which of them only count upwards.
    """

    meter: str
    device: str
    measured: datetime
    values: dict[str, float]
    counters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """`at` is when an exchange happens."""

    kind: FaultKind
    meter: str
    at: datetime


AN_HOUR = timedelta(hours=1)
USED_METER_STARTS_AT = 730_000.0  # above the old one: the exchange that most systems book as use


def parse(text: str, now: datetime) -> Fault:
    """`FAULT:METER[@INSTANT]`; an exchange without an instant happened a day before `now`.

    Raises:
        ConfigurationError: no such fault, or no instant behind the @.
    """
    kind, _, rest = text.partition(":")
    meter, _, instant = rest.partition("@")
    try:
        at = datetime.fromisoformat(instant).astimezone(UTC) if instant else now - timedelta(days=1)
        return Fault(FaultKind(kind), meter, at)
    except ValueError as error:
        known = ", ".join(FaultKind)
        raise ConfigurationError(
            f"--fault {text}: {error}; write FAULT:METER or FAULT:METER@INSTANT, FAULT one of {known}"
        ) from error


def states(fault: Fault, state_at: Callable[[datetime], MeterState], at: datetime) -> Iterator[MeterState]:
    """What a meter with the fault sends at `at`; `state_at` is the healthy meter."""
    state = state_at(at)
    match fault.kind:
        case FaultKind.SILENCE:
            if at.hour >= 6:
                yield state
        case FaultKind.DUPLICATES:
            yield state
            yield state
        case FaultKind.LATE:
            yield state_at(at - AN_HOUR)
        case FaultKind.WRONG_CLOCK:
            yield replace(state, measured=state.measured + AN_HOUR)
        case FaultKind.EXCHANGE:
            if at < fault.at:
                yield state
            else:
                removed = state_at(fault.at).values
                moved = {name: USED_METER_STARTS_AT + state.values[name] - removed[name] for name in state.counters}
                yield replace(state, values=state.values | moved)
        case FaultKind.ZERO:
            nought = at.hour == 3 and at.minute < 10
            yield replace(state, values=state.values | dict.fromkeys(state.counters, 0.0)) if nought else state
