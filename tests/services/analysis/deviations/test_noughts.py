"""A meter that stood still is no baseline."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from config.domain.deviations import Deviation
from config.domain.estate import Carrier
from services.analysis.deviations import base_load, night
from services.analysis.deviations._noughts import always_needed, stood_still
from tests.services.analysis.deviations.made import LAST, LOCAL, Load, material, one_building, school_load

MENDED = datetime(2026, 11, 9, 10, tzinfo=LOCAL)


def stopped(days: int, load: Load = school_load) -> Load:
    """The register stands still for so many days until it is mended."""
    return lambda local: 0.0 if MENDED - timedelta(days=days) <= local < MENDED else load(local)


def found(load: Load) -> list[Deviation]:
    seen = material(*one_building(load))
    return [*night.DETECTOR.find(seen), *base_load.DETECTOR.find(seen)]


@pytest.mark.parametrize("days", [20, 60])
def test_ordinary_use_after_a_meter_stood_still_is_no_waste(days: int) -> None:
    """6 kW at night before, nought for weeks, 6 kW again: nobody left anything on."""
    assert found(stopped(days)) == []


def test_a_waste_that_begins_when_the_meter_is_mended_is_told_with_the_nights_before() -> None:
    """12 kW where 6.1 are expected; not where 0 are."""
    load = stopped(20, lambda local: school_load(local) + (6.0 if local >= MENDED else 0.0))
    (told,) = [item for item in found(load) if item.kind is night.DETECTOR.kind]

    assert told.evidence["expected_kw"] == pytest.approx(6.1, abs=0.1)
    assert told.evidence["used_kw"] == pytest.approx(12.1, abs=0.1)


def test_a_building_that_is_dark_every_sunday_keeps_its_noughts() -> None:
    """It has had them from the first week on: a Sunday with use is told of, and nought was true."""
    values = np.array([[0.0 if n % 7 == 6 else 100.0 for n in range(300)]])

    assert not stood_still(values, np.ones(values.shape, dtype=np.bool_)).any()


def test_a_building_that_is_shut_for_good_is_believed_after_ninety_days() -> None:
    """And from then on a single day of use would be odd, not its noughts."""
    values = np.array([[100.0] * 100 + [0.0] * 120])
    still = stood_still(values, np.ones(values.shape, dtype=np.bool_))[0]

    assert still[100:190].all()
    assert not still[190:].any()


def test_two_failures_in_one_year_are_two_failures() -> None:
    """The first does not make noughts usual."""
    values = np.array([[100.0] * 60 + [0.0] * 20 + [100.0] * 60 + [0.0] * 20])

    assert stood_still(values, np.ones(values.shape, dtype=np.bool_)).sum() == 40


def test_heat_may_be_nought_in_mild_weather_and_cooling_in_any() -> None:
    """In the order electricity, heat, cooling; a cold day, a mild one, one whose temperature is not known."""
    carriers = pl.Series([Carrier.ELECTRICITY.value, Carrier.DISTRICT_HEATING.value, Carrier.DISTRICT_COOLING.value])

    assert always_needed(carriers, np.array([2.0, 16.0, np.nan])).tolist() == [
        [True, True, True],
        [True, False, False],
        [False, False, False],
    ]


def test_the_made_building_is_long_enough_to_know() -> None:
    """The tests above end two weeks after the mending."""
    assert LAST - MENDED.date() == timedelta(days=13)
    assert MENDED.date() == date(2026, 11, 9)
