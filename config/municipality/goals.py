"""goals.yaml: what was decided, by whom, measured how, and the path to it; and what was looked for and not found."""

from collections.abc import Collection
from datetime import date
from typing import Annotated

from pydantic import Field

from config.domain.factors import Mark
from config.domain.goals import Goal, GoalGap, Goals, Level, Path
from config.municipality.entries import Entry, MarkLetter, Number, Slug, Words, Year
from config.municipality.faults import meant
from config.municipality.yaml_source import Keys, YamlSource


class KnownEntry(Entry):
    year: Year
    value: Number
    mark: MarkLetter


class GoalEntry(Entry):
    id: Slug
    level: Level
    owner: Words
    """Who answers for it: an owner's id, or a body in words."""
    text_sv: Words
    text_en: Words
    indicator: Words
    """What it is measured by."""
    unit: Words
    path: Path
    """linear; yearly_of_base or yearly_compound with yearly_change; none."""
    base_year: Year | None = None
    base_value: Number | None = None
    target_year: Year | None = None
    target_value: Number | None = None
    target_share: Annotated[Number, Field(ge=0)] | None = None
    """The target as a share of the base: 0.37 for −63 %."""
    yearly_change: Annotated[Number, Field(ge=-1, le=1)] | None = None
    """−0.164 for −16.4 % a year."""
    scope_sv: Words | None = None
    """What is left out, and what it may not be confused with."""
    scope_en: Words | None = None
    decided: date | None = None
    document: Words | None = None
    source: Words
    mark: MarkLetter
    known: tuple[KnownEntry, ...] = ()
    """Values on record."""
    own_yardstick: bool = False
    """Nobody has decided it for this municipality; shown as a comparison only."""
    note: str | None = None


class GoalGapEntry(Entry):
    text_sv: Words
    text_en: Words


class GoalsFile(Entry):
    """Goals with their paths."""

    note: str | None = None
    goals: tuple[GoalEntry, ...] = ()
    missing: tuple[GoalGapEntry, ...] = ()


def goals(source: YamlSource, file: GoalsFile, owners: Collection[str]) -> Goals:
    """The goals; faults lie in the source."""
    seen: dict[str, int] = {}
    read = []
    for index, entry in enumerate(file.goals):
        path: Keys = ("goals", index)
        if entry.id in seen:
            line = source.line(("goals", seen[entry.id]))
            source.fault((*path, "id"), f"the same id as on line {line}", f"samma id som på rad {line}")
        seen.setdefault(entry.id, index)
        _check(source, path, entry, owners)
        read.append(_goal(source, path, entry))
    return Goals(tuple(read), tuple(GoalGap(gap.text_sv, gap.text_en) for gap in file.missing))


def _check(source: YamlSource, path: Keys, entry: GoalEntry, owners: Collection[str]) -> None:
    if entry.level in (Level.MUNICIPALITY, Level.COMPANY) and " " not in entry.owner and entry.owner not in owners:
        out, out_sv = meant(entry.owner, owners)
        source.fault((*path, "owner"), f"no owner {entry.owner!r}; {out}", f"ägaren {entry.owner!r} finns inte; {out_sv}")
    if entry.base_year is not None and entry.target_year is not None and entry.target_year <= entry.base_year:
        source.fault((*path, "target_year"), "must be after base_year", "måste ligga efter base_year")
    yearly = entry.path in (Path.YEARLY_OF_BASE, Path.YEARLY_COMPOUND)
    if yearly and entry.yearly_change is None:
        source.fault((*path, "yearly_change"), f"path {entry.path} needs it", f"vägen {entry.path} kräver den")
    if entry.path is Path.LINEAR and entry.target_year is None:
        source.fault((*path, "target_year"), "a linear path needs it", "en linjär väg kräver det")
    if entry.path is Path.LINEAR and entry.target_value is None and entry.target_share is None:
        source.fault(
            (*path, "target_value"), "a linear path needs it, or target_share", "en linjär väg kräver det, eller target_share"
        )
    if entry.target_value is not None and entry.target_share is not None:
        source.fault(
            (*path, "target_share"), "give target_value or target_share, not both", "ange target_value eller target_share"
        )
    if entry.path is not Path.NONE and entry.base_year is None:
        source.fault((*path, "base_year"), f"path {entry.path} needs it", f"vägen {entry.path} kräver det")
    if any(source.marks.get((*path, key), False) for key in VALUES) and entry.mark is not Mark.UNVERIFIED:
        source.fault((*path, "mark"), "a goal with invented values is marked U", "ett mål med påhittade värden märks U")


VALUES = ("base_value", "target_value", "target_share", "yearly_change")


def _goal(source: YamlSource, path: Keys, entry: GoalEntry) -> Goal:
    return Goal(
        id=entry.id,
        level=entry.level,
        owner=entry.owner,
        text_sv=entry.text_sv,
        text_en=entry.text_en,
        indicator=entry.indicator,
        unit=entry.unit,
        path=entry.path,
        source=entry.source,
        mark=entry.mark,
        base_year=entry.base_year,
        base_value=entry.base_value,
        target_year=entry.target_year,
        target_value=entry.target_value,
        target_share=entry.target_share,
        yearly_change=entry.yearly_change,
        scope_sv=entry.scope_sv or "",
        scope_en=entry.scope_en or "",
        decided=entry.decided,
        document=entry.document or "",
        known={known.year: (known.value, known.mark) for known in entry.known},
        own_yardstick=entry.own_yardstick,
        example=frozenset(key for key in VALUES if source.marks.get((*path, key), False)),
    )
