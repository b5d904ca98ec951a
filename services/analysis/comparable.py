"""Whether the same of a building was measured throughout, so that its figures may be compared. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from config.domain.estate import Carrier, Direction, Installation, MeteringPoint, Portfolio

EXCHANGE = timedelta(days=31)  # for so long of two years a point may be without a meter and is the same still


def is_comparable(portfolio: Portfolio, points: Iterable[MeteringPoint], start: datetime, end: datetime) -> bool:
    """Whether the same of a building with these points is measured from `start` to `end`.

    Of each carrier and direction as many main points must have a meter all the time, but for the days of an exchange: a building
    with a new point measures something else, and one point in another's place does not.
    """
    kinds: dict[tuple[Carrier, Direction], list[Installation]] = {}
    for point in points:
        if point.parent is None and point.carrier is not Carrier.WATER:
            within = [item for item in portfolio.installations_of[point.id] if item.start < end and (item.end or end) > start]
            kinds.setdefault((point.carrier, point.direction), []).extend(within)
    measured = [installations for installations in kinds.values() if installations]
    return bool(measured) and all(_is_steady(installations, start, end) for installations in measured)


def _is_steady(installations: Sequence[Installation], start: datetime, end: datetime) -> bool:
    spans = [(max(item.start, start), min(item.end or end, end)) for item in installations]
    usual = round(sum((until - since for since, until in spans), timedelta()) / (end - start))
    edges = sorted({start, end, *(edge for span in spans for edge in span)})
    odd = timedelta()
    for since, until in pairwise(edges):
        odd += abs(usual - sum(first <= since and until <= last for first, last in spans)) * (until - since)
    return usual > 0 and odd <= EXCHANGE
