"""What changed the figure from one year to the next, as the service divides it: weather, area and portfolio, factors, real."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from config.domain.figure_names import FigureName, period_name
from config.domain.indicators import Missing
from config.domain.periods import Period, PeriodKind
from config.domain.series import CHANGE_PARTS, SeriesQuery
from services.analysis.change_parts import AREA, FACTORS, MOVED, REAL, UNEXPLAINED, WEATHER
from services.reports.contents.material import METHOD as REPORT
from services.reports.contents.material import year_before
from services.reports.contents.trend_scope import KILO, TrendScope, axis_words, span_words
from services.reports.contents.trend_words import ALIKE, about, joined
from services.reports.report import (
    NO_WORDS,
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    How,
    Parts,
    ReportedFigure,
    Row,
    Said,
    Section,
    Sentence,
    Table,
    Words,
)

METHOD = "change-parts-1"
TOTAL = "total"
ENERGY, EMISSIONS = "energy", "emissions"
FIGURE = {ENERGY: "energy_total", EMISSIONS: "emissions_location"}
UNIT = {ENERGY: "MWh", EMISSIONS: "ton CO2e"}
PARTS: Mapping[str, Words] = {
    WEATHER: Words("Väder", "Weather"),
    MOVED: Words("Byggnader", "Buildings"),
    AREA: Words("Area", "Area"),
    FACTORS: Words("Faktorer", "Factors"),
    REAL: Words("Verklig", "Real"),
    UNEXPLAINED: Words("Kan inte delas upp", "Cannot be divided"),
    TOTAL: Words("Hela förändringen", "The whole change"),
}
_SAID: Mapping[str, Words] = {
    WEATHER: Words("vädret", "the weather"),
    MOVED: Words("byggnader som kommit eller lämnat", "buildings that came or left"),
    AREA: Words("ändrad area", "changed area"),
    FACTORS: Words("ändrade utsläppsfaktorer", "changed emission factors"),
    REAL: Words("verklig förändring", "real change"),
    UNEXPLAINED: Words("det som inte kan delas upp", "what cannot be divided"),
}
NEGLIGIBLE = ALIKE / 100  # of the figure: a smaller part says nothing in a sentence


@dataclass(frozen=True, slots=True)
class ChangeParts:
    """One year's change of one measure. `figures` and `words`: part → its figure and the sentence that the service made of it."""

    span: Period
    measure: str
    figures: Mapping[str, ReportedFigure]
    words: Mapping[str, Words]


def changes(scope: TrendScope, measure: str) -> tuple[ChangeParts, ...]:
    """Of the years that are divided, the oldest first, and of the last twelve months."""
    where = {
        "measure": (measure,),
        "subject_kind": (scope.subject.kind.value,),
        "subject": (scope.subject.id,),
        "period": (PeriodKind.YEAR.value, PeriodKind.ROLLING_YEAR.value),
    }
    rows: dict[tuple[str, object], list[Mapping[str, Any]]] = {}
    for row in scope.material.store.read(SeriesQuery(CHANGE_PARTS, where=where)).iter_rows(named=True):
        rows.setdefault((row["period"], row["time"]), []).append(row)
    # of the first year there is no year before to compare with
    spans = scope.spans[1:] if len(scope.years) == len(scope.spans) or len(scope.spans) > 1 else scope.spans
    found = [_parts(scope, measure, span, rows.get((span.kind.value, span.start), [])) for span in spans]
    if measure == ENERGY and found and found[-1] is None:
        found[-1] = _of_weather(scope, spans[-1])
    return tuple(each for each in found if each is not None)


def change_section(scope: TrendScope) -> Section:
    """Energy by year in chart and table; the last year's parts in words; emissions of the last year."""
    energy, emissions = changes(scope, ENERGY), changes(scope, EMISSIONS)
    tables = [_table(ENERGY, energy), *(_words(each[-1]) for each in (energy, emissions) if each)]
    charts = tuple(_chart(each) for each in (energy,) if any(part.figures[TOTAL].known is not None for part in each))
    return Section(
        "change",
        Words("Vad som ändrade siffran", "What changed the figure"),
        (change_sentence(scope, energy),),
        charts,
        tuple(each for each in tables if each.rows),
    )


