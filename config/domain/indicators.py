"""The published indicators, their values, and what a figure lacked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Missing:
    """What a figure lacked, in words its reader can act on. Shown as "saknas", never as 0."""

    reason_sv: str
    reason_en: str


class SubjectKind(StrEnum):
    """What a figure is about."""

    POINT = "point"
    BUILDING = "building"
    OWNER = "owner"
    BUILDING_KIND = "building_kind"
    PORTFOLIO = "portfolio"


@dataclass(frozen=True, slots=True)
class Subject:
    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An energy performance indicator (ISO 50006) as published."""

    id: str
    name_sv: str
    name_en: str
    unit: str
    definition_sv: str
    definition_en: str
    source: str


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One value of one indicator.

    Attributes:
        value: in the indicator's unit, or what it lacked.
        coverage: share of the period that is measured. [0..1]
        method: name and version of the calculation.
        factors: factor name → version used.
        carrier: the energy carrier it speaks of; "" where it speaks of all.
        uncertainty: half width of the 90 % interval, in the indicator's unit.
    """

    indicator: str
    subject: Subject
    period: Period
    value: float | Missing
    coverage: float
    method: str
    factors: Mapping[str, str]
    carrier: str = ""
    uncertainty: float = 0.0


INDICATORS = {
    indicator.id: indicator
    for indicator in (
        Indicator(
            id="energy",
            name_sv="Energianvändning",
            name_en="Energy use",
            unit="kWh",
            definition_sv="Summan av avräknade timmar vid byggnadens mätpunkter, per energislag; undermätare räknas inte med.",
            definition_en="Sum of the settled hours of the building's metering points, per carrier; without sub-meters.",
            source="ISO 50006; domain facts section 6",
        ),
        Indicator(
            id="energy_total",
            name_sv="Energianvändning, totalt",
            name_en="Energy use, total",
            unit="kWh",
            definition_sv="Köpt energi av alla slag och den egna solel som används på plats.",
            definition_en="Bought energy of all carriers and the own solar electricity that is used on the spot.",
            source="domain facts section 2.3",
        ),
        Indicator(
            id="water",
            name_sv="Vattenanvändning",
            name_en="Water use",
            unit="m3",
            definition_sv="Summan av avräknade timmar vid byggnadens vattenmätare; undermätare räknas inte med.",
            definition_en="Sum of the settled hours of the building's water meters; without sub-meters.",
            source="domain facts section 6",
        ),
    )
}
