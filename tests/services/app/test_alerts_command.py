"""`alerts acknowledge` at the prompt: by the same checks as on the board, into the same log."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

import services.app
from config.errors import ChangeRefused
from services.app.commands import alerts
from services.state.alerts import Part
from services.state.audit import Act
from services.state.state import State
from tests.services.web.signing.people import alert

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[State]:
    """One alert that holds and whose message was refused."""
    wiring = SimpleNamespace(
        settings=lambda: tmp_path,
        municipality=lambda _: SimpleNamespace(timezone="Europe/Stockholm", receivers=("drift",)),
        open_state=lambda path: State.open(path / "state.sqlite"),
    )
    monkeypatch.setitem(sys.modules, "services.app.wiring", wiring)  # type: ignore[arg-type] # - stands for the module
    monkeypatch.setattr(services.app, "wiring", wiring, raising=False)
    with State.open(tmp_path / "state.sqlite") as opened:
        number = opened.alerts.notice("sign:web", "signs", alert(""), NOW, told=True).id
        opened.alerts.tell(number, "drift", Part.BEGUN, NOW)
        waiting = [each.id for each in opened.alerts.waiting("drift")]
        opened.alerts.write("m1", "drift", waiting, {"items": []}, NOW, urgent=False)
        opened.alerts.failed("m1", NOW, "drift: okänd")
        yield opened


def run(*arguments: str) -> Result:
    app = typer.Typer()
    alerts.add_to(app)
    return CliRunner().invoke(app, ["alerts", *arguments])


def test_an_acknowledgement_is_logged_with_its_note(state: State) -> None:
    """From the prompt, by the name that was given."""
    output = run("acknowledge", "1", "--by", "Anna", "--note", "Startar om").output
    kept, entry = state.alerts.alert(1), state.audit.entries()[0]

    assert "1 är kvitterat av Anna." in output
    assert kept is not None
    assert (kept.acknowledged_by, kept.note) == ("Anna", "Startar om")
    assert (entry.act, entry.who, entry.address, entry.subject) == (Act.ALERT_ACKNOWLEDGED, "Anna", "prompt", "alert 1")
    assert entry.after["note"] == "Startar om"
    assert "Anna" in run("list").output


@pytest.mark.parametrize(
    ("number", "words"), [("1", "larm 1 är redan kvitterat, av Anna"), ("2", "det finns inget larm 2")], ids=["again", "unknown"]
)
def test_what_cannot_be_acknowledged_is_said(state: State, number: str, words: str) -> None:
    """And nothing is logged."""
    run("acknowledge", "1", "--by", "Anna")
    error = run("acknowledge", number, "--by", "Bo").exception

    assert isinstance(error, ChangeRefused)
    assert words in error.sentence("sv")
    assert len(state.audit.entries()) == 1


def test_the_list_says_what_did_not_get_through(state: State) -> None:
    """In the words of the board."""
    assert "gick inte fram" in run("list").output
