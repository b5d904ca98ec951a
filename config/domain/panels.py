"""Dashboards as values: panels over the small queries of `config.domain.series`, for every screen that shows them.

A panel holds no calculation. It says which figures, of which window relative to now, in which unit, what they mean and where they
come from. The built-in board resolves it for one building and one instant; Grafana gets the same queries, compiled once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from config.domain.estate import Installation, Portfolio
from config.domain.periods import Period, day, local_date, month
from config.domain.series import SeriesQuery

WEEK = timedelta(days=7)


class Audience(StrEnum):
    """Who a dashboard is for; also the folder that it stands in, on the shelf and in Grafana."""

    FACILITY_MANAGERS = "facility_managers"
    ENVIRONMENT_TEAM = "environment_team"
    BOARD = "board"
    CITIZENS = "citizens"


class PanelKind(StrEnum):
    STAT = "stat"  # one figure a row, large, with its last hours behind it
    BARS = "bars"  # hours of a day, beside another day
    TABLE = "table"


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
    """The tag by which a query is narrowed to one building: its own id, or those of its points or meters."""

    BUILDING = "building"
    SUBJECT = "subject"
    POINT = "point"
    METER = "meter"


class Span(StrEnum):
    LAST_HOURS = "last_hours"
    TODAY = "today"
    SAME_WEEKDAY = "same_weekday"  # the day one week before today
    MONTH = "month"  # the current one


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


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time relative to now. `hours` belongs to LAST_HOURS."""

    span: Span
    hours: int = 0

    def bounds(self, now: datetime, zone: str) -> tuple[datetime, datetime]:
        """First instant inside and first outside. UTC. Days and months are whole and follow the wall clock of `zone`.

        The last hours begin on a whole hour and end with the minute that is going on, so that groups of time are whole and
        everyone who asks within a minute asks the same.
        """
        if self.span is Span.LAST_HOURS:
            minute = now.astimezone(UTC).replace(second=0, microsecond=0)
            return minute.replace(minute=0) - timedelta(hours=self.hours), minute + timedelta(minutes=1)
        period = self.period(now, zone)
        return period.start, period.end

    def period(self, now: datetime, zone: str) -> Period:
        """The local day or month.

        Raises:
            ValueError: of the last hours, which are none.
        """
        today = local_date(now, zone)
        if self.span is Span.TODAY:
            return day(today, zone)
        if self.span is Span.SAME_WEEKDAY:
            return day(today - WEEK, zone)
        if self.span is Span.MONTH:
            return month(today, zone)
        raise ValueError(f"{self.span} is no local period")


def last_hours(hours: int) -> Window:
    """The last so many hours, up to now."""
    return Window(Span.LAST_HOURS, hours)


TODAY = Window(Span.TODAY)
SAME_WEEKDAY = Window(Span.SAME_WEEKDAY)
THIS_MONTH = Window(Span.MONTH)


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One question of a panel.

    Attributes:
        query: without bounds and without the building.
        scope: the tag by which it is narrowed to the building.
        unit: of the answer: a unit of `config.domain.quantities`; "1" is a share, "" a number of things, "ms" an instant.
    """

    role: Role
    query: SeriesQuery
    scope: Scope
    window: Window
    unit: str
    label_sv: str
    label_en: str

    def __post_init__(self) -> None:
        if self.query.start is not None or self.query.end is not None:
            raise ValueError(f"{self.label_en}: the window gives the bounds, not the query")
        if self.scope not in self.query.series.tags:
            raise ValueError(f"{self.label_en}: {self.query.series.name} has no tag {self.scope}")

    def resolve(self, portfolio: Portfolio, building: str, now: datetime) -> SeriesQuery:
        """The question about one building, asked now."""
        start, end = self.window.bounds(now, portfolio.timezone)
        where = {**self.query.where, self.scope.value: tuple(ids_of(portfolio, building, self.scope))}
        return replace(self.query, start=start, end=end, where=where, zone=portfolio.timezone)


@dataclass(frozen=True, slots=True)
class Panel:
    """Some figures with a title, a sentence that says what they mean, and their source.

    Attributes:
        unit: of its values.
        rows: the tag that names the rows: a register where it is "register" (of its meter), else a point, meter or carrier.
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

    def role(self, role: Role) -> tuple[PanelQuery, ...]:
        """Its queries of that role."""
        return tuple(query for query in self.queries if query.role is role)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Panels about one building, in the order in which they are read. `uid` never changes: addresses are made of it."""

    uid: str
    title_sv: str
    title_en: str
    audience: Audience
    description_sv: str
    description_en: str
    panels: tuple[Panel, ...]

    def __post_init__(self) -> None:
        ids = [panel.id for panel in self.panels]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.uid}: two panels have one id")


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


def all_ids_of(portfolio: Portfolio, building: str) -> list[str]:
    """The building's id and those of its points and meters, each once: one choice in a list serves every scope."""
    scopes = (Scope.BUILDING, Scope.POINT, Scope.METER)
    return list(dict.fromkeys(each for scope in scopes for each in ids_of(portfolio, building, scope)))
