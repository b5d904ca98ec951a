"""calendar.yaml: what is read, and what is refused with file, line and way out."""

from datetime import date
from pathlib import Path

import pytest

from config.municipality.calendar import CalendarFile, calendar
from config.municipality.entries import checked
from config.municipality.yaml_source import read

GOOD = """\
school_years:
  - id: 2026-27
    autumn_term: {first_day: 2026-08-18, last_day: 2026-12-18}
    spring_term: {first_day: 2027-01-11, last_day: 2027-06-11}
    breaks:
      - {name_sv: Höstlov, name_en: Autumn break, first_day: 2026-10-26, last_day: 2026-10-30}
    source: Skolnämnden
    mark: U
    example: true
"""
FAULTS = {
    "a break outside the terms": (
        "first_day: 2026-10-26, last_day: 2026-10-30",
        "first_day: 2026-12-21, last_day: 2027-01-08",
        "outside the terms",
    ),
    "an id twice": (
        "    example: true\n",
        "    example: true\n  - {id: 2026-27, autumn_term: {first_day: 2027-08-18, last_day: 2027-12-18}, "
        "spring_term: {first_day: 2028-01-11, last_day: 2028-06-11}, source: s, mark: S}\n",
        "2026-27.id: the same id as on line 2",
    ),
    "a span that ends before it begins": ("2026-10-30", "2026-10-20", "before first_day"),
    "terms in the wrong order": ("first_day: 2027-01-11", "first_day: 2026-12-11", "after the autumn term"),
    "an invented year that is not marked so": ("mark: U", "mark: V", "marked U"),
    "a country nobody knows": ("school_years:", "country: XX\nschool_years:", "no holidays are known"),
    "a part that the country lacks": ("school_years:", "country: GB\nsubdivision: QQ\nschool_years:", "no part 'QQ' of GB"),
    "a kind of building that is none": ("school_years:", "school_kinds: [skola]\nschool_years:", "no kind of building"),
    "a day that is none": ("2026-10-30", "2026-10-32", "a day was expected"),
    "a year without source": ("    source: Skolnämnden\n", "", "is missing"),
}


def faults_of(folder: Path, text: str) -> list[str]:
    path = folder / "calendar.yaml"
    path.write_text(text)
    source = read(path)
    file = checked(source, CalendarFile)
    if file is not None:
        calendar(source, file)
    return [fault.sentence() for fault in source.faults]


def test_a_right_file_gives_the_calendar(tmp_path: Path) -> None:
    """Sweden where no country is named; days inside on both ends."""
    path = tmp_path / "calendar.yaml"
    path.write_text(GOOD)
    source = read(path)
    file = checked(source, CalendarFile)
    assert file is not None
    made = calendar(source, file)

    assert source.faults == []
    assert made.country == "SE"
    assert made.school_years[0].autumn_first_day == date(2026, 8, 18)
    assert made.school_years[0].breaks[0].last_day == date(2026, 10, 30)
    assert made.school_years[0].example


@pytest.mark.parametrize(("old", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_says_where_and_what_to_do(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A wrong term date would make alarms of ordinary school days."""
    found = faults_of(tmp_path, GOOD.replace(old, new))

    assert len(found) >= 1
    assert said in found[0]
    assert found[0].startswith("calendar.yaml:")


COUNTRIES = {
    "Sweden's language for its country": ("SV", "Europe/Stockholm", ["SV is the code of El Salvador", "did you mean SE?"]),
    "a neighbour's": ("SE", "Europe/Helsinki", ["SE is the code of Sweden", "did you mean FI?"]),
    "the zone's own": ("SE", "Europe/Stockholm", []),
    "normal time all year, which is no country's": ("SE", "UTC+1", []),
    "a zone that is not known": ("SE", None, []),
}


@pytest.mark.parametrize(("country", "zone", "said"), COUNTRIES.values(), ids=COUNTRIES)
def test_a_country_that_is_not_the_time_zones_is_asked_about(
    tmp_path: Path, country: str, zone: str | None, said: list[str]
) -> None:
    """El Salvador has other holidays: Midsummer would be a working day there, and its use a deviation. It may be meant."""
    path = tmp_path / "calendar.yaml"
    path.write_text(f"note: n\ncountry: {country}\n")
    source = read(path)
    file = checked(source, CalendarFile)
    assert file is not None
    made = calendar(source, file, zone)

    assert made.country == country
    assert [(fault.line, fault.warning) for fault in source.faults] == [(2, True)] * bool(said)
    assert all(words in source.faults[0].text for words in said)


def test_school_years_do_not_overlap(tmp_path: Path) -> None:
    """A day would be term and break at once."""
    again = GOOD.removeprefix("school_years:\n").replace("2026-27", "again")
    found = faults_of(tmp_path, GOOD + again)

    assert len(found) == 1
    assert "before the school year 2026-27 has ended" in found[0]
