"""What a metering point is billed by: its price lists and what is agreed with the supplier, each from a day or always."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field

from config.domain.estate import Agreed
from config.domain.tariffs import Tariffs
from config.municipality.entries import Entry, Number, Slug
from config.municipality.faults import meant
from config.municipality.yaml_source import Keys, YamlSource

Term = TypeVar("Term")


class Dated(Entry):
    """From one day to another; always where no day is given."""

    valid_from: date | None = None
    valid_to: date | None = None
    """First day on which it no longer holds."""


class PriceListEntry(Dated):
    id: Slug
    """The price list's id in tariffs.yaml."""


class PowerEntry(Dated):
    value: Annotated[Number, Field(gt=0)]
    """Power. [kW]"""


class FuseEntry(Dated):
    value: Annotated[int, Field(gt=0)]
    """Size of the main fuse. [A]"""


def _price_lists(given: object) -> object:
    """ "elnat" is short for its mapping."""
    return [{"id": item} if isinstance(item, str) else item for item in given] if isinstance(given, list) else given


def _always(given: object) -> object:
    """A value alone holds always."""
    return [{"value": given}] if isinstance(given, str) else given


PriceLists = Annotated[tuple[PriceListEntry, ...], BeforeValidator(_price_lists)]
Powers = Annotated[tuple[PowerEntry, ...], BeforeValidator(_always)]
Fuses = Annotated[tuple[FuseEntry, ...], BeforeValidator(_always)]
ALWAYS = ("subscribed_kw", "fuse_a", "heat_power_kw")


def agreed(entries: Sequence[Any], key: str) -> tuple[Agreed[Any], ...]:
    """The terms, `key` being the entry's own value."""
    return tuple(Agreed(getattr(entry, key), entry.valid_from, entry.valid_to) for entry in entries)


def check_terms(source: YamlSource, path: Keys, entry: Any) -> None:
    """A point is billed by each list once a day, and has one power and one fuse. Faults lie in the source."""
    lists: dict[str, list[tuple[int, Dated]]] = {}
    for number, item in enumerate(entry.tariffs):
        lists.setdefault(item.id, []).append((number, item))
    for items in lists.values():
        _check_dates(source, (*path, "tariffs"), items)
    for key in ALWAYS:
        _check_dates(source, (*path, key), list(enumerate(getattr(entry, key))))


def _check_dates(source: YamlSource, path: Keys, items: Sequence[tuple[int, Dated]]) -> None:
    for number, item in items:
        if item.valid_from is not None and item.valid_to is not None and item.valid_to <= item.valid_from:
            source.fault((*path, number, "valid_to"), "must be after valid_from", "måste ligga efter valid_from")
    in_order = sorted(items, key=lambda one: one[1].valid_from or date.min)
    for (first, old), (number, new) in pairwise(in_order):
        if (old.valid_to or date.max) > (new.valid_from or date.min):
            line = source.line((*path, first))
            source.fault(
                (*path, number),
                f"overlaps the one on line {line}; end that one with valid_to",
                f"överlappar den på rad {line}; avsluta den med valid_to",
            )


def check_price_lists(source: YamlSource, buildings: Sequence[Any], tariffs: Tariffs) -> None:
    """Every list that a point names must be there, and be of what the point measures."""
    carriers = {item.id: item.carrier for item in tariffs.tariffs}
    for index, building in enumerate(buildings):
        for place, point in enumerate(building.points):
            for number, item in enumerate(point.tariffs):
                path: Keys = ("buildings", index, "points", place, "tariffs", number)
                if item.id not in carriers:
                    out, out_sv = meant(item.id, carriers)
                    source.fault(
                        path,
                        f"no price list {item.id!r} in tariffs.yaml; {out}",
                        f"prislistan {item.id!r} finns inte i tariffs.yaml; {out_sv}",
                    )
                elif carriers[item.id] is not point.carrier:
                    source.fault(
                        path,
                        f"{item.id} prices {carriers[item.id]}, the point measures {point.carrier}; name another list",
                        f"{item.id} gäller {carriers[item.id]}, mätpunkten mäter {point.carrier}; ange en annan prislista",
                    )
