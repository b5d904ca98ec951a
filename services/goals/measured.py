"""Published figures as a goal's values."""

from datetime import timedelta

import polars as pl

from config.domain.assessments import GoalValue
from config.domain.factors import Mark
from config.domain.goals import Goal
from config.domain.indicators import INDICATORS
from config.domain.periods import PeriodKind, local_date

PERIODS = (PeriodKind.ROLLING_YEAR.value, PeriodKind.YEAR.value)  # of two that end on one day the year's own counts


def goal_values(goal: Goal, figures: pl.DataFrame) -> tuple[GoalValue, ...]:
    """The goal's rolling years and years among `figures`, in its unit, by end; () where no indicator feeds it.

    They are our own arithmetic from readings, areas and factors that may be seen second-hand, and are marked so.

    Args:
        figures: FIGURES of any indicators, subjects and periods; missing ones give no value.
    """
    measured = goal.measured_by
    if measured is None:
        return ()
    chosen = figures.filter(
        (pl.col("indicator") == measured.indicator)
        & (pl.col("carrier") == measured.carrier)
        & (pl.col("subject_kind") == measured.subject.kind.value)
        & (pl.col("subject") == measured.subject.id)
        & pl.col("period").is_in(PERIODS)
        & (pl.col("method") != "missing")
        & pl.col("value").is_not_null()
    ).sort("end", pl.col("period") == PeriodKind.YEAR.value)
    indicator = INDICATORS.get(measured.indicator)
    source = measured.indicator if indicator is None else indicator.name_sv
    return tuple(
        GoalValue(
            local_date(row["end"] - timedelta(hours=1), row["zone"]),
            row["value"] * measured.scale,
            source,
            Mark.DERIVED,
            (row["uncertainty"] or 0.0) * measured.scale,
            row["coverage"],
        )
        for row in chosen.iter_rows(named=True)
    )
