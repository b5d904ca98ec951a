"""The account of each meter and day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from config.domain.estate import Installation, Portfolio, Register
from config.domain.periods import day
from config.domain.readings import Reading
from config.domain.series import METER_DAYS, SeriesQuery
from services.jobs.pictures.meter_days import MeterDaysPicture
from services.state.message_counts import MeterDay
from services.state.state import State
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.world import HOUR, INSTALLED, point, portfolio

ZONE = "Europe/Stockholm"
NOW = datetime(2026, 11, 24, 12, 40, 20, tzinfo=UTC)  # 13:40 in Sweden
TODAY, YESTERDAY = date(2026, 11, 24), date(2026, 11, 23)
METER = "m-skola-el"


def two_registers(town: Portfolio) -> Portfolio:
    meters = {name: replace(meter, registers=(*meter.registers, Register("active_power_import"))) for name, meter in
              town.meters.items()}  # fmt: skip
    return replace(town, meters=meters)


def drawn(
    tmp_path: Path,
    town: Portfolio,
    counts: Sequence[MeterDay] = (),
    readings: Sequence[Reading] = (),
    now: datetime = NOW,
    store: MemoryStore | None = None,
) -> dict[date, dict[str, Any]]:
    """Local day → the meter's point."""
    store = store or MemoryStore()
    store.write_readings(readings)
    with State.open(tmp_path / "state.sqlite") as state:
        state.message_counts.add(counts)
        MeterDaysPicture(town, store, state.message_counts).draw(now)
    frame = store.read(SeriesQuery(METER_DAYS, having={"open": 1}))
    return {row["time"].astimezone(UTC).date() + timedelta(days=1): row for row in frame.iter_rows(named=True)}


def test_a_day_is_accounted_for_value_by_value(tmp_path: Path) -> None:
    """13 whole hours since midnight and two registers: 26 values expected; 24 came, one of them could not be stored."""
    heard = NOW - timedelta(minutes=10)
    found = drawn(tmp_path, two_registers(portfolio()), [MeterDay(METER, TODAY, 24, 23, 1, heard)])[TODAY]

    assert (found["expected"], found["value"], found["stored"], found["flagged"]) == (26.0, 24.0, 23.0, 1.0)
    assert (found["building"], found["heard"], found["silent"]) == ("skola", round(heard.timestamp() * 1000), 0)


def test_the_longest_day_of_the_year_expects_an_hour_more(tmp_path: Path) -> None:
    """The clock is set back on 25 October 2026: 25 hours; the day after has 24."""
    now = day(date(2026, 10, 26), ZONE).end + HOUR
    found = drawn(tmp_path, portfolio(), now=now)

    assert [found[date(2026, 10, 25)]["expected"], found[date(2026, 10, 26)]["expected"]] == [25.0, 24.0]


def test_nothing_is_expected_where_no_interval_is_agreed(tmp_path: Path) -> None:
    """A meter that reports on change owes no number of messages."""
    found = drawn(tmp_path, portfolio(point(interval_s=None)))[TODAY]

    assert (found["expected"], found["lacks"]) == (None, "expected,heard")


def test_a_meter_owes_values_from_the_hour_it_was_installed(tmp_path: Path) -> None:
    """Installed at ten in the morning (UTC), two whole hours ago."""
    installed = [Installation("skola-el", METER, "active_energy_import", NOW - timedelta(hours=2, minutes=40))]
    found = drawn(tmp_path, portfolio(installations=installed))

    assert list(found) == [TODAY]
    assert (found[TODAY]["expected"], found[TODAY]["silent"]) == (2.0, 0)


def test_a_late_message_mends_yesterday(tmp_path: Path) -> None:
    """Yesterday's count moves when it comes; today's does not."""
    store, town = MemoryStore(), portfolio()
    early = MeterDay(METER, YESTERDAY, 20, 20, 0, NOW - timedelta(hours=20))
    drawn(tmp_path, town, [early], store=store)
    found = drawn(tmp_path, town, [MeterDay(METER, YESTERDAY, 4, 4, 0, NOW)], store=store)

    assert (found[YESTERDAY]["value"], found[YESTERDAY]["expected"], found[TODAY]["value"]) == (24.0, 24.0, 0.0)


