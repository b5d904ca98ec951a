"""`energimonitor import` as a person runs it: a file that cannot be read hides nothing of the others."""

from pathlib import Path

from typer.testing import CliRunner

from services.app.cli import build


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    """The first file's values are in the store: they are told, whatever comes after."""
    good, page, late = (tmp_path / name for name in ("good.csv", "page.csv", "late.csv"))
    good.write_text("tid;el-bjorkskolan\n2026-03-01 00:00;100,5\n", encoding="utf-8")
    page.write_text("<html>404</html>", encoding="utf-8")
    late.write_text("tid;el-bjorkskolan\n2026-03-01 01:00;101,5\n", encoding="utf-8")
    words = ("--kind", "register", "--unit", "kWh", "--timezone", "Europe/Stockholm")
    env = {"ENERGIMONITOR_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}

    result = CliRunner(env=env).invoke(build(), ["import", str(good), str(page), str(tmp_path / "gone.csv"), str(late), *words])

    assert result.exit_code == 1
    assert f"{page}: ingen rubrik med en tid" in result.output
    assert f"{tmp_path / 'gone.csv'}: No such file" in result.output
    assert [line for line in result.output.splitlines() if "1 värden sparade" in line] == [
        f"{path}: 1 rader, 1 värden sparade, 0 togs inte, 0 av okända, 0 tomma" for path in (good, late)
    ]


def test_two_values_of_one_time_are_a_warning_with_both_lines(tmp_path: Path) -> None:
    """Status 0: the file was taken, and the later line counts; the file of what was not taken has the other."""
    path, rejected = tmp_path / "two.csv", tmp_path / "rejected.csv"
    path.write_text(
        "tid;el-bjorkskolan\n2026-03-01 00:00;100,5\n2026-03-01 01:00;101\n2026-03-01 00:00;100,7\n", encoding="utf-8"
    )
    words = ("--kind", "register", "--unit", "kWh", "--timezone", "UTC", "--rejected", str(rejected))
    env = {"ENERGIMONITOR_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}

    result = CliRunner(env=env).invoke(build(), ["import", str(path), *words])

    assert result.exit_code == 0
    assert "VARNING: 1 tider har olika värden i filen; ett av dem räknas." in result.output
    assert "active_energy_import 2026-03-01 00:00Z: rad 4 (100,7) räknas, inte rad 2 (100,5)" in result.output
    (line,) = rejected.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert line.startswith(f'"{path}";"2";"el-bjorkskolan";"100.5";"ett annat värde för samma tid räknas";')
