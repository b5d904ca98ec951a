"""Quiet hours: local wall clock, days off by the municipal calendar. Pure."""

from datetime import datetime

from config.domain.alerts import QuietHours
from config.domain.calendar import MunicipalCalendar
from config.domain.periods import zone_named
from services.analysis.calendar import is_working_day


def is_quiet(quiet: QuietHours, at: datetime, zone: str, calendar: MunicipalCalendar) -> bool:
    """Whether only urgent things are told at the instant.

    The wall clock decides: in the hour that comes twice in autumn it is quiet twice, or not at all.
    """
    local = at.astimezone(zone_named(zone))
    if quiet.days_off and not is_working_day(calendar, local.date()):
        return True
    clock = local.time().replace(fold=0)
    if quiet.begin <= quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end
