"""The seam of the indicators: a basis in, figures out. Pure: no clock, no store, no network.

A calculation gives figures of metering points and buildings for the days and months of its basis. Longer periods, owners, kinds
of building and the whole portfolio follow from those by what the indicator declares: added, the greatest, or a ratio of two
others. So an average is never taken of ratios, and a figure is never counted twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import polars as pl

from config.domain.estate import Portfolio
from config.domain.factors import Factors
from config.domain.indicators import Missing
from config.domain.periods import PeriodKind
from config.domain.tariffs import Tariffs
from config.domain.weather import WeatherYears


class Over(StrEnum):
    """How a figure of a longer period, or of several buildings, comes from those of its parts."""

    SUM = "sum"
    MAX = "max"  # over time only: greatest powers of several buildings do not fall on the same hour
    NONE = "none"  # it is given for what it was calculated for, and for nothing longer or larger


@dataclass(frozen=True, slots=True)
class Limits:
    """Below these a figure is Missing with its reason. Settings."""

    coverage: float = 0.9  # share of a period's hours whose energy is known
    uncertainty: float = 0.25  # half width of the 90 % interval, as a share of the value
    base_load_percentile: float = 10.0  # of the hours 00-05


@dataclass(frozen=True)
class Basis:
    """What the calculations of some buildings work on. Frames hold many buildings and periods; times are UTC, days local.

    Attributes:
        buildings: whose figures are asked for.
        hours: the months' settled hours, columns as `services.figures.frames.HOURS`, by point and time.
        sums: energy by point and building for each day and month, as `services.figures.frames.SUMS`.
        periods: the days and months that are asked for, as `services.figures.frames.PERIODS`.
        until: what comes after it has not been used yet.
        history: energy per building, `reported_as` and `day` (columns `value`, `coverage`), from 25 months before the first
            period on: what models are fitted to.
        weather: daily means from where `history` begins, hours of the months that are asked for, and the normal year.
        gauges: columns `building`, `point`, `meter`, `quantity`, `channel`, `time` (hour), `value`: an hour's mean of a gauge,
            an hour's difference of a counter that is not settled (volume, E8, E9).
        context: what single calculations need besides, by name; see the calculation.
    """

    portfolio: Portfolio
    factors: Factors
    tariffs: Tariffs
    limits: Limits
    buildings: tuple[str, ...]
    hours: pl.DataFrame
    sums: pl.DataFrame
    periods: pl.DataFrame
    until: datetime
    history: pl.DataFrame
    weather: WeatherYears
    gauges: pl.DataFrame
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        return self.portfolio.timezone


Calculate = Callable[[Basis], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Ratio:
    """An indicator that is one figure by another of the same subject and period, at every level.

    Attributes:
        denominator: another indicator of the subject, or what is known of its buildings: "area_m2", "solar_kwp"; or "hours" of
            the period.
        per_hour: divided by the hours of the period as well.
        scale: of the quotient, for its unit.
        carriers: of the numerator; each gives its own ratio; all where empty.
        denominator_carrier: the denominator's; None: the same as the numerator's.
        undefined: said where the denominator is nought.
    """

    indicator: str
    numerator: str
    denominator: str
    undefined: Missing
    scale: float = 1.0
    carriers: tuple[str, ...] = ()
    denominator_carrier: str | None = None
    per_hour: bool = False
    periods: frozenset[PeriodKind] = frozenset(
        {PeriodKind.MONTH, PeriodKind.YEAR, PeriodKind.YEAR_TO_DATE, PeriodKind.ROLLING_YEAR}
    )


@dataclass(frozen=True, slots=True)
class Calculation:
    """How indicators come from the basis.

    Attributes:
        indicators: id → how it goes over to longer periods and groups. Ids are those of `config.domain.indicators`.
        calculate: gives rows of `services.figures.frames.FIGURES` (see `completed` for what may be left out) for the months of
            the basis, and its days where `daily`. A figure that lacks something is there with value null and both reasons.
            A value is given however little is covered: the gate is not the calculation's.
        looks_back_months: a change in a month touches the figures of so many months after it (a model fitted to history).
        ratios: indicators that follow from these.
        groups: whether owners, kinds of building and the portfolio have it too.
        daily: those of the indicators that are published by day too; a calculation without any is given months only.
        near_nought: indicators that are differences: their uncertainty is told, but not judged as a share of them.
        made_of: indicators of the same subject and period that a month's figure rests on, for whoever follows it back; empty
            where it comes straight from the hours.
    """

    indicators: Mapping[str, Over]
    calculate: Calculate
    looks_back_months: int = 0
    ratios: tuple[Ratio, ...] = ()
    groups: bool = True
    daily: frozenset[str] = frozenset()
    near_nought: frozenset[str] = frozenset()
    made_of: tuple[str, ...] = ("energy",)
