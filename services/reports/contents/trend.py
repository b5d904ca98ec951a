"""The trend report for the board: do we reach the goals and if not why, what it cost, where the year will end, what to decide.

Two variants of one report: of a year to date (delårsbokslut), beside the same months of the year before and with a forecast, and
of a year (årsbokslut), with the goals judged at its end. There is no budget in the service, and nothing is said of one.
"""

from collections.abc import Sequence
from dataclasses import replace

from config.domain.assessments import Verdict
from config.domain.deviations import Thread
from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import Period
from services.analysis import constant_stock, year_end
from services.reports.contents.comparison import Compared, comparison_row
from services.reports.contents.deviation_table import deviation_name, deviation_place
from services.reports.contents.lacks import lacks_of
from services.reports.contents.material import Material
from services.reports.contents.method_box import method_section
from services.reports.contents.naming import buildings_of, period_words, small
from services.reports.contents.readiness import notices
from services.reports.contents.trend_change import ENERGY, change_section, change_sentence, changes, has_moved
from services.reports.contents.trend_change import METHOD as CHANGE_METHOD
from services.reports.contents.trend_climate import emissions_section, renewable_section
from services.reports.contents.trend_deviations import deviations_section, open_now, superlative, undone
from services.reports.contents.trend_forecast import YearEnd, forecast_section, year_end_sentence
from services.reports.contents.trend_forecast import year_end as year_end_of
from services.reports.contents.trend_goal_figures import JudgedGoal, judged_goals
from services.reports.contents.trend_goals import goals_section, verdict_sentence, worst, worst_sentence
from services.reports.contents.trend_money import cost_sentence, money_section
from services.reports.contents.trend_scope import TrendScope, against_columns, scaled
from services.reports.contents.trend_solar import solar_section
from services.reports.contents.trend_words import ComparedWords, about, compared
from services.reports.contents.trend_years import same_sentence, years_section
from services.reports.report import Column, Parts, Report, ReportKind, Row, Said, Section, Sentence, Table, Words

_KEY = (
    ("energy_total", Words("Energianvändning", "Energy use"), "MWh"),
    ("corrected_energy", Words("I normalt väder", "In normal weather"), "MWh"),
    ("corrected_specific_energy", Words("I normalt väder per area", "In normal weather per area"), ""),
    ("cost", Words("Kostnad utan moms", "Cost without VAT"), "tkr"),
    ("emissions_location", Words("Utsläpp, platsbaserade", "Emissions, by location"), "ton CO2e"),
    ("emissions_market", Words("Utsläpp, marknadsbaserade", "Emissions, by market"), "ton CO2/CO2e"),
)


def trend(material: Material, subject: Subject, period: Period) -> Report:
    """The report of the portfolio or an owner, of a year or a year to date that is over."""
    scope = TrendScope.of(material, subject, period)
    goals, end, threads = judged_goals(scope), year_end_of(scope), open_now(scope)
    sections = [
        _period_section(scope),
        goals_section(scope, goals),
        years_section(scope),
        forecast_section(scope, end),
        change_section(scope),
        money_section(scope),
        renewable_section(scope),
        emissions_section(scope),
        *(each for each in (solar_section(scope),) if each is not None),
        deviations_section(scope, threads),
    ]
    given = (_given(scope),)
    lacking = lacks_of(material, subject, period, given).table
    sections.append(
        Section(
            "lacks",
            Words("Vad som saknas, och vem som kan ge det", "What is missing, and who can supply it"),
            tables=(lacking,) if lacking.rows else (),
            empty=Words("Ingen siffra saknas.", "No figure is missing."),
        )
    )
    sections.append(_method_section(scope, given))
    name, when = material.name(subject), period_words(period)
    return Report(
        kind=ReportKind.TREND,
        subject=subject,
        subject_name=name,
        period=period,
        title=Words(f"Energi och klimat {when.sv}: {name.sv}", f"Energy and climate {when.en}: {name.en}"),
        known=material.known,
        zone=scope.zone,
        program=material.program,
        sentences=first_page(scope, goals, end, threads),
        sections=tuple(sections),
        notices=notices(material, subject, period),
        variant=scope.variant,
    )


