"""The shape of goals.yaml."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from config.domain.estate import Carrier
from config.domain.goals import Better, GoalLimits, Level, Path
from config.domain.indicators import INDICATORS
from config.municipality.entries import Entry, MarkLetter, Number, Slug, Words, Year, wrong
from config.municipality.faults import meant


def _indicator(name: str) -> str:
    if name not in INDICATORS:
        out, out_sv = meant(name, INDICATORS)
        raise wrong(f"no indicator {name!r}; {out}", f"indikatorn {name!r} finns inte; {out_sv}")
    return name


IndicatorName = Annotated[str, AfterValidator(_indicator), WithJsonSchema({"type": "string", "pattern": "^[a-z0-9_]+$"})]


class KnownEntry(Entry):
    year: Year
    value: Number
    mark: MarkLetter


class MeasuredByEntry(Entry):
    indicator: IndicatorName
    """A published indicator."""
    subject_kind: Literal["portfolio", "owner", "building_kind", "building"] = "portfolio"
    """Whose figure."""
    subject: Words | None = None
    """Its id; not given for the portfolio."""
    carrier: Carrier | None = None
    """Of one carrier; of all where not given."""


def _kolada_id(pattern: str, example: str) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise wrong(
                f"{text!r} is no id of Kolada's; write it as {example}", f"{text!r} är inget id i Kolada; skriv som {example}"
            )
        return text

    return checked


class KoladaEntry(Entry):
    kpi: Annotated[str, AfterValidator(_kolada_id(r"[NU]\d{5}", "N03102"))]
    """The figure's id, as N03102."""
    municipality: Annotated[str, AfterValidator(_kolada_id(r"\d{4}", "2081"))]
    """Kolada's id of the municipality or region, in quotation marks."""


class LimitsEntry(Entry):
    on_track: Annotated[Number, Field(gt=0, le=1)] = GoalLimits().on_track
    """At least this probability is "på väg"."""
    will_miss: Annotated[Number, Field(ge=0, lt=1)] = GoalLimits().will_miss
    """Less than this is "når inte"; what lies between is "risk"."""
    min_values: Annotated[int, Field(ge=4)] = GoalLimits().min_values
    """Of fewer values nothing is said."""
    min_span_months: Annotated[int, Field(ge=12)] = GoalLimits().min_span_months
    """Nor of a series that spans less."""
    min_coverage: Annotated[Number, Field(ge=0, le=1)] = GoalLimits().min_coverage
    """A value with less of its period measured is left out."""
    max_age_months: Annotated[int, Field(ge=1)] = GoalLimits().max_age_months
    """A last value that is older says nothing of this year."""


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
    better: Better | None = None
    """Which way is towards it, where neither target nor yearly change shows it."""
    measured_by: MeasuredByEntry | None = None
    """The published indicator that feeds it."""
    kolada: KoladaEntry | None = None
    """The Kolada figure that feeds it, when it is asked for."""
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes: Slug | None = None
    """The goal that it follows."""
    to_enter_sv: Words | None = None
    """What is lacking, and where it would be found."""
    to_enter_en: Words | None = None
    """The same in English."""
    note: str | None = None


class GoalGapEntry(Entry):
    text_sv: Words
    text_en: Words


class GoalsFile(Entry):
    """Goals with their paths."""

    note: str | None = None
    limits: LimitsEntry = LimitsEntry()
    """From when on a probability has a name. Our own conventions where not given."""
    goals: tuple[GoalEntry, ...] = ()
    missing: tuple[GoalGapEntry, ...] = ()
