"""Tables: of points, with a column a field; or one column a query, with a row a value of the panel's tag.

A missing point may still hold the number of an earlier writing, so numbers of such series are asked for by themselves, without
the missing points, and merged with the rest of their row: what is missing is then empty, and shown as "saknas".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.domain.panels import Link, PanelQuery, Role
from config.domain.series import RESTATEMENTS, Aggregate
from services.grafana import sdk
from services.grafana.links import figure_links, needed, row_links
from services.grafana.looks import COVERED, MISSING, WRITTEN, empty, exact, look, named, prop, transformed
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
WIDE, NAMED, MOMENT, SHORT, NARROW = 280, 170, 145, 135, 100  # pixels that a sentence, a name, an instant, a word, a number need
LETTER = 7  # and a letter
FEW_WORDS = frozenset({("meter_days", "text"), ("goals", "verdict"), ("goals", "unit")})
STATES = frozenset({"state", "carrier", "family"})
NO_NAME = {"carrier": "alla energislag"}  # figures that are of no carrier are of all of them
LACKS = "vad som saknas"
NOT_METERED, NONE = "–", "inga"


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
    series = part.queries[0].query.series
    links = _column_links(part, scene, column, shown)
    if column.unit == "text" or column.role is Role.REASON:
        width = SHORT if (series.name, column.name) in FEW_WORDS else WIDE
        wrapped = prop("custom.cellOptions", {"type": "auto", "wrapText": True})
        return [prop("noValue", ""), prop("custom.minWidth", width), wrapped, prop("custom.inspect", True), *links]
    found = list(exact(column.unit) if series is RESTATEMENTS else look(column.unit))
    found += [prop("noValue", _nothing(part, column)), prop("custom.minWidth", _width(column))]
    if column.unit in ("ms", "day"):
        found.append(prop("custom.align", "left"))  # when something was is read as a name is
    if column.unit == "name":
        found += named(part.names_of(scene.names, column.name))
    if column.role is Role.COUNT:
        found.append(prop("decimals", 0))
    if column.role is Role.COVERAGE or _of_coverage(part, column):
        found += COVERED
    if _of_coverage(part, column):
        found.append(empty(NOT_METERED))
    return found + links


def _width(column: Shown) -> int:
    """What its values and its label need."""
    head = LETTER * (len(column.label) + 4)
    match column.unit:
        case "name":
            return max(SHORT if column.name in STATES else NAMED, head)
        case "ms":
            return max(MOMENT, head)
        case _:
            return max(NARROW, head, LETTER * (len(WRITTEN.get(column.unit, column.unit)) + 12))


def _nothing(part: Part, column: Shown) -> str:
    """What it means that a cell is empty: a name that is not there lacks nothing, and what was never counted is none."""
    if column.unit == "name":
        return NO_NAME.get(column.name, NOT_METERED)
    if column.role is Role.COUNT:
        return NONE
    return NOT_METERED if _of_coverage(part, column) else MISSING


def _of_coverage(part: Part, column: Shown) -> bool:
    """Whether its value itself is how much was measured: there is none of what is not metered."""
    known = (query.label_sv == column.label and query.query.field == "coverage" for query in part.queries)
    return column.role is Role.VALUE and any(known)


def _column_links(part: Part, scene: Scene, column: Shown, shown: Sequence[Shown]) -> list[sdk.dashboard.DynamicConfigValue]:
    if part.panel.link is Link.FIGURE:
        return figure_links(part, scene) if column.name == part.panel.rows else []
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
    labels = {query.label_en: query.label_sv for query in part.panel.queries}
    labels |= {column.name: column.label_sv for query in part.panel.queries for column in query.columns}
    label = labels.get(wanted, "")
    if label and label not in {column.label for column in shown}:  # it stands in another part: this one by its own figures
        return part.queries[0].label_sv
    return label
