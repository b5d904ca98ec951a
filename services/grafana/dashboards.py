"""A dashboard of ours as Grafana's JSON.

Grafana's windows belong to a panel, ours to a query: a panel of ours becomes one of Grafana's for each window (and, where figures
stand large or in columns, each unit), side by side. The queries are compiled by the store's own compiler, so what Grafana asks is
what the tests ran.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from config.domain.estate import Portfolio
from config.domain.panels import CARRIER_NAMES, Dashboard, Panel, PanelKind, PanelQuery, Role, all_ids_of
from config.domain.quantities import QUANTITIES
from config.domain.series import Every
from config.domain.windows import Span, Window
from services.grafana import sdk
from services.store.influxql import compile_influxql

DATASOURCE_UID = "energimonitor"
TAG = "energimonitor"
MISSING = "saknas"
# `raw`: Grafana 10.3 and later escape a variable inside a pattern, and would take the bars between the ids for letters.
CHOSEN = "${building:raw}"
UNITS = {"kW": "kwatt", "kWh": "kwatth", "m3": "m3", "1": "percentunit", "ms": "dateTimeFromNow", "": "none"}
HEIGHTS = {PanelKind.STAT: 7, PanelKind.BARS: 9, PanelKind.TABLE: 8}
GREY = "#8e8e8e"


@dataclass(frozen=True, slots=True)
class _Part:
    """What becomes one panel of Grafana's."""

    panel: Panel
    queries: tuple[PanelQuery, ...]
    first: bool


def dashboard_json(
    dashboard: Dashboard, portfolio: Portfolio, *, example: bool, datasource_uid: str = DATASOURCE_UID
) -> dict[str, Any]:
    """The dashboard as Grafana stores it, without `id` and `version`. The same input gives the same JSON.

    Args:
        example: whether figures or attributes are invented: then the first panel says so.
    """
    datasource = sdk.common.DataSourceRef(type_val="influxdb", uid=datasource_uid)
    numbers = count(1)
    panels: list[sdk.dashboard.Panel] = []
    top = 0
    if example:
        panels.append(_example_note(next(numbers), top))
        top += 3
    for panel in dashboard.panels:
        parts = list(_parts(panel))
        for position, part in enumerate(parts):
            width = 24 // len(parts)
            place = sdk.dashboard.GridPos(h=HEIGHTS[panel.kind], w=width, x=position * width, y=top)
            panels.append(_grafana_panel(part, portfolio, datasource, next(numbers), place))
        top += HEIGHTS[panel.kind]
    whole = sdk.dashboard.Dashboard(
        uid=dashboard.uid,
        title=dashboard.title_sv,
        description=dashboard.description_sv,
        tags=[TAG],
        timezone=portfolio.timezone,
        editable=True,
        graph_tooltip=sdk.dashboard.DashboardCursorSync.CROSSHAIR,
        time=sdk.dashboard.DashboardDashboardTime(from_val="now-24h", to="now"),
        refresh="30s",
        week_start="monday",
        panels=list(panels),
        templating=sdk.dashboard.DashboardDashboardTemplating(list_val=[_building_variable(portfolio)]),
        annotations=sdk.dashboard.AnnotationContainer(list_val=[]),
    )
    found: dict[str, Any] = sdk.plain(whole)
    return found


def statement(query: PanelQuery, zone: str) -> str:
    """The InfluxQL that Grafana sends: its own bounds, and the ids of the chosen building."""
    series = query.query
    if series.every is Every.DAY:
        raise ValueError(f"{query.label_en}: a panel by the day needs the zone {zone} in its query")
    return compile_influxql(series, time_filter="$timeFilter", where_regex={query.scope.value: CHOSEN})


def time_override(window: Window) -> tuple[str, str | None]:
    """Grafana's `timeFrom` and `timeShift`: its windows end now, also where ours are whole days or months."""
    if window.span is Span.LAST_HOURS:
        return f"{window.count}h", None
    if window.span is Span.MONTH:
        return "now/M", None
    return "now/d", "7d" if window.span is Span.SAME_WEEKDAY else None


def _parts(panel: Panel) -> Iterator[_Part]:
    groups: dict[tuple[object, ...], list[PanelQuery]] = {}
    for query in panel.queries:
        # bars carry their coverage on a second axis; rows of whole points are merged into one table
        together = panel.kind is PanelKind.BARS or query.query.aggregate is None
        groups.setdefault((query.window,) if together else (query.window, query.unit), []).append(query)
    for number, queries in enumerate(groups.values()):
        yield _Part(panel, tuple(queries), number == 0)


