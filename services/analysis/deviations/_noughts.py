"""Days without any use in a building that always uses some: the meter stood still, and nothing is known of them. Pure.

A run of noughts is a gap and no saving (domain facts section 9, trap 17). Learned from, it would make the whole of the building's
ordinary use a waste when the meter is mended. A building that is closed now and then shows noughts from its first weeks
and keeps them; one that is shut for good is believed after `FORGET_DAYS`. Nothing after a day is looked at to judge it.
"""

import numpy as np
import polars as pl

from config.domain.estate import Carrier
from services.analysis.deviations._expected import Mask, Matrix

COLD_C = 10.0  # a day that needs heat
HEAT = (Carrier.DISTRICT_HEATING, Carrier.OIL, Carrier.GAS, Carrier.BIOFUEL)
FORGET_DAYS = 90  # as of `Rule`
_NOUGHT_SHARE = 0.01  # of the usual day
_LEAST_DAYS = 28  # with use, before a day without can be odd
_RARE = 0.01  # share of days without use, up to which a building always uses some


def always_needed(carriers: pl.Series, temperature_c: Matrix) -> Mask:
    """[subjects, days]: when a building that uses the carrier at all uses some: electricity always, heat when it is cold."""
    cold = np.nan_to_num(temperature_c, nan=np.inf) <= COLD_C
    electricity = (carriers == Carrier.ELECTRICITY.value).to_numpy()[:, None]
    heat = carriers.is_in([each.value for each in HEAT]).to_numpy()[:, None]
    needed: Mask = electricity | (heat & cold[None, :])
    return needed


def stood_still(daily_kwh: Matrix, needed: Mask) -> Mask:
    """[subjects, days]: the meter showed nothing on a day on which the building must have used some.

    Args:
        daily_kwh: NaN where not known.
        needed: of `always_needed`.
    """
    subjects, days = daily_kwh.shape
    still = np.zeros((subjects, days), dtype=np.bool_)
    total, used, without, run = (np.zeros(subjects) for _ in range(4))
    for day in range(days):
        value = daily_kwh[:, day]
        known = np.isfinite(value)
        nought = known & (np.abs(value) <= _NOUGHT_SHARE * total / np.maximum(used, 1))
        odd = nought & needed[:, day] & (used >= _LEAST_DAYS) & (without <= _RARE * used) & (run < FORGET_DAYS)
        still[:, day] = odd
        run = np.where(odd, run + 1, np.where(known & ~nought, 0, run))
        without += nought & ~odd
        used += known & ~nought
        total += np.where(known & ~nought, np.nan_to_num(value), 0.0)
    return still
