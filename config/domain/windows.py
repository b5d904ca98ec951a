"""Stretches of time relative to now, as panels ask for them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from config.domain.periods import Period, day, local_date, month, year

WEEK = timedelta(days=7)


class Span(StrEnum):
    LAST_HOURS = "last_hours"  # `count` hours, up to now
    TODAY = "today"
    SAME_WEEKDAY = "same_weekday"  # the day one week before today
    DAYS = "days"  # today and the days before it, `count` in all
    PAST_DAYS = "past_days"  # the last `count` days that are over
    MONTH = "month"  # the current one
    LAST_MONTH = "last_month"  # the last one that is over
    SAME_MONTH = "same_month"  # the same month as LAST_MONTH, a year earlier
    MONTHS = "months"  # the last `count` months that are over
    MONTHS_BEFORE = "months_before"  # those of MONTHS, a year earlier
    YEARS = "years"  # the current year and those before it, `count` in all
    AROUND = "around"  # the current year, and `count` years on either side of it
    ROLLING_YEAR = "rolling_year"  # where the twelve months that ended with LAST_MONTH begin: a figure is filed at its start
    ROLLING_YEAR_BEFORE = "rolling_year_before"  # the twelve months before those


_COUNTED = frozenset({Span.LAST_HOURS, Span.DAYS, Span.PAST_DAYS, Span.MONTHS, Span.MONTHS_BEFORE, Span.YEARS, Span.AROUND})


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time relative to now. `count` belongs to the spans that say so."""

    span: Span
    count: int = 0

    def __post_init__(self) -> None:
        if (self.span in _COUNTED) != (self.count > 0):
            raise ValueError(f"{self.span}: a count of {self.count} makes no sense")

    def bounds(self, now: datetime, zone: str) -> tuple[datetime, datetime]:
        """First instant inside and first outside. UTC. Days, months and years are whole and follow the wall clock of `zone`.

        The last hours begin on a whole hour and end with the minute that is going on, so that groups of time are whole and
        everyone who asks within a minute asks the same.
        """
        today = local_date(now, zone)
        match self.span:
            case Span.LAST_HOURS:
                minute = now.astimezone(UTC).replace(second=0, microsecond=0)
                return minute.replace(minute=0) - timedelta(hours=self.count), minute + timedelta(minutes=1)
            case Span.DAYS:
                return day(today - timedelta(days=self.count - 1), zone).start, day(today, zone).end
            case Span.PAST_DAYS:
                return day(today - timedelta(days=self.count), zone).start, day(today, zone).start
            case Span.MONTHS:
                return month(_months_before(today, self.count), zone).start, month(today, zone).start
            case Span.MONTHS_BEFORE:
                return month(_months_before(today, self.count + 12), zone).start, month(_months_before(today, 12), zone).start
            case Span.YEARS:
                return year(today.year - self.count + 1, zone).start, year(today.year, zone).end
            case Span.AROUND:
                return year(today.year - self.count, zone).start, year(today.year + self.count, zone).end
            case _:
                period = self.period(now, zone)
                return period.start, period.end

    def period(self, now: datetime, zone: str) -> Period:
        """The one local day or month.

        Raises:
            ValueError: the window is none.
        """
        today = local_date(now, zone)
        match self.span:
            case Span.TODAY:
                return day(today, zone)
            case Span.SAME_WEEKDAY:
                return day(today - WEEK, zone)
            case Span.MONTH:
                return month(today, zone)
            case Span.LAST_MONTH:
                return month(_months_before(today, 1), zone)
            case Span.SAME_MONTH:
                return month(_months_before(today, 13), zone)
            case Span.ROLLING_YEAR:
                return month(_months_before(today, 12), zone)
            case Span.ROLLING_YEAR_BEFORE:
                return month(_months_before(today, 24), zone)
            case _:
                raise ValueError(f"{self.span} is no local period")


def _months_before(on: date, count: int) -> date:
    """The first day of the month that many months before that of `on`."""
    months = on.year * 12 + on.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def last_hours(hours: int) -> Window:
    """The last so many hours, up to now."""
    return Window(Span.LAST_HOURS, hours)


def days(count: int) -> Window:
    """Today and the days before it: of hours and of what happened. Of figures a day, `past_days`."""
    return Window(Span.DAYS, count)


def past_days(count: int) -> Window:
    """The last so many days that are over: a day that has just begun beside whole ones looks like a fall."""
    return Window(Span.PAST_DAYS, count)


def months(count: int) -> Window:
    """The last so many months that are over."""
    return Window(Span.MONTHS, count)


def years(count: int) -> Window:
    """The current year and those before it."""
    return Window(Span.YEARS, count)


def around(count: int) -> Window:
    """The current year, and so many years on either side of it."""
    return Window(Span.AROUND, count)


TODAY = Window(Span.TODAY)
SAME_WEEKDAY = Window(Span.SAME_WEEKDAY)
THIS_MONTH = Window(Span.MONTH)
LAST_MONTH = Window(Span.LAST_MONTH)
SAME_MONTH = Window(Span.SAME_MONTH)
ROLLING_YEAR = Window(Span.ROLLING_YEAR)
ROLLING_YEAR_BEFORE = Window(Span.ROLLING_YEAR_BEFORE)
