"""The goals as they stand at the end of the period: judged from what was known when the report was made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from config.domain.assessments import VERDICTS, Assessment, GoalValue, Verdict
from config.domain.factors import Mark
from config.domain.figure_names import named_period
from config.domain.goals import Goal, MeasuredBy, Path
from config.domain.indicators import Missing, SubjectKind
from config.domain.periods import Period, local_date, year
from services.goals.course import Course, course
from services.goals.path import on_path, with_measured_base
from services.goals.verdict import assess
from services.goals.words import lacking, of_its_own
from services.reports.contents.material import METHOD
from services.reports.contents.trend_scope import TrendScope, scaled
from services.reports.contents.trend_words import about, counted, tail
from services.reports.goal_words import LEVELS, MARKS
from services.reports.report import (
    Chart,
    ChartKind,
    ChartRole,
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

REPORTED = "reported"  # the method of a value that somebody else has given
CERTAIN = 0.99  # no model knows more: beyond it, and below the rest, is said as "över" and "under"
ORDER = (Verdict.WILL_MISS, Verdict.AT_RISK, Verdict.ON_TRACK, Verdict.CANNOT_JUDGE)


@dataclass(frozen=True, slots=True)
class JudgedGoal:
    """A goal with its figures.

    Attributes:
        latest: the last value that could be used, of twelve months; None where there is none but the base.
        path: where the path lay then; gap: how far on the worse side (below nought: on the better). None without a path.
        probability: [%], held within what a model can know.
        target, remains: in the goal's unit.
    """

    goal: Goal
    judged: Assessment
    course: Course
    latest: ReportedFigure | None
    path: ReportedFigure | None
    gap: ReportedFigure | None
    probability: ReportedFigure
    target: ReportedFigure
    remains: ReportedFigure

    @property
    def is_metered(self) -> bool:
        return self.goal.measured_by is not None


def judged_goals(scope: TrendScope) -> tuple[JudgedGoal, ...]:
    """The goals that concern the subject, those that fare worst first: all of the portfolio's, an owner's own."""
    found = [_judged(scope, goal) for goal in scope.material.goals.goals if _concerns(scope, goal)]
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.judged.verdict), each.probability.known or 0.0)))


def goals_section(scope: TrendScope, goals: Sequence[JudgedGoal]) -> Section:
    """What we meter, what others report, and what nobody has given a value of."""
    metered = [each for each in goals if each.is_metered]
    reported = [each for each in goals if not each.is_metered and each.latest is not None]
    others = [each for each in goals if not each.is_metered and each.latest is None]
    tables = (_place_table(metered), _verdict_table(metered), _reported_table(reported), _empty_table(others))
    return Section(
        "goals",
        Words("Målen", "The goals"),
        tuple(goal_sentence(each) for each in metered),
        tuple(_chart(scope, each) for each in (*metered, *reported) if each.course.path and len(each.course.measured) > 1),
        tuple(table for table in tables if table.rows),
        Words("Inget mål är infört som gäller här.", "No goal is entered that concerns this."),
    )


def goal_sentence(each: JudgedGoal) -> Sentence:
    """One goal: its verdict, how likely, and where the last value lies."""
    goal, verdict = each.goal, each.judged.verdict
    if verdict is Verdict.CANNOT_JUDGE or each.latest is None:
        sv, en = _why(each)
        return Sentence(
            "goal.cannot_judge",
            (f"”{goal.text_sv}” kan inte bedömas: {tail(sv)}",),
            (f"“{goal.text_en}” cannot be judged: {tail(en)}",),
        )
    lead_sv, lead_en = {
        Verdict.ON_TRACK: ("är på väg", "is on track"),
        Verdict.AT_RISK: ("är i riskzonen", "is at risk"),
        Verdict.WILL_MISS: ("nås troligen inte", "will probably be missed"),
    }[verdict]
    asks = _asks(each)
    place_sv, place_en = _place_parts(each)
    return Sentence(
        f"goal.{verdict.value}",
        (f"”{goal.text_sv}” {lead_sv}: sannolikheten {asks.sv} är {_bound(each).sv}", Said(each.probability), ". ", *place_sv),
        (f"“{goal.text_en}” {lead_en}: the probability {asks.en} is {_bound(each).en}", Said(each.probability), ". ", *place_en),
    )


def verdict_sentence(goals: Sequence[JudgedGoal]) -> Sentence:
    """How many of the goals that we meter are reached, and how the others stand."""
    metered = [each for each in goals if each.is_metered]
    if not metered:
        return Sentence(
            "goals.none",
            ("Inget mål följs med våra mätare: om målen nås kan inte bedömas här.",),
            ("No goal is followed by our meters: whether the goals are reached cannot be judged here.",),
        )
    counts = {verdict: sum(each.judged.verdict is verdict for each in metered) for verdict in Verdict}
    said = [
        (counted(counts[verdict]), *words)
        for verdict, words in (
            (Verdict.ON_TRACK, ("är {} på väg", "{} on track")),
            (Verdict.AT_RISK, ("är {} i riskzonen", "{} at risk")),
            (Verdict.WILL_MISS, ("nås {} troligen inte", "{} will probably be missed")),
            (Verdict.CANNOT_JUDGE, ("kan {} inte bedömas", "{} cannot be judged")),
        )
        if counts[verdict]
    ]
    sv = _enumerated([words.format(count.sv) for count, words, _ in said], "och")
    en = _enumerated([words.format(count.en) for count, _, words in said], "and")
    whole = counted(len(metered))
    own = sum(each.goal.own_yardstick for each in metered)
    note_sv, note_en = "", ""
    if own == len(metered):
        note_sv, note_en = " Inget av dem är beslutat: de är egna jämförelser.", " None is decided: they are own yardsticks."
    elif own:
        few = counted(own)
        note_sv, note_en = f" Egna jämförelser, inte beslutade: {few.sv}.", f" Own yardsticks, not decided: {few.en}."
    return Sentence(
        "goals.counted",
        (f"Av {whole.sv} mål som följs med våra mätare {sv}.{note_sv}",),
        (f"Of {whole.en} goal{'s' if len(metered) > 1 else ''} followed by our meters {en}.{note_en}",),
    )


def worst_sentence(goals: Sequence[JudgedGoal]) -> Sentence | None:
    """The metered goal that fares worst, and by how much; None where none is at risk."""
    bad = [each for each in goals if each.is_metered and each.judged.verdict in (Verdict.WILL_MISS, Verdict.AT_RISK)]
    if not bad:
        return None
    each = bad[0]
    place_sv, place_en = _place_parts(each)
    return Sentence(
        "goals.worst",
        (f"Sämst till ligger ”{each.goal.text_sv}”. ", *place_sv),
        (f"The one that fares worst is “{each.goal.text_en}”. ", *place_en),
    )


# one goal


def _concerns(scope: TrendScope, goal: Goal) -> bool:
    if scope.subject.kind is SubjectKind.PORTFOLIO:
        return True
    owner = scope.material.portfolio.owners.get(scope.subject.id)
    names = {scope.subject.id} | ({owner.name} if owner else set())
    return goal.owner in names or (goal.measured_by is not None and goal.measured_by.subject == scope.subject)


def _judged(scope: TrendScope, goal: Goal) -> JudgedGoal:
    material, last = scope.material, scope.last_day
    today, limits = local_date(material.known, scope.zone), material.goals.limits
    known = material.standing.values(goal, material.shelf.as_known)
    # a year's value is entered after the year: what was known when the report was made is judged at the period's end
    values = [replace(each, entered=None) for each in known if each.entered is None or each.entered <= today]
    judged = assess(goal, values, last, limits)
    latest = None if isinstance(judged.latest, Missing) or _is_base(goal, judged.latest) else judged.latest
    figure = None if latest is None else _value(scope, goal, latest)
    period = year(last.year, scope.zone) if figure is None else figure.period
    made_of = () if figure is None else (figure.name,) if figure.name else figure.made_of

    def of(value: float | Missing, unit: str = goal.unit, period: Period = period) -> ReportedFigure:
        own = Missing(*of_its_own((value.reason_sv, value.reason_en), goal)) if isinstance(value, Missing) else value
        return ReportedFigure(own, unit, period, None, judged.method, made_of=made_of)

    place = judged.place if latest is not None else None
    return JudgedGoal(
        goal,
        judged,
        course(goal, values, last, limits),
        figure,
        None if place is None else of(place if isinstance(place, Missing) else place.on_path),
        None if place is None else of(place if isinstance(place, Missing) else place.gap),
        of(_percent(judged.probability), "%", year(judged.year, scope.zone)),
        of(_target(goal, judged), goal.unit, year(goal.target_year or judged.year, scope.zone)),
        of(judged.remaining),
    )


def _is_base(goal: Goal, value: GoalValue) -> bool:
    return goal.base_year is not None and value.end == date(goal.base_year, 12, 31)


def _target(goal: Goal, judged: Assessment) -> float | Missing:
    return goal.target if goal.target_year is not None else judged.target


def _percent(probability: float | Missing) -> float | Missing:
    return probability if isinstance(probability, Missing) else 100 * min(max(probability, 1 - CERTAIN), CERTAIN)


def _value(scope: TrendScope, goal: Goal, value: GoalValue) -> ReportedFigure:
    """The value as reported, or the published figure that it is."""
    measured = goal.measured_by
    is_year = (value.end.month, value.end.day) == (12, 31)
    period = named_period(f"{value.end:%Y}" if is_year else f"{value.end:%Y-%m}-r12", scope.zone)
    if measured is not None and value.mark is Mark.DERIVED:
        found = _published(scope, measured, period)
        if found.known is not None:
            # the scale is that of goals.yaml; where it is one, the published figure stands as it is
            return found if measured.scale == 1 else scaled(found, goal.unit, 1 / measured.scale)
    known = MARKS[value.mark]
    source = Words(f"{value.source} ({known[0]})", f"{value.source} ({known[1]})")
    return ReportedFigure(value.value, goal.unit, period, None, REPORTED, margin=value.uncertainty, source=source)


def _published(scope: TrendScope, measured: MeasuredBy, period: Period) -> ReportedFigure:
    shelf = scope.own
    if measured.subject != scope.subject:
        shelf = replace(shelf, subjects=frozenset({measured.subject}), indicators=frozenset({measured.indicator}))
    return shelf.figure(measured.indicator, measured.subject, period, measured.carrier)


# sentences


def _place_parts(each: JudgedGoal) -> tuple[Parts, Parts]:
    if each.latest is None:
        return (), ()
    end = local_end(each.latest)
    near = about(each.latest)
    sv: Parts = (f"Det senaste värdet, {near.sv}", Said(each.latest), f" för tolv månader till {end}, ")
    en: Parts = (f"The latest value, {near.en}", Said(each.latest), f" of twelve months to {end}, ")
    gap = each.gap
    if gap is None or gap.known is None:
        return (*sv[:2], f" för tolv månader till {end}, har ingen väg att jämföras med."), (
            *en[:2],
            f" of twelve months to {end}, has no path to be compared with.",
        )
    if abs(gap.known) <= each.latest.margin:
        return (*sv, "ligger på vägen."), (*en, "lies on the path.")
    side_sv, side_en = ("sämre", "worse") if gap.known > 0 else ("bättre", "better")
    size = Said(gap, How.SIZE)
    return (*sv, "är ", size, f" {side_sv} än vägen."), (*en, "is ", size, f" {side_en} than the path.")


def local_end(figure: ReportedFigure) -> date:
    """The last local day of the figure's period."""
    return date.fromordinal(local_date(figure.period.end, figure.period.zone).toordinal() - 1)


