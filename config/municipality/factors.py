"""factors.yaml: emission and weighting factors, each with year, perspective, source and mark; and those known to be lacking."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from config.domain.estate import BUILDING_KINDS, Carrier
from config.domain.factors import (
    Contract,
    EnergyMix,
    Evidence,
    Factor,
    FactorGap,
    Factors,
    HourlyFactor,
    Mark,
    NormalHotWater,
    Perspective,
    Purpose,
    Shares,
    Weighting,
)
from config.domain.indicators import Missing
from config.municipality.entries import Entry, MarkLetter, Number, Slug, Words, Year, known_kind
from config.municipality.hourly_factors import CsvName, hours_of
from config.municipality.yaml_source import Keys, YamlSource

ROUNDING = 0.0015  # published shares are rounded to hundredths of a per cent, or to tenths
KG = 1.0  # [g/kWh] below it a factor is likely written in kg
LAST_CANCELLED = (3, 31)  # guarantees of a year are cancelled by this day of the next one (Energimyndigheten, Ei)
EmissionUnit = Literal["g CO2/kWh", "g CO2e/kWh"]
Includes = tuple[Literal["combustion", "upstream", "life_cycle"], ...]


class SharesEntry(Entry):
    renewable: Annotated[Number, Field(ge=0, le=1)]
    recovered: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """Surplus heat; not renewable."""
    fossil: Annotated[Number, Field(ge=0, le=1)]
    """The plastics in burnt waste too."""
    other: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """Nuclear and unknown."""


class FactorEntry(Entry):
    id: Slug
    carrier: Carrier
    network: Words | None = None
    """District-heating network, electricity zone, or the supplier whose own mix it is; not given where it holds for all."""
    year: Year
    """The year it was measured in; the first of several."""
    last_year: Year | None = None
    """The last of several years that it is a mean of."""
    applies_from: Year | None = None
    """First year of use that it may be applied to; `year` where not given."""
    applies_to: Year | None = None
    """Last year of use; `last_year` where not given."""
    until_replaced: bool = False
    """May be applied to later years until a newer one is entered."""
    value: Annotated[Number, Field(ge=0)]
    unit: EmissionUnit
    biogenic: Annotated[Number, Field(ge=0)] | None = None
    """CO2 from burnt biomass, stated apart from `value`. [g CO2/kWh]"""
    perspective: Perspective
    purpose: Purpose = Purpose.REPORTING
    """Only reporting factors are used in figures."""
    includes: Includes
    source: Words
    mark: MarkLetter
    """V seen first-hand, S second-hand, D derived, U unverified."""
    published: date | None = None
    preliminary: bool = False
    shares: SharesEntry | None = None
    """The four sum to 1."""
    note: str | None = None
    example: bool = False


class MixEntry(Entry):
    id: Slug
    carrier: Carrier
    network: Words | None = None
    year: Year
    """The year it was measured in; the first of several."""
    last_year: Year | None = None
    """The last of several years that it is a mean of."""
    applies_from: Year | None = None
    """First year of use that it may be applied to; `year` where not given."""
    applies_to: Year | None = None
    """Last year of use; `last_year` where not given."""
    until_replaced: bool = False
    """May be applied to later years until a newer one is entered."""
    perspective: Perspective
    shares: SharesEntry
    """The four sum to 1."""
    source: Words
    mark: MarkLetter
    published: date | None = None
    preliminary: bool = False
    note: str | None = None
    example: bool = False


class HourlyEntry(Entry):
    id: Slug
    zone: Words
    """Electricity zone, as SE3."""
    file: CsvName
    """CSV in the same folder: time (UTC, full hours), value, and where known renewable, recovered, fossil, other."""
    unit: EmissionUnit
    perspective: Perspective
    includes: Includes
    source: Words
    mark: MarkLetter
    published: date | None = None
    note: str | None = None
    example: bool = False


class EvidenceEntry(Entry):
    year: Year
    share: Annotated[Number, Field(gt=0, le=1)] | None = None
    """Of the contract's use of the year that the cancelled guarantees cover; or give `kwh` and `of_kwh`. [0..1]"""
    kwh: Annotated[Number, Field(gt=0)] | None = None
    """What the cancelled guarantees cover. [kWh]"""
    of_kwh: Annotated[Number, Field(gt=0)] | None = None
    """The contract's whole use of the year, as invoiced. [kWh]"""
    origin: Words
    """What the guarantees are of, in words."""
    shares: SharesEntry
    """Of the covered part. The four sum to 1."""
    value: Annotated[Number, Field(ge=0)] | None = None
    """Emissions of the covered part; 0 where nothing of it is fossil."""
    unit: EmissionUnit = "g CO2e/kWh"
    cancelled: date
    """The day they were cancelled; 31 March of the next year at the latest."""
    document: Words
    """Where the evidence can be seen."""
    mark: MarkLetter
    note: str | None = None
    example: bool = False


