"""Heat on warm days above what hot water and circulation took on the warm days before.

A warm day has a mean of 17 °C or more: by the degree days' own base it needs no heating (domain facts section 3.1). The days are
remembered from one summer to the next. A building that heated in every warm day it was measured is not told: that is its usual.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from config.domain.deviations import Deviation, DeviationKind
from services.analysis.deviations._expected import BALANCE_C, expectation, so_far
from services.analysis.deviations._seam import ALL_HOURS, Detector, Material
from services.analysis.deviations._use import Slot, table, temperature, told

WORTH = 0.10  # of the mean of the last year: what lies below is a pipe that loses a little, and would be told every summer

SLOT = Slot(
    kind=DeviationKind.WARM_WEATHER,
    column="mean_kw",
    hours=ALL_HOURS,
    keeps=20,
    fewest=8,
    where_sv="på varma dagar (dygnsmedel minst 17 °C)",
    where_en="on warm days (daily mean 17 °C or more)",
    action_sv="Kontrollera att värmekretsens pump och ventil stänger vid värmestopp, och utegivarens placering.",
    action_en="Check that the heating circuit's pump and valve close in warm weather, and where the outdoor sensor sits.",
    carriers=("district_heating", "gas", "oil", "biofuel"),
)


def find(material: Material) -> Iterable[Deviation]:
    seen = table(material, SLOT.column, SLOT.carriers)
    if not seen.subjects:
        return ()
    weather = temperature(material)
    warm = np.broadcast_to(np.nan_to_num(weather, nan=-99.0) >= BALANCE_C, seen.values.shape)
    rule = SLOT.rule(material)
    worth = np.maximum(rule.least, WORTH * so_far(seen.values))
    return told(material, SLOT, seen, expectation(seen.values, warm, weather, replace(rule, least=worth)))


DETECTOR = Detector(DeviationKind.WARM_WEATHER, find)
