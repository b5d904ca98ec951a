"""Energy of the same buildings in all of several periods: what a sum says when no building came or left. Pure.

    E(y) = Σ E_b(y),   E(y) / A = Σ E_b(y) / Σ A_b     over the buildings b that are in

A building is in where the same of it was measured throughout, and its figure is whole (published: its gate was passed) in every
period that is compared. Which are left out, and why, is a part of the answer: a stock of three schools is no municipality.

The coverage of a sum is the mean of its buildings'; its half width is that of independent ones.

Source: ../shared/domain.md section 8 (constant stock beside total stock; kWh/m² of a sum is ΣE / ΣA, not the mean of the ratios).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from config.domain.indicators import Missing

METHOD = "constant-stock-1"
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class StockYear:
    """One building's figure of one period. `half_width`: of its 90 % interval. [kWh]"""

    kwh: float | Missing
    coverage: float = 1.0
    half_width: float = 0.0


@dataclass(frozen=True, slots=True)
class StockBuilding:
    """
    Attributes:
        years: period's name → its figure; a period without one is not whole.
        area_m2: heated area (Atemp); None where nobody entered it.
        changed: why what is measured of it is not the same throughout; None where it is.
    """

    building: str
    name: str
    years: Mapping[str, StockYear]
    area_m2: float | None
    changed: Missing | None = None


@dataclass(frozen=True, slots=True)
class StockSum:
    """Of one period. [kWh, kWh/m2]"""

    kwh: float | Missing
    kwh_per_m2: float | Missing
    coverage: float = 0.0
    half_width: float = 0.0


@dataclass(frozen=True, slots=True)
class ConstantStock:
    """
    Attributes:
        members: ids of the buildings that are in.
        left_out: building's name and why it is not in, by name.
        area_m2: of the members.
        sums: period's name → their sum, of every period that was asked for.
    """

    members: tuple[str, ...]
    left_out: tuple[tuple[str, Missing], ...]
    area_m2: float | Missing
    sums: Mapping[str, StockSum] = field(default_factory=dict)


def constant_stock(buildings: Iterable[StockBuilding], periods: Sequence[str]) -> ConstantStock:
    """The sums of the buildings that are in all of `periods`."""
    within: list[StockBuilding] = []
    left_out: list[tuple[str, Missing]] = []
    for each in buildings:
        why = _why_not(each, periods)
        if why is None:
            within.append(each)
        else:
            left_out.append((each.name, why))
    area, nobody = _area(within), _nobody(left_out)
    return ConstantStock(
        tuple(each.building for each in within),
        tuple(sorted(left_out, key=lambda item: item[0])),
        area,
        {period: _sum([each.years[period] for each in within], area, nobody) for period in periods},
    )


def _why_not(building: StockBuilding, periods: Sequence[str]) -> Missing | None:
    if building.changed is not None:
        return building.changed
    for period in periods:
        known = building.years.get(period)
        if known is None:
            return Missing(f"Ingen siffra för {period}.", f"No figure of {period}.")
        if isinstance(known.kwh, Missing):
            return Missing(f"{period}: {known.kwh.reason_sv}", f"{period}: {known.kwh.reason_en}")
    return None


def _area(members: Sequence[StockBuilding]) -> float | Missing:
    lacking = [each.name for each in members if each.area_m2 is None]
    if lacking:
        names, more = ", ".join(lacking[:_MOST_NAMES]), len(lacking) - _MOST_NAMES
        rest, rest_en = (f" och {more} till", f" and {more} more") if more > 0 else ("", "")
        return Missing(
            f"Arean saknas för {names}{rest}: ange area_m2 (Atemp) i portfolio.yaml.",
            f"No area of {names}{rest_en}: enter area_m2 (Atemp) in portfolio.yaml.",
        )
    return sum(each.area_m2 for each in members if each.area_m2 is not None)


def _nobody(left_out: Sequence[tuple[str, Missing]]) -> Missing:
    """Why there is no sum, with the reason of one building."""
    named = [(f" {name}: {why.reason_sv}", f" {name}: {why.reason_en}") for name, why in left_out[:1]] or [("", "")]
    return Missing(
        f"Ingen byggnad har hela siffror i alla perioder som jämförs.{named[0][0]}",
        f"No building has whole figures in all the periods compared.{named[0][1]}",
    )


def _sum(figures: Sequence[StockYear], area_m2: float | Missing, nobody: Missing) -> StockSum:
    if not figures:
        return StockSum(nobody, nobody)
    kwh = sum(each.kwh for each in figures if not isinstance(each.kwh, Missing))
    per_m2: float | Missing
    if isinstance(area_m2, Missing):
        per_m2 = area_m2
    elif area_m2 <= 0:
        per_m2 = Missing("Byggnaderna har ingen uppvärmd area.", "The buildings have no heated area.")
    else:
        per_m2 = kwh / area_m2
    return StockSum(
        kwh, per_m2, sum(each.coverage for each in figures) / len(figures), sum(each.half_width**2 for each in figures) ** 0.5
    )
