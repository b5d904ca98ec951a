"""Goals as they stand: the values they are judged by, the probability of reaching them, and the verdict with its reasons."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.domain.factors import Mark
from config.domain.indicators import Missing


class Verdict(StrEnum):
    """What is said of a goal."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    WILL_MISS = "will_miss"
    CANNOT_JUDGE = "cannot_judge"

    @property
    def sv(self) -> str:
        return VERDICTS[self][0]

    @property
    def en(self) -> str:
        return VERDICTS[self][1]


VERDICTS = {
    Verdict.ON_TRACK: ("på väg", "on track"),
    Verdict.AT_RISK: ("risk", "at risk"),
    Verdict.WILL_MISS: ("når inte", "will miss"),
    Verdict.CANNOT_JUDGE: ("kan inte bedömas", "cannot be judged"),
}


@dataclass(frozen=True, slots=True)
class GoalValue:
    """A goal's figure over the twelve months that end with `end`, in the goal's unit.

    Attributes:
        end: last day inside: 31 December of a year's value, the last of a month of a rolling year's.
        uncertainty: half width of the 90 % interval of the value itself. [the goal's unit]
        coverage: share of the period that is measured. [0..1]
        source: where it is from, as shown beside it.
        entered: when it came to be known; None where it always was.
    """

    end: date
    value: float
    source: str
    mark: Mark = Mark.VERIFIED
    uncertainty: float = 0.0
    coverage: float = 1.0
    entered: date | None = None


@dataclass(frozen=True, slots=True)
class GoalRecord:
    """A value with the goal that it is of and its unit, as it is entered and kept."""

    goal: str
    unit: str
    value: GoalValue


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the figure is expected at the end of a year, in the goal's unit.

    Attributes:
        low, high: the middle 80 % lie between them.
        probability: of being at the target or on its better side; what it lacks where there is no target for the year.
        target: that year's.
    """

    year: int
    expected: float
    low: float
    high: float
    target: float | Missing
    probability: float | Missing


@dataclass(frozen=True, slots=True)
class Place:
    """The last value beside the path. `gap` is on the worse side where it is above 0. [the goal's unit]"""

    value: GoalValue
    on_path: float
    gap: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """A goal as it stands on a day.

    Attributes:
        target: that of `year`, where the goal asks something of it. [the goal's unit]
        probability: of reaching it; the verdict is this probability's name.
        this_year, target_year: forecasts for the year of `as_of` and for the goal's; the same where they are one.
        latest: the last value that could be used.
        base_value: the one used: decided, or measured where the goal names a base year only.
        reasons: what the verdict rests on or lacks; Swedish, English.
        used, left_out: how many values.
        method: name and version of the model.
    """

    goal: str
    as_of: date
    verdict: Verdict
    year: int
    target: float | Missing
    probability: float | Missing
    this_year: Forecast | Missing
    target_year: Forecast | Missing
    place: Place | Missing
    latest: GoalValue | Missing
    base_value: float | Missing
    remaining: float | Missing
    reasons: tuple[tuple[str, str], ...]
    used: int
    left_out: int
    own_yardstick: bool
    method: str
