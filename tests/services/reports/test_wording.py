"""Numbers and times as Swedes and Englishmen write them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.reports.wording import ago, amount, change_text, day_name, length, moment, month_name, number, share, swedish_order

NUMBERS = [
    (62_970.0, "62\xa0970", "62,970"),
    (1_234.56, "1\xa0235", "1,235"),
    (123.4, "123", "123"),
    (12.34, "12,3", "12.3"),
    (1.234, "1,23", "1.23"),
    (0.0421, "0,042", "0.042"),
    (0.0, "0", "0"),
    (-12.34, "\u221212,3", "\u221212.3"),
    (-0.0001, "0,000", "0.000"),
]


@pytest.mark.parametrize(("value", "swedish", "english"), NUMBERS)
def test_a_number_has_about_three_digits(value: float, swedish: str, english: str) -> None:
    """Decimal comma, no-break space between thousands, a real minus sign, and no minus before nothing."""
    assert (number(value, "sv"), number(value, "en")) == (swedish, english)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "100\xa0%"), (0.999, "99\xa0%"), (0.784, "78\xa0%"), (0.004, "<\xa01\xa0%"), (0.0, "0\xa0%")]
)
def test_a_share_is_never_rounded_to_whole_or_none(value: float, text: str) -> None:
    """A coverage of 100 % promises that nothing is missing."""
    assert share(value, "sv") == text


@pytest.mark.parametrize(("unit", "text"), [("kWh", "12,0\xa0kWh"), ("m3", "12,0\xa0m³"), ("", "12"), ("1", "1200\xa0%")])
def test_a_unit_stands_after_a_space(unit: str, text: str) -> None:
    """m³ with its sign; a number of things has none."""
    assert amount(12.0, unit, "sv").replace("1\xa0200", "1200") == text


@pytest.mark.parametrize(
    ("seconds", "swedish"),
    [(-3, "0\xa0s"), (59, "59\xa0s"), (60, "1\xa0min"), (7_199, "1\xa0h"), (86_400, "1\xa0dygn"), (200_000, "2\xa0dygn")],
)
def test_a_length_is_told_in_its_largest_unit(seconds: int, swedish: str) -> None:
    """Whole ones."""
    assert length(timedelta(seconds=seconds), "sv") == swedish
    assert ago(timedelta(seconds=seconds), "sv") == f"för {swedish} sedan"


def test_dates_and_times_are_written_as_swedes_do() -> None:
    """The day where it is another one."""
    now = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)

    assert day_name(date(2026, 11, 17), "sv") == "tisdag 17\xa0nov"
    assert month_name(date(2026, 11, 17), "sv") == "nov\xa02026"
    assert moment(now, now, "sv") == "kl.\xa013:40"
    assert moment(now - timedelta(days=1), now, "sv") == "2026-11-23 13:40"


def test_swedish_letters_come_last() -> None:
    """å, ä, ö after z."""
    assert sorted(["Öster", "Åkaren", "Zon", "Älv", "ask"], key=swedish_order) == ["ask", "Zon", "Åkaren", "Älv", "Öster"]


@pytest.mark.parametrize(
    ("value", "old", "swedish", "english"),
    [
        (110.0, 100.0, "+10\xa0%", "+10\xa0%"),
        (97.55, 100.0, "\u22122,5\xa0%", "\u22122.5\xa0%"),
        (100.01, 100.0, "oförändrat", "unchanged"),
        (0.0, 100.0, "\u2212100\xa0%", "\u2212100\xa0%"),
        (2_000.0, 100.0, "+1\xa0900\xa0%", "+1,900\xa0%"),
    ],
)
def test_a_change_is_of_what_it_was(value: float, old: float, swedish: str, english: str) -> None:
    """With a sign; a change too small to write is none."""
    assert (change_text(value, old, "sv"), change_text(value, old, "en")) == (swedish, english)
