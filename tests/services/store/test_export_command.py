"""`energimonitor export`: its words become a query, and its faults a sentence."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

import services.app
from config.domain.readings import Reading
from services.app.commands import export
from services.store.duckdb import DuckDBStore

START = datetime(2025, 6, 30, 20, tzinfo=UTC)


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of three meters and 12 hours, which the command opens."""
    path = tmp_path / "store.duckdb"
    store = DuckDBStore(path)
    store.write_readings(
        [Reading(meter, "r", START + timedelta(hours=at), float(at), START) for meter in ("a", "b", "c=d") for at in range(12)]
    )
    store.close()
    wiring = SimpleNamespace(settings=lambda: path, open_store=DuckDBStore)
    monkeypatch.setitem(sys.modules, "services.app.wiring", wiring)
    monkeypatch.setattr(services.app, "wiring", wiring, raising=False)  # where another test has imported the real one
    return path


def run(*arguments: str) -> Result:
    app = typer.Typer()
    export.add_to(app)
    return CliRunner().invoke(app, list(arguments))


def test_points_of_some_meters_between_local_times(filled: Path) -> None:
    """Times without offset are those of the zone: from local midnight to two o'clock, 22:00 to 24:00 UTC in summer."""
    result = run("readings", "--where", "meter=a", "--where", "meter=c=d", "--from", "2025-07-01", "--to", "2025-07-01T02:00")

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "time,meter,register,value,received",
        "2025-07-01T00:00:00+02:00,a,r,2.0,1751313600000",
        "2025-07-01T01:00:00+02:00,a,r,3.0,1751313600000",
        "2025-07-01T00:00:00+02:00,c=d,r,2.0,1751313600000",
        "2025-07-01T01:00:00+02:00,c=d,r,3.0,1751313600000",
    ]
    assert "4 rader" in result.stderr


def test_days_by_meter_into_a_file(filled: Path, tmp_path: Path) -> None:
    """For a Swedish Excel."""
    target = tmp_path / "ut.csv"

    result = run(
        *(
            "readings",
            "--aggregate",
            "count",
            "--every",
            "1d",
            "--by",
            "meter",
            "--where",
            "meter=b",
            "--excel",
            "--out",
            str(target),
        )
    )

    assert result.exit_code == 0, result.output
    assert target.read_text("utf-8-sig").splitlines() == [
        "time;meter;value",
        "2025-06-30 00:00:00;b;2",
        "2025-07-01 00:00:00;b;10",
    ]
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tariffs"], "'tariffs' finns inte; serierna är readings"),
        (["readings", "--where", "meter"], "skriv tagg=värde"),
        (["readings", "--where", "building=x"], "readings has no tag building; it has meter, register"),
        (["readings", "--from", "i går"], "Invalid isoformat string"),
        (["readings", "--every", "1d"], "groups need an aggregate"),
        (["readings", "--aggregate", "sum", "--field", "price"], "readings has no field price"),
        (["readings", "--zone", "Europe/Borlange"], "Europe/Borlange"),
    ],
)
def test_a_fault_is_a_sentence(filled: Path, arguments: list[str], sentence: str) -> None:
    """With exit status 2, and the way out where there is one."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert sentence in " ".join(result.output.replace("│", " ").split())
