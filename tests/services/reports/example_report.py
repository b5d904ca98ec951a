"""A report made by hand, with one of everything that a form must be able to show."""

from dataclasses import replace
from datetime import UTC, date, datetime

from config.domain.figure_names import named_period
from config.domain.indicators import Missing, Subject, SubjectKind
from services.reports.report import (
    Change,
    Chart,
    ChartKind,
    ChartRole,
    ChartSeries,
    Column,
    How,
    Publication,
    Report,
    ReportedFigure,
    ReportKind,
    Row,
    Said,
    Section,
    Sentence,
    Table,
    Words,
)

ZONE = "Europe/Stockholm"
OCTOBER, BEFORE = named_period("2026-10", ZONE), named_period("2025-10", ZONE)
SCHOOL = Subject(SubjectKind.BUILDING, "bjorkskolan")
KNOWN = datetime(2026, 11, 4, 6, 0, tzinfo=UTC)
METHOD = "energy 1.2"
FACTORS = {"el-2026-plats": "2026-03-01", "fjarrvarme-borlange-2025": "2026-02-10"}
NO_FACTOR = Missing(
    "Utsläppsfaktorn för fjärrvärme 2026 är inte införd; Borlänge Energi kan ge den.",
    "The emission factor of district heating 2026 is not entered; Borlänge Energi can give it.",
)


def words(sv: str, en: str) -> Words:
    return Words(sv, en)


USE = ReportedFigure(62_970.25, "kWh", OCTOBER, 0.93, METHOD, FACTORS, 1_210.0, "energy_total/building:bjorkskolan/2026-10")
USE_BEFORE = ReportedFigure(71_558.0, "kWh", BEFORE, 1.0, METHOD, FACTORS, 0.0, "energy_total/building:bjorkskolan/2025-10")
LESS = ReportedFigure(-12.0009, "%", OCTOBER, 0.93, METHOD, made_of=(USE.name, USE_BEFORE.name))
COST = ReportedFigure(84_312.5, "kr", OCTOBER, 0.93, "cost 1.0", {"tariff": "2026"}, 0.0, "cost/building:bjorkskolan/2026-10")
COST_BEFORE = ReportedFigure(90_001.0, "kr", BEFORE, 1.0, "cost 1.0", {}, 0.0, "cost/building:bjorkskolan/2025-10")
CHEAPER = ReportedFigure(-6.3205, "%", OCTOBER, 0.93, "cost 1.0", made_of=(COST.name, COST_BEFORE.name))
EMITTED = ReportedFigure(
    NO_FACTOR, "kg CO2e", OCTOBER, 0.93, "emissions 1.1", {}, 0.0, "emissions_location/building:bjorkskolan/2026-10"
)
EMITTED_BEFORE = ReportedFigure(
    1_904.4, "kg CO2e", BEFORE, 1.0, "emissions 1.1", FACTORS, 0.0, "emissions_location/building:bjorkskolan/2025-10"
)
NO_CHANGE = ReportedFigure(NO_FACTOR, "%", OCTOBER, 0.93, "emissions 1.1", made_of=(EMITTED.name, EMITTED_BEFORE.name))
PEAK = ReportedFigure(
    187.4,
    "kW",
    OCTOBER,
    0.93,
    "power 1.0",
    name="peak_power/building:bjorkskolan/2026-10",
    at=datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
)
MONTHS = (
    ("nov", "Nov", 80_100.0), ("dec", "Dec", 91_007.0), ("jan", "Jan", 99_812.0), ("feb", "Feb", 88_404.0),
    ("mars", "Mar", 79_911.0), ("april", "Apr", 61_313.0), ("maj", "May", 40_040.0), ("juni", "Jun", 21_777.0),
    ("juli", "Jul", None), ("aug", "Aug", 24_018.0), ("sep", "Sep", 41_200.0), ("okt", "Oct", 62_970.25),
)  # fmt: skip
GAP = Missing("Mätaren var tyst hela juli; driften kan läsa av den.", "The meter was silent all July; operations can read it.")


