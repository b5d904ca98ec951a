"""Energy of a building: per carrier, per local day and month.

What is added, so that no kilowatt-hour is counted twice or netted away:

- only main points (`parent` is None): a sub-meter's use is in its parent's;
- `electricity`, `district_heating` and so on: points of direction import, and of direction net, where the register itself has
  already taken off what was sent out (then a day may be negative);
- `solar`: what the solar plants produced, whichever way their registers are said to count;
- `electricity_export` (any carrier's name and `_export`): what export registers counted, beside the use and never taken off it.

Water is no energy and has no value here. Days and months follow the period's own clock (the municipality's), so a day has 23, 24
or 25 hours. Coverage: measured point-hours of the expected ones; a point is expected while a meter is installed there, from its
first installation to its last. The energy of hours spread over a gap is in the sum though those hours count as not measured:
coverage says how much was seen, and is never too high.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from config.domain.estate import Carrier, Direction, MeteringPoint, Portfolio
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind
from services.indicators._calculation import Calculation

METHOD = "energy-1"

NOT_INSTALLED = Missing("Ingen mätare var installerad under perioden.", "No meter was installed in the period.")
NOT_SETTLED = Missing(
    "Inga mätvärden för perioden: kontrollera att mätaren sänder, eller läs in dem från fil.",
    "No readings for the period: check that the meter sends, or import them from a file.",
)


def calculate(intervals: pl.DataFrame, portfolio: Portfolio, subject: Subject, periods: Sequence[Period]) -> list[IndicatorValue]:
    """The building's energy per period and carrier. [kWh]

    A period with some hours known has their sum, and a coverage below 1; one with none is Missing.
    """
    groups = _points_by_carrier(portfolio, subject.id)
    if not groups or not periods:
        return []
    sums = _sums(_current(intervals, groups), periods)
    values = []
    for carrier, points in groups.items():
        for number, period in enumerate(periods):
            expected = sum(_expected_hours(portfolio, point, period) for point in points)
            energy, measured = sums.get((carrier, number), (None, 0.0))
            missing = NOT_SETTLED if expected else NOT_INSTALLED
            coverage = min(1.0, measured / expected) if expected else 0.0
            values.append(
                IndicatorValue("energy", subject, period, missing if energy is None else energy, coverage, METHOD, {}, carrier)
            )
    return values


CALCULATION = Calculation("energy", SubjectKind.BUILDING, frozenset({PeriodKind.DAY, PeriodKind.MONTH}), calculate)


def _points_by_carrier(portfolio: Portfolio, building: str) -> dict[str, list[MeteringPoint]]:
    groups: dict[str, list[MeteringPoint]] = {}
    for point in portfolio.points_in(building):
        if point.parent is None and point.carrier is not Carrier.WATER:
            groups.setdefault(_reported_as(point), []).append(point)
    return groups


def _reported_as(point: MeteringPoint) -> str:
    if point.carrier is not Carrier.SOLAR and point.direction is Direction.EXPORT:
        return f"{point.carrier}_export"
    return point.carrier.value


def _current(intervals: pl.DataFrame, groups: dict[str, list[MeteringPoint]]) -> pl.DataFrame:
    """The hours of the points as the portfolio has them now, with the carrier they are reported as.

    Hours written under tags that the portfolio has changed since lie beside the new ones in the store; they do not count.
    """
    rows = [
        (point.id, point.building, point.carrier.value, point.direction.value, name)
        for name, points in groups.items()
        for point in points
    ]
    known = pl.DataFrame(rows, schema=["point", "building", "carrier", "direction", "reported_as"], orient="row")
    return intervals.filter(pl.col("level") == "main").join(known, on=["point", "building", "carrier", "direction"])


def _sums(hours: pl.DataFrame, periods: Sequence[Period]) -> dict[tuple[str, int], tuple[float | None, float]]:
    """(carrier, number of the period) → energy, None where no hour is known; and measured point-hours.

    Periods of several kinds overlap, so each kind is matched by itself: within a kind an hour belongs to one period.
    """
    found: dict[tuple[str, int], tuple[float | None, float]] = {}
    for kind in {period.kind for period in periods}:
        numbered = sorted(((period.start, period.end, n) for n, period in enumerate(periods) if period.kind is kind))
        instant = pl.Datetime("us", "UTC")
        table = pl.DataFrame(
            numbered, schema={"period_start": instant, "period_end": instant, "number": pl.Int64()}, orient="row"
        ).set_sorted("period_start")
        placed = hours.sort("time").join_asof(table, left_on="time", right_on="period_start", strategy="backward")
        totals = (
            placed.filter(pl.col("time") < pl.col("period_end"))
            .group_by("reported_as", "number")
            .agg(pl.col("value").sum(), pl.col("value").count().alias("known"), pl.col("coverage").sum())
        )
        for carrier, number, value, known, coverage in totals.iter_rows():
            found[(carrier, number)] = (value if known else None, coverage)
    return found


def _expected_hours(portfolio: Portfolio, point: MeteringPoint, period: Period) -> float:
    """Hours of the period from the point's first installation to the end of its last."""
    installations = portfolio.installations_of[point.id]
    if not installations:
        return 0.0
    last_end = installations[-1].end
    start = max(period.start, installations[0].start)
    end: datetime = period.end if last_end is None else min(period.end, last_end)
    return max(0.0, (end - start) / timedelta(hours=1))
