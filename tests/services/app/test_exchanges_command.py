"""`energimonitor exchanges list`: what waits for a person, exchanges on record that the readings contradict among it."""

from datetime import datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from services.app.cli import build
from tests.config.folders import PORTFOLIO, altered, written

EXCHANGED = datetime(2026, 3, 12, 10)  # noqa: DTZ001 - the file's wall clock; tests.config.folders has the exchange near it


def run(folder: Path, *words: str, language: str = "sv") -> Result:
    env = {
        "ENERGIMONITOR_DATA_DIR": str(folder / "data"),
        "ENERGIMONITOR_MUNICIPALITY": str(folder / "town"),
        "ENERGIMONITOR_LANGUAGE": language,
        "COLUMNS": "200",
    }
    return CliRunner(env=env).invoke(build(), [*words])


def settled(folder: Path, old: int, new: int, portfolio: str = PORTFOLIO) -> Path:
    """On record: the old meter ended at 4128, the new one began at 12. They were read up to `old`, and from `new` on."""
    written(folder / "town", portfolio=portfolio)
    before = [(EXCHANGED - timedelta(hours=hour), old - hour) for hour in range(10, -1, -1)]
    after = [(EXCHANGED + timedelta(hours=1 + hour), new + hour) for hour in range(10)]
    lines = [f"{at:%Y-%m-%d %H:%M};{level}\n" for at, level in (*before, *after)]
    (folder / "levels.csv").write_text("tid;fv-skola\n" + "".join(lines), encoding="utf-8")
    words = ("--kind", "register", "--unit", "kWh", "--timezone", "Europe/Stockholm")
    assert run(folder, "import", str(folder / "levels.csv"), *words).exit_code == 0
    assert run(folder, "jobs", "--once").exit_code == 0
    return folder


def test_a_record_that_the_readings_contradict_is_told_with_its_line(tmp_path: Path) -> None:
    """Whoever noted it would not be told otherwise before they ask where a figure comes from."""
    told = run(settled(tmp_path, old=5_009, new=15), "exchanges", "list").output

    assert (
        "portfolio.yaml:50: fv-skola 2026-03-12 09:40Z: m-fv-1 antecknad vid 4128 kWh men avläst vid 5009 kWh dessförinnan; "
        "rätta den antecknade ställningen (end_register) eller tiden"
    ) in told


def test_it_is_told_in_english_too_and_by_point(tmp_path: Path) -> None:
    """As the installation's language says."""
    folder = settled(tmp_path, old=4_127, new=5)
    told = run(folder, "exchanges", "list", "--point", "fv-skola", language="en").output
    of_another = run(folder, "exchanges", "list", "--point", "el-skola", language="en").output

    assert "Levels on record that the readings contradict; they are not used, correct the file:" in told
    assert "portfolio.yaml:57: fv-skola 2026-03-12 09:40Z: m-fv-2 on record at 12 kWh but read at 5 kWh after it; correct" in told
    assert "contradict" not in of_another


def test_the_first_meters_start_and_the_last_ones_end_are_told_too(tmp_path: Path) -> None:
    """No exchange stands beside them: the first was read at 4117 after it, the last at 22 before it."""
    old = "            from: 2024-01-01\n            to: 2026-03-12T10:15\n"
    portfolio = altered(PORTFOLIO, old, altered(old, "2024-01-01\n", "2026-03-11\n            start_register: 4120\n"))
    portfolio = altered(portfolio, "start_register: 12\n", "to: 2026-03-12T21:30\n            end_register: 15\n")
    told = run(settled(tmp_path, old=4_127, new=13, portfolio=portfolio), "exchanges", "list").output

    assert (
        "portfolio.yaml:50: fv-skola 2026-03-10 23:00Z: m-fv-1 antecknad vid 4120 kWh men avläst vid 4117 kWh därefter; "
        "rätta den antecknade ställningen (start_register) eller tiden"
    ) in told
    assert (
        "portfolio.yaml:58: fv-skola 2026-03-12 20:30Z: m-fv-2 antecknad vid 15 kWh men avläst vid 22 kWh dessförinnan; "
        "rätta den antecknade ställningen (end_register) eller tiden"
    ) in told


def test_what_agrees_is_not_told(tmp_path: Path) -> None:
    """Nobody need look at it."""
    told = run(settled(tmp_path, old=4_127, new=13), "exchanges", "list").output

    assert "motsägs" not in told
