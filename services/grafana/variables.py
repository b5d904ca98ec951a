"""The reader's choice as Grafana's variables: a value is a pattern of the ids that it stands for.

Of one building, the pattern has the ids of its points and meters too, so that one choice serves every panel. Of the estate there
are three lists (owner, kind, building), each with several choices and "all"; a row is shown when all three let it through.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from config.domain.estate import Building, Portfolio
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.open_figures import ALL as WHOLE
from config.domain.open_figures import open_figures
from config.domain.panels import About, Dashboard, Panel, PanelKind, PanelQuery, Scope, ids_of
from services.grafana import sdk
from services.grafana.names import Names, kind_name

# `pipe`: Grafana 10.3 and later escape a variable inside a pattern, and would take the bars between the ids for letters.
BUILDING, OWNER, KIND = "${building:pipe}", "${owner:pipe}", "${kind:pipe}"
ALL = ".*"
NOTHING = "[^\\s\\S]"  # matches no text at all
MOST_PICTURES = 4  # of one panel
FACETS = {"carrier": "Energislag", "measure": "Mått", "goal": "Mål"}
Choices = Sequence[tuple[str, str]]


def chosen(query: PanelQuery, dashboard: Dashboard, portfolio: Portfolio) -> list[tuple[str, str]]:
    """The patterns by which a query is narrowed to the reader's choice: tag and pattern, all of which must match.

    Figures of owners and kinds follow their own lists, and figures of the whole none: they are not one building's.
    """
    if not query.scope:
        return []
    tag, of_one = query.scope.value, dashboard.about is About.BUILDING
    groups = [kind for kind in _kinds(query) if kind in (SubjectKind.OWNER, SubjectKind.BUILDING_KIND, SubjectKind.PORTFOLIO)]
    if groups:
        others = [BUILDING] if len(groups) < len(_kinds(query)) else []
        return [(tag, "|".join([*(_group(kind, dashboard, portfolio, of_one=of_one) for kind in groups), *others]))]
    return [(tag, BUILDING)] if of_one else [(tag, pattern) for pattern in (OWNER, KIND, BUILDING)]


def variables(dashboard: Dashboard, names: Names) -> list[sdk.dashboard.VariableModel]:
    """Those that the dashboard's queries speak of."""
    portfolio = names.portfolio
    buildings = sorted(_told(dashboard, portfolio), key=lambda building: (swedish_order(building.name), building.id))
    ids = {building.id: list(_ids(dashboard, portfolio, building)) for building in buildings}
    places = [(building.name, _pattern(ids[building.id])) for building in buildings]
    facets = list(_facet_variables(dashboard, names))
    if dashboard.about is About.BUILDING:
        return [_variable("building", "Byggnad", places), *facets]

    def group(kind: SubjectKind, value: str, members: Iterable[Building]) -> str:
        """Its own id, where its figures may be shown, and those of its buildings."""
        own = [value] if _may_show(dashboard, portfolio, Subject(kind, value)) else []
        return _pattern([*own, *(each for building in members for each in ids[building.id])])

    held = dict.fromkeys(building.owner for building in buildings)
    owners = [
        (owner.name, group(SubjectKind.OWNER, owner.id, [each for each in buildings if each.owner == owner.id]))
        for owner in sorted(portfolio.owners.values(), key=lambda owner: (swedish_order(owner.name), owner.id))
        if owner.id in held
    ]
    kinds = [
        (kind_name(kind), group(SubjectKind.BUILDING_KIND, kind, [each for each in buildings if each.kind == kind]))
        for kind in sorted({building.kind for building in buildings}, key=lambda kind: swedish_order(kind_name(kind)))
    ]
    lists = [("owner", "Ägare", owners), ("kind", "Typ", kinds), ("building", "Byggnad", places)]
    # what is open to everybody is written out: "all" must not bring in the rest
    return [
        *(_variable(name, label, found, _every(found) if dashboard.public else ALL) for name, label, found in lists),
        *facets,
    ]


def facet_variable(tag: str) -> str:
    """Of what a reader chooses one value at a time."""
    return f"one_{tag}"


def pattern(identifier: str) -> str:
    """A pattern of InfluxQL that matches the id and nothing else."""
    return re.sub(r"[^\w-]", lambda found: "\\" + found[0], identifier)


