"""What is said of the goals: how many are reached, which fares worst, and each that our meters follow."""

from collections.abc import Sequence
from datetime import date

from config.domain.assessments import Verdict
from config.domain.goals import Path
from config.domain.indicators import Missing
from services.reports.contents.naming import capital
from services.reports.contents.trend_goal_chart import goal_chart
from services.reports.contents.trend_goal_figures import CERTAIN, JudgedGoal, last_day, why
from services.reports.contents.trend_goal_tables import goal_tables
from services.reports.contents.trend_scope import TrendScope
from services.reports.contents.trend_words import about, counted, tail
from services.reports.report import Parts, Said, Section, Sentence, Words

_OUTCOMES = {
    Verdict.ON_TRACK: ("nådde sin väg", "reached its path"),
    Verdict.AT_RISK: ("låg så nära sin väg att det inte säkert kan sägas om den nåddes", "lay too near its path to tell"),
    Verdict.WILL_MISS: ("nådde inte sin väg", "did not reach its path"),
}
_HERE, _MID = Words("Det", "The"), Words("det", "the")


def goals_section(scope: TrendScope, goals: Sequence[JudgedGoal]) -> Section:
    """What we meter, what others report, and what nobody has given a value of."""
    return Section(
        "goals",
        Words("Målen", "The goals"),
        tuple(goal_sentence(each) for each in goals if each.is_metered),
        tuple(
            goal_chart(scope, each)
            for each in goals
            if each.latest is not None and each.course.path and len(each.course.measured) > 1
        ),
        goal_tables(goals, scope.material.goals.limits),
        Words("Inget mål är infört som gäller här.", "No goal is entered that concerns this."),
    )


def goal_sentence(each: JudgedGoal) -> Sentence:
    """One goal: its verdict, how likely, and where the last value lies."""
    goal, verdict = each.goal, each.judged.verdict
    if verdict is Verdict.CANNOT_JUDGE or each.latest is None:
        sv, en = why(each)
        return Sentence(
            "goal.cannot_judge",
            (f"”{goal.text_sv}” kan inte bedömas: {tail(sv)}",),
            (f"“{goal.text_en}” cannot be judged: {tail(en)}",),
        )
    place_sv, place_en = _place_parts(each)
    if _is_over(each):
        sv, en = _OUTCOMES[verdict]
        on = each.judged.year
        return Sentence(
            f"goal.{verdict.value}.over",
            (f"”{goal.text_sv}” {sv} {on}. ", *place_sv),
            (f"“{goal.text_en}” {en} in {on}. ", *place_en),
        )
    lead, asks = _lead(each), _asks(each)
    return Sentence(
        f"goal.{verdict.value}",
        (f"”{goal.text_sv}” {lead.sv}: sannolikheten {asks.sv} är {_bound(each).sv}", Said(each.probability), ". ", *place_sv),
        (f"“{goal.text_en}” {lead.en}: the probability {asks.en} is {_bound(each).en}", Said(each.probability), ". ", *place_en),
    )


def verdict_sentence(goals: Sequence[JudgedGoal], name: Words) -> Sentence:
    """How many of the goals that have figures are reached, how the others stand, and which nobody has decided."""
    known = [each for each in goals if each.latest is not None]
    if not goals:
        return Sentence(
            "goals.not_entered",
            (f"Om målen nås kan inte bedömas: inget mål är infört som gäller {name.sv}.",),
            (f"Whether the goals are reached cannot be judged: no goal is entered that concerns {name.en}.",),
        )
    if not known:
        return Sentence(
            "goals.none",
            ("Inget mål har några siffror: om målen nås kan inte bedömas.",),
            ("No goal has any figures: whether the goals are reached cannot be judged.",),
        )
    counts = {verdict: sum(each.judged.verdict is verdict for each in known) for verdict in Verdict}
    on_track, at_risk, will_miss, unknown = (
        counted(counts[each]) for each in (Verdict.ON_TRACK, Verdict.AT_RISK, Verdict.WILL_MISS, Verdict.CANNOT_JUDGE)
    )
    good_sv, good_en = [f"är {on_track.sv} på väg"], [f"{on_track.en} {_is(counts[Verdict.ON_TRACK])} on track"]
    if counts[Verdict.AT_RISK]:
        good_sv.append(f"{at_risk.sv} i riskzonen")
        good_en.append(f"{at_risk.en} at risk")
    bad_sv, bad_en = [], []
    if counts[Verdict.WILL_MISS]:
        bad_sv.append(f"{will_miss.sv} ligger efter")
        bad_en.append(f"{will_miss.en} {_is(counts[Verdict.WILL_MISS])} behind")
    if counts[Verdict.CANNOT_JUDGE]:
        bad_sv.append(f"{unknown.sv} kan inte bedömas")
        bad_en.append(f"{unknown.en} cannot be judged")
    sv = "; ".join(" och ".join(each) for each in (good_sv, bad_sv) if each)
    en = "; ".join(" and ".join(each) for each in (good_en, bad_en) if each)
    whole = counted(len(known))
    own = sum(each.goal.own_yardstick for each in known)
    note_sv, note_en = "", ""
    if own == len(known):
        note_sv, note_en = " Inget av dem är beslutat: de är egna jämförelser.", " None is decided: they are own yardsticks."
    elif own:
        few = counted(own)
        what = "en egen jämförelse, inte beslutad" if own == 1 else "egna jämförelser, inte beslutade"
        note_sv = f" {capital(few.sv)} av dem är {what}."
        note_en = f" {capital(few.en)} of them {_is(own)} our own yardstick{'s' if own > 1 else ''}, not decided."
    return Sentence(
        "goals.counted",
        (f"Av {whole.sv} mål som har siffror {sv}.{note_sv}",),
        (f"Of {whole.en} goal{'s' if len(known) > 1 else ''} with figures {en}.{note_en}",),
    )