def _asks(each: JudgedGoal) -> Words:
    goal, on = each.goal, each.judged.year
    if goal.path is Path.NONE and goal.target_year is not None:
        return Words(f"att målet nås {on}", f"of reaching the goal in {on}")
    return Words(f"att ligga på vägen vid slutet av {on}", f"of lying on the path at the end of {on}")


def _bound(each: JudgedGoal) -> Words:
    known = each.judged.probability
    if isinstance(known, Missing) or 1 - CERTAIN <= known <= CERTAIN:
        return Words("", "")
    return Words("över ", "above ") if known > CERTAIN else Words("under ", "below ")


def _why(each: JudgedGoal) -> tuple[str, str]:
    """What the verdict rests on or lacks, in one or two sentences."""
    judged, goal = each.judged, each.goal
    if judged.verdict is Verdict.CANNOT_JUDGE:
        told = lacking(goal, judged, judged.probability)[:2]
    else:
        told = tuple(of_its_own(reason, goal) for reason in judged.reasons[:1])
    return " ".join(sv for sv, _ in told), " ".join(en for _, en in told)


def _enumerated(clauses: list[str], last: str) -> str:
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} {last} {clauses[-1]}"


# tables


def _name(each: JudgedGoal) -> Words:
    own = (" (egen jämförelse)", " (own yardstick)") if each.goal.own_yardstick else ("", "")
    return Words(f"{each.goal.text_sv}{own[0]}", f"{each.goal.text_en}{own[1]}")