def swedish_order(text: str) -> str:
    """Sorts å, ä and ö last, as Swedes look for them."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))


def _kinds(query: PanelQuery) -> list[SubjectKind]:
    if query.scope is not Scope.SUBJECT:
        return []
    return [SubjectKind(kind) for kind in query.query.where.get("subject_kind", (SubjectKind.BUILDING.value,))]


def _group(kind: SubjectKind, dashboard: Dashboard, portfolio: Portfolio, *, of_one: bool) -> str:
    if kind is SubjectKind.PORTFOLIO:
        return PORTFOLIO if _may_show(dashboard, portfolio, Subject(kind, PORTFOLIO)) else NOTHING
    if of_one:
        return BUILDING
    return OWNER if kind is SubjectKind.OWNER else KIND


def _told(dashboard: Dashboard, portfolio: Portfolio) -> Iterable[Building]:
    for building in portfolio.buildings.values():
        subject = Subject(SubjectKind.BUILDING, building.id)
        if dashboard.concerns(portfolio, building.id) and _may_show(dashboard, portfolio, subject):
            yield building


def _may_show(dashboard: Dashboard, portfolio: Portfolio, subject: Subject) -> bool:
    """One choice serves all panels, so a public dashboard leaves out who has anything hidden that any of them asks for."""
    if not dashboard.public:
        return True
    asked = (query.query.where.get("carrier", (WHOLE,)) for panel in dashboard.panels for query in panel.queries)
    return open_figures(portfolio).shows(subject, {carrier for carriers in asked for carrier in carriers})


def _ids(dashboard: Dashboard, portfolio: Portfolio, building: Building) -> Iterable[str]:
    """Those that the dashboard's queries ask for: a thousand buildings have ten thousand meters."""
    queries = [query for panel in dashboard.panels for query in panel.queries]
    found = dict.fromkeys([building.id])
    for scope in (Scope.BUILDING, Scope.POINT, Scope.METER):
        if any(query.scope is scope for query in queries):
            found |= dict.fromkeys(ids_of(portfolio, building.id, scope))
    if dashboard.about is About.BUILDING:  # on its own page, its figures may stand beside those of its owner and kind
        kinds = {kind for query in queries for kind in _kinds(query)}
        beside = {SubjectKind.OWNER: building.owner, SubjectKind.BUILDING_KIND: building.kind}
        shown = (kind for kind in beside if kind in kinds and _may_show(dashboard, portfolio, Subject(kind, beside[kind])))
        found |= dict.fromkeys(beside[kind] for kind in shown)
    return found


def reader_facet(panel: Panel, names: Names) -> Mapping[str, str]:
    """Value → name of what the reader chooses one of at a time; nothing where all are shown.

    A heat map shows one; and more pictures than a screen holds would be empty ones for the most part.
    """
    found = facets(panel, names)
    several = len(found) > 1 if panel.kind is PanelKind.HEAT_MAP else panel.facet != panel.rows and len(found) > MOST_PICTURES
    return found if several else {}


def facets(panel: Panel, names: Names) -> Mapping[str, str]:
    """Value → name of the panel's facet: those that its queries name, or all that have a name."""
    asked = [value for query in panel.queries for value in query.query.where.get(panel.facet, ())]
    known = names.of(panel.queries[0].query.series.name, panel.facet) if panel.facet else {}
    if panel.kind is PanelKind.HEAT_MAP:  # each query has a picture of its own
        several = [query.query.where.get(panel.facet, ()) for query in panel.queries]
        asked = [value for values in several if len(values) > 1 for value in values]
        return {value: known.get(value, value) for value in dict.fromkeys(asked)}
    return {value: known.get(value, value) for value in dict.fromkeys(asked)} or known


def _facet_variables(dashboard: Dashboard, names: Names) -> Iterable[sdk.dashboard.VariableModel]:
    choices: dict[str, dict[str, str]] = {}
    for panel in dashboard.panels:
        if found := reader_facet(panel, names):
            choices.setdefault(panel.facet, {}).update(found)
    for tag, found in choices.items():
        listed = [(name, pattern(value)) for value, name in found.items()]
        yield _variable(facet_variable(tag), FACETS.get(tag, tag), listed)


def _every(choices: Choices) -> str:
    return "|".join(value for _, value in choices if value) or NOTHING


def _pattern(ids: Iterable[str]) -> str:
    return "|".join(pattern(each) for each in dict.fromkeys(ids))


def _variable(name: str, label: str, choices: Choices, all_value: str = "") -> sdk.dashboard.VariableModel:
    """A list of choices by name; with `all_value`, several may be taken, and all are at first."""
    several = bool(all_value)
    options = [
        sdk.dashboard.VariableOption(selected=number == 0 and not several, text=text, value=value)
        for number, (text, value) in enumerate(choices)
    ]
    current = options[0] if options else None
    if several:
        options.insert(0, sdk.dashboard.VariableOption(selected=True, text="All", value="$__all"))
        current = sdk.dashboard.VariableOption(selected=True, text=["All"], value=["$__all"])
    return sdk.dashboard.VariableModel(
        type_val=sdk.dashboard.VariableType.CUSTOM,
        name=name,
        label=label,
        query=", ".join(f"{_listed(text)} : {_listed(value)}" for text, value in choices),
        options=options,
        current=current,
        multi=several,
        include_all=several,
        all_value=all_value or None,
        allow_custom_value=False,
    )


def _listed(text: str) -> str:
    return text.replace(",", "\\,")
