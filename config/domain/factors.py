"""Factors: what a kilowatt-hour of a carrier emits or weighs, by year and by way of looking, each with its source.

The spread is the message: the same kWh of electricity is some 20, 59, 465 or 0 g by perspective. Hence no look-up without a
perspective and a year, and no silent neighbour: what is not there is `Missing`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Protocol, TypeVar

import polars as pl

from config.domain.estate import Carrier
from config.domain.indicators import Missing


class Mark(StrEnum):
    """How well a figure is known. UNVERIFIED may be used only where the screen says so."""

    VERIFIED = "V"  # seen in an official or first-hand source
    SECOND_HAND = "S"  # seen second-hand: right shape, check before a legal claim
    DERIVED = "D"  # our own arithmetic from such data
    UNVERIFIED = "U"  # from memory or invented

    @property
    def words(self) -> str:
        """What stands after a value that was not seen first-hand: ", sett i andra hand"; "" of one that was."""
        return _MARK_WORDS[self]


_MARK_WORDS = {
    Mark.VERIFIED: "",
    Mark.SECOND_HAND: ", sett i andra hand",
    Mark.DERIVED: ", egen räkning",
    Mark.UNVERIFIED: ", obekräftad",
}


class Perspective(StrEnum):
    """GHG Protocol Scope 2 asks for both location and market; consequence is never added to or netted against them."""

    LOCATION = "location"
    MARKET = "market"
    CONSEQUENCE = "consequence"


class Purpose(StrEnum):
    """Only REPORTING factors are ever looked up for a figure."""

    REPORTING = "reporting"
    CROSS_CHECK = "cross_check"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Shares:
    """Where the energy comes from; the four sum to 1. `other`: nuclear and unknown. Recovered heat is not renewable."""

    renewable: float
    recovered: float
    fossil: float
    other: float


@dataclass(frozen=True, slots=True)
class Factor:
    """Emissions of one carrier. [g/kWh]

    Attributes:
        network: district-heating network, electricity zone or, of a supplier's own mix in the market column, the supplier;
            "" where it holds for all.
        first_year, last_year: the years it was measured over.
        applies_from, applies_to: the years of use that it may be applied to; `applies_to` is None until a newer one is entered.
        unit: "g CO2/kWh" or "g CO2e/kWh": never added to each other without saying so.
        includes: what is counted: combustion, upstream, life_cycle.
        published: when; of two for the same use the one published last counts, and both stay on record.
        shares: where the energy comes from, where the same source says so.
        biogenic: CO2 from burnt biomass, stated apart and never part of `value`; None where not said. [g CO2/kWh]
    """

    id: str
    carrier: Carrier
    network: str
    first_year: int
    last_year: int
    applies_from: int
    applies_to: int | None
    value: float
    unit: str
    perspective: Perspective
    purpose: Purpose
    includes: tuple[str, ...]
    source: str
    mark: Mark
    published: date | None = None
    preliminary: bool = False
    shares: Shares | None = None
    note: str = ""
    example: bool = False
    biogenic: float | None = None

    @property
    def version(self) -> str:
        """What a figure states that it was calculated with: "el-residual-2024, 464,79 g CO2/kWh, publicerad 2025-06-02"."""
        said = f"{self.id}, {decimal_comma(self.value)} {self.unit}{self.mark.words}"
        return _version(said, self.published, preliminary=self.preliminary)


@dataclass(frozen=True, slots=True)
class EnergyMix:
    """Where the energy of a carrier comes from; the same words as in `Factor`."""

    id: str
    carrier: Carrier
    network: str
    first_year: int
    last_year: int
    applies_from: int
    applies_to: int | None
    shares: Shares
    perspective: Perspective
    source: str
    mark: Mark
    published: date | None = None
    preliminary: bool = False
    note: str = ""
    example: bool = False
    purpose: Purpose = Purpose.REPORTING

    @property
    def version(self) -> str:
        parts = (("förnybart", self.shares.renewable), ("återvunnet", self.shares.recovered), ("fossilt", self.shares.fossil))
        said = ", ".join(f"{decimal_comma(round(share * 100, 4))} % {name}" for name, share in parts)
        return _version(f"{self.id}, {said}{self.mark.words}", self.published, preliminary=self.preliminary)


@dataclass(frozen=True, slots=True)
class HourOfMix:
    """One hour of an hourly factor: emissions [g/kWh] and, where known, where the energy comes from."""

    start: datetime
    value: float
    shares: Shares | None = None


@dataclass(frozen=True)
class HourlyFactor:
    """Emissions of the electricity of one zone hour by hour. Hours that it lacks are not known.

    `fingerprint`: of the file that the hours came from, so that a figure can say which version it stands on.
    """

    id: str
    zone: str
    unit: str
    perspective: Perspective
    includes: tuple[str, ...]
    source: str
    mark: Mark
    hours: tuple[HourOfMix, ...]
    fingerprint: str
    published: date | None = None
    note: str = ""
    example: bool = False

    @cached_property
    def by_hour(self) -> pl.DataFrame:
        """Columns `time` (UTC), `value`, `renewable`, `recovered`, `fossil`, `other` (null where the origin is not known)."""
        origins = ("renewable", "recovered", "fossil", "other")
        rows = [
            (hour.start, hour.value, *(getattr(hour.shares, name) if hour.shares else None for name in origins))
            for hour in self.hours
        ]
        numbers: dict[str, type[pl.Float64]] = dict.fromkeys(("value", *origins), pl.Float64)
        return pl.DataFrame(rows, schema={"time": pl.Datetime("us", "UTC"), **numbers}, orient="row")

    @property
    def version(self) -> str:
        return _version(f"{self.id}, timvärden {self.fingerprint}, {self.unit}{self.mark.words}", self.published)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Guarantees of origin that were cancelled for one year of an electricity contract.

    Attributes:
        share: of the contract's use of the year that they cover. [0..1]
        origin: what the guarantees are of, in words ("vattenkraft").
        value: emissions of the covered part, market-based. [`unit`]
        cancelled: when; those of a year count only until 31 March of the next.
        document: where the evidence can be seen.
    """

    year: int
    share: float
    origin: str
    shares: Shares
    value: float
    unit: str
    cancelled: date
    document: str
    mark: Mark
    example: bool = False


