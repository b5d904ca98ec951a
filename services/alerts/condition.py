"""What there is to tell of, and the seam to those who know it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from config.domain.alerts import AlertKind
from config.domain.estate import Portfolio


@dataclass(frozen=True, slots=True)
class Place:
    """The building that something is of, with its owner; all "" where it is of our own service."""

    building: str = ""
    owner: str = ""
    name: str = ""


SERVICE = Place()


def place(portfolio: Portfolio, building: str) -> Place:
    """The building's; one that has left the portfolio has no owner, and only who hears of all buildings is told of it."""
    known = portfolio.buildings.get(building)
    return Place(building, known.owner, known.name) if known else Place(building, "", building)


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that holds now.

    Attributes:
        key: of it; the same while it is the same.
        sek: what it has cost without VAT, where that is known.
        link: its page on the board, as "/avvikelse/17".
        acknowledged: who has taken it on, as far as the source knows; "" where nobody has.
        urgent: told at night and on days off too.
        lasting: how long it must hold before it is told; `calm`: how long it must be gone before it is over.
        momentary: it happened and has no end; told once, ever.
    """

    key: str
    kind: AlertKind
    title_sv: str
    title_en: str
    sentence_sv: str
    sentence_en: str
    action_sv: str = ""
    action_en: str = ""
    place: Place = SERVICE
    sek: float | None = None
    link: str = ""
    acknowledged: str = ""
    urgent: bool = False
    lasting: timedelta = timedelta(0)
    calm: timedelta = timedelta(0)
    momentary: bool = False

    def fields(self) -> dict[str, Any]:
        """What is kept of it, and told; JSON."""
        kept = asdict(self)
        for name in ("key", "lasting", "calm", "momentary"):
            del kept[name]
        return kept | {"calm_s": self.calm.total_seconds()}


@dataclass(frozen=True, slots=True)
class Over:
    """What is said when something is over."""

    sentence_sv: str
    sentence_en: str


OVER = Over("Det är över.", "It is over.")


class Source(Protocol):
    """Knows one kind of thing. Asking changes nothing.

    Raises (both):
        MonitorError: it cannot be said now; what held before is then neither over nor begun anew.
    """

    @property
    def name(self) -> str: ...

    def holding(self, now: datetime) -> Sequence[Condition]:
        """Everything that holds."""
        ...

    def over(self, key: str, now: datetime) -> Over | None:
        """What to say of something that holds no more; None: nothing."""
        ...


class CannotAsk:
    """What holds while a source cannot be asked: then nobody would hear of anything, and that is told."""

    over = Over("Det går att avgöra igen.", "It can be told again.")

    def of(self, source: str) -> Condition:
        """Of that source, by its name."""
        return Condition(
            key=f"cannot-ask:{source}",
            kind=AlertKind.SERVICE,
            title_sv="Larm kan inte avgöras",
            title_en="Alerts cannot be told",
            sentence_sv=f"Tillstånd eller databas svarar inte ({source}). Larm kan utebli.",
            sentence_en=f"State or store does not answer ({source}). Alerts may be missing.",
            action_sv="Kör `energimonitor doctor`.",
            action_en="Run `energimonitor doctor`.",
            urgent=True,
            lasting=timedelta(minutes=10),
            calm=timedelta(minutes=10),
        )


CANNOT_ASK = CannotAsk()
