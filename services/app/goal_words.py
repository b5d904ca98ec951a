"""Goals in words and tables for people, Swedish first."""

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from config.domain.assessments import Assessment, Forecast, GoalValue
from config.domain.goals import Goal, Goals
from config.domain.indicators import Missing
from services.goals.remains import BuildingPart
from services.reports.wording import Language, number, pick, share
from services.web.view.goals import chance

PARTS_SHOWN = 15


def goals_table(goals: Goals, judged: Sequence[Assessment], language: Language) -> Table:
    """A row a goal: verdict, probability, the year it speaks of, target, forecast and last value."""
    heads = pick(
        language,
        "mål;läge;sannolikhet;år;ska nå;väntas (80 %);senast;enhet",
        "goal;verdict;probability;year;target;expected (80 %);latest;unit",
    )
    table = Table(*heads.split(";"))
    for goal, one in zip(goals.goals, judged, strict=True):
        forecast = (
            one.target_year if isinstance(one.target_year, Forecast) and one.target_year.year == one.year else one.this_year
        )
        verdict = pick(language, one.verdict.sv, one.verdict.en)
        table.add_row(
            escape(goal.id) + (" *" if goal.own_yardstick else ""),
            verdict,
            _chance(one.probability, language),
            str(one.year),
            _figure(one.target, language),
            _band(forecast, language),
            "" if isinstance(one.latest, Missing) else f"{number(one.latest.value, language)} ({one.latest.end:%Y-%m})",
            escape(goal.unit),
        )
    table.caption = pick(
        language,
        "* egen jämförelse, inte beslutat för kommunen. energimonitor goals show MÅL säger varför.",
        "* own yardstick, not decided for the municipality. energimonitor goals show GOAL says why.",
    )
    return table


def sentences(goal: Goal, judged: Assessment, language: Language) -> Iterator[str]:
    """What is decided, where it stands, and what the verdict rests on or lacks."""
    unit = goal.unit
    yield pick(language, goal.text_sv, goal.text_en)
    verified = (
        pick(language, "beslutet är sett", "decision seen") if goal.verified else pick(language, "obekräftat", "unverified")
    )
    yield (
        pick(language, "Ansvarig: ", "Owner: ")
        + f"{goal.owner}. "
        + pick(language, "Källa: ", "Source: ")
        + (f"{goal.source} ({goal.mark.value}, {verified}).")
    )
    chance = _chance(judged.probability, language)
    verdict = pick(language, judged.verdict.sv, judged.verdict.en)
    yield pick(language, "Läge: ", "Verdict: ") + verdict + (f" ({chance}, {judged.year})" if chance else "")
    if not isinstance(judged.target, Missing):
        yield f"{pick(language, 'Ska nå', 'Target')} {judged.year}: {number(judged.target, language)} {unit}"
    for forecast in dict.fromkeys((judged.this_year, judged.target_year)):
        if isinstance(forecast, Forecast):
            words = pick(language, "väntas", "expected")
            chance = _chance(forecast.probability, language)
            yield (
                f"{forecast.year}: {words} {number(forecast.expected, language)} ({_band(forecast, language)}) {unit}"
                + (
                    ""
                    if isinstance(forecast.target, Missing)
                    else f"; {pick(language, 'ska nå', 'target')} {_figure(forecast.target, language)}"
                )
                + (f"; {pick(language, 'sannolikhet', 'probability')} {chance}" if chance else "")
            )
        elif forecast.reason_sv != getattr(judged.probability, "reason_sv", ""):
            yield pick(language, forecast.reason_sv, forecast.reason_en)
    if not isinstance(judged.place, Missing):
        side = pick(language, "sämre än", "worse than") if judged.place.gap > 0 else pick(language, "bättre än", "better than")
        gap = number(abs(judged.place.gap), language)
        yield f"{judged.place.value.end}: {gap} {unit} {side} {pick(language, 'vägen', 'the path')}"
    if not isinstance(judged.remaining, Missing):
        yield f"{pick(language, 'Återstår', 'Remains')}: {number(judged.remaining, language)} {unit}"
    yield from (pick(language, sv, en) for sv, en in judged.reasons)


def values_table(goal: Goal, values: Sequence[GoalValue], language: Language) -> Table:
    """The goal's values by end."""
    heads = pick(language, "tolv månader till;värde;±;täckning;märke;källa", "twelve months to;value;±;coverage;mark;source")
    table = Table(*heads.split(";"), title=escape(goal.unit))
    for value in sorted(values, key=lambda one: one.end):
        table.add_row(
            value.end.isoformat(),
            number(value.value, language),
            number(value.uncertainty, language) if value.uncertainty else "",
            share(value.coverage, language),
            value.mark.value,
            escape(value.source),
        )
    return table


def parts_table(goal: Goal, parts: Sequence[BuildingPart], language: Language) -> Table:
    """What remains by building; the largest parts, and how many have none known."""
    heads = pick(
        language,
        f"byggnad;andel av användningen;del av det som återstår, {goal.unit}",
        f"building;share of use;part of what remains, {goal.unit}",
    )
    table = Table(*(escape(head) for head in heads.split(";")))
    known = [part for part in parts if not isinstance(part.share, Missing)]
    for part in known[:PARTS_SHOWN]:
        if not isinstance(part.share, Missing) and not isinstance(part.remains, Missing):
            table.add_row(escape(part.building), share(part.share, language), number(part.remains, language))
    lacking, more = len(parts) - len(known), max(0, len(known) - PARTS_SHOWN)
    table.caption = pick(
        language,
        f"{more} till; {lacking} byggnader utan känd användning är inte med",
        f"{more} more; {lacking} buildings without known use are not in it",
    )
    return table


def _chance(probability: float | Missing, language: Language) -> str:
    return "" if isinstance(probability, Missing) else chance(probability, language)


def _figure(value: float | Missing, language: Language) -> str:
    return "" if isinstance(value, Missing) else number(value, language)


def _band(forecast: Forecast | Missing, language: Language) -> str:
    if isinstance(forecast, Missing):
        return ""
    return f"{number(forecast.low, language)}–{number(forecast.high, language)}"
