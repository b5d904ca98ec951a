"""indoor.yaml: what is read, and what is refused with file, line and way out."""

from pathlib import Path

import pytest

from config.domain.indoor import IndoorRanges
from config.loading import load_municipality
from config.municipality.entries import checked
from config.municipality.indoor import IndoorFile, indoor
from config.municipality.yaml_source import read
from tests.config.folders import written

GOOD = """\
ranges:
  - id: skolor
    kinds: [school]
    lowest_c: 20
    highest_c: 26
    highest_co2_ppm: 1000
    first_hour: 7
    last_hour: 17
    source: Rutin 7
    mark: S
  - id: ovriga
    lowest_c: 18
    highest_c: 27
    first_hour: 0
    last_hour: 24
    every_day: true
    source: Rutin 7
    mark: S
"""
FAULTS = {
    "no room between": ("highest_c: 26", "highest_c: 20", "indoor.yaml:5: ranges.skolor.highest_c: must be above lowest_c"),
    "left before entered": ("last_hour: 17", "last_hour: 7", "indoor.yaml:8: ranges.skolor.last_hour: must be after first_hour"),
    "kelvin": ("lowest_c: 20", "lowest_c: 293", "indoor.yaml:4: ranges.skolor.lowest_c: '293' is above the most, 40"),
    "per cent": ("1000", "10", "indoor.yaml:6: ranges.skolor.highest_co2_ppm: '10' is below the least, 400"),
    "an id twice": ("id: ovriga", "id: skolor", "ranges.skolor.id: the same id as on line 2"),
    "no source": ("    last_hour: 17\n    source: Rutin 7\n", "    last_hour: 17\n", "ranges.skolor.source: is missing; give it"),
    "two for a kind": (
        "  - id: ovriga\n",
        "  - id: ovriga\n    kinds: [school]\n",
        "indoor.yaml:12: ranges.ovriga.kinds: school already have the range skolor; keep one",
    ),
    "invented but marked": ("mark: S\n  - id", "mark: S\n    example: true\n  - id", "an invented range is marked U"),
}


def read_from(folder: Path, text: str) -> tuple[IndoorRanges | None, list[str]]:
    path = folder / "indoor.yaml"
    path.write_text(text)
    source = read(path)
    file = checked(source, IndoorFile)
    made = None if file is None else indoor(source, file)
    return made, [fault.sentence() for fault in source.faults]


def test_a_kind_has_its_own_range_and_the_rest_that_of_all_others(tmp_path: Path) -> None:
    """A school by its own, an ice rink by the one that names no kind."""
    made, faults = read_from(tmp_path, GOOD)

    assert faults == []
    assert made is not None
    school, rink = made.of("school"), made.of("ice_rink")
    assert school is not None
    assert rink is not None
    assert (school.id, school.lowest_c, school.highest_co2_ppm, school.hours, school.every_day) == (
        "skolor",
        20,
        1000,
        (7, 17),
        False,
    )
    assert (rink.id, rink.highest_co2_ppm, rink.hours, rink.every_day) == ("ovriga", None, (0, 24), True)


def test_without_the_file_no_kind_has_a_range(tmp_path: Path) -> None:
    """No range is anybody's default."""
    assert load_municipality(written(tmp_path / "town", indoor=None)).indoor.of("school") is None


@pytest.mark.parametrize(("old", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_says_where_and_what_to_do(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A wrong limit would call a good school a bad one."""
    _, faults = read_from(tmp_path, GOOD.replace(old, new, 1))

    assert any(said in fault for fault in faults), faults
