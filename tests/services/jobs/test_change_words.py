"""Lines of the change log."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.jobs.change_words import amount, change_of
from tests.dashboards import example

NBSP = "\N{NO-BREAK SPACE}"


def row(**known: Any) -> dict[str, Any]:
    """October's energy of a subject, as the job has it."""
    return {
        "indicator": "energy_total",
        "carrier": "",
        "subject_kind": "building",
        "subject": example.SCHOOL,
        "period": "month",
        "start": datetime(2026, 9, 30, 22, tzinfo=UTC),
        "end": datetime(2026, 10, 31, 23, tzinfo=UTC),
        "zone": example.ZONE,
        "value_old": 41_200.0,
        "value": 43_000.0,
    } | known


def sentences(**known: Any) -> tuple[str, str]:
    found = change_of(row(**known), example.portfolio(), {}, example.NOW)
    assert found is not None
    return found.sentence_sv, found.sentence_en


def test_a_change_is_told_with_as_many_figures_as_it_takes_to_see_it() -> None:
    """667,6 → 667,6 MWh is no news."""
    swedish, english = sentences(value_old=667_612.0, value=667_580.0)

    assert swedish == "Oktober 2026, Soltorgets skola, energianvändning, totalt: 667,61 MWh → 667,58 MWh"
    assert english == "October 2026, Soltorgets skola, energy use, total: 667.61 MWh → 667.58 MWh"


def test_a_large_change_has_no_more_figures_than_others() -> None:
    """Three or four count."""
    assert sentences()[0].endswith("41,2 MWh → 43,0 MWh")


def test_what_became_known_is_told() -> None:
    """From saknas to a figure."""
    assert sentences(value_old=None)[0].endswith("saknas → 43,0 MWh")


@pytest.mark.parametrize(
    ("kind", "subject", "names"),
    [
        ("building_kind", "care_home", ("vård- och omsorgsboende", "care home")),
        ("owner", "energi", ("Provköping Energi", "Provköping Energi")),
        ("portfolio", "portfolio", ("Provköping", "Provköping")),
    ],
)
def test_a_group_has_its_name_in_the_readers_language(kind: str, subject: str, names: tuple[str, str]) -> None:
    """Not the word that the files have for it."""
    told = sentences(subject_kind=kind, subject=subject)

    assert [sentence.split(", ")[1] for sentence in told] == list(names)


def test_thousands_are_parted_and_negative_numbers_have_a_minus() -> None:
    """As Swedes write them."""
    assert amount(-1_234.5, "kr", 0) == f"\N{MINUS SIGN}1{NBSP}234 kr"
