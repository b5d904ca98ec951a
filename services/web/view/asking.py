"""Answers of a panel's questions, gathered into lines: the points of one row, with what belongs to each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, overload

import polars as pl

from config.domain.intervals import Method
from config.domain.panels import CARRIER_NAMES, LINE_NAMES, MEASURES, PART_NAMES, Panel, PanelQuery, Role
from services.web.view.situation import Situation
from services.web.view.values import Key

TIMELESS = datetime(1970, 1, 1, tzinfo=UTC)  # of an answer without time
COVERS = {Role.VALUE: Role.COVERAGE, Role.COMPARISON: Role.COMPARISON_COVERAGE}
ORDERS: Mapping[str, Sequence[str]] = {
    "carrier": tuple(CARRIER_NAMES),
    "line": tuple(LINE_NAMES),
    "part": tuple(PART_NAMES),
    "measure": tuple(MEASURES),
}
ESTIMATED = frozenset({Method.ESTIMATED.value, Method.INTERPOLATED.value})


@dataclass(frozen=True, slots=True)
class Point:
    """One answer. `row`: all that the store gave, of a query of points."""

    at: datetime
    value: float | None
    coverage: float | None = None
    estimated: bool = False
    margin: float | None = None
    reason: str = ""
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The points of one row, oldest first."""

    facet: str
    key: Key
    query: PanelQuery
    points: Sequence[Point]

    @property
    def last(self) -> Point:
        return self.points[-1]


@dataclass(frozen=True, slots=True)
class _Counted(Sequence[Point]):
    """Points of groups, each made when it is looked at: a list of a thousand buildings has a month of days behind every row."""

    times: Sequence[datetime]
    values: Sequence[float | None]
    coverages: Sequence[float | None]

    def __len__(self) -> int:
        return len(self.times)

    @overload
    def __getitem__(self, place: int) -> Point: ...

    @overload
    def __getitem__(self, place: slice) -> "_Counted": ...

    def __getitem__(self, place: int | slice) -> "Point | _Counted":
        if isinstance(place, slice):
            return _Counted(self.times[place], self.values[place], self.coverages[place])
        coverage = self.coverages[place]
        return Point(self.times[place], self.values[place], coverage, coverage is not None and coverage < 1)


def lines(situation: Situation, panel: Panel, role: Role) -> list[Line]:
    """Of each query of that role and each row, in the order in which the store gave them."""
    found: list[Line] = []
    for number, query in enumerate(panel.role(role)):
        found += _lines_of(situation, panel, query, _coverage_query(panel, role, number, query))
    return sorted(found, key=lambda line: (rank(panel.facet, line.facet), rank(panel.rows, line.key[0] if line.key else "")))


def rank(tag: str, value: str) -> int:
    """The place of a tag's value where its values have an order of their own."""
    order = ORDERS.get(tag, ())
    return order.index(value) if value in order else len(order)


def row_tags(panel: Panel, query: PanelQuery) -> tuple[str, ...]:
    """The tags that name the panel's rows, as far as the query's answer has them."""
    wanted = ("meter", "register") if panel.rows == "register" else (panel.rows,)
    given = query.query.series.tags if query.query.aggregate is None else query.query.by
    return tuple(tag for tag in wanted if tag in given)


def number_of(query: PanelQuery) -> str:
    """The field that is the value."""
    return query.query.field or query.query.series.number


def point_of(situation: Situation, query: PanelQuery, row: Mapping[str, Any]) -> Point:
    """A whole point: what is missing has its reason, what is estimated says so."""
    value, method, coverage = row[number_of(query)], row.get("method"), row.get("coverage")
    missing = value is None or method == Method.MISSING.value
    reason = row.get(situation.pick("reason", "reason_en")) or ""
    estimated = method in ESTIMATED if method is not None else coverage is not None and coverage < 1
    margin = row.get("uncertainty")
    return Point(
        row["time"],
        None if missing else float(value),
        coverage,
        estimated and not missing,
        margin if margin and not missing else None,
        str(reason) if missing else "",
        row,
    )


def _lines_of(situation: Situation, panel: Panel, query: PanelQuery, covering: PanelQuery | None) -> Iterable[Line]:
    tags = row_tags(panel, query)
    if query.query.aggregate is None:
        return _of_points(situation, panel.facet, tags, query)
    return _of_groups(panel.facet, tags, query, _covered(situation, query, covering))


def _of_points(situation: Situation, facet: str, tags: Sequence[str], query: PanelQuery) -> Iterable[Line]:
    lines: dict[tuple[str, Key], list[Point]] = {}
    for row in situation.read(query).iter_rows(named=True):
        place = (str(row[facet]) if facet in row else "", tuple(str(row[tag]) for tag in tags))
        lines.setdefault(place, []).append(point_of(situation, query, row))
    for (drawn_apart, key), points in lines.items():
        yield Line(drawn_apart, key, query, tuple(sorted(points, key=lambda point: point.at)))


def _of_groups(facet: str, tags: Sequence[str], query: PanelQuery, frame: pl.DataFrame) -> Iterable[Line]:
    """
    Args:
        frame: `value`, `coverage`, the tags, and `time` where the groups are of time.
    """
    if frame.is_empty():
        return
    if "time" not in frame.columns:
        frame = frame.with_columns(pl.lit(TIMELESS).alias("time"))
    drawn_apart = pl.col(facet) if facet in frame.columns else pl.lit("")
    keys = [drawn_apart.alias("line.facet"), *(pl.col(tag).alias(f"line.{tag}") for tag in tags)]
    told = pl.col("time", "value", "coverage").sort_by("time")
    for name, *key, times, values, coverages in frame.group_by(keys, maintain_order=True).agg(told).iter_rows():
        yield Line(name, tuple(key), query, _Counted(times, values, coverages))


def _coverage_query(panel: Panel, role: Role, number: int, query: PanelQuery) -> PanelQuery | None:
    """The query that tells the coverage of another one's answer: of the same groups, else in the same place."""
    covers = COVERS.get(role)
    offered = [
        each
        for each in (panel.role(covers) if covers else ())
        if each.query.by == query.query.by and each.query.every == query.query.every and each.query.aggregate is not None
    ]
    same = [each for each in offered if each.query.where == query.query.where and each.window == query.window]
    if same:
        return same[0]
    return offered[number] if number < len(offered) == len(panel.role(role)) else None


def _covered(situation: Situation, query: PanelQuery, covering: PanelQuery | None) -> pl.DataFrame:
    """The query's answer with the coverage of each group beside it; null where it is not told."""
    values = situation.read(query)
    if covering is None:
        return values.with_columns(pl.lit(None, pl.Float64).alias("coverage"))
    coverages = situation.read(covering).rename({"value": "coverage"})
    keys = [column for column in values.columns if column != "value"]
    if not keys:
        return pl.concat([values, coverages], how="horizontal")
    return values.join(coverages, on=keys, how="left", maintain_order="left")
