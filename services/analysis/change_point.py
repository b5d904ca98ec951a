"""Use by outdoor temperature: a base, and a slope beyond a change point. Pure. Domain facts 3.3.

    3P heating: E(T) = b0 + bh · max(0, Th - T)
    3P cooling: E(T) = b0 + bc · max(0, T - Tc)
    5P:         E(T) = b0 + bh · max(0, Th - T) + bc · max(0, T - Tc), Th <= Tc

With change points given the rest is linear, so the least sum of squares is found by trying all change points of a grid, all of
them at once. Slopes are never below nought: a heating slope that falls with cold is no heating.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from config.domain.indicators import Missing
from services.analysis.fit_statistics import FitStatistics, fit_statistics

Floats = NDArray[np.float64]

STEP_K = 0.5  # of the grid of change points
LEAST_DAYS = 60
LEAST_BEYOND = 10  # days beyond a change point, else it is drawn through a handful
LEAST_REACH_K = 10.0  # between the coldest and the warmest twentieth of the days
WORTH = 10.0  # by how much BIC must fall for two more parameters: "very strong" in Kass and Raftery's reading [U]


@dataclass(frozen=True, slots=True)
class ChangePointModel:
    """Daily use as a function of the day's mean temperature.

    Attributes:
        base: use that does not follow the weather. [kWh/d]
        heating, cooling: slopes; 0 where there is none. [kWh/(d·K)]
        heats_below, cools_above: change points; None where there is none. [°C]
        covariance: of base and slopes, in that order, change points taken as known. [n×n]
    """

    base: float
    heating: float
    cooling: float
    heats_below: float | None
    cools_above: float | None
    statistics: FitStatistics
    covariance: Floats

    @property
    def shape(self) -> str:
        """3P heating, 3P cooling, 5P or flat."""
        if self.heats_below is not None and self.cools_above is not None:
            return "5P"
        if self.heats_below is not None:
            return "3P heating"
        return "flat" if self.cools_above is None else "3P cooling"

    def design(self, temperature_c: Floats) -> Floats:
        """The columns that base and slopes multiply. [n × parameters]"""
        return _design(temperature_c, self.heats_below, self.cools_above)

    def predict(self, temperature_c: Floats) -> Floats:
        """Use of days of these mean temperatures. [kWh/d]"""
        slopes = [slope for slope, at in ((self.heating, self.heats_below), (self.cooling, self.cools_above)) if at is not None]
        return np.asarray(self.design(temperature_c) @ np.array([self.base, *slopes]), dtype=np.float64)


def fit(temperature_c: Floats, kwh_per_day: Floats) -> ChangePointModel | Missing:
    """The model of the least Bayesian information criterion; more parameters must be worth it.

    Args:
        temperature_c, kwh_per_day: of the same days, in time's order; no NaN.
    Returns:
        Missing where there are too few days, or all of a like temperature.
    """
    if len(temperature_c) < LEAST_DAYS:
        return Missing(
            f"{len(temperature_c)} dygn räcker inte till en energisignatur; minst {LEAST_DAYS} behövs.",
            f"{len(temperature_c)} days are too few for an energy signature; at least {LEAST_DAYS} are needed.",
        )
    low, high = np.quantile(temperature_c, [0.05, 0.95])
    if high - low < LEAST_REACH_K:
        return Missing(
            f"Dygnen skiljer bara {high - low:.0f} K; en energisignatur behöver både kalla och varma.",
            f"The days differ by {high - low:.0f} K only; an energy signature needs cold and warm ones.",
        )
    if float(np.mean(kwh_per_day)) == 0.0:
        return Missing("Ingen energi användes.", "No energy was used.")
    candidates = _candidates(temperature_c)
    shapes: list[list[tuple[float | None, float | None]]] = [
        [(None, None)],
        [(at, None) for at in candidates],
        [(None, at) for at in candidates],
        list(combinations_with_replacement(candidates[::2], 2)),
    ]
    best: ChangePointModel | None = None
    least = np.inf
    for shape in shapes:
        found = _least_squares(temperature_c, kwh_per_day, shape)
        if found is not None:
            criterion = _criterion(found, kwh_per_day)
            if criterion < least - (WORTH if best is not None else 0.0):
                best, least = found, criterion
    if best is None:
        return Missing("Ingen modell passar dygnen.", "No model fits the days.")
    return best


def _candidates(temperature_c: Floats) -> list[float]:
    """Change points with days enough on both sides. [°C]"""
    ordered = np.sort(temperature_c)
    first, last = ordered[LEAST_BEYOND], ordered[-LEAST_BEYOND - 1]
    grid = np.arange(np.ceil(first / STEP_K), np.floor(last / STEP_K) + 1) * STEP_K
    return [float(at) for at in grid]


def _design(temperature_c: Floats, heats_below: float | None, cools_above: float | None) -> Floats:
    columns = [np.ones_like(temperature_c)]
    if heats_below is not None:
        columns.append(np.maximum(0.0, heats_below - temperature_c))
    if cools_above is not None:
        columns.append(np.maximum(0.0, temperature_c - cools_above))
    return np.column_stack(columns)


def _least_squares(
    temperature_c: Floats, use: Floats, change_points: list[tuple[float | None, float | None]]
) -> ChangePointModel | None:
    """The best of change points of one shape, all solved at once; None where every slope would be below nought."""
    designs = np.stack([_design(temperature_c, *pair) for pair in change_points])
    normal = np.einsum("cni,cnj->cij", designs, designs)
    right = np.einsum("cni,n->ci", designs, use)
    whole = np.linalg.cond(normal) < 1e12
    if not whole.any():
        return None
    kept = np.flatnonzero(whole)
    solved = np.linalg.solve(normal[kept], right[kept][..., None])[..., 0]
    squares = np.sum((use[None, :] - np.einsum("cni,ci->cn", designs[kept], solved)) ** 2, axis=1)
    squares[(solved[:, 1:] < 0).any(axis=1)] = np.inf
    at = int(np.argmin(squares))
    if not np.isfinite(squares[at]):
        return None
    below, above = change_points[int(kept[at])]
    points = sum(item is not None for item in (below, above))
    parameters = 1 + 2 * points
    coefficients = solved[at]
    statistics = fit_statistics(use, designs[kept[at]] @ coefficients, parameters)
    variance = float(squares[at]) / (len(use) - parameters)
    return ChangePointModel(
        float(coefficients[0]),
        float(coefficients[1]) if below is not None else 0.0,
        float(coefficients[-1]) if above is not None else 0.0,
        below,
        above,
        statistics,
        variance * np.linalg.inv(normal[kept[at]]),
    )


def _criterion(model: ChangePointModel, use: Floats) -> float:
    """Bayesian information criterion; a fit without any residual is as good as one of a billionth."""
    n, p = model.statistics.n, model.statistics.p
    root = model.statistics.cvrmse / 100.0 * abs(float(np.mean(use)))
    mean_square = max(root**2 * (n - p) / n, (1e-9 * float(np.mean(np.abs(use)))) ** 2)
    return n * float(np.log(mean_square)) + p * float(np.log(n))
