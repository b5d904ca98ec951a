"""What every report is made of, and the figures that reports make of published ones."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor, hypot
from typing import Any, TypeVar

from config.domain.estate import Building, Portfolio
from config.domain.goals import Goals
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, local_date, month, year
from config.domain.weather import WeatherYears
from services.figures.calculation import Limits
from services.reports.figure_shelf import FigureShelf
from services.reports.goal_standing import GoalStanding
from services.reports.lineage_words import subject_name
from services.reports.printing import period_text
from services.reports.report import ReportedFigure, Words
from services.reports.wording import swedish_order
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

Made = TypeVar("Made")
Weather = Callable[[datetime, datetime], WeatherYears]
# what reports of a month ask of the shelf; read together, which on InfluxDB costs by the series
MONTH_FIGURES = frozenset(
    {"energy", "energy_total", "corrected_energy", "corrected_specific_energy", "specific_energy", "water", "peak_power"}
    | {"cost", "cost_known", "cost_energy", "cost_power", "cost_fixed", "renewable_share", "self_sufficiency"}
    | {"emissions_location", "emissions_location_known", "emissions_market", "emissions_market_known"}
)
METHOD = "report 1.0"  # of figures that a report makes of published ones
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Material:
    """
    Attributes:
        shelf: published figures, as known at `known`.
        weather: days and normal days from one instant to another.
        known: the report's clock.
        program: the version that makes it.
        simulated: the readings are invented, or the estate is an example.
        limits: below which figures are not published.
    """

    portfolio: Portfolio
    store: TimeSeriesStore
    state: State
    shelf: FigureShelf
    goals: Goals
    standing: GoalStanding
    weather: Weather
    known: datetime
    program: str
    simulated: bool = False
    limits: Limits = field(default_factory=Limits)
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for all reports of this material: what is the same for every subject."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def weather_of(self, period: Period) -> WeatherYears:
        """The municipality's weather of the period."""
        return self.once(("weather", period), lambda: self.weather(period.start, period.end))

    def name(self, subject: Subject) -> Words:
        """What the subject is called."""
        return Words(subject_name(subject, self.portfolio, "sv"), subject_name(subject, self.portfolio, "en"))

    def buildings(self, subject: Subject) -> tuple[Building, ...]:
        """The subject's buildings, in Swedish order of their names."""
        every = self.portfolio.buildings.values()
        return tuple(sorted((each for each in every if _is_of(each, subject)), key=lambda each: swedish_order(each.name)))


def year_before(period: Period) -> Period:
    """The same months a year earlier; of a year the year before."""
    first, last = local_date(period.start, period.zone), local_date(period.end - _HOUR, period.zone)
    if period.kind is PeriodKind.YEAR:
        return year(first.year - 1, period.zone)
    start = month(first.replace(year=first.year - 1, day=1), period.zone).start
    end = month(last.replace(year=last.year - 1, day=1), period.zone).end
    return Period(period.kind, start, end, period.zone)


def percent_change(now: ReportedFigure, before: ReportedFigure) -> ReportedFigure:
    """How much more `now` is than `before`, in per cent of that; missing where one of them is, or where there was nothing.

    Its half width is that of a ratio of two figures whose errors have nothing to do with each other.
    """
    value: float | Missing
    margin = 0.0
    if isinstance(now.value, Missing):
        value = now.value
    elif isinstance(before.value, Missing):
        value = before.value
    elif now.value == before.value:
        value = 0.0
    elif before.value == 0:
        value = Missing(
            f"Det var 0 i {period_text(before.period, 'sv')}: en förändring i procent finns inte.",
            f"It was 0 in {period_text(before.period, 'en')}: there is no change in per cent.",
        )
    else:
        value = 100 * (now.value - before.value) / abs(before.value)
    if now.known is not None and before.known:
        margin = 100 * hypot(now.margin, before.margin * now.known / before.known) / abs(before.known)
    return ReportedFigure(
        value=value,
        unit="%",
        period=now.period,
        coverage=_least(now.coverage, before.coverage),
        method=METHOD,
        factors={**before.factors, **now.factors},
        margin=margin,
        made_of=tuple(name for each in (now, before) for name in ((each.name,) if each.name else each.made_of)),
    )


def coverage_figure(of: ReportedFigure) -> ReportedFigure:
    """How much of the figure's period is measured, as a figure of its own, rounded down: 100 is all of it. [%]"""
    if of.coverage is None:
        value: float | Missing = Missing("Siffran mäts inte av oss.", "The figure is not measured by us.")
    else:
        value = floor(1000 * of.coverage + 1e-6) / 10
    return ReportedFigure(value, "%", of.period, 1.0, METHOD, made_of=(of.name,) if of.name else of.made_of)


def _least(*coverages: float | None) -> float | None:
    known = [each for each in coverages if each is not None]
    return min(known) if known else None


def _is_of(building: Building, subject: Subject) -> bool:
    return {
        SubjectKind.PORTFOLIO: True,
        SubjectKind.OWNER: building.owner == subject.id,
        SubjectKind.BUILDING_KIND: building.kind == subject.id,
        SubjectKind.BUILDING: building.id == subject.id,
        SubjectKind.POINT: False,
    }[subject.kind]
