"""Tables: of points, with a column a field; or one column a query, with a row a value of the panel's tag.

A missing point may still hold the number of an earlier writing, so numbers of such series are asked for by themselves, without
the missing points, and merged with the rest of their row: what is missing is then empty, and shown as "saknas".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.domain.panels import Link, PanelQuery, Role
from config.domain.series import Aggregate
from services.grafana import sdk
from services.grafana.links import needed, row_links
from services.grafana.looks import COVERED, MISSING, look, named, prop, transformed
from services.grafana.parts import REFS, Part, Scene, coverage_of, published

HEADS = {
    "building": "byggnad",
    "carrier": "energislag",
    "meter": "mätare",
    "owner": "ägare",
    "kind": "typ",
    "point": "mätpunkt",
    "subject": "gäller",
    "indicator": "nyckeltal",
    "goal": "mål",
    "measure": "mått",
    "part": "orsak",
    "line": "linje",
    "thread": "avvikelse",
}
WIDE, NAMED, NARROW, LETTER = 320, 180, 110, 8  # pixels that a sentence, a name, a number and a letter need
LACKS = "vad som saknas"


@dataclass(frozen=True, slots=True)
class Shown:
    """One column: what the answer calls it, and how it is shown."""

    name: str
    label: str
    unit: str
    role: Role


def table(part: Part, scene: Scene) -> sdk.table.Panel:
    build = sdk.table.Panel()
    if part.queries[0].columns:
        shown = list(columns(part))
        _of_points(build, part, scene, shown)
    elif part.panel.rows:
        shown = _of_queries(build, part, scene)
    else:
        return _row_a_query(build, part, scene)
    for column in shown:
        build.override_by_name(column.label, _column_look(part, scene, column, shown))
    _rank(build, part, shown)
    return build


def columns(part: Part) -> Iterator[Shown]:
    """Of a table of points, in the order in which they stand."""
    for query in part.queries:
        for column in query.columns:
            role = Role.COVERAGE if column.name == "coverage" else query.role
            yield Shown("Time" if column.name == "time" else column.name, column.label_sv, column.unit, role)


def arrange(build: sdk.table.Panel | sdk.geomap_builders.Panel, shown: Sequence[Shown], others: Sequence[str]) -> None:
    """Names, order, and what only the machine needs out of sight."""
    names = [column.name for column in shown]
    options = {
        "excludeByName": {name: True for name in others if name not in names},
        "renameByName": {column.name: column.label for column in shown if column.name != column.label},
        "indexByName": {name: number for number, name in enumerate(names)},
    }
    build.with_transformation(transformed("organize", options))


def _of_points(build: sdk.table.Panel, part: Part, scene: Scene, shown: Sequence[Shown]) -> None:
    query = part.queries[0]
    series = query.query.series
    fields = [column.name for column in query.columns if column.name in series.fields]
    if series.may_be_missing and series.number in fields:
        fields = [name for name in fields if name != series.number] or ["method"]
        build.with_target(scene.target("B", query, table=True))
        build.with_transformation(transformed("merge", {}))
    build.with_target(scene.target("A", query, table=True, fields=tuple(fields or [series.number])))
    hidden = _linked(part, shown)
    arrange(build, shown, [name for name in ("Time", *series.tags, *series.fields) if name != hidden])
    if hidden:
        build.override_by_name(hidden, [prop("custom.hidden", True)])


def _of_queries(build: sdk.table.Panel, part: Part, scene: Scene) -> list[Shown]:
    """Each answer is one column, named by its query; they are merged by what names the rows, whatever their time."""
    rows = part.panel.rows
    shown = {rows: Shown(rows, HEADS.get(rows, rows), "name", Role.VALUE)}
    for ref, query in zip(REFS, [*part.queries, *_what_points_bring(part)], strict=False):
        label = query.label_sv
        asked = query.query
        if asked.aggregate is None:  # there is one point a row and window
            asked = replace(asked, aggregate=Aggregate.LAST, by=(rows,))
        beside = part.beside
        build.with_target(scene.target(ref, replace(query, query=asked), table=True, called=label, beside=beside))
        shown.setdefault(label, Shown(label, label, query.unit, query.role))
    build.with_transformation(transformed("organize", {"excludeByName": {"Time": True}, "renameByName": {}, "indexByName": {}}))
    build.with_transformation(transformed("merge", {}))
    arrange(build, list(shown.values()), [])
    return list(shown.values())


def _what_points_bring(part: Part) -> Iterator[PanelQuery]:
    """Of the first column's figures: how much was measured, and what a missing one lacks."""
    first = part.queries[0]
    if published(first) and not any(query.role in (Role.COVERAGE, Role.REASON) for query in part.queries):
        yield replace(coverage_of(first), label_sv="täckning")
        reason = replace(first.query, field="reason")
        yield replace(first, role=Role.REASON, query=reason, unit="text", label_sv=LACKS)


