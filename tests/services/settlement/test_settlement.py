"""Registers to hours: worked cases, and the laws that hold whatever comes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.estate import Carrier, Direction, Installation, MeteringPoint
from config.domain.intervals import FindingCode, Method
from services.settlement.hourly_use import with_hourly_use
from services.settlement.settlement import Settlement, settle
from tests.services.settlement.readings_made import FRAME

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTALLED = datetime(2020, 1, 1, tzinfo=UTC)
Row = tuple[datetime | None, datetime, str, float, str]


def point(
    direction: Direction = Direction.IMPORT, interval_s: int | None = 3600, max_power_kw: float | None = None
) -> MeteringPoint:
    return MeteringPoint("p", "p", "b", Carrier.ELECTRICITY, direction, 0.01, None, max_power_kw, interval_s)


ONE_METER = (Installation("p", "m", "active_energy_import", INSTALLED),)


def rows(readings: Sequence[tuple[float, float]], meter: str = "m") -> list[Row]:
    """(hours after START, value) → rows."""
    return [(START + at * HOUR, START + at * HOUR + timedelta(seconds=4), meter, value, "kWh") for at, value in readings]


def settled(
    readings: Sequence[Row],
    hours: int,
    where: MeteringPoint | None = None,
    installations: Sequence[Installation] = ONE_METER,
    start: int = 0,
) -> Settlement:
    frame = pl.DataFrame(readings, schema=FRAME, orient="row")
    return settle(where or point(), installations, frame, START + start * HOUR, START + (start + hours) * HOUR)


def values(settlement: Settlement) -> list[float | None]:
    return [None if value is None else round(value, 6) for value in settlement.intervals["value"].to_list()]


def methods(settlement: Settlement) -> str:
    """One letter an hour: measured, interpolated, _ for missing."""
    return "".join({"measured": "m", "interpolated": "i", "missing": "_"}[name] for name in settlement.intervals["method"])


@dataclass(frozen=True)
class Case:
    """Readings (hours after the start, value), and each hour's value and method."""

    readings: list[tuple[float, float]]
    values: list[float | None]
    methods: str
    coverage: list[float] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


