"""Deviations: a departure worth acting on, in kWh, kronor and kilograms, with what it stands on and what to do first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from config.domain.indicators import Missing, Subject


class DeviationKind(StrEnum):
    """The closed list."""

    NIGHT = "night"
    WEEKEND = "weekend"
    SCHOOL_HOLIDAY = "school_holiday"
    SUMMER = "summer"
    WARM_WEATHER = "warm_weather"
    BASE_LOAD = "base_load"
    SILENT_METER = "silent_meter"
    STUCK_METER = "stuck_meter"
    RETURN_TEMPERATURE = "return_temperature"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a kind is called, and what its kWh are."""

    name_sv: str
    name_en: str
    kwh_sv: str
    kwh_en: str


_MORE = ("mer än väntat", "more than expected")
_UNKNOWN = ("väntad användning som inte mäts", "expected use that is not measured")
KIND_WORDS: Mapping[DeviationKind, KindWords] = {
    DeviationKind.NIGHT: KindWords("Nattanvändning", "Use at night", *_MORE),
    DeviationKind.WEEKEND: KindWords("Helganvändning", "Use on days off", *_MORE),
    DeviationKind.SCHOOL_HOLIDAY: KindWords("Användning under skollov", "Use in school holidays", *_MORE),
    DeviationKind.SUMMER: KindWords("Sommaranvändning", "Use in summer", *_MORE),
    DeviationKind.WARM_WEATHER: KindWords("Värme i varmt väder", "Heat in warm weather", *_MORE),
    DeviationKind.BASE_LOAD: KindWords("Baslasten har ökat", "Base load has risen", *_MORE),
    DeviationKind.SILENT_METER: KindWords("Mätaren är tyst", "The meter is silent", *_UNKNOWN),
    DeviationKind.STUCK_METER: KindWords("Mätaren står still", "The meter is stuck", *_UNKNOWN),
    DeviationKind.RETURN_TEMPERATURE: KindWords(
        "Hög returtemperatur", "High return temperature", "värme som gick tillbaka outnyttjad", "heat sent back unused"
    ),
    DeviationKind.BALANCE: KindWords(
        "Mätarna stämmer inte med varandra", "Meters disagree", "som mätarna är oense om", "that the meters disagree on"
    ),
}
METERING = frozenset({DeviationKind.SILENT_METER, DeviationKind.STUCK_METER, DeviationKind.BALANCE})
"""Kinds that are faults of metering: what they concern is not known to be wasted, and is never added to what is."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One episode of one kind at one subject.

    Attributes:
        carrier: what figures report it as: a carrier's value.
        first_day, last_day: local days, both inside; `last_day` moves on while it lasts.
        detected: the day after which it could first be told.
        going_on: it had not ended on the last day that was looked at.
        kwh: so far; see the kind's words for what these are.
        sek, kg: the same in kronor (without VAT) and kilograms of CO2, where a price and a factor are known.
        evidence: figures that let a person check it, by name; JSON can hold it.
    """

    kind: DeviationKind
    subject: Subject
    building: str
    carrier: str
    first_day: date
    last_day: date
    detected: date
    going_on: bool
    kwh: float | Missing
    sek: float | Missing
    kg: float | Missing
    sentence_sv: str
    sentence_en: str
    action_sv: str
    action_en: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, subject and carrier: of these there is one thread at a time."""
        return self.kind.value, self.subject.id, self.carrier


@dataclass(frozen=True, slots=True)
class Price:
    """What a building pays and emits at the margin for a kilowatt-hour more of a carrier, without VAT.

    Attributes:
        sek_per_m3: what the flow through a heat exchanger costs.
    """

    sek_per_kwh: float | Missing
    g_per_kwh: float | Missing
    sek_per_m3: float | Missing


class Prices(Protocol):
    """Where prices come from; asking again gives the same."""

    def price(self, building: str, carrier: str, on: date) -> Price: ...


@dataclass(frozen=True, slots=True)
class Persistence:
    """An episode begins when `days` of the last `of` days of its kind are odd, and ends when `of` in a row are not."""

    days: int
    of: int


@dataclass(frozen=True, slots=True)
class Rules:
    """When a departure is worth telling. Settings.

    A day is odd when it lies above the expected by more than `share` of it, by more than `least_kwh` and by more than `spreads`
    times what the building varies by itself (domain facts section 8, with the third added so that a restless building is not
    told of its restlessness).

    Attributes:
        persistence: kind → how long it must last before it is told.
        per_week: so many new ones are told per owner and week, the costliest first; the others wait.
    """

    share: float = 0.20
    least_kwh: float = 10.0
    spreads: float = 3.0
    persistence: Mapping[DeviationKind, Persistence] = field(
        default_factory=lambda: {
            DeviationKind.NIGHT: Persistence(4, 5),
            DeviationKind.WEEKEND: Persistence(3, 4),
            DeviationKind.SCHOOL_HOLIDAY: Persistence(2, 3),
            DeviationKind.SUMMER: Persistence(5, 7),
            DeviationKind.WARM_WEATHER: Persistence(3, 4),
            DeviationKind.BASE_LOAD: Persistence(10, 14),
            DeviationKind.SILENT_METER: Persistence(1, 1),
            DeviationKind.STUCK_METER: Persistence(1, 1),
            DeviationKind.RETURN_TEMPERATURE: Persistence(5, 7),
            DeviationKind.BALANCE: Persistence(4, 5),
        }
    )
    per_week: int = 5


class ThreadState(StrEnum):
    """Where the thread from alarm to verified saving has come."""

    WAITING = "waiting"  # found, and more than the week's few: not told yet
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    ACTING = "acting"  # an action with its day is on record
    VERIFIED = "verified"  # the saving is shown by the model; watched for a rebound
    CLOSED = "closed"


STATE_WORDS: Mapping[ThreadState, tuple[str, str]] = {
    ThreadState.WAITING: ("väntar", "waiting"),
    ThreadState.OPENED: ("öppen", "open"),
    ThreadState.ACKNOWLEDGED: ("kvitterad", "acknowledged"),
    ThreadState.ACTING: ("åtgärdad, ej verifierad", "acted on, not verified"),
    ThreadState.VERIFIED: ("verifierad besparing", "saving verified"),
    ThreadState.CLOSED: ("stängd", "closed"),
}


class EventKind(StrEnum):
    """What happened to a thread."""

    FOUND = "found"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    MUTED = "muted"
    ACTION = "action"
    VERIFICATION = "verification"
    REBOUND = "rebound"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """One step of a thread. `day`: of an action when it was taken; of a mute the day on which it ends."""

    at: datetime
    kind: EventKind
    who: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A deviation from alarm to verified saving.

    Attributes:
        deviation: as it was last seen.
        opened: when it was first told; None while it waits.
        muted_until: nothing new is told of its kind at its subject before this day.
        action_day: when the action on record was taken.
        saving: as verified.
    """

    id: int
    state: ThreadState
    deviation: Deviation
    found: datetime
    opened: datetime | None
    closed: datetime | None
    muted_until: date | None
    mute_reason: str
    action_day: date | None
    saving: "Saving | None" = None

    def muted(self, on: date) -> bool:
        return self.muted_until is not None and on < self.muted_until


@dataclass(frozen=True, slots=True)
class Saving:
    """Use avoided against a baseline from before the action (IPMVP option C), with its 90 % interval. [kWh]

    `first_day` and `last_day`, both inside, are the days it was counted over.
    """

    kwh: float
    low: float
    high: float
    first_day: date
    last_day: date
    model: str

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def shown(self) -> bool:
        """Whether it is more than noise: the whole interval lies above nought."""
        return self.low > 0


class Savings(Protocol):
    """The savings model; asking again gives the same."""

    def saving(self, building: str, carrier: str, action: date, first: date, last: date) -> Saving | Missing:
        """What was saved from `first` to `last` against a baseline that ends before `action`."""
        ...
