"""`energimonitor goals` on the example municipality: what stands, what is lacking, and values from a file."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from config.errors import ConfigurationError
from services.app.commands import goals

VALUES = ("3,2", "3,25", "3,3", "3,3", "3,35")
HEAD = "mål;period;värde;enhet;källa;märke;osäkerhet\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENERGIMONITOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*arguments: str) -> Result:
    app = typer.Typer()
    goals.add_to(app)
    return CliRunner().invoke(app, ["goals", *arguments])


def values(place: Path, text: str) -> str:
    path = place / "varden.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return str(path)


def test_every_goal_has_a_row_and_what_is_not_known_is_not_judged(place: Path) -> None:
    """The platform's two sections in one list; nothing is entered yet."""
    found = run("list")

    assert found.exit_code == 0
    for goal in ("klimatneutral", "solel", "kollektiv", "barns", "ekonomi"):
        assert goal in found.output
    assert "kan inte bedömas" in found.output


def test_one_is_shown_with_what_to_enter(place: Path) -> None:
    """Its source with its mark, and the way out."""
    found = run("show", "solel-2030")

    assert found.exit_code == 0, found.output
    assert "Källa:" in found.output
    assert "Läge: kan inte bedömas" in found.output


def test_an_unknown_goal_names_the_nearest(place: Path) -> None:
    """A slip of the hand."""
    found = run("show", "solel-2003")

    assert isinstance(found.exception, ConfigurationError)
    assert "solel-2030" in str(found.exception)


def test_a_file_with_a_fault_saves_nothing(place: Path) -> None:
    """All or nothing, with file and line."""
    found = run("import", values(place, "solel-2030;2024;4,1;MW;provet;S;\nsolel-2030;2025;mycket;MW;provet;S;\n"))

    assert isinstance(found.exception, ConfigurationError)
    assert "varden.csv" in str(found.exception)
    assert "3" in str(found.exception)
    assert "4,1" not in run("show", "solel-2030").output


def test_the_faults_of_all_files_come_at_once(place: Path) -> None:
    """And what a right file beside them says is not saved either."""
    first, second, right = (place / name for name in ("a.csv", "b.csv", "c.csv"))
    first.write_text(HEAD + "solel-2030;2024;mycket;MW;provet;S;\n", encoding="utf-8")
    second.write_text(HEAD + "solel-2030;2024;4,1;MW;provet;S;\nsolel-2030;2024;4,2;MW;provet;S;\n", encoding="utf-8")
    right.write_text(HEAD + "solel-2030;2024;4,1;MW;provet;S;\n", encoding="utf-8")

    found = run("import", str(first), str(right), str(place / "nowhere.csv"), str(second))

    assert [line.split(": ")[0].removeprefix(f"{place}/") for line in str(found.exception).splitlines()] == [
        "a.csv:2", "nowhere.csv", "b.csv:3"
    ]  # fmt: skip
    assert "4,1" not in run("show", "solel-2030").output


def test_values_of_a_file_are_judged_and_said_again(place: Path) -> None:
    """A trial saves nothing; the second import changes nothing."""
    rows = "".join(f"solel-2030;{year};{value};MW;provet;S;\n" for year, value in zip(range(2021, 2026), VALUES, strict=True))
    file = values(place, rows)

    assert "5 värden lästa, inget sparat" in run("import", "--dry-run", file).output
    assert "5 värden lästa, 5 nya eller ändrade" in run("import", file).output
    assert "5 värden lästa, 0 nya eller ändrade" in run("import", file).output
    shown = run("show", "solel-2030").output
    assert all(value in shown for value in ("3,20", "3,25", "3,30", "3,35", "provet"))


def test_nothing_is_fetched_unless_told(place: Path) -> None:
    """No call leaves the machine by itself."""
    found = run("fetch")

    assert isinstance(found.exception, ConfigurationError)
    assert "ENERGIMONITOR_KOLADA" in str(found.exception)
