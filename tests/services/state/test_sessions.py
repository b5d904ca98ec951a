"""Sessions, sign-ins under way, and attempts made too often."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.state.sessions import Flow, Patience
from services.state.state import State

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
ONE = {"account:anna": Patience(free=3)}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as opened:
        yield opened


def test_a_session_is_found_by_its_secret_and_the_secret_is_not_kept(state: State) -> None:
    """A copy of the file lets nobody in."""
    state.sessions.begin("s3cret-of-the-browser", "user:anna", "m", {"groups": ["a"]}, NOW)
    found = state.sessions.of("s3cret-of-the-browser")
    files = b"".join(path.read_bytes() for path in state.database.path.parent.iterdir())

    assert found is not None
    assert (found.account, found.mark, found.claims, found.begun, found.seen) == ("user:anna", "m", {"groups": ["a"]}, NOW, NOW)
    assert state.sessions.of("another") is None
    assert b"s3cret-of-the-browser" not in files


def test_all_sessions_of_an_account_end_together(state: State) -> None:
    """Removed accounts are signed out everywhere, others not."""
    for secret, account in (("a", "user:anna"), ("b", "user:anna"), ("c", "user:bo")):
        state.sessions.begin(secret, account, "", {}, NOW)

    assert state.sessions.end_all("user:anna") == 2
    assert [state.sessions.of(secret) is None for secret in "abc"] == [True, True, False]


def test_a_flow_comes_back_once_and_to_its_own_browser(state: State) -> None:
    """A replayed state is worth nothing, and so is one that was caught and shown from elsewhere."""
    flow = Flow("nonce", "verifier", "/logg", NOW)
    state.sessions.send("state", "browser", flow)
    state.sessions.send("caught", "browser", flow)

    assert state.sessions.come_back("state", "browser") == flow
    assert state.sessions.come_back("state", "browser") is None
    assert state.sessions.come_back("caught", "thief") is None
    assert state.sessions.come_back("caught", "browser") is None


def test_attempts_cost_more_and_more(state: State) -> None:
    """Three are free; then one second, two, four; an attempt that came too early is not counted."""
    waits = []
    at = NOW
    for _ in range(7):
        wait = state.sign_in_attempts.attempt(ONE, at)
        waits.append(wait.total_seconds())
        at += wait

    assert waits == [0, 0, 0, 1, 0, 2, 0]
    assert Patience(free=3).after(200) == timedelta(minutes=15)


def test_another_process_counts_on(state: State, tmp_path: Path) -> None:
    """Restarting the board buys nobody new attempts."""
    for _ in range(3):
        assert state.sign_in_attempts.attempt(ONE, NOW) == timedelta(0)

    with State.open(tmp_path / "state.sqlite") as other:
        assert other.sign_in_attempts.attempt(ONE, NOW) == timedelta(seconds=1)


def test_success_and_time_forgive(state: State) -> None:
    """Who got in begins anew, and so does everybody after a day."""
    for _ in range(3):
        state.sign_in_attempts.attempt(ONE, NOW)
    state.sign_in_attempts.succeeded(["account:anna"])
    after_success = [state.sign_in_attempts.attempt(ONE, NOW) for _ in range(3)]
    after_a_day = state.sign_in_attempts.attempt(ONE, NOW + timedelta(days=2))

    assert after_success == [timedelta(0)] * 3
    assert after_a_day == timedelta(0)
    assert state.sign_in_attempts.attempt(ONE, NOW + timedelta(days=2)) == timedelta(0)
