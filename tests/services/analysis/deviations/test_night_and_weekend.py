"""Nights and days off: what is left on is told, what the calendar or the season explains is not."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from config.domain.deviations import Deviation, DeviationKind, Rules
from config.domain.estate import Carrier
from config.domain.indicators import Missing
from services.analysis.deviations import night, weekend
from services.analysis.deviations._seam import NoPrices
from tests.services.analysis.deviations.made import FIRST, LAST, Load, material, one_building, school_load

ON = date(2026, 10, 12)  # a Monday


def nights(load: Load, carrier: Carrier = Carrier.ELECTRICITY) -> list[Deviation]:
    return list(night.find(material(*one_building(load, carrier))))


def left_on(kw: float, since: date = ON, until: date = LAST) -> Load:
    """`kw` more from 22 to 06."""

    def load(local: datetime) -> float:
        return school_load(local) + (kw if since <= local.date() <= until and (local.hour >= 22 or local.hour < 6) else 0.0)

    return load


def test_a_regular_year_has_no_deviation() -> None:
    """Every week like the other, with all Swedish holidays and both clock changes in it."""
    deviations = [*nights(school_load), *weekend.find(material(*one_building(school_load)))]

    assert deviations == []


def test_a_night_waste_is_told_on_the_fourth_night() -> None:
    """Four of the last five nights: the first night that is wholly in it is the 12th, the fourth the 15th."""
    (found,) = nights(left_on(4.0))

    assert (found.kind, found.subject.id, found.carrier) == (DeviationKind.NIGHT, "skola", "electricity")
    assert found.first_day == ON
    assert found.detected == date(2026, 10, 15)
    assert found.going_on


def test_a_night_waste_is_priced_by_hand() -> None:
    """4 kW in five hours of 42 nights (12 October to 22 November): 840 kWh, at 1,20 kr 1 008 kr, at 59 g 49,56 kg.

    The night on which the clocks are put back has six hours from 00 to 05, but is a mean of powers like the others.
    """
    (found,) = nights(left_on(4.0))

    assert found.kwh == pytest.approx(840, rel=0.01)
    assert found.sek == pytest.approx(1008, rel=0.01)
    assert found.kg == pytest.approx(49.56, rel=0.01)
    assert found.evidence["days_above"] == 42
    assert "sedan 2026-10-12" in found.sentence_sv
    assert "10,1 kW" in found.sentence_sv  # 6 kW, a ripple of 0.2 in two of the five hours, and 4 kW


def test_a_missing_price_is_missing_and_never_nought() -> None:
    """A waste of 0 kr would be ranked last and believed."""
    (found,) = night.find(replace(material(*one_building(left_on(4.0))), prices=NoPrices()))

    assert isinstance(found.sek, Missing)
    assert isinstance(found.kg, Missing)
    assert found.sek.reason_sv.startswith("Pris saknas")
    assert found.kwh == pytest.approx(840, rel=0.01)


def test_three_odd_nights_are_no_news() -> None:
    """An evening event that ran late, a cleaning: nobody wants a letter about it."""
    assert nights(left_on(8.0, until=date(2026, 10, 14))) == []


def test_a_waste_that_ends_is_told_with_its_end() -> None:
    """After five nights as before; the days do not go on counting."""
    (found,) = nights(left_on(4.0, until=date(2026, 10, 25)))

    assert found.last_day == date(2026, 10, 25)
    assert not found.going_on
    assert found.kwh == pytest.approx(14 * 20, rel=0.01)
    assert "2026-10-12 till 2026-10-25" in found.sentence_sv


def test_a_small_excess_is_left_alone() -> None:
    """1 kW is 16 % of 6 kW and 5 kWh a night: below both limits."""
    assert nights(left_on(1.0)) == []


def test_the_limits_are_settings() -> None:
    """The same 1 kW where the municipality wants to hear of 10 % and 3 kWh."""
    careful = Rules(share=0.10, least_kwh=3.0)
    found = list(night.find(material(*one_building(left_on(1.0)), rules=careful)))

    assert len(found) == 1


def test_heat_that_follows_the_weather_is_no_waste() -> None:
    """Nights 1 kW dearer for each degree below 17: an autumn of falling temperatures is no alarm."""

    def temperature(day: date) -> float:
        return 18.0 - 20.0 * abs((day - date(2026, 7, 15)).days) / 180

    def load(local: datetime) -> float:
        return 5.0 + max(0.0, 17.0 - temperature(local.date()))

    found = list(night.find(material(*one_building(load, Carrier.DISTRICT_HEATING), temperature=temperature)))

    assert found == []


def test_a_night_that_was_not_measured_accuses_nobody() -> None:
    """The register's difference after a silence is spread over it; the spread hours say nothing of the night."""
    hours, estate = one_building(left_on(4.0))
    spread = hours.with_columns(method=hours["method"].replace("measured", "interpolated").set(hours["day"] < ON, "measured"))

    assert list(night.find(material(spread, estate))) == []


def test_a_weekend_is_judged_as_days_off() -> None:
    """The weekday schedule runs on Saturdays and Sundays from the 17th of October on: 14 kW more in ten of the sixteen hours."""

    def load(local: datetime) -> float:
        weekend_on = local.weekday() >= 5 and local.date() >= ON and 7 <= local.hour < 17
        return school_load(local) + (14.0 if weekend_on else 0.0)

    (found,) = weekend.find(material(*one_building(load)))

    assert found.first_day == date(2026, 10, 17)
    assert found.detected == date(2026, 10, 24)  # the third day off
    assert found.kwh == pytest.approx(12 * 140, rel=0.02)  # six weekends to the 22nd of November


def test_a_holiday_on_a_weekday_is_a_day_off() -> None:
    """Midsommarafton, and a school that runs on it as on a Friday, beside the weekend that follows: three days off in four."""

    def load(local: datetime) -> float:
        over = date(2026, 6, 19) <= local.date() <= date(2026, 6, 21) and 7 <= local.hour < 17
        closed = local.date() in (date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 12, 24))
        return 20.0 if over else 6.0 if closed else school_load(local)

    (found,) = [item for item in weekend.find(material(*one_building(load))) if item.detected.month == 6]

    assert found.first_day == date(2026, 6, 19)


def test_nothing_is_expected_before_enough_nights_are_known() -> None:
    """Fourteen nights: a meter that was installed last week has no usual."""
    early = date(2026, 1, 12)
    assert (early - FIRST).days == 7
    assert nights(left_on(4.0, since=early, until=date(2026, 1, 17))) == []
