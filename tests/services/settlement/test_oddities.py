"""What happens to registers, one kind a test, figures worked by hand: 10 kWh an hour from 5,000 unless something else is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.domain.estate import Carrier, Direction, Installation
from config.domain.intervals import ExchangeDecision, FindingCode
from tests.services.settlement.gathering import settle_gathered
from tests.services.settlement.readings_made import (
    FRAME,
    HOUR,
    START,
    Row,
    at,
    codes,
    methods,
    point,
    rows,
    settled,
    steady,
    values,
)

DAY = 24
EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def shifted(levels: list[tuple[float, float]], by: float, since: float, until: float = 1e9) -> list[tuple[float, float]]:
    return [(hours, value + by if since <= hours <= until else value) for hours, value in levels]


# ---- the register's end, resets, exchanges ----


def test_a_register_of_known_digits_goes_on_past_its_end() -> None:
    """From 995 it passes 1,000 half an hour into the hour: 5 and 5 make 10."""
    levels = [(hours, value % 1000) for hours, value in steady(0, DAY, base=895)]
    result = settled(rows(levels), DAY, point(digits=3))

    assert values(result) == [10.0] * DAY
    assert codes(result) == [FindingCode.ROLLOVER]


@pytest.mark.parametrize(("end", "resolution"), [(2**32 / 1000, 0.001), (100_000.0, 0.1), (2**24 / 100, 0.01)])
def test_an_end_that_nobody_told_of_is_seen_where_the_register_had_just_so_much_left(end: float, resolution: float) -> None:
    """Thirty-two bits of watt-hours, five digits, twenty-four bits of hundredths."""
    levels = [(hours, value % end) for hours, value in steady(0, DAY, base=end - 105)]
    result = settled(rows(levels), DAY, point(resolution=resolution))

    assert values(result) == pytest.approx([10.0] * DAY, abs=1e-3)
    assert codes(result) == [FindingCode.ROLLOVER]


def test_a_fall_to_nought_far_from_any_end_is_a_new_start() -> None:
    """5,110 and then 4: what was used between is on no register."""
    levels = [*steady(0, 11), *[(hours, 4 + 10.0 * (hours - 12)) for hours in range(12, DAY + 1)]]
    result = settled(rows(levels), DAY)

    assert methods(result) == "m" * 11 + "_" + "m" * 12
    assert codes(result) == [FindingCode.RESET]


def test_a_few_unknown_minutes_are_estimated_from_those_beside_them() -> None:
    """Read every quarter, reset within one: three quarters known and 2.5 kWh estimated make 10."""
    levels = [(hours, value - 4900 if hours > 12.1 else value) for hours, value in steady(0, DAY, every=0.25)]
    result = settled(rows(levels), DAY, point(interval_s=900))

    assert values(result, 12, 13) == [10.0]
    assert methods(result)[12] == "e"
    assert result.intervals["coverage"][12] == pytest.approx(0.75)


def test_a_lasting_leap_that_no_load_explains_is_a_suspected_exchange() -> None:
    """40,000 kWh in an hour at a point of 10 an hour, and the old pace after it."""
    result = settled(rows(shifted(steady(0, 2 * DAY), 40_000, since=20)), 2 * DAY)

    assert values(result, 18, 22) == [10.0, None, 10.0, 10.0]
    assert codes(result) == [FindingCode.EXCHANGE_SUSPECTED]


def test_a_large_load_that_lasts_is_use() -> None:
    """Thirty times the pace for nine hours, without any limit on record."""
    level, levels = 5000.0, []
    for hour in range(2 * DAY + 1):
        levels.append((float(hour), level))
        level += 300.0 if 20 <= hour < 29 else 10.0
    result = settled(rows(levels), 2 * DAY)

    assert values(result, 19, 30) == [10.0, *[300.0] * 9, 10.0]
    assert codes(result) == []


def test_what_is_used_at_the_same_hour_on_other_days_is_use() -> None:
    """A kitchen: 30 kWh from 10:07 to 11:07, next to nothing else. Read seven minutes past, 3.5 fall into the second hour."""
    level, levels = 5000.0, []
    for hour in range(5 * DAY):
        levels.append((hour + 7 / 60, level))
        level += 30.0 if hour % DAY == 10 else 0.1
    result = settled(rows(levels), 5 * DAY - 1)

    assert [round(value or 0, 1) for value in values(result, 3 * DAY + 9, 3 * DAY + 13)] == [0.1, 26.5, 3.6, 0.1]
    assert codes(result) == []


def test_another_id_is_another_register() -> None:
    """No difference is taken across, whatever the levels."""
    readings = [*rows(steady(0, 11), "old"), *rows(steady(12, DAY, base=5001), "new")]
    result = settled(readings, DAY)

    assert values(result, 10, 13) == [10.0, None, 10.0]
    assert codes(result) == [FindingCode.EXCHANGE]


def test_an_id_that_turns_up_once_is_nobodys() -> None:
    """The old meter answers again after it: a slip of the gateway."""
    result = settled([*rows(steady(0, DAY)), *rows([(7.5, 99.0)], "slip")], DAY)

    assert values(result) == [10.0] * DAY
    assert codes(result) == []


def test_registers_on_record_that_contradict_the_readings_are_not_used() -> None:
    """The old one was read at 5,110; 3,000 cannot have been its last. The new one counted 5 of the hour, and 5 are estimated."""
    swap = at(11.5)
    installations = [
        Installation("p", "old", "r", EARLY, swap, None, 3000.0),
        Installation("p", "new", "r", swap, None, 0.0),
    ]
    readings = [*rows(steady(0, 11), "old"), *rows(steady(12, DAY, base=-115), "new")]
    result = settled(readings, DAY, installations=installations)

    assert values(result, 10, 13) == [10.0] * 3
    assert methods(result)[10:13] == "mem"
    assert result.intervals["coverage"][11] == pytest.approx(0.5)
    assert [finding.evidence["last_read"] for finding in result.findings] == [[5110.0]]


def test_a_contradicted_exchange_is_told_with_both_levels_and_the_way_out() -> None:
    """Whoever reads it can tell which figure to look up again, and where to write it."""
    swap = at(11.5)
    installations = [
        Installation("p", "old", "r", EARLY, swap, None, 3000.5),
        Installation("p", "new", "r", swap, None, 70.0),
    ]
    readings = [*rows(steady(0, 11), "old"), *rows(steady(12, DAY, base=-115), "new")]
    (told,) = settled(readings, DAY, installations=installations).findings

    assert told.sentence_sv == (
        "Mätare old byttes mot new; det antecknade motsägs av avläsningarna och används inte: "
        "old antecknad vid 3000,5 kWh men avläst vid 5110 kWh dessförinnan, "
        "new antecknad vid 70 kWh men avläst vid 5 kWh därefter; "
        "rätta den antecknade ställningen (end_register, start_register) eller tiden."
    )
    assert told.sentence_en == (
        "Meter old was exchanged for new; the readings contradict the record, it is not used: "
        "old on record at 3000.5 kWh but read at 5110 kWh before it, new on record at 70 kWh but read at 5 kWh after it; "
        "correct the level on record (end_register, start_register) or the time."
    )
    assert told.evidence["last_read_at"] == [at(11).isoformat()]
    assert told.evidence["first_read_at"] == [at(12).isoformat()]


def test_the_first_meters_level_on_record_is_told_of_where_it_cannot_be() -> None:
    """Noted at 6,000 and read at 5,010 half an hour later: that half hour is unknown, and somebody corrects the record."""
    installed = Installation("p", "m", "r", at(0.5), None, 6000.0)
    result = settled(rows(steady(1, DAY)), DAY, installations=[installed])
    (told,) = result.findings

    assert methods(result) == "_" + "m" * 23
    assert (told.code, told.start, told.end) == (FindingCode.FALSE_READING, at(0.5), at(1))
    assert told.evidence == {
        "new_meter": "m",
        "new_register": 6000.0,
        "first_read": [5010.0],
        "first_read_at": [at(1).isoformat()],
        "unit": "kWh",
    }
    assert told.sentence_sv == (
        "Den antecknade ställningen när mätaren sattes upp motsägs av avläsningarna och används inte: m antecknad vid 6000 kWh "
        "men avläst vid 5010 kWh därefter; rätta den antecknade ställningen (start_register) eller tiden."
    )


def test_the_last_meters_level_on_record_is_told_of_where_it_cannot_be() -> None:
    """Removed at 3,000 though it was read at 5,120 half an hour before."""
    installed = Installation("p", "m", "r", EARLY, at(12.5), None, 3000.0)
    result = settled(rows(steady(0, 12)), DAY, installations=[installed])
    (told,) = result.findings

    assert methods(result) == "m" * 12 + "_" * 12
    assert (told.code, told.start, told.end) == (FindingCode.FALSE_READING, at(12), at(12.5))
    assert told.evidence == {
        "old_meter": "m",
        "old_register": 3000.0,
        "last_read": [5120.0],
        "last_read_at": [at(12).isoformat()],
        "unit": "kWh",
    }
    assert told.sentence_en == (
        "The readings contradict the level on record from when the meter was removed; it is not used: m on record at 3000 kWh "
        "but read at 5120 kWh before it; correct the level on record (end_register) or the time."
    )


@pytest.mark.parametrize(
    ("first", "last", "direction"),
    [(5005.0, 5125.0, Direction.IMPORT), (None, None, Direction.IMPORT), (5011.0, 5119.0, Direction.NET)],
)
def test_levels_on_record_that_can_be_are_not_told_of(first: float | None, last: float | None, direction: Direction) -> None:
    """Read at 5,010 and 5,120. A net register may have fallen by one in the half hour between."""
    installed = Installation("p", "m", "r", at(0.5), at(12.5), first, last)

    assert codes(settled(rows(steady(1, 12)), DAY, point(direction), installations=[installed])) == []


SAME_ID = [*steady(0, 11), *[(hours, 4 + 10.0 * (hours - 12)) for hours in range(12, 3 * DAY + 1)]]


def same_id(noted: float) -> list[Installation]:
    """An exchange on record for a meter with the same id; nobody noted the registers."""
    return [Installation("p", "m", "r", EARLY, at(noted)), Installation("p", "m", "r", at(noted))]


@pytest.mark.parametrize("noted", [11.5, 0.0, 20.0])
def test_an_exchange_on_record_is_one_though_neither_id_nor_level_tells(noted: float) -> None:
    """5,110 and then 4: nobody is asked what stands on record, be it the day alone. The hours are those of the registers."""
    result = settled(rows(SAME_ID), 3 * DAY, installations=same_id(noted))

    assert [(item.code, item.start) for item in result.findings] == [(FindingCode.EXCHANGE, at(noted))]
    assert result.findings[0].sentence_sv == "Mätaren byttes mot en annan med samma id (m), enligt det som är antecknat."
    assert result.intervals.equals(settled(rows(SAME_ID), 3 * DAY).intervals)


def test_a_fall_days_from_the_exchange_on_record_is_another_matter() -> None:
    """It is told besides."""
    assert codes(settled(rows(SAME_ID), 3 * DAY, installations=same_id(60))) == [FindingCode.RESET, FindingCode.EXCHANGE]


def test_an_exchange_on_record_between_levels_that_fit_is_told_too() -> None:
    """A record is a record, and the register's difference is still one."""
    result = settled(rows(steady(0, DAY)), DAY, installations=same_id(11.5))

    assert values(result) == [10.0] * DAY
    assert [(item.code, item.start) for item in result.findings] == [(FindingCode.EXCHANGE, at(11.5))]


