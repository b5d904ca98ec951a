"""TABLE: of points (one row a point, the columns that the panel names), or one column a query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from config.domain.panels import Column, Panel, PanelQuery, Role
from config.domain.series import EVENTS, INDICATOR_VALUES
from services.reports.wording import DASH
from services.web.view.asking import Line, lines, rank
from services.web.view.cells import column_cell, heard_cell, missing_cell, point_cell, value_text
from services.web.view.links import row_address
from services.web.view.names import name_of, tag_word
from services.web.view.rows import rows_of
from services.web.view.situation import Situation
from services.web.view.values import Cell, Head, Key, Part, Table, TableRow

Found = TypeVar("Found")
COLUMNS = (Role.VALUE, Role.COMPARISON, Role.COUNT, Role.RECEIVED)


def table_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One table, or one a value of the panel's facet."""
    if any(query.columns for query in panel.queries):
        return _of_points(situation, panel)
    return _of_queries(situation, panel)


def _part(situation: Situation, panel: Panel, facet: str, summary: str, table: Table) -> Part:
    """A table with its sentence; a facet's value names it."""
    name = name_of(situation, panel.queries[0], panel.facet, facet) if facet else ""
    return Part(facet or "all", name, panel.unit, summary, table)


def _room(situation: Situation, panel: Panel, rows: list[Found]) -> tuple[Sequence[Found], int, int]:
    """Those that are shown, how many the panel leaves out, and how many more a file has."""
    wanted = rows[: panel.most] if panel.most else rows
    shown, beyond = situation.room(wanted)
    return shown, len(rows) - len(wanted), beyond


def _summary(situation: Situation, total: int, cut: int, missing: int = 0, silent: int = 0) -> str:
    """
    Args:
        total: rows, those that the panel leaves out as well.
    """
    kept, parts = total - cut, []
    if cut:
        parts.append(situation.pick(f"{kept} av {total} rader visas.", f"{kept} of {total} rows are shown."))
    if missing and kept > 1:
        parts.append(situation.pick(f"{missing} av {kept} saknas.", f"{missing} of {kept} are missing."))
    if silent:
        parts.append(situation.pick(f"{silent} av {kept} är tysta.", f"{silent} of {kept} are silent."))
    return " ".join(parts)


# of points


