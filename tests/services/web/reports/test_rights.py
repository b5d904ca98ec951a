"""Who may read which report, without a page."""

from dataclasses import replace

import pytest

from config.domain.indicators import Subject, SubjectKind
from services.reports.report import Publication, Report, ReportKind, Words
from services.web.reports.rights import is_open, keeps_reports, may_be_open, reads_all_of
from tests.services.web.reports.shelf import COMMITTEE, RINK, SCHOOL, WHOLE, report
from tests.services.web.reports.site import VISITORS
from tests.services.web.signing.people import town

TOWN = town().portfolio
GONE = Subject(SubjectKind.BUILDING, "salt-byggnad")
ENERGY = Subject(SubjectKind.OWNER, "energi")
KIND = Subject(SubjectKind.BUILDING_KIND, "ice_rink")
SUBJECTS = {"rink": RINK, "school": SCHOOL, "whole": WHOLE, "committee": COMMITTEE, "energy": ENERGY, "kind": KIND, "gone": GONE}
READS = {
    "": set[str](),
    "laila": set(SUBJECTS),
    "rasmus": {"rink"},  # looks after the only rink: the kind's old reports may tell of another
    "olle": {"school", "committee"},
    "mia": set(SUBJECTS),
    "adam": set(SUBJECTS),
}


@pytest.mark.parametrize("name", READS)
def test_whoever_sees_all_of_a_subject_reads_its_reports(name: str) -> None:
    """A manager those of what the account looks after; what is no more in the portfolio only whoever sees everything."""
    assert {each for each, subject in SUBJECTS.items() if reads_all_of(TOWN, VISITORS[name], subject)} == READS[name]


def test_addresses_are_for_who_keeps_reports() -> None:
    """Personal data: the environment team's and the administrators'."""
    assert [name for name, visitor in VISITORS.items() if keeps_reports(visitor)] == ["mia", "adam"]


SHEET = report(ReportKind.SHEET, SCHOOL, "Soltorgets skola")
MORE = Words("Ishallens mätare rink-el var tyst.", "The rink's meter rink-el was silent.")
SHEETS = {
    "of an open building": (SHEET, True),
    "that is no sheet": (report(ReportKind.MONTHLY, SCHOOL, "Soltorgets skola"), False),
    "of a building that is not open": (report(ReportKind.SHEET, RINK, "Ishallen"), False),
    "of a building that is no more": (report(ReportKind.SHEET, GONE, "Sålt hus"), False),
    "that names a meter that is not open": (replace(SHEET, notices=(MORE,)), False),
    "with a figure of another building": (
        replace(report(ReportKind.SHEET, RINK, "Soltorgets skola"), subject=SCHOOL, title=Words("", "")), False
    ),
    "with a figure of a group that is not open": (
        replace(report(ReportKind.TREND, SCHOOL, "Soltorgets skola"), kind=ReportKind.SHEET), False
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "expected"), SHEETS.values(), ids=SHEETS)
def test_anybody_reads_a_sheet_of_what_is_open(sheet: Report, expected: bool) -> None:
    """And of nothing else, whatever a maker of sheets came to put into it."""
    assert is_open(TOWN, Publication(sheet)) is expected


def test_a_building_with_a_shut_meter_has_no_open_sheet() -> None:
    """The sum would tell the meter's."""
    shut = {name: replace(point, public=point.building != SCHOOL.id) for name, point in TOWN.points.items()}

    assert may_be_open(TOWN, ReportKind.SHEET, SCHOOL)
    assert not may_be_open(replace(TOWN, points=shut), ReportKind.SHEET, SCHOOL)
