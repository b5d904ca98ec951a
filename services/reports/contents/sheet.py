"""The building sheet: one page to pin up in the building, for whoever works, learns or visits there.

It is read by the public, so it says what of a building anybody may know (`config.domain.open_figures`) and nothing else: no
reason that names a file or a meter, no word that people wrote. What stands for the energy is made of our own figures: an average
day, the part that the building's own sun gave, litres of water. It is likened to nothing that we have no figure of.
"""

from collections.abc import Iterator
from dataclasses import replace

from config.domain.estate import Building, Carrier, Portfolio
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.open_figures import ALL, open_figures
from config.domain.periods import Period
from config.domain.personal import tells_a_household
from config.errors import ReportError
from services.reports.contents.comparison import Compared, compared
from services.reports.contents.deviation_table import open_deviations
from services.reports.contents.material import METHOD, Material, coverage_figure, year_before
from services.reports.contents.months_chart import months_chart
from services.reports.contents.naming import capital, days_of, period_words
from services.reports.contents.readiness import SIMULATED
from services.reports.contents.sheet_sentences import (
    ADVICE,
    advice_sentence,
    change_sentence,
    contact_sentence,
    plain_missing,
    renewable_sentence,
    sun_sentence,
    sure_sentence,
    use_sentence,
)
from services.reports.report import (
    NO_WORDS,
    Cell,
    Chart,
    ChartRole,
    Column,
    Report,
    ReportedFigure,
    ReportKind,
    Row,
    Section,
    Sentence,
    Table,
    Words,
)
from services.reports.wording import NBSP

LITRES = 1_000.0  # a cubic metre
_USUAL = Words(
    "En kall månad behöver mer värme. ”I vanligt väder” är energin omräknad till ett normalt år, så att åren kan jämföras.",
    "A cold month needs more heat. “In usual weather” is the energy of a normal year, so that years can be compared.",
)


def building_sheet(material: Material, subject: Subject, period: Period) -> Report:
    """The sheet of a building and a month.

    Raises:
        ReportError: the building's figures are not public.
    """
    closed = why_no_sheet(material.portfolio.buildings[subject.id], material.portfolio)
    if closed is not None:
        raise closed
    water = open_figures(material.portfolio).has(subject, Carrier.WATER.value)
    shown = _Figures(material, subject, period, water=water)
    name, when = material.name(subject), period_words(period)
    return Report(
        kind=ReportKind.SHEET,
        subject=subject,
        subject_name=name,
        period=period,
        title=Words(f"{name.sv}, {when.sv}", f"{name.en}, {when.en}"),
        known=material.known,
        zone=material.portfolio.timezone,
        program=material.program,
        notices=(SIMULATED,) if material.simulated else (),
        sentences=_present(
            use_sentence(name, shown.use, shown.daily),
            change_sentence(shown.corrected, shown.metered),
            sun_sentence(shown.sun.now),
            renewable_sentence(shown.renewable.now, shown.use.now),
        ),
        sections=tuple(_sections(material, subject, period, shown)),
    )


def _sections(material: Material, subject: Subject, period: Period, shown: "_Figures") -> Iterator[Section]:
    doubt = _doubt(shown.use.now)
    usual = _usual(material.weather_of(period).terms.source) if shown.corrected.published else NO_WORDS
    yield Section("month", Words("Månaden i siffror", "The month in figures"), tables=(_table(shown, doubt, usual),))
    yield Section("months", Words("Månad för månad", "Month by month"), charts=(_chart(material, subject, period),))
    advice = _advice(material, subject, period)
    if advice is not None:
        yield Section("advice", Words("Det här kan vi göra", "What we can do"), (advice_sentence(advice),))
    owner = material.portfolio.owners[material.portfolio.buildings[subject.id].owner]
    title = Words("Så säkert är det, och så frågar du", "How sure it is, and whom to ask")
    yield Section("sure", title, (sure_sentence(shown.use, doubt), contact_sentence(owner.name)))


class _Figures:
    """What the sheet has figures of, each beside the same month of the year before."""

    def __init__(self, material: Material, subject: Subject, period: Period, *, water: bool) -> None:
        def of(indicator: str, carrier: str = "") -> Compared:
            found = compared(material, indicator, subject, period, carrier)
            return Compared.of(_plain(found.now), _plain(found.before))

        self.use = of("energy_total")
        self.daily = _a_day(self.use)
        same_length = days_of(period) == days_of(year_before(period))
        self.metered = self.use if same_length else self.daily  # what is compared: a leap February has a day more
        self.corrected = _a_day(of("corrected_energy"))
        self.sun = of("self_sufficiency", Carrier.SOLAR.value)
        self.renewable = of("renewable_share")
        self.water = _a_day(of("water", Carrier.WATER.value), "l", LITRES) if water else None


def why_no_sheet(building: Building, portfolio: Portfolio) -> ReportError | None:
    """Why the building has no sheet, and what to do; None where it has one."""
    name = building.name
    if tells_a_household(building, portfolio.points_in(building.id)):
        return ReportError(
            f"{name}: its meters tell how a household lives, so its figures are never public, and a sheet is read by everybody; "
            "make the monthly report",
            f"{name}: mätarna berättar hur ett hushåll lever, så siffrorna är aldrig öppna, och ett byggnadsblad läses av alla; "
            "gör månadsrapporten",
        )
    if not building.public:
        return ReportError(
            f"{name}: the building is not public, and a sheet is read by everybody; give it public: true in portfolio.yaml, or "
            "make the monthly report",
            f"{name}: byggnaden är inte öppen, och ett byggnadsblad läses av alla; ange public: true i portfolio.yaml, eller gör "
            "månadsrapporten",
        )
    if not open_figures(portfolio).has(Subject(SubjectKind.BUILDING, building.id), ALL):
        return ReportError(
            f"{name}: a main meter of its energy is not public, or there is none, so there is no sum to show; give its metering "
            "points public: true in portfolio.yaml, or make the monthly report",
            f"{name}: en huvudmätare för energin är inte öppen, eller så finns ingen; då finns ingen summa att visa; ange "
            "public: true vid mätpunkterna i portfolio.yaml, eller gör månadsrapporten",
        )
    return None


