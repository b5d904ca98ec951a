"""Figures and their names as people read them."""

from datetime import date

import pytest

from config.domain.figure_names import FigureName
from config.domain.indicators import IndicatorValue, Subject, SubjectKind
from config.domain.periods import month
from services.reports.lineage import HoursOf
from services.reports.lineage_words import _hours, carrier_words, explained_value, figure_title
from services.reports.wording import Language
from tests.services.jobs.world import point, portfolio

SCHOOL = Subject(SubjectKind.BUILDING, "skola")
JANUARY = month(date(2025, 1, 1), "Europe/Stockholm")


def value(indicator: str, number: float) -> IndicatorValue:
    return IndicatorValue(indicator, SCHOOL, JANUARY, number, 1.0, "x-1", {})


@pytest.mark.parametrize(
    ("indicator", "number", "shown"),
    [
        ("load_factor", 0.4512, "0,451"),  # a factor of one half is not half a per cent
        ("performance_ratio", 0.8, "0,800"),
        ("base_load_share", 46.0946, "46,095\xa0%"),
        ("energy", 32593.81, "32\xa0593,8\xa0kWh"),
        ("energy", 12_345_678.4, "12\xa0345\xa0678\xa0kWh"),
    ],
)
def test_a_figure_has_its_own_unit_and_as_many_digits_as_can_be_added_up(indicator: str, number: float, shown: str) -> None:
    """Six digits, and no more than three decimals."""
    assert explained_value(value(indicator, number), "sv") == shown


@pytest.mark.parametrize(
    ("language", "title"),
    [("sv", "Energianvändning (fjärrvärme), 2025-01"), ("en", "Energy use (district heating), 2025-01")],
)
def test_a_carrier_is_named_as_people_name_it(language: Language, title: str) -> None:
    """Tags of the store are nobody's words."""
    assert figure_title(FigureName("energy", "district_heating", SCHOOL, JANUARY), language) == title


def test_what_was_sent_out_is_said_to_be() -> None:
    """It stands beside what was bought."""
    assert [carrier_words(name, "sv") for name in ("electricity", "electricity_export", "annat")] == [
        "el",
        "el, utmatat",
        "annat",
    ]


def test_a_point_without_hours_says_so() -> None:
    """Nought would be a figure."""
    known = portfolio(point("skola-el"))

    assert _hours(HoursOf("skola-el", "electricity", None, {}), known, "sv")[1:] == ("saknas", "inga mätvärden i perioden")
    assert _hours(HoursOf("skola-el", "electricity", 5.0, {"measured": 3}), known, "en")[1:] == ("5.000\xa0kWh", "3 measured")