def first_page(scope: TrendScope, goals: Sequence[JudgedGoal], end: YearEnd, threads: Sequence[Thread]) -> tuple[Sentence, ...]:
    """Goals, why, cost, where the year ends, and what to decide."""
    lagging = worst_sentence(goals)
    energy = changes(scope, ENERGY)
    is_owner = scope.subject.kind is SubjectKind.OWNER
    whose = scope.material.name(scope.subject) if is_owner else buildings_of(scope.material, scope.subject)
    return (
        verdict_sentence(goals, whose),
        *((lagging,) if lagging is not None else ()),
        change_sentence(scope, energy),
        *((same_sentence(scope),) if has_moved(scope, energy) else ()),
        cost_sentence(scope),
        *(() if scope.is_year and end.total.known is None else (year_end_sentence(end),)),
        decide_sentence(goals, threads, scope),
    )


def use_sentence(scope: TrendScope) -> Sentence:
    """The period's use beside that of the same months of the year before."""
    found = _compared(scope, "energy_total", "MWh")
    when = period_words(scope.period)
    words = ComparedWords(
        Words(f"Energianvändningen {when.sv}", f"The energy use {when.en}"),
        Words("Energianvändningen var", "The energy use was"),
        Words(f" {when.sv}", f" in {when.en}"),
        less=Words("lägre än", "lower than"),
        more=Words("högre än", "higher than"),
        alike=Words("ungefär densamma som", "about the same as"),
    )
    against = (
        Words("året före", "the year before") if scope.is_year else Words("samma månader året före", "the same months before")
    )
    return compared("use", words, found.now, found.change, against)


def decide_sentence(goals: Sequence[JudgedGoal], threads: Sequence[Thread], scope: TrendScope) -> Sentence:
    """What is for the board: the goal that fares worst, the dearest deviation, and a goal that nobody can judge."""
    clauses: list[tuple[Parts, Parts]] = []
    bad = worst(goals)
    if bad is not None and (latest := bad.latest) is not None:
        goal, near, target = bad.goal, about(latest), bad.target
        until = goal.target_year or bad.judged.year
        clauses.append(
            (
                (f"hur ”{goal.text_sv}” ska nås (nu {near.sv}", Said(latest), ", målet ", Said(target), f" {until})"),
                (
                    f"how “{goal.text_en}” is to be reached (now {near.en}",
                    Said(latest),
                    ", target ",
                    Said(target),
                    f" in {until})",
                ),
            )
        )
    dear = undone(threads)
    if dear is not None:
        name, place = deviation_name(dear), deviation_place(dear, scope.material.portfolio)
        first = superlative(dear)
        clauses.append(
            (
                (f"att den {first.sv} avvikelsen som ingen har tagit itu med åtgärdas ({place.sv}: {small(name.sv)})",),
                (f"that the {first.en} deviation nobody has acted on is dealt with ({place.en}: {small(name.en)})",),
            )
        )
    unknown = [each for each in goals if each.judged.verdict is Verdict.CANNOT_JUDGE and not each.goal.own_yardstick]
    if unknown:
        clauses.append(
            (
                ("vem som för in det som saknas för de beslutade mål som inte kan bedömas",),
                ("who enters what is missing of the decided goals that cannot be judged",),
            )
        )
    if not clauses:
        return Sentence("decide.nothing", ("Inget i siffrorna kräver ett beslut nu.",), ("No figure asks for a decision now.",))
    sv, en = _semicolons([clause[0] for clause in clauses]), _semicolons([clause[1] for clause in clauses])
    return Sentence("decide", ("Att besluta: ", *sv, "."), ("To decide: ", *en, "."))


def _semicolons(clauses: Sequence[Parts]) -> Parts:
    parts: list[str | Said] = []
    for place, clause in enumerate(clauses):
        parts.extend((*(("; ",) if place else ()), *clause))
    return tuple(parts)


