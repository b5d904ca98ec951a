"""The buildings of a group, a row each, and the group's own published figures as their sum."""

from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import Period
from services.reports.contents.comparison import Compared, compared
from services.reports.contents.material import Material, year_before
from services.reports.contents.naming import period_words
from services.reports.report import Column, Row, Table, Words


def use_of_buildings(material: Material, subject: Subject, period: Period) -> tuple[tuple[Subject, Compared], ...]:
    """Each building's energy use beside that of the year before, in Swedish order of their names."""
    subjects = (Subject(SubjectKind.BUILDING, each.id) for each in material.buildings(subject))
    return tuple((each, compared(material, "energy_total", each, period)) for each in subjects)


def buildings_table(material: Material, subject: Subject, period: Period) -> Table:
    """Use of both years, change, coverage and cost."""
    rows = [
        _row(material, each, of, period, each.id, material.name(each)) for each, of in use_of_buildings(material, subject, period)
    ]
    whole = compared(material, "energy_total", subject, period)
    rows.append(_row(material, subject, whole, period, "all", Words("Alla tillsammans", "All together"), strong=True))
    return Table(
        key="buildings",
        caption=Words("Byggnaderna", "The buildings"),
        corner=Words("Byggnad", "Building"),
        columns=(
            Column("use", period_words(period), "kWh"),
            Column("before", period_words(year_before(period)), "kWh"),
            Column("change", Words("Förändring", "Change"), "%"),
            Column("coverage", Words("Täckning", "Coverage"), "%"),
            Column("cost", Words("Kostnad", "Cost"), "kr"),
        ),
        rows=tuple(rows),
        note=Words(
            "Energianvändning, utan väderkorrigering. Kostnaden är utan moms, med vatten. Summan är den publicerade siffran.",
            "Energy use, not corrected for weather. The cost is without VAT, with water. The sum is the published figure.",
        ),
    )


def _row(
    material: Material, subject: Subject, of: Compared, period: Period, key: str, label: Words, *, strong: bool = False
) -> Row:
    cost = material.shelf.figure("cost", subject, period)
    return Row(key, label, (of.now, of.before, of.change, of.coverage, cost), strong=strong)
