"""Figures over time: bars of hours, lines, columns of days and months. Coverage stands on an axis of its own."""

from config.domain.panels import PanelKind, PanelQuery, Role
from services.grafana import sdk
from services.grafana.looks import AMBER, DECIMALS, GREEN, WELL_COVERED, prop, thresholds, unit_id
from services.grafana.parts import COVERAGES, REFS, Part, Scene
from services.grafana.stats import alias, name_rows

COVERAGE = " täckning"
COVERAGE_LOOK = [
    prop("unit", "percentunit"),
    prop("decimals", 0),
    prop("min", 0),
    prop("max", 1),
    prop("custom.axisPlacement", "right"),
    prop("custom.drawStyle", "points"),
    prop("custom.pointSize", 4),
    prop("custom.axisLabel", "täckning"),
    prop("custom.stacking", {"mode": "none", "group": "B"}),
    prop("custom.hideFrom", {"legend": True, "tooltip": False, "viz": False}),
    thresholds({None: AMBER, WELL_COVERED: GREEN}),
    prop("color", {"mode": "thresholds"}),
]


def course(part: Part, scene: Scene) -> sdk.timeseries.Panel:
    panel = part.panel
    build = sdk.timeseries.Panel().unit(unit_id(panel.unit))
    if (decimals := DECIMALS.get(panel.unit)) is not None:
        build.decimals(decimals)
    if panel.kind is PanelKind.LINES:
        build.draw_style(sdk.common.GraphDrawStyle.LINE).fill_opacity(0).line_width(2)
        build.show_points(sdk.common.VisibilityMode.AUTO).span_nulls(False)  # a gap stays a gap
    else:
        build.draw_style(sdk.common.GraphDrawStyle.BARS).fill_opacity(60).line_width(1).axis_soft_min(0)
        build.bar_alignment(sdk.common.BarAlignment.AFTER)  # a figure stands at the start of its hour, day or month
    if panel.stacked:
        build.stacking(sdk.common_builders.StackingConfig().mode(sdk.common.StackingMode.NORMAL).group("A"))
    legend = sdk.common_builders.VizLegendOptions().show_legend(True).display_mode(sdk.common.LegendDisplayMode.LIST)
    legend.placement(sdk.common.LegendPlacement.BOTTOM)
    build.legend(legend.calcs(["sum"] if panel.kind is PanelKind.BARS else []))
    build.tooltip(sdk.common_builders.VizTooltipOptions().mode(sdk.common.TooltipDisplayMode.MULTI))
    for ref, query in zip(REFS, part.queries, strict=False):
        build.with_target(scene.target(ref, query, alias=_alias(part, query)))
        if query.role in COVERAGES:
            build.override_by_query(ref, COVERAGE_LOOK)
        elif query.unit != panel.unit:
            build.override_by_query(ref, [prop("unit", unit_id(query.unit)), prop("custom.axisPlacement", "right")])
        if query.role is Role.COMPARISON and panel.kind is PanelKind.LINES:
            build.override_by_query(ref, [prop("custom.lineStyle", {"fill": "dash", "dash": [8, 6]})])
    name_rows(build, part, scene, endings=f"(?:{COVERAGE})?")
    return build


def _alias(part: Part, query: PanelQuery) -> str:
    name = alias(part, query)
    if query.role in COVERAGES:
        return name if name == query.label_sv else f"{name}{COVERAGE}"
    return name