ON_RECORD = {
    "one id, no levels": (SAME_ID, same_id(11.5)),
    "one id, the day alone": (SAME_ID, same_id(0)),
    "a first level that cannot be": (steady(1, 3 * DAY), [Installation("p", "m", "r", at(0.5), None, 6000.0)]),
    "a last level that cannot be": (steady(0, 50), [Installation("p", "m", "r", EARLY, at(55), None, 3000.0)]),
}


@pytest.mark.parametrize("name", ON_RECORD)
@pytest.mark.parametrize("cut", [1, 11, 12, 24, 50, 52, 55, 60])
def test_a_part_tells_of_what_is_on_record_as_the_whole_does(name: str, cut: int) -> None:
    """Settled in two pieces, each with the readings that it asks for."""
    levels, installations = ON_RECORD[name]
    frame = pl.DataFrame(rows(levels), schema=FRAME, orient="row")

    def read(since: datetime, until: datetime) -> pl.DataFrame:
        times = frame["time"]
        first, last = int((times < since).sum()), int((times < until).sum())
        return frame.slice(max(0, first - 1), last + 1 - max(0, first - 1))

    whole = settled(rows(levels), 3 * DAY, installations=installations)
    parts = [settle_gathered(point(), installations, read, at(since), at(until)) for since, until in ((0, cut), (cut, 3 * DAY))]

    assert pl.concat([part.intervals for part in parts]).equals(whole.intervals)
    told = {(item.code, item.start): item for part in parts for item in part.findings}
    assert sorted(told.values(), key=lambda item: (item.start, item.end, item.code)) == list(whole.findings)


