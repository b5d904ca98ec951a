"""Whether the levels that a person read off two meters can be true beside the readings. Pure.

A wrong digit on a work order becomes use that never was, so it is asked about before it is booked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from config.domain.estate import Direction, MeteringPoint

AROUND = timedelta(days=7)  # readings this far on either side tell the point's pace
_MANY = 10.0  # times the usual highest pace: more than a winter morning, less than a digit
_HIGHEST = 0.99  # of the paces seen: one false reading is not the pace
_OVERLOAD = 2.0  # times the connection's power, as a fuse gives for a while
_DISPLAY = 1.0  # a person writes down whole kilowatt-hours or cubic metres
_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sentence with level, reading and time."""

    sentence_sv: str
    sentence_en: str


def contradiction(
    point: MeteringPoint, readings: pl.DataFrame, at: datetime, old_register: float | None, new_register: float | None
) -> Contradiction | None:
    """What is wrong with the levels, or None.

    Args:
        readings: the point's own, `AROUND` on either side of `at`; columns `time` (UTC), `value` in the point's unit.
        at: from here on the new register counts.
    """
    ordered = readings.sort("time")
    before, after = ordered.filter(pl.col("time") < at).tail(1), ordered.filter(pl.col("time") >= at).head(1)
    unit = point.unit
    sides = []
    if old_register is not None and not before.is_empty():
        time, value = before.select("time", "value").row(0)
        level, read = _told(old_register), f"{_told(value)} {unit} ({_told_time(time)})"
        swedish = f"den gamla mätarens ställning {level} och dess sista avläsning {read}"
        english = f"the old meter's level {level} and its last reading {read}"
        sides.append((old_register - value, at - time, swedish, english))
    if new_register is not None and not after.is_empty():
        time, value = after.select("time", "value").row(0)
        level, read = _told(new_register), f"{_told(value)} {unit} ({_told_time(time)})"
        swedish = f"den nya mätarens ställning {level} och dess första avläsning {read}"
        english = f"the new meter's level {level} and its first reading {read}"
        sides.append((value - new_register, time - at, swedish, english))
    for use, _, swedish, english in sides:
        if point.direction is not Direction.NET and use < -max(_DISPLAY, point.resolution):
            return Contradiction(
                f"{swedish} motsäger varandra: ett räkneverk går inte bakåt",
                f"{english} contradict each other: a register does not go back",
            )
    used, hours = sum(abs(side[0]) for side in sides), sum(side[1].total_seconds() for side in sides) / _SECONDS
    limit = _most(point, ordered, at, hours)
    if limit is not None and used > limit:
        swedish, english = (f" {word} ".join(side[place] for side in sides) for word, place in (("och", 2), ("and", 3)))
        return Contradiction(
            f"{swedish} ger {_told(used)} {unit} på {hours:.2g} h, mer än de {_told(limit)} som är möjliga",
            f"{english} make {_told(used)} {unit} in {hours:.2g} h, more than the {_told(limit)} that can be",
        )
    return None


def _most(point: MeteringPoint, ordered: pl.DataFrame, at: datetime, hours: float) -> float | None:
    """What can have been used meanwhile; None where nothing tells."""
    steps = 4 * point.resolution
    if point.max_power_kw is not None and point.unit == "kWh":
        return _OVERLOAD * point.max_power_kw * hours + steps
    paces = (
        ordered.with_columns(pl.col("value").diff().abs().alias("use"), pl.col("time").shift(1).alias("since"))
        .filter((pl.col("since") >= at) | (pl.col("time") < at))
        .filter(pl.col("time") > pl.col("since"))
        .select(pl.col("use") / ((pl.col("time") - pl.col("since")).dt.total_microseconds() / (_SECONDS * 1e6)))
        .to_series()
    )
    highest = paces.quantile(_HIGHEST)
    return None if highest is None else _MANY * highest * hours + steps


def _told(value: float) -> str:
    return f"{value:.10g}"


def _told_time(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
