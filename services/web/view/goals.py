"""One goal as panels: how it stands, its values, what remains building by building, and what was done.

The figures are those that `energimonitor goals show` tells and the dashboards' pictures are made of (`GoalStanding`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from config.domain.assessments import Assessment, Forecast, GoalValue, Place, Verdict
from config.domain.factors import Mark
from config.domain.goals import Goal, Path
from config.domain.indicators import IndicatorValue, Missing
from config.domain.panels import Column, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import EVENTS, GOAL_LINES, SeriesQuery
from config.domain.windows import years
from services.goals.remains import BuildingPart
from services.goals.words import of_its_own
from services.reports.goal_words import MARKS
from services.reports.wording import DASH, NBSP, Language, number, pick, share
from services.web.view.goal_facts import goal_amount
from services.web.view.situation import Situation
from services.web.view.values import Cell, Figure, Head, PanelView, Part, Table, TableRow

ACTION_YEARS = 10
MOST_PARTS, MOST_VALUES = 30, 13  # rows that a page has; files have all
BAND = "80" + NBSP + "%"


@dataclass(frozen=True, slots=True)
class Standing:
    """A goal with all that its page tells.

    Attributes:
        values: entered and measured, by end; of two with one end the last counts.
        figure: the published one that the latest value is made of, and its `address`; None: it was reported.
        parts: what remains by building; () where nobody is told.
    """

    goal: Goal
    judged: Assessment
    values: Sequence[GoalValue]
    figure: IndicatorValue | None
    address: str
    parts: Sequence[BuildingPart]


def chance(probability: float, language: Language) -> str:
    """Never 0 or 100 %: a model does not know that."""
    if probability < 0.01 or probability > 0.99:
        return pick(language, "under 1 %", "below 1 %") if probability < 0.5 else pick(language, "över 99 %", "above 99 %")
    return f"{probability * 100:.0f}{NBSP}%"


def assessed(situation: Situation, standing: Standing) -> PanelView:
    """Verdict, probability, latest value and what is expected, as large figures."""
    say, goal, judged = situation.pick, standing.goal, standing.judged
    figures = tuple(_figures(situation, standing))
    rows = tuple(TableRow(name, each.name, _cells(name, each)) for name, each in figures)
    heads = (Head(say("värde", "value"), "text"), Head(say("när, och vad det står mot", "when, and against what"), "text"))
    return PanelView(
        id="laget",
        kind=PanelKind.STAT.value,
        title=say("Så står målet", "How the goal stands"),
        sentence=say(
            "Sannolikheten är modellens: serien fortsätter att ändra sig som den brukar. På väg från 80 %, når inte under 20 %, "
            "risk däremellan.",
            "The probability is the model's: the series goes on changing as it usually does. On track from 80 %, will miss below "
            "20 %, at risk between.",
        ),
        source=_method(situation, standing),
        period=say(f"bedömt {judged.as_of}", f"judged {judged.as_of}"),
        unit=goal.unit,
        parts=(Part("all", "", goal.unit, _rests_on(situation, standing), Table("", heads, rows), figures=_plain(figures)),),
    )


def pictured(panel: Panel, goal: Goal) -> Panel:
    """A dashboard's panel of the goals' lines, about this goal alone and in its unit."""
    queries = tuple(
        replace(each, query=replace(each.query, where={**each.query.where, "goal": (goal.id,)}), unit=goal.unit)
        for each in panel.queries
    )
    return replace(
        panel,
        id="bilden",
        unit=goal.unit,
        title_sv="Målets bild",
        title_en="The goal's picture",
        sentence_sv="Det mätta eller rapporterade, vägen till målet, och prognosen med sitt 80-procentiga band. Ligger vägen "
        "inom bandet är det inte avgjort.",
        sentence_en="What was measured or reported, the path to the goal, and the forecast with its 80 per cent band. Where the "
        "path lies within the band nothing is settled.",
        source_sv=goal.source,
        source_en=goal.source,
        facet="",
        queries=queries,
        link=Link.NONE,
        empty_sv="Det finns varken värden eller en väg att rita, eller så är dagens bild inte gjord än.",
        empty_en="There are neither values nor a path to draw, or today's picture is not made yet.",
    )


def draws_lines(panel: Panel) -> bool:
    """Whether the panel is of the goals' lines."""
    return panel.link is Link.GOAL and all(each.query.series is GOAL_LINES for each in panel.queries)


