"""factors.yaml: emission and weighting factors, each with year, perspective, source and mark; and those known to be lacking."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from config.domain.estate import Carrier
from config.domain.factors import Factor, FactorGap, Factors, Mark, Perspective, Purpose, Shares, Weighting
from config.domain.indicators import Missing
from config.municipality.entries import Entry, MarkLetter, Number, Slug, Words, Year
from config.municipality.yaml_source import Keys, YamlSource

ROUNDING = 0.0015  # published shares are rounded to hundredths of a per cent, or to tenths


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
    """District-heating network or electricity zone; not given where it holds for all."""
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
    unit: Literal["g CO2/kWh", "g CO2e/kWh"]
    perspective: Perspective
    purpose: Purpose = Purpose.REPORTING
    """Only reporting factors are used in figures."""
    includes: tuple[Literal["combustion", "upstream", "life_cycle"], ...]
    source: Words
    mark: MarkLetter
    """V seen first-hand, S second-hand, D derived, U unverified."""
    published: date | None = None
    preliminary: bool = False
    shares: SharesEntry | None = None
    """The four sum to 1."""
    note: str | None = None
    example: bool = False


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


class FactorsFile(Entry):
    """Factors with their sources. What is not here is shown as missing, never as 0."""

    note: str | None = None
    factors: tuple[FactorEntry, ...] = ()
    missing: tuple[GapEntry, ...] = ()
    weightings: tuple[WeightingEntry, ...] = ()
    geographic: tuple[GeographicEntry, ...] = ()


def factors(source: YamlSource, file: FactorsFile) -> Factors:
    """The factors; faults lie in the source."""
    seen: dict[str, int] = {}
    read = []
    for index, entry in enumerate(file.factors):
        path: Keys = ("factors", index)
        if entry.id in seen:
            line = source.line(("factors", seen[entry.id]))
            source.fault((*path, "id"), f"the same id as on line {line}", f"samma id som på rad {line}")
        seen.setdefault(entry.id, index)
        read.append(_factor(source, path, entry))
    for index, weight in enumerate(file.weightings):
        if weight.valid_from and weight.valid_to and weight.valid_to <= weight.valid_from:
            source.fault(("weightings", index, "valid_to"), "must be after valid_from", "måste ligga efter valid_from")
    return Factors(
        tuple(read),
        tuple(
            FactorGap(gap.carrier, gap.network or "", gap.year, gap.perspective, Missing(gap.reason_sv, gap.reason_en))
            for gap in file.missing
        ),
        tuple(Weighting(w.rule_set, w.carrier, w.value, w.valid_from, w.valid_to, w.source, w.mark) for w in file.weightings),
        {item.rule_set: (item.value, item.mark) for item in file.geographic},
    )


def _factor(source: YamlSource, path: Keys, entry: FactorEntry) -> Factor:
    last = entry.last_year if entry.last_year is not None else entry.year
    first_use = entry.applies_from if entry.applies_from is not None else entry.year
    last_use = None if entry.until_replaced else entry.applies_to if entry.applies_to is not None else last
    if entry.until_replaced and entry.applies_to is not None:
        source.fault((*path, "applies_to"), "contradicts until_replaced; keep one", "motsäger until_replaced; behåll en")
    if last < entry.year:
        source.fault((*path, "last_year"), "is before year", "ligger före year")
    if last_use is not None and last_use < first_use:
        source.fault((*path, "applies_to"), "is before the first year of use", "ligger före första användningsåret")
    if entry.carrier in (Carrier.DISTRICT_HEATING, Carrier.DISTRICT_COOLING) and entry.network is None:
        source.fault(
            (*path, "network"),
            "name the network: no two networks have the same factor",
            "ange nätet: inga två nät har samma faktor",
        )
    invented = entry.example or source.marks.get((*path, "value"), False)
    if invented and entry.mark is not Mark.UNVERIFIED:
        source.fault((*path, "mark"), "an invented value is marked U", "ett påhittat värde märks U")
    shares = None
    if entry.shares is not None:
        given = entry.shares
        total = given.renewable + given.recovered + given.fossil + given.other
        if abs(total - 1) > ROUNDING:
            source.fault((*path, "shares"), f"sum to {total:.4f}, not 1", f"har summan {total:.4f}, inte 1")
        shares = Shares(given.renewable, given.recovered, given.fossil, given.other)
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
        shares=shares,
        note=entry.note or "",
        example=invented,
    )