def _grafana_panel(
    part: _Part,
    portfolio: Portfolio,
    datasource: sdk.common.DataSourceRef,
    number: int,
    place: sdk.dashboard.GridPos,
) -> sdk.dashboard.Panel:
    panel = part.panel
    time_from, time_shift = time_override(part.queries[0].window)
    build: sdk.stat.Panel | sdk.timeseries.Panel | sdk.table.Panel
    if panel.kind is PanelKind.STAT:
        build = _stat(part, portfolio)
    elif panel.kind is PanelKind.BARS:
        build = _bars(part)
    else:
        build = _table(part)
    build.id(number).title(_title(part)).description(_description(part)).datasource(datasource).grid_pos(place)
    build.time_from(time_from).hide_time_override(True).no_value(MISSING)
    if time_shift:
        build.time_shift(time_shift)
    as_table = panel.kind is PanelKind.TABLE
    for ref, query in zip("ABCDEFGH", part.queries, strict=False):
        build.with_target(
            sdk.InfluxQL(
                ref, statement(query, portfolio.timezone), "" if as_table else _alias(panel, query), as_table, datasource
            )
        )
    return build.build()


def _title(part: _Part) -> str:
    """The panel's own; a part that shows something else says what."""
    if part.first:
        return part.panel.title_sv
    return f"{part.panel.title_sv}: {part.queries[0].label_sv}"


def _description(part: _Part) -> str:
    return f"{part.panel.sentence_sv}\n\nPeriod: {_period(part.queries[0].window)}. Källa: {part.panel.source_sv}"


def _period(window: Window) -> str:
    if window.span is Span.LAST_HOURS:
        return f"senaste {window.count} timmarna" if window.count < 48 else f"senaste {window.count // 24} dygnen"
    return {
        Span.TODAY: "idag hittills",
        Span.SAME_WEEKDAY: "samma veckodag förra veckan, till samma klockslag",
        Span.MONTH: "månaden hittills",
    }[window.span]


def _alias(panel: Panel, query: PanelQuery) -> str:
    tags = ("meter", "register") if panel.rows == "register" else (panel.rows,)
    name = " ".join(f"$tag_{tag}" for tag in tags)
    return f"{name} täckning" if query.role in (Role.COVERAGE, Role.COMPARISON_COVERAGE) and _is_bars(panel) else name


def _is_bars(panel: Panel) -> bool:
    return panel.kind is PanelKind.BARS


def _stat(part: _Part, portfolio: Portfolio) -> sdk.stat.Panel:
    unit = part.queries[0].unit
    reduce = sdk.common_builders.ReduceDataOptions().calcs(["lastNotNull"]).values(False)
    graph = sdk.common.BigValueGraphMode.AREA if unit == part.panel.unit else sdk.common.BigValueGraphMode.NONE
    build = sdk.stat.Panel().unit(UNITS[unit]).reduce_options(reduce).graph_mode(graph)
    build.text_mode(sdk.common.BigValueTextMode.VALUE_AND_NAME).color_mode(sdk.common.BigValueColorMode.NONE)
    if unit == "kW":
        build.decimals(1)
    if unit == "1":
        build.decimals(0)
    if part.panel.rows == "point":
        for point in portfolio.points.values():
            build.override_by_name(point.id, [_property("displayName", point.name)])
    if part.panel.rows == "register":
        for register in _registers(part):
            build.with_transformation(_renamed(f"^(.*) {re.escape(register)}$", f"$1 · {QUANTITIES[register].label_sv}"))
    return build


def _registers(part: _Part) -> Sequence[str]:
    return part.queries[0].query.where.get("register", ())


def _bars(part: _Part) -> sdk.timeseries.Panel:
    build = sdk.timeseries.Panel().unit(UNITS[part.panel.unit]).axis_soft_min(0)
    build.decimals(2 if part.panel.unit == "m3" else 1)
    build.draw_style(sdk.common.GraphDrawStyle.BARS).fill_opacity(45).line_width(1)
    build.bar_alignment(sdk.common.BarAlignment.AFTER)  # an hour's figure stands at its start
    legend = sdk.common_builders.VizLegendOptions().show_legend(True).display_mode(sdk.common.LegendDisplayMode.LIST)
    build.legend(legend.placement(sdk.common.LegendPlacement.BOTTOM).calcs(["sum"]))
    for ref, query in zip("ABCDEFGH", part.queries, strict=False):
        if query.role in (Role.COVERAGE, Role.COMPARISON_COVERAGE):
            build.override_by_query(ref, _COVERAGE_LOOK)
    for carrier, name in _carriers(part).items():
        build.with_transformation(_renamed(f"^{re.escape(carrier)}( täckning)?$", f"{name}$1"))
    return build


