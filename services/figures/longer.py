"""Months to years to date, rolling years and years. Pure: added, or the greatest, as the indicator declares.

A period is covered as far as its months are; a month without a row is not covered at all. It needs all its months: where one of
them is known below the limit there is no figure (domain facts 8), but what is known of it goes on to the groups. A month of which
nothing is known widens the half width by what the known hours use on average.

Each month lies in some two dozen periods, so months are laid out as matrices (a row a month, a column a figure's subject), and a
period adds some of their rows, one by one in the order of time: the same bits, however many months lie beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from config.domain.periods import MONTHS_EN, MONTHS_SV, local_date
from config.domain.periods import month as month_of
from services.figures.calculation import Over
from services.figures.factors_used import NOWHERE, MergedFactors
from services.figures.frames import FIGURES, STEPS, TIME, completed, steps, ungated
from services.figures.gates import NOT_INSTALLED, NOT_SETTLED
from services.figures.periods import first_of_month

_SUBJECT = ("indicator", "carrier", "subject_kind", "subject")
_MOST_MONTHS = 13  # more than a period has
_US_PER_HOUR = 3_600_000_000

Matrix = npt.NDArray[Any]  # months x subjects
Vector = npt.NDArray[Any]  # one a subject


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be known of months.

    Attributes:
        limit: below this share a month, and every longer period that it lies in, has no figure.
        until: what comes after it has not been used yet.
        installed: `services.figures.hours.installed_subjects` of the subjects.
    """

    limit: float
    until: datetime
    installed: pl.DataFrame


def longer(months: pl.DataFrame, periods: pl.DataFrame, over: Mapping[str, Over], expected: Expected) -> pl.DataFrame:
    """Figures of `periods` from monthly ones, before the gate, but Missing where one of the months is known below the limit.

    Args:
        months: FIGURES of period "month", gated, of every month in `periods` that has one.
        periods: PERIODS of several whole months that have begun.
        over: indicator → how it goes over; those with NONE, or unknown here, give nothing.
    """
    named = {how: [name for name, given in over.items() if given is how] for how in (Over.SUM, Over.MAX)}
    rows = ungated(months).filter((pl.col("period") == "month") & pl.col("indicator").is_in([*named[Over.SUM], *named[Over.MAX]]))
    if rows.is_empty() or periods.is_empty():
        return pl.DataFrame(schema=dict(FIGURES))
    return completed(_Months(rows, named[Over.SUM], periods, expected).over())


