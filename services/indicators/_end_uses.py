"""What the energy of each metering point is used for, by `end_use` of points. A part of the shelf.

A tagged sub-meter's energy is of its own use, and is taken off the point above it. Of a point with its occupants' use measured
apart the rest is the building's. Electricity that nobody has tagged is of no known use, and not guessed.
"""

from collections.abc import Sequence

import polars as pl

from config.domain.estate import Carrier, Direction, EndUse, MeteringPoint, Portfolio
from config.domain.indicators import Missing
from services.analysis.primary_energy import DELIVERED_FOR
from services.figures.calculation import Basis

UNTAGGED = Missing(
    "Det är inte angivet vad elen används till: ange end_use för mätpunkten {} (building, occupant, heating …) i portfolio.yaml, "
    "eller för en undermätare till den.",
    "It is not said what the electricity is used for: enter end_use of the point {} (building, occupant, heating …) in "
    "portfolio.yaml, or of a sub-meter of it.",
)


def uses(basis: Basis) -> pl.DataFrame:
    """What the energy of each point is used for.

    Columns `subject` (the point), `end_use` (null where not known), `sign` (-1 where it is taken off the point above it),
    `untagged_reason`, `untagged_reason_en` (null where known).
    """
    wanted = set(basis.buildings)
    rows = []
    for point in basis.portfolio.points.values():
        if point.building not in wanted or point.carrier in (Carrier.WATER, Carrier.SOLAR) or point.direction is Direction.EXPORT:
            continue
        if point.parent is not None and point.end_use is None:
            continue
        rows.append(_row(basis.portfolio, point, point, 1.0))
        if point.parent is not None:
            rows.append(_row(basis.portfolio, point, _above(basis.portfolio, point), -1.0))
    schema = {
        "subject": pl.String,
        "end_use": pl.String,
        "sign": pl.Float64,
        "untagged_reason": pl.String,
        "untagged_reason_en": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _row(
    portfolio: Portfolio, counted: MeteringPoint, told: MeteringPoint, sign: float
) -> tuple[str, str | None, float, str | None, str | None]:
    use = told.end_use or DELIVERED_FOR.get(told.carrier) or _rest(portfolio, told)
    if use is None:
        return counted.id, None, sign, UNTAGGED.reason_sv.format(told.name), UNTAGGED.reason_en.format(told.name)
    return counted.id, use.value, sign, None, None


def _rest(portfolio: Portfolio, point: MeteringPoint) -> EndUse | None:
    """Of a point whose occupants' use is measured apart the rest is the building's."""
    apart = any(
        item.end_use is EndUse.OCCUPANT and _above(portfolio, item).id == point.id
        for item in portfolio.points_in(point.building)
        if item.parent is not None
    )
    return EndUse.BUILDING if apart else None


def _above(portfolio: Portfolio, point: MeteringPoint) -> MeteringPoint:
    """The nearest point above that is tagged, or the main one."""
    above = portfolio.points[point.parent] if point.parent is not None else point
    while above.parent is not None and above.end_use is None:
        above = portfolio.points[above.parent]
    return above


def no_surer(added: pl.DataFrame, rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """`added` (of `services.indicators._totals.totals`) covered no better than any meter that is taken off another: what a silent
    one used is in the rest, however many others were heard.

    Args:
        rows: that were added, with `sign`.
    """
    least = (
        rows.filter((pl.col("sign") < 0) & (pl.col("expected") > 0))
        .group_by(*by, "period", "start", maintain_order=True)
        .agg(pl.col("coverage").min().alias("least"))
    )
    joined = added.join(least, on=[*by, "period", "start"], how="left", maintain_order="left")
    return joined.with_columns(pl.min_horizontal("coverage", "least").alias("coverage")).drop("least")
