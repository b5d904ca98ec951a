"""Use by day, 06-22 local time, on days off (Saturdays, Sundays, holidays, free eves) above the days off that were as usual."""

from collections.abc import Iterable

import numpy as np

from config.domain.deviations import Deviation, DeviationKind
from services.analysis.deviations._expected import Mask
from services.analysis.deviations._seam import DAY_HOURS, Detector, Material
from services.analysis.deviations._use import Slot, Table, use_above

SLOT = Slot(
    kind=DeviationKind.WEEKEND,
    column="day_kw",
    hours=DAY_HOURS,
    keeps=14,
    fewest=8,
    where_sv="under lediga dagar (kl. 06–22)",
    where_en="on days off (06–22)",
    action_sv="Jämför drifttiderna med bokningarna; kontrollera att helg- och helgdagsschemat gäller.",
    action_en="Compare the hours of operation with the bookings; check that the weekend and holiday schedule is in force.",
)


def find(material: Material) -> Iterable[Deviation]:
    off = ~material.days["working"].to_numpy()

    def days_off(seen: Table) -> Mask:
        return np.broadcast_to(off, seen.values.shape)

    return use_above(material, SLOT, days_off)


DETECTOR = Detector(DeviationKind.WEEKEND, find)
