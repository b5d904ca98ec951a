"""TABLE: of points (one row a point, the columns that the panel names), or one column a query."""

from typing import Any

from config.domain.panels import Column, Panel, PanelQuery, Role
from config.domain.series import EVENTS, INDICATOR_VALUES
from services.web.view.asking import Line, lines, rank
from services.web.view.cells import column_cell, heard_cell, missing_cell, point_cell, value_text
from services.web.view.links import row_address
from services.web.view.names import name_of, tag_word
from services.web.view.rows import rows_of
from services.web.view.situation import Situation
from services.web.view.values import Cell, Head, Part, Table, TableRow
from services.web.wording import DASH

COLUMNS = (Role.VALUE, Role.COMPARISON, Role.COUNT, Role.RECEIVED)


def table_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One table, or one a value of the panel's facet."""
    if any(query.columns for query in panel.queries):
        return _of_points(situation, panel)
    return _of_queries(situation, panel)


def cut_to(panel: Panel, rows: list[Any]) -> tuple[list[Any], int]:
    """As many as the panel shows, and how many it does not."""
    return (rows[: panel.most], len(rows) - panel.most) if panel.most and len(rows) > panel.most else (rows, 0)


def part_of(situation: Situation, panel: Panel, facet: str, corner: str, heads: tuple[Head, ...], rows: list[TableRow]) -> Part:
    """A table with its sentence; a facet's value names it."""
    shown, cut = cut_to(panel, rows)
    name = name_of(situation, panel.queries[0], panel.facet, facet) if facet else ""
    table = Table(corner, heads, tuple(shown), cut)
    return Part(facet or "all", name, panel.unit, _summary(situation, shown, cut), table)


def _summary(situation: Situation, rows: list[TableRow], cut: int) -> str:
    parts = []
    if cut:
        total = len(rows) + cut
        parts.append(situation.pick(f"{len(rows)} av {total} rader visas.", f"{len(rows)} of {total} rows are shown."))
    missing = sum(row.state == "missing" for row in rows)
    if missing and len(rows) > 1:
        parts.append(situation.pick(f"{missing} av {len(rows)} saknas.", f"{missing} of {len(rows)} are missing."))
    silent = sum(row.state == "silent" for row in rows)
    if silent:
        parts.append(situation.pick(f"{silent} av {len(rows)} är tysta.", f"{silent} of {len(rows)} are silent."))
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
    facets: dict[str, list[TableRow]] = {}
    for row in found:
        key = str(row[panel.rows]) if panel.rows else ""
        name = column_cell(situation, query, named_by, row).text if named_by else name_of(situation, query, panel.rows, key, row)
        cells = tuple(column_cell(situation, query, column, row) for column in columns)
        shown = TableRow(key, name, cells, address=row_address(situation, panel, query, key, row))
        facets.setdefault(str(row[panel.facet]) if panel.facet else "", []).append(shown)
    heads = tuple(Head(situation.pick(column.label_sv, column.label_en), column.unit) for column in columns)
    corner = situation.pick(named_by.label_sv, named_by.label_en) if named_by else tag_word(situation, panel.rows, query)
    return tuple(part_of(situation, panel, facet, corner, heads, rows) for facet, rows in facets.items())


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


def _pivot(situation: Situation, panel: Panel, asked: list[PanelQuery], found: list[Line], facet: str) -> Part:
    if not panel.rows:
        rows = [_query_row(situation, panel, query, found) for query in asked]
        heads: tuple[Head, ...] = (Head(situation.pick("värde", "value"), panel.unit),)
        return part_of(situation, panel, facet, "", heads, rows)
    by_place = {(id(line.query), line.key): line for line in found}
    rows = []
    for key, name in rows_of(situation, panel, found):
        its = [by_place.get((id(query), key)) for query in asked]
        cells = tuple(_cell(situation, query, line, key[0] if key else "") for query, line in zip(asked, its, strict=True))
        first = next((line for line in its if line is not None), None)
        address = row_address(situation, panel, asked[0], key[0] if key else "", first.last.row if first else None)
        states = [cell.state for cell in cells]
        state = "silent" if "silent" in states else "missing" if states[0] == "missing" else ""
        rows.append(
            TableRow(
                ".".join(key),
                name,
                cells,
                ", ".join(situation.places.get(key[0], [])) if panel.rows == "meter" else "",
                state,
                situation.pick("tyst", "silent") if state == "silent" else "",
                address,
            )
        )
    rank = next((place for place, query in enumerate(asked) if query.label_en == panel.ranked_by), None)
    if rank is not None:
        rows.sort(key=lambda row: _rank(row.cells[rank].value))
    heads = tuple(Head(situation.pick(query.label_sv, query.label_en), query.unit) for query in asked)
    return part_of(situation, panel, facet, tag_word(situation, panel.rows, asked[0]), heads, rows)


def _measured(situation: Situation, query: PanelQuery, key: str) -> bool:
    """Whether a building has a metering point of what is asked for; of anything else it may."""
    carriers = {carrier.removesuffix("_export") for carrier in query.query.where.get("carrier", ("",))}
    if "" in carriers or key not in situation.portfolio.buildings:
        return True
    return any(point.carrier.value in carriers for point in situation.portfolio.points_in(key))


def _rank(value: float | str | None) -> tuple[bool, float]:
    return (not isinstance(value, (int, float)), -value if isinstance(value, (int, float)) else 0.0)


def _query_row(situation: Situation, panel: Panel, query: PanelQuery, found: list[Line]) -> TableRow:
    line = next((line for line in found if line.query is query), None)
    cell = _cell(situation, query, line, "")
    state = "missing" if cell.state == "missing" else ""
    address = row_address(situation, panel, query, "", line.last.row if line else None)
    return TableRow(query.label_en, situation.pick(query.label_sv, query.label_en), (cell,), state=state, address=address)


def _cell(situation: Situation, query: PanelQuery, line: Line | None, key: str) -> Cell:
    if query.role is Role.RECEIVED:
        return heard_cell(situation, query, line.last.value if line else None, key)
    if query.role is Role.COUNT:
        value = (line.last.value if line else None) or 0.0
        return Cell(value, value_text(situation, value, query.unit))
    if line is None:
        published = query.query.series is INDICATOR_VALUES
        if published and not _measured(situation, query, key):
            return Cell(None, DASH)
        absent = situation.pick("inte beräknad än", "not calculated yet") if published else ""
        return missing_cell(situation, absent)
    return point_cell(situation, query, line.last, "")
