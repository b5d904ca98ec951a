"""From a basis to every figure of its buildings, and from those to their groups. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from config.domain.estate import Portfolio
from services.figures.calculation import Basis, Calculation, Limits, Over, Ratio
from services.figures.frames import FIGURES, KEY
from services.figures.gates import gated
from services.figures.groups import grouped
from services.figures.hours import installed_subjects
from services.figures.longer import Expected, longer
from services.figures.ratios import ratios

DIGITS = 11  # significant ones


def building_figures(
    basis: Basis, calculations: Sequence[Calculation], known_months: pl.DataFrame, long_periods: pl.DataFrame
) -> pl.DataFrame:
    """FIGURES of the basis's points and buildings: its days and months, and the longer periods.

    Args:
        known_months: FIGURES of period "month" that are published already, of the other months in `long_periods`.
        long_periods: PERIODS that have one of the basis's months in them.
    """
    # rounded before they are added up, since months that are not calculated now come back rounded from the store
    by_month = replace(
        basis, sums=basis.sums.filter(pl.col("period") == "month"), periods=basis.periods.filter(pl.col("period") == "month")
    )
    own = _published(_joined(_calculated(calculation, basis, by_month) for calculation in calculations))
    near_nought = _near_nought(calculations)
    shown = gated(own, basis.limits, near_nought)
    months = shown.filter(pl.col("period") == "month")  # as the others are, which come back from the store
    others = known_months.join(months, on=KEY, how="anti", maintain_order="left")
    expected = Expected(basis.limits.coverage, basis.until, installed_subjects(basis.portfolio, basis.buildings))
    added = _published(longer(_joined([months, others]), long_periods, going_over(calculations), expected))
    divided = _published(ratios(_joined([own, added]), declared_ratios(calculations), basis.portfolio, basis.until))
    return _joined([shown, gated(_joined([added, divided]), basis.limits, near_nought)])


def group_figures(
    members: pl.DataFrame, calculations: Sequence[Calculation], portfolio: Portfolio, limits: Limits, until: datetime
) -> pl.DataFrame:
    """FIGURES of owners, kinds of building and the portfolio from those of their buildings, whatever the period.

    Args:
        until: what comes after it has not been used yet.
    """
    taking_part = [item for item in calculations if item.groups]
    sums = _published(grouped(members, portfolio, going_over(taking_part)))
    figures = _joined([sums, ratios(sums, declared_ratios(taking_part), portfolio, until)])
    return gated(_published(figures), limits, _near_nought(calculations))


def going_over(calculations: Iterable[Calculation]) -> Mapping[str, Over]:
    """Indicator → how it goes over to longer periods and groups."""
    return {name: how for calculation in calculations for name, how in calculation.indicators.items()}


def declared_ratios(calculations: Iterable[Calculation]) -> list[Ratio]:
    return [ratio for calculation in calculations for ratio in calculation.ratios]


def _calculated(calculation: Calculation, basis: Basis, by_month: Basis) -> pl.DataFrame:
    """Days are published of buildings; of a metering point the hours are there to be added up."""
    rows = calculation.calculate(basis if calculation.daily else by_month)
    is_day = pl.col("period") == "day"
    return rows.filter(~is_day | pl.col("indicator").is_in(list(calculation.daily)) & (pl.col("subject_kind") != "point"))


def _published(figures: pl.DataFrame) -> pl.DataFrame:
    """To the digits that are published: the last bits of a quotient or a root are nobody's figure, and never a change."""
    return figures.with_columns(
        pl.col(name).round_sig_figs(DIGITS) for name in ("value", "uncertainty", "partial", "coverage", "weight")
    )


def _near_nought(calculations: Iterable[Calculation]) -> frozenset[str]:
    return frozenset(name for calculation in calculations for name in calculation.near_nought)


def _joined(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=dict(FIGURES)), *(frame.select(list(FIGURES)) for frame in frames)])
