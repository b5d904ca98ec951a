"""One's own use as the municipality's is told: by square metre and in normal weather. Pure; nothing of it is kept.

The same formula as `services.analysis.weather_correction`, month by month where there are months, else the year as one:

    E_norm = (E - E_base) · GD_normal / GD_actual + E_base

`E_base`, what does not follow the weather, is a share of the year's use, spread evenly over its days: a household has no meter
of its hot water as a rule. Which share is the reader's to say; where they do not, an assumption is used and marked as one.

The same is calculated in the browser by `static/own-use.js`; a test runs both on the same cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from services.analysis.weather_correction import corrected, is_correctable
from services.web.citizens.own_file import Fault

LEAST_AREA_M2, MOST_AREA_M2 = 10.0, 1_000_000.0
MOST_KWH = 1e9


class Use(StrEnum):
    """What the kilowatt-hours are of."""

    HEAT = "heat"
    ELECTRIC_HEATING = "electric_heating"
    ELECTRICITY = "electricity"


ASSUMED_SHARE: Mapping[Use, float] = {Use.HEAT: 0.22, Use.ELECTRIC_HEATING: 0.5, Use.ELECTRICITY: 1.0}
"""Share that does not follow the weather where the reader says none. Heat: hot water is 18 to 25 % of housing's (domain facts
3.2, S), of which the middle. Electric heating: hot water and household electricity are about half of a house's [U]; own
assumption. Electricity without heating: all of it, so that nothing is corrected."""


@dataclass(frozen=True, slots=True)
class Weather:
    """A month's degree days, or why they are not known. [K·d]"""

    actual: float | None
    normal: float | None
    days: int


@dataclass(frozen=True, slots=True)
class Own:
    """What one uses.

    Attributes:
        kwh: month → kWh; twelve of them, or of a year one sum under its first month with `as_one`.
        share: that does not follow the weather, 0..1; None: the assumption.
    """

    kwh: Mapping[str, float]
    area_m2: float
    use: Use
    share: float | None = None
    as_one: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """`is_corrected`: whether the weather could be taken off it. [kWh]"""

    name: str
    kwh: float
    corrected_kwh: float
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Twelve months. [kWh, kWh/m²]"""

    months: tuple[Month, ...]
    kwh: float
    corrected_kwh: float
    per_m2: float
    corrected_per_m2: float
    share: float
    is_assumed: bool
    first: str
    last: str


def result_of(own: Own, weather: Mapping[str, Weather]) -> Result | Fault:
    """In normal weather, by square metre.

    Args:
        weather: month → degree days, of every month of the twelve.
    """
    wrong = _wrong(own)
    if wrong is not None:
        return wrong
    names = sorted(own.kwh)
    covered = _year_from(names[0]) if own.as_one else names
    share = ASSUMED_SHARE[own.use] if own.share is None else own.share
    total = sum(own.kwh.values())
    known = [weather.get(name) for name in covered]
    lacking = [name for name, found in zip(covered, known, strict=True) if found is None or None in (found.actual, found.normal)]
    if lacking and own.use is not Use.ELECTRICITY:
        return Fault("no_weather", ", ".join(lacking))
    months = _corrected(own, names, [each for each in known if each is not None], share * total)
    reached = sum(month.corrected_kwh for month in months)
    return Result(
        months,
        total,
        reached,
        total / own.area_m2,
        reached / own.area_m2,
        share,
        own.share is None and own.use is not Use.ELECTRICITY,
        covered[0],
        covered[-1],
    )


def _wrong(own: Own) -> Fault | None:
    if not LEAST_AREA_M2 <= own.area_m2 <= MOST_AREA_M2:
        return Fault("area")
    if own.share is not None and not 0 <= own.share <= 1:
        return Fault("share")
    total = sum(own.kwh.values())
    return None if 0 < total <= MOST_KWH else Fault("kwh")


def _corrected(own: Own, names: Sequence[str], weather: Sequence[Weather], base_kwh: float) -> tuple[Month, ...]:
    if own.use is Use.ELECTRICITY:
        return tuple(Month(name, own.kwh[name], own.kwh[name], is_corrected=False) for name in names)
    days = sum(each.days for each in weather)
    known = pl.DataFrame(
        [(each.actual, each.normal, base_kwh * each.days / days) for each in weather],
        schema={"actual": pl.Float64, "normal": pl.Float64, "base": pl.Float64},
        orient="row",
    )
    frame = known.sum() if own.as_one else known
    told = frame.with_columns(pl.Series("energy", [own.kwh[name] for name in names])).select(
        corrected(pl.col("energy"), pl.col("base"), pl.col("actual"), pl.col("normal")).alias("corrected"),
        is_correctable(pl.col("actual"), pl.col("normal")).alias("is_corrected"),
    )
    return tuple(
        Month(name, own.kwh[name], value, is_corrected) for name, (value, is_corrected) in zip(names, told.rows(), strict=True)
    )


def _year_from(first: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    numbers = (year * 12 + month - 1 + at for at in range(12))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]
