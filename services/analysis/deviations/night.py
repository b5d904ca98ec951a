"""Use at night, 00-05 local time, above the nights that were as usual: something is left on."""

from collections.abc import Iterable

import numpy as np

from config.domain.deviations import Deviation, DeviationKind
from services.analysis.deviations._seam import NIGHT_HOURS, Detector, Material
from services.analysis.deviations._use import Slot, use_above

SLOT = Slot(
    kind=DeviationKind.NIGHT,
    column="night_kw",
    hours=NIGHT_HOURS,
    keeps=28,
    fewest=14,
    where_sv="nattetid (kl. 00–05)",
    where_en="at night (00–05)",
    action_sv="Gå igenom drifttider för ventilation, belysning och kök; något står på när ingen är där.",
    action_en="Check the hours of ventilation, lighting and kitchen: something runs when nobody is there.",
)


def find(material: Material) -> Iterable[Deviation]:
    return use_above(material, SLOT, lambda seen: np.ones(seen.values.shape, dtype=np.bool_))


DETECTOR = Detector(DeviationKind.NIGHT, find)
