"""`energimonitor figures`, `explain` and `export` of a figure, at the prompt."""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

import services.app
from config.domain.clock import SystemClock
from config.errors import FigureUnknown
from services.app.commands import export, figures
from services.reports.figure_export import Sources
from services.state.figure_history import FigureChange
from tests.services.indicators.example_basis import ZONE
from tests.services.reports.published import NOW, Published, published, weather

JANUARY = "energy:electricity/building:skola/2025-01"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    found = published(tmp_path_factory.mktemp("state"))
    yield found
    found.state.close()


@pytest.fixture
def place(made: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept_open = SimpleNamespace(close=lambda: None)
    wiring = SimpleNamespace(
        settings=lambda: SimpleNamespace(language="sv"),
        municipality=lambda _: SimpleNamespace(portfolio=made.portfolio, timezone=ZONE),
        open_state=lambda _: kept_open,
        open_store=lambda _: kept_open,
        lineage=lambda town, store, state: made.reader,
        figure_sources=lambda chosen, town, store: Sources(lambda start, end: weather(), tmp_path),
    )
    monkeypatch.setitem(sys.modules, "services.app.wiring", wiring)
    monkeypatch.setattr(services.app, "wiring", wiring, raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    app = typer.Typer()
    figures.add_to(app)
    export.add_to(app)
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "260"})


def test_a_figure_is_explained_in_words(place: Path) -> None:
    """Value (31 days of 24 · 10 + 66 kWh), rule, hours by method."""
    output = run("explain", JANUARY).output

    assert "Energianvändning (el), 2025-01" in output
    assert "9\xa0486,00\xa0kWh" in output
    assert "Ur mätpunkternas avräknade timmar." in output
    assert "744 mätta" in output


def test_a_sum_shows_its_parts_with_their_names(place: Path) -> None:
    """Twelve months, each of which can be explained in turn."""
    output = run("explain", "energy:electricity/building:skola/2024").output

    assert "Summan av månadernas siffror." in output
    assert all(f"energy:electricity/building:skola/2024-{month:02}" in output for month in range(1, 13))


def test_a_missing_figure_is_missing_with_its_reason(place: Path) -> None:
    """Said as "saknas", what to do, and never 0."""
    output = run("explain", "energy:electricity/building:annan/2024-05").output

    assert "saknas Bara 0 % av periodens timmar är kända" in output


def test_all_of_it_as_json(place: Path) -> None:
    """For programs; the same figure."""
    found = json.loads(run("explain", JANUARY, "--json").output)

    assert found["figure"] == JANUARY
    assert found["value"] == pytest.approx(9486.0)
    assert found["hours"][0]["methods"] == {"measured": 744}


def test_periods_and_figures_are_listed(place: Path) -> None:
    """First what there is, then the figures of one period."""
    assert "2025-02-r12" in run("figures", "list", "building:skola").output
    listed = run("figures", "list", "building:skola", "--period", "2025-01").output
    assert JANUARY in listed
    assert "Inget är publicerat" in run("figures", "list", "building:skola", "--period", "2019-01").output


def test_what_moved_is_listed_with_why(place: Path, made: Published) -> None:
    """The change log, the newest first."""
    at = SystemClock().now() - timedelta(hours=1)
    change = FigureChange(
        at, "energy", "electricity", "building", "skola", "month", NOW - timedelta(days=60), NOW - timedelta(days=30), 1.0, 2.0,
        "late", "Januari, Skola: 1,0 → 2,0 kWh, ett dygn kom in sent.", "January",
    )  # fmt: skip
    assert "Inga ändringar" in run("figures", "changes", "--days", "1").output
    made.state.figure_changes.add([change])

    assert "1,0 → 2,0 kWh" in run("figures", "changes").output


def test_everything_behind_a_figure_is_exported(place: Path) -> None:
    """To a folder of its own; what was written is told."""
    result = run("export", JANUARY, "--out", str(place / "ut"))

    assert result.exit_code == 0
    assert "744 rader" in result.output
    assert {path.name for path in (place / "ut").iterdir()} >= {"figure.json", "figures.csv", "steps.csv", "hours.csv"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "energi"), "write it as energy:electricity"),
        (("figures", "list", "skola"), "skriv KIND:ID"),
        (("figures", "list", "building:skola", "--period", "januari"), "is no period"),
        (("export", JANUARY), "ange en ny mapp med --out"),
    ],
)
def test_a_mistake_says_the_way_out(place: Path, arguments: tuple[str, ...], said: str) -> None:
    """As a usage error."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert said in result.output


def test_a_figure_that_is_not_there_is_an_error_of_ours(place: Path) -> None:
    """With the way out; as known before it was published, too."""
    assert isinstance(run("explain", "energy:gas/building:skola/2025-01").exception, FigureUnknown)
    assert isinstance(run("explain", JANUARY, "--as-known", "2025-01-01").exception, FigureUnknown)