@dataclass(frozen=True)
class Contract:
    """A contract of supply of electricity.

    What a supplier says that it sells is no evidence: a year without cancelled guarantees is the supplier's own mix where that is
    entered, else the residual mix (GHG Protocol, Scope 2), and never the location's mix.
    """

    id: str
    name: str
    supplier: str
    years: Mapping[int, Evidence] = field(default_factory=dict)

    def evidence(self, year: int, known_on: date | None = None) -> Evidence | None:
        """Of the year, as far as it had been cancelled on `known_on`; None where there is none."""
        found = self.years.get(year)
        return None if found is None or (known_on is not None and found.cancelled > known_on) else found

    def version(self, year: int) -> str:
        found = self.years.get(year)
        if found is None:
            return f"{self.id}, inga annullerade ursprungsgarantier för {year}"
        covered = f"{decimal_comma(found.share * 100)} % {found.origin} {year}, annullerade {found.cancelled}"
        return f"{self.id}, {covered}{found.mark.words}"


@dataclass(frozen=True, slots=True)
class FactorGap:
    """A factor that is known to be lacking, and what to do about it. `year` None: every year."""

    carrier: Carrier
    network: str
    year: int | None
    perspective: Perspective | None
    missing: Missing


@dataclass(frozen=True, slots=True)
class Weighting:
    """A weighting factor of a building rule set (BBR). The rule set says when it held."""

    rule_set: str
    carrier: Carrier
    value: float
    valid_from: date | None
    valid_to: date | None  # first day on which it no longer holds
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class NormalHotWater:
    """What a rule set (BEN) takes hot water to use where it is not measured apart. [kWh/m²,year]"""

    rule_set: str
    kinds: frozenset[str]
    value: float
    source: str
    mark: Mark


class _Dated(Protocol):
    """What is looked up by use."""

    @property
    def id(self) -> str: ...
    @property
    def carrier(self) -> Carrier: ...
    @property
    def network(self) -> str: ...
    @property
    def last_year(self) -> int: ...
    @property
    def applies_from(self) -> int: ...
    @property
    def applies_to(self) -> int | None: ...
    @property
    def perspective(self) -> Perspective: ...
    @property
    def purpose(self) -> Purpose: ...
    @property
    def published(self) -> date | None: ...
    @property
    def preliminary(self) -> bool: ...