def valued(situation: Situation, standing: Standing) -> PanelView:
    """Every value with where it is from, the latest first."""
    say, goal = situation.pick, standing.goal
    reported = goal.measured_by is None
    known = _with_record(goal, standing.values)
    shown = known if situation.most_rows is None else known[:MOST_VALUES]
    entered = any(each.entered for each in known)
    heads = (
        Head(say("värde", "value"), goal.unit),
        Head("±", goal.unit),
        Head(say("täckning", "coverage"), "1"),
        Head(say("källa", "source"), "text"),
        Head(say("hur väl känt", "how well known"), "text"),
        *((Head(say("infört", "entered"), "text"),) if entered else ()),
    )
    rows = tuple(_value_row(situation, goal, each, len(heads)) for each in shown)
    table = Table(say("tolv månader till", "twelve months to"), heads, rows, beyond=len(known) - len(shown))
    return PanelView(
        id="varden",
        kind=PanelKind.TABLE.value,
        title=say("Rapporterade värden", "Reported values") if reported else say("Värden", "Values"),
        sentence=say(
            "Målet mäts inte av tjänstens mätare. Värdena är rapporterade: ur filer, ur Kolada eller ur beslutet självt.",
            "The service does not meter the goal. Its values are reported: from files, from Kolada or from the decision itself.",
        )
        if reported
        else say(
            "Varje värde är av de tolv månader som slutar med dagen. Bara de som är mätta till minst nio tiondelar räknas.",
            "Each value is of the twelve months that end with the day. Only those measured to nine tenths at least count.",
        ),
        source=goal.source,
        period=f"{known[-1].end.year}{DASH}{known[0].end.year}" if known else str(standing.judged.as_of.year),
        unit=goal.unit,
        empty="" if shown else say("Inga värden är införda eller mätta.", "No values are entered or measured."),
        parts=(Part("all", "", goal.unit, "", table),) if rows else (),
    )


def divided(situation: Situation, standing: Standing) -> PanelView | None:
    """What remains, building by building; None where nothing remains that buildings divide."""
    say, goal = situation.pick, standing.goal
    if not standing.parts:
        return None
    shown = standing.parts if situation.most_rows is None else standing.parts[:MOST_PARTS]
    rows = tuple(_part_row(situation, goal, part) for part in shown)
    heads = (
        Head(say("del av det som återstår", "part of what remains"), goal.unit),
        Head(say("andel av användningen", "share of the use"), "1"),
        Head(say("användning, tolv månader", "use, twelve months"), "kWh"),
    )
    table = Table(say("byggnad", "building"), heads, rows, beyond=len(standing.parts) - len(shown))
    return PanelView(
        id="byggnader",
        kind=PanelKind.TABLE.value,
        title=say("Var det återstående kan hämtas", "Where the rest can be found"),
        sentence=say(
            "Det som återstår, delat efter byggnadernas användning: det som var och en skulle spara om alla sparade lika stor "
            "del. Det säger var man kan leta, och är ingen beslutad kvot.",
            "What remains, divided by the buildings' use: what each would save if all saved the same share. It says where to "
            "look, and is no decided quota.",
        ),
        source=say("Byggnadernas publicerade energianvändning.", "The buildings' published energy use."),
        period=say("de tolv månaderna före det senaste värdet", "the twelve months up to the latest value"),
        unit=goal.unit,
        parts=(Part("all", "", goal.unit, "", table),),
    )


