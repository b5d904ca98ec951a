"""The reports of audiences.yaml: what they become, and what is wrong with them, by line and in both languages."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from config.addresses import is_mail_address
from config.domain.indicators import Subject, SubjectKind
from config.domain.report_plans import EVERY_MONTH, ReportPlan
from config.loading import check_municipality
from config.settings import EXAMPLE
from tests.config.folders import PORTFOLIO, SOURCES

SCHOOL, ALL = Subject(SubjectKind.BUILDING, "skola"), Subject(SubjectKind.PORTFOLIO, "portfolio")
ESTATE = PORTFOLIO.replace(
    "owners:\n", "owners:\n  - {id: bolaget, name: Bolaget, kind: company}\n  - {id: tom, name: Tom, kind: company}\n"
).replace(
    "buildings:\n", "buildings:\n  - {id: bad, name: Badet, kind: swimming_hall, owner: bolaget, area_m2: 3000, points: []}\n"
)
GOOD = """\
audiences:
  - id: environment_team
    title_sv: Miljögruppen
    title_en: Environment team
    recipients: [miljo@example.se]
    reports:
      - {kind: monthly, of: portfolio}
      - {kind: sheet, of: every building, day: 5, forms: [pdf, csv], recipients: [hus@example.se], wait_days: 0}
  - id: board
    title_sv: Styrelsen
    title_en: Board
    owners: [skolnamnden]
    reports:
      - {kind: trend, of: owner:skolnamnden, language: en, recipients: [a@example.se, b@example.se]}
      - {kind: monthly, of: building:skola, months: [1, 7], forms: [], recipients: [a@example.se]}
"""


def written(folder: Path, audiences: str) -> Path:
    (folder / "portfolio.yaml").write_text(ESTATE)
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "audiences.yaml").write_text(audiences)
    return folder


def test_plans_are_read_with_all_that_they_say(tmp_path: Path) -> None:
    """What is not said is the audience's, or what is usual."""
    made, faults = check_municipality(written(tmp_path, GOOD))
    assert made is not None, faults
    team, board = made.audiences

    assert team.reports == (
        ReportPlan("environment_team/monthly/portfolio/sv", "monthly", (ALL,), ("miljo@example.se",)),
        ReportPlan(
            "environment_team/sheet/every building/sv", "sheet", (Subject(SubjectKind.BUILDING, "bad"), SCHOOL),
            ("hus@example.se",), "sv", 5, EVERY_MONTH, ("pdf", "csv"), timedelta(0),
        ),
    )  # fmt: skip
    assert [(plan.language, plan.months, plan.forms) for plan in board.reports] == [("en", (2, 9), ("pdf",)), ("sv", (1, 7), ())]


def test_every_building_is_every_one_that_the_audience_sees(tmp_path: Path) -> None:
    """A committee gets nothing of another's."""
    made, _ = check_municipality(written(tmp_path, GOOD.replace("owner:skolnamnden, lan", "every owner, lan")))

    assert made is not None
    assert made.audiences[1].reports[0].subjects == (Subject(SubjectKind.OWNER, "skolnamnden"),)