LEVELS = st.none() | st.floats(allow_nan=True, allow_infinity=True)


@given(levels=st.lists(st.floats(-1e6, 1e6), max_size=30), noted=st.lists(LEVELS, min_size=4, max_size=4), one_id=st.booleans())
@example(levels=[], noted=[None, None, -1e300, 0.0], one_id=False)
def test_nothing_that_stands_on_record_stops_settlement(levels: list[float], noted: list[float | None], one_id: bool) -> None:
    """Whatever somebody wrote down, every hour is there once, none is negative, and each finding has its words."""
    names = ("m", "m") if one_id else ("m", "n")
    installations = [
        Installation("p", names[0], "r", at(2), at(11.5), noted[0], noted[1]),
        Installation("p", names[1], "r", at(11.5), at(20), noted[2], noted[3]),
    ]
    readings = [row for hour, level in enumerate(levels) for row in rows([(hour, level)], names[hour >= 12])]
    result = settled(readings, DAY, installations=installations)

    assert result.intervals.height == DAY
    assert all(value is None or value >= 0 for value in values(result))
    assert all("{" not in item.sentence_sv + item.sentence_en for item in result.findings)


def suspected(decisions: list[ExchangeDecision]) -> tuple[list[float | None], list[FindingCode]]:
    result = settled(rows(shifted(steady(0, 2 * DAY), 40_000, since=20)), 2 * DAY, confirmed=decisions)
    return values(result, 18, 21), codes(result)


