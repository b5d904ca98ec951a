"""The normal year: thirty years of days, leap years by day, and when there is none."""

import math
from datetime import date

import polars as pl
import pytest

from config.domain.indicators import Missing
from config.domain.weather import NormalPeriod
from services.analysis.degree_days import degree_days
from services.analysis.normal_period import NormalYear, normal_degree_days
from tests.services.analysis.weather_frames import days, every_day

THIRTY = every_day(date(1991, 1, 1), date(2020, 12, 31))


def seasons(day: date) -> float:
    """A year of -6 to 18 °C with a swing of 5 K from day to day that an average would hide."""
    return 6.0 - 12.0 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 20) / 365.25) + 5.0 * math.sin(day.toordinal() * 2.1)


def normal(frame: pl.DataFrame) -> NormalYear:
    found = normal_degree_days(frame, station="105260", source="SMHI")
    assert isinstance(found, NormalYear), found
    return found


def test_a_months_normal_is_the_mean_of_its_thirty_years() -> None:
    """Keeping calendar days loses nothing: the sum of means is the mean of sums."""
    frame = days(THIRTY, seasons)

    found = normal(frame)

    months = degree_days(frame).months
    for month in (1, 3, 7, 11):
        plain = months.filter(pl.col("month").dt.month() == month)["degree_days"].mean()
        assert found.of_month(date(2023, month, 1)) == pytest.approx(plain)


def test_days_are_counted_before_they_are_averaged() -> None:
    """Monthly means understate summer: July at 17.4 on average is not without cold days (domain facts 3.1)."""
    july = [day for day in THIRTY if day.month == 7]
    frame = days(THIRTY, lambda day: 17.4 + (4.0 if day.toordinal() % 2 else -4.0) if day.month == 7 else 0.0)

    found = normal(frame)

    assert sum(max(0.0, 17 - 17.4) for _ in july) == 0.0
    # every second July day is at 13.4: 3.6 K·d x half of 31 days
    assert found.of_month(date(2023, 7, 1)) == pytest.approx(3.6 * 31 / 2, abs=0.01)


def test_a_leap_year_has_one_more_normal_day() -> None:
    """Trap 19: compare per day. At -3.9 °C all February, 28 x 20.9 and 29 x 20.9."""
    found = normal(days(THIRTY, -3.9))

    assert found.of_month(date(2023, 2, 1)) == pytest.approx(28 * 20.9)
    assert found.of_month(date(2024, 2, 1)) == pytest.approx(29 * 20.9)
    assert found.of_year(2024) - found.of_year(2023) == pytest.approx(20.9)
    assert found.of_year(1900) == found.of_year(2023)  # no leap year


def test_a_part_of_a_month_has_the_normal_of_its_own_days() -> None:
    """What an incomplete month is compared with: the first ten days are not a third of the month."""
    found = normal(days(THIRTY, lambda day: 7.0 if day.day <= 10 else 17.0))

    assert found.of_days(pl.Series(every_day(date(2024, 3, 1), date(2024, 3, 10)))) == pytest.approx(100.0)
    assert found.of_days(pl.Series(every_day(date(2024, 3, 11), date(2024, 3, 31)))) == 0.0


def test_the_normal_year_says_what_it_was_made_with() -> None:
    """Trap 4: base, method, period, station and source are stored with the number."""
    terms = normal(days(THIRTY, 5.0)).terms

    assert (terms.base_temperature_c, terms.normal_period, terms.station, terms.source) == (17.0, "1991-2020", "105260", "SMHI")


def test_years_outside_the_period_are_left_out() -> None:
    """A long series gives 1981-2010 or 1991-2020, as asked, and they differ."""
    long = days(every_day(date(1981, 1, 1), date(2020, 12, 31)), lambda day: 0.0 if day.year < 1991 else 1.0)

    new = normal_degree_days(long, NormalPeriod(1991, 2020))
    old = normal_degree_days(long, NormalPeriod(1981, 2010))

    assert isinstance(new, NormalYear)
    assert isinstance(old, NormalYear)
    assert new.of_month(date(2023, 1, 1)) == pytest.approx(31 * 16)
    assert old.of_month(date(2023, 1, 1)) == pytest.approx(31 * (16 + 10 / 30))


def test_too_few_years_give_no_normal_year() -> None:
    """23 of 30 years are fewer than four fifths; the reason says how many and what to do."""
    found = normal_degree_days(days(every_day(date(1998, 1, 1), date(2020, 12, 31)), 5.0))

    assert isinstance(found, Missing)
    assert "23 år av 30" in found.reason_sv
    assert "weather.yaml" in found.reason_en


def test_one_calendar_day_that_is_often_missing_is_enough_to_refuse() -> None:
    """A station that was not read on Christmas Eve for seven years."""
    frame = days([day for day in THIRTY if not ((day.month, day.day) == (12, 24) and day.year < 1998)], 5.0)

    found = normal_degree_days(frame)

    assert isinstance(found, Missing)
    assert "12-24" in found.reason_sv


def test_a_few_holes_do_not_matter() -> None:
    """A month of 1995 is missing: its days are means of 29 years, and nothing is taken for 0 °C."""
    found = normal(days([day for day in THIRTY if (day.year, day.month) != (1995, 3)], 5.0))

    assert found.of_month(date(2023, 3, 1)) == pytest.approx(31 * 12)
    assert found.days.filter(pl.col("month") == 3)["years"].to_list() == [29] * 31


def test_bridged_days_are_marked_and_too_many_are_refused() -> None:
    """A normal year that is mostly the next town's is that town's."""
    own, other = every_day(date(2000, 1, 1), date(2020, 12, 31)), every_day(date(1991, 1, 1), date(1999, 12, 31))
    few = every_day(date(1991, 1, 1), date(1993, 12, 31))

    mostly_own = pl.concat([days(THIRTY[len(few) :], 5.0), days(few, 4.0, "105370", bridged=True)])
    mixed = pl.concat([days(own, 5.0), days(other, 4.0, "105370", bridged=True)])

    assert normal(mostly_own).days["bridged"].to_list()[0] == pytest.approx(3 / 30)
    refused = normal_degree_days(mixed, station="105260")
    assert isinstance(refused, Missing)
    assert "70\N{NO-BREAK SPACE}%" in refused.reason_sv


def test_no_days_at_all_give_a_reason_and_no_zero() -> None:
    """A new installation before its first look."""
    assert isinstance(normal_degree_days(days([], 0.0)), Missing)
