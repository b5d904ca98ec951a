"""indoor.yaml: within what the air of occupied rooms should be, and when they are occupied."""

from typing import Annotated

from pydantic import Field

from config.domain.factors import Mark
from config.domain.indoor import IndoorRange, IndoorRanges
from config.municipality.calendar import KindName
from config.municipality.entries import Entry, MarkLetter, Number, Slug, Words
from config.municipality.yaml_source import Keys, YamlSource

Celsius = Annotated[Number, Field(ge=5, le=40)]
Hour = Annotated[int, Field(ge=0, le=24)]


class RangeEntry(Entry):
    id: Slug
    kinds: tuple[KindName, ...] = ()
    """Kinds of building that it holds for; all that no other range names where not given."""
    lowest_c: Celsius
    """Of air temperature while occupied. [°C]"""
    highest_c: Celsius
    """Of air temperature while occupied. [°C]"""
    highest_co2_ppm: Annotated[Number, Field(ge=400, le=5000)] | None = None
    """Of carbon dioxide while occupied; not judged where not given. [ppm]"""
    first_hour: Hour
    """Local hour from which rooms are occupied, 7 for seven o'clock."""
    last_hour: Hour
    """Local hour at which they are left; 24 for midnight."""
    every_day: bool = False
    """Also on days off and closed days."""
    in_school_breaks: bool = False
    """Also in breaks, for kinds that follow the school years."""
    source: Words
    mark: MarkLetter
    example: bool = False
    note: str | None = None


class IndoorFile(Entry):
    """Ranges of occupied rooms."""

    note: str | None = None
    ranges: tuple[RangeEntry, ...] = ()
    """One for each sort of rooms; kinds of building without any are not judged."""


def indoor(source: YamlSource, file: IndoorFile) -> IndoorRanges:
    """The ranges; faults lie in the source."""
    named: dict[str, str] = {}
    seen: dict[str, int] = {}
    for index, entry in enumerate(file.ranges):
        path: Keys = ("ranges", index)
        if entry.id in seen:
            line = source.line(("ranges", seen[entry.id]))
            source.fault((*path, "id"), f"the same id as on line {line}", f"samma id som på rad {line}")
        seen.setdefault(entry.id, index)
        if entry.highest_c <= entry.lowest_c:
            source.fault((*path, "highest_c"), "must be above lowest_c", "måste ligga över lowest_c")
        if entry.last_hour <= entry.first_hour:
            source.fault((*path, "last_hour"), "must be after first_hour", "måste ligga efter first_hour")
        if entry.example and entry.mark is not Mark.UNVERIFIED:
            source.fault((*path, "mark"), "an invented range is marked U", "ett påhittat gränsvärde märks U")
        for kind in entry.kinds or ("",):
            if kind in named:
                what, what_sv = (kind, kind) if kind else ("all other kinds", "alla övriga slag")
                source.fault(
                    (*path, "kinds"),
                    f"{what} already have the range {named[kind]}; keep one",
                    f"{what_sv} har redan gränsen {named[kind]}; behåll en",
                )
            named.setdefault(kind, entry.id)
    return IndoorRanges(tuple(_range(entry) for entry in file.ranges))


def _range(entry: RangeEntry) -> IndoorRange:
    return IndoorRange(
        entry.id,
        frozenset(entry.kinds),
        entry.lowest_c,
        entry.highest_c,
        entry.highest_co2_ppm,
        (entry.first_hour, entry.last_hour),
        entry.every_day,
        entry.in_school_breaks,
        entry.source,
        entry.mark,
        entry.example,
    )
