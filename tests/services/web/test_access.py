"""What a visitor may open of published figures, carrier by carrier."""

import pytest

from config.domain.indicators import Subject, SubjectKind
from services.web.access import may_see_figure, may_see_subject, reads_all
from services.web.visitor import NOBODY, ON_THIS_MACHINE, Rights, Visitor
from tests.services.web.opendata.town import SECRET, portfolio

TOWN = portfolio()
BUILDING, POINT, KIND, OWNER = SubjectKind.BUILDING, SubjectKind.POINT, SubjectKind.BUILDING_KIND, SubjectKind.OWNER
CASES = {
    "an open carrier": (Subject(BUILDING, "s0"), "electricity", True),
    "the sum of open carriers": (Subject(BUILDING, "s0"), "", True),
    "a carrier with a shut meter": (Subject(BUILDING, "s2"), "electricity", False),
    "another carrier of that building": (Subject(BUILDING, "s2"), "district_heating", True),
    "a sum with a shut meter in it": (Subject(BUILDING, "s2"), "", False),
    "a hidden building": (Subject(BUILDING, f"{SECRET}-l1"), "electricity", False),
    "an open meter": (Subject(POINT, "s0-el-1"), "electricity", True),
    "a shut meter of an open building": (Subject(POINT, f"s0-{SECRET}-kok"), "electricity", False),
    "a kind with a shut meter in it": (Subject(KIND, "school"), "electricity", False),
    "another carrier of that kind": (Subject(KIND, "school"), "district_heating", True),
    "an owner with hidden buildings": (Subject(OWNER, "namnden"), "district_heating", False),
    "what does not exist": (Subject(POINT, "finns-inte"), "electricity", False),
}


@pytest.mark.parametrize(("subject", "carrier", "expected"), CASES.values(), ids=CASES)
def test_nobody_follows_a_figure_to_a_meter_that_is_shut(subject: Subject, carrier: str, expected: bool) -> None:
    """The page of a figure tells what each of its meters measured."""
    assert may_see_figure(TOWN, NOBODY, subject, carrier) is expected


@pytest.mark.parametrize(("subject", "carrier"), [case[:2] for name, case in CASES.items() if "exist" not in name])
def test_who_reads_everything_follows_everything(subject: Subject, carrier: str) -> None:
    """The trial on one's own machine, and whoever has signed in to read."""
    assert may_see_figure(TOWN, ON_THIS_MACHINE, subject, carrier)
    assert may_see_subject(TOWN, ON_THIS_MACHINE, subject)


MANAGER = Visitor("olle", Rights.FACILITY_MANAGER, buildings=frozenset({"s0"}))
SEES_AS_MANAGER = {
    "a shut meter of their building": (Subject(POINT, f"s0-{SECRET}-kok"), "electricity", True, True),
    "their building": (Subject(BUILDING, "s0"), "electricity", True, True),
    "an open carrier of another's": (Subject(BUILDING, "s2"), "district_heating", True, False),
    "a carrier of another's with a shut meter": (Subject(BUILDING, "s2"), "electricity", False, False),
    "a hidden building": (Subject(BUILDING, f"{SECRET}-l1"), "electricity", False, False),
    "a kind with a shut meter in it": (Subject(KIND, "school"), "electricity", False, False),
}


@pytest.mark.parametrize(("subject", "carrier", "sees", "reads"), SEES_AS_MANAGER.values(), ids=SEES_AS_MANAGER)
def test_what_others_look_after_a_manager_sees_as_anybody_does(subject: Subject, carrier: str, sees: bool, reads: bool) -> None:
    """The figure where it is open, and what is said about it as anybody may read it."""
    assert may_see_figure(TOWN, MANAGER, subject, carrier) is sees
    assert reads_all(TOWN, MANAGER, subject) is reads
