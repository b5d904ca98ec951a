"""A goal judged: from its values, as they were known on a day, to a probability, a verdict and its reasons."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scipy import stats

from config.domain.assessments import Assessment, Forecast, GoalValue, Verdict
from config.domain.goals import Better, Goal, GoalLimits, Path
from config.domain.indicators import Missing
from services.goals.path import place_on_path, target_of, with_measured_base
from services.goals.probability import METHOD, NORMAL_90, Series
from services.goals.remains import remaining

Words = tuple[str, str]


def verdict(probability: float, limits: GoalLimits) -> Verdict:
    """The name of a probability."""
    if probability >= limits.on_track:
        return Verdict.ON_TRACK
    return Verdict.WILL_MISS if probability < limits.will_miss else Verdict.AT_RISK


def assess(goal: Goal, values: Sequence[GoalValue], as_of: date, limits: GoalLimits | None = None) -> Assessment:
    """The goal as it stands on `as_of`.

    Args:
        values: years and rolling years in the goal's unit, in any order; of two with the same end the one given last counts. The
            goal's own values on record (base, `known`) are added where none is given for their year.
        limits: our own conventions where None.
    Returns:
        `CANNOT_JUDGE` with its reason where target, direction or values are missing, too few, too old or too far from the target.
    """
    limits = limits or GoalLimits()
    usable, left_out = usable_values(goal, values, as_of, limits)
    whole = with_measured_base(goal, usable)
    latest = usable[-1] if usable else _no_values(goal)
    year = as_of.year if goal.target_year is None else min(as_of.year, goal.target_year)
    judged = Judged(whole, usable, as_of, limits)
    this_year = judged.forecast(year)
    far = year if goal.target_year is None else goal.target_year
    target_year = this_year if far == year else judged.forecast(far)
    decisive = this_year
    if goal.path is Path.NONE and goal.target_year is not None:
        decisive, year = target_year, far
    probability = decisive.probability if isinstance(decisive, Forecast) else decisive
    probability = judged.outside() or probability
    said = verdict(probability, limits) if not isinstance(probability, Missing) else Verdict.CANNOT_JUDGE
    return Assessment(
        goal=goal.id,
        as_of=as_of,
        verdict=said,
        year=year,
        target=target_of(whole, year),
        probability=probability,
        this_year=this_year,
        target_year=target_year,
        place=latest if isinstance(latest, Missing) else place_on_path(whole, latest),
        latest=latest,
        base_value=_base(whole),
        remaining=latest if isinstance(latest, Missing) else remaining(whole, latest.value, year),
        reasons=tuple(_reasons(goal, whole, year, probability, usable, left_out, decisive)),
        used=len(usable),
        left_out=left_out,
        own_yardstick=goal.own_yardstick,
        method=METHOD,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A goal, with the base that was measured where none was decided, and the values that can be used."""

    goal: Goal
    values: tuple[GoalValue, ...]
    as_of: date
    limits: GoalLimits

    def outside(self) -> Missing | None:
        """Whether the decision does not hold on the day."""
        goal = self.goal
        if goal.valid_from is not None and self.as_of < goal.valid_from:
            return _missing(goal, f"målet gäller från {goal.valid_from}", f"the goal holds from {goal.valid_from}")
        if goal.valid_to is not None and self.as_of >= goal.valid_to:
            return _missing(goal, f"målet gällde till {goal.valid_to}", f"the goal held until {goal.valid_to}")
        return None

    def forecast(self, year: int) -> Forecast | Missing:
        """The figure at the end of `year`, and the probability of that year's target."""
        target = target_of(self.goal, year)
        known = next((value for value in self.values if value.end == date(year, 12, 31)), None)
        if known is not None:
            return self._known(known, target)
        lack = self._lack(year)
        if lack is not None:
            return lack
        last = self.values[-1]
        series = Series([_month(v.end) for v in self.values], [v.value for v in self.values], last.uncertainty)
        ahead = year * 12 + 12 - _month(last.end)
        found = series.ahead(ahead)
        if found is None:
            return _missing(
                self.goal,
                "värdena ligger för glest för att visa hur mycket de brukar ändras",
                "the values lie too far apart to show how much they usually change",
            )
        probability: float | Missing = target if isinstance(target, Missing) else found.at_most(target)
        towards = self.goal.towards
        if isinstance(towards, Missing):
            probability = towards
        elif towards is Better.HIGHER and not isinstance(probability, Missing):
            probability = 1.0 - probability
        low, middle, high = (found.quantile(share) for share in (0.1, 0.5, 0.9))
        return Forecast(year, middle, low, high, target, probability)

    def _known(self, known: GoalValue, target: float | Missing) -> Forecast:
        """The year is over: only the value's own uncertainty is left."""
        spread = known.uncertainty / NORMAL_90
        reach = spread * float(stats.norm.ppf(0.9))
        towards = self.goal.towards
        probability: float | Missing
        if isinstance(target, Missing):
            probability = target
        elif isinstance(towards, Missing):
            probability = towards
        else:
            better = target - known.value if towards is Better.LOWER else known.value - target
            probability = float(stats.norm.cdf(better / spread)) if spread > 0 else float(better >= 0)
        return Forecast(known.end.year, known.value, known.value - reach, known.value + reach, target, probability)

    def _lack(self, year: int) -> Missing | None:
        """Why no forecast can be made for the end of `year`."""
        if not self.values:
            return _no_values(self.goal)
        last, limits = self.values[-1], self.limits
        span = _month(last.end) - _month(self.values[0].end)
        ahead = year * 12 + 12 - _month(last.end)
        age = _month(self.as_of) - _month(last.end)
        if ahead < 1:
            return _missing(
                self.goal,
                f"värdet för {year} saknas fast senare finns",
                f"the value of {year} is missing though later ones exist",
            )
        if age > limits.max_age_months:
            return _missing(
                self.goal,
                f"det senaste värdet är från {last.end}, äldre än {limits.max_age_months} månader; för in nyare med "
                "energimonitor goals import FIL",
                f"the last value is of {last.end}, older than {limits.max_age_months} months; enter newer ones with "
                "energimonitor goals import FILE",
            )
        if len(self.values) < limits.min_values or span < limits.min_span_months:
            count, sv, en = len(self.values), "värden", "values"
            if count == 1:
                sv, en = "värde", "value"
            return _missing(
                self.goal,
                f"{count} {sv} över {span} månader räcker inte; minst {limits.min_values} över {limits.min_span_months} behövs",
                f"{count} {en} over {span} months are too few; at least {limits.min_values} over {limits.min_span_months} are "
                "needed",
            )
        if ahead > span:
            return _missing(
                self.goal,
                f"{year} ligger {ahead} månader efter det senaste värdet, och serien omfattar {span}",
                f"{year} lies {ahead} months after the last value, and the series spans {span}",
            )
        return None