CASES = {
    "readings on the hour": Case([(0, 100), (1, 102), (2, 105)], [2, 3], "mm", [1, 1]),
    "edges between two readings": Case([(-0.5, 10), (0.5, 12), (1.5, 16), (2.5, 16)], [3, 2], "mm", [1, 1]),
    "five minutes late": Case([(0, 10), (65 / 60, 10 + 65 / 60), (2, 12)], [1, 1], "mm", [1, 1]),
    "one lost: two hours known together": Case([(0, 10), (2, 16), (3, 17)], [3, 3, 1], "iim", [0, 0, 1], ["gap"]),
    "six minutes too late": Case([(0, 10), (1.1, 12.2), (2, 14)], [2, 2], "ii", [0, 0.9]),
    "nothing before the first": Case([(1, 10), (2, 12)], [None, 2], "_m", [0, 1]),
    "nothing after the last": Case([(0, 10), (1, 12)], [2, None], "m_", [1, 0]),
    "part of the first hour": Case([(0.75, 10), (1, 11), (2, 12)], [None, 1], "_m", [0.25, 1]),
    "one reading": Case([(0.5, 10)], [None], "_", [0]),
    "none": Case([], [None, None], "__", [0, 0], ["gap"]),
    "one reading of zero": Case([(0, 100), (1, 140), (2, 0), (3, 180)], [40, 20, 20], "mii", [], ["false_reading"]),
    "one reading far too high": Case([(0, 100), (1, 140), (2, 9e6), (3, 180)], [40, 20, 20], "mii", [], ["false_reading"]),
    "starts again from nought": Case([(0, 5000), (1, 5040), (2, 3), (3, 43)], [40, None, 40], "m_m", [1, 0, 1], ["reset"]),
    "goes on from lower for good": Case(
        [(0, 5000), (1, 5040), (2, 3000), (3, 3040)], [40, None, 40], "m_m", [1, 0, 1], ["exchange_suspected"]
    ),
    "falls by its rounding": Case([(0, 10), (1, 12.00), (2, 11.99), (3, 14)], [2, 0, 2], "mmm", [1, 1, 1]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_register_becomes_these_hours(name: str) -> None:
    """Each worked by hand from the contract of the settlement scenarios."""
    case = CASES[name]
    result = settled(rows(case.readings), len(case.values))

    assert values(result) == case.values
    assert methods(result) == case.methods
    assert not case.coverage or result.intervals["coverage"].to_list() == pytest.approx(case.coverage)
    assert sorted(finding.code for finding in result.findings) == sorted(case.codes)


def test_a_net_register_may_fall() -> None:
    """It counts what went out off what came in: a negative hour is a sunny one."""
    result = settled(rows([(0, 100), (1, 97), (2, 99)]), 2, point(Direction.NET))

    assert values(result) == [-3, 2]
    assert result.findings == ()


def test_a_rise_that_the_connection_cannot_carry_is_no_use() -> None:
    """A 20 kW connection does not take 669,000 kWh in an hour: a used meter came under the same id."""
    result = settled(rows([(0, 100), (1, 110), (2, 669_000), (3, 669_010)]), 3, point(max_power_kw=20))

    assert values(result) == [10, None, 10]
    assert [finding.code for finding in result.findings] == [FindingCode.EXCHANGE_SUSPECTED]


def test_an_exchange_on_record_keeps_the_sum() -> None:
    """Out at 11 on 01:30, in at 7,000: half an hour of each make 2 kWh."""
    swap = START + 1.5 * HOUR
    installations = (
        Installation("p", "old", "active_energy_import", INSTALLED, swap, None, 13.0),
        Installation("p", "new", "active_energy_import", swap, None, 7000.0),
    )
    result = settled([*rows([(0, 10), (1, 12)], "old"), *rows([(2, 7001), (3, 7003)], "new")], 3, installations=installations)

    assert values(result) == [2, 2, 2]
    assert methods(result) == "mmm"
    assert [(finding.code, finding.start) for finding in result.findings] == [(FindingCode.EXCHANGE, swap)]


def test_an_exchange_without_its_registers_leaves_a_hole() -> None:
    """Half an hour is known to nobody: the hour is missing, never the difference of two meters."""
    swap = START + 1.5 * HOUR
    installations = (
        Installation("p", "old", "active_energy_import", INSTALLED, swap),
        Installation("p", "new", "active_energy_import", swap),
    )
    result = settled([*rows([(0, 10), (1, 12)], "old"), *rows([(2, 7001), (3, 7003)], "new")], 3, installations=installations)

    assert values(result) == [2, None, 2]


def test_readings_of_a_meter_that_was_not_there_count_for_nothing() -> None:
    """The store keeps them; the point is another meter's."""
    result = settled([*rows([(0, 10), (1, 12)]), *rows([(0.5, 9000)], "other")], 1)

    assert values(result) == [2]


def test_units_are_put_right() -> None:
    """10 MWh, then 10,002,000 Wh: 2 kWh."""
    result = settled([(START, START, "m", 10.0, "MWh"), (START + HOUR, START + HOUR, "m", 10_002_000.0, "Wh")], 1)

    assert values(result) == [2]


def test_without_a_device_time_the_receipt_counts() -> None:
    """Better a few seconds late than not at all."""
    result = settled([(None, START, "m", 10.0, "kWh"), (None, START + HOUR, "m", 12.0, "kWh")], 1)

    assert values(result) == [2]


def test_of_two_values_for_one_time_the_later_received_counts() -> None:
    """A device that corrects itself sends the same time again."""
    late = START + timedelta(days=1)
    result = settled([(START, START, "m", 10.0, "kWh"), (START + HOUR, late, "m", 13.0, "kWh"), *rows([(1, 12)])], 1)

    assert values(result) == [3]


def test_a_silence_names_the_readings_around_it() -> None:
    """Six hours at a five-minute meter; the evidence says how long."""
    readings = [(n / 12, n / 12) for n in range(25)] + [(8 + n / 12, 8 + n / 12) for n in range(25)]
    (gap,) = settled(rows(readings), 10, point(interval_s=300)).findings

    assert (gap.start, gap.end, gap.evidence["silent_s"]) == (START + 2 * HOUR, START + 8 * HOUR, 6 * 3600)


def test_a_meter_that_reports_on_change_is_never_silent() -> None:
    """It had nothing to say."""
    assert settled(rows([(0, 10), (9, 11)]), 9, point(interval_s=None)).findings == ()


def test_given_use_fills_what_registers_do_not_measure() -> None:
    """Measured 2, spread 3 and 3, missing: the file's 9 is taken for all but the measured hour."""
    intervals = settled(rows([(0, 10), (1, 12), (3, 18)]), 4).intervals
    use = pl.DataFrame(
        {"time": [START + n * HOUR for n in range(4)], "value": [9.0] * 4}, schema_overrides={"time": FRAME["time"]}
    )
    filled = with_hourly_use(intervals, use)

    assert filled["value"].to_list() == [pytest.approx(2.0), 9.0, 9.0, 9.0]
    assert filled["method"].to_list() == [Method.MEASURED] * 4


MINUTES = st.lists(st.integers(0, 48 * 60), min_size=2, max_size=60, unique=True).map(sorted)
STEPS = st.lists(st.floats(0.1, 500), min_size=60, max_size=60)


def rising(minutes: list[int], steps: list[float]) -> list[Row]:
    level, readings = 1000.0, []
    for minute, step in zip(minutes, steps, strict=False):
        level += step
        readings.append((minute / 60, level))
    return rows(readings)


@given(minutes=MINUTES, steps=STEPS)
def test_energy_is_conserved(minutes: list[int], steps: list[float]) -> None:
    """With a reading at both ends of the window, hours sum to the register's difference, however the gaps lie.

    The connection carries it all, so that no step is taken for an exchange.
    """
    readings = rows([(0, 0.0), *[(48, 1e5)]])
    inner = [row for row in rising(minutes, steps) if START < (row[0] or START) < START + 48 * HOUR]
    result = settled([*readings, *inner], 48, point(max_power_kw=1e9))

    assert result.intervals["value"].null_count() == 0
    assert result.intervals["value"].sum() == pytest.approx(1e5)


@given(minutes=MINUTES, steps=STEPS)
def test_no_hour_of_a_rising_register_is_negative(minutes: list[int], steps: list[float]) -> None:
    """Not even by rounding."""
    result = settled(rising(minutes, steps), 48)

    assert (result.intervals["value"].fill_null(0) >= 0).all()


@given(levels=st.lists(st.floats(0, 1e6), min_size=2, max_size=40))
def test_no_hour_is_negative_however_the_register_jumps(levels: list[float]) -> None:
    """Falls, spikes and zeros in any order."""
    result = settled(rows([(n * 0.9, level) for n, level in enumerate(levels)]), 40)

    assert (result.intervals["value"].fill_null(0) >= 0).all()


@given(minutes=MINUTES, steps=STEPS, seed=st.integers(0, 999))
def test_order_and_repetition_change_nothing(minutes: list[int], steps: list[float], seed: int) -> None:
    """MQTT sends again after a reconnect, and in any order."""
    readings = rising(minutes, steps)
    shuffled = [*readings, *readings]
    random.Random(seed).shuffle(shuffled)

    once, again = settled(readings, 48), settled(shuffled, 48)
    assert once.intervals.equals(again.intervals)
    assert once.findings == again.findings


@given(minutes=MINUTES, steps=STEPS, cut=st.integers(1, 47))
def test_two_halves_make_the_whole(minutes: list[int], steps: list[float], cut: int) -> None:
    """A history settled in chunks is the history."""
    readings = rising(minutes, steps)
    whole = settled(readings, 48).intervals
    halves = pl.concat([settled(readings, cut).intervals, settled(readings, 48 - cut, start=cut).intervals])

    assert halves["method"].to_list() == whole["method"].to_list()
    assert halves["value"].to_list() == [value if value is None else pytest.approx(value, abs=1e-6) for value in whole["value"]]


@given(minutes=MINUTES, steps=STEPS)
def test_every_hour_is_there_once_and_marks_agree(minutes: list[int], steps: list[float]) -> None:
    """A value is null exactly where the method is missing; measured and full coverage go together."""
    intervals = settled(rising(minutes, steps), 48).intervals

    assert intervals["start"].to_list() == [START + n * HOUR for n in range(48)]
    assert (intervals["value"].is_null() == (intervals["method"] == Method.MISSING.value)).all()
    assert ((intervals["coverage"] == 1) == (intervals["method"] == Method.MEASURED.value)).all()
    assert intervals["coverage"].is_between(0, 1).all()
