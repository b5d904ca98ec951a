"""Buildings to owners, kinds of building and the whole portfolio. Pure.

A group's figure is the sum of its buildings'. Where one lacks an input (a factor, an area), the group lacks it too and says
whose; where one lacks readings, the group's coverage falls and the gate decides. A building of which nothing is known widens the
half width by what the others use on average.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from config.domain.estate import Portfolio
from config.domain.indicators import PORTFOLIO, SubjectKind
from services.figures.calculation import Over
from services.figures.factors_used import MergedFactors
from services.figures.frames import FIGURES, STEPS, completed, steps, ungated

_KEY = ("indicator", "carrier", "period", "start", "end", "zone")
_GROUP = ("subject_kind", "subject")
_MOST_NAMES = 3  # of those that lack something

Numbers = npt.NDArray[Any]


def membership(portfolio: Portfolio) -> pl.DataFrame:
    """Columns `building`, `name`, `area_m2`, `subject_kind`, `subject`: the groups of each building."""
    rows = [
        (building.id, building.name, building.area_m2, kind.value, subject)
        for building in portfolio.buildings.values()
        for kind, subject in (
            (SubjectKind.OWNER, building.owner),
            (SubjectKind.BUILDING_KIND, building.kind),
            (SubjectKind.PORTFOLIO, PORTFOLIO),
        )
    ]
    schema = {"building": pl.String, "name": pl.String, "area_m2": pl.Float64, "subject_kind": pl.String, "subject": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def grouped(figures: pl.DataFrame, portfolio: Portfolio, over: Mapping[str, Over]) -> pl.DataFrame:
    """Figures of the groups from those of their buildings (FIGURES, subject kind "building"), before the gate."""
    added = [name for name, how in over.items() if how is Over.SUM]
    rows = (
        ungated(figures)
        .filter((pl.col("subject_kind") == SubjectKind.BUILDING.value) & pl.col("indicator").is_in(added))
        .sort("subject", maintain_order=True)
    )
    if rows.is_empty():
        return pl.DataFrame(schema=dict(FIGURES))
    keys = rows.select(_KEY).unique(maintain_order=True)
    groups = membership(portfolio)
    runs = _Runs.of(rows, keys, groups)
    blocked = pl.col("lacking") > 0
    return completed(
        pl.concat([keys[runs.key], groups.select(_GROUP).unique(maintain_order=True)[runs.group]], how="horizontal")
        .with_columns(**runs.added_up(rows), **_lacking(runs, rows, groups))
        .with_columns(
            pl.when((pl.col("given") > 0) & ~blocked).then(pl.col("partial")).alias("value"),
            (pl.col("covered") / pl.col("weight")).alias("coverage"),
            pl.when(blocked).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            pl.when("measured").then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method"),
            pl.when(blocked)
            .then(pl.format("Saknas för {} av {} byggnader ({}). {}", "lacking", "members", "names", "why"))
            .otherwise(pl.col("reason"))
            .alias("reason"),
            pl.when(blocked)
            .then(pl.format("Missing for {} of {} buildings ({}). {}", "lacking", "members", "names", "why_en"))
            .otherwise(pl.col("reason_en"))
            .alias("reason_en"),
        )
    )


@dataclass(frozen=True, slots=True)
class _Runs:
    """The rows of each group and key one after the other, by building.

    A row is in several groups, so numbers are added up by their place and texts are looked up in the end. A sum of floats is of
    the same ones in the same order whatever else is added up beside it, and so has the same bits.

    Attributes:
        row: rows, run after run.
        begins: where in `row` each run begins.
        key, group: of each run.
    """

    row: Numbers
    begins: Numbers
    key: Numbers
    group: Numbers

    @classmethod
    def of(cls, rows: pl.DataFrame, keys: pl.DataFrame, groups: pl.DataFrame) -> Self:
        """Of rows sorted by building."""
        named = groups.select(_GROUP).unique(maintain_order=True).with_row_index("group")
        members = (
            rows.join(keys.with_row_index("key"), on=_KEY, maintain_order="left")
            .select(pl.col("subject").alias("building"), "key", pl.int_range(pl.len()).alias("row"))
            .join(groups.join(named, on=_GROUP).select("building", "group"), on="building", maintain_order="left")
        )
        run = members["group"].cast(pl.Int64).to_numpy() * len(keys) + members["key"].to_numpy()
        order = np.argsort(run, kind="stable")
        begins = np.flatnonzero(np.diff(run[order], prepend=-1))
        group, key = np.divmod(run[order][begins], len(keys))
        return cls(members["row"].to_numpy()[order], begins, key, group)

    def sums(self, values: pl.Series) -> Numbers:
        """The sum of each run of a value a row."""
        return np.asarray(np.add.reduceat(values.to_numpy()[self.row], self.begins))

    def added_up(self, rows: pl.DataFrame) -> dict[str, pl.Series]:
        """What a run's rows make together, a value a run."""
        columns = rows.select(
            steps(pl.col("partial")).alias("partial"),
            steps(pl.col("coverage") * pl.col("weight")).alias("covered"),
            steps(pl.col("weight")).alias("weight"),
            pl.col("value").is_not_null().cast(pl.Int64).alias("given"),
            _lacks().cast(pl.Int64).alias("lacking"),
            (pl.col("method") == "measured").cast(pl.Int64).alias("measured"),
            (pl.col("uncertainty") ** 2).alias("squares"),
        )
        found = {name: pl.Series(self.sums(columns[name])) for name in columns.columns}
        ends = np.append(self.begins[1:], len(self.row))
        members = pl.Series(ends - self.begins)
        first, last = rows[self.row[self.begins]], rows[self.row[ends - 1]]
        return {
            **{name: found[name].cast(pl.Float64) * (1 / STEPS) for name in ("partial", "covered", "weight")},
            "given": found["given"],
            "lacking": found["lacking"],
            "members": members,
            "measured": found["measured"] == members,
            "uncertainty": found["squares"].sqrt() + self._silent(rows, found["partial"], found["covered"]),
            "calculation": last["calculation"],
            "reason": first["reason"],
            "reason_en": first["reason_en"],
            "factors": self._factors(MergedFactors(rows["factors"])),
        }

    def _silent(self, rows: pl.DataFrame, partial: pl.Series, covered: pl.Series) -> pl.Series:
        """What the rows of which nothing is known may make: as much an hour as the others of their run do."""
        per_hour = (partial.abs() / covered).fill_nan(0.0).to_numpy()
        silent = rows.select((pl.col("coverage") == 0) & (pl.col("weight") > 0)).to_series().to_numpy()
        at = np.flatnonzero(silent[self.row])
        run = np.searchsorted(self.begins, at, side="right") - 1
        weight, unsure = (rows[name].gather(self.row[at]).to_numpy() for name in ("weight", "uncertainty"))
        # as far as a building's own half width does not say so already: of a base load it does
        more = np.where(covered.to_numpy()[run] > 0, per_hour[run] * weight - unsure, 0.0)
        return pl.Series(np.bincount(run, weights=np.maximum(more, 0.0), minlength=len(self.begins)))

    def _factors(self, merged: MergedFactors) -> pl.Series:
        return merged.of_runs(merged.codes.to_numpy()[self.row], self.begins)