def change_sentence(scope: TrendScope, energy: tuple[ChangeParts, ...]) -> Sentence:
    """What changed the energy of the last twelve months, the largest part first."""
    span, now = span_words(scope.latest), next((each for each in energy if each.span == scope.latest), None)
    lead = Words(f"{span.sv} mot {_before(scope).sv}", f"{span.en} against {_before(scope).en}")
    if now is None:
        return Sentence(
            "change.not_divided",
            (f"{lead.sv}: förändringen är inte uppdelad för de månaderna.",),
            (f"{lead.en}: the change is not divided for those months.",),
        )
    total = now.figures[TOTAL]
    if total.known is None:
        return Sentence("change.missing", (now.words[TOTAL].sv,), (now.words[TOTAL].en,))
    use = scope.figure(FIGURE[ENERGY], scope.latest).known or 0.0
    least = NEGLIGIBLE * use / KILO
    sizes = {name: abs(now.figures[name].known or 0.0) for name in _SAID if name in now.figures}
    told = sorted((name for name, size in sizes.items() if size > least), key=lambda name: -sizes[name])
    if abs(total.known) <= least:
        sv: Parts = (f"{lead.sv}: ungefär lika mycket energi. ",)
        en: Parts = (f"{lead.en}: about as much energy. ",)
    else:
        size, near = Said(total, How.SIZE), about(total)
        sv = (f"{lead.sv}: {near.sv}", size, f" {_more(total).sv} energi. ")
        en = (f"{lead.en}: {near.en}", size, f" {_more(total).en} energy. ")
    if not told:
        return Sentence("change.alike", (*sv[:-1], str(sv[-1]).rstrip()), (*en[:-1], str(en[-1]).rstrip()))
    if told == [UNEXPLAINED]:
        return Sentence(
            "change.undivided",
            (*sv[:-1], f"{sv[-1]}Vad det beror på kan inte bedömas."),
            (*en[:-1], f"{en[-1]}What made it cannot be judged."),
        )
    parts = joined("change", [_clause(now.figures[name], _SAID[name], first=place == 0) for place, name in enumerate(told)])
    doubt_sv, doubt_en = _doubt(now)
    return Sentence("change.divided", (*sv, *parts.sv, *doubt_sv), (*en, *parts.en, *doubt_en))


def has_moved(scope: TrendScope, energy: tuple[ChangeParts, ...]) -> bool:
    """Whether buildings that came or left make up so much of the last change that the whole says little of the houses."""
    moved = next((each.figures.get(MOVED) for each in energy if each.span == scope.latest), None)
    use = scope.figure(FIGURE[ENERGY], scope.latest).known or 0.0
    return moved is not None and abs(moved.known or 0.0) > NEGLIGIBLE * use / KILO


def _clause(figure: ReportedFigure, what: Words, *, first: bool) -> tuple[Parts, Parts]:
    size = Said(figure, How.SIZE)
    sv, en = (what.sv[:1].upper() + what.sv[1:], what.en[:1].upper() + what.en[1:]) if first else (what.sv, what.en)
    verb = (" gav ungefär ", " made about ") if first else (" ungefär ", " about ")
    return (f"{sv}{verb[0]}", size, f" {_more(figure).sv}"), (f"{en}{verb[1]}", size, f" {_more(figure).en}")


def _doubt(now: ChangeParts) -> tuple[Parts, Parts]:
    real = now.figures.get(REAL)
    if real is None or real.known is None or not real.margin or abs(real.known) > real.margin:
        return (), ()
    return (
        (" Om något verkligen har ändrats kan inte bedömas: osäkerheten är större.",),
        (" Whether anything really changed cannot be judged: the uncertainty is larger.",),
    )


def _more(figure: ReportedFigure) -> Words:
    return Words("mindre", "less") if (figure.known or 0.0) < 0 else Words("mer", "more")


def _before(scope: TrendScope) -> Words:
    earlier = year_before(scope.latest)
    if scope.latest.kind is PeriodKind.YEAR:
        return span_words(earlier)
    return Words("de tolv före", "the twelve before")


def _parts(scope: TrendScope, measure: str, span: Period, rows: list[Mapping[str, Any]]) -> ChangeParts | None:
    if not rows:
        return None
    earlier = year_before(span)
    made_of = tuple(str(FigureName(FIGURE[measure], "", scope.subject, each)) for each in (span, earlier))
    words = {row["part"]: Words(row["sentence"], row["sentence_en"]) for row in rows}
    figures = {}
    for row in rows:
        told = words[row["part"]]
        value: float | Missing = Missing(told.sv, told.en) if row["value"] is None else row["value"] / KILO
        figures[row["part"]] = ReportedFigure(value, UNIT[measure], span, row["coverage"], METHOD, made_of=made_of)
    if measure == ENERGY and REAL in figures:
        sides = [scope.figure("corrected_energy", each).margin / KILO for each in (span, earlier)]
        real = figures[REAL]
        figures[REAL] = ReportedFigure(real.value, real.unit, span, real.coverage, METHOD, margin=hypot(*sides), made_of=made_of)
    none = Missing("Förändringen kunde inte delas upp.", "The change could not be divided.")
    for name in PARTS:
        if figures[TOTAL].known is not None and (name != FACTORS or measure == EMISSIONS):
            figures.setdefault(name, ReportedFigure(none, UNIT[measure], span, figures[TOTAL].coverage, METHOD, made_of=made_of))
    return ChangeParts(span, measure, figures, words)


