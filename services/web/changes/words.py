"""Threads, exchanges and the log in words, for templates. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from config.domain.deviations import KIND_WORDS, METERING, STATE_WORDS, EventKind, Saving, Thread, ThreadEvent, ThreadState
from config.domain.indicators import Missing
from services.reports.wording import NBSP, Language, number, pick
from services.state.alert_keeping import MESSAGE_WORDS
from services.state.alerts import Delivery, MessageState, Part
from services.state.audit import Act
from services.web.view.names import state_name

EVENT_WORDS = {
    EventKind.FOUND: ("Upptäckt", "Found"),
    EventKind.OPENED: ("Meddelad", "Told"),
    EventKind.ACKNOWLEDGED: ("Kvitterad", "Acknowledged"),
    EventKind.MUTED: ("Tystad till", "Muted until"),
    EventKind.ACTION: ("Åtgärd", "Action"),
    EventKind.VERIFICATION: ("Uppföljning", "Verification"),
    EventKind.REBOUND: ("Återkommen", "Came back"),
    EventKind.CLOSED: ("Stängd", "Closed"),
}
ACT_WORDS = {
    Act.SIGNED_IN: ("Inloggning", "Signed in"),
    Act.SIGN_IN_REFUSED: ("Nekad inloggning", "Sign-in refused"),
    Act.SIGNED_OUT: ("Utloggning", "Signed out"),
    Act.SESSION_ENDED: ("Inloggningen upphörde", "Session ended"),
    Act.DEVIATION_ACKNOWLEDGED: ("Avvikelse kvitterad", "Deviation acknowledged"),
    Act.DEVIATION_MUTED: ("Avvikelse tystad", "Deviation muted"),
    Act.DEVIATION_ACTED_ON: ("Åtgärd antecknad", "Action recorded"),
    Act.DEVIATION_CLOSED: ("Avvikelse stängd", "Deviation closed"),
    Act.EXCHANGE_CONFIRMED: ("Mätarbyte bekräftat", "Exchange confirmed"),
    Act.EXCHANGE_REJECTED: ("Mätarbyte avvisat", "Exchange rejected"),
    Act.EXCHANGE_REOPENED: ("Beslut om mätarbyte återtaget", "Decision on exchange taken back"),
    Act.ALERT_ACKNOWLEDGED: ("Larm kvitterat", "Alert acknowledged"),
    Act.REPORT_REISSUED: ("Ny utgåva av rapport", "New edition of a report"),
    Act.REPORT_SENT_AGAIN: ("Rapport sänd igen", "Report sent again"),
    Act.REPORT_ARRIVED: ("Rapport kom fram", "Report arrived"),
    Act.ACCOUNT_ADDED: ("Konto tillagt", "Account added"),
    Act.ACCOUNT_REMOVED: ("Konto borttaget", "Account removed"),
    Act.ACCOUNT_PASSWORD: ("Lösenord ändrat", "Password changed"),
    Act.LOG_FORGOTTEN: ("Gamla rader i loggen raderade", "Old entries of the log deleted"),
}
PART_WORDS = {
    Part.BEGUN: ("", ""),
    Part.ESCALATED: ("ingen hade kvitterat", "nobody had acknowledged"),
    Part.ENDED: ("att det är över", "that it is over"),
}
EVIDENCE_WORDS = {
    "used_kw": ("använd effekt, kW", "power used, kW"),
    "expected_kw": ("väntad effekt, kW", "power expected, kW"),
    "limit_kw": ("gräns, kW", "limit, kW"),
    "night_kw": ("effekt nattetid, kW", "power at night, kW"),
    "day_kw": ("effekt dagtid, kW", "power by day, kW"),
    "low_kw": ("lägsta effekt, kW", "lowest power, kW"),
    "kwh": ("kWh", "kWh"),
    "volume_m3": ("volym, m³", "volume, m³"),
    "flow_c": ("framledning, °C", "flow, °C"),
    "return_c": ("returledning, °C", "return, °C"),
    "days_above": ("dygn över gränsen", "days above the limit"),
    "hours_a_day": ("timmar per dygn", "hours a day"),
    "usual_a_day": ("vanligt per dygn", "usual a day"),
    "hours": ("timmar", "hours"),
    "since": ("sedan", "since"),
    "day": ("dag", "day"),
    "factor": ("faktor", "factor"),
    "point": ("mätpunkt", "metering point"),
    "children": ("undermätare", "submeters"),
    "reported_as": ("redovisas som", "reported as"),
    "also": ("syns också som", "seen also as"),
    "before": ("före", "before"),
    "after": ("efter", "after"),
    "old_meter": ("gammal mätare", "old meter"),
    "new_meter": ("ny mätare", "new meter"),
}
SUBJECT_WORDS = {
    "deviation": ("avvikelse", "deviation"),
    "exchange": ("mätarbyte", "meter exchange"),
    "alert": ("larm", "alert"),
    "report": ("rapport", "report"),
}
LOGGED_WORDS = {
    "alert": ("larm", "alert"),
    "acknowledged_by": ("kvitterat av", "acknowledged by"),
    "rights": ("rätt", "rights"),
    "why": ("skäl", "reason"),
    "state": ("läge", "state"),
    "status": ("läge", "status"),
    "building": ("byggnad", "building"),
    "text": ("text", "text"),
    "note": ("anmärkning", "note"),
    "muted_until": ("tystad till", "muted until"),
    "mute_reason": ("skäl", "reason"),
    "action_day": ("åtgärdens dag", "day of the action"),
    "old_register": ("gamla mätarens ställning", "old meter's level"),
    "new_register": ("nya mätarens ställning", "new meter's level"),
    "anyway": ("trots avläsningarna", "whatever the readings"),
    "owners": ("ägare", "owners"),
    "buildings": ("byggnader", "buildings"),
    "entries": ("rader", "entries"),
    "older_than": ("äldre än", "older than"),
    "edition": ("utgåva", "edition"),
    "mail": ("brev", "mail"),
    "changes": ("ändringar", "changes"),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """What it comes to; `reason` where that is not known."""

    name: str
    value: str
    reason: str = ""


def amounts(thread: Thread, language: Language) -> list[Amount]:
    """Kronor, kilowatt-hours and kilograms, in the order of what decides."""
    found, words = thread.deviation, KIND_WORDS[thread.deviation.kind]
    named = (
        (pick(language, "Kostnad utan moms", "Cost without VAT"), found.sek, "kr"),
        (f"{pick(language, 'Energi', 'Energy')} {pick(language, words.kwh_sv, words.kwh_en)}", found.kwh, "kWh"),
        (pick(language, "Utsläpp", "Emissions"), found.kg, "kg CO₂e"),
    )
    return [_amount(name, value, unit, language) for name, value, unit in named]


def _amount(name: str, value: float | Missing, unit: str, language: Language) -> Amount:
    if isinstance(value, Missing):
        return Amount(name, pick(language, "saknas", "missing"), pick(language, value.reason_sv, value.reason_en))
    return Amount(name, f"{number(value, language)}{NBSP}{unit}")


def kind_name(thread: Thread, language: Language) -> str:
    words = KIND_WORDS[thread.deviation.kind]
    return pick(language, words.name_sv, words.name_en)


def is_metering(thread: Thread) -> bool:
    """Whether its kWh are not waste, but use that is not known."""
    return thread.deviation.kind in METERING


def state_words(thread: Thread, today: date, language: Language) -> str:
    """Where it stands, muted and over included."""
    words = [pick(language, *STATE_WORDS[thread.state])]
    if thread.muted(today):
        words.append(f"{pick(language, 'tystad till', 'muted until')} {thread.muted_until}: {thread.mute_reason}")
    if not thread.deviation.going_on and thread.state is not ThreadState.CLOSED:
        words.append(pick(language, "har upphört", "is over"))
    return ", ".join(words)


def saving_words(saving: Saving | None, language: Language) -> str:
    """What was saved, with its interval; "" where nothing is verified."""
    if saving is None:
        return ""
    low, high, kwh = (number(value, language) for value in (saving.low, saving.high, saving.kwh))
    return pick(
        language,
        f"{kwh} kWh sparat {saving.first_day} till {saving.last_day} (90 %: {low} till {high}; {saving.model})",
        f"{kwh} kWh saved {saving.first_day} to {saving.last_day} (90 %: {low} to {high}; {saving.model})",
    )


def event_words(event: ThreadEvent, language: Language) -> str:
    """What happened."""
    day = f" {event.day}" if event.day else ""
    return pick(language, *EVENT_WORDS[event.kind]) + day


def act_words(act: Act, language: Language) -> str:
    return pick(language, *ACT_WORDS[act])


def delivery_words(delivery: Delivery, language: Language) -> str:
    """What became of it, and which part of the alert it is where that is not the first."""
    part = pick(language, *PART_WORDS[delivery.part])
    if delivery.state is None:
        told = pick(language, "väntar på nästa utskick", "waits for the next message")
    elif delivery.state is MessageState.PENDING and delivery.attempts:
        told = pick(language, "försöks igen", "is tried again")
    else:
        told = pick(language, *MESSAGE_WORDS[delivery.state])
    return f"{told} ({part})" if part else told


def evidence_rows(evidence: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Name and value of each; a name that has no words stays as it is."""
    return [(_name(name, language), value_words(value, language)) for name, value in sorted(evidence.items())]


