"""What saved most in the public buildings: verified savings by what was wrong, with what was done about it. Pure.

Only what the savings model showed to be more than noise, of buildings and carriers that are open. What people wrote about it is
not told: it is theirs, and may name somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from config.domain.deviations import METERING, DeviationKind, Thread
from config.domain.estate import Portfolio
from config.domain.indicators import Subject, SubjectKind
from config.domain.open_figures import OpenFigures, reported_as


@dataclass(frozen=True, slots=True)
class Saved:
    """One building's verified saving. [kWh, counted over `days`]"""

    building: str
    name: str
    carrier: str
    kwh: float
    low: float
    high: float
    days: int
    first: str
    last: str
    action_sv: str
    action_en: str

    @property
    def kwh_a_day(self) -> float:
        return self.kwh / self.days


@dataclass(frozen=True, slots=True)
class Kind:
    """All that was saved by mending one kind of fault, the largest first."""

    kind: DeviationKind
    saved: tuple[Saved, ...]

    @property
    def kwh(self) -> float:
        return sum(each.kwh for each in self.saved)


def savings(threads: Iterable[Thread], portfolio: Portfolio, figures: OpenFigures) -> tuple[Kind, ...]:
    """By kind, what saved most first."""
    found: dict[DeviationKind, list[Saved]] = {}
    for thread in threads:
        saved = _saved(thread, portfolio, figures)
        if saved is not None:
            found.setdefault(thread.deviation.kind, []).append(saved)
    kinds = (Kind(kind, tuple(sorted(each, key=lambda one: -one.kwh))) for kind, each in found.items())
    return tuple(sorted(kinds, key=lambda each: -each.kwh))


def _saved(thread: Thread, portfolio: Portfolio, figures: OpenFigures) -> Saved | None:
    deviation, saving = thread.deviation, thread.saving
    if saving is None or not saving.shown or deviation.kind in METERING or not _is_open(thread, portfolio, figures):
        return None
    return Saved(
        deviation.building,
        portfolio.buildings[deviation.building].name,
        deviation.carrier,
        saving.kwh,
        saving.low,
        saving.high,
        saving.days,
        saving.first_day.isoformat(),
        saving.last_day.isoformat(),
        deviation.action_sv,
        deviation.action_en,
    )


def _is_open(thread: Thread, portfolio: Portfolio, figures: OpenFigures) -> bool:
    """Of a building's open carrier; of a point where the point is open itself."""
    deviation = thread.deviation
    if not figures.has(Subject(SubjectKind.BUILDING, deviation.building), deviation.carrier):
        return False
    if deviation.subject.kind is not SubjectKind.POINT:
        return True
    point = portfolio.points.get(deviation.subject.id)
    return point is not None and point.public and reported_as(point) == deviation.carrier