@dataclass(frozen=True)
class _Months:
    """Monthly figures of many subjects; a subject here is one indicator and carrier of a point or building."""

    rows: pl.DataFrame
    added: Sequence[str]
    periods: pl.DataFrame
    expected: Expected

    def over(self) -> pl.DataFrame:
        """The figures of each period; of the subjects that have one of its months."""
        periods = self.periods
        edges = zip(*(self._starts.search_sorted(periods[edge]) for edge in ("start", "end")), strict=True)
        parts = [self._within(first, last) for first, last in edges]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0] if name != "factors"}
        is_thin = columns["any"] & ~columns["lacking"] & (columns["low"] > 0)
        thin = self._thin(columns["first_low"], columns["low"], is_thin)
        hours = (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64)
        return (
            periods.select("period", "start", "end", "zone")
            .join(self._subjects, how="cross", maintain_order="left_right")
            .with_columns(pl.Series(name, values) for name, values in columns.items())
            .with_columns(
                pl.concat([part["factors"] for part in parts]).alias("factors"),
                pl.when(~pl.col("lacking") & pl.col("any") & (pl.col("low") == 0)).then("partial").alias("value"),
                (pl.col("covered") / pl.max_horizontal("length", hours)).alias("coverage"),
                pl.when("measured").then(pl.lit("measured")).otherwise(pl.lit("estimated")).alias("method"),
                pl.when("lacking").then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
                *(
                    self._texts(name, columns["told"]).zip_with(~pl.Series(is_thin), said).alias(name)
                    for name, said in zip(("reason", "reason_en"), thin, strict=True)
                ),
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
        per_hour = np.divide(np.abs(partial), covered, out=np.zeros(len(covered)), where=covered > 0)
        low = self._low[within]
        # as far as its own half width does not say so already: of a month's base load it does
        silent = _total(np.maximum(per_hour * self._silent[within] - self._unsure[within], 0.0))
        return {
            "any": given.any(axis=0),
            "lacking": lacking,
            "partial": np.where(self._is_added, partial / STEPS, self._picked("value", at_most)),
            "uncertainty": np.where(self._is_added, np.sqrt(squares) + silent, self._picked("uncertainty", unsure_at)),
            "low": low.sum(axis=0),
            "first_low": first + low.argmax(axis=0),
            "covered": covered / STEPS,
            "length": length / STEPS,
            "weight": weight / STEPS,
            "measured": (self._measured | (self._row == NOWHERE))[within].all(axis=0),
            "told": np.where(lacking, _first(np.where(lacks, row, NOWHERE)), _first(np.where(given, NOWHERE, row))),
            "last": ended,
            "factors": self._factors(within, at_most),
        }

    def _thin(self, first: Vector, low: Vector, at: Vector) -> tuple[pl.Series, pl.Series]:
        """What is said in Swedish and English of each figure, by its first month that is known too little and how many are.

        Few figures say anything, and those say few things, so each is put in words once.
        """
        subject = np.tile(np.arange(len(self._subjects)), len(self.periods))[at]
        case = (first[at] * _MOST_MONTHS + low[at]) * len(self._own_reasons) + self._own_reason[first[at], subject]
        cases, number = np.unique(case, return_inverse=True)
        worded = [self._worded(*divmod(int(one), len(self._own_reasons))) for one in cases]
        place = np.zeros(len(at), dtype=np.int64)
        place[at] = number + 1
        texts = zip(("", ""), *worded, strict=True)
        sv, en = (pl.Series(said, dtype=pl.String).gather(place) for said in texts)
        return sv, en

    def _worded(self, months: int, own: int) -> tuple[str, str]:
        first, low = divmod(months, _MOST_MONTHS)
        on = local_date(self._calendar["start"][first], self._zone)
        named_sv, named_en = f"{MONTHS_SV[on.month - 1].capitalize()} {on.year}", f"{MONTHS_EN[on.month - 1]} {on.year}"
        limit = f"{self.expected.limit * 100:.0f}"
        sv = f"{named_sv} är känd" if low == 1 else f"{named_sv} och {low - 1} månad{'er' if low > 2 else ''} till är kända"
        en = f"{named_en} is known" if low == 1 else f"{named_en} and {low - 1} more month{'s' if low > 2 else ''} are known"
        reason_sv, reason_en = self._own_reasons[own]
        rest_sv = f". {named_sv}: {reason_sv}" if reason_sv else ": läs in det som fattas."
        rest_en = f". {named_en}: {reason_en}" if reason_en else ": import what lacks."
        return f"{sv} till mindre än {limit} %{rest_sv}", f"{en} to less than {limit} %{rest_en}"

    @cached_property
    def _own_reasons(self) -> list[tuple[str, str]]:
        """What months say of themselves that is more than that readings lack."""
        told = self._telling.drop_nulls().unique().sort("reason").rows()
        return [("", ""), NOT_INSTALLED, *told]

    @cached_property
    def _telling(self) -> pl.DataFrame:
        tells = pl.col("value").is_null() & ~pl.col("reason").is_in(["", NOT_INSTALLED[0], NOT_SETTLED[0]])
        return self.rows.select(pl.when(tells).then(pl.col(name)).alias(name) for name in ("reason", "reason_en"))

    @cached_property
    def _own_reason(self) -> Matrix:
        """The place in `_own_reasons` of each month's."""
        places = pl.DataFrame(self._own_reasons[2:], schema={"reason": pl.String, "reason_en": pl.String}, orient="row")
        places = places.with_row_index("place", offset=2).with_columns(pl.col("place").cast(pl.Int64))
        own = self._telling.join(places, on=["reason", "reason_en"], how="left", maintain_order="left")["place"].fill_null(0)
        return np.where(self._installed == 0, 1, self._laid_out(own, 0))

    @cached_property
    def _zone(self) -> str:
        return str(self.periods["zone"][0])

    @cached_property
    def _calendar(self) -> pl.DataFrame:
        """`start` and `end` of every month that has a figure or lies in a period."""
        firsts: set[date] = set()
        for first, last in self.periods.select("first_day", "last_day").unique().iter_rows():
            firsts.update(first_of_month(first, n) for n in range((last.year - first.year) * 12 + last.month - first.month + 1))
        within = [(item.start, item.end) for item in (month_of(first, self._zone) for first in firsts)]
        table = pl.DataFrame(within, schema={"start": TIME, "end": TIME}, orient="row")
        return pl.concat([table, self.rows.select("start", "end")]).unique().sort("start")

    @property
    def _starts(self) -> pl.Series:
        return self._calendar["start"]

    @cached_property
    def _installed(self) -> Matrix:
        """How much of each month a meter of each subject is installed, until now. [µs]"""
        known = self.expected.installed
        spans = self._subjects.join(known, on=["subject_kind", "subject", "carrier"], how="left", maintain_order="left").join(
            # what is of no single carrier, or of one by another name, is of all that the subject measures
            known.filter(pl.col("carrier") == "").drop("carrier"),
            on=["subject_kind", "subject"],
            how="left",
            maintain_order="left",
            suffix="_any",
        )
        start, end = (self._calendar[edge].to_physical().to_numpy()[:, None] for edge in ("start", "end"))
        since, to = (
            spans.select(pl.coalesce(edge, f"{edge}_any").to_physical().fill_null(otherwise)).to_series().to_numpy()
            for edge, otherwise in (("installed_from", np.iinfo(np.int64).min), ("installed_to", np.iinfo(np.int64).max))
        )
        until = pl.Series([self.expected.until], dtype=TIME).to_physical()[0]
        return np.asarray(np.maximum(np.minimum(np.minimum(end, to), until) - np.maximum(start, since), 0))

    @cached_property
    def _low(self) -> Matrix:
        return self._laid_out(pl.col("coverage"), 0.0) < self.expected.limit - 1e-9

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
    def _silent(self) -> Matrix:
        """The hours that a meter was installed, of months of which nothing is known."""
        return np.where(self._given | self._lacks, 0.0, self._installed / _US_PER_HOUR)

    @cached_property
    def _unsure(self) -> Matrix:
        return self._laid_out(pl.col("uncertainty"), 0.0)

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
