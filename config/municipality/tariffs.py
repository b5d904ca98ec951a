"""tariffs.yaml: price lists as dated data, without VAT."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from config.domain.estate import Carrier
from config.domain.factors import Mark
from config.domain.periods import MONTHS_EN, MONTHS_SV
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from config.municipality.entries import Entry, MarkLetter, Number, Slug, Words
from config.municipality.yaml_source import Keys, YamlSource

Month = Annotated[int, Field(ge=1, le=12)]
Hour = Annotated[int, Field(ge=0, le=24)]

NEEDS: Mapping[ComponentKind, tuple[str, ...]] = {
    ComponentKind.PEAK_POWER: ("peaks",),
    ComponentKind.POWER_GROUP: ("from_kw", "fixed_sek"),
    ComponentKind.FUSE: ("fuse_a",),
    ComponentKind.REACTIVE: ("free_share",),
    ComponentKind.SPOT: ("area",),
}
ONLY: Mapping[str, frozenset[ComponentKind]] = {  # keys that another kind of component would silently leave unused
    "peaks": frozenset({ComponentKind.PEAK_POWER}),
    "peaks_on_different_days": frozenset({ComponentKind.PEAK_POWER}),
    "from_kw": frozenset({ComponentKind.POWER_GROUP}),
    "to_kw": frozenset({ComponentKind.POWER_GROUP}),
    "fixed_sek": frozenset({ComponentKind.POWER_GROUP}),
    "rolling_months": frozenset({ComponentKind.POWER_GROUP}),
    "mean_over_day": frozenset({ComponentKind.POWER_GROUP}),
    "fuse_a": frozenset({ComponentKind.FUSE}),
    "free_share": frozenset({ComponentKind.REACTIVE}),
    "area": frozenset({ComponentKind.SPOT}),
}


class ComponentEntry(Entry):
    kind: ComponentKind
    """fixed, subscribed_power, overuse, peak_power, power_group, fuse, energy, spot, reactive, flow or tax."""
    price: Annotated[Number, Field(ge=0)]
    """SEK without VAT per the kind's unit."""
    months: tuple[Month, ...] = ()
    """Calendar months it is charged in; all where not given."""
    weekdays_only: bool = False
    not_on_holidays: bool = False
    """Nor on public holidays and free eves."""
    hours: tuple[Hour, Hour] | None = None
    """Local hours it is counted in: first, and the one after the last; [22, 6] goes over midnight."""
    outside: bool = False
    """Counted when months, days and hours do not hold: the price of all other times."""
    peaks: Annotated[int, Field(ge=1, le=31)] | None = None
    """peak_power: how many of the highest hours are averaged."""
    peaks_on_different_days: bool = False
    from_kw: Annotated[Number, Field(ge=0)] | None = None
    """power_group: above this power."""
    to_kw: Annotated[Number, Field(gt=0)] | None = None
    """power_group: up to this power; not given in the last group."""
    fixed_sek: Annotated[Number, Field(ge=0)] | None = None
    """power_group: the group's fixed charge. [SEK/year]"""
    rolling_months: Annotated[int, Field(ge=1, le=12)] | None = None
    """power_group: the power is the highest of so many months, the billed one being the last; not given: the point states it."""
    mean_over_day: bool = False
    """power_group with rolling_months: the power is the mean of a day, not of an hour."""
    fuse_a: Annotated[int, Field(gt=0)] | None = None
    """fuse: its size. [A]"""
    free_share: Annotated[Number, Field(ge=0, le=1)] | None = None
    """reactive: share of the active power that is free."""
    area: Literal["SE1", "SE2", "SE3", "SE4"] | None = None
    """spot: the electricity area whose day-ahead price it is."""


class TariffEntry(Entry):
    id: Slug
    """The same for all periods of one price list."""
    name: Words
    carrier: Carrier
    supplier: Words
    valid_from: date
    valid_to: date | None = None
    """First day on which it no longer holds."""
    components: tuple[ComponentEntry, ...]
    source: Words
    mark: MarkLetter
    note: str | None = None
    example: bool = False


