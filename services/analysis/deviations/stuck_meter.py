"""The same value hour after hour, for much longer than the meter ever did: a register that stands still, a sender that repeats.

A run of noughts is a gap and no saving (domain facts section 9, trap 17). Not judged: solar plants (night, snow), and heat on
days that may need none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Carrier
from services.analysis.deviations._expected import Matrix
from services.analysis.deviations._meters import ACTION_STUCK, installed, metering_fault, usual_day
from services.analysis.deviations._noughts import COLD_C, HEAT
from services.analysis.deviations._seam import Detector, Material

LEAST_HOURS = 36
_TIMES = 3  # its longest run before
_HISTORY_HOURS = 14 * 24  # before the run, to know how long its runs are


def find(material: Material) -> Iterable[Deviation]:
    told = {key[0]: rows for key, rows in material.hours.partition_by("point", as_dict=True).items()}
    cold = set(material.weather.filter(pl.col("temperature_c") <= COLD_C)["day"])
    for point in material.portfolio.points.values():
        rows = told.get(point.id)
        if rows is None or point.carrier is Carrier.SOLAR or installed(material, point) is None:
            continue
        if point.id in material.hearing.unsettled:
            continue
        known = rows.filter(pl.col("value").is_not_null() & (pl.col("method") == "measured")).sort("time")
        if point.carrier in HEAT:
            known = known.filter(pl.col("day").is_in(cold) | (pl.col("value") > 0))
        if known.height <= _HISTORY_HOURS:
            continue
        last: datetime = known["time"][-1]
        if material.until - last > timedelta(hours=24):
            continue  # then it is silent
        run, longest = _runs(known["value"].to_numpy())
        least = max(LEAST_HOURS, _TIMES * longest)
        if run >= least and known.height - run >= _HISTORY_HOURS:
            before = known.head(known.height - run)
            words = ("har visat samma värde varje timme i {days} dygn", "has shown the same value every hour for {days} days")
            since: datetime = known["time"][known.height - run]
            yield metering_fault(
                material, DETECTOR.kind, point, since, timedelta(hours=int(least)), usual_day(before), words, ACTION_STUCK
            )


def _runs(values: Matrix) -> tuple[int, int]:
    """Length of the last run of equal values, and of the longest before it."""
    edges = np.flatnonzero(np.diff(values) != 0) + 1
    lengths = np.diff(np.concatenate([[0], edges, [len(values)]]))
    return int(lengths[-1]), int(lengths[:-1].max()) if len(lengths) > 1 else 0


DETECTOR = Detector(DeviationKind.STUCK_METER, find)
