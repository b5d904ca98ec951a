"""When a meter has been quiet for too long: one rule for every screen."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from config.domain.estate import Portfolio

FACTOR = 3  # a meter may skip two messages
LEAST = timedelta(minutes=5)  # no alarm for a meter that reports every ten seconds
UNKNOWN = timedelta(hours=24)  # of a meter that reports on change


def silent_after(intervals: Iterable[int | None]) -> timedelta:
    """How long a meter may be quiet whose points have agreed to these intervals [s], or to none: three times the longest."""
    agreed = [seconds for seconds in intervals if seconds is not None]
    return max(LEAST, FACTOR * timedelta(seconds=max(agreed))) if agreed else UNKNOWN


def allowed_silence(portfolio: Portfolio, at: datetime) -> dict[str, timedelta]:
    """Meter → how long it may be quiet, of the meters that are installed at the instant."""
    intervals: dict[str, list[int | None]] = {}
    for each in portfolio.installations:
        if each.start <= at and (each.end is None or at < each.end):
            intervals.setdefault(each.meter, []).append(portfolio.points[each.point].interval_s)
    return {meter: silent_after(agreed) for meter, agreed in intervals.items()}
