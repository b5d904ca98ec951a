"""The owner's summary: what a committee or a company has to decide about its buildings, on one or two pages."""

from collections.abc import Iterator, Mapping, Sequence

from config.domain.deviations import Thread, ThreadState
from config.domain.estate import Building
from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import Period, local_date
from services.reports.contents.comparison import Compared, compared, comparison_row, rolling_year, same_buildings, year_to_date
from services.reports.contents.deviation_table import (
    METHOD,
    NONE_OPEN,
    deviation_cost,
    deviation_tables,
    metering_faults,
    open_deviations,
    to_act,
    use_deviations,
)
from services.reports.contents.key_figures import BOTH_YEARS, figure_label, indicator_words
from services.reports.contents.lacks import Lacks, lacks_of
from services.reports.contents.material import Material
from services.reports.contents.method_box import method_section
from services.reports.contents.monthly import lacks_section
from services.reports.contents.months_chart import months_chart
from services.reports.contents.naming import buildings_of, period_words
from services.reports.contents.readiness import notices
from services.reports.contents.sentences import (
    action_sentence,
    cost_sentence,
    sureness_sentence,
    untaken_sentence,
    use_sentence,
    year_sentence,
)
from services.reports.report import Column, Report, ReportedFigure, ReportKind, Row, Section, Sentence, Table, Words
from services.reports.wording import DASH, swedish_order

MEASURES = ("energy_total", "cost", "emissions_location", "emissions_market")
JANUARY, DECEMBER = 1, 12
_ByBuilding = Mapping[str, Sequence[Thread]]


def owner_summary(material: Material, subject: Subject, period: Period) -> Report:
    """The owner's month, year so far and twelve months, and its buildings with the dearest open deviations first."""
    threads = open_deviations(material, subject, period)
    ranked = ranked_table(material, subject, period, use_deviations(threads))
    figures = (
        Section(
            "course",
            Words("Utvecklingen", "The development"),
            charts=(months_chart(material, subject, period),),
            tables=(course_table(material, subject, period),),
        ),
        Section("ranked", ranked.caption, tables=(ranked,)),
        Section(
            "deviations",
            Words("Att besluta om", "To decide on"),
            tables=deviation_tables(threads, material.portfolio, subject),
            empty=NONE_OPEN,
        ),
    )
    told = [table for section in figures for table in section.tables]
    lacks = lacks_of(material, subject, period, told)
    name, when = material.name(subject), period_words(period)
    return Report(
        kind=ReportKind.OWNER,
        subject=subject,
        subject_name=name,
        period=period,
        title=Words(f"{name.sv}, {when.sv}", f"{name.en}, {when.en}"),
        known=material.known,
        zone=material.portfolio.timezone,
        program=material.program,
        notices=notices(material, subject, period),
        sentences=tuple(_sentences(material, subject, period, threads, lacks)),
        sections=(*figures, lacks_section(lacks.table), method_section(material, period, told)),
    )


def course_table(material: Material, subject: Subject, period: Period) -> Table:
    """Use, cost and emissions of the month, the year so far and twelve months, beside the year before."""
    return Table(
        key="course",
        caption=Words("Månaden, året och tolv månader", "The month, the year and twelve months"),
        corner=Words("Nyckeltal", "Figure"),
        columns=(
            Column("now", Words("Perioden", "The period")),
            Column("before", Words("Året före", "The year before")),
            Column("change", Words("Förändring", "Change"), "%"),
            Column("coverage", Words("Täckning", "Coverage"), "%"),
        ),
        rows=tuple(_course(material, subject, period)),
        note=Words("Kostnaden är vad prislistorna ger, utan moms.", "The cost is what the price lists give, without VAT."),
    )


