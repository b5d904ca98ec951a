"""Small charts made by hand, in one language."""

from collections.abc import Sequence

from config.domain.figure_names import named_period
from config.domain.indicators import Missing
from services.reports.printing import PrintedChart, printed
from services.reports.report import (
    Chart,
    ChartKind,
    ChartRole,
    ChartSeries,
    Publication,
    Report,
    ReportedFigure,
    ReportKind,
    Section,
    Words,
)
from services.reports.wording import Language
from tests.services.reports.example_report import KNOWN, SCHOOL, ZONE

PERIOD = named_period("2026-10", ZONE)
LOST = Missing("Mätaren var tyst.", "The meter was silent.")
MONTHS = ("nov", "dec", "jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt")
BUILDINGS = ("Gymnasieskolan Erikslund", "Maserhallens äventyrsbad", "Kvarnsvedens omsorgsboende", "Borlänge stadsbibliotek")
Series = tuple[str, ChartRole, Sequence[ReportedFigure | None]]


def figure(value: float | Missing, unit: str = "kWh", coverage: float = 1.0) -> ReportedFigure:
    return ReportedFigure(value, unit, PERIOD, coverage, "energy 1.2")


def series(name: str, values: Sequence[float | None], role: ChartRole = ChartRole.MEASURED, unit: str = "kWh") -> Series:
    """Wholly measured; None where it has nothing."""
    return name, role, [None if value is None else figure(value, unit) for value in values]


def chart(
    kind: ChartKind, labels: Sequence[str], *drawn: Series, unit: str = "kWh", language: Language = "sv", key: str = "drawn"
) -> PrintedChart:
    made = Chart(
        key,
        kind,
        Words("Användning", "Use"),
        Words("Den går ned.", "It falls."),
        unit,
        Words("Månad", "Month"),
        tuple(Words(label, label) for label in labels),
        tuple(ChartSeries(name, Words(name, name), tuple(values), role) for name, role, values in drawn),
    )
    section = Section("drawn", Words("Bild", "Picture"), charts=(made,))
    name = Words("Björkskolan", "Björkskolan")
    report = Report(ReportKind.MONTHLY, SCHOOL, name, PERIOD, name, KNOWN, ZONE, "0.6.0", (), (section,))
    return printed(Publication(report), language).sections[0].charts[0]
