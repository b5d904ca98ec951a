"""Goals: what was decided, by whom, and the path to it. A goal without its base value has no path, and says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from config.domain.factors import Mark
from config.domain.indicators import Missing


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

    def goal(self, name: str) -> Goal | Missing:
        """The goal by its id."""
        for item in self.goals:
            if item.id == name:
                return item
        return Missing(f"Målet {name} finns inte i goals.yaml.", f"There is no goal {name} in goals.yaml.")
