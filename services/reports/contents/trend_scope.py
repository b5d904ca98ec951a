"""What a trend report looks at: its subject, its period, the whole years before it, and the last twelve months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from config.domain.estate import MeteringPoint
from config.domain.figure_names import named_period, period_name
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, local_date, year
from services.analysis.comparable import is_comparable
from services.reports.contents.material import Material, year_before
from services.reports.contents.naming import period_words
from services.reports.figure_shelf import FigureShelf
from services.reports.report import Column, ReportedFigure, Table, Words

YEARS = 10
STOCK = frozenset({"energy_total", "heated_building_energy", "corrected_energy"})  # read of every building
KILO = 1e3
_USE = "energy_total"


@dataclass(frozen=True)
class TrendScope:
    """
    Attributes:
        period: a year, or a year to date.
        own: figures of the subject alone; `stock` those of its buildings, of `STOCK` only.
        given: every figure of the subject that was asked for: what the report rests on.
    """

    material: Material
    subject: Subject
    period: Period
    own: FigureShelf
    stock: FigureShelf
    given: dict[str, ReportedFigure] = field(default_factory=dict, compare=False)
    _of_buildings: dict[tuple[str, str, Period], ReportedFigure] = field(default_factory=dict, compare=False)
    _steady: dict[tuple[str, Period, Period], bool] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, material: Material, subject: Subject, period: Period) -> "TrendScope":
        """With shelves that read no more than a trend needs: ten years of a thousand buildings are many figures."""
        buildings = frozenset(Subject(SubjectKind.BUILDING, each.id) for each in material.buildings(subject))
        return cls(
            material,
            subject,
            period,
            replace(material.shelf, subjects=frozenset({subject}), indicators=None),
            replace(material.shelf, subjects=buildings, indicators=STOCK),
        )

    @property
    def zone(self) -> str:
        return self.period.zone

    @property
    def is_year(self) -> bool:
        """Whether the year is over: an årsbokslut, or a year to date of all its months."""
        return self.last_day.month == 12

    @property
    def variant(self) -> Words:
        return Words("årsbokslut", "annual accounts") if self.is_year else Words("delårsbokslut", "interim accounts")

    def of_building(self, indicator: str, building: str, period: Period) -> ReportedFigure:
        """A building's published figure, of `STOCK`."""
        key = indicator, building, period
        if key not in self._of_buildings:
            self._of_buildings[key] = self.stock.figure(indicator, Subject(SubjectKind.BUILDING, building), period)
        return self._of_buildings[key]

    def is_steady(self, building: str, before: Period, now: Period) -> bool:
        """Whether the same of it is measured from the one period to the end of the other."""
        key = building, before, now
        if key not in self._steady:
            portfolio = self.material.portfolio
            self._steady[key] = is_comparable(portfolio, self.points[building], before.start, now.end)
        return self._steady[key]

    @cached_property
    def points(self) -> Mapping[str, Sequence[MeteringPoint]]:
        """The metering points of each of the subject's buildings."""
        found: dict[str, list[MeteringPoint]] = {each.id: [] for each in self.material.buildings(self.subject)}
        for point in self.material.portfolio.points.values():
            if point.building in found:
                found[point.building].append(point)
        return found

    @cached_property
    def last_day(self) -> date:
        """The period's last local day."""
        return local_date(self.period.end - timedelta(hours=1), self.zone)

    @cached_property
    def before(self) -> Period:
        """The same months of the year before."""
        return year_before(self.period)

    @cached_property
    def latest(self) -> Period:
        """The last twelve months: the year itself, or the rolling year that ends with the period."""
        if self.period.kind is PeriodKind.YEAR:
            return self.period
        return named_period(period_name(self.period).replace("-ytd", "-r12"), self.zone)

    @cached_property
    def years(self) -> tuple[Period, ...]:
        """Whole years, the oldest first, from the first that has a figure of the subject's use."""
        last = local_date(self.period.start, self.zone).year - (0 if self.is_year else 1)
        asked = [year(number, self.zone) for number in range(last - YEARS + 1, last + 1)]
        known = [each for each in asked if self.own.figure(_USE, self.subject, each).known is not None]
        return tuple(each for each in asked if known and each.start >= known[0].start)

    @cached_property
    def spans(self) -> tuple[Period, ...]:
        """The whole years, and the last twelve months where those are not a year."""
        return self.years if self.is_year else (*self.years, self.latest)

    def figure(self, indicator: str, period: Period, carrier: str = "") -> ReportedFigure:
        """The subject's published figure."""
        found = self.own.figure(indicator, self.subject, period, carrier)
        return self.given.setdefault(found.name, found)


def span_words(period: Period) -> Words:
    """ "2025"; "12 mån t.o.m. augusti 2026" of twelve months that are no calendar year."""
    words = period_words(period)
    if period.kind is not PeriodKind.ROLLING_YEAR:
        return words
    last = period_words(named_period(period_name(period).removesuffix("-r12"), period.zone))
    return Words(f"12 mån t.o.m. {last.sv}", f"12 months to {last.en}")


def against_columns(period: Period) -> tuple[Column, ...]:
    """The period beside the same of the year before; the rows say the unit of the first two."""
    return (
        Column("now", span_words(period)),
        Column("before", span_words(year_before(period))),
        Column("change", Words("Förändring", "Change"), "%"),
        Column("coverage", Words("Täckning", "Coverage"), "%"),
    )


def axis_words(period: Period) -> Words:
    """The same along an axis, where room is scarce: "12 mån 2026-10"."""
    if period.kind is not PeriodKind.ROLLING_YEAR:
        return period_words(period)
    last = period_name(period).removesuffix("-r12")
    return Words(f"12 mån {last}", f"12 mo. {last}")


def scaled(figure: ReportedFigure, unit: str, by: float = KILO) -> ReportedFigure:
    """The figure in a larger unit, as a board reads it: kWh in MWh, kr in tkr, kg in tonnes."""
    value = figure.value if isinstance(figure.value, Missing) else figure.value / by
    made_of = (figure.name,) if figure.name else figure.made_of
    return replace(figure, value=value, unit=unit, margin=figure.margin / by, name="", made_of=made_of)


def calculated(table: Table) -> Table:
    """Without the columns of which nobody has calculated anything, and without rows where no column is left."""
    kept = [
        place
        for place in range(len(table.columns))
        if any(isinstance(cell := row.cells[place], ReportedFigure) and cell.method for row in table.rows)
    ]
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in kept)) for row in table.rows) if kept else ()
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)