def _compared(scope: TrendScope, indicator: str, unit: str) -> Compared:
    now, before = (scope.figure(indicator, each) for each in (scope.period, scope.before))
    return Compared.of(*(scaled(each, unit) if unit else each for each in (now, before)))


def _period_section(scope: TrendScope) -> Section:
    rows = [(name, label, _compared(scope, name, unit)) for name, label, unit in _KEY]
    rows = [each for each in rows if each[2].published]
    title = Words("Året i siffror", "The year in figures") if scope.is_year else Words("Året hittills", "The year so far")
    return Section(
        "period",
        title,
        (use_sentence(scope),),
        tables=(
            Table(
                "period",
                Words("Perioden mot samma period året före", "The period against the same of the year before"),
                Words("Siffra", "Figure"),
                against_columns(scope.period),
                tuple(comparison_row(name, label, of) for name, label, of in rows),
            ),
        ),
    )


def _given(scope: TrendScope) -> Table:
    """Every published figure of the subject that the report was made of."""
    rows = tuple(Row(name, Words(name, name), (figure,), figure.unit) for name, figure in scope.given.items())
    return Table("given", Words("", ""), Words("", ""), (Column("value", Words("", "")),), rows)


def _method_section(scope: TrendScope, given: Sequence[Table]) -> Section:
    """With the factors of the last twelve months: each year has its own, which its figures carry."""
    section = method_section(scope.material, scope.latest, given)
    label = Words("De senaste tolv månadernas faktorer, version", "Factors of the last twelve months, version")
    tables = [
        replace(
            each, columns=tuple(replace(column, label=label) if column.key == "factors" else column for column in each.columns)
        )
        for each in section.tables
    ]
    return replace(section, tables=(*tables, _own_methods(scope)))


def _own_methods(scope: TrendScope) -> Table:
    limits = scope.material.goals.limits
    sure, miss = f"{100 * limits.on_track:.0f}", f"{100 * limits.will_miss:.0f}"
    rows = (
        (
            "goals",
            Words("Bedömning av mål", "Verdicts of goals"),
            "goal-1",
            Words(
                f"Serien fortsätter att ändra sig som den brukar. På väg från {sure} % sannolikhet, når inte under {miss} %. "
                f"Minst {limits.min_values} värden över {limits.min_span_months} månader, mätta till minst "
                f"{100 * limits.min_coverage:.0f} %.",
                f"The series goes on changing as it usually does. On track from {sure} %, will miss below {miss} %. At "
                f"least {limits.min_values} values over {limits.min_span_months} months, measured to "
                f"{100 * limits.min_coverage:.0f} %.",
            ),
        ),
        (
            "stock",
            Words("Samma byggnader", "The same buildings"),
            constant_stock.METHOD,
            Words(
                "Byggnader med hel siffra i alla perioder, där samma sak mäts. Per area är summan delad med summan.",
                "Buildings with a whole figure in all periods, where the same is measured. By area it is the sum by the sum.",
            ),
        ),
        (
            "year_end",
            Words("Prognos till årets slut", "Forecast to the end of the year"),
            year_end.METHOD,
            Words(
                "Uppmätt hittills, och samma månader de senaste tolv i normalt väder. Intervallet (90 %) är så brett som metoden "
                "har missat förut.",
                "Metered so far, and the same months of the last twelve in normal weather. The interval (90 %) is as wide as the "
                "method has missed before.",
            ),
        ),
        (
            "change",
            Words("Vad som ändrade siffran", "What changed the figure"),
            CHANGE_METHOD,
            Words(
                "Byggnad för byggnad: väder efter graddagar, flyttade byggnader, ändrade faktorer, resten verkligt. Som senast "
                "beräknat.",
                "Building by building: weather by degree days, buildings that moved, changed factors, the rest real. As last "
                "calculated.",
            ),
        ),
    )
    return Table(
        "own_methods",
        Words("Rapportens egna beräkningar", "The report's own calculations"),
        Words("Beräkning", "Calculation"),
        (Column("version", Words("Version", "Version")), Column("how", Words("Så görs den", "How it is made"))),
        tuple(Row(key, label, (Words(version, version), how)) for key, label, version, how in rows),
    )
