"""`energimonitor prices` as a person runs it."""

from pathlib import Path

from typer.testing import CliRunner

from config.errors import ConfigurationError
from services.app.cli import build


def test_an_area_that_is_none_is_refused(tmp_path: Path) -> None:
    """Prices of "se3" would be stored, and no bill would ever find them."""
    env = {"ENERGIMONITOR_DATA_DIR": str(tmp_path / "data")}

    result = CliRunner(env=env).invoke(build(), ["prices", "import", "svar.json", "--area", "se3"])

    assert isinstance(result.exception, ConfigurationError)
    assert str(result.exception) == "--area se3: no electricity area; give one of SE1, SE2, SE3, SE4"


def test_a_bad_answer_stops_no_other_and_is_named(tmp_path: Path) -> None:
    """Status 1, so that a script sees it."""
    page = tmp_path / "page.json"
    page.write_text("<html>log in</html>", encoding="utf-8")
    env = {"ENERGIMONITOR_DATA_DIR": str(tmp_path / "data")}

    result = CliRunner(env=env).invoke(build(), ["prices", "import", str(page), str(tmp_path / "gone.json")])

    assert result.exit_code == 1
    assert f"{page}: no JSON but '<html>log in</html>'" in result.output
    assert f"{tmp_path / 'gone.json'}: No such file" in result.output