def _month(place: int, value: float | None) -> ReportedFigure:
    year, number = (2025, 11 + place) if place < 2 else (2026, place - 1)
    name = f"{year}-{number:02}"
    coverage = 0.93 if name == "2026-10" else 1.0 if value else 0.0
    figure = ReportedFigure(
        GAP if value is None else value, "kWh", named_period(name, ZONE), coverage, METHOD, FACTORS,
        name=f"energy_total/building:bjorkskolan/{name}",
    )  # fmt: skip
    return USE if name == "2026-10" else figure


KEY_FIGURES = Table(
    key="key_figures",
    caption=words("Nyckeltal", "Key figures"),
    corner=words("Siffra", "Figure"),
    columns=(
        Column("now", words("Oktober 2026", "October 2026")),
        Column("before", words("Oktober 2025", "October 2025")),
        Column("change", words("Förändring", "Change"), "%"),
    ),
    rows=(
        Row("use", words("Energianvändning", "Energy use"), (USE, USE_BEFORE, LESS), "kWh"),
        Row("cost", words("Kostnad utan moms", "Cost without VAT"), (COST, COST_BEFORE, CHEAPER), "kr"),
        Row("emissions", words("Utsläpp, platsbaserat", "By location"), (EMITTED, EMITTED_BEFORE, NO_CHANGE), "kg CO2e"),
        Row("peak", words("Effekttopp", "Peak power"), (PEAK, None, None), "kW"),
    ),
    note=words("Kostnaden följer prislistorna, inte fakturan.", "The cost follows the price lists, not the bill."),
)  # fmt: skip
DEVIATIONS = Table(
    key="deviations",
    caption=words("Avvikelser", "Deviations"),
    corner=words("Avvikelse", "Deviation"),
    columns=(
        Column("since", words("Sedan", "Since")),
        Column("cost", words("Kostnad", "Cost"), "kr"),
        Column("action", words("Åtgärd", "Action")),
        Column("owner", words("Ansvarig", "Responsible")),
    ),
    rows=(
        Row(
            "17",
            words("Nattanvändning, el", "Use at night, electricity"),
            (
                date(2026, 10, 3),
                ReportedFigure(4_115.0, "kr", OCTOBER, None, "deviations 1.0"),
                words(
                    "Kontrollera att ventilationen i gymnastiksalen går ner på natten; tidkanalen kan ha ställts om vid "
                    "sommartid #1 *inte* $fel$ <b>.",
                    "See that the gymnasium's ventilation goes down at night; the time channel may have been moved with "
                    "summer time #1 *not* $wrong$ <b>.",
                ),
                words("Tunabyggen", "Tunabyggen"),
            ),
        ),
    ),
)  # fmt: skip
CHART = Chart(
    key="months",
    kind=ChartKind.COLUMNS,
    title=words("Energianvändning månad för månad", "Energy use month by month"),
    alt=words("Användningen var störst i januari och har sedan dess gått ned.", "Use was highest in January, lower since."),
    unit="kWh",
    corner=words("Månad", "Month"),
    labels=tuple(words(sv, en) for sv, en, _ in MONTHS),
    series=(
        ChartSeries("use", words("Denna period", "This period"), tuple(_month(n, item[2]) for n, item in enumerate(MONTHS))),
        ChartSeries(
            "before", words("Året före", "The year before"),
            tuple(replace(_month(n, 70_000.0 + 1_000 * n), name="", coverage=1.0) for n in range(12)), ChartRole.COMPARISON,
        ),
    ),
)  # fmt: skip


def _year(year: int, value: float) -> ReportedFigure:
    return ReportedFigure(
        value, "kWh", named_period(f"{year}", ZONE), 1.0, METHOD, name=f"energy_total/portfolio:portfolio/{year}"
    )


