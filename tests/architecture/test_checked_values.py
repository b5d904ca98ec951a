"""The page of checked values names tests: each of them is there, and every trap has one."""

import re

import pytest

from tests.servers import ROOT

PAGE = (ROOT / "docs" / "checked-values.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)))
ROWS = [
    line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| ---", "| what", "| trap", "| wrong"))
]


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[name for _, name in NAMED])
def test_every_test_that_the_page_names_is_there(file: str, test: str) -> None:
    """A renamed test would leave a printed value, or a trap, without anything that holds it."""
    path = ROOT / "tests" / file

    assert path.is_file(), f"docs/checked-values.md names tests/{file}, which is not there"
    assert re.search(rf"^def {test}\(", path.read_text(), re.MULTILINE), f"docs/checked-values.md: tests/{file} has no {test}"


def test_every_row_is_held_by_a_test() -> None:
    """A value that nothing holds is not checked."""
    assert len(ROWS) > 60
    assert [row for row in ROWS if "::test_" not in row] == []


def test_each_of_the_twenty_traps_has_its_row() -> None:
    """Numbered as the facts that they come from."""
    numbers = [int(found) for found in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)]

    assert numbers == list(range(1, 21))
