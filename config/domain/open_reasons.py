"""Why a figure is missing, as anybody may read it. Pure.

A reason is written for those who look after the buildings: it names whose input is lacking, and what of it. Of a group, whatever
it says is of some building that need not be public, so anybody is told the kind of lack alone. Of a public building it stays
as it is, unless it names something that is not open: a building, a metering point, a meter, an owner of no public building.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from config.domain.estate import Portfolio
from config.domain.indicators import SubjectKind

Words = tuple[str, str]  # Swedish, English

SAID_OF_ONE: dict[str, Words] = {
    "input": ("En uppgift som siffran behöver saknas.", "Something that the figure needs is missing."),
    "coverage": ("För få av periodens timmar är kända.", "Too few of the period's hours are known."),
    "": ("Underlaget räcker inte till en siffra.", "What is known is not enough for a figure."),
}
SAID_OF_MANY: dict[str, Words] = {
    "input": (
        "En uppgift som siffran behöver saknas för någon av byggnaderna.",
        "Something that the figure needs is missing of one of the buildings.",
    ),
    "coverage": (
        "För få av byggnadernas timmar i perioden är kända.",
        "Too few of the buildings' hours in the period are known.",
    ),
    "": ("Byggnadernas underlag räcker inte till en siffra.", "What is known of the buildings is not enough for a figure."),
}
OF_ONE = frozenset({"", SubjectKind.BUILDING.value, SubjectKind.POINT.value})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class OpenReasons:
    """What anybody may read, of one portfolio."""

    portfolio: Portfolio

    def reason(self, words: Words, subject_kind: str = "", lacks: str = "") -> Words:
        """What is said of it to anybody; ("", "") where nothing is missing.

        Args:
            subject_kind: of the figure; "" of what is no published figure.
            lacks: as the series of published figures says: coverage or input; "" where it is not known.
        """
        if not any(words):
            return words
        if subject_kind not in OF_ONE:
            return SAID_OF_MANY.get(lacks, SAID_OF_MANY[""])
        return SAID_OF_ONE.get(lacks, SAID_OF_ONE[""]) if any(map(self.names, words)) else words

    def names(self, text: str) -> bool:
        """Whether the text names something that is not open, by id or name, also in the genitive (an s after it)."""
        folded = text.casefold()
        for found in _WORD.finditer(folded):
            word = found[0]
            for name in (*self._shut.get(word, ()), *self._shut.get(word.removesuffix("s"), ())):
                if folded.startswith(name, found.start()) and _ends(folded[found.start() + len(name) :]):
                    return True
        return False

    @cached_property
    def _shut(self) -> dict[str, tuple[str, ...]]:
        """First word → ids and names that begin with it, folded: a portfolio has ten thousand of them."""
        table: dict[str, dict[str, None]] = {}
        for name in self._not_open():
            first = _WORD.search(folded := name.casefold())
            if first is not None:
                table.setdefault(first[0], {})[folded[first.start() :]] = None
        return {word: tuple(names) for word, names in table.items()}

    def _not_open(self) -> Iterator[str]:
        """Names of points are left out: one is called what many are ("El"), and stands beside its building's or its own id."""
        portfolio = self.portfolio
        public = {building.id for building in portfolio.buildings.values() if building.public}
        for building in portfolio.buildings.values():
            if building.id not in public:
                yield from (building.id, building.name)
        open_points = {point.id for point in portfolio.points.values() if point.public and point.building in public}
        yield from (point for point in portfolio.points if point not in open_points)
        open_meters = {each.meter for each in portfolio.installations if each.point in open_points}
        for meter in portfolio.meters.values():
            if meter.id not in open_meters:
                yield from (meter.id, meter.device)
        owners = {building.owner for building in portfolio.buildings.values() if building.public}
        for owner in portfolio.owners.values():
            if owner.id not in owners:
                yield from (owner.id, owner.name)


def _ends(rest: str) -> bool:
    """Whether a name ends where the rest of its text begins."""
    rest = rest.removeprefix("s") if not rest[1:2].isalnum() else rest
    return not rest[:1].isalnum()


_latest: list[OpenReasons] = []


def open_reasons(portfolio: Portfolio) -> OpenReasons:
    """Of that portfolio; the same one while it stays, since an open page asks with every question."""
    if not _latest or _latest[0].portfolio is not portfolio:
        _latest[:] = [OpenReasons(portfolio)]
    return _latest[0]
