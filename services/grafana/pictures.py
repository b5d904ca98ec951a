"""Hours against days, points against points, buildings on a map."""

from config.domain.panels import Column, PanelQuery
from services.grafana import sdk
from services.grafana.looks import AMBER, BLUE, GREY, look, named, prop, transformed
from services.grafana.parts import Part, Scene
from services.grafana.tables import Shown, arrange, columns

DAY, HOUR = "dag", "timme"
SPREAD = 25  # a marker's largest size


def heat_map(part: Part, scene: Scene) -> sdk.table.Panel:
    """Hours across, days down, coloured. The answer is asked for twice, since its time is written in two ways (Grafana 10.4)."""
    query = part.queries[0]
    build = sdk.table.Panel()
    for ref in "AB":
        build.with_target(scene.target(ref, query, table=True, facet=part.facet))
    zone = scene.names.portfolio.timezone
    for ref, name, form, value in (("A", DAY, "YYYY-MM-DD", query.label_sv), ("B", HOUR, "HH", "")):
        written = {"timeField": "Time", "outputFormat": form, "useTimezone": True, "timezone": zone}
        build.with_transformation(transformed("formatTime", written, of=ref))
        hidden = dict.fromkeys(query.query.by, True) | ({} if value else {"value": True})
        options = {"excludeByName": hidden, "renameByName": {"Time": name, "value": value} if value else {"Time": name}}
        build.with_transformation(transformed("organize", {**options, "indexByName": {}}, of=ref))
    build.with_transformation(transformed("concatenate", {"frameNameMode": "drop"}))
    matrix = {"columnField": HOUR, "rowField": DAY, "valueField": query.label_sv, "emptyValue": "null"}
    build.with_transformation(transformed("groupingToMatrix", matrix))
    corner = f"{DAY}\\{HOUR}"
    build.override_by_regexp(
        r"/^\d\d$/",
        [
            *look(query.unit),
            prop("custom.cellOptions", {"type": "color-background", "mode": "basic"}),
            prop("color", {"mode": "continuous-BlYlRd"}),
            prop("custom.width", 46),
            prop("noValue", "–"),
        ],
    )
    return build.override_by_name(corner, [prop("displayName", DAY), prop("custom.width", 100)])


def scatter(part: Part, scene: Scene) -> sdk.xychart_builders.Panel:
    """The first column across, each of the others up: what was measured as points, what is expected as a line."""
    query = part.queries[0]
    across, *ups = [column for column in query.columns if column.unit not in ("text", "name")]
    build = sdk.xychart_builders.Panel().with_target(
        scene.target("A", query, table=True, fields=_fields(query), facet=part.facet)
    )
    names = {column.name: column.label_sv for column in (across, *ups)}
    order = {name: number for number, name in enumerate(names)}
    hidden = {name: True for name in ("Time", *query.query.series.tags) if name not in names}
    build.with_transformation(transformed("organize", {"excludeByName": hidden, "renameByName": names, "indexByName": order}))
    build.mapping(sdk.xychart.SeriesMapping.MANUAL)
    build.series([_pair(across, up) for up in ups])
    for column, colour in zip(ups, (BLUE, GREY, AMBER), strict=False):
        fixed = prop("color", {"mode": "fixed", "fixedColor": colour})
        build.override_by_name(column.label_sv, [*look(column.unit), fixed, prop("custom.pointSize", {"fixed": 5})])
    build.override_by_name(across.label_sv, [*look(across.unit), prop("custom.axisLabel", across.label_sv)])
    return build


def place_map(part: Part, scene: Scene) -> sdk.geomap_builders.Panel:
    """Markers; the first column decides their size, and all are told."""
    query = part.queries[0]
    fields = tuple(dict.fromkeys(("latitude", "longitude", *_fields(query))))
    build = sdk.geomap_builders.Panel().with_target(scene.target("A", query, table=True, fields=fields))
    shown = list(columns(part))
    series = query.query.series
    kept = [*shown, *(Shown(name, name, "", query.role) for name in ("latitude", "longitude"))]
    arrange(build, kept, ["Time", *series.tags, *series.fields])
    for column in shown:
        names = part.names_of(scene.names, column.name) if column.unit == "name" else {}
        build.override_by_name(column.label, [*look(column.unit), *named(names)])
    size = next((column.label for column in shown if column.unit not in ("text", "name")), "")
    style = {
        "size": {"field": size, "fixed": 6, "min": 4, "max": SPREAD},
        "color": {"fixed": BLUE},
        "opacity": 0.6,
        "symbol": {"mode": "fixed", "fixed": "img/icons/marker/circle.svg"},
    }
    location = sdk.common_builders.FrameGeometrySource().mode(sdk.common.FrameGeometrySourceMode.COORDS)
    layer = sdk.common_builders.MapLayerOptions().type("markers").name(part.panel.title_sv).tooltip(True)
    layer.config({"style": style, "showLegend": False}).location(location.latitude("latitude").longitude("longitude"))
    build.layers([layer])
    # the map beneath is the one that Grafana's own settings name (`[geomap] default_baselayer_config`)
    build.basemap(sdk.common_builders.MapLayerOptions().type("default").name("karta"))
    return build.view(sdk.geomap_builders.MapViewConfig().id("fit").all_layers(True).zoom(11))


def _fields(query: PanelQuery) -> tuple[str, ...]:
    return tuple(column.name for column in query.columns if column.name in query.query.series.fields)


def _pair(across: Column, up: Column) -> sdk.xychart_builders.XYSeriesConfig:
    def by_name(column: Column) -> sdk.xychart_builders.MatcherConfig:
        return sdk.xychart_builders.MatcherConfig().id("byName").options(column.label_sv)

    return (
        sdk.xychart_builders.XYSeriesConfig()
        .name(sdk.xychart_builders.XychartXYSeriesConfigName().fixed(up.label_sv))
        .frame(
            sdk.xychart_builders.XychartXYSeriesConfigFrame().matcher(
                sdk.xychart_builders.MatcherConfig().id("byIndex").options(0)
            )
        )
        .x(sdk.xychart_builders.XychartXYSeriesConfigX().matcher(by_name(across)))
        .y(sdk.xychart_builders.XychartXYSeriesConfigY().matcher(by_name(up)))
    )
