"""Months to years to date, rolling years and years. Pure: added, or the greatest, as the indicator declares.

A period is covered as far as its months are; a month without a row is not covered at all. So a rolling year needs all its twelve.

Each month lies in some two dozen periods, so months are laid out as matrices (a row a month, a column a figure's subject), and a
period adds some of their rows, one by one in the order of time: the same bits, however many months lie beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from services.figures.calculation import Over
from services.figures.factors_used import NOWHERE, MergedFactors
from services.figures.frames import FIGURES, STEPS, completed, steps, ungated

_SUBJECT = ("indicator", "carrier", "subject_kind", "subject")
NO_MONTHS = ("Inga månader i perioden är beräknade.", "No month of the period is calculated.")

Matrix = npt.NDArray[Any]  # months x subjects
Vector = npt.NDArray[Any]  # one a subject


def longer(months: pl.DataFrame, periods: pl.DataFrame, over: Mapping[str, Over]) -> pl.DataFrame:
    """Figures of `periods` from monthly ones, before the gate.

    Args:
        months: FIGURES of period "month", of every month in `periods` that has one.
        periods: PERIODS of several whole months.
        over: indicator → how it goes over; those with NONE, or unknown here, give nothing.
    """
    named = {how: [name for name, given in over.items() if given is how] for how in (Over.SUM, Over.MAX)}
    rows = ungated(months).filter((pl.col("period") == "month") & pl.col("indicator").is_in([*named[Over.SUM], *named[Over.MAX]]))
    if rows.is_empty() or periods.is_empty():
        return pl.DataFrame(schema=dict(FIGURES))
    return completed(_Months(rows, named[Over.SUM]).over(periods))


@dataclass(frozen=True)
class _Months:
    """Monthly figures of many subjects; a subject here is one indicator and carrier of a point or building."""

    rows: pl.DataFrame
    added: Sequence[str]

    def over(self, periods: pl.DataFrame) -> pl.DataFrame:
        """The figures of each period; of the subjects that have one of its months."""
        edges = zip(*(self._starts.search_sorted(periods[edge]) for edge in ("start", "end")), strict=True)
        parts = [self._within(first, last) for first, last in edges]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0] if name != "factors"}
        hours = (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64)
        return (
            periods.select("period", "start", "end", "zone")
            .join(self._subjects, how="cross", maintain_order="left_right")
            .with_columns(pl.Series(name, values) for name, values in columns.items())
            .with_columns(
                pl.concat([part["factors"] for part in parts]).alias("factors"),
                pl.when(~pl.col("lacking") & pl.col("any")).then("partial").alias("value"),
                (pl.col("covered") / pl.max_horizontal("length", hours)).alias("coverage"),
                pl.when("measured").then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method"),
                pl.when("lacking").then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
                *(self._texts(name, columns["told"]) for name in ("reason", "reason_en")),
                self._texts("calculation", columns["last"]),
            )
            .filter(pl.col("last") != NOWHERE)
        )

    def _within(self, first: int, last: int) -> dict[str, Any]:
        """What the months from `first` to before `last` make, a value a subject."""
        within = slice(first, last)
        given, row, lacks = self._given[within], self._row[within], self._lacks[within]
        lacking = lacks.any(axis=0)
        ended, at_most = _last(row), self._at_most(range(first, last))
        partial, covered, length, weight, squares = (_total(matrix[within]) for matrix in self._added_up)
        unsure_at = np.where(at_most == NOWHERE, ended, at_most)
        return {
            "any": given.any(axis=0),
            "lacking": lacking,
            "partial": np.where(self._is_added, partial / STEPS, self._picked("value", at_most)),
            "uncertainty": np.where(self._is_added, np.sqrt(squares), self._picked("uncertainty", unsure_at)),
            "covered": covered / STEPS,
            "length": length / STEPS,
            "weight": weight / STEPS,
            "measured": (self._measured | (self._row == NOWHERE))[within].all(axis=0),
            "told": np.where(lacking, _first(np.where(lacks, row, NOWHERE)), _first(np.where(given, NOWHERE, row))),
            "last": ended,
            "factors": self._factors(within, at_most),
        }

    @cached_property
    def _starts(self) -> pl.Series:
        return self.rows["start"].unique().sort()

    @cached_property
    def _subjects(self) -> pl.DataFrame:
        return self.rows.select(_SUBJECT).unique(maintain_order=True)

    @cached_property
    def _place(self) -> tuple[Vector, Vector]:
        """Month and subject of each row."""
        numbered = self._subjects.with_row_index("number")
        number = self.rows.select(_SUBJECT).join(numbered, on=_SUBJECT, maintain_order="left")["number"]
        return self._starts.search_sorted(self.rows["start"]).to_numpy(), number.to_numpy()

    def _laid_out(self, values: pl.Series | pl.Expr, empty: float) -> Matrix:
        """A value a row as a matrix; `empty` where there is no such month."""
        taken = (values if isinstance(values, pl.Series) else self.rows.select(values).to_series()).to_numpy()
        matrix = np.full((len(self._starts), len(self._subjects)), empty, dtype=taken.dtype)
        matrix[self._place] = taken
        return matrix

    @cached_property
    def _row(self) -> Matrix:
        return self._laid_out(pl.int_range(pl.len(), dtype=pl.Int64), NOWHERE)

    @cached_property
    def _given(self) -> Matrix:
        return self._laid_out(pl.col("value").is_not_null(), False)

    @cached_property
    def _lacks(self) -> Matrix:
        return self._laid_out((pl.col("lacks") == "input") & pl.col("value").is_null(), False)

    @cached_property
    def _measured(self) -> Matrix:
        return self._laid_out(pl.col("method") == "measured", False)

    @cached_property
    def _added_up(self) -> tuple[Matrix, ...]:
        """What is known, the hours that are covered, all hours and the weight, in whole steps; the uncertainty's square."""
        # the month's own coverage counts for the hours of the month: those to come of a running one are not expected yet
        hours = (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64)
        exact = map(steps, (pl.col("partial"), pl.col("coverage") * hours, hours, pl.col("weight")))
        return (*(self._laid_out(column, 0) for column in exact), self._laid_out(pl.col("uncertainty") ** 2, 0.0))

    @cached_property
    def _values(self) -> Matrix:
        return self._laid_out(pl.col("value").fill_null(-np.inf), -np.inf)

    @cached_property
    def _is_added(self) -> Vector:
        return self._subjects["indicator"].is_in(list(self.added)).to_numpy()

    def _at_most(self, within: range) -> Vector:
        """The row of the greatest value, the last of several; NOWHERE where no month has one."""
        most = np.full(len(self._subjects), -np.inf)
        at = np.full(len(self._subjects), NOWHERE)
        for month in within:
            higher = self._given[month] & (self._values[month] >= most)
            most, at = np.where(higher, self._values[month], most), np.where(higher, self._row[month], at)
        return at

    def _picked(self, name: str, row: Vector) -> Vector:
        """The column's numbers at some rows; 0 where there is no such row, or no number in it."""
        return np.where(row == NOWHERE, 0.0, self.rows[name].fill_null(0.0).to_numpy()[row])

    def _texts(self, name: str, row: Vector) -> pl.Series:
        """The column's texts at some rows; "" where there is no such row."""
        taken = self.rows[name].gather(pl.Series(np.where(row == NOWHERE, 0, row)))
        return pl.select(pl.when(pl.Series(row != NOWHERE)).then(taken).otherwise(pl.lit("")).alias(name)).to_series()

    @cached_property
    def _merged(self) -> MergedFactors:
        return MergedFactors(self.rows["factors"])

    @cached_property
    def _codes(self) -> Matrix:
        return self._laid_out(self._merged.codes, NOWHERE)

    def _factors(self, within: slice, at_most: Vector) -> pl.Series:
        """Those of all months where they are added; where the greatest counts, those of its month."""
        of_most = np.where(at_most == NOWHERE, NOWHERE, self._merged.codes.to_numpy()[at_most])
        codes = np.where(self._is_added, self._codes[within], of_most)
        return self._merged.of_columns(codes)


def _total(matrix: Matrix) -> Vector:
    """The sum of its rows, one by one in their order: of floats too the bits do not depend on how many lie beside them."""
    total = np.zeros(matrix.shape[1], dtype=matrix.dtype)
    for month in matrix:
        total = total + month
    return total


def _first(rows: Matrix) -> Vector:
    """In each column the first that is somewhere."""
    found = np.full(rows.shape[1], NOWHERE, dtype=rows.dtype)
    for row in rows:
        found = np.where(found == NOWHERE, row, found)
    return found


def _last(rows: Matrix) -> Vector:
    return _first(rows[::-1])
