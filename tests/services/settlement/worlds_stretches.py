"""The stretches between a world's good readings, and what each does to the hours that it touches."""

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np

from tests.services.settlement.worlds_drafts import Draft
from tests.services.settlement.worlds_loads import HOUR, Vector

NEIGHBOURS = 3900  # good readings no further apart know the hour


class Kind(IntEnum):
    """What a stretch between two knots does to its hours; the larger one wins."""

    PLAIN = 0
    LOST = 1  # some readings are lacking, the hour is still known
    SPREAD = 2
    BROKEN = 3  # no difference over a few minutes
    HALF = 4  # no difference over about half an hour
    UNKNOWN = 5


@dataclass(frozen=True)
class Stretch:
    start: float
    end: float
    kind: Kind


def edges_of(draft: Draft) -> Vector:
    """Whole hours from the window's first instant to its last."""
    return np.arange(draft.start, draft.end + 1, HOUR, dtype=float)


def knots_of(draft: Draft) -> list[tuple[float, bool]]:
    """(instant, broken off before it)."""
    read = {float(event.at): event.broken for event in draft.events if event.good and not event.lost}
    read.update({float(instant): False for instant in draft.noted})
    return sorted(read.items())


def stretches_of(draft: Draft) -> list[Stretch]:
    """What lies between the knots, and before and after them."""
    knots = knots_of(draft)
    found = [Stretch(a, b, _kind(draft, b - a, broken)) for (a, _), (b, broken) in pairwise(knots)]
    if not knots:
        return [Stretch(draft.start, draft.end, Kind.UNKNOWN)]
    if draft.interval is None:
        return found
    before = [Stretch(draft.start, knots[0][0], Kind.UNKNOWN)] if knots[0][0] > draft.start else []
    after = [Stretch(knots[-1][0], draft.end, Kind.UNKNOWN)] if knots[-1][0] < draft.end else []
    return before + found + after


def _kind(draft: Draft, length: float, broken: bool) -> Kind:
    if broken:
        return Kind.BROKEN if length <= 1200 else Kind.HALF if length <= 2000 else Kind.UNKNOWN
    if draft.interval is None or length <= min(1.5 * draft.interval, NEIGHBOURS):
        return Kind.PLAIN
    return Kind.LOST if length <= NEIGHBOURS else Kind.SPREAD


def even_of(draft: Draft) -> Vector:
    """The energy at each hour's edge, even between knots."""
    knots = [instant for instant, _ in knots_of(draft)] or [float(draft.start)]
    return np.interp(edges_of(draft), knots, draft.load.energy(knots))


def off_of(draft: Draft, stretches: list[Stretch]) -> Vector:
    """What reading an hour's edge between two neighbours costs; nothing where no neighbours know it."""
    edges = edges_of(draft)
    off = np.abs(even_of(draft) - draft.load.energy(edges))
    for item in stretches:
        if item.kind is Kind.UNKNOWN:
            off[(edges >= item.start) & (edges <= item.end)] = 0.0
    return off
