"""Dashboards as values: panels over the small queries of `config.domain.series`, for every screen that shows them.

A panel holds no calculation. It says which figures, of which window relative to now, in which unit, what they mean and where they
come from. The built-in board resolves it for a reader's choice of buildings and one instant; Grafana gets the same queries,
compiled once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from config.domain.estate import Building, Carrier, Installation, Portfolio
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.open_figures import ALL, open_figures
from config.domain.series import SeriesQuery
from config.domain.windows import Window


class Audience(StrEnum):
    """Who a dashboard is for; also the folder that it stands in, on the shelf and in Grafana."""

    FACILITY_MANAGERS = "facility_managers"
    ENVIRONMENT_TEAM = "environment_team"
    BOARD = "board"
    CITIZENS = "citizens"


class About(StrEnum):
    """What a dashboard is about."""

    BUILDING = "building"  # one building, which the reader chooses
    ESTATE = "estate"  # the buildings that the reader's filters leave, all at first


class PanelKind(StrEnum):
    STAT = "stat"  # one figure a row, large, with what came before it as a line behind
    BARS = "bars"  # hours of a day, beside another day
    TABLE = "table"  # of points (`columns`), or one column a query
    LINES = "lines"  # one line a query and row, over time
    COLUMNS = "columns"  # one bar a point and row, over time; COMPARISON stands beside it
    HEAT_MAP = "heat_map"  # hours of the day across, days down
    SCATTER = "scatter"  # `columns`: across, up, and what is expected; the last day stands out
    MAP = "map"  # of points with `latitude` and `longitude`; `columns`: what is told of each, the first decides its size


class Role(StrEnum):
    """What a query's answer is, in its panel."""

    VALUE = "value"
    COVERAGE = "coverage"  # of the value, 0..1
    RECEIVED = "received"  # when the value, or anything, was last heard of; ms since 1970
    COUNT = "count"
    REASON = "reason"  # what a missing value lacked
    COMPARISON = "comparison"
    COMPARISON_COVERAGE = "comparison_coverage"


class Scope(StrEnum):
    """The tag by which a query is narrowed to the reader's buildings: their own ids, or those of their points or meters.

    SUBJECT is of published figures: buildings, or owners and kinds of them, as the query's `subject_kind` says.
    """

    BUILDING = "building"
    SUBJECT = "subject"
    POINT = "point"
    METER = "meter"
    NONE = ""  # the same for every choice


class Link(StrEnum):
    """Where a row leads to."""

    NONE = ""
    BUILDING = "building"
    THREAD = "thread"  # of a deviation
    EXCHANGE = "exchange"  # one that waits for a decision
    FIGURE = "figure"  # a published figure's lineage
    GOAL = "goal"


@dataclass(frozen=True, slots=True)
class Name:
    """What a row is called."""

    sv: str
    en: str


