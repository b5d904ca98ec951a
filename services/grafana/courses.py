"""Figures over time: bars of hours, lines, columns of days and months. Coverage stands on an axis of its own."""

from config.domain.indicators import SubjectKind
from config.domain.panels import PART_NAMES, PanelKind, PanelQuery, Role
from config.domain.series import Every
from services.grafana import sdk
from services.grafana.looks import AMBER, GREEN, WELL_COVERED, prop, thresholds, unit_id
from services.grafana.parts import COVERAGES, REFS, Part, Scene, asked_values
from services.grafana.stats import alias, name_rows

COVERAGE = " täckning"
COVERAGE_LOOK = [
    prop("unit", "percentunit"),
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
    if panel.kind is PanelKind.LINES or _would_cover_each_other(part):
        build.draw_style(sdk.common.GraphDrawStyle.LINE).fill_opacity(0).line_width(2)
        build.show_points(sdk.common.VisibilityMode.ALWAYS).point_size(5).span_nulls(False)
        if panel.kind is not PanelKind.LINES:
            build.axis_soft_min(0)
        if (longest := _longest_ms(part)) is not None:
            build.insert_nulls(longest)  # what was not measured is not joined over
    else:
        build.draw_style(sdk.common.GraphDrawStyle.BARS).fill_opacity(60).line_width(1).axis_soft_min(0)
        build.bar_alignment(sdk.common.BarAlignment.AFTER)  # a figure stands at the start of its hour, day or month
    if _is_share_of_all(part):
        build.axis_soft_min(0).axis_soft_max(100)  # a level line of 100 % would else lie in the middle, below 200 %
    if panel.stacked:
        build.stacking(sdk.common_builders.StackingConfig().mode(sdk.common.StackingMode.NORMAL).group("A"))
    legend = sdk.common_builders.VizLegendOptions().show_legend(True).display_mode(sdk.common.LegendDisplayMode.LIST)
    legend.placement(sdk.common.LegendPlacement.BOTTOM)
    build.legend(legend.calcs(["sum"] if panel.kind is PanelKind.BARS else []))
    build.tooltip(sdk.common_builders.VizTooltipOptions().mode(sdk.common.TooltipDisplayMode.MULTI))
    for ref, query in zip(REFS, part.queries, strict=False):
        build.with_target(scene.target(ref, query, alias=_alias(part, query), facet=part.facet))
        if query.role in COVERAGES:
            build.override_by_query(ref, COVERAGE_LOOK)
        elif query.unit != panel.unit:
            build.override_by_query(ref, [prop("unit", unit_id(query.unit)), prop("custom.axisPlacement", "right")])
        if query.role is Role.COMPARISON and panel.kind is PanelKind.LINES:
            build.override_by_query(ref, [prop("custom.lineStyle", {"fill": "dash", "dash": [8, 6]})])
    if panel.stacked and panel.rows == "part":  # the sum of the others does not stand upon them
        total = [prop("custom.drawStyle", "points"), prop("custom.pointSize", 10), prop("custom.stacking", {"mode": "none"})]
        build.override_by_name(PART_NAMES["total"].sv, total)
    name_rows(build, part, scene, endings=f"(?:{COVERAGE})?")
    return build


def _would_cover_each_other(part: Part) -> bool:
    """Bars of several rows at one time, of which only the lowest would be seen whole: they are drawn as lines."""
    rows = part.panel.rows
    asked = asked_values(part.queries, "subject_kind" if rows == "subject" else rows)
    values = [query for query in part.queries if query.role not in COVERAGES]
    many = rows in ("point", "meter", "building") or (rows == "subject" and asked != [SubjectKind.PORTFOLIO.value])
    return not part.panel.stacked and (many or len(asked) > 1 or len(values) > 1)


def _is_share_of_all(part: Part) -> bool:
    """Of what is to be a hundred per cent: how much has a factor or a known origin."""
    asked = asked_values(part.queries, "indicator")
    return bool(asked) and all(name.endswith(("_coverage", "_coverage_contracted")) for name in asked)


def _longest_ms(part: Part) -> float | None:
    """The longest time between two values that follow on each other; None where it is not known."""
    query = part.queries[0].query
    if query.every is not None:
        return _EVERY_MS[query.every]
    periods = query.where.get("period", ())
    return _PERIOD_MS.get(periods[0]) if len(periods) == 1 else None


_HOUR_MS = 3_600_000.0
_EVERY_MS = {Every.QUARTER: 0.4 * _HOUR_MS, Every.HOUR: 1.5 * _HOUR_MS, Every.DAY: 26 * _HOUR_MS}
_PERIOD_MS = {"day": 26 * _HOUR_MS, "month": 32 * 24 * _HOUR_MS, "rolling_year": 32 * 24 * _HOUR_MS}


def _alias(part: Part, query: PanelQuery) -> str:
    name = alias(part, query)
    if query.role in COVERAGES:
        return name if name == query.label_sv else f"{name}{COVERAGE}"
    return name
