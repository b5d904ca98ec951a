"""Settling with just the readings that the hours depend on: near them first, then around what those make suspicious. Pure.

What `read` gives decides; nothing else is asked. The hours come out with the same bits as from all readings there are.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import polars as pl

from config.domain.estate import Installation, MeteringPoint
from config.domain.intervals import ExchangeDecision
from services.settlement.reach import HISTORY, REACH, HourSpan
from services.settlement.settlement import Settlement, settle

_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def settle_gathered(
    point: MeteringPoint,
    installations: Sequence[Installation],
    read: Callable[[datetime, datetime], pl.DataFrame],
    start: datetime,
    end: datetime,
    confirmed: Sequence[ExchangeDecision] = (),
    remembered: Sequence[HourSpan] = (),
) -> Settlement:
    """As `settle`, with the readings that it needs.

    Args:
        read: readings (the columns of `settle`) from one instant until another, and the one before and the one after them.
        remembered: spots of earlier settlements that last (`HourSpan.lasts`): another unit, a sign. Those that begin after the
            window do not matter.
    """
    spans = [(start - REACH, end + REACH)]
    spans += [needed(spot) for spot in remembered if spot.lasts and spot.start <= end]
    spans = _joined(spans)
    readings = [read(*span) for span in spans]
    while True:
        result = settle(point, installations, _once(readings), start, end, confirmed)
        wider = _joined([*spans, *(needed(spot) for spot in result.looked_back)])
        if wider == spans:
            return result
        readings = [read(*span) for span in wider]
        spans = wider


def needed(spot: HourSpan) -> Span:
    """The time whose readings a judgement at the spot depends on: its history, and what those readings themselves reach."""
    first = spot.start.replace(hour=0, minute=0, second=0, microsecond=0)
    last = spot.end.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    return first - HISTORY - REACH, last + HISTORY + REACH


def _joined(spans: Iterable[Span]) -> list[Span]:
    """By start, those made one that overlap or touch."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined


def _once(readings: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return readings[0] if len(readings) == 1 else pl.concat(readings).unique(maintain_order=True)
