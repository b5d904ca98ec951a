"""Quiet hours by the wall clock of the municipality, over nights, weekends, holidays and changes of clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.alerts import QuietHours
from config.domain.calendar import Closure, MunicipalCalendar
from services.alerts.quiet import is_quiet

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
    ("quiet", "until"),
    [
        (NIGHT, "2026-11-25T07:00"),
        (NIGHT, "2026-10-25T07:00"),  # after a night of fourteen hours
        (NIGHT, "2027-03-28T07:00"),  # after one of twelve
        (WORK, "2026-12-01T07:00"),  # after a weekend and the bridge day
        (WORK, "2026-12-28T07:00"),  # after Christmas on Thursday to Saturday, then Sunday
        (QuietHours(time(0), time(0), days_off=True), "2026-12-01T00:00"),
        (QuietHours(time(22), time(2, 30)), "2027-03-28T03:00"),  # 02:30 does not come that night
    ],
)
def test_it_is_over_at_the_first_minute_that_is_not_quiet(quiet: QuietHours, until: str) -> None:
    """Also where the clock is changed in the night."""
    end = local(until).astimezone(UTC)

    assert is_quiet(quiet, end - timedelta(minutes=1), SWEDEN, CALENDAR)
    assert not is_quiet(quiet, end, SWEDEN, CALENDAR)


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_is_quiet_twice(fold: int) -> None:
    """02:30 on 25 October 2026 is the same wall clock both times."""
    assert is_quiet(QuietHours(time(2), time(3)), local("2026-10-25T02:30", fold), SWEDEN, CALENDAR)


@given(
    begin=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    end=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(THERE)),  # noqa: DTZ001 - hypothesis adds the zone
    days_off=st.booleans(),
)
def test_quiet_ends_within_days(begin: time, end: time, at: datetime, days_off: bool) -> None:
    """Whatever the hours: what is held back is told."""
    quiet = QuietHours(begin, end, days_off)
    ends = (datetime.combine(at.date() + timedelta(days=number), end, THERE) for number in range(9))

    assert any(not is_quiet(quiet, each.astimezone(UTC), SWEDEN, CALENDAR) for each in ends)
