"""tariffs.yaml: price lists as dated data, without VAT."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from config.domain.estate import Carrier
from config.domain.factors import Mark
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
}


class ComponentEntry(Entry):
    kind: ComponentKind
    """fixed, subscribed_power, overuse, peak_power, power_group, fuse, energy, reactive, flow or tax."""
    price: Annotated[Number, Field(ge=0)]
    """SEK without VAT per the kind's unit."""
    months: tuple[Month, ...] = ()
    """Calendar months it is charged in; all where not given."""
    weekdays_only: bool = False
    hours: tuple[Hour, Hour] | None = None
    """Local hours it is counted in: first, and the one after the last."""
    peaks: Annotated[int, Field(ge=1, le=31)] | None = None
    """peak_power: how many of the highest hours are averaged."""
    peaks_on_different_days: bool = False
    from_kw: Annotated[Number, Field(ge=0)] | None = None
    """power_group: above this power."""
    to_kw: Annotated[Number, Field(gt=0)] | None = None
    """power_group: up to this power; not given in the last group."""
    fixed_sek: Annotated[Number, Field(ge=0)] | None = None
    """power_group: the group's fixed charge. [SEK/year]"""
    fuse_a: Annotated[int, Field(gt=0)] | None = None
    """fuse: its size. [A]"""
    free_share: Annotated[Number, Field(ge=0, le=1)] | None = None
    """reactive: share of the active power that is free."""


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
            for key in NEEDS.get(component.kind, ()):
                if getattr(component, key) is None:
                    source.fault((*path, "components", number, key), f"{component.kind} needs it", f"{component.kind} kräver det")
        _check_groups(source, path, entry)
    for entries in by_id.values():
        for (_, old), (index, new) in pairwise(sorted(entries, key=lambda item: item[1].valid_from)):
            if old.valid_to is None or new.valid_from < old.valid_to:
                source.fault(
                    ("tariffs", index, "valid_from"),
                    f"overlaps the one from {old.valid_from}; end that one with valid_to",
                    f"överlappar den från {old.valid_from}; avsluta den med valid_to",
                )
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
                tuple(Component(**component.model_dump()) for component in entry.components),
                entry.source,
                entry.mark,
                entry.note or "",
                entry.example,
            )
            for entry in file.tariffs
        ),
    )


def _check_groups(source: YamlSource, path: Keys, entry: TariffEntry) -> None:
    """Power groups leave no power without a price and give none two."""
    groups = [(number, c) for number, c in enumerate(entry.components) if c.kind is ComponentKind.POWER_GROUP]
    for (_, lower), (number, upper) in pairwise(sorted(groups, key=lambda item: item[1].from_kw or 0.0)):
        if lower.to_kw != upper.from_kw:
            source.fault(
                (*path, "components", number, "from_kw"),
                f"the group below ends at {lower.to_kw}; begin here at the same power",
                f"gruppen under slutar vid {lower.to_kw}; börja här vid samma effekt",
            )
