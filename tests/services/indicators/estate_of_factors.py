"""A school with heat, electricity, solar cells and what is sent out, for the tests of figures that stand on factors."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from config.domain.estate import Carrier, Direction, MeteringPoint, Portfolio
from config.domain.periods import PeriodKind, month
from services.figures.calculation import Basis, Calculation
from services.figures.compute import building_figures
from services.figures.frames import FIGURES
from services.figures.periods import longer_periods
from tests.services.analysis.example_factors import CONTRACT, FACTORS, NETWORK
from tests.services.indicators.example_basis import ZONE, basis, intervals, point, portfolio

MARCH = date(2024, 3, 1)  # 743 hours: the clock skips one
HOURS = 743


def electricity(name: str = "el", **given: Any) -> MeteringPoint:
    """Bought under the contract."""
    return replace(point(name), contract=CONTRACT, **given)


def heat(name: str = "fv", **given: Any) -> MeteringPoint:
    return replace(point(name, Carrier.DISTRICT_HEATING), **given)


def made(name: str = "sol", **given: Any) -> MeteringPoint:
    return replace(point(name, Carrier.SOLAR), **given)


def sent(name: str = "ut", **given: Any) -> MeteringPoint:
    return replace(point(name, direction=Direction.EXPORT), **given)


def estate(*points: MeteringPoint, network: str = NETWORK, kind: str = "school", area_m2: float | None = 1000.0) -> Portfolio:
    """The points' buildings, connected to the network."""
    known = portfolio(*points, area_m2=area_m2)
    buildings = {name: replace(item, heat_network=network, kind=kind) for name, item in known.buildings.items()}
    return replace(known, buildings=buildings)


def use(values: Mapping[MeteringPoint, float | Iterable[float | None] | None], months: Iterable[date] = (MARCH,)) -> pl.DataFrame:
    """Hours of each point: the same value in each hour, or its values."""
    return pl.concat([intervals(item, month(first, ZONE), value) for item, value in values.items() for first in months])


def basis_of(
    values: Mapping[MeteringPoint, float | Iterable[float | None] | None],
    months: Iterable[date] = (MARCH,),
    known: Portfolio | None = None,
    **given: Any,
) -> Basis:
    """The basis of the points' hours with the example's factors."""
    first = list(months)
    return basis(known or estate(*values), use(values, first), first, **{"factors": FACTORS, **given})


def monthly(rows: pl.DataFrame, on: date = MARCH, subject: str = "skola") -> dict[tuple[str, str], dict[str, Any]]:
    """(indicator, carrier) → the row of the month."""
    chosen = rows.filter(
        (pl.col("subject") == subject) & (pl.col("period") == PeriodKind.MONTH) & (pl.col("start") == month(on, ZONE).start)
    )
    return {(row["indicator"], row["carrier"]): row for row in chosen.iter_rows(named=True)}


def published(made_of: Basis, *calculations: Calculation) -> pl.DataFrame:
    """All figures of buildings, longer periods and ratios too, behind the gate."""
    months = made_of.periods.filter(pl.col("period") == "month")["first_day"].to_list()
    spans = longer_periods(months, ZONE, date(2090, 1, 1))
    return building_figures(made_of, calculations, pl.DataFrame(schema=dict(FIGURES)), spans)
