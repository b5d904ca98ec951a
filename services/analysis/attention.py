"""Which deviations a person is told of, and in which order: the costliest, once, and few. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from config.domain.deviations import Deviation, DeviationKind, Saving
from config.domain.indicators import Missing

ONE_CAUSE = frozenset(
    {
        DeviationKind.NIGHT,
        DeviationKind.WEEKEND,
        DeviationKind.SCHOOL_HOLIDAY,
        DeviationKind.SUMMER,
        DeviationKind.WARM_WEATHER,
        DeviationKind.BASE_LOAD,
    }
)
"""Kinds that one thing left on shows in several of: at one building and carrier, those that overlap are one."""
ECHO = timedelta(days=14)  # after its end, in which the same thing coming back is not news
RANK_SEK_PER_KWH = 1.0  # orders what has no price among what has; it is never shown
REBOUND_SHARE = 0.5  # of the verified saving a day: when no more than this is left, the use has come back


def without_echoes(deviations: Iterable[Deviation]) -> list[Deviation]:
    """One of each cause: the one that was seen first stays, with the kinds of the others under `also` in its evidence."""
    kept: list[Deviation] = []
    for item in sorted(deviations, key=lambda each: (each.detected, each.first_day, each.kind, each.subject.id, each.carrier)):
        at = next((n for n, earlier in enumerate(kept) if _same_cause(earlier, item)), None)
        if at is None:
            kept.append(item)
        else:
            kept[at] = _joined(kept[at], item)
    return kept


def _same_cause(earlier: Deviation, item: Deviation) -> bool:
    place = (earlier.building, earlier.carrier) == (item.building, item.carrier)
    kind = earlier.key == item.key or (earlier.kind in ONE_CAUSE and item.kind in ONE_CAUSE)
    return place and kind and item.first_day <= earlier.last_day + ECHO


def _joined(kept: Deviation, echo: Deviation) -> Deviation:
    if kept.kind is echo.kind:  # the same again: it went on, with a pause
        return replace(
            kept,
            last_day=max(kept.last_day, echo.last_day),
            going_on=echo.going_on,
            kwh=_added(kept.kwh, echo.kwh),
            sek=_added(kept.sek, echo.sek),
            kg=_added(kept.kg, echo.kg),
            sentence_sv=echo.sentence_sv,
            sentence_en=echo.sentence_en,
        )
    also = sorted({*kept.evidence.get("also", ()), echo.kind.value})
    return replace(
        kept,
        last_day=max(kept.last_day, echo.last_day),
        going_on=kept.going_on or echo.going_on,
        evidence={**kept.evidence, "also": also},
    )


def _added(one: float | Missing, other: float | Missing) -> float | Missing:
    return one if isinstance(one, Missing) else other if isinstance(other, Missing) else one + other


def worth(deviation: Deviation) -> float:
    """What it is ranked by: kronor, or kWh in their place where there is no price."""
    if not isinstance(deviation.sek, Missing):
        return deviation.sek
    return 0.0 if isinstance(deviation.kwh, Missing) else deviation.kwh * RANK_SEK_PER_KWH


def ranked(deviations: Iterable[Deviation]) -> list[Deviation]:
    """The costliest first; of equal ones the older, then by name, so that a list never shuffles."""
    return sorted(deviations, key=lambda item: (-worth(item), item.first_day, item.key))


def told_now(waiting: Sequence[tuple[str, Deviation]], told_this_week: Iterable[str], per_week: int) -> list[int]:
    """Which of those waiting are told now.

    Args:
        waiting: (owner, deviation).
        told_this_week: the owner of each one that was told in the last seven days.
    Returns:
        Numbers in `waiting`, the costliest first.
    """
    left: dict[str, int] = {}
    for owner in told_this_week:
        left[owner] = left.get(owner, per_week) - 1
    order = sorted(range(len(waiting)), key=lambda n: (-worth(waiting[n][1]), waiting[n][1].first_day, waiting[n][1].key))
    chosen = []
    for number in order:
        owner = waiting[number][0]
        if left.setdefault(owner, per_week) > 0:
            left[owner] -= 1
            chosen.append(number)
    return chosen


def has_rebounded(verified: Saving, recent: Saving) -> bool:
    """Whether the verified saving is gone: even the best reading of the recent days leaves less than half of it a day."""
    return recent.high / recent.days < REBOUND_SHARE * verified.kwh / verified.days


def week_before(day: date) -> date:
    """The first day of the seven that end with `day`."""
    return day - timedelta(days=6)
