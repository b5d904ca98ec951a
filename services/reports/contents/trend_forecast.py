"""Where the year will end; of a year that is over, where it was thought to end and how that turned out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import hypot

import polars as pl

from config.domain.estate import Carrier
from config.domain.figure_names import named_period
from config.domain.indicators import Missing, SubjectKind
from config.domain.periods import MONTHS_EN, MONTHS_SV, Period, PeriodKind, local_date, month, year
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from services.analysis.year_end import METHOD, BuildingMonths, Rest, rest_of_year
from services.reports.contents.material import percent_change
from services.reports.contents.naming import period_words
from services.reports.contents.trend_scope import KILO, STOCK, YEARS, TrendScope, scaled
from services.reports.contents.trend_words import is_alike, names, reason
from services.reports.known import known_at
from services.reports.report import Column, How, Parts, ReportedFigure, Row, Said, Section, Sentence, Table, Words

INTERIM = 8  # the month that a municipality's interim accounts end with; from it a year that is over is looked back on
DECEMBER = 12
LEAST_HALF = 0.001  # MWh: less is nothing
_UNIT = "MWh"


@dataclass(frozen=True, slots=True)
class YearEnd:
    """Energy use of the subject. [MWh; the change in %]

    Attributes:
        so_far: metered from January on; `until` its last month.
        rest: expected of the months that remain, in normal weather; why it is missing, where it is.
        total, low, high: of the year, and the edges of its 90 % interval.
        before: of the year before, and the change against it.
        outcome: of a year that is over.
        made: what the expectation was made of; None where there is none.
    """

    so_far: ReportedFigure
    until: date
    rest: ReportedFigure
    total: ReportedFigure
    low: ReportedFigure
    high: ReportedFigure
    before: ReportedFigure
    change: ReportedFigure
    outcome: ReportedFigure | None
    made: Rest | None


def year_end(scope: TrendScope) -> YearEnd:
    """Of a year that is over: as it would have been told at its interim accounts, with what is known today."""
    last = scope.last_day
    until = last.replace(month=INTERIM, day=1) if scope.is_year else last.replace(day=1)
    whole = year(last.year, scope.zone)
    period = scope.period if not scope.is_year else named_period(f"{until:%Y-%m}-ytd", scope.zone)
    so_far = scaled(scope.figure("energy_total", period), _UNIT)
    months = buildings_months(scope, period.end)
    found = rest_of_year(months, until.year * DECEMBER + until.month)
    expected: float | Missing = found if isinstance(found, Missing) else found.kwh / KILO
    half = 0.0 if isinstance(found, Missing) else found.half_width / KILO
    made_of = so_far.made_of
    coming = Period(PeriodKind.YEAR_TO_DATE, period.end, whole.end, scope.zone)
    rest = ReportedFigure(expected, _UNIT, coming, None, METHOD, margin=half, made_of=made_of)
    value: float | Missing
    if isinstance(so_far.value, Missing):
        value = so_far.value
    elif isinstance(expected, Missing):
        value = expected
    else:
        value = so_far.value + expected
    margin = hypot(so_far.margin, half)

    def of_year(known: float | Missing, margin: float = 0.0) -> ReportedFigure:
        return ReportedFigure(known, _UNIT, whole, None, METHOD, so_far.factors, margin, made_of=made_of)

    def edge(side: float) -> ReportedFigure:
        return of_year(value if isinstance(value, Missing) else max(0.0, value + side * margin))

    total = of_year(value, margin)
    before = scaled(scope.figure("energy_total", year(last.year - 1, scope.zone)), _UNIT)
    outcome = scaled(scope.figure("energy_total", whole), _UNIT) if scope.is_year else None
    change = percent_change(total, before)
    made = None if isinstance(found, Missing) else found
    return YearEnd(so_far, until, rest, total, edge(-1), edge(1), before, change, outcome, made)


def year_end_sentence(end: YearEnd) -> Sentence:
    """What the year will end at, with its interval; of a year that is over, what was thought and what came."""
    total, on = end.total, end.until.year
    if total.known is None:
        why = reason(total)
        if end.outcome is not None:
            return Sentence(
                "year_end.untried",
                (f"Hur en prognos efter {MONTHS_SV[INTERIM - 1]} {on} hade träffat kan inte bedömas: {why.sv}",),
                (f"How a forecast after {MONTHS_EN[INTERIM - 1]} {on} would have done cannot be judged: {why.en}",),
            )
        return Sentence(
            "year_end.missing",
            (f"Vad {on} slutar på kan inte bedömas: {why.sv}",),
            (f"What {on} will end at cannot be judged: {why.en}",),
        )
    sv: Parts = ("mellan ", Said(end.low), " och ", Said(end.high))
    en: Parts = ("between ", Said(end.low), " and ", Said(end.high))
    if end.outcome is not None:
        return _hindsight(end, sv, en)
    change = end.change
    if change.known is None:
        return Sentence(
            "year_end.expected",
            (f"Med normalt väder resten av året väntas {on} sluta på ungefär ", Said(total), " (", *sv, ")."),
            (f"With normal weather for the rest of the year {on} is expected to end at about ", Said(total), " (", *en, ")."),
        )
    before = f"{on - 1}"
    if is_alike(change):
        than_sv: Parts = (f", ungefär som {before}: skillnaden ryms i prognosens osäkerhet.",)
        than_en: Parts = (f", about as {before}: the difference lies within the forecast's uncertainty.",)
    else:
        less = (change.known or 0.0) < 0
        size = Said(change, How.SIZE)
        than_sv = (", ", size, f" {'mindre' if less else 'mer'} än {before}.")
        than_en = (", ", size, f" {'less' if less else 'more'} than {before}.")
    return Sentence(
        "year_end.alike" if is_alike(change) else "year_end.changed",
        (f"Med normalt väder resten av året väntas {on} sluta på ungefär ", Said(total), " (", *sv, ")", *than_sv),
        (
            f"With normal weather for the rest of the year {on} is expected to end at about ",
            Said(total),
            " (",
            *en,
            ")",
            *than_en,
        ),
    )


def forecast_section(scope: TrendScope, end: YearEnd) -> Section:
    """The figures of the sentence, and how far the method usually misses."""
    title = (
        Words("Så hade prognosen träffat", "How the forecast would have done")
        if end.outcome is not None
        else Words("Prognos till årets slut", "Forecast to the end of the year")
    )
    return Section("forecast", title, _told(scope, end), tables=tuple(each for each in (_table(end), _tried(end)) if each.rows))


def buildings_months(scope: TrendScope, end: datetime) -> list[BuildingMonths]:
    """The months before `end` of the subject's buildings that are metered then. Read at once, not month by month."""
    material, zone = scope.material, scope.zone
    first = month(local_date(end, zone).replace(year=local_date(end, zone).year - YEARS, day=1), zone).start
    ids = [each.id for each in material.buildings(scope.subject) if _is_metered(scope, each.id, end)]
    if material.shelf.as_known is None:
        where = {
            "indicator": tuple(sorted(STOCK)), "carrier": ("",), "period": (PeriodKind.MONTH.value,),
            "subject_kind": (SubjectKind.BUILDING.value,), "subject": tuple(ids),
        }  # fmt: skip
        points = material.store.read(SeriesQuery(INDICATOR_VALUES, first, end, where))
    else:
        points = known_at(material.store, material.shelf.history, material.shelf.as_known, first, end, ids)
    rows = points.filter(
        pl.col("indicator").is_in(sorted(STOCK))
        & (pl.col("carrier") == "")
        & (pl.col("period") == PeriodKind.MONTH.value)
        & (pl.col("subject_kind") == SubjectKind.BUILDING.value)
    )
    known: dict[str, dict[str, dict[int, float | None]]] = {each: {name: {} for name in STOCK} for each in ids}
    for row in rows.iter_rows(named=True):
        on = local_date(row["time"], zone)
        known[row["subject"]][row["indicator"]][on.year * DECEMBER + on.month] = row["value"]
    return [_months(name, of) for name, of in known.items()]