def test_a_confirmed_exchange_with_both_registers_knows_its_hour() -> None:
    """Old read 5,190 and removed at 5,194; new put in at 45,194 and read 45,200: 4 and 6 make 10."""
    decision = ExchangeDecision("p", at(20), True, 5194.0, 45_194.0)

    assert suspected([decision]) == ([10.0, 10.0, 10.0], [FindingCode.EXCHANGE])


def test_a_confirmed_exchange_without_registers_leaves_its_hour_unknown() -> None:
    """A person knows that it happened, nobody knows what was used."""
    assert suspected([ExchangeDecision("p", at(20), True)]) == ([10.0, None, 10.0], [FindingCode.EXCHANGE])


def test_a_rejected_exchange_is_use() -> None:
    """A person says that the register went on: 40,010 kWh in that hour, and nothing to ask about."""
    assert suspected([ExchangeDecision("p", at(20), False)]) == ([10.0, 40_010.0, 10.0], [])


def test_a_decision_of_another_point_changes_nothing() -> None:
    """Or of another day."""
    decisions = [ExchangeDecision("other", at(20), True, 1.0, 2.0), ExchangeDecision("p", at(40), False)]

    assert suspected(decisions) == ([10.0, None, 10.0], [FindingCode.EXCHANGE_SUSPECTED])


# ---- false readings ----


@pytest.mark.parametrize(
    "false", [[0.0], [0.0, 0.0, 0.0], [9000.0], [9000.0, 8000.0, 12_000.0], [3.0, 9000.0, 0.0, 44.0], [5083.0, 0.0]]
)
def test_false_readings_leave_the_register_on_its_course(false: list[float]) -> None:
    """Low, high, and all over the place, at a meter read every five minutes: the hours beside are still right."""
    levels = [(hours, value) for hours, value in steady(0, DAY, every=1 / 12)]
    for number, value in enumerate(false):
        levels[100 + number] = (levels[100 + number][0], value)
    result = settled(rows(levels), DAY, point(interval_s=300))

    assert values(result) == [10.0] * DAY
    assert set(codes(result)) == {FindingCode.FALSE_READING}


def test_false_zeros_for_hours_are_a_gap_in_disguise() -> None:
    """Trap 17. Three hours of 0 every five minutes: the difference over them is spread and marked."""
    levels = [(hours, 0.0 if 8 <= hours < 11 else value) for hours, value in steady(0, DAY, every=1 / 12)]
    result = settled(rows(levels), DAY, point(interval_s=300))

    assert sum(value or 0 for value in values(result, 7, 11)) == pytest.approx(40, abs=1e-3)
    assert methods(result)[7:11] == "iiii"
    assert codes(result) == [FindingCode.FALSE_READING]


@pytest.mark.parametrize("false", [0.0, 65_535.0])
def test_one_figure_for_days_is_false_where_the_register_is_back_on_its_course(false: float) -> None:
    """Three days of it: 74 hours from 5,480 at 48 to 6,220 at 122 are 740 kWh, and nobody is asked about an exchange."""
    levels = [(hours, false if 48 < hours < 122 else value) for hours, value in steady(0, 10 * DAY)]
    result = settled(rows(levels), 10 * DAY)

    assert methods(result) == "m" * 48 + "i" * 74 + "m" * (10 * DAY - 122)
    assert sum(value or 0 for value in values(result, 48, 122)) == pytest.approx(740)
    assert codes(result) == [FindingCode.FALSE_READING]


def test_a_register_that_counts_between_two_resets_is_no_false_run() -> None:
    """From 5,480 it begins at 4 and climbs to 314, then silence for 8 hours and 5,520: 40 more than before, where 400 were used.

    The third register is no continuation of the first, near as it lies.
    """
    levels = [
        *steady(0, 48),
        *[(hours, 4 + 10.0 * (hours - 49)) for hours in range(49, 81)],
        *[(hours, 5520 + 10.0 * (hours - 88)) for hours in range(88, 5 * DAY + 1)],
    ]
    result = settled(rows(levels), 5 * DAY)

    assert methods(result) == "m" * 48 + "_" + "m" * 31 + "_" * 8 + "m" * (5 * DAY - 88)
    assert FindingCode.FALSE_READING not in codes(result)


