"""Periods and the clock that each follows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

NORMAL_TIME = timezone(timedelta(hours=1), "UTC+1")  # Swedish metering time all year (EIFS 2016:2)


# as they stand inside a sentence; January first. Not the machine's own, which follow its locale
MONTHS_SV = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class PeriodKind(StrEnum):
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    YEAR_TO_DATE = "year_to_date"
    ROLLING_YEAR = "rolling_year"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that says which clock it follows. `start` is the first instant inside, `end` the first outside. UTC."""

    kind: PeriodKind
    start: datetime
    end: datetime
    zone: str

    @property
    def hours(self) -> int:
        """Whole hours in it: 23 or 25 on the days of a clock change."""
        return round((self.end - self.start) / timedelta(hours=1))


def zone_named(zone: str) -> ZoneInfo | timezone:
    """The zone of an IANA name, or of "UTC+1", the metering time of billing months."""
    return NORMAL_TIME if zone == "UTC+1" else ZoneInfo(zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone_named(zone)).astimezone(UTC)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar day in `zone` that contains `instant`."""
    return instant.astimezone(zone_named(zone)).date()


def day(on: date, zone: str) -> Period:
    """The local day `on`."""
    return Period(PeriodKind.DAY, _midnight(on, zone), _midnight(on + timedelta(days=1), zone), zone)


def month(on: date, zone: str) -> Period:
    """The local month that contains `on`."""
    first = on.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Period(PeriodKind.MONTH, _midnight(first, zone), _midnight(after, zone), zone)


def year(number: int, zone: str) -> Period:
    """The local calendar year."""
    return Period(PeriodKind.YEAR, _midnight(date(number, 1, 1), zone), _midnight(date(number + 1, 1, 1), zone), zone)


def days_touched(start: datetime, end: datetime, zone: str) -> list[Period]:
    """The local days that share an instant with [start, end)."""
    current, periods = local_date(start, zone), []
    while _midnight(current, zone) < end:
        periods.append(day(current, zone))
        current += timedelta(days=1)
    return periods
