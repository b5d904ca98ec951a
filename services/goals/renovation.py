"""Renovated share of floor area, as directive (EU) 2023/1791 article 6 counts it.

At least 3 % a year of the total floor area of public bodies' buildings [S]: an average over the whole stock of all its owners,
never a demand on one building. The level to be renovated to, the 250 m² limit and the alternative approach are unverified [U].
"""

from collections.abc import Mapping

from config.domain.indicators import Missing


def renovated_share(renovated_m2: Mapping[str, float], area_m2: Mapping[str, float | None]) -> float | Missing:
    """Area renovated in a year of all area in scope. [0..1]

    Args:
        renovated_m2: building → area whose renovation was finished in the year.
        area_m2: every building in scope → its area; None where nobody entered it, which leaves the share unknown.
    Raises:
        ValueError: more is renovated than there is; a renovated building that is not in scope; an area below 0.
    """
    lacking = sorted(building for building, area in area_m2.items() if area is None)
    if lacking:
        names = ", ".join(lacking)
        return Missing(
            f"Area saknas för {names}; för in den i portfolio.yaml.", f"No area of {names}; enter it in portfolio.yaml."
        )
    areas = {building: area for building, area in area_m2.items() if area is not None}
    for building, renovated in renovated_m2.items():
        if building not in areas:
            raise ValueError(f"{building} is not among the buildings in scope")
        if not 0 <= renovated <= areas[building]:
            raise ValueError(f"{building}: {renovated:g} m² renovated of {areas[building]:g} m²")
    whole = sum(areas.values())
    if whole <= 0:
        return Missing("Ingen byggnad är i urvalet.", "No building is in scope.")
    return sum(renovated_m2.values()) / whole