COURSE = Chart(
    key="course",
    kind=ChartKind.LINES,
    title=words("Mot målet", "Towards the goal"),
    alt=words("Användningen ligger under vägen till målet.", "Use lies below the path to the goal."),
    unit="kWh",
    corner=words("År", "Year"),
    labels=tuple(words(f"{year}", f"{year}") for year in range(2022, 2031)),
    series=(
        ChartSeries(
            "measured", words("Uppmätt", "Measured"),
            tuple(_year(2022 + n, 980_000.0 - 21_000 * n) if n < 4 else None for n in range(9)),
        ),
        ChartSeries(
            "path", words("Väg", "Path"), tuple(_year(2022 + n, 980_000.0 - 15_000 * n) for n in range(9)), ChartRole.PATH
        ),
        ChartSeries(
            "forecast", words("Prognos", "Forecast"),
            tuple(_year(2022 + n, 980_000.0 - 21_000 * n) if n >= 3 else None for n in range(9)), ChartRole.FORECAST,
        ),
        ChartSeries(
            "low", words("Prognosens undre gräns", "Lower edge of the forecast"),
            tuple(_year(2022 + n, 980_000.0 - 26_000 * n) if n >= 3 else None for n in range(9)), ChartRole.LOW,
        ),
        ChartSeries(
            "high", words("Prognosens övre gräns", "Upper edge of the forecast"),
            tuple(_year(2022 + n, 980_000.0 - 16_000 * n) if n >= 3 else None for n in range(9)), ChartRole.HIGH,
        ),
    ),
)  # fmt: skip

REPORT = Report(
    kind=ReportKind.MONTHLY,
    subject=SCHOOL,
    subject_name=words("Björkskolan", "Björkskolan"),
    period=OCTOBER,
    title=words("Björkskolan, oktober 2026", "Björkskolan, October 2026"),
    known=KNOWN,
    zone=ZONE,
    program="0.6.0",
    notices=(words("Beståndet är ett exempel: siffrorna är påhittade.", "An example estate: the figures are invented."),),
    sentences=(
        Sentence(
            "use",
            ("Björkskolan använde ungefär ", Said(USE), " i oktober 2026, ", Said(LESS, How.SIZE), " mindre än i oktober 2025."),
            ("Björkskolan used about ", Said(USE), " in October 2026, ", Said(LESS, How.SIZE), " less than in October 2025."),
        ),
        Sentence("cost", ("Det kostade ", Said(COST), " utan moms."), ("It cost ", Said(COST), " without VAT.")),
        Sentence(
            "emissions",
            ("Utsläppen kan inte bedömas: en utsläppsfaktor saknas.",),
            ("The emissions cannot be judged: an emission factor is missing.",),
        ),
    ),
    sections=(
        Section("summary", words("Månaden i siffror", "The month in figures"), tables=(KEY_FIGURES,)),
        Section("course", words("Utveckling", "Development"), charts=(CHART, COURSE)),
        Section("deviations", words("Avvikelser att åtgärda", "Deviations to act on"), tables=(DEVIATIONS,)),
        Section(
            "restated",
            words("Ändrade siffror", "Restated figures"),
            empty=words("Inget har ändrats sedan förra rapporten.", "Nothing has changed since the last report."),
        ),
    ),
)  # fmt: skip

PREVIEW = Publication(REPORT)
PUBLISHED = Publication(REPORT, "ER-2026-0017", 1, datetime(2026, 11, 4, 6, 30, tzinfo=UTC))
REISSUED = Publication(
    REPORT,
    "ER-2026-0017",
    2,
    datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
    (
        Change(
            "key_figures/use/now",
            words("Nyckeltal: Energianvändning, oktober 2026", "Key figures: Energy use, October 2026"),
            replace(USE, value=61_000.0, coverage=0.81),
            USE,
            words("Avläsningar kom in i efterhand.", "Readings came in afterwards."),
        ),
    ),
)
