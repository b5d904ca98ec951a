"""A figure beside that of the same period a year before: what the tables of reports are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import hypot
from typing import Self

from config.domain.figure_names import named_period, period_name
from config.domain.indicators import Missing, Subject
from config.domain.periods import Period, PeriodKind, local_date
from services.reports.contents.material import METHOD, Material, coverage_figure, percent_change, year_before
from services.reports.contents.naming import days_of, period_words
from services.reports.report import Column, ReportedFigure, Row, Words
from services.reports.wording import month_name

_HOUR = timedelta(hours=1)
DAILY = "kWh/d"  # of the use per day, where the months differ in length


@dataclass(frozen=True, slots=True)
class Compared:
    """Change and coverage [%] are made by the report; the coverage is that of `now`."""

    now: ReportedFigure
    before: ReportedFigure
    change: ReportedFigure
    coverage: ReportedFigure

    @classmethod
    def of(cls, now: ReportedFigure, before: ReportedFigure) -> Self:
        return cls(now, before, percent_change(now, before), coverage_figure(now))

    @property
    def published(self) -> bool:
        """Whether there is anything to compare: missing with a reason is something, what nobody has calculated is not."""
        return bool(self.now.method or self.before.method)


def compared(material: Material, indicator: str, subject: Subject, period: Period, carrier: str = "") -> Compared:
    """The published figure and that of the year before."""
    now, before = (material.shelf.figure(indicator, subject, each, carrier) for each in (period, year_before(period)))
    return Compared.of(now, before)


def same_buildings(material: Material, subject: Subject, period: Period, indicator: str = "energy_total") -> Compared | None:
    """The sum of the buildings that are known in both periods; None where those are all that are known in either.

    A group that bought or sold a building is another group than a year before, and its use no answer to whether it uses less.
    """
    pairs = [
        compared(material, indicator, Subject(subject.kind.BUILDING, each.id), period) for each in material.buildings(subject)
    ]
    both = [each for each in pairs if each.now.known is not None and each.before.known is not None]
    either = [each for each in pairs if each.now.known is not None or each.before.known is not None]
    if not both or len(both) == len(either):
        return None
    return Compared.of(summed([each.now for each in both]), summed([each.before for each in both]))


def per_day(of: Compared) -> Compared | None:
    """The use per local day; None where the periods have as many days, or nothing is published."""
    lengths = days_of(of.now.period), days_of(of.before.period)
    if lengths[0] == lengths[1] or not of.published:
        return None
    return Compared.of(_divided(of.now, lengths[0]), _divided(of.before, lengths[1]))


def summed(figures: list[ReportedFigure]) -> ReportedFigure:
    """The sum of figures of one unit and period, whose errors have nothing to do with each other.

    Raises:
        ValueError: one of them is missing, or there is none.
    """
    values = [each.known for each in figures if each.known is not None]
    if not figures or len(values) < len(figures):
        raise ValueError("a sum of what is missing")
    coverages = [each.coverage for each in figures if each.coverage is not None]
    return ReportedFigure(
        value=sum(values),
        unit=figures[0].unit,
        period=figures[0].period,
        coverage=min(coverages, default=None),
        method=METHOD,
        factors={name: version for each in figures for name, version in each.factors.items()},
        margin=hypot(*(each.margin for each in figures)),
        made_of=tuple(each.name for each in figures),
    )


def comparison_columns(period: Period) -> tuple[Column, ...]:
    """`now`, `before`, `change` and `coverage`; the rows say the unit of the first two."""
    return (
        Column("now", _head(period)),
        Column("before", _head(year_before(period))),
        Column("change", Words("Förändring", "Change"), "%"),
        Column("coverage", Words("Täckning", "Coverage"), "%"),
    )


def _head(period: Period) -> Words:
    """The month, or the last one of several, which leaves room for figures."""
    if period.kind is PeriodKind.MONTH:
        return period_words(period)
    last = local_date(period.end - _HOUR, period.zone)
    return Words(f"t.o.m. {month_name(last, 'sv')}", f"to {month_name(last, 'en')}")


def comparison_row(key: str, label: Words, of: Compared, *, relative: bool = True) -> Row:
    """
    Args:
        relative: whether a change in per cent says anything: of a share it does not.
    """
    return Row(key, label, (of.now, of.before, of.change if relative else None, of.coverage), unit=of.now.unit)


def year_to_date(period: Period) -> Period:
    """From January to the end of the month."""
    return named_period(f"{period_name(period)}-ytd", period.zone)


def rolling_year(period: Period) -> Period:
    """The twelve months that end with the month."""
    return named_period(f"{period_name(period)}-r12", period.zone)


def published_rows(rows: Iterable[tuple[str, Words, Compared, bool]]) -> tuple[Row, ...]:
    """Key, label, figures, and whether their change is told in per cent; without what nobody has calculated."""
    return tuple(comparison_row(key, label, of, relative=relative) for key, label, of, relative in rows if of.published)


def _divided(figure: ReportedFigure, days: int) -> ReportedFigure:
    value = figure.value if isinstance(figure.value, Missing) else figure.value / days
    return ReportedFigure(
        value, DAILY, figure.period, figure.coverage, METHOD, figure.factors, figure.margin / days,
        made_of=(figure.name,) if figure.name else figure.made_of,
    )  # fmt: skip
