"""Bought degree days from a file: read strictly, since nobody can check them against anything."""

from datetime import date

import pytest

from collectors.weather.licensed import read_licensed
from config.domain.weather import LicensedDegreeDays
from config.errors import WeatherError

TODAY = date(2026, 11, 30)


def read(text: str) -> list[LicensedDegreeDays]:
    return read_licensed(text.encode(), "inköpt.csv", "SMHI Graddagar", "Karlskoga", 17.0, "1991-2020", TODAY)


def test_a_delivery_is_read_with_its_terms() -> None:
    """Karlskoga, January 2024: 725 against 615."""
    assert read("month;degree_days;normal\n2024-01;725;615\n") == [
        LicensedDegreeDays("SMHI Graddagar", "Karlskoga", date(2024, 1, 1), 725.0, 615.0, 17.0, "1991-2020")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Månad;Graddagar;Normalår\n2024-01;1 104,5;967\n",
        "\ufeffmånad\tindex\tnormal\n202401\t1104.5\t967\n\n",
        "month,degree_days,normal\n2024-01-01,1104.5,967\n",
    ],
    ids=["Swedish, decimal comma", "tabs, byte-order mark", "commas"],
)
def test_the_ways_that_people_save_it(text: str) -> None:
    """Excel in Swedish, and others."""
    assert [(row.month, row.degree_days, row.normal) for row in read(text)] == [(date(2024, 1, 1), 1104.5, 967.0)]


def test_a_month_without_a_normal_has_none() -> None:
    """None, not 0."""
    assert [row.normal for row in read("month;degree_days;normal\n2024-02;560;\n")] == [None]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names the columns"),
        ("a;b\n1;2\n", "names the columns"),
        ("month;degree_days\n", "no month is given"),
        ("month;degree_days\njan;3\n", "inköpt.csv:2: 'jan' is no month"),
        ("month;degree_days\n2024-13;3\n", "'2024-13' is no month"),
        ("month;degree_days\n2024-01;\n", "is no number"),
        ("month;degree_days\n2024-01;-3\n", "is no number"),
        ("month;degree_days\n2024-01;nan\n", "is no number"),
        ("month;degree_days\n2024-01;3\n2024-01;4\n", "inköpt.csv:3: 2024-01 is given twice"),
        ("month;degree_days\n2024-01;" + "9" * 140_000, "inköpt.csv:2: no CSV: field larger"),
        ("month,degree_days,normal\n2024-01,725,5,615,2\n", "inköpt.csv:2: 5 values, 3 columns; write a decimal point"),
        ("month;degree_days\n2026-11;3\n2026-12;4\n", "inköpt.csv:3: 2026-12 has not begun; .* correct it"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, words: str) -> None:
    """Nothing of a faulty file is kept."""
    with pytest.raises(WeatherError, match=words):
        read(text)


def test_every_faulty_line_is_named_at_once() -> None:
    """A person mends the file in one go."""
    with pytest.raises(WeatherError) as refusal:
        read("month;degree_days;normal\n2024-13;725;615\n2024-02;many;3\n2024-03;4;3\n2024-04;5;none\n")

    assert [line.split(": ")[0] for line in str(refusal.value).splitlines()] == ["inköpt.csv:2", "inköpt.csv:3", "inköpt.csv:5"]
    assert refusal.value.sentence("sv").splitlines()[0] == "inköpt.csv:2: '2024-13' är ingen månad; skriv 2024-01"


def test_the_running_month_is_read() -> None:
    """Deliveries come at the end of the month too."""
    assert [row.month for row in read("month;degree_days\n2026-11;312\n")] == [date(2026, 11, 1)]


@pytest.mark.parametrize(
    ("base", "period", "words"),
    [
        (float("nan"), "1991-2020", "write --base 17"),
        (170.0, "1991-2020", "base 170 °C"),
        (17.0, "normal", "as --normal-period 1991-2020"),
        (17.0, "2020-1991", "as --normal-period 1991-2020"),
    ],
)
def test_terms_that_are_none_are_refused(base: float, period: str, words: str) -> None:
    """A bought number is compared by its terms."""
    with pytest.raises(WeatherError, match=words):
        read_licensed(b"month;degree_days\n2024-01;3\n", "f", "SMHI Graddagar", "Karlskoga", base, period, TODAY)
