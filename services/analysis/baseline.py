"""Daily use before a measure, as a function of the weather and of the kind of day: what would have been used without it. Pure.

    E(day) = b0 + bo · [day off] + bh · max(0, Th - T) + bc · max(0, T - Tc)          [kWh/d]

Heat has no cooling term. Change points are tried on a grid and the criterion (BIC) picks them, none where they are not worth it.
A year that bends with the season besides the weather (terms, light) is not modelled: tried on four years of sixteen buildings, a
yearly wave made forecasts worse (docs/savings.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.analysis.fit_statistics import FitStatistics, fit_statistics

Floats = NDArray[np.float64]

BALANCES_C: Floats = np.arange(5.0, 21.0)  # tried for Th
COOLS_FROM_C: Floats = BALANCES_C[8:]  # tried for Tc
_LAG_AT_MOST = 0.95


@dataclass(frozen=True)
class Baseline:
    """Attributes:
    coefficients: of the columns of `design`.
    heats_below, cools_above: change points; None where there is none. [°C]
    variance: of a day's residual. [kWh²]
    covariance: of the coefficients.
    """

    coefficients: Floats
    heats_below: float | None
    cools_above: float | None
    statistics: FitStatistics
    variance: float
    covariance: Floats

    def design(self, temperature_c: Floats, day_off: Floats) -> Floats:
        """[n × coefficients]"""
        return _design(temperature_c, day_off, self.heats_below, self.cools_above)

    def expected(self, temperature_c: Floats, day_off: Floats) -> tuple[float, float]:
        """Use of these days in all, and the standard error that the fit itself gives it. [kWh]

        Residuals that follow each other are counted as fewer. How buildings change from year to year is not in it: see
        `services.analysis.savings`.
        """
        columns = self.design(temperature_c, day_off)
        added = columns.sum(axis=0)
        lag = min(max(self.statistics.lag, 0.0), _LAG_AT_MOST)
        own = float(added @ self.covariance @ added) + len(columns) * self.variance
        return float(added @ self.coefficients), float(np.sqrt(own * (1 + lag) / (1 - lag)))


def fitted(use: Floats, temperature_c: Floats, day_off: Floats, *, of_heat: bool) -> Baseline | None:
    """The baseline of the least Bayesian information criterion; None where the days carry none (all alike, all nought).

    Args:
        use: of whole days. [kWh/d]
        temperature_c, day_off (1.0 or 0.0): of the same days. No NaN.
    """
    n = len(use)
    if n < 30 or float(np.mean(use)) <= 0.0:
        return None
    pairs: list[tuple[float | None, float | None]] = [(None, None), *((float(at), None) for at in BALANCES_C)]
    if not of_heat:
        pairs += [(None, float(at)) for at in COOLS_FROM_C]
    best: tuple[float, Baseline] | None = None
    for below, above in pairs:
        columns = _design(temperature_c, day_off, below, above)
        solved, _, rank, _ = np.linalg.lstsq(columns, use, rcond=None)
        coefficients = solved.astype(np.float64)
        if rank < columns.shape[1] or (columns.shape[1] > 2 and coefficients[2] < 0):
            continue
        parameters = columns.shape[1] + (below is not None) + (above is not None)
        modelled = columns @ coefficients
        squares = max(float(np.sum((use - modelled) ** 2)), n * (1e-9 * float(np.mean(use))) ** 2)
        criterion = n * float(np.log(squares / n)) + parameters * float(np.log(n))
        if best is None or criterion < best[0]:
            variance = squares / (n - parameters)
            covariance = variance * np.linalg.inv(columns.T @ columns)
            statistics = fit_statistics(use, modelled, parameters)
            best = (criterion, Baseline(coefficients, below, above, statistics, variance, covariance))
    return None if best is None else best[1]


def _design(temperature_c: Floats, day_off: Floats, below: float | None, above: float | None) -> Floats:
    columns = [np.ones_like(temperature_c), day_off]
    if below is not None:
        columns.append(np.maximum(0.0, below - temperature_c))
    if above is not None:
        columns.append(np.maximum(0.0, temperature_c - above))
    return np.column_stack(columns)
