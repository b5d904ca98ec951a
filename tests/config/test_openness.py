"""Which groups' figures anybody may see."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.estate import Building, Carrier, Portfolio
from config.domain.indicators import INDICATORS, PORTFOLIO, Subject, SubjectKind
from config.domain.openness import LEAST_HIDDEN, open_groups
from config.domain.panels import Audience, Choice, Dashboard, PanelQuery, Role, Scope, everything, opened
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from config.domain.windows import LAST_MONTH
from tests.dashboards import example

KINDS = ("school", "office", "housing", "library")


def town(*buildings: tuple[str, bool], area_m2: float | None = 1_000.0) -> Portfolio:
    """Buildings of (kind, public), each with a meter of electricity and one of heat."""
    made, points = {}, {}
    for number, (kind, public) in enumerate(buildings):
        name = f"b{number}"
        made[name] = Building(name, name, kind, "owner", area_m2, public=public)
        for carrier in (Carrier.ELECTRICITY, Carrier.DISTRICT_HEATING):
            point = example.point(f"{name}-{carrier}", name, name, carrier)
            points[point.id] = replace(point, public=public)
    return Portfolio("Provköping", example.ZONE, {}, made, points, {}, ())


def kinds_of(portfolio: Portfolio) -> set[str]:
    return {subject.id for subject in open_groups(portfolio) if subject.kind is SubjectKind.BUILDING_KIND}


CASES = {
    "all are public": ([("school", True)] * 2, {"school"}),
    "one is not": ([("school", True), ("school", True), ("school", False)], set()),
    "two are not": ([("school", True), ("school", False), ("school", False)], set()),
    "three are not": ([("school", True), *[("school", False)] * 3], {"school"}),
    "none is, but there are three": ([("school", False)] * 3, {"school"}),
    "another kind's do not help": ([("school", False), ("office", False), ("office", False)], set()),
}


@pytest.mark.parametrize(("buildings", "kinds"), CASES.values(), ids=CASES)
def test_a_kind_is_open_where_its_hidden_buildings_stand_together(buildings: list[tuple[str, bool]], kinds: set[str]) -> None:
    """The kind's figure less its public buildings' is the hidden ones'."""
    assert kinds_of(town(*buildings)) == kinds


def test_the_portfolio_is_closed_where_taking_open_kinds_off_leaves_one_building() -> None:
    """Three hidden schools are an open kind; the portfolio less the schools and the public office is the hidden office's."""
    portfolio = town(*[("school", False)] * 3, ("office", True), ("office", False))

    assert open_groups(portfolio) == {Subject(SubjectKind.BUILDING_KIND, "school")}


def test_three_hidden_buildings_of_which_two_have_an_area_are_closed() -> None:
    """What is per square metre is of those two alone."""
    whole = town(*[("school", False)] * 3)
    without = replace(whole, buildings={**whole.buildings, "b0": replace(whole.buildings["b0"], area_m2=None)})

    assert kinds_of(without) == set()


def test_three_hidden_buildings_of_which_one_makes_solar_electricity_are_closed() -> None:
    """The kind's solar electricity would be that one's."""
    whole = town(*[("school", False)] * 3)
    sun = example.point("sun", "sun", "b0", Carrier.SOLAR)

    assert kinds_of(replace(whole, points={**whole.points, "sun": sun})) == set()


def test_a_building_without_meters_hides_nobody() -> None:
    """It has no part in any figure."""
    whole = town(*[("school", False)] * 3)
    fewer = {name: point for name, point in whole.points.items() if point.building != "b0"}

    assert kinds_of(replace(whole, points=fewer)) == set()


@given(buildings=st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=14))
def test_no_difference_of_open_figures_is_of_one_or_two_buildings(buildings: list[tuple[str, bool]]) -> None:
    """Whatever is public: every open kind, and the portfolio with any of the open kinds taken off."""
    found = open_groups(town(*buildings))
    hidden = {kind: sum(of == kind and not public for of, public in buildings) for kind in KINDS}
    kinds = [kind for kind in KINDS if Subject(SubjectKind.BUILDING_KIND, kind) in found]
    differences = [hidden[kind] for kind in kinds]
    if Subject(SubjectKind.PORTFOLIO, PORTFOLIO) in found:
        differences += [
            sum(hidden.values()) - sum(hidden[kind] for number, kind in enumerate(kinds) if taken >> number & 1)
            for taken in range(2 ** len(kinds))
        ]

    assert [each for each in differences if 0 < each < LEAST_HIDDEN] == []


def figures_of(*kinds: SubjectKind) -> PanelQuery:
    where = {"subject_kind": tuple(kind.value for kind in kinds), "indicator": ("energy_total",)}
    unit = INDICATORS["energy_total"].unit
    return PanelQuery(Role.VALUE, SeriesQuery(INDICATOR_VALUES, where=where), Scope.SUBJECT, LAST_MONTH, unit, "energi", "energy")


def test_a_carrier_with_a_hidden_meter_is_left_out_with_every_sum_that_it_is_in() -> None:
    """The building's total less its open electricity would be the hidden heat meter's."""
    whole = town(("school", True), ("school", True))
    heat = f"b0-{Carrier.DISTRICT_HEATING}"
    portfolio = replace(whole, points={**whole.points, heat: replace(whole.points[heat], public=False)})
    choice = opened(portfolio, everything(portfolio))

    def asked(*carriers: str) -> tuple[str, ...]:
        where = {"subject_kind": ("building",), "carrier": carriers}
        query = PanelQuery(Role.VALUE, SeriesQuery(INDICATOR_VALUES, where=where), Scope.SUBJECT, LAST_MONTH, "kWh", "", "")
        return query.resolve(portfolio, choice, example.NOW).where["subject"]

    assert asked("") == ("b1",)
    assert asked("district_heating") == ("b1",)
    assert asked("electricity", "solar") == ("b0", "b1")
    assert asked("electricity", "district_heating") == ("b1",)


def test_a_public_choice_asks_for_public_buildings_and_open_groups_only() -> None:
    """One care home is public and one is not: the kind's figure would tell the other's."""
    portfolio = town(("school", True), ("care_home", True), ("care_home", False))
    choice = opened(portfolio, everything(portfolio))

    def subjects(kind: SubjectKind) -> tuple[str, ...]:
        return figures_of(kind).resolve(portfolio, choice, example.NOW).where["subject"]

    assert subjects(SubjectKind.BUILDING) == ("b0", "b1")
    assert subjects(SubjectKind.BUILDING_KIND) == ("school",)
    assert subjects(SubjectKind.OWNER) == ()
    assert subjects(SubjectKind.PORTFOLIO) == ()


def test_a_choice_of_the_staff_is_not_narrowed_so() -> None:
    """They see the building anyway."""
    portfolio = town(("care_home", True), ("care_home", False))
    asked = figures_of(SubjectKind.BUILDING_KIND).resolve(portfolio, Choice(("b0",)), example.NOW)

    assert asked.where["subject"] == ("care_home",)


def test_a_dashboard_of_citizens_shows_the_staff_what_it_shows_anybody() -> None:
    """What stands there can then be cited to anybody; another audience's dashboard is not narrowed."""
    portfolio = town(("school", True), ("care_home", False))

    def shown(audience: Audience) -> Choice:
        return Dashboard("uid", "", "", audience, "", "", ()).shown(portfolio, everything(portfolio))

    assert shown(Audience.CITIZENS) == Choice(("b0",), public=True)
    assert shown(Audience.BOARD) == everything(portfolio)
