"""What remains to a goal, and each building's part of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.domain.goals import Better, Goal
from config.domain.indicators import Missing
from services.goals.path import target_of


@dataclass(frozen=True, slots=True)
class BuildingPart:
    """One building's part of what remains, by its part of the energy use.

    Attributes:
        share: of the use that is known. [0..1]
        remains: in the goal's unit.
    """

    building: str
    use_kwh: float | Missing
    share: float | Missing
    remains: float | Missing


def remaining(goal: Goal, latest: float, year: int) -> float | Missing:
    """From the last value to the target, in the goal's unit; 0 where it is reached.

    Of a path without a target year (the EED line) it is what remains to the target of `year`.
    """
    target, towards = goal.target, goal.towards
    if isinstance(target, Missing) and goal.target_year is None:
        target = target_of(goal, year)
    if isinstance(target, Missing):
        return target
    if isinstance(towards, Missing):
        return towards
    return max(0.0, latest - target if towards is Better.LOWER else target - latest)


def is_sum(goal: Goal) -> bool:
    """Whether buildings' figures add up to the goal's: energy, water, tonnes and money do; shares and kWh/m² do not."""
    unit = goal.unit.removesuffix("/år")
    return not any(sign in unit for sign in ("/", "%", "andel", "index", "°"))


def per_building(remains: float, use_kwh: Mapping[str, float | Missing]) -> tuple[BuildingPart, ...]:
    """The remainder divided by energy use, the largest part first; buildings whose use is missing last, with the reason.

    A building's part is what it would save if all saved the same share: a measure of where to look, not a decided quota.
    Parts add up to the whole over the buildings whose use is known; who shows them says how many are not.

    Args:
        use_kwh: building → use of the last twelve months. [kWh]
    Raises:
        ValueError: a use below 0; a remainder below 0.
    """
    known = {building: use for building, use in use_kwh.items() if not isinstance(use, Missing)}
    if remains < 0 or any(use < 0 for use in known.values()):
        raise ValueError("neither use nor remainder is below 0")
    whole = sum(known.values())
    unused = Missing("Ingen energi användes i någon byggnad.", "No energy was used in any building.")
    parts = [
        BuildingPart(building, use, use / whole, remains * (use / whole))
        if whole > 0
        else BuildingPart(building, use, unused, unused)
        for building, use in known.items()
    ]
    parts.sort(key=lambda part: (-known[part.building], part.building))
    lacking = [BuildingPart(building, use, use, use) for building, use in sorted(use_kwh.items()) if isinstance(use, Missing)]
    return (*parts, *lacking)
