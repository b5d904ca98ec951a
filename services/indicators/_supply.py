"""What was bought under which terms, by point and period. A part of the shelf.

Bought is what came in: of a net register the hours in which more came in than went out, so that nothing sent out is taken off.
"""

import polars as pl

from config.domain.estate import Carrier, Direction, MeteringPoint
from services.analysis.supply import KEY, terms
from services.figures.calculation import Basis
from services.figures.frames import exact_sum

PERIOD = ("period", "start", "end", "zone")
QUANTITIES = ("value", "uncertainty", "coverage", "expected", "measured")


def bought(basis: Basis) -> pl.DataFrame:
    """A row a point and period, sub-meters too (column `level`). [kWh]

    Columns `subject` (the point), `building`, `level`, `carrier`, `network`, `contract`, `year`, those of a period, `value`,
    `uncertainty`, `coverage`, `expected`, `measured`.
    """
    wanted = set(basis.buildings)
    rows = [
        (point.id, *terms(point, basis.portfolio.buildings[point.building]))
        for point in basis.portfolio.points.values()
        if point.building in wanted
        and point.carrier not in (Carrier.WATER, Carrier.SOLAR)
        and point.direction is not Direction.EXPORT
    ]
    points = pl.DataFrame(rows, schema=dict.fromkeys(("subject", "carrier", "network", "contract"), pl.String), orient="row")
    out = netted(basis)
    return (
        basis.sums.filter(pl.col("subject_kind") == "point")
        .join(points, on="subject", maintain_order="left")
        .join(periods_asked(basis), on=("period", "start"), maintain_order="left")
        .join(out, on=("subject", "period", "start"), how="left", maintain_order="left")
        .with_columns(pl.col("value") + pl.col("out").fill_null(0.0))
        .select("subject", "building", "level", *KEY, *PERIOD, *QUANTITIES)
    )


def netted(basis: Basis) -> pl.DataFrame:
    """What net registers took off: energy sent out in the hours that ended below nought. [kWh]

    Columns `subject` (the point), `period`, `start`, `out` (above 0).
    """
    net = [point.id for point in basis.portfolio.points.values() if point.direction is Direction.NET]
    hours = basis.hours.filter(
        pl.col("point").is_in(net) & (pl.col("value") < 0) & (pl.col("reported_as") != Carrier.SOLAR.value)
    )
    parts = [
        hours.join(
            basis.periods.filter(pl.col("period") == kind).select("period", "start", "first_day"),
            left_on=key,
            right_on="first_day",
        )
        for kind, key in (("day", pl.col("day")), ("month", pl.col("day").dt.month_start()))
    ]
    return (
        pl.concat([part.select("point", "period", "start", "value") for part in parts])
        .sort("point", "period", "start")
        .group_by(pl.col("point").alias("subject"), "period", "start", maintain_order=True)
        .agg((-exact_sum("value")).alias("out"))
    )


def of_buildings(rows: pl.DataFrame) -> pl.DataFrame:
    """`bought` as rows of their buildings: a sub-meter's use is in its parent's."""
    return rows.filter(pl.col("level") == "main").with_columns(pl.col("building").alias("subject"))


def is_net(point: MeteringPoint) -> bool:
    """A register that takes off what is sent out; a solar plant's is what the plant made, whatever way it is said to count."""
    return point.direction is Direction.NET and point.carrier is not Carrier.SOLAR


def periods_asked(basis: Basis) -> pl.DataFrame:
    """The periods that are asked for, with the calendar year that their factors are of."""
    return basis.periods.select(*PERIOD, pl.col("first_day").dt.year().cast(pl.Int32).alias("year"))
