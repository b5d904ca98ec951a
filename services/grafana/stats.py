"""Figures that stand large, each with what came before it as a line behind."""

from config.domain.panels import About, PanelQuery, Role
from config.domain.quantities import QUANTITIES
from services.grafana import sdk
from services.grafana.looks import BLUE, COVERED, DECIMALS, exactly, look, prop, renamed, unit_id
from services.grafana.parts import COVERAGES, MOST_NAMED, REFS, Part, Scene

MOST_IN_HALF = 4  # figures that half the width has room for
SEVERAL = 4  # figures beside each other, of which none is to look larger than the others
MANY = ("building", "subject", "point", "meter")  # rows of the estate that are as many as it has


def stat(part: Part, scene: Scene) -> sdk.stat.Panel:
    first = part.queries[0]
    reduce = sdk.common_builders.ReduceDataOptions().calcs(["lastNotNull"]).values(False)
    drawn = (
        sdk.common.BigValueGraphMode.AREA if first.role in (Role.VALUE, Role.COMPARISON) else sdk.common.BigValueGraphMode.NONE
    )
    covered = first.role in COVERAGES
    build = sdk.stat.Panel().unit(unit_id(first.unit)).reduce_options(reduce).graph_mode(drawn)
    build.text_mode(sdk.common.BigValueTextMode.VALUE_AND_NAME)
    build.color_mode(sdk.common.BigValueColorMode.VALUE if covered else sdk.common.BigValueColorMode.NONE)
    if not covered:  # the line behind: no colour of it says that a value is good or bad
        build.color_scheme(sdk.dashboard_builders.FieldColor().mode(sdk.dashboard.FieldColorModeId.FIXED).fixed_color(BLUE))
    if (decimals := DECIMALS.get(first.unit)) is not None:
        build.decimals(decimals)
    for ref, query in zip(REFS, part.queries, strict=False):
        name = alias(part, query).removesuffix(", täckning")  # the title says so
        build.with_target(scene.target(ref, query, alias=name, facet=part.facet))
        if query.unit != first.unit:
            build.override_by_query(ref, look(query.unit))
        if covered:
            build.override_by_query(ref, COVERED[:2])
    if _of_many(part, scene):
        build.text(sdk.common_builders.VizTextDisplayOptions().title_size(12).value_size(18))
    elif len(part.queries) >= SEVERAL:
        build.text(sdk.common_builders.VizTextDisplayOptions().title_size(13).value_size(26))
    name_rows(build, part, scene)
    return build


def is_crowded(part: Part, scene: Scene) -> bool:
    """Whether half the width would be too little: a figure for each of what the estate has many of, or many questions."""
    return _of_many(part, scene) or len(part.queries) > MOST_IN_HALF


def alias(part: Part, query: PanelQuery) -> str:
    """What Grafana calls a series: the tag that names the rows, and which query it is of where it has several."""
    rows = part.panel.rows
    tags = ("meter", "register") if rows == "register" else (rows,) if rows in query.query.series.tags else ()
    return " ".join(f"$tag_{tag}" for tag in tags) or query.label_sv


def name_rows(build: sdk.stat.Panel | sdk.timeseries.Panel, part: Part, scene: Scene, endings: str = "") -> None:
    """Names in place of ids.

    Args:
        endings: a pattern of what may stand behind the id and is kept.
    """
    if part.panel.rows == "register":
        for register in part.queries[0].query.where.get("register", ()):
            build.with_transformation(renamed(f"^(.*) {exactly(register)}$", f"$1 · {QUANTITIES[register].label_sv}"))
        return
    names = part.names_of(scene.names, part.panel.rows)
    if len(names) > MOST_NAMED or part.panel.rows in ("building", "point"):
        for key, name in names.items():
            build.override_by_name(key, [prop("displayName", name)])
        return
    for key, name in names.items():
        build.with_transformation(renamed(f"^{exactly(key)}({endings})$", f"{name}$1"))


def _of_many(part: Part, scene: Scene) -> bool:
    return part.panel.rows in MANY and scene.dashboard.about is About.ESTATE
