"""Figures that came out otherwise are written; what they replace is kept, and what moved is said with its cause."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import polars as pl

from config.domain.changes import Cause
from config.domain.estate import Portfolio
from config.domain.periods import local_date
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from services.figures.frames import FIGURES, KEY
from services.figures.periods import filed_reach
from services.jobs.change_words import change_of
from services.jobs.settle import FRESH
from services.state.figure_history import FigureChange
from services.state.state import State
from services.store.figures import figure_points, figures_of
from services.store.timeseries import TimeSeriesStore

_COMPARED = [name for name in FIGURES if name not in (*KEY, "end", "zone")]
_ID = (*KEY, "end")
NO_LONGER = (
    "Beräknas inte längre: portföljen har ändrats.",
    "No longer calculated: the portfolio has changed.",
)


def published(points: pl.DataFrame) -> pl.DataFrame:
    """What a store read of the series `indicators`, as FIGURES with `calculated` besides."""
    return figures_of(points).select(*FIGURES, "calculated")


class Publisher:
    """Writes what changed."""

    def __init__(self, portfolio: Portfolio, store: TimeSeriesStore, state: State) -> None:
        self._portfolio = portfolio
        self._store = store
        self._state = state

    def publish(
        self,
        figures: pl.DataFrame,
        subjects: tuple[str, ...],
        kinds: tuple[str, ...],
        asked: pl.DataFrame,
        now: datetime,
        reasons: Mapping[str, Mapping[date, frozenset[str]]],
    ) -> pl.DataFrame:
        """Write those of `figures` that are not published so already; gives them.

        Published figures of the subjects and periods asked for that no calculation gives any more become missing.

        Args:
            subjects, kinds, asked: all that `figures` was asked for.
            reasons: building → day → why it was calculated again.
        """
        known = self._known(subjects, kinds, asked)
        gone = known.join(figures, on=_ID, how="anti").filter(pl.col("reason") != NO_LONGER[0])
        withdrawn = gone.select(list(FIGURES)).with_columns(
            pl.lit(None, pl.Float64).alias("value"), pl.lit(0.0).alias("partial"), pl.lit("missing").alias("method"),
            pl.lit("input").alias("lacks"), pl.lit(NO_LONGER[0]).alias("reason"), pl.lit(NO_LONGER[1]).alias("reason_en"),
        )  # fmt: skip
        given = pl.concat([figures, withdrawn])
        both = given.join(known, on=_ID, how="left", suffix="_old", maintain_order="left", nulls_equal=False)
        same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_old")) for name in _COMPARED)
        changed = both.filter(~same | pl.col("calculated").is_null())
        if changed.is_empty():
            return changed.select(list(FIGURES))
        self._keep_old(known, changed, now)
        self._store.write_indicator_values(figure_points(changed.select(list(FIGURES)), now))
        over = changed.filter((pl.col("end") <= now) & pl.col("calculated").is_not_null())
        building_of = {item.id: item.building for item in self._portfolio.points.values()}
        why = {building: self._state.restatements.why(building) for building in reasons}
        self._state.figure_changes.add(
            change
            for row in over.filter(_moved()).sort(KEY).iter_rows(named=True)
            for building in (building_of.get(row["subject"], row["subject"]),)
            if (change := change_of(row, self._portfolio, reasons.get(building, {}), now, why.get(building, ())))
            and not _is_still_coming_in(change)
        )
        return changed.select(list(FIGURES))

    def _known(self, subjects: tuple[str, ...], kinds: tuple[str, ...], asked: pl.DataFrame) -> pl.DataFrame:
        parts = []
        for period in asked["period"].unique().sort():
            of_kind = asked.filter(pl.col("period") == period)
            start, end = filed_reach(of_kind)
            where = {"subject": subjects, "subject_kind": kinds, "period": (period,)}
            rows = published(self._store.read(SeriesQuery(INDICATOR_VALUES, start, end, where)))
            parts.append(rows.join(of_kind.select("start", "end"), on=["start", "end"], how="semi"))
        return pl.concat(parts) if parts else pl.DataFrame(schema={**FIGURES, "calculated": pl.Int64})

    def _keep_old(self, known: pl.DataFrame, changed: pl.DataFrame, now: datetime) -> None:
        """Of a period that is over every version; of a running one the last of each day."""
        old = known.join(changed.filter(pl.col("calculated").is_not_null()), on=_ID, how="semi")
        today = local_date(now, self._portfolio.timezone)
        midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
        kept = old.filter((pl.col("end") <= now) | (pl.col("calculated") < round(midnight.timestamp() * 1000)))
        points = figure_points(kept.drop("calculated"), now).with_columns(kept["calculated"])
        self._state.figure_history.keep(points, now)


def _is_still_coming_in(change: FigureChange) -> bool:
    """Whether the period has only just ended, and nothing but readings moved its figure.

    The readings of a day's last hours come after midnight, and a meter that sends a few times a day sends them during the
    night. So a line each night, of each building, would say nothing but that meters work. Up to FRESH after its end a period's
    figure is still coming in, by the same measure as settlement has for hours; local periods end at midnight, and nobody has
    read the figure by six. What moves it after that is news, as is anything else than readings, at once.
    """
    return change.cause in ("", Cause.LATE) and change.at < change.end + FRESH


def _moved() -> pl.Expr:
    """A change that a reader would see: the value, or that there is one. The last digits of a sum are not news."""
    near = (pl.col("value") - pl.col("value_old")).abs() <= 1e-6 * pl.max_horizontal(pl.col("value").abs(), pl.lit(1.0))
    return ~(near | (pl.col("value").is_null() & pl.col("value_old").is_null())).fill_null(value=False)
