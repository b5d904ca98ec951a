"""What goals.yaml may not say: targets before their base, values that contradict each other, units that do not fit, overlaps."""

from collections.abc import Collection
from datetime import date
from itertools import combinations

from config.domain.estate import BUILDING_KINDS
from config.domain.factors import Mark
from config.domain.goals import Better, Level, Path
from config.domain.indicators import INDICATORS
from config.domain.quantities import UNITS
from config.municipality.faults import meant
from config.municipality.goal_entries import GoalEntry, GoalsFile
from config.municipality.yaml_source import Keys, YamlSource

LARGEST_SHARE = 10.0  # of the base; above it per cent were likely meant
VALUES = ("base_value", "target_value", "target_share", "yearly_change")  # those that may be marked as invented


def check_goal(source: YamlSource, path: Keys, entry: GoalEntry, owners: Collection[str]) -> None:
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
    if entry.target_share is not None and entry.target_share > LARGEST_SHARE:
        source.fault(
            (*path, "target_share"),
            f"is {entry.target_share:g} times the base; write {entry.target_share / 100:g} for {entry.target_share:g} %, "
            "or give target_value",
            f"är {entry.target_share:g} gånger basen; skriv {entry.target_share / 100:g} för {entry.target_share:g} %, "
            "eller ange target_value",
        )
    if entry.target_share is not None and entry.base_value == 0:
        source.fault(
            (*path, "base_value"),
            "of 0 has no shares; correct it, or give target_value",
            "som är 0 har inga andelar; rätta det, eller ange target_value",
        )
    if entry.path is not Path.NONE and entry.base_year is None:
        source.fault((*path, "base_year"), f"path {entry.path} needs it", f"vägen {entry.path} kräver det")
    if any(source.marks.get((*path, key), False) for key in VALUES) and entry.mark is not Mark.UNVERIFIED:
        source.fault((*path, "mark"), "a goal with invented values is marked U", "ett mål med påhittade värden märks U")


def check_values(source: YamlSource, path: Keys, entry: GoalEntry) -> None:
    """Values on record, and the direction that they show."""
    first: dict[int, int] = {}
    for index, known in enumerate(entry.known):
        if known.year in first:
            line = source.line((*path, "known", first[known.year]))
            source.fault(
                (*path, "known", index, "year"),
                f"{known.year} has a value on line {line} already; keep one of them",
                f"{known.year} har redan ett värde på rad {line}; behåll ett av dem",
            )
        first.setdefault(known.year, index)
        if known.year == entry.base_year and entry.base_value is not None and known.value != entry.base_value:
            source.fault(
                (*path, "known", index, "value"),
                f"{known.value:g} is not the base_value of the same year, {entry.base_value:g}; mend one of them",
                f"{known.value:g} är inte samma års base_value, {entry.base_value:g}; rätta ett av dem",
            )
    if entry.better is not None:
        shown = _shown_direction(entry)
        if shown is not None and shown is not entry.better:
            source.fault(
                (*path, "better"),
                f"base, target and yearly change say {shown}; mend them or leave it out",
                f"bas, mål och årlig förändring säger {shown}; rätta dem eller utelämna den",
            )
    if entry.valid_from is not None and entry.valid_to is not None and entry.valid_to <= entry.valid_from:
        source.fault((*path, "valid_to"), "must be after valid_from", "måste ligga efter valid_from")


def _shown_direction(entry: GoalEntry) -> Better | None:
    """Which way the numbers go; None where they show none."""
    if entry.yearly_change:
        return Better.LOWER if entry.yearly_change < 0 else Better.HIGHER
    if entry.target_share is not None and entry.target_share != 1:
        return Better.LOWER if entry.target_share < 1 else Better.HIGHER
    if entry.target_value is None or entry.base_value is None or entry.target_value == entry.base_value:
        return None
    return Better.LOWER if entry.target_value < entry.base_value else Better.HIGHER