def usable_values(goal: Goal, values: Sequence[GoalValue], as_of: date, limits: GoalLimits) -> tuple[tuple[GoalValue, ...], int]:
    """Values that were known on the day and are measured well enough, by month; and how many were left out."""
    on_record = {
        date(year, 12, 31): GoalValue(date(year, 12, 31), value, goal.source, mark) for year, (value, mark) in goal.known.items()
    }
    if goal.base_year is not None and goal.base_value is not None:
        base = date(goal.base_year, 12, 31)
        on_record.setdefault(base, GoalValue(base, goal.base_value, goal.source, goal.mark))
    by_month: dict[int, GoalValue] = {}
    left_out = 0
    for value in (*on_record.values(), *values):
        if value.end > as_of or (value.entered is not None and value.entered > as_of):
            continue
        if value.coverage < limits.min_coverage or not math.isfinite(value.value):
            left_out += 1
            continue
        by_month[_month(value.end)] = value
    return tuple(value for _, value in sorted(by_month.items())), left_out


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _base(goal: Goal) -> float | Missing:
    if goal.base_value is not None:
        return goal.base_value
    if goal.base_year is None:
        return _missing(goal, "målet har inget basår", "the goal has no base year")
    return _missing(
        goal,
        f"basvärdet för {goal.base_year} saknas: för in base_value i goals.yaml eller årets värde i serien",
        f"no base value of {goal.base_year}: enter base_value in goals.yaml, or the year's value in the series",
    )


def _no_values(goal: Goal) -> Missing:
    if goal.measured_by is not None:
        return _missing(
            goal,
            f"indikatorn {goal.measured_by.indicator} har ännu inget värde över tolv månader",
            f"the indicator {goal.measured_by.indicator} has no value of twelve months yet",
        )
    fetch = "; eller hämta: energimonitor goals fetch" if goal.kolada is not None else ""
    fetch_en = "; or fetch: energimonitor goals fetch" if goal.kolada is not None else ""
    return _missing(
        goal,
        f"inga värden är införda: energimonitor goals import FIL{fetch}",
        f"no values are entered: energimonitor goals import FILE{fetch_en}",
    )


def _missing(goal: Goal, sv: str, en: str) -> Missing:
    return Missing(f"{goal.text_sv}: {sv}.", f"{goal.text_en}: {en}.")


def _reasons(
    goal: Goal,
    whole: Goal,
    year: int,
    probability: float | Missing,
    usable: Sequence[GoalValue],
    left_out: int,
    decisive: Forecast | Missing,
) -> Iterable[Words]:
    if isinstance(probability, Missing):
        yield probability.reason_sv, probability.reason_en
        if isinstance(decisive, Missing) and isinstance(target := target_of(whole, year), Missing):
            yield target.reason_sv, target.reason_en
        if goal.to_enter_sv:
            yield goal.to_enter_sv, goal.to_enter_en or goal.to_enter_sv
    elif isinstance(decisive, Forecast) and usable:
        yield (
            f"Sannolikheten bygger på {len(usable)} värden till och med {usable[-1].end}.",
            f"The probability rests on {len(usable)} values up to {usable[-1].end}.",
        )
    if goal.base_value is None and whole.base_value is not None:
        yield (
            f"Basvärdet är det uppmätta för {goal.base_year}.",
            f"The base value is the measured one of {goal.base_year}.",
        )
    if left_out:
        yield (f"{left_out} värden med för låg täckning är utelämnade.", f"{left_out} values of too low coverage are left out.")
    if goal.own_yardstick:
        yield ("Egen jämförelse: målet är inte beslutat för kommunen.", "Own yardstick: not decided for the municipality.")
    if goal.example:
        yield ("Målet har påhittade värden.", "The goal has invented values.")
    if goal.scope_sv:
        yield goal.scope_sv, goal.scope_en or goal.scope_sv