_Found = TypeVar("_Found", bound=_Dated)


@dataclass(frozen=True)
class Factors:
    """All factors of a municipality."""

    factors: tuple[Factor, ...] = ()
    gaps: tuple[FactorGap, ...] = ()
    weightings: tuple[Weighting, ...] = ()
    geographic: Mapping[str, tuple[float, Mark]] = field(default_factory=dict)  # rule set → Fgeo, which divides heating only
    mixes: tuple[EnergyMix, ...] = ()
    hourly: tuple[HourlyFactor, ...] = ()
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    hot_water: tuple[NormalHotWater, ...] = ()

    def factor(
        self, carrier: Carrier, year: int, perspective: Perspective, network: str = "", known_on: date | None = None
    ) -> Factor | Missing:
        """The factor for use of `carrier` in `year`.

        Of several the one of the asked network before a general one, then the one measured last, then the one published last.

        Args:
            network: the district-heating network or electricity zone; "" where the carrier has only general ones.
            known_on: the factor as it was known on that day, so that an old report can be made again as it was.
        """
        found = _best(self.factors, carrier, year, perspective, network, known_on)
        if found is not None:
            return found
        for gap in self.gaps:
            if (
                gap.carrier is carrier
                and gap.network in (network, "")
                and gap.year in (year, None)
                and gap.perspective in (perspective, None)
            ):
                return gap.missing
        of_sv, of_en = _named(carrier, network, perspective)
        column_sv, column_en = _COLUMNS[perspective]
        return Missing(
            f"Utsläppsfaktor saknas: ange {column_sv} utsläppsfaktor för {of_sv}, år {year}, i factors.yaml, med källa.",
            f"No emission factor: enter a {column_en} one for {of_en}, year {year}, in factors.yaml, with its source.",
        )

    def mix(
        self, carrier: Carrier, year: int, perspective: Perspective, network: str = "", known_on: date | None = None
    ) -> EnergyMix | Missing:
        """Where the energy of `carrier` comes from in `year`: a mix entered as such, or the shares of an emission factor."""
        found = _best((*self.mixes, *self._mixes_of_factors), carrier, year, perspective, network, known_on)
        if found is not None:
            return found
        of_sv, of_en = _named(carrier, network, perspective)
        column_sv, column_en = _COLUMNS[perspective]
        return Missing(
            f"Ursprung okänt: ange {column_sv}e andelar (förnybart, återvunnet, fossilt, övrigt) för {of_sv}, år {year}, "
            "under mixes i factors.yaml, med källa.",
            f"Origin unknown: enter {column_en} shares (renewable, recovered, fossil, other) of {of_en}, year {year}, "
            "under mixes in factors.yaml, with their source.",
        )

    @cached_property
    def _mixes_of_factors(self) -> tuple[EnergyMix, ...]:
        return tuple(
            EnergyMix(
                item.id,
                item.carrier,
                item.network,
                item.first_year,
                item.last_year,
                item.applies_from,
                item.applies_to,
                item.shares,
                item.perspective,
                item.source,
                item.mark,
                item.published,
                item.preliminary,
                item.note,
                item.example,
                item.purpose,
            )
            for item in self.factors
            if item.shares is not None
        )

    def as_known(self, on: date) -> "Factors":
        """What of this had been published on that day: an old report is made again with it, and comes out as it was."""
        return replace(
            self,
            factors=tuple(item for item in self.factors if _was_known(item.published, on)),
            mixes=tuple(item for item in self.mixes if _was_known(item.published, on)),
            hourly=tuple(item for item in self.hourly if _was_known(item.published, on)),
            contracts={
                name: replace(item, years={year: given for year, given in item.years.items() if given.cancelled <= on})
                for name, item in self.contracts.items()
            },
        )

    def geographic_factor(self, rule_set: str) -> float | Missing:
        """Fgeo of the municipality in a rule set; it divides heating only."""
        if rule_set in self.geographic:
            return self.geographic[rule_set][0]
        return Missing(
            f"Geografisk justeringsfaktor (Fgeo) saknas: ange kommunens värde i {rule_set} under geographic i factors.yaml, "
            "med källa.",
            f"No geographic factor (Fgeo): enter the municipality's value in {rule_set} under geographic in factors.yaml, "
            "with its source.",
        )

    def normal_hot_water(self, rule_set: str, kind: str) -> NormalHotWater | Missing:
        """What the rule set takes hot water to be in a kind of building. [kWh/m²,year]"""
        for item in self.hot_water:
            if item.rule_set == rule_set and kind in item.kinds:
                return item
        return Missing(
            f"Tappvarmvatten saknas: mät det för sig (end_use: hot_water) eller ange schablonen för byggnadstypen {kind} i "
            f"{rule_set} under hot_water i factors.yaml.",
            f"No hot water: measure it apart (end_use: hot_water) or enter the normal use of the building kind {kind} in "
            f"{rule_set} under hot_water in factors.yaml.",
        )

    def weighting(self, carrier: Carrier, on: date, rule_set: str | None = None) -> Weighting | Missing:
        """The rule set's weighting factor of the carrier on a day; of several rule sets the one that began last."""
        fitting = [
            item
            for item in self.weightings
            if item.carrier is carrier
            and rule_set in (item.rule_set, None)
            and (item.valid_from is None or item.valid_from <= on)
            and (item.valid_to is None or on < item.valid_to)
        ]
        if fitting:
            return max(fitting, key=lambda item: item.valid_from or date.min)
        sv, en = CARRIERS[carrier]
        rules_sv, rules_en = (f" i {rule_set}", f" in {rule_set}") if rule_set else ("", "")
        return Missing(
            f"Viktningsfaktor saknas för {sv} {on}{rules_sv}: för in regelverkets värde under weightings i factors.yaml.",
            f"No weighting factor of {en} on {on}{rules_en}: enter the rule set's value under weightings in factors.yaml.",
        )