@pytest.mark.parametrize("late", [-2, 3])
def test_of_two_values_of_a_net_register_the_one_beside_its_neighbours_counts(late: int) -> None:
    """It may fall, but not by all it has and back within two hours; whichever came last."""
    other = (at(12), at(12) + timedelta(seconds=4 + late), "m", 0.0, "kWh")
    result = settled([*rows(steady(0, DAY)), other], DAY, point(Direction.NET))

    assert values(result) == [10.0] * DAY
    assert codes(result) == [FindingCode.FALSE_READING]


def test_a_false_reading_of_a_net_register_is_seen_too() -> None:
    """It may fall, but not by 5,000 and back."""
    levels = steady(0, 2 * DAY, every=0.25)
    levels[60] = (levels[60][0], 0.0)
    result = settled(rows(levels), 2 * DAY, point(Direction.NET, interval_s=900))

    assert values(result) == [10.0] * 2 * DAY
    assert codes(result) == [FindingCode.FALSE_READING]


def test_of_two_values_for_one_time_the_one_on_the_course_counts() -> None:
    """Whichever came last."""
    wrong_last = (at(6), at(9), "m", 5760.0, "kWh")
    wrong_first = (at(12), at(12) + timedelta(seconds=1), "m", 0.0, "kWh")
    result = settled([*rows(steady(0, DAY)), wrong_last, wrong_first], DAY)

    assert values(result) == [10.0] * DAY
    assert [(finding.code, finding.start) for finding in result.findings] == [
        (FindingCode.FALSE_READING, at(6)),
        (FindingCode.FALSE_READING, at(12)),
    ]


def test_one_step_back_is_rounding() -> None:
    """No fall, no finding, no negative hour, and the sum is the register's."""
    levels = steady(0, DAY, pace=0.4, base=50.0)
    levels[7] = (7.0, levels[6][1] - 0.1)
    result = settled(rows(levels), DAY, point(resolution=0.1))

    assert min(value or 0 for value in values(result)) >= 0
    assert sum(value or 0 for value in values(result)) == pytest.approx(9.6)
    assert codes(result) == []


# ---- units and signs ----


def test_a_thousandth_with_the_old_pace_is_another_unit() -> None:
    """5,120 and then 5.13, and on by a hundredth an hour: MWh, whatever the field says."""
    levels = [(hours, value / 1000 if hours > 12 else value) for hours, value in steady(0, 2 * DAY, pace=10.5)]
    result = settled(rows(levels), 2 * DAY)

    assert values(result) == pytest.approx([10.5] * 2 * DAY, abs=1e-3)
    assert [(finding.code, finding.evidence["factor"]) for finding in result.findings] == [(FindingCode.UNIT_CHANGED, 1000.0)]


def test_a_new_meter_whose_first_figure_is_a_thousandth_by_chance_is_no_other_unit() -> None:
    """5,120 and then 5.1, 15.1, 25.1: the pace is the same, so the unit is."""
    levels = [(hours, round(5.1 + 10 * (hours - 13), 1) if hours > 12 else value) for hours, value in steady(0, 2 * DAY)]
    result = settled(rows(levels), 2 * DAY, point(resolution=0.1))

    assert values(result, 13, 20) == [10.0] * 7
    assert codes(result) == [FindingCode.RESET]


@pytest.mark.parametrize(("factor", "readings"), [(1000, 1), (1000, 2), (0.001, 1), (0.001, 2)])
def test_one_or_two_readings_in_another_unit_are_false(factor: float, readings: int) -> None:
    """A register of hundredths, finer than three decimals of MWh: what follows is in the old unit again, and all of it known."""
    levels = [(hours, round(value, 2)) for hours, value in steady(0, DAY, pace=10.13, every=0.25)]
    for number in range(41, 41 + readings):
        levels[number] = (levels[number][0], levels[number][1] * factor)
    result = settled(rows(levels), DAY, point(interval_s=900))

    assert values(result) == pytest.approx([10.13] * DAY, abs=0.02)
    assert set(codes(result)) == {FindingCode.FALSE_READING}


def test_a_unit_that_is_stated_is_converted_and_nothing_said() -> None:
    """The field is right; nothing happened to the energy."""
    readings = [*rows(steady(0, 12)), *rows([(hours, value / 1000) for hours, value in steady(13, DAY)], unit="MWh")]
    result = settled(readings, DAY)

    assert values(result) == [10.0] * DAY
    assert codes(result) == []