def _months(building: str, known: dict[str, dict[int, float | None]]) -> BuildingMonths:
    heated, corrected = known["heated_building_energy"], known["corrected_energy"]
    used = {on: value for on, value in known["energy_total"].items() if value is not None}
    normal = {}
    for on, value in used.items():
        if on not in heated:  # a plant: nothing of it follows the weather
            normal[on] = value
        elif (metered := heated[on]) is not None and (moved := corrected.get(on)) is not None:
            normal[on] = value - metered + moved
    return BuildingMonths(building, used, normal)


def _is_metered(scope: TrendScope, building: str, end: datetime) -> bool:
    """Whether a main meter is there when the period ends: of what was sold nothing more is expected."""
    portfolio = scope.material.portfolio
    return any(
        item.start < end and (item.end is None or item.end > end - timedelta(days=1))
        for point in scope.points[building]
        if point.parent is None and point.carrier is not Carrier.WATER
        for item in portfolio.installations_of[point.id]
    )


def _hindsight(end: YearEnd, sv: Parts, en: Parts) -> Sentence:
    on, outcome = end.until.year, end.outcome
    month_sv, month_en = MONTHS_SV[INTERIM - 1], MONTHS_EN[INTERIM - 1]
    lead_sv: Parts = (f"Efter {month_sv} {on} hade prognosen varit ungefär ", Said(end.total), " (", *sv, ")")
    lead_en: Parts = (f"After {month_en} {on} the forecast would have been about ", Said(end.total), " (", *en, ")")
    if outcome is None or outcome.known is None:
        return Sentence(
            "year_end.no_outcome", (*lead_sv, "; årets utfall saknas."), (*lead_en, "; the outcome of the year is missing.")
        )
    inside = (end.low.known or 0.0) <= outcome.known <= (end.high.known or 0.0)
    fits_sv, fits_en = ("innanför", "inside") if inside else ("utanför", "outside")
    return Sentence(
        "year_end.held" if inside else "year_end.missed",
        (*lead_sv, "; utfallet blev ", Said(outcome), f", {fits_sv} intervallet."),
        (*lead_en, "; the outcome was ", Said(outcome), f", {fits_en} the interval."),
    )


