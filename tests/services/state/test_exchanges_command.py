"""`energimonitor exchanges`: what waits is shown, decided by a named person, and settled again."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

import services.app
from config.domain.estate import Carrier, Direction, Installation, MeteringPoint
from config.domain.intervals import ExchangeDecision, Finding, FindingCode
from config.domain.readings import Reading
from config.errors import ChangeRefused
from services.app.commands import exchanges
from services.state.state import State
from services.store.duckdb import DuckDBStore

AT = datetime(2026, 3, 4, 20, 5, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 6, tzinfo=UTC)
POINT = MeteringPoint("skolan-el", "Skolan", "b", Carrier.ELECTRICITY, Direction.IMPORT, 0.01, interval_s=300)
INSTALLED = Installation("skolan-el", "m", "active_energy", datetime(2020, 1, 1, tzinfo=UTC))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state with a suspicion, and a store where the register falls from 500 800 to 2 kWh."""
    store = DuckDBStore(tmp_path / "store.duckdb")
    minute = timedelta(minutes=5)
    before = [Reading("m", "active_energy", AT - number * minute, 500_803.0 - 3 * number, NOW) for number in range(1, 50)]
    after = [Reading("m", "active_energy", AT + number * minute, 2.0 + 3 * number, NOW) for number in range(50)]
    store.write_readings([*before, *after])
    store.close()
    with State.open(tmp_path / "state.sqlite") as state:
        finding = Finding("skolan-el", FindingCode.RESET, AT, AT, "Började om från noll.", "Began again.", {"before": 500_800.0})
        state.exchanges.notice("skolan-el", [finding], NOW)
    portfolio = SimpleNamespace(points={"skolan-el": POINT}, installations_of={"skolan-el": (INSTALLED,)})
    wiring = SimpleNamespace(
        settings=lambda: tmp_path,
        open_state=lambda path: State.open(path / "state.sqlite"),
        open_store=lambda path: DuckDBStore(path / "store.duckdb"),
        municipality=lambda _: SimpleNamespace(portfolio=portfolio),
    )
    monkeypatch.setitem(sys.modules, "services.app.wiring", wiring)
    monkeypatch.setattr(services.app, "wiring", wiring, raising=False)  # where another test has imported the real one
    return tmp_path


def run(*arguments: str) -> Result:
    app = typer.Typer()
    exchanges.add_to(app)
    return CliRunner().invoke(app, ["exchanges", *arguments], env={"COLUMNS": "200"})


def decided(place: Path) -> tuple[ExchangeDecision, ...]:
    with State.open(place / "state.sqlite") as state:
        return state.exchanges.decisions("skolan-el")


def test_what_waits_is_listed_and_shown_with_its_evidence(place: Path) -> None:
    """The person checks before deciding."""
    listed, shown = run("list"), run("show", "1")

    assert "skolan-el" in listed.output
    assert "2026-03-04 20:05" in listed.output
    assert "Började om från noll." in shown.output
    assert '"before": 500800.0' in shown.output


def test_a_confirmed_exchange_is_settled_again_and_leaves_the_list(place: Path) -> None:
    """From what the person typed to what settlement reads."""
    result = run("confirm", "1", "--by", "Eva Ek", "--old-register", "500801.5", "--new-register", "0", "--note", "arbetsorder 7")

    assert result.exit_code == 0, result.output
    assert decided(place) == (ExchangeDecision("skolan-el", AT, True, 500_801.5, 0.0),)
    with State.open(place / "state.sqlite") as state:
        assert state.dirty_hours.pending_points() == ["skolan-el"]
    assert "skolan-el" not in run("list").output
    assert "Eva Ek" in run("list", "--all").output
    assert "arbetsorder 7" in run("show", "1").output


def test_a_rejected_one_is_a_decision_too(place: Path) -> None:
    """And may be taken back."""
    run("reject", "1", "--by", "Eva")
    rejected = decided(place)
    run("reopen", "1", "--by", "Eva")

    assert rejected == (ExchangeDecision("skolan-el", AT, False),)
    assert decided(place) == ()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "7"], "there is no exchange 7 in the ledger"),
        (["confirm", "7", "--by", "Eva", "--old-register", "5"], "there is no exchange 7 in the ledger"),
        (
            ["confirm", "1", "--by", "Eva", "--old-register", "5"],
            "a register does not go back; read them again, or say that it is so anyway (--anyway)",
        ),
        (["confirm", "1", "--by", "Eva", "--new-register", "900"], "the new meter's level 900 and its first reading 2 kWh"),
        (["confirm", "1", "--by", " "], "say who with --by"),
        (["reopen", "1", "--by", "Eva"], "there is no decision to take back"),
    ],
)
def test_a_fault_is_a_sentence(place: Path, arguments: list[str], sentence: str) -> None:
    """And nothing is decided."""
    result = run(*arguments)

    assert isinstance(result.exception, ChangeRefused)
    assert sentence in str(result.exception)
    assert decided(place) == ()


def test_nobody_decides_without_a_name(place: Path) -> None:
    """A decision moves published figures."""
    result = run("confirm", "1")

    assert result.exit_code == 2
    assert "--by" in result.output


def test_who_insists_is_believed(place: Path) -> None:
    """The readings may be what is wrong."""
    result = run("confirm", "1", "--by", "Eva", "--old-register", "5", "--anyway")

    assert result.exit_code == 0, result.output
    assert decided(place) == (ExchangeDecision("skolan-el", AT, True, 5.0),)


def test_deciding_twice_says_who_was_first(place: Path) -> None:
    """Two people with the same list."""
    run("confirm", "1", "--by", "Eva")

    result = run("reject", "1", "--by", "Bo")

    assert "exchange 1 is confirmed already, by Eva" in str(result.exception)
    assert [item.accepted for item in decided(place)] == [True]
