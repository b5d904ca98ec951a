"""Factors: what a kilowatt-hour of a carrier emits or weighs, by year and by way of looking, each with its source.

The spread is the message: the same kWh of electricity is some 20, 59, 465 or 0 g by perspective. Hence no look-up without a
perspective and a year, and no silent neighbour: what is not there is `Missing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from config.domain.estate import Carrier
from config.domain.indicators import Missing


class Mark(StrEnum):
    """How well a figure is known. UNVERIFIED may be used only where the screen says so."""

    VERIFIED = "V"  # seen in an official or first-hand source
    SECOND_HAND = "S"  # seen second-hand: right shape, check before a legal claim
    DERIVED = "D"  # our own arithmetic from such data
    UNVERIFIED = "U"  # from memory or invented


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
        network: district-heating network or electricity zone; "" where it holds for all.
        first_year, last_year: the years it was measured over.
        applies_from, applies_to: the years of use that it may be applied to; `applies_to` is None until a newer one is entered.
        unit: "g CO2/kWh" or "g CO2e/kWh": never added to each other without saying so.
        includes: what is counted: combustion, upstream, life_cycle.
        published: when; of two for the same use the one published last counts, and both stay on record.
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

    @property
    def version(self) -> str:
        """What a figure states that it was calculated with: "el-residual-2024, publicerad 2025-06-02"."""
        return f"{self.id}, publicerad {self.published}" if self.published else self.id


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


@dataclass(frozen=True)
class Factors:
    """All factors of a municipality."""

    factors: tuple[Factor, ...] = ()
    gaps: tuple[FactorGap, ...] = ()
    weightings: tuple[Weighting, ...] = ()
    geographic: Mapping[str, tuple[float, Mark]] = field(default_factory=dict)  # rule set → Fgeo, which divides heating only

    def factor(
        self, carrier: Carrier, year: int, perspective: Perspective, network: str = "", known_on: date | None = None
    ) -> Factor | Missing:
        """The factor for use of `carrier` in `year`.

        Of several the one of the asked network before a general one, then the one measured last, then the one published last.

        Args:
            network: the district-heating network or electricity zone; "" where the carrier has only general ones.
            known_on: the factor as it was known on that day, so that an old report can be made again as it was.
        """
        fitting = [
            item
            for item in self.factors
            if item.carrier is carrier
            and item.purpose is Purpose.REPORTING
            and item.perspective is perspective
            and item.network in (network, "")
            and item.applies_from <= year
            and (item.applies_to is None or year <= item.applies_to)
            and (known_on is None or item.published is None or item.published <= known_on)
        ]
        if fitting:
            return max(
                fitting, key=lambda f: (f.network == network, f.last_year, not f.preliminary, f.published or date.min, f.id)
            )
        for gap in self.gaps:
            if (
                gap.carrier is carrier
                and gap.network in (network, "")
                and gap.year in (year, None)
                and gap.perspective in (perspective, None)
            ):
                return gap.missing
        which = f"{carrier.value}{f' ({network})' if network else ''}, {year}, {perspective.value}"
        return Missing(
            f"Utsläppsfaktor saknas: {which}. Ange den i factors.yaml med år och källa.",
            f"No emission factor: {which}. Enter it in factors.yaml with year and source.",
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
        return Missing(
            f"Viktningsfaktor saknas för {carrier.value} {on}: regelverkets värde är inte infört i factors.yaml.",
            f"No weighting factor for {carrier.value} on {on}: the rule set's value is not in factors.yaml.",
        )