def _told(scope: TrendScope, end: YearEnd) -> tuple[Sentence, ...]:
    """The forecast itself, and which buildings it knows less of."""
    sentences = [year_end_sentence(end)]
    made, called = end.made, {each.id: each.name for each in scope.material.buildings(scope.subject)}
    if made is not None and made.by_others:
        listed = names(called[each] for each in made.by_others)
        sentences.append(
            Sentence(
                "year_end.by_others",
                (f"{listed.sv} saknar månader i fjol i normalt väder, och är uppskattade efter de andra byggnadernas år.",),
                (f"{listed.en}: months of last year in normal weather are missing, estimated by the other buildings' year.",),
            )
        )
    if made is not None and made.unknown:
        listed = names(called[each] for each in made.unknown)
        sentences.append(
            Sentence(
                "year_end.unknown",
                (f"Återstoden av året räknas utan {listed.sv}: ingen månad i normalt väder är känd.",),
                (f"The rest of the year is without {listed.en}: no month in normal weather is known.",),
            )
        )
    return tuple(sentences)


def _table(end: YearEnd) -> Table:
    so_far, coming, on = period_words(end.so_far.period), period_words(end.rest.period), end.until.year
    before = (
        ("before", Words(f"Uppmätt hela {on - 1}", f"Metered in all {on - 1}"), end.before),
        ("change", Words(f"Väntad förändring mot {on - 1}", f"Expected change against {on - 1}"), end.change),
    )
    outcome = (("outcome", Words(f"Utfall {on}", f"Outcome of {on}"), end.outcome),) if end.outcome is not None else ()
    rows = (
        ("so_far", Words(f"Uppmätt {so_far.sv}", f"Metered {so_far.en}"), end.so_far),
        ("rest", Words(f"Väntat {coming.sv} i normalt väder", f"Expected {coming.en} in normal weather"), end.rest),
        ("total", Words(f"Väntat hela {on}", f"Expected of all {on}"), end.total),
        ("low", Words("Undre gräns (90 %)", "Lower edge (90 %)"), end.low),
        ("high", Words("Övre gräns (90 %)", "Upper edge (90 %)"), end.high),
        *(outcome or before),
    )
    return Table(
        "year_end",
        Words("Årets energi", "Energy of the year"),
        Words("Del", "Part"),
        (Column("value", Words("Energi", "Energy")), Column("half", Words("±", "±"))),
        tuple(Row(key, label, (figure, _half(figure)), figure.unit, strong=key == "total") for key, label, figure in rows),
        Words(
            "De månader som återstår väntas bli som samma månader de senaste tolv, i normalt väder. Ett kallt eller milt slut på "
            "året ryms i intervallet.",
            "The months that remain are expected to be as the same months of the last twelve, in normal weather. A cold or mild "
            "end of the year lies within the interval.",
        ),
    )


def _half(figure: ReportedFigure) -> ReportedFigure | None:
    if figure.known is None or figure.margin < LEAST_HALF:
        return None
    return ReportedFigure(figure.margin, figure.unit, figure.period, None, figure.method, made_of=figure.made_of)


def _tried(end: YearEnd) -> Table:
    rows: tuple[Row, ...] = ()
    if end.made is not None:
        tried, usual = end.made.backtest, end.made.usual / KILO

        def of(value: float, unit: str) -> ReportedFigure:
            return ReportedFigure(value, unit, end.so_far.period, None, METHOD, made_of=end.so_far.made_of)

        rows = (
            Row("typical", Words("Vanligt fel", "Usual miss"), (of(usual * tried.typical, _UNIT),), _UNIT),
            Row("largest", Words("Största fel", "Largest miss"), (of(usual * tried.largest, _UNIT),), _UNIT),
            Row(
                "tried", Words("Gånger metoden är prövad", "Times that the method was tried"), (of(float(len(tried.misses)), ""),)
            ),
            Row("stretches", Words("varav som inte överlappar", "of which do not overlap"), (of(float(tried.stretches), ""),)),
        )
    return Table(
        "year_end_tried",
        Words("Hur fel metoden har slagit för lika många månader", "How far the method has missed for as many months"),
        Words("Mått", "Measure"),
        (Column("value", Words("Fel", "Miss")),),
        rows,
        Words(
            "Felen är räknade om till dagens användning. Av dem görs intervallet; högst vart tionde fel har legat utanför det.",
            "The misses are scaled to the present use. The interval is made of them; at most one miss in ten lay outside it.",
        ),
    )
