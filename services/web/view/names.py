"""What tags and their values are called."""

from collections.abc import Callable, Mapping
from typing import Any

from config.domain.changes import CAUSE_WORDS, Cause
from config.domain.deviations import KIND_WORDS, STATE_WORDS, DeviationKind, ThreadState
from config.domain.indicators import INDICATORS, PORTFOLIO, SubjectKind
from config.domain.panels import CARRIER_NAMES, EVENT_NAMES, LINE_NAMES, MEASURES, PART_NAMES, Name, PanelQuery
from config.domain.quantities import QUANTITIES
from config.domain.series import DEVIATIONS, EVENTS, INTAKE_TROUBLES
from services.reports.wording import KINDS, Language, pick
from services.web.view.situation import Situation

TAG_WORDS = {
    "building": ("byggnad", "building"),
    "owner": ("ägare", "owner"),
    "kind": ("slag", "kind"),
    "carrier": ("energislag", "carrier"),
    "goal": ("mål", "goal"),
    "part": ("del", "part"),
    "line": ("linje", "line"),
    "measure": ("mått", "measure"),
    "meter": ("mätare", "meter"),
    "point": ("mätpunkt", "metering point"),
    "register": ("mätare", "meter"),
    "thread": ("avvikelse", "deviation"),
    "indicator": ("siffra", "figure"),
    "device": ("enhet", "device"),
    "station": ("station", "station"),
}
TROUBLES = {
    "dead_letter": Name("Gick inte att läsa", "Could not be read"),
    "unknown_device": Name("Okänd enhet", "Unknown device"),
}
EXCHANGE_STATES = {
    "open": ("väntar på beslut", "waits for a decision"),
    "recorded": ("i registret", "on record"),
    "accepted": ("bekräftat", "confirmed"),
    "rejected": ("avvisat", "rejected"),
}
MEASURED = {"kwh": Name("Energi", "Energy"), "kg": Name("Utsläpp", "Emissions")}
SUBJECT_WORDS = {
    SubjectKind.BUILDING.value: ("byggnad", "building"),
    SubjectKind.OWNER.value: ("ägare", "owner"),
    SubjectKind.BUILDING_KIND.value: ("typ av byggnad", "kind of building"),
    SubjectKind.POINT.value: ("mätpunkt", "metering point"),
    SubjectKind.PORTFOLIO.value: ("bestånd", "estate"),
}


def tag_word(situation: Situation, tag: str, query: PanelQuery) -> str:
    """What the rows are that a tag names."""
    if tag == "subject":
        return situation.pick(*SUBJECT_WORDS[subject_kind_of(query, None)])
    return situation.pick(*TAG_WORDS[tag]) if tag in TAG_WORDS else ""


def subject_kind_of(query: PanelQuery, row: Mapping[str, Any] | None) -> str:
    """Of the figures that a query asks for."""
    if row is not None and "subject_kind" in row:
        return str(row["subject_kind"])
    return query.query.where.get("subject_kind", (SubjectKind.BUILDING.value,))[0]


def name_of(situation: Situation, query: PanelQuery, tag: str, value: str, row: Mapping[str, Any] | None = None) -> str:
    """What a value of a tag is called; itself where it has no name."""
    if tag == "subject":
        return _subject(situation, subject_kind_of(query, row), value)
    if tag == "kind":
        return _kind(situation, query.query.series.name, value)
    finder = _FINDERS.get(tag)
    return finder(situation, value) if finder else value


def _subject(situation: Situation, kind: str, value: str) -> str:
    match kind:
        case SubjectKind.BUILDING:
            return _building(situation, value)
        case SubjectKind.OWNER:
            return _owner(situation, value)
        case SubjectKind.BUILDING_KIND:
            return situation.pick(*KINDS[value]) if value in KINDS else value
        case SubjectKind.POINT:
            return _point(situation, value)
        case _:
            return situation.pick("Hela beståndet", "The whole estate") if value == PORTFOLIO else value


def _kind(situation: Situation, series: str, value: str) -> str:
    if series == DEVIATIONS.name:
        words = KIND_WORDS.get(DeviationKind(value)) if value in set(DeviationKind) else None
        return situation.pick(words.name_sv, words.name_en) if words else value
    if series == EVENTS.name:
        return _named(situation, EVENT_NAMES, value)
    if series == INTAKE_TROUBLES.name:
        return _named(situation, TROUBLES, value)
    return situation.pick(*KINDS[value]) if value in KINDS else value


def _named(situation: Situation, names: Mapping[str, Name], value: str) -> str:
    known = names.get(value)
    return situation.pick(known.sv, known.en) if known else value


def _carrier(situation: Situation, value: str) -> str:
    return _named(situation, CARRIER_NAMES, value) if value else situation.pick("Alla energislag", "All carriers")


def _building(situation: Situation, value: str) -> str:
    building = situation.portfolio.buildings.get(value)
    return building.name if building else _point(situation, value)  # what happened at a point names it in the same tag


def _owner(situation: Situation, value: str) -> str:
    owner = situation.portfolio.owners.get(value)
    return owner.name if owner else value


def _point(situation: Situation, value: str) -> str:
    point = situation.portfolio.points.get(value)
    if point is None:
        return value
    return point.name if situation.single else f"{point.name}, {_building(situation, point.building)}"


def _register(situation: Situation, value: str) -> str:
    quantity = QUANTITIES.get(value.partition(".")[0])
    return situation.pick(quantity.label_sv, quantity.label_en) if quantity else value


def _measure(situation: Situation, value: str) -> str:
    return (
        situation.pick(MEASURES[value][0].sv, MEASURES[value][0].en) if value in MEASURES else _named(situation, MEASURED, value)
    )


def _state(situation: Situation, value: str) -> str:
    return state_name(value, situation.language)


def state_name(value: str, language: Language) -> str:
    """Of a deviation or of an exchange; itself where it has no name."""
    words = STATE_WORDS.get(ThreadState(value)) if value in set(ThreadState) else EXCHANGE_STATES.get(value)
    return pick(language, *words) if words else value


def _cause(situation: Situation, value: str) -> str:
    if value == Cause.LATE:  # its words name the days, which a row does not know
        return situation.pick("mätvärden kom in sent", "readings came in late")
    return situation.pick(*CAUSE_WORDS[Cause(value)]) if value in set(Cause) else value


def _indicator(situation: Situation, value: str) -> str:
    known = INDICATORS.get(value)
    return situation.pick(known.name_sv, known.name_en) if known else value


_FINDERS: Mapping[str, Callable[[Situation, str], str]] = {
    "carrier": _carrier,
    "building": _building,
    "owner": _owner,
    "point": _point,
    "register": _register,
    "measure": _measure,
    "state": _state,
    "indicator": _indicator,
    "goal": lambda situation, value: situation.goal_names.get(value, value),
    "line": lambda situation, value: _named(situation, LINE_NAMES, value),
    "part": lambda situation, value: _named(situation, PART_NAMES, value),
    "cause": _cause,
}