def worst(goals: Sequence[JudgedGoal]) -> JudgedGoal | None:
    """The goal that fares worst of those at risk: a decided one, where there is such, before our own yardsticks."""
    bad = [each for each in goals if each.latest and each.judged.verdict in (Verdict.WILL_MISS, Verdict.AT_RISK)]
    return min(bad, key=lambda each: each.goal.own_yardstick, default=None)


def worst_sentence(goals: Sequence[JudgedGoal]) -> Sentence | None:
    """What the last value of that goal was, and where its path lay; None where none is at risk."""
    each = worst(goals)
    if each is None:
        return None
    place_sv, place_en = _place_parts(each, _MID)
    own = each.goal.own_yardstick
    lead_sv = f"{'Sämst till ligger' if own else 'Av de beslutade målen ligger det sämst till för'} ”{each.goal.text_sv}”: "
    lead_en = f"{'The one' if own else 'The decided goal'} that fares worst is “{each.goal.text_en}”: "
    if _is_over(each):
        return Sentence("goals.worst", (lead_sv, *place_sv), (lead_en, *place_en))
    asks, bound = _asks(each), _bound(each)
    return Sentence(
        "goals.worst",
        (f"{lead_sv}sannolikheten {asks.sv} är {bound.sv}", Said(each.probability), "; ", *place_sv),
        (f"{lead_en}the probability {asks.en} is {bound.en}", Said(each.probability), "; ", *place_en),
    )


def _place_parts(each: JudgedGoal, begins: Words = _HERE) -> tuple[Parts, Parts]:
    """The last value beside the path."""
    if each.latest is None:
        return (), ()
    end, near = last_day(each.latest), about(each.latest)
    when = (
        Words(f"för tolv månader till {end}", f"of twelve months to {end}") if each.is_metered else Words(f"({end})", f"({end})")
    )
    sv: Parts = (f"{begins.sv} senaste värdet, {near.sv}", Said(each.latest), f" {when.sv}, ")
    en: Parts = (f"{begins.en} latest value, {near.en}", Said(each.latest), f" {when.en}, ")
    gap, path = each.gap, each.path
    if gap is None or path is None or gap.known is None:
        return (*sv, "har ingen väg att jämföras med."), (*en, "has no path to be compared with.")
    if abs(gap.known) <= each.latest.margin:
        return (*sv, "ligger på vägen."), (*en, "lies on the path.")
    side_sv, side_en = ("sämre", "worse") if gap.known > 0 else ("bättre", "better")
    return (*sv, f"är {side_sv} än vägens ", Said(path), "."), (*en, f"is {side_en} than the ", Said(path), " of the path.")


def _is_over(each: JudgedGoal) -> bool:
    """Whether the year that the verdict speaks of is over and its value known."""
    on = each.judged.year
    return each.goal.path is not Path.NONE and each.latest is not None and last_day(each.latest) >= date(on, 12, 31)


def _lead(each: JudgedGoal) -> Words:
    verdict = each.judged.verdict
    if verdict is Verdict.ON_TRACK:
        return Words("är på väg", "is on track")
    if verdict is Verdict.AT_RISK:
        return Words("är i riskzonen", "is at risk")
    if each.goal.path is Path.NONE:
        return Words("nås troligen inte", "will probably be missed")
    return Words("ligger efter sin väg", "is behind its path")


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


def _is(count: int) -> str:
    return "are" if count > 1 else "is"
