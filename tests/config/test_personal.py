"""Which meters are a household's, and that no mark in a file opens one."""

from pathlib import Path

import pytest

from config.domain.estate import Building, Carrier, Direction, EndUse, MeteringPoint
from config.domain.personal import LEAST_HOUSING_M2, closed, is_households
from config.loading import check_municipality, load_municipality
from tests.config.folders import PORTFOLIO, altered, written

LARGE = 5_200.0


def building(kind: str, area_m2: float | None) -> Building:
    return Building("b", "B", kind, "o", area_m2, public=True)


def point(parent: str | None = None, end_use: EndUse | None = None, name: str = "p") -> MeteringPoint:
    return MeteringPoint(
        name, name, "b", Carrier.ELECTRICITY, Direction.IMPORT, 0.001, parent=parent, end_use=end_use, public=True
    )


CASES = {
    "a block's main meter": (building("housing", LARGE), point(), False),
    "a block's main meter of building electricity": (building("housing", LARGE), point(end_use=EndUse.BUILDING), False),
    "a flat's own meter": (building("housing", LARGE), point(end_use=EndUse.OCCUPANT), True),
    "a flat's hot water under the block's": (building("housing", LARGE), point("main", EndUse.HOT_WATER), True),
    "a sub-meter of which nothing is said": (building("housing", LARGE), point("main"), True),
    "the stairs' lighting under the main meter": (building("housing", LARGE), point("main", EndUse.BUILDING), False),
    "a small house": (building("housing", LEAST_HOUSING_M2 - 1), point(), True),
    "a house that is just large enough": (building("housing", LEAST_HOUSING_M2), point(), False),
    "a house of unknown size": (building("housing", None), point(), True),
    "a resident's room in a care home": (building("care_home", LARGE), point("main", EndUse.OCCUPANT), True),
    "a care home's kitchen": (building("care_home", LARGE), point("main"), False),
    "a small preschool": (building("preschool", 90.0), point(), False),
    "a tenant's meter in an office": (building("office", LARGE), point("main", EndUse.OCCUPANT), False),
}


@pytest.mark.parametrize(("where", "what", "expected"), CASES.values(), ids=CASES)
def test_a_point_is_a_households_by_where_it_stands(where: Building, what: MeteringPoint, expected: bool) -> None:
    """The hours of so few people are about them."""
    assert is_households(what, where) is expected


def test_a_building_with_a_households_main_meter_is_shut_with_all_its_points() -> None:
    """Its figures are that household's, and so is what its other points leave of them."""
    house = building("housing", LARGE)
    flat, lights = point(end_use=EndUse.OCCUPANT, name="flat"), point(end_use=EndUse.BUILDING, name="lights")

    buildings, points = closed({"b": house}, {"flat": flat, "lights": lights})

    assert not buildings["b"].public
    assert [each.id for each in points.values() if each.public] == []


def test_a_sub_meter_of_a_household_leaves_the_block_open() -> None:
    """The block's sum tells nothing of one flat in it."""
    buildings, points = closed(
        {"b": building("housing", LARGE)}, {"main": point(name="main"), "flat": point("main", name="flat")}
    )

    assert buildings["b"].public
    assert [each.id for each in points.values() if each.public] == ["main"]


def test_what_is_nobodys_keeps_its_mark() -> None:
    """A school is as it was."""
    school = building("school", LARGE)

    assert closed({"b": school}, {"p": point("main")}) == ({"b": school}, {"p": point("main")})


def test_a_file_that_opens_a_households_meter_is_told_and_not_obeyed(tmp_path: Path) -> None:
    """The service starts, says what to take out, and shows nothing of it."""
    small = PORTFOLIO.replace("kind: school", "kind: housing").replace("area_m2: 5200", "area_m2: 180")
    folder = written(tmp_path, portfolio=altered(small, "        name: El\n", "        name: El\n        public: true\n"))

    town = load_municipality(folder)
    told = [fault for fault in check_municipality(folder)[1] if "household" in fault.text]

    assert not town.portfolio.buildings["skola"].public
    assert not town.portfolio.points["el-skola"].public
    assert [fault.warning for fault in told] == [True]