class ContractEntry(Entry):
    id: Slug
    name: Words
    supplier: Words
    years: tuple[EvidenceEntry, ...] = ()
    """Evidence, year by year; a year without any is the residual mix."""
    note: str | None = None


class GapEntry(Entry):
    carrier: Carrier
    network: Words | None = None
    year: Year | None = None
    """Not given: every year."""
    perspective: Perspective | None = None
    reason_sv: Words
    """What is lacking and how to get it; shown in place of every figure that needs it."""
    reason_en: Words


class WeightingEntry(Entry):
    rule_set: Words
    carrier: Carrier
    value: Annotated[Number, Field(gt=0)]
    valid_from: date | None = None
    valid_to: date | None = None
    """First day on which it no longer holds."""
    source: Words
    mark: MarkLetter


class GeographicEntry(Entry):
    rule_set: Words
    value: Annotated[Number, Field(gt=0)]
    """Fgeo; divides heating only."""
    source: Words
    mark: MarkLetter


class HotWaterEntry(Entry):
    rule_set: Words
    kinds: tuple[
        Annotated[str, AfterValidator(known_kind), WithJsonSchema({"type": "string", "enum": list(BUILDING_KINDS)})], ...
    ]
    """Kinds of building that it holds for."""
    value: Annotated[Number, Field(ge=0)]
    """Where hot water is not measured apart. [kWh/m²,year]"""
    source: Words
    mark: MarkLetter


class FactorsFile(Entry):
    """Factors with their sources. What is not here is shown as missing, never as 0."""

    note: str | None = None
    factors: tuple[FactorEntry, ...] = ()
    mixes: tuple[MixEntry, ...] = ()
    """Where the energy comes from, where no emission factor says it."""
    hourly: tuple[HourlyEntry, ...] = ()
    """Emissions of electricity hour by hour."""
    contracts: tuple[ContractEntry, ...] = ()
    """Electricity contracts, with the guarantees of origin that were cancelled for them."""
    missing: tuple[GapEntry, ...] = ()
    weightings: tuple[WeightingEntry, ...] = ()
    geographic: tuple[GeographicEntry, ...] = ()
    hot_water: tuple[HotWaterEntry, ...] = ()
    """Normal hot water of building rule sets."""


def factors(source: YamlSource, file: FactorsFile, folder: Path | None = None) -> Factors:
    """The factors; faults lie in the source.

    Args:
        folder: where the files of hourly factors lie.
    """
    _check_ids(source, file)
    read = tuple(_factor(source, ("factors", index), entry) for index, entry in enumerate(file.factors))
    mixes = tuple(_mix(source, ("mixes", index), entry) for index, entry in enumerate(file.mixes))
    _check_overlaps(source, "factors", read)
    _check_overlaps(source, "mixes", mixes)
    _check_weightings(source, file.weightings)
    _check_hot_water(source, file.hot_water)
    geographic: dict[str, tuple[float, Mark]] = {}
    for index, item in enumerate(file.geographic):
        if item.rule_set in geographic:
            source.fault(("geographic", index, "rule_set"), "has one already; keep one", "har redan en; behåll en")
        geographic[item.rule_set] = (item.value, item.mark)
    return Factors(
        read,
        tuple(
            FactorGap(gap.carrier, gap.network or "", gap.year, gap.perspective, Missing(gap.reason_sv, gap.reason_en))
            for gap in file.missing
        ),
        tuple(Weighting(w.rule_set, w.carrier, w.value, w.valid_from, w.valid_to, w.source, w.mark) for w in file.weightings),
        geographic,
        mixes,
        _hourly(source, file.hourly, folder),
        {entry.id: _contract(source, ("contracts", index), entry) for index, entry in enumerate(file.contracts)},
        tuple(NormalHotWater(w.rule_set, frozenset(w.kinds), w.value, w.source, w.mark) for w in file.hot_water),
    )


