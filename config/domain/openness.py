"""Which groups' figures anybody may see without seeing a building that is not public through them. Pure.

What a group uses less what its public buildings use is what the others use. So a kind's figures are open where the others are
none or at least LEAST_HIDDEN, and the whole portfolio's where the same holds of the others that lie in no open kind: what is left
when every open kind is taken off. That is asked of the buildings that are metered, of those with an area, and of those with each
carrier, since a figure is of those that have what it needs. Owners cut across kinds, and what one of them leaves may be a single
building's of the other, so owners' figures are never open.

Left out on purpose: that one of three hidden buildings may be nearly all of them. Where that is too much, the kind has to
lose its public buildings.
"""

from collections import Counter
from collections.abc import Iterable

from config.domain.estate import Building, Carrier, Portfolio
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind

LEAST_HIDDEN = 3
"""So few at least stand together; a common rule of statistics on establishments, and our own choice here."""


def open_groups(portfolio: Portfolio) -> frozenset[Subject]:
    """The kinds of building, and the portfolio, whose figures anybody may see."""
    hidden: dict[str, list[Building]] = {building.kind: [] for building in portfolio.buildings.values()}
    for building in portfolio.buildings.values():
        if not building.public:
            hidden[building.kind].append(building)
    kinds = {kind for kind, buildings in hidden.items() if _stand_together(portfolio, buildings)}
    rest = [building for kind, buildings in hidden.items() if kind not in kinds for building in buildings]
    found = {Subject(SubjectKind.BUILDING_KIND, kind) for kind in kinds}
    if _stand_together(portfolio, rest):
        found.add(Subject(SubjectKind.PORTFOLIO, PORTFOLIO))
    return frozenset(found)


def _stand_together(portfolio: Portfolio, hidden: Iterable[Building]) -> bool:
    """Whether the buildings of any figure among these are none or at least LEAST_HIDDEN."""
    of_figures = Counter[tuple[Carrier | None, bool]]()
    for building in hidden:
        carriers = {point.carrier for point in portfolio.points_in(building.id)}
        measured = (None, *carriers) if carriers else ()
        areas = (False, True) if building.area_m2 else (False,)
        of_figures.update((carrier, per_area) for carrier in measured for per_area in areas)
    return all(count >= LEAST_HIDDEN for count in of_figures.values())
