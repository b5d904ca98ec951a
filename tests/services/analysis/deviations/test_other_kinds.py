"""Breaks, summer, warm days, base load: each by a building made by formula, wrong in one place."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from config.domain.calendar import Closure, MunicipalCalendar, SchoolYear
from config.domain.deviations import Deviation
from config.domain.estate import Carrier
from config.domain.factors import Mark
from services.analysis.deviations import base_load, school_holiday, summer, warm_weather
from tests.services.analysis.deviations.estate import portfolio
from tests.services.analysis.deviations.made import LAST, ZONE, Load, material, one_building, point_hours, school_load

AUTUMN = (date(2026, 10, 26), date(2026, 10, 30))
YEARS = tuple(
    SchoolYear(
        f"{y}",
        date(y, 8, 18),
        date(y, 12, 18),
        date(y + 1, 1, 8),
        date(y + 1, 6, 11),
        (Closure("Höstlov", "Autumn break", date(y, 10, 26), date(y, 10, 30)),) if y == 2026 else (),
        "invented",
        Mark.UNVERIFIED,
        example=True,
    )
    for y in (2025, 2026)
)
CALENDAR = MunicipalCalendar(school_years=YEARS)


def closed_in_breaks(open_share: float) -> Load:
    """A school that shuts in summer, and in the autumn break takes so much of what a school day adds."""

    def load(local: datetime) -> float:
        day = local.date()
        if date(2026, 6, 12) <= day <= date(2026, 8, 17):
            return 6.0
        if AUTUMN[0] <= day <= AUTUMN[1]:
            return 6.0 + open_share * (school_load(local) - 6.0)
        return school_load(local)

    return load


def breaks(load: Load, kind: str = "school") -> list[Deviation]:
    hours, estate = one_building(load, kind=kind)
    return list(school_holiday.find(material(hours, estate, calendar=CALENDAR)))


def test_a_school_that_runs_in_the_break_is_told_on_its_second_day() -> None:
    """14 kW more in ten hours of five weekdays: 700 kWh."""
    (found,) = [item for item in breaks(closed_in_breaks(1.0)) if item.first_day >= AUTUMN[0]]

    assert found.detected == date(2026, 10, 27)
    assert found.kwh == pytest.approx(700, rel=0.05)
    assert not found.going_on  # three weeks later; "since" would be wrong


def test_a_school_that_closes_is_not_told() -> None:
    """In no break of the year."""
    assert breaks(closed_in_breaks(0.0)) == []


def test_an_office_has_no_school_holidays() -> None:
    """It works in the break as in any week."""
    assert breaks(closed_in_breaks(1.0), kind="office") == []


def test_nothing_is_judged_in_a_break_that_nobody_entered() -> None:
    """Without school years there is neither term nor break."""
    hours, estate = one_building(closed_in_breaks(1.0))

    assert list(school_holiday.find(material(hours, estate))) == []


def warm(day: date) -> float:
    return 20.0 if day.month in (6, 7, 8) else 5.0


def heat(extra_kw: float, since: date) -> Load:
    """2 kW of hot water, 30 kW of heat when it is cold."""

    def load(local: datetime) -> float:
        cold = local.month not in (6, 7, 8)
        return 2.0 + (30.0 if cold else 0.0) + (extra_kw if local.date() >= since and not cold else 0.0)

    return load


def test_heat_on_warm_days_is_told_against_hot_water() -> None:
    """8 kW more on each day from the 10th of July to the end of August: 53 days of 192 kWh."""
    hours, estate = one_building(heat(8.0, date(2026, 7, 10)), Carrier.DISTRICT_HEATING)
    (found,) = warm_weather.find(material(hours, estate, temperature=warm))

    assert found.detected == date(2026, 7, 12)
    assert found.last_day == date(2026, 8, 31)
    assert not found.going_on
    assert found.kwh == pytest.approx(53 * 192, rel=0.01)


def test_hot_water_alone_is_no_heat_in_warm_weather() -> None:
    """It is needed all year."""
    hours, estate = one_building(heat(0.0, LAST), Carrier.DISTRICT_HEATING)

    assert list(warm_weather.find(material(hours, estate, temperature=warm))) == []


def test_a_base_load_that_rose_is_told_after_ten_days() -> None:
    """2 kW more, day and night, from the 1st of October: a third of 6 kW."""

    def load(local: datetime) -> float:
        return school_load(local) + (2.0 if local.date() >= date(2026, 10, 1) else 0.0)

    (found,) = base_load.find(material(*one_building(load)))

    assert found.first_day == date(2026, 10, 1)
    assert found.detected == date(2026, 10, 10)
    assert found.kwh == pytest.approx(53 * 48, rel=0.01)


def test_a_summer_is_compared_with_the_summer_before() -> None:
    """The cooling of July 2026 takes 10 kW more by day than a year before; June was the same."""

    def load(local: datetime) -> float:
        over = local.date() >= date(2026, 7, 1) and local.year == 2026 and local.month == 7 and 6 <= local.hour < 22
        quiet = 0.5 if local.month in (6, 7, 8) else 1.0
        return school_load(local) * quiet + (10.0 if over and local.weekday() < 5 else 0.0)

    hours = point_hours({"el-skola": ("skola", Carrier.ELECTRICITY, "main", load)}, date(2025, 1, 6), date(2026, 9, 30))
    estate = portfolio([("el-skola", "skola", Carrier.ELECTRICITY, None)], zone=ZONE)
    (found,) = summer.find(material(hours, estate))

    assert found.first_day == date(2026, 7, 1)
    assert found.detected == date(2026, 7, 7)  # the fifth working day
    assert found.kwh == pytest.approx(23 * 160, rel=0.02)


def test_a_first_summer_is_not_judged() -> None:
    """There is nothing to compare it with."""
    made = material(*one_building(school_load))

    assert list(summer.find(replace(made, rules=replace(made.rules, share=0.01, least_kwh=0.0)))) == []