def _check_ids(source: YamlSource, file: FactorsFile) -> None:
    """One name, one thing: a figure states by id what it stands on."""
    seen: dict[str, Keys] = {}
    lists: Sequence[tuple[str, Sequence[FactorEntry | MixEntry | HourlyEntry | ContractEntry]]] = (
        ("factors", file.factors),
        ("mixes", file.mixes),
        ("hourly", file.hourly),
        ("contracts", file.contracts),
    )
    for name, entries in lists:
        for index, entry in enumerate(entries):
            path: Keys = (name, index)
            if entry.id in seen:
                line = source.line(seen[entry.id])
                source.fault((*path, "id"), f"the same id as on line {line}", f"samma id som på rad {line}")
            seen.setdefault(entry.id, path)


def _check_overlaps(source: YamlSource, name: str, items: Sequence[Factor | EnergyMix]) -> None:
    """Of two for the same use it must be plain which counts: one measured after what held until replaced, or published later."""
    used = [(index, item) for index, item in enumerate(items) if item.purpose is Purpose.REPORTING]
    for (other, one), (at, two) in combinations(used, 2):
        old, new = sorted((one, two), key=lambda item: item.last_year)
        if (old.carrier, old.network, old.perspective) != (new.carrier, new.network, new.perspective):
            continue
        first, last = max(old.applies_from, new.applies_from), min(old.applies_to or 9999, new.applies_to or 9999)
        replaces = old.applies_to is None and old.last_year < new.last_year
        restates = old.published is not None and new.published is not None and old.published != new.published
        if last < first or replaces or restates or one.id == two.id:  # the same id twice is a fault of its own
            continue
        line = source.line((name, other))
        source.fault(
            (name, at),
            f"overlaps {one.id} (line {line}) in {first}; end one with applies_to, or give both published if one is a correction",
            f"överlappar {one.id} (rad {line}) år {first}; avsluta en med applies_to, eller ge båda published om en är rättad",
        )


def _check_weightings(source: YamlSource, weightings: Sequence[WeightingEntry]) -> None:
    for index, weight in enumerate(weightings):
        path: Keys = ("weightings", index)
        if weight.valid_from and weight.valid_to and weight.valid_to <= weight.valid_from:
            source.fault((*path, "valid_to"), "must be after valid_from", "måste ligga efter valid_from")
        for other, earlier in enumerate(weightings[:index]):
            if (
                (earlier.rule_set, earlier.carrier) == (weight.rule_set, weight.carrier)
                and (earlier.valid_to is None or weight.valid_from is None or weight.valid_from < earlier.valid_to)
                and (weight.valid_to is None or earlier.valid_from is None or earlier.valid_from < weight.valid_to)
            ):
                line = source.line(("weightings", other))
                source.fault(
                    path,
                    f"overlaps the one of the same rule set and carrier on line {line}; end that one with valid_to",
                    f"överlappar den för samma regelverk och energislag på rad {line}; avsluta den med valid_to",
                )