def subject_words(subject: str, language: Language) -> str:
    """What an entry of the log was done to: "deviation 12" in the reader's language."""
    kind, space, which = subject.partition(" ")
    return f"{named(SUBJECT_WORDS, kind, language)}{space}{which}"


def logged_words(name: str, value: Any, language: Language) -> str:
    """A value of the log; states by their names."""
    if name in ("state", "status") and isinstance(value, str):
        return state_name(value, language)
    return value_words(value, language)


def value_words(value: Any, language: Language) -> str:
    """Any value that JSON holds, on one line."""
    match value:
        case None:
            return pick(language, "saknas", "missing")
        case bool():
            return pick(language, "ja", "yes") if value else pick(language, "nej", "no")
        case int():
            return number(value, language, 0)  # counted, not measured
        case float():
            return number(value, language)
        case Mapping():
            return "; ".join(f"{_name(str(name), language)}: {value_words(each, language)}" for name, each in value.items())
        case str() | date() | datetime():
            return str(value)
        case Iterable():
            return ", ".join(value_words(each, language) for each in value)
        case _:
            return str(value)


def _name(name: str, language: Language) -> str:
    return named(EVIDENCE_WORDS, name, language)


def named(words: Mapping[str, tuple[str, str]], name: str, language: Language) -> str:
    """The words of a name; a name that has none stays as it is."""
    return pick(language, *words[name]) if name in words else name
