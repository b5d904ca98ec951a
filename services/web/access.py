"""What a visitor may open. Whoever may not see a thing is told no more than whoever asks for what does not exist."""

from fastapi import HTTPException

from config.domain.estate import Building, Portfolio
from config.domain.indicators import Subject, SubjectKind
from config.domain.open_figures import ALL, open_figures
from config.domain.panels import About, Choice, Dashboard
from services.web.visitor import Visitor


class Unseen(HTTPException):
    """There is no such thing, or it is not for them: one answer. Who has not signed in is asked to, where that can be done."""

    def __init__(self) -> None:
        super().__init__(404)


def seen_building(portfolio: Portfolio, visitor: Visitor, identifier: str) -> Building:
    """The building.

    Raises:
        Unseen: there is none, or they may not see it.
    """
    building = portfolio.buildings.get(identifier)
    if building is None or not visitor.may_see(building):
        raise Unseen
    return building


def wholly_seen(portfolio: Portfolio, visitor: Visitor, identifier: str) -> Building:
    """The building, of which they see all: also what people wrote about it.

    Raises:
        Unseen: there is none, or they may not see all of it.
    """
    building = portfolio.buildings.get(identifier)
    if building is None or not visitor.sees_whole(building):
        raise Unseen
    return building


def seen_dashboard(dashboards: tuple[Dashboard, ...], visitor: Visitor, uid: str, about: About) -> Dashboard:
    """The dashboard.

    Raises:
        Unseen: there is none of that kind, or they may not open it.
    """
    dashboard = next((each for each in dashboards if each.uid == uid and each.about is about), None)
    if dashboard is None or dashboard.audience not in visitor.audiences:
        raise Unseen
    return dashboard


def choice_of(portfolio: Portfolio, dashboard: Dashboard, visitor: Visitor) -> Choice:
    """All buildings that the dashboard tells them of. An open one tells everybody the same."""
    return dashboard.shown(portfolio, visitor.sees(portfolio))


def may_see_subject(portfolio: Portfolio, visitor: Visitor, subject: Subject) -> bool:
    """Whether a published figure and what it is made of are for them: every building in it is."""
    if subject.kind is SubjectKind.POINT:
        point = portfolio.points.get(subject.id)
        if point is None or not (point.public or visitor.sees_whole(portfolio.buildings[point.building])):
            return False
    within = _within(portfolio, subject)
    return bool(within) and all(visitor.may_see(building) for building in within)


def reads_all(portfolio: Portfolio, visitor: Visitor, subject: Subject) -> bool:
    """Whether what is said about a figure is for them word for word, and not only as anybody may read it."""
    return all(visitor.sees_whole(building) for building in _within(portfolio, subject))


def may_see_figure(portfolio: Portfolio, visitor: Visitor, subject: Subject, carrier: str) -> bool:
    """Whether a figure of that carrier is for them, with the meters that it comes from.

    Whoever does not see all of a building may see a carrier of it where all its main meters of that are open
    (`config.domain.open_figures`): a page that follows a figure to its meters tells what each of them measured.
    """
    if not may_see_subject(portfolio, visitor, subject):
        return False
    if subject.kind is SubjectKind.POINT:
        return True
    figures = open_figures(portfolio)
    within = [each.id for each in _within(portfolio, subject) if not visitor.sees_whole(each)]
    metered = [each for each in within if carrier == ALL or carrier in figures.carriers(each)]
    return all(figures.has(Subject(SubjectKind.BUILDING, each), carrier) for each in metered if figures.carriers(each))


def _within(portfolio: Portfolio, subject: Subject) -> list[Building]:
    """The buildings that a figure is of."""
    buildings = portfolio.buildings.values()
    match subject.kind:
        case SubjectKind.POINT:
            point = portfolio.points.get(subject.id)
            return [portfolio.buildings[point.building]] if point else []
        case SubjectKind.BUILDING:
            return [building] if (building := portfolio.buildings.get(subject.id)) else []
        case SubjectKind.OWNER:
            return [each for each in buildings if each.owner == subject.id]
        case SubjectKind.BUILDING_KIND:
            return [each for each in buildings if each.kind == subject.id]
        case _:
            return list(buildings)