def _hourly(source: YamlSource, entries: Sequence[HourlyEntry], folder: Path | None) -> tuple[HourlyFactor, ...]:
    read: list[HourlyFactor] = []
    for index, entry in enumerate(entries):
        path: Keys = ("hourly", index)
        _check_invented(source, path, entry.example, entry.mark)
        found = hours_of(source, (*path, "file"), entry.file, folder)
        if found is None:
            continue
        hours, fingerprint = found
        for earlier in read:
            both = {hour.start for hour in earlier.hours} & {hour.start for hour in hours}
            if both and earlier.perspective is entry.perspective and earlier.published == entry.published:
                source.fault(
                    (*path, "file"),
                    f"{len(both)} hours are in {earlier.id} too, from {min(both):%Y-%m-%dT%H:%MZ}; "
                    "keep them in one, or give published",
                    f"{len(both)} timmar finns även i {earlier.id}, från {min(both):%Y-%m-%dT%H:%MZ}; "
                    "behåll dem i en, eller ange published",
                )
        read.append(
            HourlyFactor(
                entry.id,
                entry.zone,
                entry.unit,
                entry.perspective,
                entry.includes,
                entry.source,
                entry.mark,
                hours,
                fingerprint,
                entry.published,
                entry.note or "",
                entry.example,
            )
        )
    return tuple(read)


def _contract(source: YamlSource, path: Keys, entry: ContractEntry) -> Contract:
    years: dict[int, Evidence] = {}
    for index, given in enumerate(entry.years):
        here: Keys = (*path, "years", index)
        if given.year in years:
            source.fault((*here, "year"), "has evidence already; put it together", "har redan underlag; slå ihop dem")
        _check_invented(source, here, given.example, given.mark)
        shares = _shares(source, here, given.shares)
        if given.value is None and shares.fossil > 0:
            source.fault(
                (*here, "value"),
                "is missing: a part of it is fossil; give its emissions",
                "saknas: en del är fossil; ange utsläppen",
            )
        if given.cancelled < date(given.year, 1, 1):
            source.fault(
                (*here, "cancelled"),
                f"is before {given.year}: no guarantee of that year was there to cancel; correct the day or the year",
                f"är före {given.year}: då fanns ingen garanti för året att annullera; rätta dagen eller året",
            )
        latest = date(given.year + 1, *LAST_CANCELLED)
        if given.cancelled > latest:
            source.fault(
                (*here, "cancelled"),
                f"is after {latest}: such guarantees do not count for {given.year}; correct it or take the evidence out",
                f"är efter {latest}: sådana garantier gäller inte {given.year}; rätta dagen eller ta bort underlaget",
            )
        years[given.year] = Evidence(
            given.year,
            _covered(source, here, given),
            given.origin,
            shares,
            given.value or 0.0,
            given.unit,
            given.cancelled,
            given.document,
            given.mark,
            given.example,
        )
    return Contract(entry.id, entry.name, entry.supplier, years)


def _covered(source: YamlSource, path: Keys, entry: EvidenceEntry) -> float:
    """Share of the contract's use that the guarantees cover."""
    if entry.share is not None and entry.kwh is None and entry.of_kwh is None:
        return entry.share
    if entry.share is None and entry.kwh is not None and entry.of_kwh is not None:
        return min(1.0, entry.kwh / entry.of_kwh)
    source.fault(
        path,
        "give share, or kwh and of_kwh (the contract's whole use of the year)",
        "ange share, eller kwh och of_kwh (avtalets hela användning under året)",
    )
    return 0.0


def _years(source: YamlSource, path: Keys, entry: FactorEntry | MixEntry) -> tuple[int, int, int | None]:
    """Last year measured, first and last year of use."""
    last = entry.last_year if entry.last_year is not None else entry.year
    first_use = entry.applies_from if entry.applies_from is not None else entry.year
    last_use = None if entry.until_replaced else entry.applies_to if entry.applies_to is not None else last
    if entry.until_replaced and entry.applies_to is not None:
        source.fault((*path, "applies_to"), "contradicts until_replaced; keep one", "motsäger until_replaced; behåll en")
    if last < entry.year:
        source.fault((*path, "last_year"), "is before year", "ligger före year")
    if last_use is not None and last_use < first_use:
        source.fault((*path, "applies_to"), "is before the first year of use", "ligger före första användningsåret")
    if entry.published is not None and entry.published < date(entry.year, 1, 1):
        source.fault(
            (*path, "published"),
            f"is before {entry.year}, which was measured; correct one of them",
            f"är före {entry.year}, som mättes; rätta ett av dem",
        )
    if entry.carrier in (Carrier.DISTRICT_HEATING, Carrier.DISTRICT_COOLING) and entry.network is None:
        source.fault(
            (*path, "network"),
            "name the network: no two networks have the same factor",
            "ange nätet: inga två nät har samma faktor",
        )
    return last, first_use, last_use


