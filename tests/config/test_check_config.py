"""`energimonitor check-config` and `schemas`, as people run them."""

from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from services.app.commands import config as commands
from tests.config.folders import GOALS, PORTFOLIO, altered, written
from tests.config.test_factor_files import CONTRACTS, HOURLY, HOURS

MIXES = """\
mixes:
  - id: el-ursprung-2024
    carrier: electricity
    year: 2024
    perspective: location
    shares: {renewable: 0.7, fossil: 0.05, other: 0.25}
    source: Ei
    mark: S
"""


def run(*arguments: str, **environment: str) -> Result:
    """The command's answer."""
    app = typer.Typer()
    commands.add_to(app)
    return CliRunner().invoke(app, list(arguments), env={f"ENERGIMONITOR_{name}": value for name, value in environment.items()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A right municipality, of families that are there from the beginning."""
    text = PORTFOLIO.replace("family: amsleser", "family: rec").replace("family: tasmota", "family: sparkplug")
    return written(tmp_path / "m", portfolio=text, sources="sources:\n  - {topic: a/#, family: rec}\n")


def test_what_is_in_order_is_summed_up(folder: Path) -> None:
    """How much there is, how much of it is certain, what is missing."""
    answer = run("check-config", "--municipality", str(folder))

    assert answer.exit_code == 0, answer.output
    assert (
        "1 ägare, 1 byggnader, 4 mätpunkter, 4 mätare, 1 källor, 1 mål, 1 faktorer, 1 prislistor, 1 målgrupper" in answer.output
    )
    assert "mål, faktorer och priser efter märke: V 2, S 1, D 0, U 0" in answer.output
    assert "effektgräns (max_power_kw) för 4 mätpunkter" in answer.output


def test_the_marks_of_contracts_mixes_and_hours_are_counted(folder: Path) -> None:
    """A verified factor says nothing of the contract or the hours that stand in its place."""
    (folder / "se3.csv").write_text(HOURS)
    (folder / "factors.yaml").write_text((folder / "factors.yaml").read_text() + CONTRACTS + MIXES + HOURLY)

    answer = run("check-config", "--municipality", str(folder))

    assert answer.exit_code == 0, answer.output
    assert "mål, faktorer och priser efter märke: V 3, S 2, D 1, U 0" in answer.output


def test_it_speaks_english_when_asked(folder: Path) -> None:
    """Swedish first."""
    answer = run("check-config", "--municipality", str(folder), "--language", "en")

    assert "1 owners, 1 buildings, 4 metering points" in answer.output
    assert "power limit (max_power_kw) of 4 points" in answer.output


def test_faults_are_grouped_by_file_and_end_with_status_1(folder: Path) -> None:
    """A script that deploys must stop."""
    (folder / "goals.yaml").write_text(altered(GOALS, "mark: V", "mark: X"))
    portfolio = folder / "portfolio.yaml"
    portfolio.write_text(altered(portfolio.read_text(), "area_m2: 5200", "area_m2: stor"))
    (folder / "factors.yaml").unlink()

    answer = run("check-config", "--municipality", str(folder))

    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        "factors.yaml",
        "  VARNING  factors.yaml:1: finns inte: det den skulle ge visas som saknas",
        "goals.yaml",
        "  FEL      goals.yaml:15: goals.budget.mark: 'X' är inget av dem; kända: D, S, U, V",
        "portfolio.yaml",
        "  FEL      portfolio.yaml:10: buildings.skola.area_m2: ett tal väntades, inte 'stor'",
        "2 fel. Rätta dem och kör igen.",
    ]


def test_faults_of_settings_and_files_come_together(folder: Path) -> None:
    """One run, one list."""
    (folder / "goals.yaml").write_text(altered(GOALS, "mark: V", "mark: X"))

    answer = run("check-config", "--language", "en", "--municipality", str(folder), BROKER_HOTS="x")

    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        "Settings (environment)",
        "  FAULT    ENERGIMONITOR_BROKER_HOTS: no such setting; did you mean ENERGIMONITOR_BROKER_HOST?",
        "goals.yaml",
        "  FAULT    goals.yaml:15: goals.budget.mark: 'X' is none of them; known: D, S, U, V",
        "2 faults. Mend them, run again.",
    ]


def test_faults_of_settings_are_swedish_too(folder: Path) -> None:
    """One list, one language."""
    answer = run("check-config", "--municipality", str(folder), BROKER_HOTS="x", WEB_PORT="99999", STORE="influxdb1")

    assert answer.output.splitlines()[:3] == [
        "Inställningar (miljövariabler)",
        "  FEL      ENERGIMONITOR_BROKER_HOTS: inställningen finns inte; menade du ENERGIMONITOR_BROKER_HOST?",
        "  FEL      ENERGIMONITOR_WEB_PORT: '99999' är över det största, 65535",
    ]


def test_a_country_that_was_not_meant_is_a_warning(folder: Path) -> None:
    """With line and way out; what is meant so can be run."""
    (folder / "calendar.yaml").write_text("country: SV\n")

    answer = run("check-config", "--municipality", str(folder))

    assert answer.exit_code == 0
    assert (
        "  VARNING  calendar.yaml:1: country: SV är koden för El Salvador, men tidszonen Europe/Stockholm är SE:s; menade du SE?"
        in answer.output.splitlines()
    )


def test_the_settings_name_the_folder(folder: Path) -> None:
    """What is checked is what would be run."""
    assert "Lillköping" in run("check-config", MUNICIPALITY=str(folder)).output


def test_a_family_without_decoder_is_found(folder: Path) -> None:
    """Config knows no decoders; the command hands them in."""
    (folder / "sources.yaml").write_text("sources:\n  - {topic: a/#, family: wmbusmeter}\n")

    answer = run("check-config", "--language", "en", "--municipality", str(folder))

    assert "sources.yaml:2: sources.1.family: no decoder family 'wmbusmeter'; did you mean wmbusmeters?" in answer.output


def test_schemas_are_written_where_asked(tmp_path: Path) -> None:
    """Beside one's own files."""
    before = run("schemas", "--to", str(tmp_path))
    after = run("schemas", "--write", "--to", str(tmp_path))

    assert (before.exit_code, after.exit_code) == (1, 0)
    assert (tmp_path / "portfolio.json").is_file()
