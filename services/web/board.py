"""What the board's pages share: whose figures they show, whom they ask, and which dashboards there are for whom."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from urllib.parse import quote, urlencode

from fastapi import Request

from config.domain.clock import Clock
from config.domain.estate import Building, Portfolio
from config.domain.indicators import Subject
from config.domain.panels import About, Choice, Dashboard
from config.domain.periods import MONTHS_EN, MONTHS_SV, local_date, month
from services.reports.lineage import LineageReader
from services.reports.wording import ATTRIBUTES, Language, pick
from services.web.access import Unseen, choice_of, may_see_subject, seen_building, seen_dashboard
from services.web.filters import Filters, Option, filters_of
from services.web.reading import SeriesReader
from services.web.shell import language_of
from services.web.view.situation import Situation
from services.web.view.viewer import Viewer
from services.web.visitor import Visitor, visitor_of

MONTHS_BACK = 36


@dataclass(frozen=True, slots=True)
class Shown:
    """A dashboard as one reader sees it.

    Attributes:
        building: that it is about; None: the whole estate, less what `filters` take away.
        offered: the buildings before the filters.
        month: as in the address, "2026-10"; "" where it is of now.
    """

    dashboard: Dashboard
    building: Building | None
    offered: Choice
    filters: Filters
    month: str
    situation: Situation

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.situation)

    @property
    def path(self) -> str:
        """Of its page."""
        uid = self.dashboard.uid
        return f"/byggnad/{quote(self.building.id, safe='')}/{uid}" if self.building else f"/tavla/{uid}"

    @property
    def live_path(self) -> str:
        """Of its panels alone."""
        building = f"/{quote(self.building.id, safe='')}" if self.building else ""
        return f"/paneler/{self.dashboard.uid}{building}{self.query()}"

    @property
    def file_path(self) -> str:
        """Of a panel as a file; the panel's id comes where the braces are."""
        about = {"byggnad": self.building.id} if self.building else {}
        return f"/csv/{self.dashboard.uid}/{{}}{self.query(**about)}"

    def query(self, **more: str) -> str:
        """What keeps filters, month and language in an address."""
        language = self.situation.kept_language
        month = {"month": self.month} if self.month else {}
        kept = more | self.filters.query() | month | ({"lang": language} if language else {})
        return f"?{urlencode(kept)}" if kept else ""


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

    def of_building(self, visitor: Visitor, building: Building) -> tuple[Dashboard, ...]:
        """Those of one building that they may open and that concern it."""
        audiences = visitor.audiences_in(building)
        return tuple(
            each
            for each in self.dashboards
            if each.about is About.BUILDING
            and each.audience in audiences
            and each.concerns(self.portfolio, building.id)
            and (building.public or not each.public)
        )

    def of_estate(self, visitor: Visitor, like: Dashboard) -> tuple[Dashboard, ...]:
        """Those of the same audience and the whole estate."""
        return tuple(
            each
            for each in self.dashboards
            if each.about is About.ESTATE and each.audience is like.audience and each.audience in visitor.audiences
        )

    def of_one(self, request: Request, building: str, dashboard: str = "") -> Shown:
        """A building's dashboard, the first where none is named.

        Raises:
            Unseen: there is none, or it is not for them.
        """
        visitor = visitor_of(request)
        found = seen_building(self.portfolio, visitor, building)
        offered = self.of_building(visitor, found)
        shown = next((each for each in offered if each.uid == dashboard or not dashboard), None)
        if shown is None:
            raise Unseen
        choice = Choice((found.id,), public=shown.public)
        return self._shown(request, shown, found, choice, Filters())

    def of_all(self, request: Request, dashboard: str) -> Shown:
        """A dashboard of the buildings that the address leaves.

        Raises:
            Unseen: there is none, or it is not for them.
        """
        visitor = visitor_of(request)
        shown = seen_dashboard(self.dashboards, visitor, dashboard, About.ESTATE)
        return self._shown(request, shown, None, choice_of(self.portfolio, shown, visitor), filters_of(request))

    def situation(self, request: Request, choice: Choice, at: datetime | None = None) -> Situation:
        """How the reader sees those buildings."""
        visitor = visitor_of(request)

        @cache
        def linked(subject: Subject) -> bool:
            return self.figures is not None and may_see_subject(self.portfolio, visitor, subject)

        @cache
        def visited(building: str) -> bool:
            found = self.portfolio.buildings.get(building)
            return found is not None and visitor.may_see(found) and bool(self.of_building(visitor, found))

        language, own = language_of(request), visitor.language
        return Situation(self.portfolio, choice, at or self.now(), language, self.reader, linked, visited, own=own)

    def months(self, shown: Shown) -> list[Option]:
        """That a reader may ask for, the latest first."""
        on, language = local_date(self.now(), self.portfolio.timezone), shown.situation.language
        names = MONTHS_SV if language == "sv" else MONTHS_EN
        found = []
        for back in range(1, MONTHS_BACK + 1):
            number = on.year * 12 + on.month - 1 - back
            value = f"{number // 12}-{number % 12 + 1:02}"
            found.append(Option(value, f"{names[number % 12]} {number // 12}", value == shown.month))
        return found

    def _shown(
        self, request: Request, dashboard: Dashboard, building: Building | None, offered: Choice, filters: Filters
    ) -> Shown:
        asked = request.query_params.get("month", "") if dashboard.monthly else ""
        at = self._end_of(asked) if asked else None
        situation = self.situation(request, filters.choose(self.portfolio, offered), at)
        return Shown(dashboard, building, offered, filters, asked, situation)

    def _end_of(self, text: str) -> datetime:
        """Of a month that is over. Raises Unseen."""
        zone = self.portfolio.timezone
        try:
            end = month(date.fromisoformat(f"{text}-01"), zone).end
        except ValueError:
            raise Unseen from None
        if end > self.now():
            raise Unseen
        return end


def invented(building: Building, language: Language) -> str:
    """Which of its attributes are invented."""
    names = [pick(language, *ATTRIBUTES[each]) if each in ATTRIBUTES else each for each in sorted(building.example)]
    return ", ".join(dict.fromkeys(names))