def test_a_silent_meter_is_silent_from_its_own_last_value_on(tmp_path: Path) -> None:
    """Hourly, so three hours are allowed: heard at 08 yesterday it was silent at midnight and is now."""
    found = drawn(tmp_path, portfolio(), [MeterDay(METER, YESTERDAY, 8, 8, 0, NOW - timedelta(hours=28))])

    assert [found[YESTERDAY]["silent"], found[TODAY]["silent"]] == [1, 1]


def test_a_meter_that_is_heard_again_was_silent_yesterday_all_the_same(tmp_path: Path) -> None:
    """What came today says nothing of the day before, on which others were heard."""
    other = MeterDay("m-annan", YESTERDAY - timedelta(days=9), 1, 1, 0, NOW - timedelta(days=10))
    found = drawn(tmp_path, portfolio(), [MeterDay(METER, TODAY, 1, 1, 0, NOW), other])

    assert [found[YESTERDAY]["silent"], found[TODAY]["silent"]] == [1, 0]
    assert found[YESTERDAY]["lacks"] == "heard"


def test_at_first_start_no_meter_is_silent(tmp_path: Path) -> None:
    """Installed in January; the service has not heard anybody yet."""
    found = drawn(tmp_path, portfolio())

    assert [row["silent"] for row in found.values()] == [0, 0, 0, 0]
    assert (found[TODAY]["text"], found[TODAY]["text_en"]) == ("inte hörd än", "not heard yet")


def test_a_meter_that_was_never_heard_is_silent_from_when_the_service_listened(tmp_path: Path) -> None:
    """Another meter was first heard at noon yesterday; hourly meters may be quiet for three hours."""
    began = NOW - timedelta(hours=24, minutes=40)
    found = drawn(tmp_path, portfolio(), [MeterDay("m-kontor-el", YESTERDAY, 1, 1, 0, began)])
    early = drawn(tmp_path, portfolio(), now=began + 2 * HOUR)

    assert (found[TODAY]["meter"], found[TODAY]["silent"], found[TODAY]["text"]) == (METER, 1, "aldrig hörd")
    assert (early[YESTERDAY]["silent"], early[YESTERDAY]["text"]) == (0, "inte hörd än")


def test_a_meter_whose_files_ceased_long_ago_was_heard_once(tmp_path: Path) -> None:
    """Its last file came in the spring: it is silent, and was not never heard."""
    spring = datetime(2026, 4, 2, tzinfo=UTC)
    found = drawn(tmp_path, portfolio(), readings=[Reading(METER, "active_energy_import", spring, 1.0, spring)])[TODAY]

    assert (found["silent"], found["text"], found["lacks"]) == (1, "tyst", "")


def test_values_from_files_are_counted_in_the_store(tmp_path: Path) -> None:
    """Intake counts messages only; a meter whose values are imported is no silent one."""
    readings = [
        Reading(METER, "active_energy_import", at, 1.0, NOW - HOUR) for at in (NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - 26 * HOUR)
    ]
    found = drawn(tmp_path, portfolio(), readings=readings)

    assert (found[TODAY]["value"], found[TODAY]["stored"], found[TODAY]["silent"]) == (2.0, 2.0, 0)
    assert found[YESTERDAY]["value"] == 1.0


def test_drawing_twice_writes_nothing_more(tmp_path: Path) -> None:
    """A picture may be drawn as often as one likes."""
    store = MemoryStore()
    count = MeterDay(METER, TODAY, 24, 24, 0, NOW)
    drawn(tmp_path, portfolio(), [count], store=store)
    written = store.writes
    drawn(tmp_path, portfolio(), [], store=store)

    assert store.writes == written + 1  # `drawn` itself writes its readings


def test_an_exchanged_meter_has_no_account_after_its_last_day(tmp_path: Path) -> None:
    """The old one ends with the day before yesterday, the new one begins."""
    seam = day(YESTERDAY, ZONE).start
    installed = [
        Installation("skola-el", "m-gammal", "active_energy_import", INSTALLED, seam),
        Installation("skola-el", METER, "active_energy_import", seam),
    ]
    store = MemoryStore()
    drawn(tmp_path, portfolio(installations=installed), store=store)
    frame = store.read(SeriesQuery(METER_DAYS, where={"meter": ("m-gammal",)}))

    assert [row["time"] for row in frame.iter_rows(named=True)] == [seam - timedelta(days=2), seam - timedelta(days=1)]