def _decided(goal: Goal) -> Words:
    level, mark = LEVELS[goal.level], MARKS[goal.mark]
    return Words(f"{goal.owner}, {level[0]}; {mark[0]}", f"{goal.owner}, {level[1]}; {mark[1]}")


def _until(goal: Goal) -> Words:
    return Words(f"{goal.target_year}", f"{goal.target_year}") if goal.target_year else Words("varje år", "every year")


def _place_table(goals: Sequence[JudgedGoal]) -> Table:
    return Table(
        "goals_place",
        Words("Mål som våra mätare följer: var vi är", "Goals followed by our meters: where we are"),
        Words("Mål", "Goal"),
        (
            Column("latest", Words("Senaste värde", "Latest value")),
            Column("end", Words("12 mån till", "12 months to")),
            Column("path", Words("Vägen då", "The path then")),
            Column("gap", Words("Sämre än vägen", "Worse than the path")),
            Column("target", Words("Mål", "Target")),
            Column("year", Words("År", "Year")),
        ),
        tuple(
            Row(
                each.goal.id,
                _name(each),
                (
                    each.latest or each.target,
                    None if each.latest is None else local_end(each.latest),
                    each.path,
                    each.gap,
                    each.target,
                    _until(each.goal),
                ),
                each.goal.unit,
            )
            for each in goals
            if each.latest is not None
        ),
        Words("Minus är bättre än vägen.", "A minus is better than the path."),
    )


