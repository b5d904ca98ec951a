"""The table of periods: local days, months, years, years to date and rolling years."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.periods import Period, PeriodKind, day, month
from services.figures.frames import PERIODS

LONGEST_MONTH = timedelta(days=31, hours=1)
_MOMENT = timedelta(milliseconds=1)


def first_of_month(on: date, months: int = 0) -> date:
    """The first day of the month that lies `months` after that of `on`."""
    number = on.year * 12 + on.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def months_of(days: Iterable[date]) -> list[date]:
    """The first days of the months that the days lie in, each once, in order."""
    return sorted({on.replace(day=1) for on in days})


def days_and_months(months: Iterable[date], zone: str) -> pl.DataFrame:
    """Every day of the months, and the months, as PERIODS."""
    rows = []
    for first in months:
        after = first_of_month(first, 1)
        rows.append(_row(month(first, zone), first, after - timedelta(days=1)))
        on = first
        while on < after:
            rows.append(_row(day(on, zone), on, on))
            on += timedelta(days=1)
    return pl.DataFrame(rows, schema=dict(PERIODS), orient="row")


def longer_periods(months: Iterable[date], zone: str, ended: date) -> pl.DataFrame:
    """Years to date, rolling years and years that have one of the months in them, as PERIODS.

    A year to date is named by its last month and begins with the year; a rolling year ends with a month that is over.

    Args:
        ended: the last local day that is over: no period is given that would only begin after it.
    """
    last_month = ended.replace(day=1)
    ends: dict[PeriodKind, set[date]] = {kind: set() for kind in (PeriodKind.YEAR_TO_DATE, PeriodKind.ROLLING_YEAR)}
    years = set()
    for first in months:
        years.add(first.year)
        for ahead in range(12):
            after = first_of_month(first, ahead)
            if after > last_month:
                break
            if after.year == first.year:
                ends[PeriodKind.YEAR_TO_DATE].add(after)
            if first_of_month(after, 1) - timedelta(days=1) <= ended:
                ends[PeriodKind.ROLLING_YEAR].add(after)
    rows = []
    for kind, lasts in ends.items():
        for last in lasts:
            first = last.replace(month=1) if kind is PeriodKind.YEAR_TO_DATE else first_of_month(last, -11)
            rows.append(_spanning(kind, first, last, zone))
    rows += [
        _spanning(PeriodKind.YEAR, date(year, 1, 1), date(year, 12, 1), zone) for year in years if date(year, 12, 31) <= ended
    ]
    return pl.DataFrame(rows, schema=dict(PERIODS), orient="row").sort("period", "start", "end")


def without_months(periods: pl.DataFrame, months: Iterable[date], zone: str) -> pl.DataFrame:
    """Those of some PERIODS in which none of the months begins."""
    starts = [month(first, zone).start for first in months]
    within = pl.any_horizontal(pl.lit(value=False), *((pl.col("start") <= at) & (pl.col("end") > at) for at in starts))
    return periods.filter(~within)


def reach(periods: pl.DataFrame) -> tuple[datetime, datetime]:
    """From the earliest start to the latest end of some PERIODS, of which there is at least one."""
    start, end = periods.select(pl.col("start").min(), pl.col("end").max()).row(0)
    return start, end


def filed_reach(periods: pl.DataFrame) -> tuple[datetime, datetime]:
    """Between which instants figures of some PERIODS of one kind lie in the store: each at its start, a year to date at its last
    month.

    By the reach of the periods themselves one would read thirteen rolling years for one, and twelve years to date for December's.
    """
    start, last_start, first_end, end = periods.select(
        pl.col("start").min().alias("a"), pl.col("start").max().alias("b"), pl.col("end").min().alias("c"), pl.col("end").max()
    ).row(0)
    if periods["period"][0] == PeriodKind.YEAR_TO_DATE.value:
        return max(start, first_end - LONGEST_MONTH), end
    return start, last_start + _MOMENT


def _spanning(kind: PeriodKind, first: date, last: date, zone: str) -> tuple[object, ...]:
    period = Period(kind, month(first, zone).start, month(last, zone).end, zone)
    return _row(period, first, first_of_month(last, 1) - timedelta(days=1))


def _row(period: Period, first: date, last: date) -> tuple[object, ...]:
    return (period.kind.value, period.start, period.end, first, last, period.zone)
