"""Quiet hours: local wall clock, days off by the municipal calendar. Pure."""

from datetime import date, datetime
from functools import lru_cache

from config.domain.alerts import QuietHours
from config.domain.calendar import MunicipalCalendar
from config.domain.periods import zone_named
from services.analysis.calendar import calendar_days


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


# The calendar holds lists and cannot be hashed; one municipality has one.
def _works(calendar: MunicipalCalendar, day: date) -> bool:
    if any(day in closure for closure in calendar.closed):
        return False
    return _working(calendar.country, calendar.subdivision, day)


@lru_cache(maxsize=1_000)
def _working(country: str, subdivision: str, day: date) -> bool:
    """Neither Saturday, Sunday nor a public holiday or free eve."""
    return bool(calendar_days(MunicipalCalendar(country, subdivision), day, day)["working"][0])
