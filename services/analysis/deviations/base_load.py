"""The base load has risen: the lowest night hours lie above those of the last two months, week after week."""

from collections.abc import Iterable

import numpy as np

from config.domain.deviations import Deviation, DeviationKind
from services.analysis.deviations._seam import ALL_HOURS, Detector, Material
from services.analysis.deviations._use import Slot, use_above

SLOT = Slot(
    kind=DeviationKind.BASE_LOAD,
    column="low_kw",
    hours=ALL_HOURS,  # a base load runs all day
    keeps=56,
    fewest=28,
    where_sv="som aldrig stängs av (baslasten)",
    where_en="that is never switched off (the base load)",
    action_sv="Sök det som tillkommit och går dygnet runt: fläktar, pumpar, kyla, serverrum, markvärme.",
    action_en="Look for what is new and runs day and night: fans, pumps, cooling, server rooms, ground heating.",
    share_of_rule=0.75,  # a base load is steadier than the nights' mean, and costs every hour of the year
    carriers=("electricity",),  # that of heat is hot water and circulation: see heat in warm weather
)


def find(material: Material) -> Iterable[Deviation]:
    return use_above(material, SLOT, lambda seen: np.ones(seen.values.shape, dtype=np.bool_))


DETECTOR = Detector(DeviationKind.BASE_LOAD, find)
