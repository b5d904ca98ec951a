"""Goals: what was decided, by whom, and the path to it. A goal without its base value has no path, and says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from config.domain.factors import Mark
from config.domain.indicators import Missing, Subject


class Path(StrEnum):
    """How a goal is to be reached."""

    LINEAR = "linear"  # evenly from base to target
    YEARLY_OF_BASE = "yearly_of_base"  # each year the same share of the base: base·(1 + p·(y − base year))
    YEARLY_COMPOUND = "yearly_compound"  # each year the same share of the year before: base·(1 + p)^(y − base year)
    NONE = "none"  # decided without a path


class Level(StrEnum):
    """Who decided."""

    EU = "eu"
    NATION = "nation"
    REGION = "region"
    MUNICIPALITY = "municipality"
    COMPANY = "company"


class Better(StrEnum):
    """Which way is towards the goal."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class MeasuredBy:
    """The published indicator that feeds a goal.

    Attributes:
        carrier: as of the indicator's figures; "" where it speaks of all.
        scale: the goal's units in one of the indicator's (0.001 for kWh and MWh/år).
    """

    indicator: str
    subject: Subject
    carrier: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class KoladaFigure:
    """The Kolada figure that feeds a goal: its id there, and the id of the municipality or region."""

    kpi: str
    municipality: str


@dataclass(frozen=True, slots=True)
class GoalLimits:
    """From when on a probability has a name, and what can be judged at all. Our own conventions [U]; goals.yaml may set others.

    Attributes:
        on_track: at least this probability of reaching the target is "på väg".
        will_miss: less than this is "når inte"; what lies between is "risk".
        min_values: of fewer values the spread is not known.
        min_span_months: nor from a shorter stretch.
        min_coverage: a value with less of its period measured is left out.
        max_age_months: a last value older than this says nothing of this year.
    """

    on_track: float = 0.8
    will_miss: float = 0.2
    min_values: int = 4
    min_span_months: int = 12
    min_coverage: float = 0.9
    max_age_months: int = 36


@dataclass(frozen=True, slots=True)
class Goal:
    """A decided target.

    Attributes:
        owner: who answers for it: one of the portfolio's owners, or a body named in words.
        indicator: what it is measured by, in words; `unit` is that figure's.
        target_share: the target as a share of the base (0.37 for −63 %), where it was decided so.
        yearly_change: of the yearly paths; −0.164 for −16.4 % a year.
        scope_sv, scope_en: what is left out, and what it may not be confused with.
        known: year → value on record, each with how well it is known.
        verified: the decision itself was seen.
        own_yardstick: nobody has decided it for this municipality; shown as a comparison only.
        better: where neither target nor yearly change shows it.
        measured_by, kolada: where values come from; both None: from files only.
        valid_from, valid_to: the years of the decision; first day inside, first day outside.
        supersedes: the id of the goal that it follows.
        to_enter_sv, to_enter_en: what is lacking, and where it would be found.
    """

    id: str
    level: Level
    owner: str
    text_sv: str
    text_en: str
    indicator: str
    unit: str
    path: Path
    source: str
    mark: Mark
    base_year: int | None = None
    base_value: float | None = None
    target_year: int | None = None
    target_value: float | None = None
    target_share: float | None = None
    yearly_change: float | None = None
    scope_sv: str = ""
    scope_en: str = ""
    decided: date | None = None
    document: str = ""
    known: Mapping[int, tuple[float, Mark]] = field(default_factory=dict)
    own_yardstick: bool = False
    example: frozenset[str] = frozenset()
    better: Better | None = None
    measured_by: MeasuredBy | None = None
    kolada: KoladaFigure | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes: str = ""
    to_enter_sv: str = ""
    to_enter_en: str = ""

    @property
    def towards(self) -> Better | Missing:
        """Which way is towards it: as said, else by the yearly change, else from base to target."""
        if self.better is not None:
            return self.better
        if self.yearly_change:
            return Better.LOWER if self.yearly_change < 0 else Better.HIGHER
        if self.target_share is not None and self.target_share != 1:
            return Better.LOWER if self.target_share < 1 else Better.HIGHER
        if self.target_value is not None and self.base_value is not None and self.target_value != self.base_value:
            return Better.LOWER if self.target_value < self.base_value else Better.HIGHER
        return Missing(
            f"{self.text_sv}: ange better: lower eller higher i goals.yaml.",
            f"{self.text_en}: give better: lower or higher in goals.yaml.",
        )

    @property
    def verified(self) -> bool:
        return self.mark is Mark.VERIFIED

    @property
    def target(self) -> float | Missing:
        """The value to be reached, in `unit`."""
        if self.target_value is not None:
            return self.target_value
        if self.target_share is not None and self.base_value is not None:
            return self.base_value * self.target_share
        if self.target_year is not None and self.path in (Path.YEARLY_OF_BASE, Path.YEARLY_COMPOUND):
            return self.value_on_path(self.target_year)
        return self._lacks("målvärde", "target value")

    def value_on_path(self, year: int) -> float | Missing:
        """Where the path lies in `year`, from the base year to the target year. [unit]"""
        if self.path is Path.NONE:
            return Missing(f"{self.text_sv}: målet är beslutat utan väg dit.", f"{self.text_en}: decided without a path.")
        if self.base_year is None or self.base_value is None:
            return self._lacks("basvärde", "base value")
        if year < self.base_year or (self.target_year is not None and year > self.target_year):
            return Missing(
                f"{self.text_sv}: {year} ligger utanför målets år.", f"{self.text_en}: {year} lies outside the goal's years."
            )
        years = year - self.base_year
        if self.path is Path.LINEAR:
            target = self.target
            if isinstance(target, Missing):
                return target
            if self.target_year is None or self.target_year == self.base_year:
                return self._lacks("målår", "target year")
            return self.base_value + (target - self.base_value) * years / (self.target_year - self.base_year)
        if self.yearly_change is None:
            return self._lacks("årlig förändring", "yearly change")
        if self.path is Path.YEARLY_OF_BASE:
            return self.base_value * (1 + self.yearly_change * years)
        return self.base_value * float((1 + self.yearly_change) ** years)

    def _lacks(self, what_sv: str, what_en: str) -> Missing:
        return Missing(f"{self.text_sv}: {what_sv} saknas i goals.yaml.", f"{self.text_en}: no {what_en} in goals.yaml.")


@dataclass(frozen=True, slots=True)
class GoalGap:
    """A goal that was looked for and not found; to be entered from the municipality's own documents."""

    text_sv: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Goals:
    """All goals of a municipality."""

    goals: tuple[Goal, ...] = ()
    gaps: tuple[GoalGap, ...] = ()
    limits: GoalLimits = GoalLimits()

    def goal(self, name: str) -> Goal | Missing:
        """The goal by its id."""
        for item in self.goals:
            if item.id == name:
                return item
        return Missing(f"Målet {name} finns inte i goals.yaml.", f"There is no goal {name} in goals.yaml.")
