"""`energimonitor deviations`: ranked by kronor, muted with a reason, and from alarm to verified saving at the prompt."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

import services.app
from config.domain.deviations import Deviation, DeviationKind, ThreadState
from config.domain.indicators import Missing, Subject, SubjectKind
from config.errors import ConfigurationError, MonitorError
from services.app.commands import deviations
from services.jobs.savings import SavingsModel
from services.jobs.surroundings import Surroundings
from services.state.state import State
from tests.doubles.memory_store import MemoryStore
from tests.services.indicators.example_basis import point, portfolio

NOW = datetime.now(UTC)  # noqa: TID251 - the commands ask the machine's clock
TODAY = NOW.date()


def found(building: str, sek: float | Missing, kind: DeviationKind = DeviationKind.NIGHT) -> Deviation:
    return Deviation(
        kind=kind,
        subject=Subject(SubjectKind.BUILDING, building),
        building=building,
        carrier="electricity",
        first_day=TODAY - timedelta(days=10),
        last_day=TODAY - timedelta(days=1),
        detected=TODAY - timedelta(days=7),
        going_on=True,
        kwh=1234.5,
        sek=sek,
        kg=Missing("Utsläppsfaktor saknas.", "No factor."),
        sentence_sv="Elanvändningen nattetid har legat högt.",
        sentence_en="High at night.",
        action_sv="Gå igenom drifttiderna.",
        action_en="Check the hours.",
        evidence={"used_kw": 12.0},
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three told deviations of known and unknown price."""
    with State.open(tmp_path / "state.sqlite") as state:
        for building, sek in (("liten", 100.0), ("stor", 9000.0), ("utan-pris", Missing("Pris saknas.", "No price."))):
            state.deviation_threads.tell(state.deviation_threads.record(found(building, sek), NOW, TODAY).id, NOW)
    names = {name: SimpleNamespace(name=name.capitalize()) for name in ("liten", "stor", "utan-pris")}
    wiring = SimpleNamespace(
        settings=lambda: tmp_path,
        municipality=lambda _: SimpleNamespace(portfolio=SimpleNamespace(buildings=names), timezone="Europe/Stockholm"),
        open_state=lambda path: State.open(path / "state.sqlite"),
        open_store=lambda path: MemoryStore(),
        savings=lambda town, store: SavingsModel(Surroundings(portfolio(point("e", building="liten")), store)),
    )
    monkeypatch.setitem(sys.modules, "services.app.wiring", wiring)
    monkeypatch.setattr(services.app, "wiring", wiring, raising=False)  # where another test has imported the real one
    return tmp_path


def run(*arguments: str) -> Result:
    app = typer.Typer()
    deviations.add_to(app)
    return CliRunner().invoke(app, ["deviations", *arguments], env={"COLUMNS": "220"})


def state_of(place: Path, number: int) -> ThreadState:
    with State.open(place / "state.sqlite") as state:
        thread = state.deviation_threads.thread(number)
        assert thread is not None
        return thread.state


def test_the_costliest_stands_first_and_a_missing_price_is_said(place: Path) -> None:
    """9 000 kr before 1 234.5 kWh without a price, and those before 100 kr; never "0 kr"."""
    output = run("list").output

    assert output.index("Stor") < output.index("Utan-pris") < output.index("Liten")
    assert "9 000".replace(" ", "\N{NO-BREAK SPACE}") in output
    assert "saknas" in output
    assert "3 visas" in output


def test_one_is_shown_with_its_reason_evidence_and_events(place: Path) -> None:
    """What to do, what it stands on, what lacks."""
    output = run("show", "3").output

    assert "Gå igenom drifttiderna." in output
    assert "kr: saknas (Pris saknas.)" in output
    assert '"used_kw":12.0' in output
    assert "upptäckt" in output
    assert "meddelad" in output


def test_a_muted_one_leaves_the_list_until_its_day(place: Path) -> None:
    """With who, why and until when on record."""
    until = (TODAY + timedelta(days=30)).isoformat()
    run("mute", "2", "--by", "Anna", "--reason", "Ombyggnad", "--until", until)

    assert "Stor" not in run("list").output
    assert f"tystad till {until}: Ombyggnad" in run("list", "--all").output
    assert "Anna" in run("show", "2").output


def test_from_alarm_to_verified_saving(place: Path) -> None:
    """Acknowledged, acted on, verified by an own follow-up whose interval lies above nought."""
    run("acknowledge", "1", "--by", "Anna", "--note", "Tittar")
    assert state_of(place, 1) is ThreadState.ACKNOWLEDGED
    run("act", "1", "--by", "Anna", "--text", "Drifttid ändrad", "--day", TODAY.isoformat())
    assert state_of(place, 1) is ThreadState.ACTING

    output = run("verify", "1", "--kwh", "900", "--low", "600", "--high", "1200", "--model", "månadsjämförelse").output

    assert state_of(place, 1) is ThreadState.VERIFIED
    assert "verifierad besparing" in output
    assert "månadsjämförelse" in run("show", "1").output


def test_what_the_model_cannot_tell_verifies_nothing(place: Path) -> None:
    """It is said what lacks, and what to give instead; the state does not move."""
    run("act", "1", "--by", "Anna", "--text", "Drifttid ändrad", "--day", TODAY.isoformat())
    output = run("verify", "1").output

    assert "Baslinjen behöver året före åtgärden: 0 av 365 dygn" in output
    assert "--kwh, --low, --high" in output
    assert state_of(place, 1) is ThreadState.ACTING


FAULTS = {
    "a number that is none": (("show", "99"), "no deviation 99"),
    "a day that is none": (("act", "1", "--by", "A", "--text", "x", "--day", "igår"), "write a day as"),
    "an action in the future": (("act", "1", "--by", "A", "--text", "x", "--day", "2999-01-01"), "when it has been taken"),
    "an action before it began": (("act", "1", "--by", "A", "--text", "x", "--day", "0001-01-01"), "the deviation began on"),
    "a mute that is over": (("mute", "1", "--by", "A", "--reason", "x", "--until", "2020-01-01"), "name a later one"),
    "a mute without reason": (("mute", "1", "--by", "A", "--reason", " ", "--until", "2999-01-01"), "the reason is empty"),
    "verifying what was not acted on": (("verify", "1"), "no action on record"),
}


@pytest.mark.parametrize(("arguments", "said"), FAULTS.values(), ids=FAULTS)
def test_a_mistake_says_the_way_out(place: Path, arguments: tuple[str, ...], said: str) -> None:
    """Nothing is changed by it."""
    result = run(*arguments)

    assert isinstance(result.exception, MonitorError)
    assert said in str(result.exception)
    assert state_of(place, 1) is ThreadState.OPENED


def test_an_own_saving_lies_inside_its_interval(place: Path) -> None:
    """Three numbers typed in the wrong order are no verification."""
    run("act", "1", "--by", "Anna", "--text", "x", "--day", date.fromisoformat(TODAY.isoformat()).isoformat())
    result = run("verify", "1", "--kwh", "900", "--low", "1000", "--high", "1200", "--model", "x")

    assert isinstance(result.exception, ConfigurationError)
    assert state_of(place, 1) is ThreadState.ACTING