# As indicators report them: what a building sends out stands beside its use, as `<carrier>_export`.
CARRIER_NAMES = {
    "electricity": Name("El", "Electricity"),
    "district_heating": Name("Fjärrvärme", "District heating"),
    "district_cooling": Name("Fjärrkyla", "District cooling"),
    "water": Name("Vatten", "Water"),
    "solar": Name("Solel, producerad", "Solar, produced"),
    "biofuel": Name("Biobränsle", "Biofuel"),
    "oil": Name("Olja", "Oil"),
    "gas": Name("Gas", "Gas"),
    "electricity_export": Name("El, utmatad", "Electricity, exported"),
    "district_heating_export": Name("Fjärrvärme, levererad", "District heating, delivered"),
    "district_cooling_export": Name("Fjärrkyla, levererad", "District cooling, delivered"),
}
# Lines of the series `goal_lines`.
LINE_NAMES = {
    "measured": Name("Mätt", "Measured"),
    "path": Name("Målets väg", "The goal's path"),
    "forecast": Name("Prognos", "Forecast"),
    "low": Name("Prognosens undre gräns (80 %)", "Lower edge of the forecast (80 %)"),
    "high": Name("Prognosens övre gräns (80 %)", "Upper edge of the forecast (80 %)"),
}
# Parts of the series `change_parts`, in the order in which they are told.
PART_NAMES = {
    "weather": Name("Väder", "Weather"),
    "portfolio": Name("Byggnader som kommit till eller lämnat", "Buildings that came or left"),
    "area": Name("Ändrad area", "Changed area"),
    "factors": Name("Ändrade faktorer", "Changed factors"),
    "real": Name("Verklig förändring", "Real change"),
    "unexplained": Name("Kan inte delas upp", "Cannot be divided"),
    "total": Name("Hela förändringen", "The whole change"),
}
# Measures of the series `service`, with their unit.
MEASURES = {
    "messages": (Name("Meddelanden per minut", "Messages per minute"), ""),
    "lag": (Name("Äldsta meddelande som väntar på att läsas in", "Oldest message waiting to be taken in"), "s"),
    "dead_letters": (Name("Meddelanden som inte gick att läsa", "Messages that could not be read"), ""),
    "unknown_devices": (Name("Okända enheter", "Unknown devices"), ""),
    "dropped": (Name("Tappade hos mäklaren", "Dropped at the broker"), ""),
    "sessions_lost": (Name("Förlorade sessioner", "Sessions lost"), ""),
    "waiting_hours": (Name("Timmar som väntar på avräkning", "Hours waiting to be settled"), ""),
    "waiting_days": (Name("Dygn som väntar på beräkning", "Days waiting to be calculated"), ""),
}
EVENT_NAMES = {
    "exchange": Name("Mätarbyte", "Meter exchange"),
    "action": Name("Åtgärd", "Action"),
    "gap": Name("Lucka", "Gap"),
    "deviation": Name("Avvikelse", "Deviation"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The buildings that a reader looks at.

    Attributes:
        buildings: their ids, each once.
        whole: they are all that there are, so that nothing need be narrowed.
        public: they are shown to anybody: of them and their groups only what tells nothing that is not open
            (`config.domain.open_figures`).
    """

    buildings: tuple[str, ...]
    whole: bool = False
    public: bool = False


def one(building: str) -> Choice:
    """A single building."""
    return Choice((building,))


def everything(portfolio: Portfolio) -> Choice:
    """Every building."""
    return Choice(tuple(portfolio.buildings), whole=True)


def opened(portfolio: Portfolio, choice: Choice) -> Choice:
    """What of the choice anybody may see; a dashboard of citizens shows it to everybody alike."""
    seen = tuple(building for building in choice.buildings if portfolio.buildings[building].public)
    return Choice(seen, public=True)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of points.

    Attributes:
        name: a field or tag of the query's series.
        unit: as of `PanelQuery`; "text" for words, "day" for a local day (from ms since 1970), "name" for a tag that has a name
            (a building, an owner, a carrier …).
        name_en: the field with the English words, of a text.
    """

    name: str
    unit: str
    label_sv: str
    label_en: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One question of a panel.

    A query without aggregate is of points, which bring what else belongs to them: a published figure its coverage, its ± and the
    reason why it is missing.

    Attributes:
        query: without bounds and without the buildings.
        scope: the tag by which it is narrowed to the buildings.
        unit: of the answer: a unit of `config.domain.quantities` or of an indicator; "1" is a share, "%" per cent, "" a number of
            things, "s" seconds, "ms" an instant.
        columns: of a table of points, a scatter or a map.
    """

    role: Role
    query: SeriesQuery
    scope: Scope
    window: Window
    unit: str
    label_sv: str
    label_en: str
    columns: tuple[Column, ...] = ()

    def __post_init__(self) -> None:
        if self.query.start is not None or self.query.end is not None:
            raise ValueError(f"{self.label_en}: the window gives the bounds, not the query")
        series = self.query.series
        if self.scope and self.scope not in series.tags:
            raise ValueError(f"{self.label_en}: {series.name} has no tag {self.scope}")
        if self.columns and self.query.aggregate is not None:
            raise ValueError(f"{self.label_en}: columns are of points, not of an aggregate")
        known = {*series.tags, *series.fields, "time", ""}
        for name in (name for column in self.columns for name in (column.name, column.name_en)):
            if name not in known:
                raise ValueError(f"{self.label_en}: {series.name} has no tag or field {name}")

    def resolve(self, portfolio: Portfolio, choice: Choice, now: datetime) -> SeriesQuery:
        """The question about the chosen buildings, asked now."""
        start, end = self.window.bounds(now, portfolio.timezone)
        where = dict(self.query.where)
        if self.scope and not choice.whole:
            where[self.scope.value] = tuple(self._ids(portfolio, choice))
        return replace(self.query, start=start, end=end, where=where, zone=portfolio.timezone)

    def _ids(self, portfolio: Portfolio, choice: Choice) -> Iterable[str]:
        kinds = self.query.where.get("subject_kind", (SubjectKind.BUILDING.value,)) if self.scope is Scope.SUBJECT else ()
        carriers = self.query.where.get("carrier", (ALL,))
        if self.scope is Scope.SUBJECT:
            return dict.fromkeys(each for kind in kinds for each in subjects_of(portfolio, choice, SubjectKind(kind), carriers))
        buildings = subjects_of(portfolio, choice, SubjectKind.BUILDING, carriers)
        return dict.fromkeys(each for building in buildings for each in ids_of(portfolio, building, self.scope))


@dataclass(frozen=True, slots=True)
class Panel:
    """Some figures with a title, a sentence that says what they mean, and their source.

    Attributes:
        unit: of its values.
        rows: the tag that names the rows (or lines, or bars): a register where it is "register" (of its meter), else a tag of the
            series; "" where every query is a row of its own, called by its label.
        facet: the tag of which each value has a picture of its own; "" where there is one.
        ranked_by: the column (or the label_en of the query) by which a table is ordered, the largest first; "" as they come.
        most: so many rows at most; 0: all.
        link: where a row leads to.
        stacked: bars of one time stand on each other: their sum means something.
        empty_sv, empty_en: what it means that there is nothing; a sentence.
    """

    id: str
    kind: PanelKind
    unit: str
    title_sv: str
    title_en: str
    sentence_sv: str
    sentence_en: str
    source_sv: str
    source_en: str
    rows: str
    queries: tuple[PanelQuery, ...]
    facet: str = ""
    ranked_by: str = ""
    most: int = 0
    link: Link = Link.NONE
    stacked: bool = False
    empty_sv: str = ""
    empty_en: str = ""

    def role(self, role: Role) -> tuple[PanelQuery, ...]:
        """Its queries of that role."""
        return tuple(query for query in self.queries if query.role is role)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Panels in the order in which they are read. `uid` never changes: addresses are made of it.

    Attributes:
        about: one building, or all that the reader's filters leave.
        monthly: its reader may ask for any month that is over: windows are then resolved as of that month's end.
        place: where it stands among those of its audience, the smallest first.
        carriers: it concerns buildings with a metering point of one of these only; without any it concerns every building.
        public: shows what the portfolio marks public, to everybody.
    """

    uid: str
    title_sv: str
    title_en: str
    audience: Audience
    description_sv: str
    description_en: str
    panels: tuple[Panel, ...]
    about: About = About.BUILDING
    monthly: bool = False
    place: int = 0
    carriers: tuple[Carrier, ...] = ()

    def __post_init__(self) -> None:
        ids = [panel.id for panel in self.panels]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.uid}: two panels have one id")

    @property
    def public(self) -> bool:
        return self.audience is Audience.CITIZENS

    def shown(self, portfolio: Portfolio, choice: Choice) -> Choice:
        """What of the choice it shows: a public one shows everybody, signed in or not, what anybody may see."""
        return opened(portfolio, choice) if self.public else choice

    def concerns(self, portfolio: Portfolio, building: str) -> bool:
        """Whether the building has what it is about."""
        return not self.carriers or any(point.carrier in self.carriers for point in portfolio.points_in(building))


def installed_in(portfolio: Portfolio, building: str, at: datetime) -> Iterable[Installation]:
    """The installations at the building's points that last at the instant."""
    for point in portfolio.points_in(building):
        for installation in portfolio.installations_of[point.id]:
            if installation.start <= at and (installation.end is None or at < installation.end):
                yield installation


def ids_of(portfolio: Portfolio, building: str, scope: Scope) -> Iterable[str]:
    """The values of the scope's tag that belong to the building."""
    if scope is Scope.POINT:
        return (point.id for point in portfolio.points_in(building))
    if scope is Scope.METER:
        return (meter.id for meter in portfolio.meters_in(building))
    return (building,)


def subjects_of(portfolio: Portfolio, choice: Choice, kind: SubjectKind, carriers: tuple[str, ...] = (ALL,)) -> Iterable[str]:
    """The subjects of that kind that published figures have of the chosen buildings.

    Args:
        carriers: that are asked for; of a public choice, a subject with one of them hidden is left out.
    """
    buildings = [portfolio.buildings[building] for building in choice.buildings]
    match kind:
        case SubjectKind.BUILDING:
            found: Iterable[str] = choice.buildings
        case SubjectKind.POINT:
            found = [point.id for building in buildings for point in portfolio.points_in(building.id)]
        case _:
            found = dict.fromkeys(_group_of(building, kind) for building in buildings)
    if not choice.public:
        return found
    known = open_figures(portfolio)
    return [each for each in found if known.shows(Subject(kind, each), carriers)]


def _group_of(building: Building, kind: SubjectKind) -> str:
    if kind is SubjectKind.PORTFOLIO:
        return PORTFOLIO
    return building.owner if kind is SubjectKind.OWNER else building.kind


def all_ids_of(portfolio: Portfolio, building: str) -> list[str]:
    """The building's id and those of its points and meters, each once: one choice in a list serves every scope."""
    scopes = (Scope.BUILDING, Scope.POINT, Scope.METER)
    return list(dict.fromkeys(each for scope in scopes for each in ids_of(portfolio, building, scope)))
