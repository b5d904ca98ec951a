"""A panel of ours as several of Grafana's: its windows belong to a panel, ours to a query."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from config.domain.panels import Dashboard, Panel, PanelKind, PanelQuery, Role
from config.domain.windows import LAST_MONTH, Span, Window, months
from services.grafana import sdk
from services.grafana.looks import WRITTEN
from services.grafana.names import Names
from services.grafana.statements import MONTHS_BACK, period, stands_at_starts, statement
from services.grafana.variables import MOST_PICTURES, chosen, facet_variable, facets, reader_facet

REFS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_NAMED = 40  # rows that are named one by one; the names of more go through overrides
CHARTED = (Role.VALUE, Role.COVERAGE, Role.COMPARISON, Role.COMPARISON_COVERAGE)
COVERAGES = (Role.COVERAGE, Role.COMPARISON_COVERAGE)
CHARTS = (PanelKind.BARS, PanelKind.LINES, PanelKind.COLUMNS)
YEAR, YEAR_BEFORE, TWO_YEARS = months(12), Window(Span.MONTHS_BEFORE, 12), months(24)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every panel of a dashboard is drawn with.

    Attributes:
        board_url: the board's public address, "" where it has none.
        building_uid: the dashboard of one building that rows lead to; "" where there is none for this audience.
    """

    dashboard: Dashboard
    names: Names
    datasource: sdk.common.DataSourceRef
    board_url: str = ""
    building_uid: str = ""

    def target(
        self,
        ref: str,
        query: PanelQuery,
        *,
        alias: str = "",
        table: bool = False,
        fields: tuple[str, ...] = (),
        called: str = "value",
        facet: str = "",
        beside: bool = False,
    ) -> sdk.InfluxQL:
        """One question of a panel.

        Args:
            facet: the tag of which the reader chooses one value.
            beside: as of `statement`; a figure of the reader's month is asked for so everywhere.
        """
        beside = beside or (self.dashboard.monthly and query.window == LAST_MONTH and stands_at_starts(query))
        narrowed = chosen(query, self.dashboard, self.names.portfolio)
        narrowed += [(facet, f"${{{facet_variable(facet)}:pipe}}")] if facet else []
        zone = self.names.portfolio.timezone
        asked = statement(query, narrowed, zone, fields=fields, called=called, beside=beside)
        return sdk.InfluxQL(ref, asked, alias, table, self.datasource)


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes one panel of Grafana's.

    Attributes:
        beside: its queries have windows of their own, reckoned from the reader's month.
        facet: the tag of which the reader chooses one value.
    """

    panel: Panel
    queries: tuple[PanelQuery, ...]
    title: str
    beside: bool = False
    facet: str = ""

    def names_of(self, names: Names, tag: str) -> Mapping[str, str]:
        """Of the values that the queries may give; they say which, or it is all."""
        known = names.of(self.queries[0].query.series.name, tag)
        asked = asked_values(self.queries, tag)
        return {value: known[value] for value in asked if value in known} if asked else known


def parts(panel: Panel, scene: Scene) -> Iterator[Part]:
    """By facet and window; and of large figures their coverage beside them."""
    for value, name in _facets(panel, scene.names).items():
        groups: dict[tuple[object, ...], list[PanelQuery]] = {}
        for number, query in enumerate(_questions(panel)):
            if value and value not in (query.query.where.get(panel.facet) or (value,)):
                continue  # a question about another facet
            narrowed = _narrowed(query, panel.facet, value) if value else query
            groups.setdefault(_together(panel, query, number, scene.dashboard), []).append(narrowed)
        for number, queries in enumerate(groups.values()):
            label = _label(panel, queries, scene.names) if number else ""
            title = name if name and panel.facet == "measure" else panel.title_sv  # what is measured says it all
            title = ": ".join(dict.fromkeys(each for each in (title, name, label) if each))
            beside = scene.dashboard.monthly and _stands_beside(panel, queries[0])
            several = len(asked_values(queries, panel.facet)) != 1
            facet = panel.facet if several and reader_facet(panel, scene.names) else ""
            yield Part(panel, tuple(queries), title, beside, facet)


def asked_values(queries: Iterable[PanelQuery], tag: str) -> list[str]:
    """The values of the tag that the queries name, each once."""
    return list(dict.fromkeys(value for query in queries for value in query.query.where.get(tag, ())))


def coverage_of(query: PanelQuery) -> PanelQuery:
    """The coverage of published figures: points bring their own."""
    role = Role.COMPARISON_COVERAGE if query.role is Role.COMPARISON else Role.COVERAGE
    asked = replace(query.query, field="coverage")
    return replace(query, role=role, query=asked, unit="1", label_sv=f"{query.label_sv}, täckning")


def published(query: PanelQuery) -> bool:
    """Whether it asks for figures as points, which bring their coverage and what they lack."""
    asked = query.query
    return asked.aggregate is None and asked.series.may_be_missing and asked.field is None and not query.columns


def description(part: Part, *, monthly: bool) -> str:
    """What the picture means, of which time, in which unit, from where, and what it means that there is nothing."""
    columns = [column.unit for query in part.queries for column in query.columns]
    units = [
        unit for unit in (columns or [query.unit for query in part.queries]) if unit not in ("text", "name", "", "day", "ms")
    ]
    told = ", ".join(dict.fromkeys(WRITTEN.get(unit, unit) for unit in units))
    periods = "; ".join(dict.fromkeys(period(query.window, monthly=monthly) for query in part.queries))
    facts = [f"Period: {periods}."]
    facts += [f"Enhet: {told}."] if told else []
    facts += [f"Källa: {part.panel.source_sv}"]
    empty = f"\n\nTomt: {part.panel.empty_sv}" if part.panel.empty_sv else ""
    return f"{part.panel.sentence_sv}\n\n{' '.join(facts)}{empty}"


def _questions(panel: Panel) -> Iterator[PanelQuery]:
    """Its queries, without words and instants where only numbers have a place, and with the coverage that points bring."""
    drawn = panel.kind in CHARTS
    bare = not any(query.role in COVERAGES for query in panel.queries)
    for query in _two_years_as_one(panel.queries) if drawn else panel.queries:
        if panel.kind is PanelKind.HEAT_MAP and query.role is not Role.VALUE:
            continue
        if drawn and query.role not in CHARTED:
            continue
        yield query
        if drawn and bare and published(query):
            yield coverage_of(query)
    if panel.kind is PanelKind.STAT and bare:
        yield from (coverage_of(query) for query in panel.queries if published(query))


def _two_years_as_one(queries: Iterable[PanelQuery]) -> Iterator[PanelQuery]:
    """Twelve months and the same twelve a year before lie beside each other in time: one course on one axis, where they compare.

    In panels of their own each would have its own axis, and equal bars would not mean equal figures.
    """
    asked = list(queries)

    def both(query: PanelQuery) -> bool:
        same = [each.window for each in asked if each.query == query.query]
        return YEAR in same and YEAR_BEFORE in same

    for query in asked:
        if both(query) and query.window == YEAR:
            yield replace(query, window=TWO_YEARS)
        elif not (both(query) and query.window == YEAR_BEFORE):
            yield query


def _label(panel: Panel, queries: list[PanelQuery], names: Names) -> str:
    """What a further part shows, beside the first."""
    if panel.kind is PanelKind.STAT and queries[0].role in COVERAGES:
        return "täckning"
    if panel.kind is PanelKind.HEAT_MAP and len(only := asked_values(queries, panel.facet)) == 1:
        return names.of(queries[0].query.series.name, panel.facet).get(only[0], only[0])
    if panel.kind is PanelKind.TABLE and len(queries) > 1:
        return period(queries[0].window)
    return queries[0].label_sv


def _together(panel: Panel, query: PanelQuery, number: int, dashboard: Dashboard) -> tuple[object, ...]:
    """Queries of one key share a panel."""
    if panel.kind in (PanelKind.HEAT_MAP, PanelKind.SCATTER, PanelKind.MAP) or query.columns:
        return (number,)
    if panel.kind is PanelKind.STAT:
        return (query.window, query.role in COVERAGES, query.unit == "ms")
    if dashboard.monthly and _stands_beside(panel, query):
        return ("month",)
    return (query.window,)


def _stands_beside(panel: Panel, query: PanelQuery) -> bool:
    """Whether its answer is one column of a table of figures that stand at the starts of months."""
    return panel.kind is PanelKind.TABLE and published(query) and query.window.span in MONTHS_BACK


def _facets(panel: Panel, names: Names) -> Mapping[str, str]:
    """Value → name of what has a picture of its own; one without a name where all share it, or the reader chooses one.

    They share it where their rows tell them apart and they are many, and where the values are not known. Carriers share it too:
    no building has all of them, and the pictures of the others would be empty.
    """
    found = facets(panel, names)
    shared = not found or reader_facet(panel, names) or panel.kind is PanelKind.HEAT_MAP
    shared = shared or (panel.kind in CHARTS and panel.facet == panel.rows == "carrier")
    return {"": ""} if shared or len(found) > MOST_PICTURES else found


def _narrowed(query: PanelQuery, tag: str, value: str) -> PanelQuery:
    if tag not in query.query.series.tags:
        return query
    return replace(query, query=replace(query.query, where={**query.query.where, tag: (value,)}))
