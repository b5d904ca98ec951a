"""Where a year will end: what is used so far and the rest at normal weather, and how far the method usually misses. Pure.

    F = Σ used (January .. m) + Σ expected (m+1 .. December)

What is expected of a month is what the building used in the same month of the last twelve, in normal weather. The building's own
year is the model: it knows its holidays and its ice. Nothing is scaled by how this year has gone so far; on the estate data that
made the misses larger at every length (docs/figures.md has the figures).

A building without those months (bought in the year, or a hole) is taken to follow the others' year: what it used in the months
that are known of it, times what the others use in the rest of the year against what they used in those. Half of what is added so
is doubt. [U]

The interval is not the model's own opinion. The same is asked of every month of the past as if one stood there, for as many
months ahead; what came, with its weather, against what was expected is the miss. The half width is that of a Student
distribution with as many degrees of freedom as there are stretches that do not overlap, and never less than the largest miss.

Source: ../shared/domain.md section 8 (F, interval from model error).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

from config.domain.indicators import Missing

METHOD = "year-end-1"
LIKELY = 0.9  # of the outcomes lie in the interval
FEWEST_STRETCHES = 3  # that do not overlap: of fewer the spread is not known
TESTED_SHARE = 0.8  # of the buildings must be known in a stretch of the past
ROUGH = 0.5  # half width of what is expected by the others' year, as a share of it: house rule [U]

Months = Mapping[int, float]  # year * 12 + month → kWh, of months that are known whole


@dataclass(frozen=True, slots=True)
class BuildingMonths:
    """A building that is measured still. `used` is metered energy, `normal` the same month in normal weather. [kWh]"""

    building: str
    used: Months
    normal: Months


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the method would have done in the past, for as many months ahead.

    Attributes:
        misses: what came by what was expected, less 1, in the order of time.
        stretches: how many of them do not overlap.
        typical: root mean square of the misses.
        largest: of them, without its sign.
    """

    misses: tuple[float, ...]
    stretches: int
    typical: float
    largest: float


@dataclass(frozen=True, slots=True)
class Rest:
    """What is expected of the rest of the year, in normal weather. [kWh]

    Attributes:
        half_width: of its 90 % interval, weather included.
        months: how many remain.
        by_others: the buildings that are taken to follow the others' year.
        unknown: those of which no month is known, and which are not in it.
    """

    kwh: float
    half_width: float
    months: int
    backtest: Backtest
    by_others: tuple[str, ...]
    unknown: tuple[str, ...]


def rest_of_year(buildings: Sequence[BuildingMonths], last: int) -> Rest | Missing:
    """From the month after `last` (year * 12 + month, January to November) to December.

    Months after `last` are not looked at, so the past can be asked as it was.

    Raises:
        ValueError: `last` is a December: nothing of its year is left.
    """
    ahead = -last % 12
    if ahead == 0:
        raise ValueError("the year is over")
    coming = range(last + 1, last + 1 + ahead)
    own = [each for each in buildings if _expected(each, coming) is not None]
    if not own:
        return Missing(
            "Ingen byggnad har månaderna från i fjol i normalväder: prognosen behöver ett helt år bakåt.",
            "No building has last year's months in normal weather: the forecast needs a whole year back.",
        )
    tested = backtest(buildings, last, ahead)
    if isinstance(tested, Missing):
        return tested
    expected = sum(_expected(each, coming) or 0.0 for each in own)
    by_others = {each.building: _by_others(each, own, coming) for each in buildings if each not in own}
    added = sum(kwh for kwh in by_others.values() if kwh is not None)
    wide = max(float(stats.t.ppf((1 + LIKELY) / 2, tested.stretches - 1)) * tested.typical, tested.largest)
    return Rest(
        expected + added,
        expected * wide + added * ROUGH,
        ahead,
        tested,
        tuple(name for name, kwh in by_others.items() if kwh is not None),
        tuple(name for name, kwh in by_others.items() if kwh is None),
    )


def backtest(buildings: Sequence[BuildingMonths], last: int, ahead: int) -> Backtest | Missing:
    """Every stretch of `ahead` months that ended by `last`, expected as it would have been from the month before it."""
    first = min((month for each in buildings for month in each.normal), default=last) + 12
    misses: dict[int, float] = {}
    for begins in range(first, last - ahead + 2):
        coming = range(begins, begins + ahead)
        pairs = [
            (expected, came)
            for each in buildings
            if (expected := _expected(each, coming)) is not None and (came := _total(each.used, coming)) is not None
        ]
        whole = sum(expected for expected, _ in pairs)
        if whole > 0 and len(pairs) >= TESTED_SHARE * len(buildings):
            misses[begins] = sum(came for _, came in pairs) / whole - 1
    stretches = (max(misses) - min(misses) + ahead) // ahead if misses else 0
    if stretches < FEWEST_STRETCHES:
        return Missing(
            f"Historiken är för kort: metoden kan prövas mot {stretches} tidigare perioder om {ahead} månader, och "
            f"{FEWEST_STRETCHES} behövs för att veta hur långt fel den brukar slå.",
            f"The history is too short: the method can be tried on {stretches} earlier stretches of {ahead} months, and "
            f"{FEWEST_STRETCHES} are needed to know how far it usually misses.",
        )
    typical = (sum(miss**2 for miss in misses.values()) / len(misses)) ** 0.5
    return Backtest(tuple(misses.values()), stretches, typical, max(abs(miss) for miss in misses.values()))


def _expected(building: BuildingMonths, coming: range) -> float | None:
    return _total(building.normal, range(coming.start - 12, coming.stop - 12))


def _total(known: Months, months: range) -> float | None:
    return sum(known[month] for month in months) if all(month in known for month in months) else None


def _by_others(building: BuildingMonths, others: Sequence[BuildingMonths], coming: range) -> float | None:
    """By the last year's months that are known of both; None where there are none."""
    before = [month for month in range(coming.start - 12, coming.start) if month in building.normal]
    alike = [each for each in others if all(month in each.normal for month in before)]
    base = sum(each.normal[month] for each in alike for month in before)
    if not before or base <= 0:
        return None
    rest = sum(_expected(each, coming) or 0.0 for each in alike)
    return sum(building.normal[month] for month in before) * rest / base
