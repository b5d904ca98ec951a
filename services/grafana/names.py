"""What people call the values of a tag: Grafana shows ids unless it is given the names beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from config.domain.deviations import KIND_WORDS, ThreadState
from config.domain.estate import BUILDING_KINDS, Portfolio
from config.domain.indicators import INDICATORS, PORTFOLIO
from config.domain.panels import CARRIER_NAMES, EVENT_NAMES, LINE_NAMES, MEASURES, PART_NAMES

LEVELS = {"eu": "EU", "nation": "Sverige", "region": "Regionen", "municipality": "Kommunen", "company": "Bolaget"}
TROUBLES = {"dead_letter": "gick inte att läsa", "unknown_device": "okänd enhet"}
SUBJECT_KINDS = {
    "point": "mätpunkt",
    "building": "byggnad",
    "owner": "ägare",
    "building_kind": "byggnadstyp",
    "portfolio": "hela beståndet",
}
STATES = {
    ThreadState.WAITING: "väntar",
    ThreadState.OPENED: "öppen",
    ThreadState.ACKNOWLEDGED: "sedd",
    ThreadState.ACTING: "åtgärdas",
    ThreadState.VERIFIED: "åtgärdad, besparing visad",
    ThreadState.CLOSED: "stängd",
}
EVENT_STATES = {"recorded": "införd", "open": "väntar på beslut", "accepted": "godkänd", "rejected": "avvisad"}
DIRECTIONS = {"import": "in", "export": "ut", "net": "netto"}


@dataclass(frozen=True, slots=True)
class Names:
    """Those of one municipality. `goals`: id → the goal in a few words."""

    portfolio: Portfolio
    goals: Mapping[str, str] = field(default_factory=dict)

    def of(self, series: str, tag: str) -> Mapping[str, str]:
        """Value → name, of the tag of a series; nothing where values speak for themselves."""
        match series, tag:
            case "intake_troubles", "kind":
                return TROUBLES
            case "deviations", "kind":
                return {kind.value: words.name_sv for kind, words in KIND_WORDS.items()}
            case "deviations", "state":
                return {state.value: name for state, name in STATES.items()}
            case "events", "state":
                return {**{state.value: name for state, name in STATES.items()}, **EVENT_STATES}
            case "events", "subject":
                return {point.id: point.name for point in self.portfolio.points.values()}
            case "events", "kind":
                return {kind: name.sv for kind, name in EVENT_NAMES.items()}
            case _, "measure":
                return {measure: name.sv for measure, (name, _) in MEASURES.items()}
            case _, "building":
                return self._buildings
            case _, "point":
                return {point.id: point.name for point in self.portfolio.points.values()}
            case _, "owner":
                return self._owners
            case "buildings", "kind":
                return self._kinds
            case _, "subject":
                return {**self._kinds, **self._owners, **self._buildings, PORTFOLIO: "Hela beståndet"}
            case _, "goal":
                return self.goals
            case _:
                return _FIXED.get(tag, {})

    @property
    def _buildings(self) -> Mapping[str, str]:
        return {building.id: building.name for building in self.portfolio.buildings.values()}

    @property
    def _owners(self) -> Mapping[str, str]:
        return {owner.id: owner.name for owner in self.portfolio.owners.values()}

    @property
    def _kinds(self) -> Mapping[str, str]:
        held = dict.fromkeys(building.kind for building in self.portfolio.buildings.values())
        return {kind: kind_name(kind) for kind in held}


_FIXED = {
    "carrier": {carrier: name.sv for carrier, name in CARRIER_NAMES.items()},
    "line": {line: name.sv for line, name in LINE_NAMES.items()},
    "part": {part: name.sv for part, name in PART_NAMES.items()},
    "indicator": {indicator.id: indicator.name_sv for indicator in INDICATORS.values()},
    "level": LEVELS,
    "subject_kind": SUBJECT_KINDS,
    "direction": DIRECTIONS,
}


def kind_name(kind: str) -> str:
    """What a building is for, in Swedish."""
    return BUILDING_KINDS.get(kind, (kind, kind))[0].capitalize()
