"""No register value for longer than the meter takes: a day, three times its agreed interval, or 1.5 times its longest usual step.

A meter that is read once a day or a month is silent when it is late, not between its readings.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import MeteringPoint
from services.analysis.deviations._meters import ACTION_SILENT, installed, metering_fault, usual_day
from services.analysis.deviations._seam import Detector, Material

LEAST = timedelta(hours=24)
_INTERVALS = 3
_STEPS = 1.5


def find(material: Material) -> Iterable[Deviation]:
    told = {key[0]: rows for key, rows in material.hours.partition_by("point", as_dict=True).items()}
    first = material.hours["time"].min()
    for point in material.portfolio.points.values():
        since = installed(material, point)
        if since is None or point.building not in material.buildings:
            continue
        rows = told.get(point.id, material.hours.clear())
        known = rows.filter(pl.col("value").is_not_null() & pl.col("method").is_in(["measured", "interpolated"]))
        last = known["time"].max()
        if isinstance(last, datetime):
            quiet = last + timedelta(hours=1)
        else:
            quiet = max(since, first) if isinstance(first, datetime) else since
        allowed = _allowed(point, known)
        if material.until - quiet >= allowed:
            words = ("har varit tyst", "has been silent")
            yield metering_fault(material, DETECTOR.kind, point, quiet, allowed, usual_day(known), words, ACTION_SILENT)


def _allowed(point: MeteringPoint, known: pl.DataFrame) -> timedelta:
    allowed = LEAST
    if point.interval_s is not None:
        allowed = max(allowed, _INTERVALS * timedelta(seconds=point.interval_s))
    if "span_start" in known.columns:
        step = (known["span_end"] - known["span_start"]).max()
        if isinstance(step, timedelta):
            allowed = max(allowed, _STEPS * step)
    return allowed


DETECTOR = Detector(DeviationKind.SILENT_METER, find)
