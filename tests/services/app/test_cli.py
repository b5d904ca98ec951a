"""`energimonitor` at the prompt: the language in which it says what is wrong."""

from pathlib import Path

import pytest

from services.app import cli
from tests.config.folders import GOALS, altered, written

FAULT = "goals.yaml:15: goals.budget.mark: "


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str, **environment: str) -> str:
    """What a command that ends with an error of ours writes; status 2."""
    monkeypatch.setattr("sys.argv", ["energimonitor", *arguments])
    for name, value in environment.items():
        monkeypatch.setenv(f"ENERGIMONITOR_{name}", value)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "'X' är inget av dem; kända: D, S, U, V"), ("en", "'X' is none of them; known: D, S, U, V")],
)
def test_a_fault_in_a_file_is_told_in_the_language_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    """In the words of check-config."""
    town = written(tmp_path / "town", goals=altered(GOALS, "mark: V", "mark: X"))

    found = said(
        monkeypatch, capsys, "goals", "list", MUNICIPALITY=str(town), LANGUAGE=language, DATA_DIR=str(tmp_path / "data")
    )  # fmt: skip

    assert f"{FAULT}{words}\n" in found


def test_swedish_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no language is chosen; what is said of an argument too."""
    found = said(monkeypatch, capsys, "goals", "show", "solel-2003", DATA_DIR=str(tmp_path / "data"))

    assert found == "energimonitor: målet 'solel-2003' finns inte i goals.yaml; menade du solel-2030?\n"


def test_faults_of_the_settings_are_told_in_the_language_that_they_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though the settings as a whole cannot be used."""
    found = said(monkeypatch, capsys, "goals", "list", LANGUAGE="en", BROKER_HOTS="x")

    assert found.startswith("energimonitor: ENERGIMONITOR_BROKER_HOTS: no such setting; did you mean")


def test_a_language_that_is_none_is_told_in_swedish(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The value that was given, and those that may be."""
    found = said(monkeypatch, capsys, "goals", "list", LANGUAGE="no")

    assert found == "energimonitor: ENERGIMONITOR_LANGUAGE: 'no' är inget av dem; kända: en, sv\n"
