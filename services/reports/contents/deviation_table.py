"""Deviations as reports tell them: what they have cost so far, what to do first, and who."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from config.domain.deviations import KIND_WORDS, METERING, STATE_WORDS, Thread, ThreadState
from config.domain.estate import Portfolio
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day, local_date
from services.reports.contents.material import Material
from services.reports.contents.naming import carrier_name, small
from services.reports.contents.sentences import ToAct
from services.reports.report import Column, ReportedFigure, Row, Table, Words

METHOD = "deviations 1.0"
_TOLD = (ThreadState.OPENED, ThreadState.ACKNOWLEDGED, ThreadState.ACTING, ThreadState.CLOSED)
NONE_OPEN = Words(
    "Ingen avvikelse som började under perioden eller tidigare är öppen.",
    "No deviation that began in the period or before is open.",
)
_HOUR = timedelta(hours=1)


def open_deviations(material: Material, subject: Subject, period: Period) -> tuple[Thread, ...]:
    """Of the subject's buildings: those that had begun when the period ended and were open at the report's instant.

    Told ones only, as on the board, and none that is muted; one whose saving is verified stands among the actions. The dearest
    first, then by energy; what has no price comes after what has, and faults of metering last: what those concern is not known
    to be wasted.
    """
    ids = {each.id for each in material.buildings(subject)}
    last, on = local_date(period.end - _HOUR, period.zone), local_date(material.known, period.zone)
    threads = (
        each
        for each in material.state.deviation_threads.threads(_TOLD)
        if each.deviation.building in ids and each.deviation.first_day <= last and _open(each, material) and not each.muted(on)
    )
    return tuple(sorted(threads, key=_rank))


def use_deviations(threads: Iterable[Thread]) -> tuple[Thread, ...]:
    """Those of use."""
    return tuple(each for each in threads if each.deviation.kind not in METERING)


def metering_faults(threads: Iterable[Thread]) -> tuple[Thread, ...]:
    """Those of metering."""
    return tuple(each for each in threads if each.deviation.kind in METERING)


def deviation_tables(threads: Sequence[Thread], portfolio: Portfolio, subject: Subject) -> tuple[Table, ...]:
    """Of use, and of metering; none of what there is none of."""
    tables = (
        _table(
            "deviations", Words("Avvikelser i användningen", "Deviations of use"), use_deviations(threads), portfolio, subject
        ),
        _table("metering", Words("Fel i mätningen", "Faults of metering"), metering_faults(threads), portfolio, subject),
    )
    return tuple(each for each in tables if each.rows)


def to_act(threads: Iterable[Thread], portfolio: Portfolio, subject: Subject) -> tuple[ToAct, ...]:
    """Those that nobody has acted on yet, for a sentence."""
    return tuple(
        ToAct(
            deviation_name(each),
            None if subject.kind is SubjectKind.BUILDING else deviation_place(each, portfolio),
            deviation_cost(each, portfolio),
            Words(each.deviation.action_sv, each.deviation.action_en),
            deviation_owner(each, portfolio),
        )
        for each in threads
        if each.state is not ThreadState.ACTING
    )


def deviation_cost(thread: Thread, portfolio: Portfolio) -> ReportedFigure:
    """What it has cost so far, without VAT. [kr]"""
    return _figure(thread, thread.deviation.sek, "kr", portfolio)


def deviation_energy(thread: Thread, portfolio: Portfolio) -> ReportedFigure:
    """Its kWh so far; what they are depends on its kind."""
    return _figure(thread, thread.deviation.kwh, "kWh", portfolio)


def deviation_name(thread: Thread) -> Words:
    """ "Baslasten har ökat, el"."""
    words, carrier = KIND_WORDS[thread.deviation.kind], carrier_name(thread.deviation.carrier)
    return Words(f"{words.name_sv}, {small(carrier.sv)}", f"{words.name_en}, {small(carrier.en)}")


def deviation_owner(thread: Thread, portfolio: Portfolio) -> Words:
    """Who answers for the building."""
    building = portfolio.buildings.get(thread.deviation.building)
    owner = None if building is None else portfolio.owners.get(building.owner)
    return Words("", "") if owner is None else Words(owner.name, owner.name)


def deviation_place(thread: Thread, portfolio: Portfolio) -> Words:
    """The building."""
    building = portfolio.buildings.get(thread.deviation.building)
    name = thread.deviation.building if building is None else building.name
    return Words(name, name)


def _table(key: str, caption: Words, threads: Sequence[Thread], portfolio: Portfolio, subject: Subject) -> Table:
    metering = key == "metering"
    energy = Words("Utan mätning", "Not metered") if metering else Words("Hittills", "So far")
    cost = Words("Dess kostnad", "Its cost") if metering else Words("Kostnad", "Cost")
    rows = tuple(
        Row(
            f"{each.id}",
            _label(each, portfolio, subject),
            (
                each.deviation.first_day,
                deviation_energy(each, portfolio),
                deviation_cost(each, portfolio),
                Words(each.deviation.action_sv, each.deviation.action_en),
                deviation_owner(each, portfolio),
            ),
        )
        for each in threads
    )
    note = (
        Words(
            "Vad användningen brukar vara medan mätningen är fel. Det är inte känt att något har slösats.",
            "What the use would be while metering is at fault. Nothing of it is known to be wasted.",
        )
        if metering
        else Words(
            "Avvikelser som började under perioden eller tidigare, och är öppna. Utan moms. Tystade visas inte.",
            "Deviations that began in the period or before and are open. Without VAT. Muted ones are not shown.",
        )
    )
    return Table(
        key=key,
        caption=caption,
        corner=Words("Avvikelse", "Deviation"),
        columns=(
            Column("since", Words("Sedan", "Since")),
            Column("energy", energy, "kWh"),
            Column("cost", cost, "kr"),
            Column("action", Words("Åtgärd", "Action")),
            Column("owner", Words("Ansvarig", "Responsible")),
        ),
        rows=rows,
        note=note,
    )


def _label(thread: Thread, portfolio: Portfolio, subject: Subject) -> Words:
    name = deviation_name(thread)
    if thread.state not in (ThreadState.OPENED, ThreadState.CLOSED):
        state = STATE_WORDS[thread.state]
        name = Words(f"{name.sv} ({state[0]})", f"{name.en} ({state[1]})")
    if subject.kind is SubjectKind.BUILDING:
        return name
    place = deviation_place(thread, portfolio)
    return Words(f"{place.sv}: {small(name.sv)}", f"{place.en}: {small(name.en)}")


def _figure(thread: Thread, value: float | Missing, unit: str, portfolio: Portfolio) -> ReportedFigure:
    first, last = thread.deviation.first_day, thread.deviation.last_day
    zone = portfolio.timezone
    span = Period(PeriodKind.DAY, day(first, zone).start, day(last, zone).end, zone)
    source = Words(f"avvikelse {thread.id}", f"deviation {thread.id}")
    return ReportedFigure(value, unit, span, None, METHOD, source=source)


def _open(thread: Thread, material: Material) -> bool:
    told = thread.opened is not None and thread.opened <= material.known
    return told and (thread.closed is None or thread.closed > material.known)


def _rank(thread: Thread) -> tuple[bool, bool, float, float, date, int]:
    seen = thread.deviation
    sek = None if isinstance(seen.sek, Missing) else seen.sek
    kwh = 0.0 if isinstance(seen.kwh, Missing) else seen.kwh
    return seen.kind in METERING, sek is None, -(sek or 0.0), -kwh, seen.first_day, thread.id
