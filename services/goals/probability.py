"""Where a figure of twelve months will be at a later month's end, as a distribution that says how little is known.

The model is a random walk, with a trend only where one can be told from chance. It is held to little because little is known: a
goal is judged from a handful of years, or from two or three years of rolling twelve-month sums.

- The spread over a horizon is not derived from shorter steps: it is read off the series' own changes over that horizon, or over
  half of the series where the horizon is longer, and grows with time beyond that. Twelve-month sums that overlap move together,
  and so do the weather and the use of buildings; steps of one month would promise too much.
- It is a Student distribution; its degrees of freedom are the changes that do not overlap.
- A trend is carried on where the series spans four years or more, shrunk by how surely it is one (positive-part James-Stein):
  a trend less than twice its standard error is none. On real estate data a trend of two or three years was wrong as often as not.
- No further ahead than the series reaches back.
- Positive figures move by shares of themselves (logarithms).

The conventions are our own [U]; how often the 80 % bands held is in `benchmarks/goal_backtest.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

METHOD = "goal-1"
TREND_FROM_MONTHS = 48
SURE = 4.0  # squared ratio of trend to its standard error, below which it is chance
LEAST_YEARLY_SPREAD = 0.005  # of the figure: a series that never moved is rounded, not certain
FEWEST_CHANGES = 3
NORMAL_90 = 1.6448536269514722  # half width of a 90 % interval in standard deviations


@dataclass(frozen=True, slots=True)
class Distribution:
    """A Student distribution on the scale of the figure, or of its logarithm."""

    centre: float
    spread: float
    freedom: float
    logarithmic: bool

    def at_most(self, value: float) -> float:
        """The probability of `value` or less. [0..1]"""
        if self.logarithmic and value <= 0:
            return 0.0
        scaled = math.log(value) if self.logarithmic else value
        return float(stats.t.cdf((scaled - self.centre) / self.spread, self.freedom))

    def quantile(self, share: float) -> float:
        """The value that `share` of the probability lies below."""
        scaled = self.centre + self.spread * float(stats.t.ppf(share, self.freedom))
        return math.exp(min(scaled, 700.0)) if self.logarithmic else scaled


class Series:
    """Values of twelve months each, by the month that they end with.

    Args:
        months: year * 12 + month, rising, none twice.
        values: in one unit.
        uncertainty: half width of the last value's own 90 % interval, in that unit.
    Raises:
        ValueError: fewer than two values, months that do not rise, values that are not finite.
    """

    def __init__(self, months: Sequence[int], values: Sequence[float], uncertainty: float = 0.0) -> None:
        self.months = np.asarray(months, dtype=np.int64)
        self.values = np.asarray(values, dtype=np.float64)
        if len(self.months) != len(self.values) or len(self.months) < 2 or not (np.diff(self.months) > 0).all():
            raise ValueError("two values or more, and months that rise")
        if not np.isfinite(self.values).all():
            raise ValueError("a value that is no number")
        self.uncertainty = uncertainty
        self.logarithmic = bool((self.values > 0).all())
        self._scaled = np.log(self.values) if self.logarithmic else self.values

    @property
    def span(self) -> int:
        """Months between the first value and the last."""
        return int(self.months[-1] - self.months[0])

    @cached_property
    def _step(self) -> int:
        return int(np.gcd.reduce(np.diff(self.months)))

    def ahead(self, months: int) -> Distribution | None:
        """The figure `months` (>= 1) after the last value; None where the series is too short or too broken to know its spread.

        The caller decides how far ahead is too far.
        """
        over, changes = self._changes(min(months, max(self.span // 2, self._step)))
        if len(changes) < FEWEST_CHANGES:
            return None
        independent = (len(changes) * self._step + over - self._step) / over
        trend, weight, error = self._trend()
        freedom = max(1.0, independent - weight)
        square = float(np.mean((changes - over * weight * trend) ** 2)) * independent / freedom
        variance = square * months / over + weight * (months * error) ** 2
        return Distribution(
            float(self._scaled[-1]) + months * weight * trend,
            math.sqrt(max(variance, self._least(months))),
            freedom,
            self.logarithmic,
        )

    def _changes(self, longest: int) -> tuple[int, NDArray[np.float64]]:
        """The longest distance, at most `longest`, at which enough changes are known; and those changes."""
        place = {int(month): index for index, month in enumerate(self.months)}
        changes = np.empty(0)
        for over in range(max(longest // self._step, 1) * self._step, 0, -self._step):
            pairs = [(index, place[month + over]) for month, index in place.items() if month + over in place]
            changes = np.array([self._scaled[later] - self._scaled[earlier] for earlier, later in pairs])
            if len(changes) >= FEWEST_CHANGES:
                return over, changes
        return self._step, changes

    def _trend(self) -> tuple[float, float, float]:
        """Trend a month, the share of it that is believed, and its standard error."""
        if self.span < TREND_FROM_MONTHS:
            return 0.0, 0.0, 0.0
        trend = float(self._scaled[-1] - self._scaled[0]) / self.span
        over, changes = self._changes(12)
        independent = self.span / over
        if len(changes) < FEWEST_CHANGES or independent <= 1:
            return 0.0, 0.0, 0.0
        a_month = float(np.mean((changes - over * trend) ** 2)) / over * independent / (independent - 1)
        error = math.sqrt(a_month / self.span)
        if trend == 0.0:
            return 0.0, 0.0, error
        return trend, max(0.0, 1.0 - SURE * (error / trend) ** 2), error

    def _least(self, months: int) -> float:
        """The variance that rounding and the values' own uncertainty leave in any case."""
        last = float(self.values[-1])
        size = 1.0 if self.logarithmic else max(abs(last), float(np.abs(self.values).max()), 1e-12)
        own = self.uncertainty / NORMAL_90 / (last if self.logarithmic else 1.0)
        return (LEAST_YEARLY_SPREAD * size) ** 2 * months / 12 + own**2
