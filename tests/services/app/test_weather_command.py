"""`energimonitor weather` as a person runs it, on the embedded store and a server that plays SMHI."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from config.errors import ConfigurationError
from services.app.cli import build
from tests.collectors.weather.played import BORLANGE, FALUN, SUN, Smhi, playing, recorded

Run = Callable[..., Result]


@pytest.fixture
def smhi() -> Iterator[Smhi]:
    """Borlänge whole, Falun with an archive, Borlänge D unknown to SMHI, the sun's newest months."""
    with playing() as server:
        server.archive(2, BORLANGE, recorded("daily-archive-105260.csv"))
        server.latest(2, BORLANGE, recorded("daily-latest-105260.json"))
        server.archive(2, FALUN, recorded("daily-archive-105370.csv"))
        server.archive(1, BORLANGE, recorded("hourly-archive-105260.csv"))
        server.latest(1, BORLANGE, recorded("hourly-latest-105260.json"))
        server.latest(11, SUN, recorded("irradiance-latest-105285.json"))
        server.stations(2, recorded("stations-2.json"))
        yield server


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command with Borlänge's own folder and data of its own; keyword arguments are settings."""

    def command(*words: str, **settings: str) -> Result:
        env = {"ENERGIMONITOR_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}
        if "weather_url" in settings:
            settings.setdefault("weather_model_url", settings["weather_url"])
        env |= {f"ENERGIMONITOR_{name.upper()}": value for name, value in settings.items()}
        return CliRunner(env=env).invoke(build(), ["weather", *words])

    return command


def test_nothing_is_called_unless_told(run: Run) -> None:
    """Off is the default; the message says both ways out."""
    result = run("fetch")

    assert isinstance(result.exception, ConfigurationError)
    assert "ENERGIMONITOR_WEATHER=smhi" in str(result.exception)
    assert "energimonitor weather import" in str(result.exception)


def test_fetching_says_by_station_what_came(run: Run, smhi: Smhi) -> None:
    """Nine days of Borlänge (seven archived, two newer), two of Falun; Borlänge D is not there and its words are shown."""
    result = run("fetch", weather="smhi", weather_url=smhi.url)

    assert result.exit_code == 0, result.output
    assert "air_temperature_daily 105260 Borlänge Flygplats: 9 nya värden, 9 dygn ändrade" in result.output
    assert "air_temperature_daily 105370 Falun-Lugnet: 2 nya värden, 1 dygn ändrade" in result.output
    assert "105310 Borlänge D has no air_temperature_daily at SMHI" in result.output


def test_fetching_again_at_once_asks_for_nothing(run: Run, smhi: Smhi) -> None:
    """Two processes after each other: what SMHI said lies on disk."""
    run("fetch", weather="smhi", weather_url=smhi.url)
    asked = smhi.count()

    result = run("fetch", weather="smhi", weather_url=smhi.url)

    assert smhi.count() == asked
    assert "105260 Borlänge Flygplats: 0 nya värden, 0 dygn ändrade" in result.output


def test_a_service_that_is_away_fails_in_words(run: Run) -> None:
    """Every quantity says so; status 1."""
    result = run("fetch", weather="smhi", weather_url="http://127.0.0.1:9")

    assert result.exit_code == 1
    assert "air_temperature 105260 Borlänge Flygplats: http://127.0.0.1:9/" in result.output
    assert "air_temperature_daily 105260 Borlänge Flygplats: http://127.0.0.1:9/" in result.output
    assert "det som är sparat finns kvar" in result.output


def test_saved_files_give_degree_days_without_internet(run: Run, tmp_path: Path) -> None:
    """Read off by hand: January's known days -6.4, -18, -21.3, 0, -3.1, 1.2, 2.5 give 23.4+35+38.3+17+20.1+15.8+14.5 = 164.1, and
    3 January from Falun, -20.5, 37.5 more: 201.6 of 8 days."""
    files = []
    for name in ("daily-archive-105260.csv", "daily-archive-105370.csv"):
        files.append(tmp_path / name)
        files[-1].write_bytes(recorded(name))

    imported = run("import", *map(str, files))
    shown = run("show", "--months", "1200")

    assert imported.exit_code == 0, imported.output
    assert "Borlänge Flygplats 105260, air_temperature_daily: 7 värden, 7 nya, 7 dygn ändrade" in imported.output
    [row] = [line for line in shown.output.splitlines() if "2024-01" in line]
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == ["2024-01", "202", "–", "–", "−8,2", "8 av 31", "1"]
    assert "bas 17\N{NO-BREAK SPACE}°C, normalperiod 1991-2020" in shown.output
    assert "Normal saknas: Normalperioden 1991-2020" in shown.output
    assert "CC BY 4.0" in shown.output


def test_a_stations_file_that_nobody_asked_for_is_refused(run: Run, tmp_path: Path) -> None:
    """Else it would be stored and never used; the way out is the plan."""
    path = tmp_path / "bromma.csv"
    path.write_bytes(recorded("daily-archive-105370.csv").replace(b"105370", b"97200"))

    result = run("import", str(path))

    assert result.exit_code == 1
    assert "stationen 97200 Falun-Lugnet finns inte i weather.yaml" in result.output


def test_a_faulty_file_stops_no_other(run: Run, tmp_path: Path) -> None:
    """Its words are told and the status is 1."""
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes(recorded("sign-in.html"))
    good.write_bytes(recorded("daily-archive-105260.csv"))

    result = run("import", str(bad), str(tmp_path / "nowhere.csv"), str(good))

    assert result.exit_code == 1
    assert "a web page in place of CSV" in result.output
    assert "nowhere.csv: No such file or directory" in result.output
    assert "7 nya" in result.output


def test_bought_degree_days_are_kept_apart_and_said_to_be(run: Run, tmp_path: Path) -> None:
    """Shown on demand only, with all their terms; never among our own."""
    path = tmp_path / "bought.csv"
    path.write_text("month;degree_days;normal\n2024-01;725;615\n")
    terms = ("--licensed", "--product", "SMHI Graddagar", "--place", "Karlskoga", "--normal-period", "1991-2020")

    imported = run("import", str(path), *terms)
    bought, own = run("show", "--licensed"), run("show", "--months", "1200")

    assert "licensierade: visas bara för er och publiceras aldrig" in imported.output
    assert "får inte spridas eller publiceras" in bought.output
    [row] = [line for line in bought.output.splitlines() if "Karlskoga" in line]
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == [
        "SMHI Graddagar", "Karlskoga", "17", "1991-2020", "2024-01", "725", "615",
    ]  # fmt: skip
    assert "725" not in own.output


def test_bought_degree_days_without_terms_are_refused(run: Run, tmp_path: Path) -> None:
    """Base, method and normal period must never be guessed."""
    result = run("import", str(tmp_path / "bought.csv"), "--licensed")

    assert isinstance(result.exception, ConfigurationError)
    assert "--normal-period" in str(result.exception)


def test_findings_are_shown_with_their_since(run: Run, smhi: Smhi) -> None:
    """In Swedish, with what to do."""
    run("fetch", weather="smhi", weather_url=smhi.url)

    shown = run("show").output

    assert "105310 Borlänge D: svaret gick inte att använda, nästa station tar vid" in shown
    assert "105370 Falun-Lugnet: SMHI har inga nya värden, bara arkivet" in shown
    assert "(sedan 20" in shown


def test_the_language_is_the_settings(run: Run) -> None:
    """English too."""
    assert "No normal" in run("show", language="en").output
