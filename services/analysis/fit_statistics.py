"""How well a model follows what was measured, in the numbers that the field compares. Pure. Domain facts 3.3."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_R2 = 0.6  # LBNL BETTER's default [V in its code]
GREATEST_CVRMSE_DAILY = 25.0  # house rule [U]; ASHRAE Guideline 14 has no limit for days [S]
GREATEST_NMBE = 5.0  # ASHRAE Guideline 14, monthly [S]


@dataclass(frozen=True, slots=True)
class FitStatistics:
    """Of `n` values and a model with `p` parameters.

    Attributes:
        r2: share of the variation that the model explains; at most 1, below 0 where the mean would do better.
        cvrmse, nmbe: as domain facts 3.3 define them, with n - p. [%]
        lag: correlation of each residual with the one before: near 1 where the model misses for weeks at a time.
    """

    n: int
    p: int
    r2: float
    cvrmse: float
    nmbe: float
    lag: float

    @property
    def usable(self) -> bool:
        """Whether figures may rest on the model; see `verdict`."""
        return self.r2 >= LEAST_R2 and self.cvrmse <= GREATEST_CVRMSE_DAILY and abs(self.nmbe) <= GREATEST_NMBE

    @property
    def verdict(self) -> tuple[str, str]:
        """In words, Swedish and English."""
        numbers = f"R² {self.r2:.2f}, CVRMSE {self.cvrmse:.0f} %, NMBE {self.nmbe:.1f} %"
        swedish = numbers.replace(".", ",").replace("-", "\N{MINUS SIGN}")
        sv, en = ("är användbar", "is usable") if self.usable else self._fault
        return f"Modellen {sv} ({swedish}).", f"The model {en} ({numbers})."

    @property
    def _fault(self) -> tuple[str, str]:
        """The first that makes it unusable."""
        if self.r2 < LEAST_R2:
            return "förklarar för lite", "explains too little"
        if self.cvrmse > GREATEST_CVRMSE_DAILY:
            return "sprider för mycket", "scatters too much"
        return "ligger snett", "is biased"


def fit_statistics(measured: Floats, modelled: Floats, p: int) -> FitStatistics:
    """Compare values with a model's.

    Args:
        measured, modelled: of the same moments, in time's order and one unit.
        p: the model's parameters.
    Raises:
        ValueError: lengths that differ; no more values than parameters; a mean of nought.
    """
    n = len(measured)
    if n != len(modelled) or n <= p:
        raise ValueError(f"{n} values and {len(modelled)} modelled ones, of {p} parameters")
    mean = float(np.mean(measured))
    if mean == 0.0:
        raise ValueError("a mean of nought has no share")
    residuals = measured - modelled
    squares = float(residuals @ residuals)
    spread = float(np.sum((measured - mean) ** 2))
    return FitStatistics(
        n,
        p,
        1.0 - squares / spread if spread > 0 else 0.0,
        100.0 * float(np.sqrt(squares / (n - p))) / mean,
        100.0 * float(np.sum(residuals)) / ((n - p) * mean),
        float(residuals[1:] @ residuals[:-1]) / squares if squares > 0 else 0.0,
    )