@pytest.mark.parametrize(
    ("old", "new", "line", "english", "swedish"),
    [
        ("[hus@example.se]", "[kalle@]", 8, "'kalle@' is no mail address", "'kalle@' är ingen e-postadress"),
        ("[hus@example.se]", '["hus @example.se"]', 8, "no mail address", "ingen e-postadress"),
        ("[hus@example.se]", "[hus@borlänge.se]", 8, "its xn-- form", "sin xn---form"),
        ("[hus@example.se]", '["hus@example.se\\nBcc: x@example.se"]', 8, "no mail address", "ingen e-postadress"),
        ("[miljo@example.se]", "[miljo@example.se, Miljo@example.se]", 5, "given twice", "står två gånger"),
        ("[a@example.se, b@", "[b@example.se, b@", 14, "given twice", "står två gånger"),
        ("building:skola", "building:skolan", 15, "did you mean skola?", "menade du skola?"),
        ("owner:skolnamnden", "owner:skolan", 14, "there is no owner 'skolan'", "'skolan' finns inte"),
        ("of: portfolio", "of: owner:tom", 7, "owner 'tom' has no building", "'tom' har ingen byggnad"),
        ("of: portfolio", "of: kind:school_", 7, "did you mean school?", "menade du school?"),
        ("of: portfolio", "of: alla", 7, "'alla' names no subject", "'alla' pekar inte ut något"),
        ("kind: monthly, of: portfolio", "kind: sheet, of: portfolio", 7, "of every building, building:ID", "av every building"),
        ("kind: trend", "kind: trends", 14, "did you mean trend?", "menade du trend?"),
        ("[pdf, csv]", "[pdf, docx]", 8, "'docx' is none of them", "'docx' är inget av dem"),
        ("day: 5", "day: 11", 8, "above the most, 10", "över det största, 10"),
        ("day: 5", "day: 0", 8, "below the least, 1", "under det minsta, 1"),
        ("months: [1, 7]", "months: [1, 13]", 15, "above the most, 12", "över det största, 12"),
        ("of: building:skola", "of: building:bad", 15, "sees the buildings of skolnamnden only", "ser bara byggnader"),
        ("of: owner:skolnamnden", "of: portfolio", 14, "sees the buildings of skolnamnden only", "ser bara byggnader"),
        ("    owners: [sk", "    public_only: true\n    owners: [sk", 14, "sees open data only", "ser bara öppna data"),
        (
            "      - {kind: trend",
            "      - {kind: monthly, of: building:skola, recipients: [c@example.se]}\n      - {kind: trend",
            16, "is planned above", "är planerad ovan",
        ),
        (
            "months: [1, 7], forms: [], recipients: [a@example.se]", "recipients: [A@example.se, miljo@example.se]}\n"
            "      - {kind: monthly, of: kind:school, recipients: [miljo@example.se]}\n"
            "      - {kind: monthly, of: building:skola, language: en, recipients: [a@example.se]",
            17, "a@example.se gets the report of skola already, by board/monthly/building:skola/sv", "får redan rapporten",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_line_in_both_languages(
    old: str, new: str, line: int, english: str, swedish: str, tmp_path: Path
) -> None:
    """Whoever edits the file finds it."""
    assert old in GOOD
    _, faults = check_municipality(written(tmp_path, GOOD.replace(old, new, 1)))
    found = [fault for fault in faults if fault.file == "audiences.yaml" and not fault.warning]

    assert any(fault.line == line and english in fault.text and swedish in fault.text_sv for fault in found), faults


def test_a_report_that_nobody_gets_is_warned_of(tmp_path: Path) -> None:
    """It may be meant for the archive."""
    made, faults = check_municipality(written(tmp_path, GOOD.replace("    recipients: [miljo@example.se]\n", "")))

    assert made is not None
    assert [(fault.line, fault.warning) for fault in faults if fault.file == "audiences.yaml"] == [(6, True)]


def test_the_examples_of_the_packaged_municipality_hold_when_they_are_taken_in(tmp_path: Path) -> None:
    """They stand behind # there; whoever takes the # away must not meet a fault."""
    shutil.copytree(EXAMPLE, tmp_path / "town")
    path = tmp_path / "town" / "audiences.yaml"
    path.write_text(path.read_text().replace("    # ", "    "))
    made, faults = check_municipality(tmp_path / "town")

    assert made is not None, faults
    assert {plan.kind for readers in made.audiences for plan in readers.reports} == {"monthly", "trend", "sheet", "owner"}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a@example.se", True),
        ("anna.o'neil+energi@mail.example-kommun.se", True),
        ("a@xn--borlnge-7wa.se", True),
        ("a@example", False),
        ("a@.se", False),
        ("a..b@example.se", False),
        (".a@example.se", False),
        ("a@b@example.se", False),
        ('"a b"@example.se', False),
        ("<a@example.se>", False),
        ("åsa@example.se", False),
        ("a@example.se\n", False),
        ("a@-example.se", False),
        ("a" * 65 + "@example.se", False),
        ("a@" + "b" * 64 + ".se", False),
        ("a@" + "b." * 130 + "se", False),
        ("", False),
    ],
)
def test_what_is_a_mail_address(text: str, *, is_one: bool) -> None:
    """One that every server takes: what is rare (quoted, international) is mistaken far oftener than it is meant."""
    assert is_mail_address(text) is is_one
