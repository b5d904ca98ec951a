"""The portfolio's map and list, as points of today."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.domain.deviations import DeviationKind
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.series import BUILDINGS
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.pictures.town import (
    NOW,
    Town,
    day_energy,
    publish,
    rolling_year,
    silent,
    silent_meter,
    town,
    wasting,
)

LACKING = Missing("Timmar saknas.", "Hours are missing.")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    made = town(tmp_path, MemoryStore())
    yield made
    made.state.close()


def drawn(place: Town, building: str = "skola", now: datetime = NOW) -> dict[str, Any]:
    """The building's open point, drawn now."""
    place.draw(BUILDINGS, now)
    (row,) = (row for row in place.points(BUILDINGS, now - timedelta(days=1), open=1) if row["building"] == building)
    return row


def test_a_building_nothing_is_known_of_is_there_with_what_it_lacks(place: Town) -> None:
    """No figure is nought. It has no deviation, and those cost nothing."""
    row = drawn(place, "rink")

    assert row["lacks"] == "area_m2,coverage,energy,energy_before,energy_change,latitude,longitude,silent,value"
    assert (row["value"], row["energy"], row["area_m2"], row["silent"]) == (None, None, None, None)
    assert (row["name"], row["owner"], row["kind"], row["public"]) == ("Ishallen", "skolnämnden", "ice_rink", 0)
    assert (row["deviations"], row["sek"], row["meters"]) == (0, 0.0, 1)


def test_yesterday_stands_beside_the_same_weekday_a_week_before(place: Town) -> None:
    """On a Tuesday: Monday the 23rd and Monday the 16th; other days and totals of longer periods are not mixed in."""
    publish(
        place,
        day_energy("skola", date(2026, 11, 22), 1.0),
        day_energy("skola", date(2026, 11, 23), 480.0, 0.75),
        day_energy("skola", date(2026, 11, 24), 2.0),
        day_energy("skola", date(2026, 11, 16), 500.0),
    )

    row = drawn(place)

    assert (row["energy"], row["energy_before"], row["energy_change"], row["coverage"]) == (480.0, 500.0, -20.0, 0.75)


def test_energy_that_is_missing_tells_its_coverage(place: Town) -> None:
    """Nine hours of twenty-four: no figure, and one sees why."""
    publish(place, day_energy("skola", date(2026, 11, 23), LACKING, 0.375))

    row = drawn(place)

    assert (row["energy"], row["coverage"]) == (None, 0.375)


def test_a_day_of_25_hours_is_found(place: Town) -> None:
    """26 October is after the night on which the clock is set back; the day before begins at 22 UTC."""
    publish(place, day_energy("skola", date(2026, 10, 25), 250.0))

    row = drawn(place, now=datetime(2026, 10, 26, 6, tzinfo=UTC))

    assert row["time"] == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert row["energy"] == 250.0


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ({date(2026, 10, 31): 121.5, date(2026, 9, 30): 120.0}, 121.5),
        ({date(2026, 9, 30): 120.0}, 120.0),
        ({date(2026, 8, 31): 119.0}, None),
        ({date(2026, 10, 31): LACKING, date(2026, 9, 30): 120.0}, None),
    ],
)
def test_the_rolling_year_is_the_last_one(place: Town, published: dict[date, float | Missing], shown: float | None) -> None:
    """Or the one before where October's is not calculated yet; never an older one, nor one in place of a missing one."""
    publish(place, *(rolling_year("skola", value, last) for last, value in published.items()))

    assert drawn(place)["value"] == shown


def test_open_deviations_are_counted_and_the_dearest_is_told(place: Town) -> None:
    """100 and 40 kr may be the same kilowatt-hours; a silent meter's 500 kr are not known to be wasted; one has no price."""
    place.told(wasting())
    place.told(wasting(kind=DeviationKind.WARM_WEATHER, sek=40.0))
    place.told(wasting(kind=DeviationKind.RETURN_TEMPERATURE, sek=LACKING))
    place.told(silent_meter())

    row = drawn(place)

    assert (row["deviations"], row["sek"]) == (4, 100.0)


def test_deviations_without_a_price_have_no_kronor(place: Town) -> None:
    """Nought would say that they cost nothing."""
    place.told(wasting(sek=LACKING))

    row = drawn(place)

    assert (row["deviations"], row["sek"]) == (1, None)


def test_meters_are_those_installed_now_and_silent_ones_come_from_their_days(place: Town) -> None:
    """The school's old electricity meter was exchanged in June."""
    silent(place, {"m-ny": ("skola", 1), "m-varme": ("skola", 0)})

    row = drawn(place)

    assert (row["meters"], row["silent"]) == (2, 1)


def test_a_meter_that_speaks_again_is_an_input(place: Town) -> None:
    """So are deviations; the passing of a minute is not."""
    silent(place, {"m-ny": ("skola", 1)})
    picture = place.picture(BUILDINGS)
    first = picture.inputs(NOW)
    minute_later = picture.inputs(NOW + timedelta(minutes=1))

    silent(place, {"m-ny": ("skola", 0)})
    spoken = picture.inputs(NOW)
    place.told(wasting(subject=Subject(SubjectKind.BUILDING, "skola")))
    deviating = picture.inputs(NOW)

    assert first == minute_later
    assert len({first, spoken, deviating}) == 3


def test_a_figure_that_became_missing_does_not_shine_through(place: Town) -> None:
    """A late reading told that Monday's was wrong."""
    publish(place, day_energy("skola", date(2026, 11, 23), 480.0))
    place.draw(BUILDINGS)

    publish(place, day_energy("skola", date(2026, 11, 23), LACKING, 0.4))

    assert drawn(place)["energy"] is None