def _row_a_query(build: sdk.table.Panel, part: Part, scene: Scene) -> sdk.table.Panel:
    """Each query is a row, called by its label."""
    for ref, query in zip(REFS, part.queries, strict=False):
        build.with_target(scene.target(ref, query, alias=query.label_sv))
    build.with_transformation(transformed("reduce", {"reducers": ["lastNotNull"]}))
    value = part.panel.title_sv
    heads = {"Field": " ", "Last *": value, "Last (not null)": value}
    build.with_transformation(transformed("organize", {"excludeByName": {}, "renameByName": heads, "indexByName": {}}))
    return build.override_by_name(value, look(part.queries[0].unit))


def _linked(part: Part, shown: Sequence[Shown]) -> str:
    """The tag that is kept, out of sight, because the rows' links are made of it."""
    tag = needed(part.panel.link, part.queries[0].query.series.tags)
    return "" if tag in {column.name for column in shown} else tag


def _column_look(part: Part, scene: Scene, column: Shown, shown: Sequence[Shown]) -> list[sdk.dashboard.DynamicConfigValue]:
    found = list(look(column.unit))
    if column.unit == "text" or column.role is Role.REASON:
        wrapped = prop("custom.cellOptions", {"type": "auto", "wrapText": True})
        return [prop("noValue", ""), prop("custom.minWidth", WIDE), wrapped, prop("custom.inspect", True)]
    least = NAMED if column.unit == "name" else NARROW
    found += [prop("noValue", MISSING), prop("custom.minWidth", max(least, LETTER * (len(column.label) + 4)))]
    if column.unit == "name":
        found += named(part.names_of(scene.names, column.name))
    if column.role is Role.COVERAGE:
        found += COVERED
    return found + _column_links(part, scene, column, shown)


def _column_links(part: Part, scene: Scene, column: Shown, shown: Sequence[Shown]) -> list[sdk.dashboard.DynamicConfigValue]:
    tag = needed(part.panel.link, part.queries[0].query.series.tags)
    hidden = _linked(part, shown)
    if part.panel.link is Link.NONE or not tag or column.name != (shown[0].name if hidden else tag):
        return []
    return row_links(part.panel.link, hidden, scene)


def _rank(build: sdk.table.Panel, part: Part, shown: Sequence[Shown]) -> None:
    by = _ranked_by(part, shown)
    if by:
        build.with_transformation(transformed("sortBy", {"fields": {}, "sort": [{"field": by, "desc": True}]}))
        build.sort_by([sdk.common_builders.TableSortByFieldState().display_name(by).desc(True)])
    if part.panel.most:
        build.with_transformation(transformed("limit", {"limitField": part.panel.most}))


def _ranked_by(part: Part, shown: Sequence[Shown]) -> str:
    wanted = part.panel.ranked_by
    labels = {query.label_en: query.label_sv for query in part.queries}
    labels |= {column.name: column.label_sv for query in part.queries for column in query.columns}
    label = labels.get(wanted, "")
    return label if label in {column.label for column in shown} else ""
