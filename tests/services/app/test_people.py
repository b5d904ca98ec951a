"""What of the settings of sign-in is a risk is said at the start and by the doctor; what cannot be is refused."""

import logging
from pathlib import Path

import pytest

from config.errors import ConfigurationError
from config.settings import Settings, load_settings
from services.app.doctor import people as doctor
from services.app.doctor.answers import Verdict
from services.app.people import odd
from tests.dashboards import example
from tests.services.web.signing.people import running_people, users_file

P = "ENERGIMONITOR_"
OIDC = {f"{P}OIDC_ISSUER": "https://login.example.se/t/v2.0", f"{P}OIDC_CLIENT_ID": "c", f"{P}USERS_FILE": "users.yaml"}

ODD = {
    "loopback without sign-in": ({}, ""),
    "loopback with sign-in": ({"users_file": "u.yaml"}, ""),
    "beyond it without sign-in": ({"web_host": "0.0.0.0"}, "without sign-in"),
    "beyond it without https": ({"web_host": "0.0.0.0", "users_file": "u.yaml"}, "without https"),
    "https with an unknown proxy": ({"users_file": "u.yaml", "board_url": "https://e.example.se"}, "TRUSTED_PROXIES"),
    "as it should be": (
        {"web_host": "0.0.0.0", "users_file": "u.yaml", "board_url": "https://e.example.se", "trusted_proxies": "10.0.0.5"},
        "",
    ),
    "IPv6 loopback": ({"web_host": "::1"}, ""),
    "a name": ({"web_host": "board.example.se"}, "without sign-in"),
}


@pytest.mark.parametrize(("settings", "words"), ODD.values(), ids=ODD)
def test_a_risk_is_said_with_the_way_out(settings: dict[str, str], words: str) -> None:
    """Once, in both languages, with the setting that mends it."""
    found = odd(Settings(**settings))

    assert [words in english for _, english in found] == [True] * bool(words)
    assert all("ENERGIMONITOR_" in swedish and "ENERGIMONITOR_" in english for swedish, english in found)
    assert doctor.listening(Settings(**settings)).verdict is (Verdict.WATCH if words else Verdict.GOOD)


WRONG = {
    "no address of the board": (OIDC, "BOARD_URL: needed with"),
    "an issuer in the clear": (OIDC | {f"{P}OIDC_ISSUER": "http://login.example.se"}, "is no https address"),
    "a board in the clear": (OIDC | {f"{P}BOARD_URL": "http://e.example.se"}, "is no https address"),
    "no users file": ({name: value for name, value in OIDC.items() if "USERS" not in name}, "USERS_FILE: needed with"),
}


@pytest.mark.parametrize(("environment", "words"), WRONG.values(), ids=WRONG)
def test_settings_that_do_not_go_together_are_refused(environment: dict[str, str], words: str) -> None:
    """At the start, not at somebody's sign-in."""
    with pytest.raises(ConfigurationError, match=words):
        load_settings(environment)


def test_the_doctor_looks_into_the_users_file(tmp_path: Path) -> None:
    """Faults by line; a file that others may read is told."""
    path = tmp_path / "users.yaml"
    path.write_text(users_file())
    path.chmod(0o644)
    open_to_others = doctor.users_file(path, example.portfolio())
    path.chmod(0o600)
    closed = doctor.users_file(path, example.portfolio())
    path.write_text(users_file().replace("environment_team", "everything"))
    broken = doctor.users_file(path, example.portfolio())

    assert (open_to_others.verdict, closed.verdict, broken.verdict) == (Verdict.WATCH, Verdict.GOOD, Verdict.BAD)
    assert "5 konton, 1 grupper" in closed.seen
    assert "users.yaml:" in broken.seen


def test_a_users_file_with_faults_stops_the_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Later it lets nobody in and says so in the log; at the start somebody is there to mend it."""
    with running_people(tmp_path) as board:
        board.users.write_text("users: [")
        with caplog.at_level(logging.ERROR):
            board.browser().sign_in("mia")
        (tmp_path / "broken.yaml").write_text("users: [")

    assert "nobody can sign in until it is mended" in caplog.text
    with pytest.raises(ConfigurationError, match=r"broken.yaml:"), running_people(tmp_path, users_file=tmp_path / "broken.yaml"):
        pass


def test_a_users_file_that_is_not_there_yet_lets_nobody_in(tmp_path: Path) -> None:
    """The first account may come after the first start, and counts without another one."""
    with running_people(tmp_path, users_file=tmp_path / "later.yaml") as board:
        before = board.browser().sign_in("mia").status
        (tmp_path / "later.yaml").write_text(users_file())

        assert before == 403
        assert board.browser().sign_in("mia").status == 303