def acted() -> Panel:
    """What was done in the buildings that are looked at."""
    return Panel(
        id="atgarder",
        kind=PanelKind.TABLE,
        unit="",
        title_sv="Åtgärder i målets byggnader",
        title_en="Actions in the goal's buildings",
        sentence_sv="Det som har gjorts åt avvikelser i de byggnader vars siffror målet mäts med, det senaste först.",
        sentence_en="What was done about deviations in the buildings whose figures the goal is measured by, the latest first.",
        source_sv="Åtgärdsloggen, förd av dem som sköter byggnaderna.",
        source_en="The log of actions, kept by those who look after the buildings.",
        rows="subject",
        queries=(
            PanelQuery(
                Role.VALUE,
                SeriesQuery(EVENTS, where={"kind": ("action",)}, having={"open": 1}),
                Scope.BUILDING,
                years(ACTION_YEARS),
                "",
                "åtgärder",
                "actions",
                (
                    Column("building", "name", "byggnad", "building"),
                    Column("time", "day", "gjord", "done"),
                    Column("text", "text", "vad som gjordes", "what was done", "text_en"),
                    Column("state", "name", "läge", "state"),
                ),
            ),
        ),
        ranked_by="time",
        link=Link.THREAD,
        empty_sv="Ingen åtgärd är loggad i målets byggnader.",
        empty_en="No action is logged in the goal's buildings.",
    )


def lacks(situation: Situation, standing: Standing) -> list[tuple[str, str]]:
    """What is missing, and why; what lacks the same is told together. Last what a person is to enter."""
    say, goal, judged = situation.pick, standing.goal, standing.judged
    figures: list[tuple[str, object]] = [
        (say("sannolikhet", "probability"), judged.probability),
        (say("senaste värde", "latest value"), judged.latest),
        (say("plats mot vägen", "place against the path"), judged.place),
        *((say(f"väntat värde {year}", f"expected value of {year}"), each) for year, each in _forecasts(standing).items()),
        (say(f"vad som ska nås {judged.year}", f"what is to be reached in {judged.year}"), judged.target),
        (say("vad som återstår", "what remains"), judged.remaining),
        (say("basvärde", "base value"), judged.base_value),
    ]
    names: dict[str, list[str]] = {}
    for name, figure in figures:
        if isinstance(figure, Missing):
            names.setdefault(say(*of_its_own((figure.reason_sv, figure.reason_en), goal)), []).append(name)
    found = [(_listed(each), reason) for reason, each in names.items()]
    if goal.to_enter_sv and found:
        found.append((say("Att föra in", "To be entered"), say(goal.to_enter_sv, goal.to_enter_en or goal.to_enter_sv)))
    return found


def _listed(names: Sequence[str]) -> str:
    text = ", ".join(names)
    return text[:1].upper() + text[1:]


# how it stands


def _figures(situation: Situation, standing: Standing) -> Iterator[tuple[str, Figure]]:
    """The verdict, and what is known; what is not is told by `lacks`."""
    say, goal, judged = situation.pick, standing.goal, standing.judged
    verdict, warns = say(judged.verdict.sv, judged.verdict.en), judged.verdict is Verdict.WILL_MISS
    known = judged.probability if not isinstance(judged.probability, Missing) else None
    yield "verdict", _figure(say("Läge", "Verdict"), verdict, known, _asks(situation, goal, judged), warns=warns)
    if known is not None:
        text = chance(known, situation.language)
        yield "probability", _figure(say("Sannolikhet", "Probability"), text, known, _asks(situation, goal, judged))
    if not isinstance(judged.latest, Missing):
        yield "latest", _latest(situation, standing, judged.latest)
    if not isinstance(judged.place, Missing):
        yield "place", _place(situation, standing, judged.place)
    elif not isinstance(judged.remaining, Missing):
        remains = goal_amount(situation, judged.remaining, goal)
        yield "remaining", _figure(say("Återstår", "Remains"), remains, judged.remaining, _until(situation, standing))
    for year, forecast in _forecasts(standing).items():
        if not isinstance(forecast, Missing):
            yield f"expected-{year}", _expected(situation, goal, forecast)


