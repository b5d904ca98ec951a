"""What a panel asks, and for which time: the store compiler's InfluxQL, with Grafana's bounds and the reader's choice in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from config.domain.panels import PanelQuery
from config.domain.series import (
    BUILDINGS,
    CHANGE_PARTS,
    DEVIATIONS,
    GOALS,
    INDICATOR_VALUES,
    INTAKE_TROUBLES,
    METER_DAYS,
    SIGNATURE,
)
from config.domain.windows import Span, Window
from services.store.influxql import compile_influxql

TIME_FILTER = "$timeFilter"
MONTHS_BACK: Mapping[Span, int] = {
    Span.LAST_MONTH: 0,
    Span.ROLLING_YEAR: 11,  # twelve months are filed at the start of the first
    Span.SAME_MONTH: 12,
    Span.ROLLING_YEAR_BEFORE: 23,
}
"""On a monthly dashboard: how many months before the reader's the window begins."""
DAYS_A_MONTH = 365.25 / 12
AT_STARTS = (INDICATOR_VALUES, DEVIATIONS, BUILDINGS, METER_DAYS, INTAKE_TROUBLES, GOALS, SIGNATURE, CHANGE_PARTS)
SPARE = "3h"


def statement(
    query: PanelQuery,
    chosen: Sequence[tuple[str, str]],
    zone: str,
    *,
    fields: Sequence[str] = (),
    called: str = "value",
    beside: bool = False,
) -> str:
    """The InfluxQL that Grafana sends.

    Args:
        chosen: tag and pattern of the reader's choice.
        zone: that days follow, where the query groups by them.
        fields: those that a table of points shows; the number alone where none.
        called: what an aggregate's column is named.
        beside: the panel's time is the reader's month, and what is asked for stands at the start of it or of one before.
    """
    bounds = _month_filter(query.window) if beside else TIME_FILTER
    asked = replace(query.query, zone=zone)
    return compile_influxql(asked, time_filter=bounds, where_regex=chosen, fields=fields, called=called)


def time_override(window: Window, *, monthly: bool = False, at_starts: bool = False) -> tuple[str | None, str | None]:
    """Grafana's `timeFrom` and `timeShift`: `from` is counted back from now, then both ends are moved and rounded outwards.

    `0d/d` moves nothing and ends with the whole day, as our own windows do. On a monthly dashboard the month is the reader's
    choice of time; windows of several months are counted back from now all the same, since Grafana can reckon from nothing else.

    Args:
        at_starts: what is asked for stands at the starts of local days or months (`stands_at_starts`). Grafana rounds an
            override by the reader's own clock, whatever zone the dashboard has: a browser on UTC would begin an hour or two
            after the point, and an empty panel says that nothing deviates. So the window is moved back a little, which no other
            point is near enough to come in by.
    """
    time_from, time_shift = _override(window, monthly=monthly)
    return time_from, f"{time_shift}-{SPARE}" if at_starts and time_shift else time_shift


def stands_at_starts(query: PanelQuery) -> bool:
    """Whether the points that the query asks for lie at the start of a local day, month or year."""
    return query.query.series in AT_STARTS


def _override(window: Window, *, monthly: bool) -> tuple[str | None, str | None]:
    back = window.count - 1
    if monthly and window.span in MONTHS_BACK:
        months = MONTHS_BACK[window.span]
        return None, f"{months}M/M" if months else None
    match window.span:
        case Span.LAST_HOURS:
            return f"{window.count}h", None
        case Span.TODAY:
            return "now/d", "0d/d"
        case Span.SAME_WEEKDAY:
            return "now/d", "7d/d"
        case Span.DAYS:
            return _since(back, "d"), "0d/d"
        case Span.PAST_DAYS:
            return _since(back, "d"), "1d/d"
        case Span.MONTH:
            return "now/M", "0M/M"
        case Span.LAST_MONTH | Span.SAME_MONTH | Span.ROLLING_YEAR | Span.ROLLING_YEAR_BEFORE:
            return "now/M", f"{MONTHS_BACK[window.span] + 1}M/M"
        case Span.MONTHS:
            return _since(back, "M"), "1M/M"
        case Span.MONTHS_BEFORE:
            return _since(back, "M"), "13M/M"
        case Span.YEARS:
            return _since(back, "y"), "0y/y"
        case Span.AROUND:  # no override reaches ahead of now: the dashboard's own time does (`dashboards._time`)
            return None, None


def period(window: Window, *, monthly: bool = False) -> str:
    """The window in words."""
    count = window.count
    match window.span:
        case Span.LAST_HOURS:
            return f"senaste {count} timmarna" if count < 48 else f"senaste {count // 24} dygnen"
        case Span.TODAY:
            return "idag"
        case Span.SAME_WEEKDAY:
            return "samma veckodag förra veckan"
        case Span.DAYS:
            return f"senaste {count} dygnen, med idag" if count > 1 else "idag"
        case Span.PAST_DAYS:
            return f"de {count} senaste dygnen som är slut" if count > 1 else "igår"
        case Span.MONTH:
            return "månaden hittills"
        case Span.LAST_MONTH:
            return "månaden som är vald" if monthly else "förra månaden"
        case Span.SAME_MONTH:
            return "samma månad året före"
        case Span.ROLLING_YEAR:
            return "tolv månader till och med den valda" if monthly else "de tolv senaste månaderna som är slut"
        case Span.ROLLING_YEAR_BEFORE:
            return "tolv månader, ett år tidigare"
        case Span.MONTHS:
            return f"de {count} senaste månaderna som är slut"
        case Span.MONTHS_BEFORE:
            return f"samma {count} månader ett år tidigare"
        case Span.YEARS:
            return f"i år och {count - 1} år bakåt" if count > 1 else "i år"
        case Span.AROUND:
            return f"{count} år bakåt och framåt"


def _since(back: int, unit: str) -> str:
    return f"now-{back}{unit}/{unit}" if back else f"now/{unit}"


def _month_filter(window: Window) -> str:
    """Points that stand at the start of the month so many months before the reader's.

    InfluxQL cannot count in months, but month's starts lie at least 28 days apart, so half a month to either side of where the
    start is on average there is one and no other. Of the reader's own month too: by a clock behind ours it ends with our next.
    """
    first, last = (round(MONTHS_BACK[window.span] * DAYS_A_MONTH + beside) for beside in (14, -14))
    return f"time >= {_days_back(first)} AND time < {_days_back(last)}"


def _days_back(days: int) -> str:
    return f"${{__from}}ms {'-' if days >= 0 else '+'} {abs(days)}d"
