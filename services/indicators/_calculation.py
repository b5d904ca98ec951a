"""The seam of the indicators: settled hours in, values out. Pure: no clock, no store, no network.

The underscore keeps it off the shelf: it is the shelf's own part, not an indicator.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from config.domain.estate import Portfolio
from config.domain.indicators import IndicatorValue, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind

Calculate = Callable[[pl.DataFrame, Portfolio, Subject, Sequence[Period]], list[IndicatorValue]]


@dataclass(frozen=True, slots=True)
class Calculation:
    """How one indicator comes from settled hours.

    Attributes:
        indicator: its id in `config.domain.indicators.INDICATORS`.
        subject_kind, periods: what it is asked for.
        calculate: `(intervals, portfolio, subject, periods)` gives every value of every period, Missing ones too. Intervals:
            the columns of `config.domain.series.INTERVALS`, the hours of all the periods where they are settled; hours may be
            absent, and hours of other subjects and of times outside the periods may be there.
    """

    indicator: str
    subject_kind: SubjectKind
    periods: frozenset[PeriodKind]
    calculate: Calculate