def test_a_minus_sign_on_the_same_figure_is_disregarded() -> None:
    """-5,130 goes on from 5,120."""
    levels = [(hours, -value if hours > 12 else value) for hours, value in steady(0, DAY)]
    result = settled(rows(levels), DAY)

    assert values(result) == [10.0] * DAY
    assert codes(result) == [FindingCode.SIGN_FLIP]


def test_a_register_that_counts_down_is_told_and_never_negative() -> None:
    """Wired the wrong way round from hour 12: those hours are unknown."""
    levels = [(hours, 5120 - 10 * (hours - 12) if hours > 12 else value) for hours, value in steady(0, DAY)]
    result = settled(rows(levels), DAY)

    assert methods(result) == "m" * 12 + "_" * 12
    assert codes(result) == [FindingCode.SIGN_FLIP]


# ---- standing still ----


def still(first: int, last: int, hours: int, caught_up: bool) -> list[tuple[float, float]]:
    """A register that repeats its value of hour `first` until hour `last`."""
    levels = steady(0, hours)
    stuck, lost = levels[first][1], levels[last][1] - levels[first][1]
    return [
        (hour, stuck if first <= hour <= last else value if hour < first or caught_up else value - lost) for hour, value in levels
    ]


def test_a_register_that_catches_up_was_stuck_and_its_use_is_spread() -> None:
    """Hours 30 to 40 repeat 5,300; the reading of 41 shows 5,410: 110 kWh over 11 hours."""
    result = settled(rows(still(30, 40, 3 * DAY, caught_up=True)), 3 * DAY)

    assert methods(result)[29:42] == "m" + "i" * 11 + "m"
    assert sum(value or 0 for value in values(result, 30, 41)) == pytest.approx(110)
    assert [(finding.code, finding.start, finding.end) for finding in result.findings] == [(FindingCode.STUCK, at(30), at(40))]


def test_a_register_that_goes_on_from_where_it_stood_lost_the_use_between() -> None:
    """It is on no register: missing, never nought."""
    result = settled(rows(still(30, 40, 3 * DAY, caught_up=False)), 3 * DAY)

    assert methods(result)[29:42] == "m" + "_" * 10 + "mm"
    assert codes(result) == [FindingCode.STUCK]


def test_a_standstill_until_the_end_is_no_saving() -> None:
    """A building that always uses 10 kWh an hour did not stop."""
    result = settled(rows(still(30, 3 * DAY, 3 * DAY, caught_up=False)), 3 * DAY)

    assert methods(result)[30:] == "_" * 42
    assert codes(result) == [FindingCode.STUCK]


def test_nights_weekends_and_a_shut_week_at_nought_are_real() -> None:
    """Water of a school: 2 m³ an hour from 7 to 16 on work days, none in the third week, five weeks."""
    level, levels = 100.0, []
    for hour in range(35 * DAY + 1):
        levels.append((float(hour), level))
        day = hour // DAY
        level += 2.0 if 7 <= hour % DAY < 16 and day % 7 < 5 and not 14 <= day < 21 else 0.0
    result = settled(rows(levels, unit="m3"), 35 * DAY, point(carrier=Carrier.WATER, resolution=0.001))

    assert set(methods(result)) == {"m"}
    assert codes(result) == []


def test_what_rests_at_night_may_be_stuck_by_day() -> None:
    """12 kWh an hour from 6 to 18, read every quarter. Two hours of one value, then 27 kWh in a quarter, where 3 is most."""
    level, levels = 5000.0, []
    for quarter in range(4 * 8 * DAY + 1):
        levels.append((quarter / 4, level))
        level += 3.0 if 6 <= quarter / 4 % DAY < 18 else 0.0
    first = 4 * (5 * DAY + 10)
    for quarter in range(first + 1, first + 9):
        levels[quarter] = (levels[quarter][0], levels[first][1])
    result = settled(rows(levels), 8 * DAY, point(interval_s=900))

    assert methods(result)[5 * DAY + 9 : 5 * DAY + 14] == "miiim"
    assert sum(value or 0 for value in values(result, 5 * DAY + 10, 5 * DAY + 13)) == pytest.approx(36)
    assert codes(result) == [FindingCode.STUCK]


def test_two_nights_at_nought_make_a_weekend_at_nought_real() -> None:
    """An office of 10 kWh an hour from 7 to 17, seen from Saturday to Tuesday: 55 hours without use, then nights of 14."""
    level, levels = 5000.0, []
    for hour in range(4 * DAY + 1):
        levels.append((float(hour), level))
        level += 10.0 if 7 <= hour % DAY < 17 and hour >= 2 * DAY else 0.0
    result = settled(rows(levels), 4 * DAY)

    assert set(methods(result)) == {"m"}
    assert codes(result) == []


