"""A dashboard of ours as Grafana's JSON.

Written for Grafana 13, in the classic schema that 9 to 13 read; `services.grafana.older` makes it fit those that lack something.
The queries are compiled by the store's own compiler, so what Grafana asks is what the tests ran.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

from config.domain.estate import Portfolio
from config.domain.indicators import SubjectKind
from config.domain.panels import Dashboard, PanelKind, PanelQuery
from config.domain.windows import Span
from services.grafana import sdk
from services.grafana.annotations import annotations
from services.grafana.courses import course
from services.grafana.links import audience_tag, board_links
from services.grafana.looks import MISSING
from services.grafana.names import Names
from services.grafana.parts import Part, Scene, asked_values, description, parts
from services.grafana.pictures import heat_map, place_map, scatter
from services.grafana.statements import stands_at_starts, time_override
from services.grafana.stats import is_crowded, stat
from services.grafana.tables import table
from services.grafana.variables import variables

DATASOURCE_UID = "energimonitor"
TAG = "energimonitor"
WIDTH = 24
ABREAST = 4  # parts side by side at most
MOST_COLUMNS = 2  # of a table that need not have the whole width
ONE_ROW = 4  # height of a table of one row
NOTE = 2  # height of the note about example data
HEIGHTS = {
    PanelKind.STAT: 7,
    PanelKind.BARS: 9,
    PanelKind.TABLE: 9,
    PanelKind.LINES: 9,
    PanelKind.COLUMNS: 9,
    PanelKind.HEAT_MAP: 14,
    PanelKind.SCATTER: 11,
    PanelKind.MAP: 14,
}
DRAWN: Mapping[PanelKind, Callable[[Part, Scene], Any]] = {
    PanelKind.STAT: stat,
    PanelKind.BARS: course,
    PanelKind.LINES: course,
    PanelKind.COLUMNS: course,
    PanelKind.TABLE: table,
    PanelKind.HEAT_MAP: heat_map,
    PanelKind.SCATTER: scatter,
    PanelKind.MAP: place_map,
}


def dashboard_json(
    dashboard: Dashboard,
    portfolio: Portfolio,
    *,
    example: bool,
    datasource_uid: str = DATASOURCE_UID,
    goals: Mapping[str, str] | None = None,
    board_url: str = "",
    building_uid: str = "",
) -> dict[str, Any]:
    """The dashboard as Grafana stores it, without `id` and `version`. The same input gives the same JSON.

    Args:
        example: whether figures or attributes are invented: then the first panel says so.
        goals: id → the goal in a few words.
        board_url: the board's public address, which rows and dashboard then lead to.
        building_uid: the dashboard of one building that rows lead to.
    """
    datasource = sdk.common.DataSourceRef(type_val="influxdb", uid=datasource_uid)
    scene = Scene(dashboard, Names(portfolio, goals or {}), datasource, board_url.rstrip("/"), building_uid)
    whole = sdk.dashboard.Dashboard(
        uid=dashboard.uid,
        title=dashboard.title_sv,
        description=dashboard.description_sv,
        tags=[TAG, audience_tag(dashboard.audience.value)],
        timezone=portfolio.timezone,
        editable=True,
        graph_tooltip=sdk.dashboard.DashboardCursorSync.CROSSHAIR,
        time=_time(dashboard),
        refresh="" if dashboard.monthly else "30s",
        week_start="monday",
        panels=list(_panels(scene, example=example)),
        templating=sdk.dashboard.DashboardDashboardTemplating(list_val=variables(dashboard, scene.names)),
        links=board_links(scene),
        annotations=sdk.dashboard.AnnotationContainer(list_val=[]),
    )
    found: dict[str, Any] = sdk.plain(whole)
    found["annotations"] = {"list": annotations(scene)}  # the SDK's annotations have no place for a query of InfluxDB's
    return found


def _time(dashboard: Dashboard) -> sdk.dashboard.DashboardDashboardTime:
    """Of a monthly dashboard the month that its reader chooses: at first the last one that is over. Of goals, years ahead too."""
    if dashboard.monthly:
        return sdk.dashboard.DashboardDashboardTime(from_val="now-1M/M", to="now-1M/M")
    around = max((query.window.count for query in _queries(dashboard) if query.window.span is Span.AROUND), default=0)
    if around:
        return sdk.dashboard.DashboardDashboardTime(from_val=f"now-{around}y/y", to=f"now+{around}y/y")
    return sdk.dashboard.DashboardDashboardTime(from_val="now-24h", to="now")


def _queries(dashboard: Dashboard) -> Iterable[PanelQuery]:
    return (query for panel in dashboard.panels for query in panel.queries)


def _panels(scene: Scene, *, example: bool) -> Iterable[sdk.dashboard.Panel]:
    numbers, top = count(1), 0
    if example:
        yield _example_note(next(numbers))
        top = NOTE
    for panel in scene.dashboard.panels:
        pieces = list(parts(panel, scene))
        abreast = 1 if any(_fills_a_row(part, scene) for part in pieces) else ABREAST
        for row in (pieces[first : first + abreast] for first in range(0, len(pieces), abreast)):
            width, height = WIDTH // len(row), max(_height(part) for part in row)
            for position, part in enumerate(row):
                place = sdk.dashboard.GridPos(h=height, w=width, x=position * width, y=top)
                yield _panel(part, scene, next(numbers), place)
            top += height


def _fills_a_row(part: Part, scene: Scene) -> bool:
    """Whether half the width would hide some of it."""
    if part.panel.kind is PanelKind.TABLE:
        return max(len(part.queries), *(len(query.columns) for query in part.queries)) > MOST_COLUMNS
    return part.panel.kind is PanelKind.STAT and is_crowded(part, scene)


def _height(part: Part) -> int:
    whole = asked_values(part.queries, "subject_kind") == [SubjectKind.PORTFOLIO.value]
    if part.panel.kind is PanelKind.TABLE and part.panel.rows == "subject" and whole:
        return ONE_ROW
    return HEIGHTS[part.panel.kind]


def _panel(part: Part, scene: Scene, number: int, place: sdk.dashboard.GridPos) -> sdk.dashboard.Panel:
    monthly = scene.dashboard.monthly
    time_from, time_shift = None, None
    if not part.beside:
        at_starts = all(stands_at_starts(query) for query in part.queries)
        time_from, time_shift = time_override(part.queries[0].window, monthly=monthly, at_starts=at_starts)
    build = DRAWN[part.panel.kind](part, scene)
    build.id(number).title(part.title).description(description(part, monthly=monthly)).datasource(scene.datasource)
    build.grid_pos(place).hide_time_override(True).no_value(part.panel.empty_sv or MISSING)
    if time_from:
        build.time_from(time_from)
    if time_shift:
        build.time_shift(time_shift)
    built: sdk.dashboard.Panel = build.build()
    return built


def _example_note(number: int) -> sdk.dashboard.Panel:
    words = (
        "**Exempeldata.** Värden i den här uppsättningen är påhittade eller simulerade. *Example data: invented or simulated.*"
    )
    place = sdk.dashboard.GridPos(h=NOTE, w=WIDTH, x=0, y=0)
    return sdk.text.Panel().id(number).title("").content(words).grid_pos(place).build()
