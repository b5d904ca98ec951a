"""Files of one's own company, read by the server's part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.web.citizens.own_file import Fault, Months, decoded, months_of, number_of, written_number
from services.web.citizens.own_words import FAULTS, told
from tests.services.web.citizens.files import BAD, GOOD, HOURLY, Case, whole


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
def test_a_good_file_gives_its_last_twelve_months(case: Case) -> None:
    """1.5 kWh an hour, whatever the company writes."""
    found = months_of(case.text)

    assert isinstance(found, Months), found
    assert dict(found.kwh) == pytest.approx(case.kwh)
    assert list(found.kwh) == list(case.kwh)


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_bad_file_is_told_in_words(case: Case) -> None:
    """What is wrong and what to do, in both languages; never a figure."""
    found = months_of(case.text)

    assert isinstance(found, Fault)
    assert found.code == case.fault
    assert case.detail in found.detail
    assert found.detail in told(found, "sv")
    assert told(found, "sv") != told(found, "en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_are_read_whatever_program_wrote_them(encoding: str) -> None:
    """The head says Förbrukning."""
    text = HOURLY.replace("kWh", "Förbrukning")

    assert months_of(decoded(text.encode(encoding))) == Months(whole())


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("\u22123", -3.0),
        ("12 kWh", 12.0),
        ("1,5e3", 1500.0),
        ("18.000", 18.0),
        ("18 MWh", None),
        ("", None),
        ("-", None),
        ("nan", None),
        ("inf", None),
        ("1,2,3", None),
        ("٣", None),
    ],
)
def test_numbers_are_read_as_swedes_and_programs_write_them(cell: str, value: float | None) -> None:
    """And what is no number is none."""
    assert number_of(cell) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18500", 18_500.0),
        ("18 500 kWh", 18_500.0),
        ("1.234,5", 1_234.5),
        ("0,125", 0.125),
        ("98,5", 98.5),
        ("18.000", None),
        ("18,000", None),
        ("1.250 kWh", None),
        ("18 MWh", None),
        ("", None),
    ],
)
def test_what_somebody_wrote_is_not_guessed_at(text: str, value: float | None) -> None:
    """Eighteen or eighteen thousand: a thousand times too little would be shown as very good."""
    assert written_number(text) == value


@given(st.text(max_size=2_000))
def test_any_text_at_all_is_an_answer(text: str) -> None:
    """Twelve months or a fault that has words."""
    found = months_of(text)

    assert isinstance(found, Months) or found.code in FAULTS


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    """By its letters, and by its lines."""
    assert months_of("x" * 5_000_001) == Fault("too_large")
    assert months_of("a;b\n" * 150_001) == Fault("too_large")