def _usual(source: str) -> Words:
    """What usual weather is, and whose weather it is: the licence asks that it is said."""
    return Words(f"{_USUAL.sv} {source}".rstrip(), f"{_USUAL.en} {source}".rstrip())


def _table(shown: _Figures, doubt: ReportedFigure, usual: Words) -> Table:
    return Table(
        key="month",
        caption=Words("Månaden i siffror", "The month in figures"),
        corner=Words("Vad", "What"),
        columns=(
            Column("now", _heading(shown.use.now.period)),
            Column("before", _heading(shown.use.before.period)),
            Column("change", Words("Skillnad", "Difference"), "%"),
        ),
        rows=tuple(_rows(shown, doubt)),
        note=usual,
    )


def _rows(shown: _Figures, doubt: ReportedFigure) -> Iterator[Row]:
    def row(key: str, sv: str, en: str, of: Compared, change: Cell = None) -> Row:
        return Row(key, Words(sv, en), (of.now, of.before, change), unit=of.now.unit)

    use, daily, water = shown.use, shown.daily, shown.water
    yield row("use", "Energi", "Energy", use, use.change if shown.metered is use else None)
    yield row("daily", "Energi om dagen", "Energy a day", daily, daily.change if shown.metered is daily else None)
    if shown.corrected.published:
        yield row("corrected", "Om dagen i vanligt väder", "A day in usual weather", shown.corrected, shown.corrected.change)
    if shown.sun.published:
        yield row("sun", "El från egna solceller", "Electricity of own solar cells", shown.sun)
    yield row("renewable", "Förnybar energi", "Renewable energy", shown.renewable)
    if water is not None and water.published:
        yield row("water", "Vatten om dagen", "Water a day", water, water.change)
    if use.now.coverage is not None and use.now.coverage < 1:
        yield Row("measured", Words("Uppmätt", "Measured"), (use.coverage, coverage_figure(use.before), None), unit="%")
        if doubt.known:
            yield Row("doubt", Words("Kan vara fel med", "May be off by"), (doubt, None, None), unit=doubt.unit)


def _heading(period: Period) -> Words:
    when = period_words(period)
    return Words(capital(when.sv), when.en)


def _a_day(of: Compared, unit: str = "", scale: float = 1.0) -> Compared:
    """Of an average day of the month, in `unit`, of which there are `scale` in one of the figure's."""
    return Compared.of(*(_divided(each, days_of(each.period) / scale, unit or each.unit) for each in (of.now, of.before)))


def _divided(figure: ReportedFigure, by: float, unit: str) -> ReportedFigure:
    value = figure.value if isinstance(figure.value, Missing) else figure.value / by
    return ReportedFigure(
        value=value,
        unit=unit,
        period=figure.period,
        coverage=figure.coverage,
        # "" of what nobody has calculated: see `Compared.published`
        method=METHOD if figure.method else "",
        factors=figure.factors,
        margin=figure.margin / by,
        made_of=(figure.name,),
    )


def _doubt(use: ReportedFigure) -> ReportedFigure:
    """Its half width as a figure; 0 where there is no figure, or all of it is measured."""
    value = use.margin if use.estimated else 0.0
    return ReportedFigure(value, use.unit, use.period, 1.0, METHOD, made_of=(use.name,))


def _plain(figure: ReportedFigure) -> ReportedFigure:
    """The same, with a reason for anybody where it is missing."""
    return replace(figure, value=plain_missing(figure.value)) if isinstance(figure.value, Missing) else figure


def _chart(material: Material, subject: Subject, period: Period) -> Chart:
    """Thirteen months, or since anything is known, with names so short that all find room on the page."""
    chart = months_chart(material, subject, period)
    told = [each for each in chart.series if each.role is ChartRole.MEASURED or any(map(_is_known, each.values))]
    known = (place for place in range(len(chart.labels)) if any(_is_known(each.values[place]) for each in told))
    last = len(chart.labels) - 1
    first = next(known, last)
    return replace(
        chart,
        title=Words("Energin jämförd med året före", "The energy compared with the year before"),
        labels=tuple(label if place in (first, last) else _short(label) for place, label in enumerate(chart.labels))[first:],
        series=tuple(
            replace(each, values=tuple(None if figure is None else _plain(figure) for figure in each.values[first:]))
            for each in told
        ),
    )


def _is_known(figure: ReportedFigure | None) -> bool:
    return figure is not None and figure.known is not None


def _short(month: Words) -> Words:
    """Without its year."""
    return Words(month.sv.split(NBSP)[0], month.en.split(NBSP)[0])


def _advice(material: Material, subject: Subject, period: Period) -> Words | None:
    """What people in the building can do about the dearest of its deviations that goes on, is open, and is theirs to mend."""
    figures = open_figures(material.portfolio)
    for thread in open_deviations(material, subject, period):
        found = thread.deviation
        of_building = found.subject.kind is SubjectKind.BUILDING
        if found.going_on and of_building and (found.kind, found.carrier) in ADVICE and figures.has(subject, found.carrier):
            return ADVICE[found.kind, found.carrier]
    return None


def _present(*sentences: Sentence | None) -> tuple[Sentence, ...]:
    return tuple(each for each in sentences if each is not None)
