"""The calendar that use is compared on: working days, days off, and the schools' terms and breaks. Pure.

Public holidays come from the library `holidays`: the law's days and, where it knows them, the eves that are free in practice
(midsommarafton, julafton, nyårsafton; category "de facto"). A half-day eve (skärtorsdag, Valborg) counts as a working day.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

import holidays
import polars as pl

from config.domain.calendar import MunicipalCalendar, SchoolYear

TERM, BREAK = "term", "break"
SATURDAY = 6  # ISO
DAYS: dict[str, Any] = {
    "day": pl.Date,
    "weekday": pl.Int8,  # ISO: Monday 1 … Sunday 7
    "working": pl.Boolean,  # neither Saturday, Sunday, public holiday, free eve nor closed
    "name_sv": pl.String,  # of the holiday or closure; "" on other days
    "name_en": pl.String,
    "school": pl.String,  # "term" or "break"; null where no school year says
    "break_sv": pl.String,  # of the break; "" in term
    "break_en": pl.String,
}
_CHRISTMAS = ("Jullov", "Christmas break")
_SUMMER = ("Sommarlov", "Summer break")
_CATEGORIES = ("public", "de_facto")


def calendar_days(calendar: MunicipalCalendar, first: date, last: date) -> pl.DataFrame:
    """One row a local day from `first` to `last`, both inside; columns as DAYS."""
    free = _holidays(calendar.country, calendar.subdivision, first.year, last.year)
    rows = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        closure = next((item for item in calendar.closed if day in item), None)
        named = free.get(day) or ((closure.name_sv, closure.name_en) if closure else ("", ""))
        working = is_working_day(calendar, day)
        rows.append((day, day.isoweekday(), working, *named, *_school(calendar.school_years, day)))
    return pl.DataFrame(rows, schema=DAYS, orient="row")


def is_working_day(calendar: MunicipalCalendar, day: date) -> bool:
    """Neither Saturday, Sunday, public holiday, free eve nor closed."""
    closed = day.isoweekday() >= SATURDAY or any(day in closure for closure in calendar.closed)
    return not closed and day not in _holidays(calendar.country, calendar.subdivision, day.year, day.year)


def free_days(calendar: MunicipalCalendar, first: date, last: date) -> frozenset[date]:
    """Public holidays and free eves; what the municipality closes besides is no holiday to a supplier."""
    known = _holidays(calendar.country, calendar.subdivision, first.year, last.year)
    return frozenset(day for day in known if first <= day <= last)


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str, first_year: int, last_year: int) -> dict[date, tuple[str, str]]:
    """Day → its name in Swedish (in the country's own language where there is none) and in English."""
    known = holidays.country_holidays(country)
    where: dict[str, Any] = {
        "subdiv": subdivision or None,
        "years": range(first_year, last_year + 1),
        "categories": tuple(name for name in _CATEGORIES if name in known.supported_categories),
    }
    swedish, english = (
        holidays.country_holidays(country, language=_language(known.supported_languages, wanted), **where)
        for wanted in ("sv", "en_US")
    )
    return {day: (swedish[day], english[day]) for day in sorted(english)}


def _language(spoken: Sequence[str], wanted: str) -> str | None:
    return wanted if wanted in spoken else None


def _school(years: Sequence[SchoolYear], day: date) -> tuple[str | None, str, str]:
    for year in years:
        if year.autumn_first_day <= day <= year.spring_last_day:
            if year.autumn_last_day < day < year.spring_first_day:
                return BREAK, *_CHRISTMAS
            found = next((item for item in year.breaks if day in item), None)
            return (BREAK, found.name_sv, found.name_en) if found else (TERM, "", "")
    ordered = sorted(years, key=lambda item: item.autumn_first_day)
    summers = [(old.spring_last_day, new.autumn_first_day) for old, new in pairwise(ordered)]
    if ordered:  # a school year ends in June and the next one begins in August, entered or not
        end = ordered[-1].spring_last_day
        summers.append((end, date(end.year, 8, 1)))
    if any(end < day < begin and end.year == begin.year for end, begin in summers):
        return BREAK, *_SUMMER
    return None, "", ""
