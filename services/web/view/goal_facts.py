"""What is decided of a goal, by whom, and how it is measured."""

from collections.abc import Iterator

from config.domain.assessments import Assessment
from config.domain.goals import Better, Goal, Path
from config.domain.indicators import INDICATORS, Missing
from services.goals.words import of_its_own
from services.reports.goal_words import LEVELS, MARKS
from services.reports.lineage_words import carrier_words, subject_name
from services.reports.wording import number, unit_text
from services.web.view.situation import Situation

PATHS = {
    Path.LINEAR: ("rak linje från basår till målår", "a straight line from base year to target year"),
    Path.YEARLY_OF_BASE: ("lika mycket av basvärdet varje år", "the same share of the base value each year"),
    Path.YEARLY_COMPOUND: ("samma andel av året före, varje år", "the same share of the year before, each year"),
    Path.NONE: ("ingen väg är beslutad", "no path is decided"),
}


def decided(situation: Situation, goal: Goal, judged: Assessment) -> list[tuple[str, str]]:
    """What is decided, by whom, and how it is measured: a heading and what stands under it."""
    return [(head, text) for head, text in _facts(situation, goal, judged) if text]


def standing_words(situation: Situation, goal: Goal) -> str:
    """Whose goal it is, and how well its source is known."""
    mark = situation.pick(*MARKS[goal.mark])
    source = situation.pick(f"källa: {goal.source} ({mark})", f"source: {goal.source} ({mark})")
    return f"{goal.owner} · {source}"


def _facts(situation: Situation, goal: Goal, judged: Assessment) -> Iterator[tuple[str, str]]:
    say = situation.pick
    yield say("Beslutat på nivån", "Decided at the level of"), say(*LEVELS[goal.level])
    yield say("Ansvarig", "Owner"), goal.owner
    yield say("Källa", "Source"), f"{goal.source} ({say(*MARKS[goal.mark])})"
    yield say("Beslutat", "Decided"), goal.decided.isoformat() if goal.decided else ""
    yield say("Dokument", "Document"), goal.document
    yield say("Gäller", "In force"), _in_force(situation, goal)
    yield say("Basvärde", "Base value"), _base(situation, goal, judged)
    yield say("Mål", "Target"), _target(situation, goal)
    yield say("Väg", "Path"), say(*PATHS[goal.path])
    yield say("Enhet", "Unit"), unit_text(goal.unit)
    yield say("Mäts i", "Measured in"), goal.indicator
    yield say("Mäts med", "Measured by"), _measured(situation, goal)
    yield say("Bättre är", "Better is"), _better(situation, goal)
    yield say("Omfattning", "Scope"), say(goal.scope_sv, goal.scope_en or goal.scope_sv)


def _in_force(situation: Situation, goal: Goal) -> str:
    if goal.valid_from is None and goal.valid_to is None:
        return ""
    since = situation.pick(f"från {goal.valid_from}", f"from {goal.valid_from}") if goal.valid_from else ""
    until = situation.pick(f"till {goal.valid_to}", f"until {goal.valid_to}") if goal.valid_to else ""
    return f"{since} {until}".strip()


def _base(situation: Situation, goal: Goal, judged: Assessment) -> str:
    if isinstance(judged.base_value, Missing):
        reason = situation.pick(*of_its_own((judged.base_value.reason_sv, judged.base_value.reason_en), goal))
        return f"{situation.missing}: {reason}"
    measured = situation.pick(", uppmätt", ", measured") if goal.base_value is None else ""
    return f"{goal_amount(situation, judged.base_value, goal)} ({goal.base_year}{measured})"


def _target(situation: Situation, goal: Goal) -> str:
    target = goal.target
    if isinstance(target, Missing):
        return f"{situation.missing}: {situation.pick(*of_its_own((target.reason_sv, target.reason_en), goal))}"
    amount = goal_amount(situation, target, goal)
    return f"{amount} ({goal.target_year})" if goal.target_year else amount


def _measured(situation: Situation, goal: Goal) -> str:
    measured = goal.measured_by
    if measured is None:
        kolada = f" Kolada {goal.kolada.kpi}." if goal.kolada else ""
        return situation.pick("Inga mätare: värdena rapporteras.", "No meters: values are reported.") + kolada
    indicator = INDICATORS.get(measured.indicator)
    name = situation.pick(indicator.name_sv, indicator.name_en) if indicator else measured.indicator
    carrier = f" ({carrier_words(measured.carrier, situation.language)})" if measured.carrier else ""
    return f"{name}{carrier}, {subject_name(measured.subject, situation.portfolio, situation.language)}"


def _better(situation: Situation, goal: Goal) -> str:
    towards = goal.towards
    if isinstance(towards, Missing):
        return ""
    return situation.pick("lägre", "lower") if towards is Better.LOWER else situation.pick("högre", "higher")


def goal_amount(situation: Situation, value: float, goal: Goal) -> str:
    """In the goal's unit, where it has one."""
    return situation.amount(value, goal.unit) if goal.unit else number(value, situation.language)
