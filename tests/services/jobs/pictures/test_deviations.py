"""The open threads as points of today."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.deviations import Saving
from config.domain.indicators import Missing
from config.domain.series import DEVIATIONS
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.pictures.town import MIDNIGHT, NOW, TODAY, Town, town, wasting


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    made = town(tmp_path, MemoryStore())
    yield made
    made.state.close()


def held(place: Town, now: datetime = NOW) -> list[str]:
    place.draw(DEVIATIONS, now)
    return [row["thread"] for row in place.points(DEVIATIONS, MIDNIGHT, open=1)]


def test_a_told_thread_stands_at_the_start_of_the_local_day(place: Town) -> None:
    """With what it costs, since when, what to do, and whose it is. 2 November, midnight in Sweden, is 23 UTC the day before."""
    number = place.told(wasting(kg=12.5))

    place.draw(DEVIATIONS)

    (row,) = place.points(DEVIATIONS)
    assert row | {"time": MIDNIGHT, "lacks": "", "reason": ""} == row
    assert (row["thread"], row["building"], row["owner"], row["kind"]) == (str(number), "skola", "skolnämnden", "night")
    assert (row["value"], row["kwh"], row["kg"]) == (100.0, 80.0, 12.5)
    assert (row["state"], row["muted"], row["open"]) == ("opened", 0, 1)
    assert row["since"] == 1_793_574_000_000
    assert row["until"] == 1_794_438_000_000
    assert (row["sentence"], row["action_en"]) == ("Fläkten går hela natten.", "Check the timer.")


def test_what_is_not_told_yet_is_not_shown(place: Town) -> None:
    """It waits for its week."""
    place.state.deviation_threads.record(wasting(), NOW, TODAY)

    assert held(place) == []


def test_a_thread_is_shown_until_it_is_closed(place: Town) -> None:
    """Acknowledged, acted upon and verified ones are still to be followed."""
    number, threads = place.told(wasting()), place.state.deviation_threads
    shown = [held(place)]

    threads.acknowledge(number, NOW, "Anna", "")
    shown.append(held(place))
    threads.act(number, NOW, "Anna", "Bytt ventil", date(2026, 11, 20))
    shown.append(held(place))
    threads.verify(number, NOW, Saving(900.0, 600.0, 1200.0, date(2026, 11, 20), date(2026, 11, 23), "3P"), "")
    shown.append(held(place))
    threads.close(number, NOW, "Anna", "Klar")
    shown.append(held(place))

    assert shown == [["1"], ["1"], ["1"], ["1"], []]


def test_a_muted_thread_is_shown_as_muted_until_the_mute_ends(place: Town) -> None:
    """The day itself is outside."""
    number = place.told(wasting())
    place.state.deviation_threads.mute(number, NOW, "Anna", "Ombyggnad", TODAY + timedelta(days=1))

    place.draw(DEVIATIONS)
    place.draw(DEVIATIONS, NOW + timedelta(days=1))

    assert [row["muted"] for row in place.points(DEVIATIONS)] == [1, 0]


def test_kronor_that_are_missing_are_absent_with_their_reason(place: Town) -> None:
    """And the sum that stood there this morning does not shine through."""
    place.told(wasting())
    place.draw(DEVIATIONS)
    place.state.deviation_threads.record(wasting(sek=Missing("Prislista saknas.", "No price list.")), NOW, TODAY)

    place.draw(DEVIATIONS)

    (row,) = place.points(DEVIATIONS, open=1)
    assert (row["value"], row["kwh"], row["lacks"]) == (None, 80.0, "kg,value")
    assert (row["reason"], row["reason_en"]) == ("Prislista saknas. Pris saknas.", "No price list. No price.")


def test_each_day_has_a_picture_of_its_own(place: Town) -> None:
    """Yesterday's stays as it was."""
    number = place.told(wasting())
    place.draw(DEVIATIONS)
    place.state.deviation_threads.close(number, NOW, "Anna", "Klar")

    tomorrow = held(place, NOW + timedelta(days=1))

    assert ([row["open"] for row in place.points(DEVIATIONS)], tomorrow) == ([1], ["1"])


def test_the_same_threads_are_the_same_inputs(place: Town) -> None:
    """And a step of one of them is not."""
    number, picture = place.told(wasting()), place.picture(DEVIATIONS)
    before = [picture.inputs(NOW), picture.inputs(NOW + timedelta(minutes=1))]

    place.state.deviation_threads.acknowledge(number, NOW, "Anna", "")

    assert before[0] == before[1]
    assert picture.inputs(NOW) != before[0]
