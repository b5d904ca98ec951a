"""Who looks at a page, and what they may see and do. Signing in makes a Visitor; every page and every change asks it."""

from dataclasses import dataclass
from enum import StrEnum

from fastapi import Request

from config.domain.estate import Building, Portfolio
from config.domain.panels import Audience, Choice
from services.reports.wording import Language


class Rights(StrEnum):
    """What an account may do; each account has one."""

    PUBLIC = "public"  # nobody has signed in: what the portfolio marks public
    READER = "reader"  # sees every building and dashboard, changes nothing
    FACILITY_MANAGER = "facility_manager"  # sees and looks after the buildings given to the account
    ENVIRONMENT_TEAM = "environment_team"  # sees everything, keeps the log of deviations and actions
    ADMINISTRATOR = "administrator"  # everything, and the log of changes


CITIZENS_ONLY = frozenset({Audience.CITIZENS})
MANAGERS = frozenset({Audience.FACILITY_MANAGERS, Audience.CITIZENS})


@dataclass(frozen=True, slots=True)
class Visitor:
    """One reader of one page.

    Attributes:
        name: as the log of changes calls them; "" where nobody has signed in.
        buildings, owners: what a facility manager looks after.
        token: what a form has to send back, so that no other site can send it; "" where nothing may be changed.
        language: in which pages are written to them where the address names none.
    """

    name: str
    rights: Rights
    buildings: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    token: str = ""
    language: Language = "sv"

    @property
    def audiences(self) -> frozenset[Audience]:
        """Whose dashboards they may open."""
        if self.rights is Rights.PUBLIC:
            return CITIZENS_ONLY
        return MANAGERS if self.rights is Rights.FACILITY_MANAGER else frozenset(Audience)

    def may_see(self, building: Building) -> bool:
        """Whether the building's open figures are for them, at least."""
        return building.public or self.sees_whole(building)

    def sees_whole(self, building: Building) -> bool:
        """Whether all that is measured there is for them. What facility managers do not look after they see as anybody does."""
        if self.rights is Rights.PUBLIC:
            return False
        return self.rights is not Rights.FACILITY_MANAGER or self._looks_after(building)

    def audiences_in(self, building: Building) -> frozenset[Audience]:
        """Whose dashboards of that building they may open."""
        return self.audiences if self.sees_whole(building) else CITIZENS_ONLY

    def sees(self, portfolio: Portfolio) -> Choice:
        """The buildings of which they see all; of nobody's, those that are open."""
        public = self.rights is Rights.PUBLIC
        buildings = portfolio.buildings.values()
        seen = tuple(each.id for each in buildings if (each.public if public else self.sees_whole(each)))
        return Choice(seen, whole=len(seen) == len(portfolio.buildings), public=public)

    def may_keep(self, building: Building) -> bool:
        """Whether they may acknowledge, mute, log an action and close what deviates there."""
        if self.rights is Rights.FACILITY_MANAGER:
            return self._looks_after(building)
        return self.rights in (Rights.ENVIRONMENT_TEAM, Rights.ADMINISTRATOR)

    def may_decide(self, building: Building) -> bool:
        """Whether they may confirm or refuse a meter exchange: that changes figures."""
        if self.rights is Rights.FACILITY_MANAGER:
            return self._looks_after(building)
        return self.rights is Rights.ADMINISTRATOR

    @property
    def sees_service(self) -> bool:
        """Whether alerts about the service itself are for them; it measures everybody's buildings."""
        return self.rights not in (Rights.PUBLIC, Rights.FACILITY_MANAGER)

    @property
    def keeps_service(self) -> bool:
        """Whether they may acknowledge those."""
        return self.rights is Rights.ADMINISTRATOR

    def _looks_after(self, building: Building) -> bool:
        return building.id in self.buildings or building.owner in self.owners


NOBODY = Visitor("", Rights.PUBLIC)
ON_THIS_MACHINE = Visitor("", Rights.READER)
"""Who asks over loopback where no sign-in is set up: the trial on one's own machine."""


def visitor_of(request: Request) -> Visitor:
    """Who asks. The middleware of `services.web.application` has put it there; nobody where it has not."""
    found = getattr(request.state, "visitor", NOBODY)
    assert isinstance(found, Visitor)  # noqa: S101 - only the middleware writes there
    return found
