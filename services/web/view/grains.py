"""How long the time is that a value speaks of, and how that is written."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from config.domain.panels import Panel
from config.domain.periods import MONTHS_EN, MONTHS_SV, local_date
from config.domain.series import (
    CHANGE_PARTS,
    EVENTS,
    GOAL_LINES,
    INDICATOR_VALUES,
    INTERVALS,
    PRICES,
    READINGS,
    RESTATEMENTS,
    SERVICE,
    WEATHER,
    Every,
    SeriesQuery,
)
from config.domain.windows import Span, Window
from services.reports.wording import DASH, clock_time, day_name, length, moment, month_name
from services.web.view.situation import Situation

HOUR = timedelta(hours=1)
MOMENTARY = frozenset({READINGS.name, EVENTS.name, RESTATEMENTS.name, SERVICE.name, WEATHER.name, PRICES.name})


class Grain(StrEnum):
    INSTANT = "instant"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ROLLING_YEAR = "rolling_year"


def grain_of(query: SeriesQuery) -> Grain:
    """Of the query's answer."""
    if query.aggregate is not None and query.series is not INDICATOR_VALUES:
        return {Every.QUARTER: Grain.INSTANT, Every.HOUR: Grain.HOUR, Every.DAY: Grain.DAY, None: Grain.INSTANT}[query.every]
    name = query.series.name
    if name in (INDICATOR_VALUES.name, CHANGE_PARTS.name):
        period = query.where.get("period", ("month",))[0]
        return {"day": Grain.DAY, "month": Grain.MONTH, "year_to_date": Grain.MONTH, "rolling_year": Grain.ROLLING_YEAR}.get(
            period, Grain.YEAR
        )
    if name == GOAL_LINES.name:
        return Grain.MONTH
    return Grain.INSTANT if name in MOMENTARY else Grain.DAY


def leaves_gaps(query: SeriesQuery) -> bool:
    """Whether every hour or day between the first and the last ought to have a value: readings come as their meters send them."""
    return query.every is not None and (
        query.series is INTERVALS or (query.series is INDICATOR_VALUES and grain_of(query) is Grain.DAY)
    )


def axis_text(situation: Situation, at: datetime, grain: Grain, row: Mapping[str, Any] | None = None) -> str:
    """Shorter, for below a bar."""
    if grain is Grain.DAY:
        return day_name(situation.local(at).date(), situation.language).partition(" ")[2]
    if grain is Grain.ROLLING_YEAR:
        return month_name(situation.local(rolling_end(at, row) - HOUR).date(), situation.language)
    return time_text(situation, at, grain, row)


def time_text(situation: Situation, at: datetime, grain: Grain, row: Mapping[str, Any] | None = None) -> str:
    """The time that a value at `at` speaks of. A rolling year is named by its last month, which `row` knows."""
    local, now = situation.local(at), situation.local(situation.now)
    match grain:
        case Grain.HOUR:
            hour = f"{clock_time(local)}{DASH}{clock_time(situation.local(at + HOUR))}"
            return hour if local.date() == now.date() else f"{local:%Y-%m-%d} {hour}"
        case Grain.DAY:
            name = day_name(local.date(), situation.language)
            return name if local.year == now.year else f"{name} {local.year}"
        case Grain.MONTH:
            return month_name(local.date(), situation.language)
        case Grain.YEAR:
            return f"{local.year}"
        case Grain.ROLLING_YEAR:
            last = situation.local(rolling_end(at, row) - HOUR).date()
            to = month_name(last, situation.language)
            return situation.pick(f"12 mån t.o.m. {to}", f"12 months to {to}")
        case _:
            return moment(local, now, situation.language)


def rolling_end(at: datetime, row: Mapping[str, Any] | None) -> datetime:
    """Of a period that is filed at its start."""
    end = (row or {}).get("end")
    return datetime.fromtimestamp(end / 1000, UTC) if end else at


def drawn_at(at: datetime, grain: Grain, row: Mapping[str, Any] | None) -> datetime:
    """Where in time it is drawn: a rolling year at its last month."""
    return rolling_end(at, row) - HOUR if grain is Grain.ROLLING_YEAR else at


def windows_text(situation: Situation, panel: Panel) -> str:
    """The panel's windows in words."""
    texts = (_window_text(situation, window) for window in dict.fromkeys(query.window for query in panel.queries))
    return ", ".join(dict.fromkeys(texts))


def _window_text(situation: Situation, window: Window) -> str:
    zone, language = situation.portfolio.timezone, situation.language
    start, end = window.bounds(situation.now, zone)
    first, last = local_date(start, zone), local_date(end - timedelta(seconds=1), zone)
    match window.span:
        case Span.LAST_HOURS if window.count == 24:
            return situation.pick("senaste dygnet", f"last {length(timedelta(days=1), 'en')}")
        case Span.LAST_HOURS:
            span = length(timedelta(hours=window.count), language)
            return situation.pick(f"senaste {span}", f"last {span}")
        case Span.TODAY | Span.SAME_WEEKDAY:
            return day_name(first, language)
        case Span.DAYS | Span.PAST_DAYS:
            return f"{day_name(first, language)}{DASH}{day_name(last, language)}"
        case Span.YEARS | Span.AROUND:
            return f"{first.year}{DASH}{last.year}" if first.year != last.year else f"{first.year}"
        case Span.ROLLING_YEAR | Span.ROLLING_YEAR_BEFORE:
            final = _month(situation, first.replace(year=first.year + (first.month > 1), month=(first.month - 2) % 12 + 1))
            return situation.pick(f"12 månader t.o.m. {final}", f"12 months to {final}")
        case _:
            one_month = (first.year, first.month) == (last.year, last.month)
            return month_name(first, language) if one_month else f"{_month(situation, first)}{DASH}{_month(situation, last)}"


def _month(situation: Situation, on: date) -> str:
    return f"{situation.pick(MONTHS_SV[on.month - 1], MONTHS_EN[on.month - 1])} {on.year}"