def decimal_comma(value: float) -> str:
    """As Swedes write it: no more digits than were given."""
    return f"{value:.10g}".replace(".", ",")


_COLUMNS = {
    Perspective.LOCATION: ("platsbaserad", "location-based"),
    Perspective.MARKET: ("marknadsbaserad", "market-based"),
    Perspective.CONSEQUENCE: ("konsekvensbaserad", "consequence-based"),
}
CARRIERS: Mapping[Carrier, tuple[str, str]] = {  # as they stand inside a sentence
    Carrier.ELECTRICITY: ("el", "electricity"),
    Carrier.DISTRICT_HEATING: ("fjärrvärme", "district heating"),
    Carrier.DISTRICT_COOLING: ("fjärrkyla", "district cooling"),
    Carrier.WATER: ("vatten", "water"),
    Carrier.SOLAR: ("solel", "solar electricity"),
    Carrier.BIOFUEL: ("biobränsle", "biofuel"),
    Carrier.OIL: ("olja", "oil"),
    Carrier.GAS: ("gas", "gas"),
}


def _named(carrier: Carrier, network: str, perspective: Perspective) -> tuple[str, str]:
    sv, en = CARRIERS[carrier]
    if carrier is Carrier.ELECTRICITY and perspective is Perspective.MARKET:
        own = (f", eller {network}s egen mix", f", or {network}'s own mix") if network else ("", "")
        return f"{sv} (residualmix{own[0]})", f"{en} (residual mix{own[1]})"
    if carrier in (Carrier.DISTRICT_HEATING, Carrier.DISTRICT_COOLING) and network:
        return f"{sv}nätet {network}", f"the {en} network {network}"
    return (f"{sv} ({network})", f"{en} ({network})") if network else (sv, en)


def _version(said: str, published: date | None, *, preliminary: bool = False) -> str:
    return f"{said}{', preliminär' if preliminary else ''}{f', publicerad {published}' if published else ''}"


def _was_known(published: date | None, on: date | None) -> bool:
    """What says no day was always known."""
    return on is None or published is None or published <= on


def _best(
    items: Sequence[_Found], carrier: Carrier, year: int, perspective: Perspective, network: str, known_on: date | None
) -> _Found | None:
    """Of the asked network before general, measured last, final before preliminary, published last."""
    fitting = [
        item
        for item in items
        if item.carrier is carrier
        and item.purpose is Purpose.REPORTING
        and item.perspective is perspective
        and item.network in (network, "")
        and item.applies_from <= year
        and (item.applies_to is None or year <= item.applies_to)
        and _was_known(item.published, known_on)
    ]
    return max(
        fitting,
        key=lambda f: (f.network == network, f.last_year, not f.preliminary, f.published or date.min, f.id),
        default=None,
    )
