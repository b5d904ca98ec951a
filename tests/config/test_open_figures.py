"""Which figures are open, carrier by carrier."""

from dataclasses import replace

import pytest

from config.domain.estate import Building, Carrier, Direction, MeteringPoint, Portfolio
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.open_figures import ALL, OpenFigures, reported_as
from tests.dashboards import example

SCHOOLS = Subject(SubjectKind.BUILDING_KIND, "school")
WHOLE = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)


def town(shut: frozenset[str] = frozenset(), hidden: frozenset[str] = frozenset(), schools: int = 4) -> Portfolio:
    """Public schools s0, s1 … with a meter each of electricity, heat and water: `s0-water` and so on.

    Args:
        shut: the points that are not public.
        hidden: the buildings that are not.
    """
    buildings = {
        name: Building(name, name, "school", "o", 1_000.0, public=name not in hidden)
        for name in (f"s{number}" for number in range(schools))
    }
    points = {}
    for building in buildings.values():
        for carrier in (Carrier.ELECTRICITY, Carrier.DISTRICT_HEATING, Carrier.WATER):
            name = f"{building.id}-{carrier}"
            made = example.point(name, name, building.id, carrier)
            points[name] = replace(made, public=building.public and name not in shut)
    return Portfolio("Provköping", example.ZONE, {}, buildings, points, {}, ())


def of(name: str) -> Subject:
    return Subject(SubjectKind.BUILDING, name)


CASES: dict[str, tuple[Subject, str, frozenset[str], bool]] = {
    "an open carrier": (of("s0"), "electricity", frozenset(), True),
    "the sum of open carriers": (of("s0"), ALL, frozenset(), True),
    "a carrier with a shut meter": (of("s0"), "electricity", frozenset({"s0-electricity"}), False),
    "a sum that it is part of": (of("s0"), ALL, frozenset({"s0-electricity"}), False),
    "another carrier of the building": (of("s0"), "district_heating", frozenset({"s0-electricity"}), True),
    "energy where the water is shut": (of("s0"), ALL, frozenset({"s0-water"}), True),
    "a carrier that it does not have": (of("s0"), "gas", frozenset(), False),
    "a building that does not exist": (of("s9"), ALL, frozenset(), False),
    "a kind with one shut meter": (SCHOOLS, "electricity", frozenset({"s0-electricity"}), False),
    "another carrier of that kind": (SCHOOLS, "district_heating", frozenset({"s0-electricity"}), True),
    "a kind with three shut meters": (SCHOOLS, "electricity", frozenset(f"s{n}-electricity" for n in range(3)), True),
    "the whole, of which one meter is shut": (WHOLE, "electricity", frozenset({"s0-electricity"}), False),
    "the whole, all open": (WHOLE, ALL, frozenset(), True),
    "an owner": (Subject(SubjectKind.OWNER, "o"), ALL, frozenset(), False),
    "a point that is open itself": (Subject(SubjectKind.POINT, "s0-electricity"), "electricity", frozenset(), False),
}


@pytest.mark.parametrize(("subject", "carrier", "shut", "expected"), CASES.values(), ids=CASES)
def test_a_figure_is_open_where_it_tells_no_shut_meter(
    subject: Subject, carrier: str, shut: frozenset[str], expected: bool
) -> None:
    """A sum less what is open of it is what is not."""
    assert OpenFigures(town(shut)).has(subject, carrier) is expected


def test_nothing_of_a_hidden_building_is_open_nor_of_its_kind() -> None:
    """Three schools are public and one is not."""
    figures = OpenFigures(town(hidden=frozenset({"s3"})))

    assert [building.id for building in figures.buildings] == ["s0", "s1", "s2"]
    assert not figures.has(of("s3"), "electricity")
    assert figures.kinds == ()
    assert figures.subjects(SubjectKind.PORTFOLIO) == ()


def test_points_of_a_carrier_are_all_of_them_or_none() -> None:
    """A part of a building's meters is no figure of the building."""
    whole = town(shut=frozenset({"s1-electricity"}))

    assert [point.id for point in OpenFigures(whole).points("s0", "electricity")] == ["s0-electricity"]
    assert OpenFigures(whole).points("s1", "electricity") == ()


@pytest.mark.parametrize(
    ("carrier", "direction", "name"),
    [
        (Carrier.ELECTRICITY, Direction.EXPORT, "electricity_export"),
        (Carrier.ELECTRICITY, Direction.IMPORT, "electricity"),
        (Carrier.SOLAR, Direction.EXPORT, "solar"),
    ],
)
def test_what_is_sent_out_has_a_name_of_its_own(carrier: Carrier, direction: Direction, name: str) -> None:
    """As figures report it; what the sun makes is made, whichever way it is counted."""
    assert reported_as(MeteringPoint("p", "p", "b", carrier, direction, 1)) == name