class TariffsFile(Entry):
    """Price lists with the days they hold."""

    note: str | None = None
    vat_share: Annotated[Number, Field(ge=0, le=1)] | None = None
    """0.25 for 25 %; prices here are without it."""
    tariffs: tuple[TariffEntry, ...] = ()


def tariffs(source: YamlSource, file: TariffsFile) -> Tariffs:
    """The tariffs; faults lie in the source."""
    by_id: dict[str, list[tuple[int, TariffEntry]]] = {}
    for index, entry in enumerate(file.tariffs):
        by_id.setdefault(entry.id, []).append((index, entry))
        path: Keys = ("tariffs", index)
        if entry.valid_to is not None and entry.valid_to <= entry.valid_from:
            source.fault((*path, "valid_to"), "must be after valid_from", "måste ligga efter valid_from")
        if entry.example and entry.mark is not Mark.UNVERIFIED:
            source.fault((*path, "mark"), "an invented price list is marked U", "en påhittad prislista märks U")
        for number, component in enumerate(entry.components):
            _check_component(source, (*path, "components", number), component)
        _check_lines(source, path, entry)
        _check_groups(source, path, entry)
    for entries in by_id.values():
        _check_succession(source, sorted(entries, key=lambda item: item[1].valid_from))
    return Tariffs(
        file.vat_share,
        tuple(
            Tariff(
                entry.id,
                entry.name,
                entry.carrier,
                entry.supplier,
                entry.valid_from,
                entry.valid_to,
                tuple(_component(component) for component in entry.components),
                entry.source,
                entry.mark,
                entry.note or "",
                entry.example,
            )
            for entry in file.tariffs
        ),
    )


def _component(entry: ComponentEntry) -> Component:
    return Component(**entry.model_dump(exclude={"area"}), area=entry.area or "")


def _check_succession(source: YamlSource, entries: Sequence[tuple[int, TariffEntry]]) -> None:
    """The periods of one price list, by their first day."""
    for (_, old), (index, new) in pairwise(entries):
        path: Keys = ("tariffs", index)
        if new.carrier is not old.carrier:
            source.fault(
                (*path, "carrier"),
                f"is {new.carrier}, from {old.valid_from} it was {old.carrier}; another carrier is another id",
                f"är {new.carrier}, från {old.valid_from} var det {old.carrier}; ett annat energislag har ett annat id",
            )
        if old.valid_to is None or new.valid_from < old.valid_to:
            source.fault(
                (*path, "valid_from"),
                f"overlaps the one from {old.valid_from}; end that one with valid_to",
                f"överlappar den från {old.valid_from}; avsluta den med valid_to",
            )
        elif old.valid_to < new.valid_from:
            last = new.valid_from - timedelta(days=1)
            source.fault(
                (*path, "valid_from"),
                f"no price from {old.valid_to} to {last}: costs of those days will be missing; enter the list of that time",
                f"inget pris från {old.valid_to} till {last}: de dagarnas kostnad kommer att saknas; för in den tidens prislista",
                warning=True,
            )


