"""Which figures of which carrier anybody may have: what the portfolio marks public, and nothing that tells of the rest. Pure.

A building is open as a whole (`Building.public`) and its points one by one (`MeteringPoint.public`). Where a carrier has a main
meter that is not open, the building's figure of that carrier would be that meter's, or would be once the open ones are taken off;
so it is not open, and neither is a sum over carriers that it is part of. Groups follow `config.domain.openness`, carrier by
carrier: what is not open in them must be none or stand together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from config.domain.estate import Building, Carrier, Direction, MeteringPoint, Portfolio
from config.domain.indicators import PORTFOLIO, Missing, Subject, SubjectKind
from config.domain.openness import LEAST_HIDDEN, open_groups

ALL = ""  # the carrier of a figure that speaks of all energy; water is not in it
GROUPS = frozenset({SubjectKind.BUILDING_KIND, SubjectKind.PORTFOLIO})


def reported_as(point: MeteringPoint) -> str:
    """The name that a point's energy goes by: its carrier, and apart from it what export registers counted.

    Net registers have already taken off what was sent out. Whatever way a solar plant's register is said to count, it is
    what the plant produced.
    """
    sent_out = point.direction is Direction.EXPORT and point.carrier is not Carrier.SOLAR
    return f"{point.carrier.value}_export" if sent_out else point.carrier.value


@dataclass(frozen=True)
class OpenFigures:
    """What of one portfolio is open."""

    portfolio: Portfolio

    @cached_property
    def buildings(self) -> tuple[Building, ...]:
        return tuple(building for building in self.portfolio.buildings.values() if building.public)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the open buildings whose figures are open for one carrier at least."""
        named = dict.fromkeys(building.kind for building in self.buildings)
        carriers = (ALL, *sorted({carrier for found in self._carriers.values() for carrier in found}))
        return tuple(kind for kind in named if any(self.has(Subject(SubjectKind.BUILDING_KIND, kind), each) for each in carriers))

    def carriers(self, building: str) -> tuple[str, ...]:
        """What is metered there, open or not, as figures report it."""
        return self._carriers.get(building, ())

    def shows(self, subject: Subject, carriers: Iterable[str]) -> bool:
        """Whether a question after these carriers of the subject tells nothing that is not open. What is not metered does not.

        A question is of one or several carriers of many subjects: who has one of them hidden is left out of it.
        """
        if subject.kind is not SubjectKind.BUILDING:
            return all(self.has(subject, carrier) for carrier in carriers)
        asked = [carrier for carrier in carriers if carrier == ALL or carrier in self.carriers(subject.id)]
        return bool(asked) and all(self.has(subject, carrier) for carrier in asked)

    def points(self, building: str, carrier: str) -> tuple[MeteringPoint, ...]:
        """The main metering points of a building's open carrier; none where it is not open."""
        found = tuple(point for point in self._main(building) if reported_as(point) == carrier)
        return found if self.has(Subject(SubjectKind.BUILDING, building), carrier) else ()

    def has(self, subject: Subject, carrier: str) -> bool:
        """Whether figures of the subject and carrier are open. Those of single points and of owners never are."""
        if subject.kind is SubjectKind.BUILDING:
            return self._of_building(subject.id, carrier)
        if subject.kind is SubjectKind.PORTFOLIO:
            subject = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)  # whatever it is called: there is one
        return subject.kind in GROUPS and subject in self._groups and self._of_group(subject, carrier)

    def subjects(self, kind: SubjectKind) -> tuple[str, ...]:
        """The ids of that kind which have an open figure of some carrier."""
        match kind:
            case SubjectKind.BUILDING:
                return tuple(building.id for building in self.buildings)
            case SubjectKind.BUILDING_KIND:
                return self.kinds
            case SubjectKind.PORTFOLIO:
                return (PORTFOLIO,) if Subject(kind, PORTFOLIO) in self._groups else ()
            case _:
                return ()

    def why_not(self, building: str, carrier: str) -> Missing:
        """Why a public building's carrier is not open, for whoever misses it."""
        if carrier not in self.carriers(building):
            return Missing("Byggnaden har ingen mätare för det.", "The building has no meter of it.")
        return Missing(
            "En av byggnadens huvudmätare för det är inte märkt öppen, så summan är det inte heller.",
            "One of the building's main meters of it is not marked open, so neither is the sum.",
        )

    @cached_property
    def _carriers(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(dict.fromkeys(reported_as(point) for point in self._main(name))) for name in self.portfolio.buildings}

    @cached_property
    def _groups(self) -> frozenset[Subject]:
        return open_groups(self.portfolio)

    @cached_property
    def _points(self) -> dict[str, tuple[MeteringPoint, ...]]:
        table: dict[str, list[MeteringPoint]] = {}
        for point in self.portfolio.points.values():
            if point.parent is None:
                table.setdefault(point.building, []).append(point)
        return {name: tuple(points) for name, points in table.items()}

    def _main(self, building: str) -> tuple[MeteringPoint, ...]:
        return self._points.get(building, ())

    def _of_building(self, name: str, carrier: str) -> bool:
        building = self.portfolio.buildings.get(name)
        if building is None or not building.public:
            return False
        concerned = [point for point in self._main(name) if _concerns(point, carrier)]
        return bool(concerned) and all(point.public for point in concerned)

    def _of_group(self, group: Subject, carrier: str) -> bool:
        """Whether the buildings of it whose own figure of the carrier is not open are none, or stand together."""
        members = self.portfolio.buildings.values()
        if group.kind is SubjectKind.BUILDING_KIND:
            return _stand_together(self._hidden((each for each in members if each.kind == group.id), carrier))
        kinds = {each.kind for each in members}
        open_kinds = {kind for kind in kinds if self.has(Subject(SubjectKind.BUILDING_KIND, kind), carrier)}
        return _stand_together(self._hidden((each for each in members if each.kind not in open_kinds), carrier))

    def _hidden(self, buildings: Iterable[Building], carrier: str) -> int:
        metered = (each for each in buildings if any(_concerns(point, carrier) for point in self._main(each.id)))
        return sum(not self._of_building(each.id, carrier) for each in metered)


def _concerns(point: MeteringPoint, carrier: str) -> bool:
    return point.carrier is not Carrier.WATER if carrier == ALL else reported_as(point) == carrier


def _stand_together(hidden: int) -> bool:
    return hidden == 0 or hidden >= LEAST_HIDDEN


_latest: list[OpenFigures] = []


def open_figures(portfolio: Portfolio) -> OpenFigures:
    """Of that portfolio; the same one while it stays, since an open page asks with every question."""
    if not _latest or _latest[0].portfolio is not portfolio:
        _latest[:] = [OpenFigures(portfolio)]
    return _latest[0]
