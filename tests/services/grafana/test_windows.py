"""Grafana's overrides of time, reckoned as Grafana does: by the clock of whoever looks."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.domain.indicators import SubjectKind
from config.domain.windows import (
    LAST_MONTH,
    ROLLING_YEAR,
    ROLLING_YEAR_BEFORE,
    SAME_MONTH,
    SAME_WEEKDAY,
    THIS_MONTH,
    TODAY,
    Span,
    Window,
    days,
    months,
    past_days,
    years,
)
from dashboards._figures import published
from services.grafana.statements import statement, time_override

SWEDEN = "Europe/Stockholm"
NOWS = {
    "a winter's morning": datetime(2026, 11, 30, 4, 53, tzinfo=UTC),
    "a summer's day": datetime(2026, 7, 14, 12, 0, tzinfo=UTC),
    "the first of a month": datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
    "the day after the clock was set back": datetime(2026, 10, 26, 8, 0, tzinfo=UTC),
    "New Year's Day": datetime(2027, 1, 1, 12, 0, tzinfo=UTC),
}
DAILY = {"today": TODAY, "a week ago": SAME_WEEKDAY, "thirty-one days": days(31), "thirty that are over": past_days(30)}
MONTHLY = {
    "this month": THIS_MONTH,
    "last month": LAST_MONTH,
    "the same month": SAME_MONTH,
    "twelve months": months(12),
    "twelve months before": Window(Span.MONTHS_BEFORE, 12),
}
YEARLY = {"three years": years(3)}


def reckoned(expression: str, instant: datetime, *, up: bool) -> datetime:
    """Grafana's date math: steps of +n, -n and /unit, from the left; `up`: rounded to a unit's end."""
    for sign, count, unit, rounded in re.findall(r"([+-])(\d+)([hdMy])|/([dMy])", expression):
        instant = _rounded(instant, rounded, up=up) if rounded else _moved(instant, int(sign + count), unit)
    return instant


def _moved(instant: datetime, count: int, unit: str) -> datetime:
    if unit == "h":
        return (instant.astimezone(UTC) + timedelta(hours=count)).astimezone(instant.tzinfo)
    if unit == "d":
        return instant + timedelta(days=count)
    month = instant.year * 12 + instant.month - 1 + count * (12 if unit == "y" else 1)
    first = instant.replace(year=month // 12, month=month % 12 + 1, day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(instant.day, last.day))


def _rounded(instant: datetime, unit: str, *, up: bool) -> datetime:
    start = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    start = start.replace(day=1) if unit in "My" else start
    start = start.replace(month=1) if unit == "y" else start
    return _moved(start, 1, unit) - timedelta(milliseconds=1) if up else start


def window_of(window: Window, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """What Grafana asks for, by a browser in `zone`."""
    time_from, time_shift = time_override(window, at_starts=True)
    assert time_from
    assert time_shift
    here = now.astimezone(ZoneInfo(zone))
    start, end = reckoned(time_from.removeprefix("now"), here, up=False), here
    return reckoned(f"-{time_shift}", start, up=False), reckoned(f"-{time_shift}", end, up=True)


def starts(window: Window, now: datetime, kind: str) -> set[datetime]:
    """The local midnights of days, months or years that lie in our own window."""
    first, end = window.bounds(now, SWEDEN)
    found, at = set(), first.astimezone(ZoneInfo(SWEDEN)).replace(hour=0)
    while at.astimezone(UTC) < end:
        found.add(at.astimezone(UTC))
        at = _moved(at, 1, kind)
    return found


CASES = [(name, window, "d") for name, window in DAILY.items()]
CASES += [(name, window, "M") for name, window in MONTHLY.items()]
CASES += [(name, window, "y") for name, window in YEARLY.items()]


@pytest.mark.parametrize("zone", [SWEDEN, "UTC"])
@pytest.mark.parametrize("now", NOWS.values(), ids=NOWS)
@pytest.mark.parametrize(("window", "kind"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_reader_on_another_clock_sees_the_same_points(window: Window, kind: str, now: datetime, zone: str) -> None:
    """A projector on UTC showed "no deviation is open": the day's picture stood an hour before its midnight."""
    begin, end = window_of(window, now, zone)
    wanted = starts(window, now, kind)
    around = {_moved(at.astimezone(ZoneInfo(SWEDEN)), step, kind).astimezone(UTC) for at in wanted for step in (-1, 0, 1)}

    assert {at for at in around if begin <= at <= end} == wanted


@pytest.mark.parametrize("zone", [SWEDEN, "UTC"])
@pytest.mark.parametrize("window", [ROLLING_YEAR, ROLLING_YEAR_BEFORE], ids=["twelve months", "the twelve before"])
def test_a_rolling_year_is_found_at_the_start_of_its_first_month(window: Window, zone: str) -> None:
    """It is the one point of its window: those of other months stand a month away."""
    now = NOWS["a winter's morning"]
    begin, end = window_of(window, now, zone)
    filed = window.bounds(now, SWEDEN)[0]

    assert begin <= filed <= end
    assert not begin <= _moved(filed.astimezone(ZoneInfo(SWEDEN)), 1, "M").astimezone(UTC) <= end
    assert not begin <= _moved(filed.astimezone(ZoneInfo(SWEDEN)), -1, "M").astimezone(UTC) <= end


@pytest.mark.parametrize("zone", [SWEDEN, "UTC", "Europe/Helsinki"])
@pytest.mark.parametrize("now", NOWS.values(), ids=NOWS)
def test_the_readers_month_is_one_month_by_any_clock(now: datetime, zone: str) -> None:
    """By UTC, October ends after our November began: tables of October showed November's figures."""
    query = published("energy_total", LAST_MONTH, SubjectKind.BUILDING)
    filters = re.findall(r"time (>=|<) \$\{__from\}ms ([+-]) (\d+)d", statement(query, [], SWEDEN, beside=True))
    begins = _rounded(_moved(now.astimezone(ZoneInfo(zone)), -1, "M"), "M", up=False)
    first, end = (begins.astimezone(UTC) + timedelta(days=int(sign + days)) for _, sign, days in filters)
    here = LAST_MONTH.bounds(now, SWEDEN)[0].astimezone(ZoneInfo(SWEDEN))
    months_around = [_moved(here, step, "M").astimezone(UTC) for step in (-1, 0, 1)]

    assert [at for at in months_around if first <= at < end] == [here.astimezone(UTC)]
