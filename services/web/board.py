"""What the board's pages share: whose figures they show, whom they ask, and which dashboards there are."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from config.domain.clock import Clock
from config.domain.estate import Building, Portfolio
from config.domain.panels import About, Dashboard
from services.reports.lineage import LineageReader
from services.web.access import Unseen, seen_building, seen_dashboard
from services.web.reading import SeriesReader
from services.web.shell import language_of
from services.web.view import Viewer
from services.web.visitor import Visitor, visitor_of
from services.web.wording import ATTRIBUTES, KINDS, Language, pick


@dataclass(frozen=True, slots=True)
class Board:
    """
    Attributes:
        reader: remembers its answers for some seconds.
        figures: the published ones and where they come from; None: there are no such pages.
    """

    portfolio: Portfolio
    dashboards: tuple[Dashboard, ...]
    reader: SeriesReader
    clock: Clock
    figures: LineageReader | None

    def now(self) -> datetime:
        return self.clock.now()

    def of_building(self, visitor: Visitor) -> tuple[Dashboard, ...]:
        """Those of one building that they may open."""
        return tuple(each for each in self.dashboards if each.about is About.BUILDING and each.audience in visitor.audiences)

    def found(self, request: Request, building: str, dashboard: str = "") -> tuple[Building, Dashboard]:
        """A building and its dashboard, the first where none is named.

        Raises:
            Unseen: there is none, or it is not for them.
        """
        visitor = visitor_of(request)
        found = seen_building(self.portfolio, visitor, building)
        if dashboard:
            return found, seen_dashboard(self.dashboards, visitor, dashboard, About.BUILDING)
        offered = self.of_building(visitor)
        if not offered:
            raise Unseen
        return found, offered[0]

    def viewer(self, request: Request, building: str) -> Viewer:
        return Viewer(self.portfolio, building, self.now(), language_of(request), self.reader)

    def owner(self, building: Building) -> str:
        owner = self.portfolio.owners.get(building.owner)
        return owner.name if owner else building.owner


def kind_of(building: Building, language: Language) -> str:
    return pick(language, *KINDS[building.kind]) if building.kind in KINDS else building.kind


def invented(building: Building, language: Language) -> str:
    """Which of its attributes are invented."""
    names = [pick(language, *ATTRIBUTES[each]) if each in ATTRIBUTES else each for each in sorted(building.example)]
    return ", ".join(dict.fromkeys(names))
