"""How the figures of a report were made: calculations with their versions, clock, limits, weather.

Which factor versions each figure used goes with the figure itself, and every form prints it.
"""

from collections.abc import Iterable

from config.domain.figure_names import figure_name
from config.domain.periods import Period
from services.reports.contents.key_figures import indicator_words
from services.reports.contents.material import Material
from services.reports.contents.naming import row_label
from services.reports.contents.weather import terms_words
from services.reports.printing import clock_text, moment_text
from services.reports.report import Column, ReportedFigure, Row, Section, Table, Words

MOST_NAMES = 4


def method_section(material: Material, period: Period, tables: Iterable[Table]) -> Section:
    """A row a calculation that the tables' published figures were made by."""
    return Section(
        "method", Words("Så är siffrorna gjorda", "How the figures are made"), tables=(_table(material, period, tables),)
    )


def _table(material: Material, period: Period, tables: Iterable[Table]) -> Table:
    names: dict[str, dict[str, Words]] = {}
    for each in (cell for table in tables for row in table.rows for cell in row.cells):
        if isinstance(each, ReportedFigure) and each.name and each.method:
            indicator = figure_name(each.name, material.portfolio.timezone).indicator
            names.setdefault(each.method, {}).setdefault(indicator, indicator_words(indicator))
    return Table(
        key="method",
        caption=Words("Beräkningar", "Calculations"),
        corner=Words("Siffror", "Figures"),
        columns=(Column("calculation", Words("Beräkning, version", "Calculation, version")),),
        rows=tuple(
            Row(method, row_label(tuple(found.values()), MOST_NAMES), (Words(method, method),))
            for method, found in sorted(names.items())
        ),
        note=_note(material, period),
    )


def _note(material: Material, period: Period) -> Words:
    terms = terms_words(material.weather_of(period).terms)
    limit = f"{100 * material.limits.coverage:.0f}"
    known = moment_text(material.known, period.zone)
    sv, en = clock_text(period.zone, "sv"), clock_text(period.zone, "en")
    return Words(
        f"Periodens klocka: {sv}. Siffror som de var kända {known}. En siffra visas när minst {limit} % av periodens timmar är "
        "kända. Normalårskorrigerad: värmen som följer vädret flyttas månad för månad till ett normalt år. "
        f"{terms.sv}.",
        f"Clock of the period: {en}. Figures as known {known}. A figure is shown when at least {limit} % of its hours are known. "
        "Weather-corrected: heat that follows the weather is moved to a normal year month by month. "
        f"{terms.en}.",
    )