def check_measured(
    source: YamlSource, path: Keys, entry: GoalEntry, owners: Collection[str], buildings: Collection[str] | None
) -> float:
    """The goal's units in one of the indicator's; 1 where no indicator feeds it or their units do not fit."""
    measured = entry.measured_by
    if measured is None:
        return 1.0
    kind, where = measured.subject_kind, (*path, "measured_by", "subject")
    known = {"owner": owners, "building": buildings, "building_kind": BUILDING_KINDS.keys()}.get(kind)
    if kind == "portfolio":
        if measured.subject is not None:
            source.fault(where, "the portfolio is one; leave it out", "portföljen är en; utelämna det")
    elif measured.subject is None:
        source.fault(where, f"subject_kind {kind} needs it", f"subject_kind {kind} kräver det")
    elif known is not None and measured.subject not in known:
        out, out_sv = meant(measured.subject, known)
        source.fault(where, f"no {kind} {measured.subject!r}; {out}", f"{measured.subject!r} finns inte; {out_sv}")
    given = INDICATORS[measured.indicator].unit
    scale = unit_scale(given, entry.unit)
    if scale is None:
        source.fault(
            (*path, "unit"),
            f"{entry.unit!r} cannot be made of {measured.indicator}'s {given!r}; give the goal in it, or another indicator",
            f"{entry.unit!r} kan inte fås ur {measured.indicator}, som är i {given!r}; ange målet i den, eller byt indikator",
        )
        return 1.0
    return scale


def unit_scale(given: str, wanted: str) -> float | None:
    """Units of `wanted` in one of `given`; None where one is not the other. A "/år" of what is of a year anyway is no unit."""
    one, other = _plain_unit(given), _plain_unit(wanted)
    if one == other:
        return 1.0
    here, there = UNITS.get(one), UNITS.get(other)
    return None if here is None or there is None or here.dimension != there.dimension else here.factor / there.factor


def _plain_unit(unit: str) -> str:
    plain = unit.replace("²", "2").replace("³", "3").removesuffix("/år").removesuffix(",år").strip()
    return "1" if plain == "andel" else plain


def check_succession(source: YamlSource, file: GoalsFile, known: Collection[str]) -> None:
    """A goal that follows another begins where that one ends; the same figure never has two decided goals on one day."""
    for index, entry in enumerate(file.goals):
        if entry.supersedes is not None and (entry.supersedes not in known or entry.supersedes == entry.id):
            out, out_sv = meant(entry.supersedes, [name for name in known if name != entry.id])
            where: Keys = ("goals", index, "supersedes")
            source.fault(where, f"no goal {entry.supersedes!r}; {out}", f"målet {entry.supersedes!r} finns inte; {out_sv}")
    for (one, early), (other, late) in combinations(enumerate(file.goals), 2):
        linked = early.id == late.supersedes or late.id == early.supersedes
        alike = (early.owner, early.indicator, early.unit) == (late.owner, late.indicator, late.unit)
        dated = all(entry.valid_from is not None or entry.valid_to is not None for entry in (early, late))
        if not linked and not (alike and dated):
            continue
        if early.id == late.supersedes:
            later, earlier = (other, late), (one, early)
        elif late.id == early.supersedes or (early.valid_from or date.min) > (late.valid_from or date.min):
            later, earlier = (one, early), (other, late)
        else:
            later, earlier = (other, late), (one, early)
        if (earlier[1].valid_to or date.max) > (later[1].valid_from or date.min):
            line = source.line(("goals", earlier[0]))
            begins = later[1].valid_from or "when this one begins"
            borjar = later[1].valid_from or "när detta börjar"
            source.fault(
                ("goals", later[0], "valid_from"),
                f"overlaps {earlier[1].id} on line {line}; give that one valid_to: {begins}",
                f"överlappar {earlier[1].id} på rad {line}; ge det valid_to: {borjar}",
            )