def _of_points(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    query = next(query for query in panel.queries if query.columns)
    found = [row for each in panel.queries if each.columns for row in situation.read(each).iter_rows(named=True)]
    if panel.ranked_by:
        found.sort(key=lambda row: (row[panel.ranked_by] is None, _descending(row[panel.ranked_by])))
    else:
        found.sort(key=lambda row: rank(panel.rows, str(row.get(panel.rows, ""))))
    columns = query.columns
    nameless = panel.rows in ("", "thread", "goal") or (panel.rows == "subject" and query.query.series is EVENTS)
    named_by = columns[0] if nameless or columns[0].name == panel.rows else None
    if named_by is not None:
        columns = columns[1:]
    columns = tuple(column for column in columns if column.name != panel.rows and not _said_by_others(column, query))
    heads = tuple(Head(situation.pick(column.label_sv, column.label_en), column.unit) for column in columns)
    corner = situation.pick(named_by.label_sv, named_by.label_en) if named_by else tag_word(situation, panel.rows, query)
    facets: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        facets.setdefault(str(row[panel.facet]) if panel.facet else "", []).append(row)
    parts = []
    for facet, its in facets.items():
        shown, cut, beyond = _room(situation, panel, its)
        rows = tuple(_point_row(situation, panel, query, named_by, columns, row) for row in shown)
        table = Table(corner, heads, rows, cut, beyond)
        parts.append(_part(situation, panel, facet, _summary(situation, len(its), cut), table))
    return tuple(parts)


def _point_row(
    situation: Situation, panel: Panel, query: PanelQuery, named_by: Column | None, columns: Iterable[Column], row: dict[str, Any]
) -> TableRow:
    key = str(row[panel.rows]) if panel.rows else ""
    name = column_cell(situation, query, named_by, row).text if named_by else name_of(situation, query, panel.rows, key, row)
    cells = tuple(column_cell(situation, query, column, row) for column in columns)
    return TableRow(key, name, cells, address=row_address(situation, panel, query, key, row))


def _said_by_others(column: Column, query: PanelQuery) -> bool:
    """Why a number is missing stands in its own cell here; Grafana's tables need a column for it."""
    numbers = query.query.series.optional or ({query.query.series.number} if query.query.series.may_be_missing else set())
    return column.name == "reason" and any(other.name in numbers for other in query.columns)


def _descending(value: Any) -> Any:
    """The largest and the latest first; words as they come."""
    if isinstance(value, (int, float)):
        return -value
    return -value.timestamp() if hasattr(value, "timestamp") else 0


# one column a query


def _of_queries(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    asked = [query for query in panel.queries if query.role in COLUMNS]
    found = [line for role in COLUMNS for line in lines(situation, panel, role)]
    facets = list(dict.fromkeys(line.facet for line in found)) or [""]
    return tuple(
        part
        for facet in facets
        if (part := _pivot(situation, panel, asked, [line for line in found if line.facet == facet], facet)).table.rows
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A row before it is put into words: a thousand have to be put in order, and a page has room for some of them.

    Attributes:
        lines: of each query of the panel, the row's own; None where the store has none.
    """

    key: Key
    name: str
    lines: tuple[Line | None, ...]

    @property
    def id(self) -> str:
        return self.key[0] if self.key else ""


def _pivot(situation: Situation, panel: Panel, asked: list[PanelQuery], found: list[Line], facet: str) -> Part:
    if not panel.rows:
        return _upright(situation, panel, asked, found, facet)
    by_place = {(id(line.query), line.key): line for line in found}
    rows = [
        _Row(key, name, tuple(by_place.get((id(query), key)) for query in asked))
        for key, name in rows_of(situation, panel, found)
    ]
    place = next((place for place, query in enumerate(asked) if query.label_en == panel.ranked_by), None)
    if place is not None:
        rows.sort(key=lambda row: _rank(asked[place], row.lines[place]))
    shown, cut, beyond = _room(situation, panel, rows)
    states = [_state(situation, asked, row) for row in rows[: len(rows) - cut]]
    heads = tuple(Head(situation.pick(query.label_sv, query.label_en), query.unit) for query in asked)
    table = Table(
        tag_word(situation, panel.rows, asked[0]),
        heads,
        tuple(_row(situation, panel, asked, row, state) for row, state in zip(shown, states, strict=False)),
        cut,
        beyond,
    )
    summary = _summary(situation, len(rows), cut, states.count("missing"), states.count("silent"))
    return _part(situation, panel, facet, summary, table)


def _row(situation: Situation, panel: Panel, asked: Sequence[PanelQuery], row: _Row, state: str) -> TableRow:
    first = next((line for line in row.lines if line is not None), None)
    return TableRow(
        ".".join(row.key),
        row.name,
        tuple(_cell(situation, query, line, row.id) for query, line in zip(asked, row.lines, strict=True)),
        ", ".join(situation.places.get(row.id, [])) if panel.rows == "meter" else "",
        state,
        situation.pick("tyst", "silent") if state == "silent" else "",
        row_address(situation, panel, asked[0], row.id, first.last.row if first else None),
    )


def _state(situation: Situation, asked: Sequence[PanelQuery], row: _Row) -> str:
    """Silent where one of its meters is, missing where its first value is."""
    for query, line in zip(asked, row.lines, strict=True):
        if query.role is Role.RECEIVED and _cell(situation, query, line, row.id).state == "silent":
            return "silent"
    return "missing" if _is_missing(situation, asked[0], row.lines[0], row.id) else ""


def _measured(situation: Situation, query: PanelQuery, key: str) -> bool:
    """Whether a building has a metering point of what is asked for; of anything else it may."""
    carriers = {carrier.removesuffix("_export") for carrier in query.query.where.get("carrier", ("",))}
    if "" in carriers or key not in situation.portfolio.buildings:
        return True
    return any(point.carrier.value in carriers for point in situation.portfolio.points_in(key))


def _rank(query: PanelQuery, line: Line | None) -> tuple[bool, float]:
    """The largest first, what has no number last."""
    value = _number(query, line)
    return value is None, -(value or 0.0)


def _number(query: PanelQuery, line: Line | None) -> float | None:
    """A line's value as a number; nothing counted is none."""
    if query.role is Role.RECEIVED:
        return None
    value = line.last.value if line else None
    return value or 0.0 if query.role is Role.COUNT else value


def _is_missing(situation: Situation, query: PanelQuery, line: Line | None, key: str) -> bool:
    """Whether there ought to be a value, and is none."""
    if query.role is Role.RECEIVED or _number(query, line) is not None:
        return False
    return line is not None or query.query.series is not INDICATOR_VALUES or _measured(situation, query, key)


def _upright(situation: Situation, panel: Panel, asked: Sequence[PanelQuery], found: Sequence[Line], facet: str) -> Part:
    """A row a query."""
    rows = []
    for query in asked:
        line = next((line for line in found if line.query is query), None)
        state = "missing" if _is_missing(situation, query, line, "") else ""
        address = row_address(situation, panel, query, "", line.last.row if line else None)
        name = situation.pick(query.label_sv, query.label_en)
        rows.append(TableRow(query.label_en, name, (_cell(situation, query, line, ""),), state=state, address=address))
    summary = _summary(situation, len(rows), 0, sum(row.state == "missing" for row in rows))
    table = Table("", (Head(situation.pick("värde", "value"), panel.unit),), tuple(rows))
    return _part(situation, panel, facet, summary, table)


def _cell(situation: Situation, query: PanelQuery, line: Line | None, key: str) -> Cell:
    if query.role is Role.RECEIVED:
        return heard_cell(situation, query, line.last.value if line else None, key)
    if query.role is Role.COUNT:
        value = _number(query, line) or 0.0
        return Cell(value, value_text(situation, value, query.unit))
    if line is not None:
        return point_cell(situation, query, line.last, "")
    if not _is_missing(situation, query, line, key):
        return Cell(None, DASH)
    published = query.query.series is INDICATOR_VALUES
    return missing_cell(situation, situation.pick("inte beräknad än", "not calculated yet") if published else "")
