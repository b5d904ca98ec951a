"""`energimonitor users` and `energimonitor audit`: accounts at the prompt, and what is logged of it."""

import csv
import io
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.errors import ConfigurationError
from services.app.cli import build
from services.state.audit import Act
from services.state.state import State
from services.web.signing.passwords import Passwords
from services.web.signing.users_file import load_users
from tests.config.folders import written

GOOD = "fyra ord på rad räcker"


def run(folder: Path, *words: str, typed: str = "") -> Result:
    env = {
        "ENERGIMONITOR_DATA_DIR": str(folder / "data"),
        "ENERGIMONITOR_MUNICIPALITY": str(folder / "town"),
        "ENERGIMONITOR_USERS_FILE": str(folder / "users.yaml"),
        "ENERGIMONITOR_LANGUAGE": "sv",
        "COLUMNS": "200",
    }
    return CliRunner(env=env).invoke(build(), [*words], input=typed)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    written(tmp_path / "town")
    return tmp_path


def test_an_account_is_added_listed_and_removed(place: Path) -> None:
    """With its own closed file; the list has no hash; each step is in the log by who typed it."""
    added = run(place, "users", "add", "anna.ek", "--rights", "administrator", "--full-name", "Anna Ek", typed=f"{GOOD}\n")
    user = load_users(place / "users.yaml").user("anna.ek")
    listed = run(place, "users", "list")
    mode = stat.S_IMODE((place / "users.yaml").stat().st_mode)
    removed = run(place, "users", "remove", "anna.ek")
    shown = run(place, "audit")

    assert (added.exit_code, removed.exit_code, mode) == (0, 0, 0o600)
    assert user is not None
    assert Passwords().is_right(user.password, GOOD)
    assert "Anna Ek" in listed.output
    assert "administratör" in listed.output
    assert "argon2" not in listed.output + added.output + shown.output
    assert load_users(place / "users.yaml").by_name == {}
    assert shown.output.index("Konto borttaget") < shown.output.index("Konto tillagt")
    assert "prompt" in shown.output


def test_another_password_signs_the_account_out(place: Path) -> None:
    """Whoever had the old one is out at once, without waiting for a request."""
    run(place, "users", "add", "anna", "--rights", "reader", typed=f"{GOOD}\n")
    with State.open(place / "data" / "state.sqlite") as state:
        state.sessions.begin("secret", "user:anna", "", {}, datetime(2026, 11, 24, tzinfo=UTC))
    changed = run(place, "users", "password", "Anna", typed="ett helt annat lösenord\n")
    user = load_users(place / "users.yaml").user("anna")

    with State.open(place / "data" / "state.sqlite") as state:
        assert state.sessions.of("secret") is None
        assert [entry.act for entry in state.audit.entries()] == [Act.ACCOUNT_PASSWORD, Act.ACCOUNT_ADDED]
    assert changed.exit_code == 0
    assert user is not None
    assert Passwords().is_right(user.password, "ett helt annat lösenord")


def test_a_weak_password_is_refused(place: Path) -> None:
    """Nothing is written, and what was typed is not repeated."""
    result = run(place, "users", "add", "anna", "--rights", "reader", typed="Sommar2026!!\n")

    assert isinstance(result.exception, ConfigurationError)
    assert "lösenordet är för svagt" in result.exception.sv
    assert "Sommar2026" not in result.exception.sv + result.output
    assert not (place / "users.yaml").exists()


FAULTS = {
    "rights that are none": (("users", "add", "a", "--rights", "root"), "reader, facility_manager"),
    "an owner that is none": (
        ("users", "add", "a", "--rights", "facility_manager", "--owner", "finnsej"),
        "finns inte i portföljen",
    ),
    "nobody to remove": (("users", "remove", "bo"), "there is no account bo"),
    "nobody to give a password": (("users", "password", "bo"), "there is no account bo"),
    "a password in the arguments": (("users", "add", "a", "--rights", "reader", "--password", GOOD), "No such option"),
}


@pytest.mark.parametrize(("words", "said"), FAULTS.values(), ids=FAULTS)
def test_a_mistake_says_what_is_wrong(place: Path, words: tuple[str, ...], said: str) -> None:
    """Before a password is asked for."""
    run(place, "users", "add", "anna", "--rights", "reader", typed=f"{GOOD}\n")
    result = run(place, *words)

    assert result.exit_code != 0
    assert said in f"{result.output}{result.exception}"


def test_the_log_comes_as_csv(place: Path) -> None:
    """All of it, for whoever looks into it with other tools."""
    run(place, "users", "add", "anna", "--rights", "reader", typed=f"{GOOD}\n")
    rows = list(csv.reader(io.StringIO(run(place, "audit", "--csv").output)))

    assert rows[0][:4] == ["number", "time_utc", "who", "address"]
    assert rows[1][4:6] == ["account_added", "user:anna"]


def test_without_a_file_the_setting_is_named(place: Path) -> None:
    """The way out."""
    env = {"ENERGIMONITOR_MUNICIPALITY": str(place / "town"), "ENERGIMONITOR_DATA_DIR": str(place)}
    result = CliRunner(env=env).invoke(build(), ["users", "list"])

    assert "ENERGIMONITOR_USERS_FILE" in str(result.exception)
