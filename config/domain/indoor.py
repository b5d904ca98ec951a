"""Within what the air of occupied rooms should be: dated by nobody but the municipality, for kinds of building and hours."""

from dataclasses import dataclass

from config.domain.factors import Mark


@dataclass(frozen=True, slots=True)
class IndoorRange:
    """What holds in rooms of some kinds of building while people are there.

    Attributes:
        kinds: kinds of building; all that no other range names where empty.
        lowest_c, highest_c: of air temperature. [°C]
        highest_co2_ppm: of carbon dioxide; None where none is set. [ppm]
        hours: local hours of the day that rooms are occupied, first and the one after the last.
        every_day: also on Saturdays, Sundays, holidays and closed days; care homes.
        in_school_breaks: also then, for kinds of building that follow the school years.
    """

    id: str
    kinds: frozenset[str]
    lowest_c: float
    highest_c: float
    highest_co2_ppm: float | None
    hours: tuple[int, int]
    every_day: bool
    in_school_breaks: bool
    source: str
    mark: Mark
    example: bool = False


@dataclass(frozen=True, slots=True)
class IndoorRanges:
    """All ranges of a municipality."""

    ranges: tuple[IndoorRange, ...] = ()

    def of(self, kind: str) -> IndoorRange | None:
        """The range of a kind of building: its own, else the one for all others."""
        own = (item for item in self.ranges if kind in item.kinds)
        others = (item for item in self.ranges if not item.kinds)
        return next(own, next(others, None))
