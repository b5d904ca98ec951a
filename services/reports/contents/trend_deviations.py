"""What costs most and can be done something about, and what was done: the five dearest deviations and verified savings."""

from collections.abc import Sequence
from dataclasses import replace

from config.domain.deviations import STATE_WORDS, Thread, ThreadState
from config.domain.indicators import Missing
from services.reports.contents.actions import actions_table
from services.reports.contents.deviation_table import (
    deviation_cost,
    deviation_name,
    deviation_owner,
    deviation_place,
    deviation_tables,
    metering_faults,
    open_deviations,
    use_deviations,
)
from services.reports.contents.naming import small
from services.reports.contents.trend_scope import TrendScope
from services.reports.report import Parts, Said, Section, Sentence, Words

MOST = 5
_OPEN_NOW = Words(
    "De dyraste som var öppna när rapporten gjordes. Utan moms, hittills. Tystade visas inte.",
    "The dearest that were open when the report was made. Without VAT, so far. Muted ones are not shown.",
)


def open_now(scope: TrendScope) -> tuple[Thread, ...]:
    """Those that are open when the report is made, the dearest first: a board decides about what lasts, not about the past."""
    asked = replace(scope.period, end=max(scope.period.end, scope.material.known))
    return open_deviations(scope.material, scope.subject, asked)


def deviations_section(scope: TrendScope, threads: Sequence[Thread]) -> Section:
    """The five dearest of use, and faults of metering apart."""
    shown = (*use_deviations(threads)[:MOST], *metering_faults(threads)[:MOST])
    actions = actions_table(scope.material, scope.subject, scope.period)
    tables = deviation_tables(shown, scope.material.portfolio, scope.subject)
    return Section(
        "deviations",
        Words("De fem största avvikelserna, och åtgärderna", "The five largest deviations, and what was done"),
        (dearest_sentence(scope, threads),),
        tables=(
            *(replace(each, note=_OPEN_NOW) if each.key == "deviations" else each for each in tables),
            *((actions,) if actions.rows else ()),
        ),
    )


def dearest_sentence(scope: TrendScope, threads: Sequence[Thread]) -> Sentence:
    """The dearest one with its place, who answers for it and what to do first."""
    dear = dearest(threads)
    if dear is None:
        return Sentence(
            "deviations.none",
            ("Ingen avvikelse i användningen är öppen.",),
            ("No deviation of use is open.",),
        )
    portfolio = scope.material.portfolio
    name, place, owner = deviation_name(dear), deviation_place(dear, portfolio), deviation_owner(dear, portfolio)
    cost, state = deviation_cost(dear, portfolio), STATE_WORDS[dear.state]
    so_far: tuple[Parts, Parts] = ((), ())
    lead = superlative(dear)
    if cost.known is not None:
        so_far = ((", ungefär ", Said(cost), " hittills"), (", about ", Said(cost), " so far"))
    return Sentence(
        "deviations.dearest",
        (f"Den {lead.sv} öppna avvikelsen: {place.sv}, {small(name.sv)} ({owner.sv}), {state[0]}", *so_far[0], "."),
        (f"The {lead.en} open deviation: {place.en}, {small(name.en)} ({owner.en}), {state[1]}", *so_far[1], "."),
    )


def dearest(threads: Sequence[Thread]) -> Thread | None:
    """Of use, as the order of `threads` has it."""
    of_use = use_deviations(threads)
    return of_use[0] if of_use else None


def undone(threads: Sequence[Thread]) -> Thread | None:
    """The dearest of use that nobody has acted on."""
    return dearest([each for each in threads if each.state is not ThreadState.ACTING])


def superlative(thread: Thread) -> Words:
    """What makes it the first: its cost, or its energy where nobody knows the price."""
    priced = not isinstance(thread.deviation.sek, Missing)
    return Words("dyraste", "dearest") if priced else Words("största", "largest")
