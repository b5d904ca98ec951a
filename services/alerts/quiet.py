"""Quiet hours: local wall clock, days off by the municipal calendar. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from config.domain.alerts import QuietHours
from config.domain.calendar import MunicipalCalendar
from config.domain.periods import zone_named
from services.analysis.calendar import calendar_days

_DAY = timedelta(days=1)
_LONGEST = 31  # days without a working one; a municipality that closes for longer is told all the same


def is_quiet(quiet: QuietHours, at: datetime, zone: str, calendar: MunicipalCalendar) -> bool:
    """Whether only urgent things are told at the instant.

    The wall clock decides: in the hour that comes twice in autumn it is quiet twice, or not at all.
    """
    local = at.astimezone(zone_named(zone))
    if quiet.days_off and not _works(calendar, local.date()):
        return True
    clock = local.time().replace(fold=0)
    if quiet.begin <= quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end


def quiet_until(quiet: QuietHours, at: datetime, zone: str, calendar: MunicipalCalendar) -> datetime:
    """The first instant from `at` on that is not quiet. UTC."""
    if not is_quiet(quiet, at, zone, calendar):
        return at
    there = zone_named(zone)
    today = at.astimezone(there).date()
    for number in range(_LONGEST):
        day = today + number * _DAY
        for clock in sorted({time(), quiet.end}):
            found = datetime.combine(day, clock, there).astimezone(UTC)
            if found > at and not is_quiet(quiet, found, zone, calendar):
                return found
    return at + _LONGEST * _DAY


# The calendar holds lists and cannot be hashed; one municipality has one.
def _works(calendar: MunicipalCalendar, day: date) -> bool:
    if any(day in closure for closure in calendar.closed):
        return False
    return _working(calendar.country, calendar.subdivision, day)


@lru_cache(maxsize=1_000)
def _working(country: str, subdivision: str, day: date) -> bool:
    """Neither Saturday, Sunday nor a public holiday or free eve."""
    return bool(calendar_days(MunicipalCalendar(country, subdivision), day, day)["working"][0])
