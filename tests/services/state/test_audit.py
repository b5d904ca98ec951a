"""The log of changes can be added to and nothing else."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.state.audit import OURSELVES, Act, Entry
from services.state.state import State

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as opened:
        for day in range(5):
            at = NOW - timedelta(days=day)
            opened.audit.write(Entry(at, f"p{day}", "192.0.2.1", Act.SIGNED_IN, "account", {"a": 1}, {"a": 2}))
        yield opened


def test_entries_come_back_as_written_newest_first_and_by_page(state: State) -> None:
    """The next page begins below the last number of this one, whatever has been written meanwhile."""
    first = state.audit.entries(limit=2)
    state.audit.write(Entry(NOW, "x", "", Act.SIGNED_OUT, ""))
    second = state.audit.entries(before=first[-1].id, limit=2)

    assert [entry.who for entry in (*first, *second)] == ["p4", "p3", "p2", "p1"]
    assert (first[0].before, first[0].after, first[0].act) == ({"a": 1}, {"a": 2}, Act.SIGNED_IN)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'other'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
        "INSERT OR REPLACE INTO audit SELECT id, at, 'other', address, act, subject, before, after FROM audit",
        "UPDATE audit_horizon SET at = -1",
    ],
)
def test_the_file_itself_refuses_to_alter_an_entry(state: State, statement: str) -> None:
    """A bug of ours cannot rewrite what was done."""
    with pytest.raises(sqlite3.IntegrityError, match="log of changes"), state.database.transaction() as connection:
        connection.execute(statement)
    assert [entry.who for entry in state.audit.entries()] == ["p4", "p3", "p2", "p1", "p0"]


def test_retention_takes_the_old_and_says_so(state: State) -> None:
    """Otherwise a hole in the log could mean anything."""
    gone = state.audit.forget_before(NOW - timedelta(days=2, hours=1))
    left = state.audit.entries()

    assert gone == 2
    assert [entry.who for entry in left] == [OURSELVES, "p2", "p1", "p0"]
    assert left[0].after["entries"] == 2
    assert state.audit.forget_before(NOW - timedelta(days=2, hours=1)) == 0
