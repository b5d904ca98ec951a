"""What anybody may read of what a store or a lineage tells: every way to an open page or file goes through here."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from config.domain.estate import Portfolio
from config.domain.indicators import IndicatorValue, Missing
from config.domain.open_reasons import OpenReasons, open_reasons
from services.reports.lineage import Input, Lineage

REASONS = ("reason", "reason_en")
DECIDED_BY = ("subject_kind", "lacks")


def with_open_reasons(frame: pl.DataFrame, portfolio: Portfolio) -> pl.DataFrame:
    """The same with reasons that anybody may read. A frame without the columns `reason` and `reason_en` stays as it is."""
    if not set(REASONS) <= set(frame.columns) or (frame.select(pl.col(REASONS) != "").sum_horizontal().sum() or 0) == 0:
        return frame
    known = open_reasons(portfolio)
    kind = pl.col("subject_kind") if "subject_kind" in frame.columns else pl.lit("")
    lacks = pl.col("lacks") if "lacks" in frame.columns else pl.lit("")
    told = {
        key: known.reason((key[2], key[3]), key[0], key[1])
        for key in frame.select(kind.alias("kind"), lacks.alias("lack"), *REASONS).fill_null("").unique().iter_rows()
    }
    table = pl.DataFrame(
        [(*key, *words) for key, words in told.items()],
        schema=dict.fromkeys(("kind", "lack", *REASONS, "open", "open_en"), pl.String),
        orient="row",
    )
    keyed = frame.with_columns(kind.alias("kind"), lacks.fill_null("").alias("lack"), pl.col(REASONS).fill_null(""))
    joined = keyed.join(table, on=["kind", "lack", *REASONS], how="left", maintain_order="left")
    return joined.with_columns(pl.col("open").alias("reason"), pl.col("open_en").alias("reason_en")).select(frame.columns)


def open_lineage(lineage: Lineage, portfolio: Portfolio, seen: Callable[[IndicatorValue], bool]) -> Lineage:
    """The lineage without what is not open: inputs of figures that are not, and sentences that name something that is not.

    Args:
        seen: whether anybody may see a figure.
    """
    known = open_reasons(portfolio)
    return replace(
        lineage,
        value=open_value(lineage.value, portfolio),
        inputs=tuple(_input(each, known, portfolio) for each in lineage.inputs if each.figure is None or seen(each.figure)),
        findings=tuple(each for each in lineage.findings if not _told(known, each.sentence_sv, each.sentence_en)),
        changes=tuple(each for each in lineage.changes if not _told(known, each.sentence_sv, each.sentence_en)),
    )


def open_value(value: IndicatorValue, portfolio: Portfolio) -> IndicatorValue:
    """The figure with a reason that anybody may read."""
    if not isinstance(value.value, Missing):
        return value
    words = open_reasons(portfolio).reason((value.value.reason_sv, value.value.reason_en), value.subject.kind.value)
    return replace(value, value=Missing(*words))


def _input(given: Input, known: OpenReasons, portfolio: Portfolio) -> Input:
    figure = None if given.figure is None else open_value(given.figure, portfolio)
    if not isinstance(given.value, Missing):
        return replace(given, figure=figure)
    kind = "" if given.figure is None else given.figure.subject.kind.value
    words = known.reason((given.value.reason_sv, given.value.reason_en), kind)
    return replace(given, value=Missing(*words), figure=figure)


def _told(known: OpenReasons, *texts: str) -> bool:
    return any(map(known.names, texts))
