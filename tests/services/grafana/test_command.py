"""`energimonitor provision`, as a person runs it with the example municipality."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.app import wiring
from services.app.cli import build
from tests.services.grafana.fake_grafana import TOKEN, FakeGrafana, serving

INFLUXDB = {
    "ENERGIMONITOR_STORE": "influxdb2",
    "ENERGIMONITOR_INFLUXDB_URL": "http://influxdb:8086",
    "ENERGIMONITOR_INFLUXDB_TOKEN": "may-write",
    "ENERGIMONITOR_GRAFANA_INFLUXDB_TOKEN": "may-read",
}
FILES = 3 + len(wiring.boards())  # data source, where dashboards are, alarms


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    with serving(FakeGrafana()) as fake:
        yield fake


def energimonitor(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(build(), ["provision", *arguments], env=INFLUXDB | environment, catch_exceptions=False)


def test_files_are_written_once(tmp_path: Path) -> None:
    """All of them, then none; no token in any."""
    first, again = (energimonitor("--files", str(tmp_path)) for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert f"{FILES} filer skrivna" in first.output
    assert "0 filer skrivna" in again.output
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == FILES
    assert all("may-read" not in text and "may-write" not in text for text in written)


def test_a_dry_run_of_files_writes_none(tmp_path: Path) -> None:
    """It names them."""
    result = energimonitor("--files", str(tmp_path), "--dry-run")

    assert f"{FILES} filer skulle skrivas" in result.output
    assert list(tmp_path.iterdir()) == []


def test_grafana_is_provisioned_and_the_second_run_changes_nothing(grafana: FakeGrafana) -> None:
    """It reads with the token that may only read, and says that values are invented."""
    address = {"ENERGIMONITOR_GRAFANA_URL": grafana.url, "ENERGIMONITOR_GRAFANA_TOKEN": TOKEN}
    told = energimonitor("--dry-run", **address).output
    nothing = list(grafana.writes)
    first, again = (energimonitor(**address).output for _ in range(2))

    assert nothing == []
    things = len(first.splitlines()) - 1
    assert told.count("skulle skapas") > len(wiring.boards())
    assert f"{things} saker, {things} oförändrade." in again
    assert [line for line in again.splitlines() if not line.startswith("oförändrad")] == [again.splitlines()[-1]]
    assert grafana.datasources["energimonitor"]["secureJsonData"] == {"httpHeaderValue1": "Token may-read"}
    assert "Exempeldata" in str(grafana.dashboards["byggnaden-just-nu"]["panels"][0])


def test_a_change_by_hand_is_shown_and_replaced_when_named(grafana: FakeGrafana) -> None:
    """The line of the report has the command."""
    address = {"ENERGIMONITOR_GRAFANA_URL": grafana.url, "ENERGIMONITOR_GRAFANA_TOKEN": TOKEN}
    energimonitor(**address)
    grafana.edit("byggnaden-just-nu", title="Min")
    kept = energimonitor(**address).output
    title = grafana.dashboards["byggnaden-just-nu"]["title"]
    replaced = energimonitor("--overwrite", "byggnaden-just-nu", **address).output

    assert "orörd" in kept
    assert '-  "title": "Min",' in kept
    assert (title, grafana.dashboards["byggnaden-just-nu"]["title"]) == ("Min", "Byggnaden just nu")
    assert "ändrad" in replaced