_COVERAGE_LOOK = [
    sdk.dashboard.DynamicConfigValue(id_val="unit", value="percentunit"),
    sdk.dashboard.DynamicConfigValue(id_val="decimals", value=0),
    sdk.dashboard.DynamicConfigValue(id_val="min", value=0),
    sdk.dashboard.DynamicConfigValue(id_val="max", value=1),
    sdk.dashboard.DynamicConfigValue(id_val="custom.axisPlacement", value="right"),
    sdk.dashboard.DynamicConfigValue(id_val="custom.drawStyle", value="points"),
    sdk.dashboard.DynamicConfigValue(id_val="custom.pointSize", value=5),
    sdk.dashboard.DynamicConfigValue(id_val="custom.axisLabel", value="täckning"),
    sdk.dashboard.DynamicConfigValue(id_val="custom.hideFrom", value={"legend": True, "tooltip": False, "viz": False}),
    sdk.dashboard.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": GREY}),
]


def _carriers(part: _Part) -> Mapping[str, str]:
    asked = {carrier: None for query in part.queries for carrier in query.query.where.get("carrier", ())}
    return {carrier: CARRIER_NAMES[carrier].sv for carrier in asked}


def _table(part: _Part) -> sdk.table.Panel:
    """Whole points are merged into rows, one column a field; an aggregate is one column."""
    build = sdk.table.Panel()
    shown = {part.panel.rows: _ROW_HEADS.get(part.panel.rows, part.panel.rows)}
    whole_points = part.queries[0].query.aggregate is None
    for query in part.queries:
        column = (query.query.field or query.query.series.number) if whole_points else "value"
        shown[column] = query.label_sv
        look = [_property("unit", UNITS[query.unit]), *_decimals(query.unit)]
        build.override_by_name(query.label_sv, [_property("noValue", "")] if query.role is Role.REASON else look)
    if part.panel.rows == "carrier":
        names = {carrier: {"text": name.sv, "index": index} for index, (carrier, name) in enumerate(CARRIER_NAMES.items())}
        mapping = [{"type": "value", "options": names}]
        build.override_by_name(shown["carrier"], [_property("mappings", mapping)])
    if whole_points and len(part.queries) > 1:
        build.with_transformation(sdk.dashboard.DataTransformerConfig(id_val="merge", options={}))
    hidden = {tag: True for tag in ("Time", *part.queries[0].query.series.tags) if tag not in shown}
    options = {"excludeByName": hidden, "renameByName": shown, "indexByName": {name: n for n, name in enumerate(shown)}}
    build.with_transformation(sdk.dashboard.DataTransformerConfig(id_val="organize", options=options))
    return build


_ROW_HEADS = {"carrier": "energislag", "meter": "mätare", "point": "mätpunkt"}


def _decimals(unit: str) -> list[sdk.dashboard.DynamicConfigValue]:
    return {"kWh": [_property("decimals", 2)], "1": [_property("decimals", 0)]}.get(unit, [])


def _property(name: str, value: object) -> sdk.dashboard.DynamicConfigValue:
    return sdk.dashboard.DynamicConfigValue(id_val=name, value=value)


def _renamed(pattern: str, replacement: str) -> sdk.dashboard.DataTransformerConfig:
    return sdk.dashboard.DataTransformerConfig(id_val="renameByRegex", options={"regex": pattern, "renamePattern": replacement})


def _example_note(number: int, top: int) -> sdk.dashboard.Panel:
    words = (
        "**Exempeldata.** Värden i den här uppsättningen är påhittade eller simulerade. *Example data: invented or simulated.*"
    )
    place = sdk.dashboard.GridPos(h=3, w=24, x=0, y=top)
    return sdk.text.Panel().id(number).title("").content(words).grid_pos(place).build()


def _building_variable(portfolio: Portfolio) -> sdk.dashboard.VariableModel:
    """A list of buildings by name; a choice's value is a pattern of all its ids."""
    buildings = sorted(portfolio.buildings.values(), key=lambda building: (swedish_order(building.name), building.id))
    choices = [(building.name, "|".join(pattern(each) for each in all_ids_of(portfolio, building.id))) for building in buildings]
    options = [
        sdk.dashboard.VariableOption(selected=number == 0, text=name, value=value) for number, (name, value) in enumerate(choices)
    ]
    listed = ", ".join(f"{_listed(name)} : {_listed(value)}" for name, value in choices)
    return sdk.dashboard.VariableModel(
        type_val=sdk.dashboard.VariableType.CUSTOM,
        name="building",
        label="Byggnad",
        query=listed,
        options=options,
        current=options[0] if options else None,
        multi=False,
        include_all=False,
    )


def _listed(text: str) -> str:
    return text.replace(",", "\\,")


def pattern(identifier: str) -> str:
    """A pattern of InfluxQL that matches the id and nothing else."""
    return re.sub(r"[^\w-]", lambda found: "\\" + found[0], identifier)


def swedish_order(text: str) -> str:
    """Sorts å, ä and ö last, as Swedes look for them."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))
