"""Where a year will end: what is used so far and the rest at normal weather, and how far the method usually misses. Pure.

    F = Σ used (January .. m) + Σ expected (m+1 .. December)

What is expected of a month is what the building used in the same month of the last twelve, in normal weather. The building's own
year is the model: it knows its holidays and its ice. Nothing is scaled by how this year has gone so far; on the estate data that
made the misses larger at every length (docs/figures.md has the figures).

A building without those months (bought in the year, or a hole) is taken to follow the others' year: what it used in the months
that are known of it, times what the others use in the rest of the year against what they used in those. Half of what is added so
is doubt. [U]

The interval is not the model's own opinion. The same is asked of every month of the past as if one stood there, for as many
months ahead; what came, with its weather, less what was expected is the miss. Misses are counted by what as many average months
of the buildings use: in kilowatt-hours a mild April is missed by about as much as a cold December, by share by much more. The
half width is that of a Student distribution with as many degrees of freedom as there are stretches that do not overlap, and
never so small that more than a tenth of the misses would have lain outside.

Source: ../shared/domain.md section 8 (F, interval from model error).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from scipy import stats

from config.domain.indicators import Missing

METHOD = "year-end-1"
LIKELY = 0.9  # of the outcomes lie in the interval
FEWEST_STRETCHES = 3  # that do not overlap: of fewer the spread is not known
TESTED_SHARE = 0.5  # of the buildings must be known in a stretch of the past
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
        misses: what came less what was expected, by what as many average months use; in the order of time.
        stretches: how many of them do not overlap.
    """

    misses: tuple[float, ...]
    stretches: int

    @property
    def typical(self) -> float:
        """Root mean square of the misses."""
        return float((sum(miss**2 for miss in self.misses) / len(self.misses)) ** 0.5)

    @property
    def largest(self) -> float:
        """Of the misses, without its sign."""
        return max(abs(miss) for miss in self.misses)

    @property
    def half_width(self) -> float:
        """Of the 90 % interval that the misses speak for."""
        sizes = sorted(abs(miss) for miss in self.misses)
        nine_tenths = sizes[ceil(LIKELY * len(sizes)) - 1]
        return max(float(stats.t.ppf((1 + LIKELY) / 2, self.stretches - 1)) * self.typical, nine_tenths)


@dataclass(frozen=True, slots=True)
class Rest:
    """What is expected of the rest of the year, in normal weather. [kWh]

    Attributes:
        half_width: of its 90 % interval, weather included.
        usual: what as many average months use: what the misses of `backtest` are shares of.
        months: how many remain.
        by_others: the buildings that are taken to follow the others' year.
        unknown: those of which no month is known, and which are not in it.
    """

    kwh: float
    half_width: float
    usual: float
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
    usual = sum(_usual(each, coming) for each in own)
    return Rest(
        expected + added,
        usual * tested.half_width + added * ROUGH,
        usual,
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
            (came - expected, _usual(each, coming))
            for each in buildings
            if (expected := _expected(each, coming)) is not None and (came := _total(each.used, coming)) is not None
        ]
        usual = sum(size for _, size in pairs)
        if usual > 0 and len(pairs) >= TESTED_SHARE * len(buildings):
            misses[begins] = sum(missed for missed, _ in pairs) / usual
    stretches = (max(misses) - min(misses) + ahead) // ahead if misses else 0
    if stretches < FEWEST_STRETCHES:
        return Missing(
            f"Historiken är för kort. Metoden kan prövas mot {stretches} tidigare perioder om {ahead} månader, och "
            f"{FEWEST_STRETCHES} behövs för att veta hur långt fel den brukar slå.",
            f"The history is too short. The method can be tried on {stretches} earlier stretches of {ahead} months, and "
            f"{FEWEST_STRETCHES} are needed to know how far it usually misses.",
        )
    return Backtest(tuple(misses.values()), stretches)


def _expected(building: BuildingMonths, coming: range) -> float | None:
    return _total(building.normal, range(coming.start - 12, coming.stop - 12))


def _usual(building: BuildingMonths, coming: range) -> float:
    """What as many months of the year before use on average; at least those that are coming are known of it."""
    known = [building.normal[month] for month in range(coming.start - 12, coming.start) if month in building.normal]
    return len(coming) * sum(known) / len(known)


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
