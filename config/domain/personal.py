"""Which metering points may tell how a household lives. They are never open, whatever the portfolio says. Pure.

The hourly electricity, heat or water of a flat with one tenant is personal data: it tells when somebody is at home, asleep or
away. A whole block's is nobody's in particular. What a portfolio knows of a point is what it hangs on, so the rule is:

- in housing, a point of the occupants' use (`end_use: occupant`) is a household's, and so is a sub-meter, unless it is said to
  measure the building's own use (`end_use: building`);
- in housing of less than LEAST_HOUSING_M2, or of unknown size, every point is: so few households live there that the sum is
  nearly one of them;
- in a care home, where people live too, a sub-meter of the occupants' use is a resident's.

A building with a household's main meter is not open either, since its figures would be that household's.

Left out on purpose: fuses and yearly use, which are of a staircase's lighting as often as of a flat.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from config.domain.estate import Building, EndUse, MeteringPoint

HOUSING, CARE_HOME = "housing", "care_home"
LEAST_HOUSING_M2 = 500.0
"""Atemp of about five ordinary flats with their stairs; our own limit, since no Swedish rule gives one."""


def is_households(point: MeteringPoint, building: Building) -> bool:
    """Whether the point measures so few people that its hours are about them."""
    if building.kind == CARE_HOME:
        return point.parent is not None and point.end_use is EndUse.OCCUPANT
    if building.kind != HOUSING:
        return False
    if building.area_m2 is None or building.area_m2 < LEAST_HOUSING_M2:
        return True
    return point.end_use is EndUse.OCCUPANT or (point.parent is not None and point.end_use is not EndUse.BUILDING)


def tells_a_household(building: Building, points: Iterable[MeteringPoint]) -> bool:
    """Whether the building's own figures would be a household's."""
    return any(point.parent is None and is_households(point, building) for point in points)


def closed(
    buildings: Mapping[str, Building], points: Mapping[str, MeteringPoint]
) -> tuple[dict[str, Building], dict[str, MeteringPoint]]:
    """The same with the mark `public` taken off what is a household's, and off the points of the buildings that lose it."""
    within: dict[str, list[MeteringPoint]] = {name: [] for name in buildings}
    for point in points.values():
        within[point.building].append(point)
    shut = {
        name: replace(building, public=False) if building.public and tells_a_household(building, within[name]) else building
        for name, building in buildings.items()
    }
    kept = {
        name: replace(point, public=False)
        if point.public and (not shut[point.building].public or is_households(point, shut[point.building]))
        else point
        for name, point in points.items()
    }
    return shut, kept