def test_a_coarse_register_that_stands_for_hours_is_not_stuck() -> None:
    """Steps of 10 kWh at 1 kW, read every quarter: ten hours alike are the register's doing."""
    levels = [(hours, value // 10 * 10) for hours, value in steady(0, 10 * DAY, pace=1.0, every=0.25)]
    result = settled(rows(levels), 10 * DAY, point(interval_s=900, resolution=10.0))

    assert sum(value or 0 for value in values(result)) == pytest.approx(240, abs=10)
    assert codes(result) == []


# ---- silence and spreading ----


def test_a_gap_is_shared_by_what_is_used_in_such_hours() -> None:
    """Four weeks of 2 kWh an hour at night and 12 by day; from 02 to 14 on a Wednesday 6·2 + 6·12 = 84 kWh, by a second one."""
    level, levels = 0.0, []
    for hour in range(28 * DAY + 1):
        levels.append((float(hour), level))
        level += 12.0 if 8 <= hour % DAY < 20 else 2.0
    gap = range(16 * DAY + 3, 16 * DAY + 14)
    result = settled(rows([item for item in levels if item[0] not in gap]), 28 * DAY)
    spread = values(result, 16 * DAY + 2, 16 * DAY + 14)

    assert sum(value or 0 for value in spread) == pytest.approx(84)
    assert spread == pytest.approx([2.0] * 6 + [12.0] * 6, rel=0.1)
    assert codes(result) == [FindingCode.GAP]


def test_a_stuck_register_tells_nothing_of_what_is_used_in_such_hours() -> None:
    """Always 10 kWh an hour; from 20 to 40 the counting stood, and 64 to 75 are not heard: 110 kWh, 10 in each hour."""
    levels = [item for item in still(20, 40, 4 * DAY, caught_up=False) if not 64 < item[0] < 75]
    result = settled(rows(levels), 4 * DAY)

    assert values(result, 64, 75) == pytest.approx([10.0] * 11)
    assert methods(result)[64:75] == "i" * 11


def test_a_few_seconds_are_no_lack_of_an_hour() -> None:
    """The first message ever came 6 s into its hour, the first after a silence 9 s: 1 % of an hour is rounding."""
    readings = rows([(hours + 6 / 3600, value) for hours, value in steady(0, 12)])
    later = rows([(hours + 9 / 3600, value) for hours, value in steady(20, DAY)])
    result = settled([*readings, *later], DAY)

    assert methods(result) == "m" * 12 + "i" * 8 + "mmmm"
    assert values(result, 0, 1) == pytest.approx([10.0], abs=0.01)


def test_weekend_hours_that_were_never_seen_are_shared_as_those_of_work_days() -> None:
    """Tuesday to Friday 2 kWh an hour at night and 12 by day; from Friday 18 to Saturday 2 it is 2·12 + 6·2 = 36 kWh."""
    level, levels = 0.0, []
    for hour in range(DAY, 5 * DAY + 3):
        levels.append((float(hour), level))
        level += 12.0 if 8 <= hour % DAY < 20 else 2.0
    readings = [item for item in levels if not 4 * DAY + 18 < item[0] < 5 * DAY + 2]
    spread = values(settled(rows(readings), 5 * DAY + 2, start=0), 4 * DAY + 18, 5 * DAY + 2)

    assert spread == pytest.approx([12.0] * 2 + [2.0] * 6, abs=2)


def test_a_gap_without_history_is_shared_evenly() -> None:
    """Two readings are all there is."""
    result = settled(rows([(0, 100.0), (6, 160.0)]), 6)

    assert values(result) == [10.0] * 6
    assert methods(result) == "iiiiii"


def test_a_spread_hour_names_the_readings_around_it() -> None:
    """Its uncertainty follows from how long the difference is."""
    result = settled(rows([(0, 100.0), (6, 160.0), (7, 170.0)]), 7)

    assert set(result.intervals["span_start"].to_list()[:6]) == {at(0)}
    assert set(result.intervals["span_end"].to_list()[:6]) == {at(6)}
    assert result.intervals["span_start"].to_list()[6] is None


def test_a_daily_reading_is_what_a_daily_meter_gives() -> None:
    """Hours are marked, days sum, and nothing is said; a month apart likewise."""
    for interval_s, apart in ((86_400, DAY), (30 * 86_400, 30 * DAY)):
        result = settled(rows(steady(0, 4 * apart, every=apart)), 4 * apart, point(interval_s=interval_s))

        assert set(methods(result)) == {"i"}
        assert sum(value or 0 for value in values(result)) == pytest.approx(40.0 * apart)
        assert codes(result) == []


def test_a_meter_that_reports_on_change_was_silent_because_nothing_changed() -> None:
    """A step of 1 kWh after five hours: measured to one step, and no gap."""
    result = settled(rows([(0, 100.0), (5, 101.0), (5.5, 102.0), (6, 103.0)]), 6, point(interval_s=None, resolution=1.0))

    assert methods(result) == "mmmmmm"
    assert codes(result) == []


def test_silence_at_either_end_is_told_and_unknown() -> None:
    """Heard from 6 to 12 of 24 hours."""
    result = settled(rows(steady(6, 12)), DAY)

    assert methods(result) == "_" * 6 + "m" * 6 + "_" * 12
    assert [(finding.start, finding.end) for finding in result.findings] == [(at(0), at(6)), (at(12), at(24))]


# ---- clocks ----


def said(levels: list[tuple[float, float]], off: timedelta, since: float, until: float) -> list[Row]:
    """Readings whose device time is off for a while; receipt is right."""
    return [
        (time + off if time is not None and at(since) <= time <= at(until) else time, received, meter, value, unit)
        for time, received, meter, value, unit in rows(levels)
    ]


@pytest.mark.parametrize("off", [HOUR, -HOUR, timedelta(days=3650), -timedelta(days=20_454), timedelta(minutes=17), -2 * HOUR])
def test_a_wrong_clock_is_replaced_by_the_receipt(off: timedelta) -> None:
    """An hour ahead or behind, years ahead, 1970: the pace shows where the hours belong."""
    level, levels = 5000.0, []
    for quarter in range(4 * 2 * DAY + 1):
        levels.append((quarter / 4, level))
        level += 1.0 + quarter // 4 % 7
    result = settled(said(levels, off, 12, 24), 2 * DAY, point(interval_s=900))
    expected = [4.0 * (1 + hour % 7) for hour in range(2 * DAY)]

    assert values(result) == pytest.approx(expected, rel=0.02)
    assert codes(result) == [FindingCode.CLOCK]


def test_readings_that_were_held_back_keep_their_own_times() -> None:
    """Nine hours come at once when the link is back: a buffer, not a clock."""
    back = at(20)
    readings = [
        replaced if not 11 <= index / 4 < 20 else (replaced[0], back + timedelta(seconds=index), *replaced[2:])
        for index, replaced in enumerate(rows(steady(0, DAY, every=0.25)))
    ]
    result = settled(readings, DAY, point(interval_s=900))

    assert values(result) == [10.0] * DAY
    assert codes(result) == []


def test_a_network_that_is_always_late_is_no_clock() -> None:
    """Twenty minutes for every message there is: the device's times are believed."""
    readings = [(time, received + timedelta(minutes=20), *rest) for time, received, *rest in rows(steady(0, DAY, every=0.25))]
    result = settled(readings, DAY, point(interval_s=900))  # type: ignore[arg-type]  # unpacked rows lose their type

    assert values(result) == [10.0] * DAY
    assert codes(result) == []


def test_every_finding_says_what_it_is_in_both_languages_with_evidence() -> None:
    """A sentence with a gap in it would reach the board."""
    levels = shifted(steady(0, 3 * DAY), 40_000, since=60)
    levels[10] = (10.0, 0.0)
    found = [
        *settled(rows(levels), 3 * DAY).findings,
        *settled(rows(still(30, 40, 3 * DAY, caught_up=True)), 3 * DAY).findings,
        *settled(said(steady(0, DAY, every=0.25), HOUR, 5, 9), DAY, point(interval_s=900)).findings,
        *settled(rows(steady(6, 12)), DAY).findings,
    ]

    assert len({item.code for item in found}) == 5
    for item in found:
        assert item.evidence
        assert item.point == "p"
        assert item.start >= START
        assert "{" not in item.sentence_sv + item.sentence_en
        assert item.sentence_sv != item.sentence_en


def test_spots_that_history_judged_are_named() -> None:
    """The job settles them again when readings near them change; a clean stretch needs none."""
    levels = steady(0, 10 * DAY)
    clean = settled(rows(levels), 10 * DAY)
    spoiled = settled(rows(shifted(levels, 40_000, since=100)), 10 * DAY)

    assert clean.looked_back == ()
    assert any(span.start <= at(100) <= span.end for span in spoiled.looked_back)


def test_what_lasts_is_named_as_lasting() -> None:
    """Hours far after a change of unit need the readings of that change."""
    levels = [(hours, value / 1000 if hours > 12 else value) for hours, value in steady(0, 2 * DAY, pace=10.5)]

    assert [span.lasts for span in settled(rows(levels), 2 * DAY).looked_back if span.lasts] == [True]


def test_a_point_of_another_carrier_is_settled_the_same() -> None:
    """Nothing but the unit hangs on it here."""
    heat = settled(rows(steady(0, DAY)), DAY, replace(point(), carrier=Carrier.DISTRICT_HEATING))

    assert values(heat) == [10.0] * DAY