def _until(situation: Situation, standing: Standing) -> str:
    year = standing.judged.year
    if standing.goal.target_year:
        return situation.pick("till målet", "to the target")
    return situation.pick(f"till det som ska nås {year}", f"to what is to be reached in {year}")


def _forecasts(standing: Standing) -> dict[int, Forecast | Missing]:
    """Of this year's end, or the goal's where that is over, and of the goal's."""
    judged, target = standing.judged, standing.goal.target_year
    first = judged.as_of.year if target is None else min(judged.as_of.year, target)
    return {first: judged.this_year} | ({} if target is None else {target: judged.target_year})


def _asks(situation: Situation, goal: Goal, judged: Assessment) -> str:
    """What the verdict and its probability speak of."""
    year = judged.year
    if goal.path is Path.NONE and goal.target_year is not None:
        return situation.pick(f"att målet nås {year}", f"of reaching the goal in {year}")
    return situation.pick(f"att ligga på vägen vid slutet av {year}", f"of lying on the path at the end of {year}")


def _latest(situation: Situation, standing: Standing, latest: GoalValue) -> Figure:
    goal, reported = standing.goal, standing.figure is None
    source = situation.pick(f"rapporterat: {latest.source}", f"reported: {latest.source}") if reported else ""
    half = f"±{NBSP}{goal_amount(situation, latest.uncertainty, goal)}" if latest.uncertainty else ""
    return Figure(
        situation.pick("Senaste värde", "Latest value"),
        latest.value,
        goal_amount(situation, latest.value, goal),
        situation.pick(f"tolv månader till {latest.end}", f"twelve months to {latest.end}"),
        None if reported else latest.coverage,
        "" if reported else situation.covered(latest.coverage),
        "",
        " · ".join(each for each in (half, source) if each),
        address=standing.address,
    )


def _place(situation: Situation, standing: Standing, place: Place) -> Figure:
    goal, remaining = standing.goal, standing.judged.remaining
    side = situation.pick("sämre", "worse") if place.gap > 0 else situation.pick("bättre", "better")
    text = f"{goal_amount(situation, abs(place.gap), goal)} {side}" if place.gap else situation.pick("på vägen", "on the path")
    lies = goal_amount(situation, place.on_path, goal)
    note = ""
    if not isinstance(remaining, Missing):
        left, until = goal_amount(situation, remaining, goal), _until(situation, standing)
        note = situation.pick(f"{left} återstår {until}", f"{left} remain {until}")
    when = situation.pick(f"vägen låg på {lies}", f"the path lay at {lies}")
    return _figure(situation.pick("Mot vägen", "Against the path"), text, place.gap, when, note=note)


def _expected(situation: Situation, goal: Goal, forecast: Forecast) -> Figure:
    name = situation.pick(f"Väntas i slutet av {forecast.year}", f"Expected at the end of {forecast.year}")
    low, high = number(forecast.low, situation.language), goal_amount(situation, forecast.high, goal)
    band = situation.pick(f"{BAND}: mellan {low} och {high}", f"{BAND}: between {low} and {high}")
    notes = []
    if not isinstance(forecast.target, Missing):
        target = goal_amount(situation, forecast.target, goal)
        notes.append(situation.pick(f"ska nå {target}", f"target {target}"))
    if not isinstance(forecast.probability, Missing):
        likely = chance(forecast.probability, situation.language)
        notes.append(situation.pick(f"sannolikhet {likely}", f"probability {likely}"))
    return _figure(name, goal_amount(situation, forecast.expected, goal), forecast.expected, band, note=" · ".join(notes))


