"""No register value for longer than the meter takes: a day, three times its agreed interval, or 1.5 times its longest usual step.

A meter that is read once a day or a month is silent when it is late, not between its readings. A meter of which something is
still being settled, or that began to speak just now, is not judged: its history may be on its way.

A meter that was never heard is another thing than one that fell silent: it is told when the service has listened for as long as
the meter takes and no history is being settled, and its days are counted from when anything of it could have come.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Installation, MeteringPoint
from services.analysis.deviations._meters import ACTION_NEVER_HEARD, ACTION_SILENT, installed, metering_fault, usual_day
from services.analysis.deviations._seam import Detector, Material

LEAST = timedelta(hours=24)
NEVER_HEARD = "never_heard"  # in the evidence
_INTERVALS = 3
_STEPS = 1.5


def find(material: Material) -> Iterable[Deviation]:
    told = {key[0]: rows for key, rows in material.hours.partition_by("point", as_dict=True).items()}
    for point in material.portfolio.points.values():
        meter = installed(material, point)
        if meter is None or point.building not in material.buildings or point.id in material.hearing.unsettled:
            continue
        rows = told.get(point.id, material.hours.clear())
        known = rows.filter(pl.col("value").is_not_null() & pl.col("method").is_in(["measured", "interpolated"]))
        last = known["time"].max()
        if isinstance(last, datetime):
            yield from _fell_silent(material, point, meter, known, last + timedelta(hours=1))
        elif meter.meter in material.hearing.last:
            yield from _fell_silent(material, point, meter, known, max(meter.start, material.hearing.last[meter.meter]))
        else:
            yield from _never_heard(material, point, meter, known)


def _fell_silent(
    material: Material, point: MeteringPoint, meter: Installation, known: pl.DataFrame, quiet: datetime
) -> Iterable[Deviation]:
    allowed = _allowed(point, known)
    began = material.hearing.first.get(meter.meter)
    speaks_newly = began is not None and material.until - began < allowed
    if material.until - quiet >= allowed and not speaks_newly:
        words = ("har varit tyst i {days} dygn", "has been silent for {days} days")
        yield metering_fault(material, DETECTOR.kind, point, quiet, allowed, usual_day(known), words, ACTION_SILENT)


def _never_heard(material: Material, point: MeteringPoint, meter: Installation, known: pl.DataFrame) -> Iterable[Deviation]:
    hearing, allowed = material.hearing, _allowed(point, known)
    if hearing.listening is None or hearing.earliest is None or hearing.catching_up:
        return
    if material.until - max(hearing.listening, meter.start) < allowed:
        return
    since = max(hearing.earliest, meter.start)
    words = (
        "har aldrig hörts: på {days} dygn har inget värde kommit",
        "has never been heard: no value has come in {days} days",
    )
    facts = {NEVER_HEARD: True, "installed": meter.start.isoformat()}
    yield metering_fault(material, DETECTOR.kind, point, since, allowed, None, words, ACTION_NEVER_HEARD, facts)


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