def _check_hot_water(source: YamlSource, entries: Sequence[HotWaterEntry]) -> None:
    """A kind of building has one value under a rule set."""
    first: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(entries):
        for kind in dict.fromkeys(entry.kinds):
            if (entry.rule_set, kind) in first:
                line = source.line(("hot_water", first[entry.rule_set, kind]))
                source.fault(
                    ("hot_water", index, "kinds"),
                    f"{kind} has a value of {entry.rule_set} on line {line} already; keep one",
                    f"{kind} har redan ett värde enligt {entry.rule_set} på rad {line}; behåll ett",
                )
            first.setdefault((entry.rule_set, kind), index)


def _check_invented(source: YamlSource, path: Keys, invented: object, mark: Mark) -> None:
    if invented and mark is not Mark.UNVERIFIED:
        source.fault((*path, "mark"), "an invented value is marked U", "ett påhittat värde märks U")


def _shares(source: YamlSource, path: Keys, given: SharesEntry) -> Shares:
    """As given, brought to sum exactly 1 where they were rounded."""
    total = given.renewable + given.recovered + given.fossil + given.other
    if abs(total - 1) > ROUNDING:
        source.fault(
            (*path, "shares"),
            f"sum to {total:.4f}, not 1; put what is not known under other",
            f"har summan {total:.4f}, inte 1; lägg det som är okänt under other",
        )
        return Shares(given.renewable, given.recovered, given.fossil, given.other)
    return Shares(given.renewable / total, given.recovered / total, given.fossil / total, given.other / total)


def _mix(source: YamlSource, path: Keys, entry: MixEntry) -> EnergyMix:
    last, first_use, last_use = _years(source, path, entry)
    _check_invented(source, path, entry.example, entry.mark)
    return EnergyMix(
        entry.id,
        entry.carrier,
        entry.network or "",
        entry.year,
        last,
        first_use,
        last_use,
        _shares(source, path, entry.shares),
        entry.perspective,
        entry.source,
        entry.mark,
        entry.published,
        entry.preliminary,
        entry.note or "",
        entry.example,
    )


def _factor(source: YamlSource, path: Keys, entry: FactorEntry) -> Factor:
    last, first_use, last_use = _years(source, path, entry)
    invented = entry.example or source.marks.get((*path, "value"), False)
    _check_invented(source, path, invented, entry.mark)
    if 0 < entry.value < KG and entry.purpose is Purpose.REPORTING:
        source.fault(
            (*path, "value"),
            f"{entry.value:g} g/kWh is very little: is it in kg? Then write {entry.value * 1000:g}",
            f"{entry.value:g} g/kWh är mycket litet: står det i kg? Skriv då {entry.value * 1000:g}",
            warning=True,
        )
    return Factor(
        id=entry.id,
        carrier=entry.carrier,
        network=entry.network or "",
        first_year=entry.year,
        last_year=last,
        applies_from=first_use,
        applies_to=last_use,
        value=entry.value,
        unit=entry.unit,
        perspective=entry.perspective,
        purpose=entry.purpose,
        includes=entry.includes,
        source=entry.source,
        mark=entry.mark,
        published=entry.published,
        preliminary=entry.preliminary,
        shares=None if entry.shares is None else _shares(source, path, entry.shares),
        note=entry.note or "",
        example=invented,
        biogenic=entry.biogenic,
    )
