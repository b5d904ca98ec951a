"""What a faulty meter sends."""

from datetime import UTC, datetime, timedelta

import pytest

from collectors.simulation.faults import AN_HOUR, Fault, FaultKind, MeterState, parse, states
from config.errors import ConfigurationError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)


def healthy(at: datetime) -> MeterState:
    """Counts one kWh an hour from 2026-11-01."""
    hours = (at - datetime(2026, 11, 1, tzinfo=UTC)) / AN_HOUR
    return MeterState(
        "m",
        "7340012",
        at,
        {"active_energy_import": 1000 + hours, "active_power_import": 1.0},
        frozenset({"active_energy_import"}),
    )


def sent(kind: FaultKind, at: datetime, exchanged: datetime = NOON) -> list[tuple[datetime, float]]:
    fault = Fault(kind, "m", exchanged)
    return [(state.measured, state.values["active_energy_import"]) for state in states(fault, healthy, at)]


CASES = {
    FaultKind.SILENCE: (NIGHT, []),
    FaultKind.DUPLICATES: (NOON, [(NOON, 1468.0), (NOON, 1468.0)]),
    FaultKind.LATE: (NOON, [(NOON - AN_HOUR, 1467.0)]),
    FaultKind.WRONG_CLOCK: (NOON, [(NOON + AN_HOUR, 1468.0)]),
    FaultKind.ZERO: (NIGHT, [(NIGHT, 0.0)]),
    FaultKind.EXCHANGE: (NOON + 2 * AN_HOUR, [(NOON + 2 * AN_HOUR, 730_002.0)]),
}


@pytest.mark.parametrize("kind", list(FaultKind))
def test_each_fault_does_what_its_name_says(kind: FaultKind) -> None:
    """Worked by hand: 468 hours lie between 1 November and noon on the twentieth."""
    at, expected = CASES[kind]

    assert sent(kind, at) == expected


def test_before_its_exchange_a_meter_is_healthy() -> None:
    """The exchange is one instant, not a state."""
    assert sent(FaultKind.EXCHANGE, NOON - AN_HOUR) == [(NOON - AN_HOUR, 1467.0)]


def test_a_fault_is_read_from_the_command_line() -> None:
    """With the instant in Swedish time."""
    assert parse("exchange:m@2026-11-20T13:00+01:00", NOON) == Fault(FaultKind.EXCHANGE, "m", NOON)
    assert parse("zero:m", NOON) == Fault(FaultKind.ZERO, "m", NOON - timedelta(days=1))


def test_an_unknown_fault_is_refused_with_the_list_of_faults() -> None:
    """So that the reader of the message knows what to write."""
    with pytest.raises(ConfigurationError, match="silence, duplicates, late"):
        parse("explosion:m", NOON)
