"""The calendar: Swedish days off, the schools' breaks, and what nobody has entered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from config.domain.calendar import Closure, MunicipalCalendar, SchoolYear
from config.domain.factors import Mark
from services.analysis.calendar import calendar_days

SCHOOL_YEAR = SchoolYear(
    "2026-27",
    date(2026, 8, 18),
    date(2026, 12, 18),
    date(2027, 1, 11),
    date(2027, 6, 11),
    (Closure("Höstlov", "Autumn break", date(2026, 10, 26), date(2026, 10, 30)),),
    "invented",
    Mark.UNVERIFIED,
    example=True,
)
SWEDEN = MunicipalCalendar(school_years=(SCHOOL_YEAR,))


def on(day: date, calendar: MunicipalCalendar = SWEDEN) -> Mapping[str, Any]:
    return calendar_days(calendar, day, day).row(0, named=True)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 6, 18), True),  # the day before midsommarafton: a half day in banks only
        (date(2026, 6, 19), False),  # midsommarafton: no holiday by law, free in practice
        (date(2026, 12, 24), False),
        (date(2026, 12, 31), False),
        (date(2026, 4, 2), True),  # skärtorsdagen
        (date(2026, 4, 3), False),  # långfredagen
        (date(2026, 4, 6), False),  # annandag påsk
        (date(2026, 6, 6), False),  # nationaldagen, a Saturday
        (date(2025, 6, 6), False),  # the same on a Friday
        (date(2026, 5, 15), True),  # a bridge day that the municipality has not closed
        (date(2026, 10, 31), False),  # alla helgons dag
        (date(2026, 11, 24), True),
    ],
)
def test_swedish_days_off_are_those_of_law_and_custom(day: date, working: bool) -> None:
    """A night alarm on Christmas Eve at school is one too many."""
    assert on(day)["working"] is working


def test_the_year_2026_has_251_working_days() -> None:
    """261 weekdays less ten days off that fall on one: 1/1, 6/1, 3/4, 6/4, 1/5, 14/5, 19/6, 24/12, 25/12, 31/12."""
    days = calendar_days(SWEDEN, date(2026, 1, 1), date(2026, 12, 31))

    assert days.height == 365
    assert days["working"].sum() == 251


def test_a_closed_day_is_no_working_day_and_says_why() -> None:
    """Bridge days are the municipality's own decision."""
    closed = MunicipalCalendar(closed=(Closure("Klämdag", "Bridge day", date(2026, 5, 15), date(2026, 5, 15)),))
    row = on(date(2026, 5, 15), closed)

    assert (row["working"], row["name_sv"], row["name_en"]) == (False, "Klämdag", "Bridge day")


@pytest.mark.parametrize(
    ("day", "school", "name"),
    [
        (date(2026, 8, 18), "term", ""),
        (date(2026, 10, 30), "break", "Höstlov"),
        (date(2026, 10, 31), "term", ""),
        (date(2026, 12, 18), "term", ""),
        (date(2026, 12, 19), "break", "Jullov"),
        (date(2027, 1, 10), "break", "Jullov"),
        (date(2027, 6, 11), "term", ""),
        (date(2027, 7, 1), "break", "Sommarlov"),
        (date(2027, 8, 15), None, ""),  # the next school year is not entered: nobody knows when it begins
        (date(2026, 8, 1), None, ""),
    ],
)
def test_breaks_follow_from_the_terms_and_nothing_is_guessed(day: date, school: str | None, name: str) -> None:
    """A day outside every school year that is entered is neither term nor break."""
    row = on(day)

    assert (row["school"], row["break_sv"]) == (school, name)


def test_another_country_is_another_line_of_yaml() -> None:
    """Boxing Day is free in England, midsommarafton is not."""
    england = MunicipalCalendar(country="GB", subdivision="ENG")

    assert on(date(2022, 12, 27), england)["working"] is False  # in place of Christmas Day on a Sunday
    assert on(date(2022, 6, 24), england)["working"] is True


def test_days_follow_one_another_across_years() -> None:
    """Frames are joined on the day; a day left out would be left out of every figure."""
    days = calendar_days(SWEDEN, date(2025, 12, 30), date(2026, 1, 2))

    assert days["day"].to_list() == [date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2)]
    assert days.filter(pl.col("name_sv") != "")["name_sv"].to_list() == ["Nyårsafton", "Nyårsdagen"]