def ranked_table(material: Material, subject: Subject, period: Period, threads: Sequence[Thread]) -> Table:
    """The buildings, those first whose open deviations have cost most; then in Swedish order."""
    of: dict[str, list[Thread]] = {}
    for each in threads:
        of.setdefault(each.deviation.building, []).append(each)
    buildings = sorted(material.buildings(subject), key=lambda each: _rank(each, of, material))
    return Table(
        key="ranked",
        caption=Words("Byggnaderna efter vad öppna avvikelser kostar", "The buildings by what open deviations cost"),
        corner=Words("Byggnad", "Building"),
        columns=(
            Column("open", Words("Öppna avvikelser", "Open deviations")),
            Column("cost", Words("Den dyrastes kostnad", "Cost of the dearest"), "kr"),
            Column("use", Words("Tolv månader", "Twelve months"), "kWh"),
            Column("change", Words("Förändring", "Change"), "%"),
            Column("specific", Words("Per kvadratmeter", "Per square metre"), "kWh/m2"),
        ),
        rows=(
            *(_ranked(material, Subject(SubjectKind.BUILDING, each.id), period, of.get(each.id, ())) for each in buildings),
            _ranked(material, subject, period, threads),
        ),
        note=Words(
            "Kostnaden är hittills, och läggs inte ihop: två avvikelser kan gälla samma kilowattimmar. Fel i mätningen räknas "
            "inte: att något då slösas är inte känt.",
            "The cost is so far, and not added up: two deviations can be about the same kilowatt-hours. Faults of metering are "
            "not counted: nothing is known to be wasted then.",
        ),
    )


def _course(material: Material, subject: Subject, period: Period) -> Iterator[Row]:
    number = local_date(period.start, period.zone).month
    # of January the year so far is the month, of December it is the twelve months
    so_far = () if number in (JANUARY, DECEMBER) else (("year", year_to_date(period)),)
    spans = (("month", period), *so_far, ("rolling", rolling_year(period)))
    for name in MEASURES:
        label = figure_label(name)
        for key, span in spans:
            found, when = compared(material, name, subject, span), period_words(span)
            if found.published:
                yield comparison_row(f"{name}_{key}", Words(f"{label.sv}, {when.sv}", f"{label.en}, {when.en}"), found)
            shared = same_buildings(material, subject, span) if name == "energy_total" else None
            if shared is not None:
                yield comparison_row(f"same_{key}", BOTH_YEARS, shared)
    specific = compared(material, "corrected_specific_energy", subject, rolling_year(period))
    if specific.published:
        words, when = indicator_words("corrected_specific_energy"), period_words(rolling_year(period))
        yield comparison_row("specific", Words(f"{words.sv}, {when.sv}", f"{words.en}, {when.en}"), specific)


def _ranked(material: Material, subject: Subject, period: Period, threads: Sequence[Thread]) -> Row:
    year = rolling_year(period)
    use = compared(material, "energy_total", subject, year)
    group = subject.kind is not SubjectKind.BUILDING
    return Row(
        "all" if group else subject.id,
        Words("Alla tillsammans", "All together") if group else material.name(subject),
        (
            ReportedFigure(float(len(threads)), "", period, None, METHOD),
            _cost(material, threads),
            use.now,
            use.change,
            material.shelf.figure("specific_energy", subject, year),
        ),
        strong=group,
    )


def _cost(material: Material, threads: Sequence[Thread]) -> ReportedFigure | Words:
    """Of the dearest; missing where none has a price, a dash where there is no deviation."""
    if not threads:
        return Words(DASH, DASH)
    return max((deviation_cost(each, material.portfolio) for each in threads), key=lambda each: each.known or 0.0)


def _rank(building: Building, of: _ByBuilding, material: Material) -> tuple[float, int, str]:
    threads = of.get(building.id, ())
    cost = max((deviation_cost(each, material.portfolio).known or 0.0 for each in threads), default=0.0)
    return -cost, -len(threads), swedish_order(building.name)


def _sentences(
    material: Material, subject: Subject, period: Period, threads: Sequence[Thread], lacks: Lacks
) -> Iterator[Sentence]:
    def of(indicator: str, span: Period = period) -> Compared:
        return compared(material, indicator, subject, span)

    use, shared, year = of("energy_total"), same_buildings(material, subject, period), rolling_year(period)
    untaken = sum(each.state is ThreadState.OPENED for each in use_deviations(threads))
    found = (
        use_sentence(use, shared, buildings_of(material, subject), period),
        year_sentence(of("energy_total", year), same_buildings(material, subject, year)),
        cost_sentence(
            of("cost"),
            of("emissions_location").now,
            of("emissions_market").now,
            water="water" in material.shelf.carriers("water", subject, period),
            same=shared is None and use.before.known is not None,
        ),
        untaken_sentence(untaken),
        action_sentence(
            to_act(use_deviations(threads), material.portfolio, subject),
            to_act(metering_faults(threads), material.portfolio, subject),
            period,
        ),
        sureness_sentence(use, lacks.suppliable, restated=False),
    )
    yield from (each for each in found if each is not None)
