"""Quiet hours by the wall clock of the municipality, over nights, weekends, holidays and changes of clock."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.alerts import QuietHours
from config.domain.calendar import Closure, MunicipalCalendar
from services.alerts.quiet import is_quiet, quiet_until

SWEDEN = "Europe/Stockholm"
THERE = ZoneInfo(SWEDEN)
NIGHT = QuietHours(time(18), time(7))
WORK = QuietHours(time(18), time(7), days_off=True)
CALENDAR = MunicipalCalendar(closed=(Closure("Klämdag", "Bridge day", date(2026, 11, 30), date(2026, 11, 30)),))


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=THERE, fold=fold)


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        (NIGHT, "2026-11-24T17:59:59", False),
        (NIGHT, "2026-11-24T18:00", True),
        (NIGHT, "2026-11-25T06:59:59", True),
        (NIGHT, "2026-11-25T07:00", False),
        (NIGHT, "2026-11-28T12:00", False),  # a Saturday, which it says nothing of
        (WORK, "2026-11-28T12:00", True),
        (WORK, "2026-11-30T12:00", True),  # the bridge day of calendar.yaml
        (WORK, "2026-12-24T12:00", True),  # Christmas Eve, free in practice
        (WORK, "2026-12-23T12:00", False),
        (QuietHours(time(12), time(13)), "2026-11-24T12:30", True),
        (QuietHours(time(12), time(13)), "2026-11-24T13:00", False),
        (QuietHours(time(0), time(0), days_off=True), "2026-11-24T00:00", False),
    ],
)
def test_the_wall_clock_and_the_calendar_decide(quiet: QuietHours, at: str, expected: bool) -> None:
    """First minute inside, last one outside."""
    assert is_quiet(quiet, local(at), SWEDEN, CALENDAR) is expected


@pytest.mark.parametrize(
    ("quiet", "at", "until"),
    [
        (NIGHT, "2026-11-24T20:00", "2026-11-25T07:00"),
        (NIGHT, "2026-10-24T20:00", "2026-10-25T07:00"),  # a night of fourteen hours
        (NIGHT, "2027-03-27T20:00", "2027-03-28T07:00"),  # one of twelve
        (WORK, "2026-11-27T18:00", "2026-12-01T07:00"),  # a weekend and the bridge day
        (WORK, "2026-12-23T20:00", "2026-12-28T07:00"),  # Christmas on Thursday to Saturday, then Sunday
        (QuietHours(time(0), time(0), days_off=True), "2026-11-28T12:00", "2026-12-01T00:00"),
        (NIGHT, "2026-11-24T12:00", "2026-11-24T12:00"),
    ],
)
def test_it_is_told_at_the_first_minute_that_is_not_quiet(quiet: QuietHours, at: str, until: str) -> None:
    """Also where the clock is changed in the night."""
    assert quiet_until(quiet, local(at), SWEDEN, CALENDAR) == local(until)


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_is_quiet_twice(fold: int) -> None:
    """02:30 on 25 October 2026 is the same wall clock both times."""
    assert is_quiet(QuietHours(time(2), time(3)), local("2026-10-25T02:30", fold), SWEDEN, CALENDAR)


def test_an_end_in_the_hour_that_does_not_come_is_an_hour_later_on_the_clock() -> None:
    """Quiet until 02:30, which 28 March 2027 has not: the clock goes from 02:00 to 03:00."""
    quiet = QuietHours(time(22), time(2, 30))

    assert quiet_until(quiet, local("2027-03-28T01:00"), SWEDEN, CALENDAR) == local("2027-03-28T03:30")


@given(
    begin=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    end=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(THERE)),  # noqa: DTZ001 - hypothesis adds the zone
    days_off=st.booleans(),
)
def test_quiet_ends_within_days_and_never_begins_before_it_is_over(begin: time, end: time, at: datetime, days_off: bool) -> None:
    """Whatever the hours: what is held back is told."""
    quiet = QuietHours(begin, end, days_off)
    until = quiet_until(quiet, at, SWEDEN, CALENDAR)

    assert not is_quiet(quiet, until, SWEDEN, CALENDAR)
    assert timedelta(0) <= until - at <= timedelta(days=8)
