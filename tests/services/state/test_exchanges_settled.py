"""From a suspicion through a person's decision to hours settled again, on a real file and the real settlement."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction, Installation, MeteringPoint
from services.settlement.settlement import Settlement, settle
from services.state.dirty import HourRange
from services.state.exchanges import LedgerStatus
from services.state.state import State

START, END = datetime(2025, 3, 4, tzinfo=UTC), datetime(2025, 3, 6, tzinfo=UTC)
NOW = datetime(2025, 3, 6, 6, tzinfo=UTC)
EXCHANGED = START + timedelta(hours=20, minutes=2, seconds=30)  # between the readings of 20:00 and 20:05
POINT = MeteringPoint("p", "P", "b", Carrier.ELECTRICITY, Direction.IMPORT, 0.01, interval_s=300)
INSTALLED = (Installation("p", "m", "active_energy", datetime(2020, 1, 1, tzinfo=UTC)),)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as made:
        yield made


def readings() -> pl.DataFrame:
    """40 kW from 500 000 kWh; at 20:02:30 a used meter at 730 000 takes over under the same id."""
    times = [START + number * timedelta(minutes=5) for number in range(577)]
    used = [40 * (time - START).total_seconds() / 3600 for time in times]
    until = 40 * (EXCHANGED - START).total_seconds() / 3600
    levels = [
        round(500_000 + use if time < EXCHANGED else 730_000 + use - until, 2) for time, use in zip(times, used, strict=True)
    ]
    frame = pl.DataFrame({"time": times, "value": levels}, schema_overrides={"time": pl.Datetime("us", "UTC")})
    return frame.with_columns(pl.col("time").alias("received"), pl.lit("m").alias("meter"), pl.lit("kWh").alias("unit"))


def settled(state: State) -> Settlement:
    """As the job does it: with what was decided, and its findings noticed."""
    settlement = settle(POINT, INSTALLED, readings(), START, END, state.exchanges.decisions("p"))
    state.exchanges.notice("p", settlement.findings, NOW, window=HourRange(START, END))
    return settlement


def hour(settlement: Settlement, number: int = 20) -> tuple[float, str]:
    value, method = settlement.intervals.row(number, named=True)["value"], settlement.intervals["method"][number]
    return value, method


def test_confirming_with_both_levels_makes_the_hour_known(state: State) -> None:
    """500 801.67 closed and 730 000 opened: 20:00 to 21:00 is 40 kWh by the registers, and nobody is asked again."""
    estimated, doubtful = hour(settled(state))
    (entry,) = state.exchanges.rows()

    state.exchanges.decide(entry.id, NOW, accepted=True, by="Eva", old_register=500_801.67, new_register=730_000.0)
    known, sure = hour(settled(state))

    assert (doubtful, sure) == ("estimated", "measured")
    assert [estimated, known] == [pytest.approx(40, abs=0.1), pytest.approx(40, abs=0.02)]
    assert [row.status for row in state.exchanges.rows(status=None)] == [LedgerStatus.CONFIRMED]


def test_rejecting_books_the_step_as_use(state: State) -> None:
    """The person says that the register went on: 229 198.33 kWh and the hour's own are in the hour, for all to see."""
    settled(state)
    state.exchanges.decide(1, NOW, accepted=False, by="Eva")

    value, _ = hour(settled(state))

    assert value == pytest.approx(730_000 - 500_801.67 + 40, abs=0.1)
    assert [row.status for row in state.exchanges.rows(status=None)] == [LedgerStatus.REJECTED]


def test_what_was_settled_before_the_decision_can_be_settled_again(state: State) -> None:
    """As known then: the report of that morning stands on no decision."""
    before = settled(state)
    state.exchanges.decide(1, NOW, accepted=False, by="Eva")
    settled(state)

    then = settle(POINT, INSTALLED, readings(), START, END, state.exchanges.decisions("p", NOW - timedelta(seconds=1)))

    assert then.intervals.equals(before.intervals)
