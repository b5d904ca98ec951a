"""Use avoided by a measure, against a baseline of the year before it (IPMVP option C), with a 90 % interval. Pure.

    saving = expected use of the days since, at their weather and kind of day - measured use of the same days

The interval is not that of the fit. Buildings change from year to year by more than the days of one year tell: an interval of
residuals covered the truth in 80, 73 and 57 % of trials of 30, 90 and 180 days that claimed 90 %. So it is calibrated: a
forecast's error is measured in units of

    scale = √(standard error of the fit² + (DRIFT · expected)²)

and the greatest of nine tenths of errors, in those units, was read off forecasts of years in which nothing was done, over four
years of sixteen public buildings. With the building itself left out the interval then held 85-93 % of 200 truths in each of 24
runs (`benchmarks.savings_coverage`, docs/savings.md). Those are English university buildings, a pandemic among their years: what
it is worth elsewhere a municipality learns by running the benchmark on its own buildings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from config.domain.indicators import Missing
from services.analysis.baseline import Baseline, Floats, fitted
from services.analysis.fit_statistics import GREATEST_CVRMSE_DAILY, LEAST_R2

BASELINE_DAYS = 365
LEAST_BASELINE_DAYS = 328  # nine tenths of them (domain facts 3.3) [U]
LEAST_SHARE = 0.9  # of the days since, house rule
LEAST_DAYS = 30  # since; of fewer nothing is calibrated
DRIFT = 0.08  # of the expected use; where fit and drift weigh alike
# windows [d] → nine tenths of |error| / scale, by `benchmarks.savings_coverage` [D]
HEAT_FACTORS: Mapping[int, float] = {30: 1.96, 90: 2.20, 180: 2.09, 365: 1.22}
OTHER_FACTORS: Mapping[int, float] = {30: 1.81, 90: 2.10, 180: 2.21, 365: 2.11}


@dataclass(frozen=True, slots=True)
class Estimate:
    """Attributes:
    saved, low, high: and its 90 % interval. [kWh]
    expected: what the baseline says of the days. [kWh]
    known, days: days that it was counted over, and days of the period.
    """

    saved: float
    low: float
    high: float
    expected: float
    known: int
    days: int
    baseline: Baseline


def scale_of(expected: float, standard_error: float) -> float:
    """The unit that errors of forecasts are measured in. [kWh]"""
    return float(np.hypot(standard_error, DRIFT * expected))


def factor(days: int, *, of_heat: bool) -> float:
    """How many scales the interval reaches; between the calibrated windows in proportion, beyond the last as there."""
    table = HEAT_FACTORS if of_heat else OTHER_FACTORS
    return float(np.interp(days, list(table), list(table.values())))


def estimate(days: pl.DataFrame, action: date, first: date, last: date, *, of_heat: bool) -> Estimate | Missing:
    """What was saved from `first` to `last`, both inside, by a measure taken on `action`.

    Args:
        days: `day`, `kwh` (null where not wholly known), `temperature_c` (null where not known), `day_off` (boolean).
    """
    known = days.filter(pl.col("kwh").is_not_null() & pl.col("temperature_c").is_not_null()).sort("day")
    before = known.filter(pl.col("day").is_between(action - timedelta(days=BASELINE_DAYS), action - timedelta(days=1)))
    since = known.filter(pl.col("day").is_between(max(first, action), last))
    length = (last - max(first, action)).days + 1
    lacking = _lacking(before.height, since.height, length)
    if lacking is not None:
        return lacking
    baseline = fitted(*_columns(before), of_heat=of_heat)
    if baseline is None:
        return _NO_MODEL
    if baseline.statistics.cvrmse > GREATEST_CVRMSE_DAILY or (of_heat and baseline.statistics.r2 < LEAST_R2):
        sv, en = baseline.statistics.verdict
        return Missing(f"Besparingen kan inte visas med modell. {sv}", f"The saving cannot be shown by a model. {en}")
    use, temperature, off = _columns(since)
    expected, error = baseline.expected(temperature, off)
    reach = factor(since.height, of_heat=of_heat) * scale_of(expected, error)
    saved = expected - float(np.sum(use))
    return Estimate(saved, saved - reach, saved + reach, expected, since.height, length, baseline)


def _columns(days: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    kwh, temperature, off = (days[name].cast(pl.Float64).to_numpy() for name in ("kwh", "temperature_c", "day_off"))
    return kwh, temperature, off


def _lacking(before: int, since: int, length: int) -> Missing | None:
    if before < LEAST_BASELINE_DAYS:
        return Missing(
            f"Baslinjen behöver året före åtgärden: {before} av {BASELINE_DAYS} dygn har både användning och temperatur, minst "
            f"{LEAST_BASELINE_DAYS} krävs; läs in det som fattas.",
            f"The baseline needs the year before the measure: {before} of {BASELINE_DAYS} days have both use and temperature, at "
            f"least {LEAST_BASELINE_DAYS} are needed; import what lacks.",
        )
    if length < LEAST_DAYS:
        return Missing(
            f"Bara {max(length, 0)} dygn har gått sedan åtgärden; minst {LEAST_DAYS} behövs.",
            f"Only {max(length, 0)} days have passed since the measure; at least {LEAST_DAYS} are needed.",
        )
    if since < LEAST_SHARE * length:
        return Missing(
            f"{since} av {length} dygn efter åtgärden har både användning och temperatur; minst nio av tio krävs.",
            f"{since} of {length} days since the measure have both use and temperature; at least nine of ten are needed.",
        )
    return None


_NO_MODEL = Missing(
    "Ingen modell passar dygnen före åtgärden: de är alla lika eller noll.",
    "No model fits the days before the measure: they are all alike or nought.",
)
