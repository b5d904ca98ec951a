"""The monthly report: of a building, an owner, a type of building, or everything."""

from collections.abc import Iterator, Sequence

from config.domain.deviations import Thread
from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import Period
from services.reports.contents.actions import actions_table
from services.reports.contents.buildings_table import buildings_table, use_of_buildings
from services.reports.contents.comparison import compared, per_day, same_buildings
from services.reports.contents.deviation_table import (
    NONE_OPEN,
    deviation_tables,
    metering_faults,
    open_deviations,
    to_act,
    use_deviations,
)
from services.reports.contents.key_figures import carrier_table, month_table, rolling_table
from services.reports.contents.lacks import Lacks, lacks_of
from services.reports.contents.material import Material
from services.reports.contents.method_box import method_section
from services.reports.contents.months_chart import months_chart
from services.reports.contents.naming import buildings_of, period_words
from services.reports.contents.readiness import notices
from services.reports.contents.restated import restated_table
from services.reports.contents.sentences import (
    action_sentence,
    cost_sentence,
    day_sentence,
    share_sentence,
    sureness_sentence,
    use_sentence,
    weather_sentence,
)
from services.reports.contents.weather import period_weather, weather_table
from services.reports.report import Report, ReportedFigure, ReportKind, Section, Sentence, Table, Words


def monthly(material: Material, subject: Subject, period: Period) -> Report:
    """The subject's month: what happened, why, what it cost, what to do, how sure it is; then all its figures."""
    threads = open_deviations(material, subject, period)
    restated = restated_table(material, subject, period)
    figures = tuple(_figures(material, subject, period))
    deviations = deviation_section(material, subject, threads)
    told = [table for section in (*figures, deviations) for table in section.tables]
    lacks = lacks_of(material, subject, period, told)
    name, when = material.name(subject), period_words(period)
    return Report(
        kind=ReportKind.MONTHLY,
        subject=subject,
        subject_name=name,
        period=period,
        title=Words(f"{name.sv}, {when.sv}", f"{name.en}, {when.en}"),
        known=material.known,
        zone=material.portfolio.timezone,
        program=material.program,
        notices=notices(material, subject, period),
        sentences=tuple(_sentences(material, subject, period, threads, lacks, restated)),
        sections=(
            *figures,
            deviations,
            table_section(
                actions_table(material, subject, period),
                Words("Ingen åtgärd är antecknad det senaste året.", "No action is on record for the last year."),
            ),
            restated_section(restated),
            lacks_section(lacks.table),
            method_section(material, period, told),
        ),
    )


def deviation_section(material: Material, subject: Subject, threads: Sequence[Thread]) -> Section:
    """Open deviations: of use, then of metering."""
    return Section(
        "deviations",
        Words("Avvikelser att åtgärda", "Deviations to act on"),
        tables=deviation_tables(threads, material.portfolio, subject),
        empty=NONE_OPEN,
    )


def restated_section(table: Table) -> Section:
    """What was published otherwise before."""
    none = Words("Ingen siffra har ändrats sedan förra rapporten.", "No figure has changed since the last report.")
    return Section("restated", Words("Ändrade siffror", "Restated figures"), tables=(table,) if table.rows else (), empty=none)


def lacks_section(table: Table) -> Section:
    """What is missing."""
    return table_section(table, Words("Inget saknas i rapporten.", "Nothing is missing from the report."))


def table_section(table: Table, none: Words) -> Section:
    """A section of one table, whose caption is its title; `none` where it has no rows."""
    return Section(table.key, table.caption, tables=(table,) if table.rows else (), empty=none)


def _figures(material: Material, subject: Subject, period: Period) -> Iterator[Section]:
    yield Section(
        "figures",
        Words("Siffrorna", "The figures"),
        tables=(month_table(material, subject, period), rolling_table(material, subject, period)),
    )
    yield Section(
        "course",
        Words("Månad för månad", "Month by month"),
        charts=(months_chart(material, subject, period),),
        tables=(carrier_table(material, subject, period),),
    )
    yield Section("weather", Words("Vädret", "The weather"), tables=(weather_table(material, period),))
    if subject.kind is not SubjectKind.BUILDING:
        parts = [(material.name(each), pair) for each, pair in use_of_buildings(material, subject, period)]
        use = same_buildings(material, subject, period) or compared(material, "energy_total", subject, period)
        largest = share_sentence(use, parts)
        yield Section(
            "buildings",
            Words("Byggnaderna", "The buildings"),
            sentences=() if largest is None else (largest,),
            tables=(buildings_table(material, subject, period),),
        )


def _sentences(
    material: Material, subject: Subject, period: Period, threads: Sequence[Thread], lacks: Lacks, restated: Table
) -> Iterator[Sentence]:
    def of(indicator: str) -> ReportedFigure:
        return material.shelf.figure(indicator, subject, period)

    use, shared = compared(material, "energy_total", subject, period), same_buildings(material, subject, period)
    corrected = same_buildings(material, subject, period, "corrected_energy")
    usual = corrected or compared(material, "corrected_energy", subject, period)
    water = "water" in material.shelf.carriers("water", subject, period)
    found = (
        use_sentence(use, shared, buildings_of(material, subject), period),
        day_sentence(per_day(shared or use), part=shared is not None),
        weather_sentence(
            period_weather(material, period),
            per_day(usual) or usual,
            period,
            part=corrected is not None,
        ),
        cost_sentence(
            compared(material, "cost", subject, period),
            of("emissions_location"),
            of("emissions_market"),
            water=water,
            same=shared is None and use.before.known is not None,
        ),
        action_sentence(
            to_act(use_deviations(threads), material.portfolio, subject),
            to_act(metering_faults(threads), material.portfolio, subject),
            period,
        ),
        sureness_sentence(use, lacks.suppliable, restated=bool(restated.rows)),
    )
    yield from (each for each in found if each is not None)