def _verdict_table(goals: Sequence[JudgedGoal]) -> Table:
    return Table(
        "goals_verdict",
        Words("Mål som våra mätare följer: bedömning", "Goals followed by our meters: verdict"),
        Words("Mål", "Goal"),
        (
            Column("verdict", Words("Bedömning", "Verdict")),
            Column("probability", Words("Sannolikhet", "Probability"), "%"),
            Column("remains", Words("Återstår till målet", "Remains to the target")),
            Column("decided", Words("Beslutat av; källa", "Decided by; source")),
            Column("why", Words("Vad bedömningen vilar på", "What the verdict rests on")),
        ),
        tuple(
            Row(
                each.goal.id,
                _name(each),
                (_verdict(each), each.probability, each.remains, _decided(each.goal), Words(*_why(each))),
                each.goal.unit,
            )
            for each in goals
        ),
        Words(
            "På väg: minst 80 % sannolikhet. Når inte: under 20 %. Risk: däremellan. 1 och 99 % betyder högst och minst det: mer "
            "vet ingen modell.",
            "On track: a probability of 80 % at least. Will miss: below 20 %. At risk: between. 1 and 99 % mean at most and at "
            "least that: no model knows more.",
        ),
    )


def _reported_table(goals: Sequence[JudgedGoal]) -> Table:
    return Table(
        "goals_reported",
        Words("Mål utanför våra mätare: rapporterade värden", "Goals outside our meters: reported values"),
        Words("Mål", "Goal"),
        (
            Column("latest", Words("Senaste värde", "Latest value")),
            Column("end", Words("Gäller till", "Up to")),
            Column("source", Words("Källa", "Source")),
            Column("target", Words("Mål", "Target")),
            Column("year", Words("År", "Year")),
            Column("verdict", Words("Bedömning", "Verdict")),
            Column("why", Words("Varför", "Why")),
        ),
        tuple(
            Row(
                each.goal.id,
                _name(each),
                (
                    latest,
                    local_end(latest),
                    latest.source or Words("", ""),
                    each.target,
                    _until(each.goal),
                    _verdict(each),
                    Words(*_why(each)),
                ),
                each.goal.unit,
            )
            for each in goals
            if (latest := each.latest) is not None
        ),
        Words(
            "Värdena är andras: ur filer, ur Kolada eller ur beslutet självt.",
            "The values are others': from files, from Kolada or from the decision itself.",
        ),
    )