def _lacks() -> pl.Expr:
    return (pl.col("lacks") == "input") & pl.col("value").is_null()


def _lacking(runs: _Runs, rows: pl.DataFrame, groups: pl.DataFrame) -> dict[str, pl.Series]:
    """The names of the first buildings of each run that lack something, and why the first of them does; null where none does."""
    lacks = rows.select(_lacks()).to_series().to_numpy()[runs.row]
    run = np.repeat(np.arange(len(runs.begins)), np.diff(runs.begins, append=len(runs.row)))[lacks]
    row = runs.row[lacks]
    begins = np.flatnonzero(np.diff(run, prepend=-1))
    place = np.arange(len(run)) - np.repeat(begins, np.diff(begins, append=len(run)))
    called = rows.select(pl.col("subject").alias("building")).join(
        groups.select("building", "name").unique("building"), on="building", how="left", maintain_order="left"
    )["name"]
    told = (
        pl.DataFrame({"run": run[place < _MOST_NAMES], "name": called.gather(row[place < _MOST_NAMES])})
        .group_by("run", maintain_order=True)
        .agg(pl.col("name").str.join(", "))
    )
    why = pl.DataFrame({"run": told["run"], "names": told["name"], "row": row[begins]}, schema_overrides={"run": pl.Int64})
    given = pl.DataFrame({"run": np.arange(len(runs.begins))}).join(why, on="run", how="left", maintain_order="left")
    return {
        "names": given["names"],
        "why": rows["reason"].gather(given["row"]),
        "why_en": rows["reason_en"].gather(given["row"]),
    }