def _of_weather(scope: TrendScope, span: Period) -> ChangeParts | None:
    """Of twelve months that the service has not divided (it divides the last ones): what the weather made, and the rest.

    By the published sums of the subject; None where one of them is missing.
    """
    sides = []
    for period in (span, year_before(span)):
        figures = [scope.figure(name, period) for name in (FIGURE[ENERGY], "heated_building_energy", "corrected_energy")]
        if any(each.known is None for each in figures):
            return None
        sides.append(figures)
    (use, heated, corrected), (use_before, heated_before, corrected_before) = (
        [each.known or 0.0 for each in side] for side in sides
    )
    total, weather = use - use_before, (heated - corrected) - (heated_before - corrected_before)
    every = [each for side in sides for each in side]
    coverage = min(each.coverage or 0.0 for each in every)

    def of(value: float) -> ReportedFigure:
        return ReportedFigure(value / KILO, UNIT[ENERGY], span, coverage, REPORT, made_of=tuple(each.name for each in every))

    undivided = Words(
        "Byggnader som kommit eller lämnat och verklig förändring är inte skilda åt för de här månaderna.",
        "Buildings that came or left and real change are not told apart for these months.",
    )
    return ChangeParts(
        span,
        ENERGY,
        {WEATHER: of(weather), UNEXPLAINED: of(total - weather), TOTAL: of(total)},
        {UNEXPLAINED: undivided},
    )


def _told_parts(found: tuple[ChangeParts, ...]) -> frozenset[str]:
    """Those that the changes have; an area that nobody knows of any year is told in words only."""
    had = {name for each in found for name in each.figures}
    known = {name for each in found for name, figure in each.figures.items() if figure.known is not None}
    return frozenset(had - ({AREA} - known))


def _table(measure: str, found: tuple[ChangeParts, ...]) -> Table:
    columns = [name for name in PARTS if name in _told_parts(found)]
    return Table(
        f"change_{measure}",
        Words("Förändringen mot året före, i delar", "The change against the year before, in parts"),
        Words("År", "Year"),
        tuple(Column(name, PARTS[name], UNIT[measure]) for name in columns),
        tuple(
            Row(period_name(each.span), span_words(each.span), tuple(each.figures.get(name) for name in columns))
            for each in found
        ),
        Words(
            "Minus är mindre energi. Väder: det som ett annat väder krävde. Byggnader: de som kommit, lämnat eller mäts på annat "
            "sätt. Verklig: resten, i byggnader som går att jämföra.",
            "Minus is less energy. Weather: what other weather needed. Buildings: those that came, left or are metered "
            "otherwise. Real: the rest, in buildings that can be compared.",
        ),
    )


def _words(found: ChangeParts) -> Table:
    span = span_words(found.span)
    what = Words("Energin", "Energy") if found.measure == ENERGY else Words("Utsläppen, platsbaserade", "Emissions, by location")
    return Table(
        f"change_words_{found.measure}",
        Words(f"{what.sv}, {span.sv}: delarna i ord", f"{what.en}, {span.en}: the parts in words"),
        Words("Del", "Part"),
        (Column("value", Words("Förändring", "Change"), UNIT[found.measure]), Column("words", Words("I ord", "In words"))),
        tuple(
            Row(name, PARTS[name], (found.figures[name], found.words.get(name, NO_WORDS)), strong=name == TOTAL)
            for name in PARTS
            if name in found.words and name in found.figures
        ),
    )


def _chart(found: tuple[ChangeParts, ...]) -> Chart:
    told = [each for each in found if each.figures[TOTAL].known is not None]
    names = [name for name in PARTS if name in _told_parts(found) and name != TOTAL]
    last = told[-1].figures[TOTAL]
    return Chart(
        "change_by_year",
        ChartKind.STACKED,
        Words("Vad som ändrade energin", "What changed the energy"),
        Words(
            f"Sist är förändringen {'en minskning' if (last.known or 0) < 0 else 'en ökning'}.",
            f"The last change is {'a decrease' if (last.known or 0) < 0 else 'an increase'}.",
        ),
        UNIT[ENERGY],
        Words("År", "Year"),
        tuple(axis_words(each.span) for each in told),
        tuple(ChartSeries(name, PARTS[name], tuple(each.figures.get(name) for each in told)) for name in names),
    )