def _empty_table(goals: Sequence[JudgedGoal]) -> Table:
    return Table(
        "goals_unvalued",
        Words("Mål som ingen har gett något värde för", "Goals of which nobody has given a value"),
        Words("Mål", "Goal"),
        (
            Column("decided", Words("Beslutat av; källa", "Decided by; source")),
            Column("year", Words("År", "Year")),
            Column("why", Words("Vad som saknas", "What is missing")),
        ),
        tuple(Row(each.goal.id, _name(each), (_decided(each.goal), _until(each.goal), Words(*_why(each)))) for each in goals),
    )


def _verdict(each: JudgedGoal) -> Words:
    return Words(*VERDICTS[each.judged.verdict])


# the picture


def _chart(scope: TrendScope, each: JudgedGoal) -> Chart:
    """Years from the base to the target, with the last twelve months in their place where they are no year."""
    goal, lines = each.goal, each.course
    measured = {value.end: value for value in lines.measured}
    path = dict(lines.path)
    forecasts = {item.year: item for item in lines.forecasts}
    last = max(measured)
    first = min([*path, *(end.year for end in measured)])
    ends = {date(number, 12, 31) for number in range(first, max([*path, *forecasts, last.year]) + 1)} | {last}
    labels = sorted(ends)
    whole = with_measured_base(goal, lines.measured)
    kept = {end: _value(scope, goal, value) for end, value in measured.items() if end in ends}

    def of(value: float | None, end: date, method: str) -> ReportedFigure | None:
        return None if value is None else ReportedFigure(value, goal.unit, year(end.year, scope.zone), None, method)

    def on(end: date) -> float | None:
        lies = on_path(whole, end)
        return None if isinstance(lies, Missing) else lies

    def ahead(end: date, which: str) -> ReportedFigure | None:
        if end == last:
            return kept[last]  # the fan opens where what is known ends
        item = forecasts.get(end.year) if (end.month, end.day) == (12, 31) and end > last else None
        return of(None if item is None else getattr(item, which), end, each.judged.method)

    def line(which: str) -> tuple[ReportedFigure | None, ...]:
        return tuple(ahead(end, which) for end in labels)

    series = [
        ChartSeries("measured", _measured_words(each), tuple(kept.get(end) for end in labels)),
        ChartSeries(
            "path", Words("Vägen till målet", "The path to the target"), tuple(of(on(end), end, METHOD) for end in labels),
            ChartRole.PATH,
        ),
    ]  # fmt: skip
    if forecasts:
        series += [
            ChartSeries("forecast", Words("Prognos", "Forecast"), line("expected"), ChartRole.FORECAST),
            ChartSeries("low", Words("Prognosens undre gräns (80 %)", "Lower edge (80 %)"), line("low"), ChartRole.LOW),
            ChartSeries("high", Words("Prognosens övre gräns (80 %)", "Upper edge (80 %)"), line("high"), ChartRole.HIGH),
        ]
    verdict = _verdict(each)
    return Chart(
        f"goal_{goal.id}",
        ChartKind.LINES,
        Words(goal.text_sv, goal.text_en),
        Words(f"Bedömning: {verdict.sv}. {_side(each).sv}", f"Verdict: {verdict.en}. {_side(each).en}"),
        goal.unit,
        Words("Tolv månader till", "Twelve months to"),
        tuple(_label(end) for end in labels),
        tuple(series),
    )


def _measured_words(each: JudgedGoal) -> Words:
    return Words("Uppmätt", "Measured") if each.is_metered else Words("Rapporterat", "Reported")


def _side(each: JudgedGoal) -> Words:
    if each.gap is None or each.gap.known is None:
        return Words("Det finns ingen väg att jämföra med.", "There is no path to compare with.")
    if each.gap.known > 0:
        return Words("Det senaste värdet ligger sämre till än vägen.", "The latest value lies on the worse side of the path.")
    return Words("Det senaste värdet ligger på vägen eller bättre.", "The latest value lies on the path or better.")


def _label(end: date) -> Words:
    text = f"{end.year}" if (end.month, end.day) == (12, 31) else f"{end:%Y-%m}"
    return Words(text, text)