def _rests_on(situation: Situation, standing: Standing) -> str:
    """What a probability is made of; why there is none stands by itself."""
    if isinstance(standing.judged.probability, Missing):
        return ""
    told = (situation.pick(*of_its_own(each, standing.goal)) for each in standing.judged.reasons)
    scope = situation.pick(standing.goal.scope_sv, standing.goal.scope_en or standing.goal.scope_sv)
    return " ".join(each for each in told if each != scope)


def _method(situation: Situation, standing: Standing) -> str:
    judged, figure = standing.judged, standing.figure
    used = situation.pick(f"{judged.used} värden, modell {judged.method}", f"{judged.used} values, model {judged.method}")
    if figure is None:
        return f"{used}."
    factors = ", ".join(f"{name} {version}" for name, version in sorted(figure.factors.items()))
    told = situation.pick(f"; faktorer: {factors}", f"; factors: {factors}") if factors else ""
    return f"{used}; {situation.pick('beräkning', 'calculation')} {figure.method}{told}."


def _figure(name: str, text: str, value: float | None, when: str, *, note: str = "", warns: bool = False) -> Figure:
    return Figure(name, value, text, when, None, "", "", note, warns=warns)


def _plain(figures: Iterable[tuple[str, Figure]]) -> tuple[Figure, ...]:
    return tuple(each for _, each in figures)


def _cells(name: str, figure: Figure) -> tuple[Cell, ...]:
    beside = " · ".join(each for each in (figure.when, figure.note) if each)
    value = figure.text if name == "verdict" else figure.value  # which has a name and no number
    return Cell(value, figure.text, "", figure.coverage_text, figure.address, figure.coverage), Cell(beside, beside)


# its values and its buildings


def _with_record(goal: Goal, values: Sequence[GoalValue]) -> list[GoalValue]:
    """Each end once, the latest first; years on record in the decision where nothing else is known of them."""
    record = {
        date(year, 12, 31): GoalValue(date(year, 12, 31), each, goal.source, mark) for year, (each, mark) in goal.known.items()
    }
    if goal.base_year is not None and goal.base_value is not None:
        base = date(goal.base_year, 12, 31)
        record.setdefault(base, GoalValue(base, goal.base_value, goal.source, goal.mark))
    by_end = record | {each.end: each for each in values}
    return [by_end[end] for end in sorted(by_end, reverse=True)]


def _value_row(situation: Situation, goal: Goal, value: GoalValue, columns: int) -> TableRow:
    half, end = value.uncertainty or None, value.end.isoformat()
    entered = value.entered.isoformat() if value.entered else None
    measured = goal.measured_by is not None and entered is None and value.mark is Mark.DERIVED
    cells = (
        Cell(value.value, goal_amount(situation, value.value, goal)),
        Cell(half, DASH if half is None else goal_amount(situation, half, goal)),
        Cell(value.coverage, share(value.coverage, situation.language)) if measured else Cell(None, DASH),
        Cell(value.source, value.source),
        Cell(value.mark.value, situation.pick(*MARKS[value.mark])),
        Cell(entered, entered or DASH),
    )
    return TableRow(end, end, cells[:columns])


def _part_row(situation: Situation, goal: Goal, part: BuildingPart) -> TableRow:
    building = situation.portfolio.buildings[part.building]
    address = f"/byggnad/{part.building}{situation.suffix}" if situation.visited(part.building) else ""
    cells = (
        _known(situation, part.remains, goal.unit),
        _known(situation, part.share, "1"),
        _known(situation, part.use_kwh, "kWh"),
    )
    return TableRow(part.building, building.name, cells, address=address)


def _known(situation: Situation, value: float | Missing, unit: str) -> Cell:
    if isinstance(value, Missing):
        reason = situation.pick(value.reason_sv, value.reason_en)
        return Cell(None, f"{situation.missing}: {reason}", "missing", reason=reason)
    return Cell(value, situation.amount(value, unit))
