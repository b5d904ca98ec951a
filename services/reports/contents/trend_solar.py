"""Solar electricity by year: what was produced, what of it was used on the spot, and how well the plants did."""

from config.domain.figure_names import period_name
from config.domain.periods import Period
from services.reports.contents.comparison import Compared, comparison_row
from services.reports.contents.material import year_before
from services.reports.contents.trend_scope import TrendScope, against_columns, calculated, scaled, span_words
from services.reports.contents.trend_words import ComparedWords, compared
from services.reports.report import Column, ReportedFigure, Row, Section, Sentence, Table, Words

SOLAR = "solar"
FIGURES = (
    ("energy", Words("Produktion", "Production"), "MWh"),
    ("solar_used", Words("Egenanvänt", "Used on the spot"), "MWh"),
    ("self_consumption", Words("Egenanvänd andel", "Share used on the spot"), "%"),
    ("specific_yield", Words("Specifik produktion", "Specific yield"), "kWh/kWp"),
)


def solar_section(scope: TrendScope) -> Section | None:
    """None where the subject has no solar plant."""
    if SOLAR not in scope.own.carriers("energy", scope.subject, scope.latest):
        return None
    table = Table(
        "solar",
        Words("Solel per år", "Solar electricity by year"),
        Words("År", "Year"),
        tuple(Column(name, label, unit) for name, label, unit in FIGURES),
        tuple(
            Row(period_name(span), span_words(span), tuple(_figure(scope, name, span, unit) for name, _, unit in FIGURES))
            for span in scope.spans
        ),
        Words(
            "Specifik produktion är per installerad toppeffekt. Vädret skiljer sig mellan åren.",
            "Specific yield is per installed peak power. The weather differs between years.",
        ),
    )
    rows = [(name, label, _compared(scope, name, unit)) for name, label, unit in FIGURES]
    rows = [each for each in rows if each[2].published]
    against = Table(
        "solar_change",
        Words("De senaste tolv månaderna mot de tolv före", "The last twelve months against the twelve before"),
        Words("Siffra", "Figure"),
        against_columns(scope.latest),
        tuple(comparison_row(name, label, of, relative=of.now.unit != "%") for name, label, of in rows),
    )
    return Section("solar", Words("Solel", "Solar electricity"), (solar_sentence(scope),), tables=(calculated(table), against))


def solar_sentence(scope: TrendScope) -> Sentence:
    """Production of the last twelve months beside the twelve before."""
    found = _compared(scope, "energy", "MWh")
    span = span_words(scope.latest)
    words = ComparedWords(
        Words(f"Solelen ({span.sv})", f"The solar electricity ({span.en})"),
        Words("Solcellerna gav", "The solar plants gave"),
        Words(f" ({span.sv})", f" ({span.en})"),
    )
    against = Words("året före", "the year before") if scope.is_year else Words("de tolv månaderna före", "the twelve before")
    return compared("solar", words, found.now, found.change, against)


def _compared(scope: TrendScope, name: str, unit: str) -> Compared:
    return Compared.of(*(_figure(scope, name, each, unit) for each in (scope.latest, year_before(scope.latest))))


def _figure(scope: TrendScope, name: str, span: Period, unit: str) -> ReportedFigure:
    found = scope.figure(name, span, SOLAR)
    return scaled(found, unit) if unit == "MWh" else found