def _check_component(source: YamlSource, path: Keys, entry: ComponentEntry) -> None:
    for key in NEEDS.get(entry.kind, ()):
        if getattr(entry, key) is None:
            source.fault((*path, key), f"{entry.kind} needs it", f"{entry.kind} kräver det")
    for key, kinds in ONLY.items():
        if entry.kind not in kinds and getattr(entry, key) not in (None, False):
            source.fault(
                (*path, key),
                f"belongs to {', '.join(sorted(kinds))}, not to {entry.kind}; take it out",
                f"hör till {', '.join(sorted(kinds))}, inte till {entry.kind}; ta bort det",
            )
    if len(set(entry.months)) < len(entry.months):
        source.fault((*path, "months"), "a month is given twice; keep one", "en månad står två gånger; behåll en")
    if entry.hours is not None and entry.hours[0] == entry.hours[1]:
        source.fault(
            (*path, "hours"),
            "begin and end at the same hour; leave them out for all hours",
            "börjar och slutar samma timme; utelämna dem för alla timmar",
        )
    if entry.outside and not entry.months and not entry.weekdays_only and not entry.not_on_holidays and entry.hours is None:
        source.fault(
            (*path, "outside"),
            "outside of what? Give months, hours or weekdays_only as in the price that it completes",
            "utanför vad? Ange months, hours eller weekdays_only som i priset som det kompletterar",
        )
    if entry.mean_over_day and entry.rolling_months is None:
        source.fault((*path, "mean_over_day"), "needs rolling_months", "kräver rolling_months")


def _check_lines(source: YamlSource, path: Keys, entry: TariffEntry) -> None:
    """A price list prices something, each fuse once, and use in every month where it prices use by the month."""
    if not entry.components:
        source.fault(
            (*path, "components"),
            "a price list without a price; give its lines, or take it out",
            "en prislista utan pris; ange dess rader, eller ta bort den",
        )
    fuses: dict[int, int] = {}
    for number, component in enumerate(entry.components):
        if component.fuse_a is not None and component.fuse_a in fuses:
            line = source.line((*path, "components", fuses[component.fuse_a]))
            source.fault(
                (*path, "components", number, "fuse_a"),
                f"{component.fuse_a} A has a price on line {line} already; keep one",
                f"{component.fuse_a} A har redan ett pris på rad {line}; behåll ett",
            )
        if component.fuse_a is not None:
            fuses.setdefault(component.fuse_a, number)
    energy = [component for component in entry.components if component.kind is ComponentKind.ENERGY]
    priced = {month for component in energy for month in component.months}
    if energy and all(component.months and not component.outside for component in energy) and len(priced) < len(MONTHS_SV):
        lacking = [month for month in range(len(MONTHS_SV)) if month + 1 not in priced]
        source.fault(
            (*path, "components"),
            f"use in {', '.join(MONTHS_EN[month] for month in lacking)} costs nothing; if that is so, say it with price: 0",
            f"användning i {', '.join(MONTHS_SV[month] for month in lacking)} kostar inget; är det så, säg det med price: 0",
            warning=True,
        )


def _check_groups(source: YamlSource, path: Keys, entry: TariffEntry) -> None:
    """Power groups leave no power without a price and give none two."""
    groups = [(number, c) for number, c in enumerate(entry.components) if c.kind is ComponentKind.POWER_GROUP]
    groups.sort(key=lambda item: item[1].from_kw or 0.0)
    for (_, lower), (number, upper) in pairwise(groups):
        if lower.to_kw != upper.from_kw:
            source.fault(
                (*path, "components", number, "from_kw"),
                f"the group below ends at {lower.to_kw}; begin here at the same power",
                f"gruppen under slutar vid {lower.to_kw}; börja här vid samma effekt",
            )
    if groups:
        (lowest, first), (highest, last) = groups[0], groups[-1]
        if first.from_kw:
            source.fault(
                (*path, "components", lowest, "from_kw"),
                f"powers up to {first.from_kw:g} kW have no group: their costs will be missing; begin at 0 if it is theirs too",
                f"effekter upp till {first.from_kw:g} kW har ingen grupp: deras kostnad kommer att saknas; "
                "börja vid 0 om gruppen är deras också",
                warning=True,
            )
        if last.to_kw is not None:
            source.fault(
                (*path, "components", highest, "to_kw"),
                f"powers above {last.to_kw:g} kW have no group: their costs will be missing; leave to_kw out in the last group",
                f"effekter över {last.to_kw:g} kW har ingen grupp: deras kostnad kommer att saknas; utelämna dess to_kw",
                warning=True,
            )
