"""Goals' values from files: as Swedes write them, and every fault with its line and way out."""

from datetime import date
from pathlib import Path

import pytest

from collectors.files.goal_series import read_goal_series
from config.domain.assessments import GoalRecord, GoalValue
from config.domain.factors import Mark
from config.domain.goals import Better, Goal, Goals, Level
from config.domain.goals import Path as GoalPath
from config.errors import ConfigurationError


def goal(name: str, unit: str) -> Goal:
    return Goal(
        id=name, level=Level.MUNICIPALITY, owner="kommunen", text_sv=name, text_en=name, indicator=name, unit=unit,
        path=GoalPath.NONE, source="beslut", mark=Mark.UNVERIFIED, better=Better.HIGHER,
    )  # fmt: skip


GOALS = Goals((goal("avfall", "%"), goal("energi", "MWh/år")))
TODAY = date(2026, 11, 24)
HEADER = "mål;period;värde;enhet;källa;märke;osäkerhet\n"


def read(folder: Path, content: str | bytes) -> tuple[GoalRecord, ...]:
    path = folder / "values.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_goal_series(path, GOALS, TODAY)


def test_a_file_as_swedes_write_it(tmp_path: Path) -> None:
    """Decimal comma, a thousands space, a minus sign of print, semicolons; an absent mark is unverified."""
    records = read(
        tmp_path, HEADER + "avfall;2024;38,5;%;Planen s. 12;V;0,5\n\nenergi;2024-06;12 000,5;MWh/år;Boken\navfall;2023;−1;%;x;;\n"
    )

    assert records == (
        GoalRecord("avfall", "%", GoalValue(date(2024, 12, 31), 38.5, "Planen s. 12", Mark.VERIFIED, 0.5)),
        GoalRecord("energi", "MWh/år", GoalValue(date(2024, 6, 30), 12_000.5, "Boken", Mark.UNVERIFIED)),
        GoalRecord("avfall", "%", GoalValue(date(2023, 12, 31), -1.0, "x", Mark.UNVERIFIED)),
    )


def test_excel_s_encodings_and_a_title_above_the_header(tmp_path: Path) -> None:
    """Windows-1252 and UTF-16 are what "save as CSV" gave for decades."""
    text = "Uppföljning 2024\n" + HEADER + "avfall;2024;38,5;%;Årsboken;S;\n"

    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        (record,) = read(tmp_path, text.encode(encoding))

        assert (record.value.value, record.value.source) == (38.5, "Årsboken")


def test_english_headers_and_columns_in_any_order(tmp_path: Path) -> None:
    """Who exports from another system has them."""
    (record,) = read(tmp_path, 'source,unit,value,year,goal\n"Plan, p. 3",%,38.5,2024,avfall\n')

    assert record == GoalRecord("avfall", "%", GoalValue(date(2024, 12, 31), 38.5, "Plan, p. 3", Mark.UNVERIFIED))


def test_a_unit_of_the_same_kind_is_turned_into_the_goals(tmp_path: Path) -> None:
    """12 000 000 kWh are 12 000 MWh; 0.385 of all is 38.5 %."""
    records = read(tmp_path, HEADER + "energi;2024;12000000;kWh;x;S;1000\navfall;2024;0,385;andel;x;S;\n")

    assert [record.value.value for record in records] == pytest.approx([12_000, 38.5])
    assert records[0].value.uncertainty == pytest.approx(1.0)
    assert [record.unit for record in records] == ["MWh/år", "%"]


FAULTS = {
    "a year twice": (
        "avfall;2024;38;%;x\navfall;2024-12;39;%;x\n",
        "values.csv:3: avfall has a value of 2024-12-31 on line 2 already; keep one of them",
    ),
    "text in a number": (
        "avfall;2024;ca 38;%;x\n",
        "values.csv:2: 'ca 38' is no number (the value is no number); write digits only, the unit has its own column",
    ),
    "a number with its unit": (
        "avfall;2024;38 %;%;x\n",
        "values.csv:2: '38 %' is no number (the value is no number); write digits only, the unit has its own column",
    ),
    "an unknown goal": ("avfal;2024;38;%;x\n", "values.csv:2: no goal 'avfal'; did you mean avfall?"),
    "another unit": ("avfall;2024;38;kg;x\n", "values.csv:2: avfall is in '%', not 'kg'; turn the values into it"),
    "no year": (
        "avfall;2o24;38;%;x\n",
        "values.csv:2: '2o24' is no period; write a year (2024) or the month a rolling year ends with (2024-06)",
    ),
    "a day that ends no month": (
        "avfall;2024-06-15;38;%;x\n",
        "values.csv:2: '2024-06-15' is no period; write a year (2024) or the month a rolling year ends with (2024-06)",
    ),
    "a year that is not over": ("avfall;2026;38;%;x\n", "values.csv:2: 2026 is not over; enter it after 2026-12-31"),
    "no value": ("avfall;2024;;%;x\n", "values.csv:2: value not given; fill it in"),
    "a dash for none": ("avfall;2024;-;%;x\n", "values.csv:2: '-' is no value; leave the line out where there is none"),
    "no source": ("avfall;2024;38;%;\n", "values.csv:2: source not given; fill it in"),
    "a mark that is none": ("avfall;2024;38;%;x;A\n", "values.csv:2: 'A' is no mark; write V, S, D or U"),
    "an uncertainty below nought": ("avfall;2024;38;%;x;V;-1\n", "values.csv:2: uncertainty -1 is below 0"),
}


@pytest.mark.parametrize(("lines", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_names_its_line_and_the_way_out(tmp_path: Path, lines: str, sentence: str) -> None:
    """A person at a spreadsheet mends it from the sentence alone."""
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, HEADER + lines)

    assert str(caught.value) == sentence


def test_a_decimal_comma_between_commas_is_not_guessed(tmp_path: Path) -> None:
    """38,5 would become 38 with the unit 5, or 385."""
    header = "goal,period,value,unit,source\n"
    with pytest.raises(ConfigurationError, match=r"values.csv:2: more columns than the header; write a decimal point"):
        read(tmp_path, header + "avfall,2024,38,5,%,x\n")
    with pytest.raises(ConfigurationError, match=r"values.csv:2: '38,5': a comma separates the columns here"):
        read(tmp_path, header + 'avfall,2024,"38,5",%,x\n')


def test_every_fault_is_told_at_once_in_both_languages(tmp_path: Path) -> None:
    """And nothing of the file is used."""
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, HEADER + "avfall;2024;38;%;x\navfal;2024;38;%;x\navfall;x;38;%;x\n")

    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["3", "4"]
    assert "menade du avfall?" in caught.value.faults[0].sentence("sv")  # type: ignore[attr-defined] # a Fault


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "no header with"),
        ("<html><body>Logga in</body></html>", "the file begins with '<html>"),
        (HEADER, "no value below the header"),
        ("mål;värde\navfall;3\n", "no header with"),
        (b"\x00\xff\x00PK\x03\x04" * 50, "no header with"),
    ],
)
def test_what_is_no_such_file_says_so(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    """A workbook, a page, an empty file."""
    with pytest.raises(ConfigurationError, match=sentence):
        read(tmp_path, content)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    """A path mistyped."""
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_goal_series(tmp_path / "no.csv", GOALS, TODAY)
