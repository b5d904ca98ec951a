"""A goal judged: the verdict is the probability's name, and what cannot be judged says what is lacking."""

from dataclasses import replace
from datetime import date

import pytest

from config.domain.assessments import Forecast, GoalValue, Verdict
from config.domain.goals import GoalLimits, Path
from config.domain.indicators import Missing
from services.goals.verdict import assess, verdict
from tests.config.test_goals import BUDGET, SOLAR

LIMITS = GoalLimits()


def years(*values: float, last: int = 2025) -> list[GoalValue]:
    """Calendar years that end with `last`."""
    return [GoalValue(date(last - len(values) + 1 + n, 12, 31), value, "provet") for n, value in enumerate(values)]


@pytest.mark.parametrize(("probability", "name"), [(0.8, "på väg"), (0.79, "risk"), (0.2, "risk"), (0.19, "når inte")])
def test_the_verdict_is_the_probability_s_name(probability: float, name: str) -> None:
    """Our own conventions, which goals.yaml may change."""
    assert verdict(probability, LIMITS).sv == name


@pytest.mark.parametrize(("last", "said"), [(40.0, Verdict.ON_TRACK), (41.5, Verdict.WILL_MISS)])
def test_a_year_that_is_over_is_known(last: float, said: Verdict) -> None:
    """100 · 0.836⁵ is 40.83 at the end of 2025: below it is reached, above it is not, and no model is asked."""
    judged = assess(BUDGET, years(100.0, 80.0, 60.0, 50.0, last), date(2025, 12, 31))

    assert judged.year == 2025
    assert judged.verdict is said
    assert judged.probability == (1.0 if said is Verdict.ON_TRACK else 0.0)


def test_a_goal_far_below_the_path_is_missed_with_a_number() -> None:
    """Solar power stands still at 3.2 MW; 4.252 are wanted at the end of 2026."""
    judged = assess(SOLAR, years(3.15, 3.2, 3.18, 3.2, 3.2), date(2026, 3, 31))

    assert judged.verdict is Verdict.WILL_MISS
    assert isinstance(judged.probability, float)
    assert judged.probability < 0.05
    assert judged.remaining == pytest.approx(1.8)
    assert judged.target == pytest.approx(4.252)
    assert isinstance(judged.this_year, Forecast)
    assert judged.this_year.low < 3.2 < judged.this_year.high


def test_a_goal_that_is_passed_already_is_on_track() -> None:
    """4.7 MW a year before 4.252 are wanted, and rising."""
    judged = assess(SOLAR, years(3.4, 3.7, 4.0, 4.3, 4.7), date(2026, 3, 31))

    assert judged.verdict is Verdict.ON_TRACK


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "inga värden är införda: energimonitor goals import FIL"),
        (years(3.2), "räcker inte"),
        (years(3.1, 3.1, 3.2, 3.2, last=2022), "äldre än 36 månader"),
    ],
)
def test_what_cannot_be_judged_says_what_is_lacking(values: list[GoalValue], words: str) -> None:
    """And where to enter it; never a verdict on nothing."""
    judged = assess(replace(SOLAR, base_value=None if not values else SOLAR.base_value), values, date(2026, 6, 30))

    assert judged.verdict is Verdict.CANNOT_JUDGE
    assert isinstance(judged.probability, Missing)
    assert words in " ".join(sv for sv, _ in judged.reasons)


def test_a_value_that_was_not_known_on_the_day_is_not_used() -> None:
    """A report of March is made again as it was."""
    late = [replace(item, entered=date(2026, 5, 1)) for item in years(3.4, 3.7, 4.0, 4.3, 4.7)]

    assert assess(SOLAR, late, date(2026, 3, 31)).verdict is Verdict.CANNOT_JUDGE
    assert assess(SOLAR, late, date(2026, 5, 31)).verdict is Verdict.ON_TRACK


def test_thinly_covered_values_are_left_out_and_counted() -> None:
    """Half a year's measurement is no year."""
    values = years(3.4, 3.7, 4.0, 4.3, 4.7)
    judged = assess(SOLAR, [*values[:-1], replace(values[-1], coverage=0.5)], date(2026, 3, 31))

    assert judged.left_out == 1
    assert isinstance(judged.latest, GoalValue)
    assert judged.latest.value == 4.3


def test_before_the_decision_holds_nothing_is_judged() -> None:
    """A goal decided for 2027 onwards."""
    goal = replace(SOLAR, valid_from=date(2027, 1, 1))

    assert assess(goal, years(3.4, 3.7, 4.0, 4.3, 4.7), date(2026, 3, 31)).verdict is Verdict.CANNOT_JUDGE


def test_a_goal_without_a_path_is_judged_by_its_own_year() -> None:
    """Nothing is asked of 2026; 5 MW of 2030 are."""
    judged = assess(replace(SOLAR, path=Path.NONE), years(*[4.5 + 0.1 * n for n in range(9)]), date(2026, 3, 31))

    assert judged.year == 2030
    assert judged.target == 5.0
