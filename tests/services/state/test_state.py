"""The state's tables over one SQLite file."""

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.intervals import Finding, FindingCode
from config.domain.readings import DirtyHours
from config.errors import StoreRefused, StoreUnavailable
from services.state.database import Database
from services.state.dead_letters import LetterState
from services.state.dirty import _joined
from services.state.message_counts import MeterDay
from services.state.schema import MIGRATIONS
from services.state.state import State

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Letter:
    position: str = "2026-03-02:1"
    topic: str = "a/b"
    family: str = "wmbusmeters"
    device: str = "7"
    reason: str = "no JSON"
    payload: bytes = b"\x00\xff"
    received: datetime = NOON
    kind: str = "unreadable"


@dataclass(frozen=True)
class Seen:
    family: str = "wmbusmeters"
    device: str = "7"
    quantity: str = "heat_energy"
    channel: str = ""
    unit: str | None = "kWh"
    accumulation: str = "counter"
    topic: str = "a/b"
    value: float = 1.5
    received: datetime = NOON
    position: str = "1"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as made:
        yield made


def hours(point: str, start: int, end: int) -> DirtyHours:
    return DirtyHours(point, NOON + start * HOUR, NOON + end * HOUR)


def ranges(state: State, point: str = "a") -> list[tuple[int, int]]:
    return [((start - NOON) // HOUR, (end - NOON) // HOUR) for start, end in state.dirty_hours.take(point).ranges]


def test_a_second_process_sees_what_the_first_marked(tmp_path: Path) -> None:
    """Intake marks in one process, jobs take in another."""
    with State.open(tmp_path / "s") as intake, State.open(tmp_path / "s") as jobs:
        intake.dirty_hours.mark([hours("a", 0, 1)])

        assert jobs.dirty_hours.pending_points() == ["a"]


def test_overlapping_and_touching_hours_are_one_range(state: State) -> None:
    """Every message marks its hour; settling goes by stretches."""
    state.dirty_hours.mark([hours("a", 0, 1), hours("a", 1, 2), hours("a", 5, 9), hours("a", 6, 7), hours("b", 3, 4)])

    assert ranges(state) == [(0, 2), (5, 9)]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9))))
def test_joined_ranges_cover_the_same_hours(spans: list[tuple[int, int]]) -> None:
    """Whatever the order and the overlaps: not an hour more, not one less, and no two ranges touch."""
    given_ranges = [(start, start + length) for start, length in spans]
    joined = _joined(given_ranges)

    assert {h for s, e in joined for h in range(s, e)} == {h for s, e in given_ranges for h in range(s, e)}
    assert all(before[1] < after[0] for before, after in pairwise(joined))


def test_a_mark_made_after_taking_stays_after_clearing(state: State) -> None:
    """Even the very same hour: the reading that made it came after the work began."""
    state.dirty_hours.mark([hours("a", 0, 1)])
    taken = state.dirty_hours.take("a")
    state.dirty_hours.mark([hours("a", 0, 1)])
    state.dirty_hours.clear("a", taken.up_to)

    assert ranges(state) == [(0, 1)]


def test_a_number_is_never_given_twice(state: State) -> None:
    """An emptied table must not count from 1 again: a late `clear` would reach new marks."""
    state.dirty_hours.mark([hours("a", 0, 1)])
    taken = state.dirty_hours.take("a")
    state.dirty_hours.clear("a", taken.up_to)
    state.dirty_hours.mark([hours("a", 0, 1)])
    state.dirty_hours.clear("a", taken.up_to)

    assert ranges(state) == [(0, 1)]


def test_marks_of_many_threads_are_all_kept(state: State) -> None:
    """One connection, one lock; meanwhile another thread takes and clears."""
    seen: set[tuple[int, int]] = set()

    def mark(first: int) -> None:
        for n in range(first, first + 50):
            state.dirty_hours.mark([hours("a", 2 * n, 2 * n + 1)])

    threads = [threading.Thread(target=mark, args=(start,)) for start in (0, 50, 100)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or state.dirty_hours.pending_points():
        taken = state.dirty_hours.take("a")
        seen |= {((start - NOON) // HOUR, (end - NOON) // HOUR) for start, end in taken.ranges}
        state.dirty_hours.clear("a", taken.up_to)

    assert seen == {(2 * n, 2 * n + 1) for n in range(150)}


def test_many_marks_of_the_same_hours_become_few(state: State) -> None:
    """A meter that sends every ten seconds while nobody settles marks its hour 8,640 times a day."""
    for _ in range(300):
        state.dirty_hours.mark([hours("a", 0, 1)])
    state.dirty_hours.take("a")

    assert state.database.rows("SELECT COUNT(*) FROM dirty_hours") == [(1,)]
    assert ranges(state) == [(0, 1)]


def test_points_wait_in_the_order_of_their_oldest_mark(state: State) -> None:
    """No busy point keeps the others from their turn; hours that begin later than asked do not count."""
    state.dirty_hours.mark([hours("b", 0, 1)])
    state.dirty_hours.mark([hours("a", 0, 1), hours("c", 3, 4)])

    assert state.dirty_hours.pending_points() == ["b", "a", "c"]
    assert state.dirty_hours.pending_points(started_before=NOON + HOUR) == ["b", "a"]


def test_dirty_days_are_taken_once_each(state: State) -> None:
    """Every settled hour marks its day again."""
    monday = date(2026, 3, 2)
    state.dirty_days.mark("skola", [monday, monday + timedelta(days=1)])
    state.dirty_days.mark("skola", [monday])
    taken = state.dirty_days.take("skola")
    state.dirty_days.mark("skola", [monday])
    state.dirty_days.clear("skola", taken.up_to)

    assert taken.days == (monday, monday + timedelta(days=1))
    assert state.dirty_days.take("skola").days == (monday,)


def test_the_same_position_and_reason_is_one_letter(state: State) -> None:
    """Replay reads the message again and fails the same way."""
    state.dead_letters.put([Letter(), Letter()])
    state.dead_letters.put([Letter(), Letter(reason="no unit")])

    assert sorted(letter.reason for letter in state.dead_letters.matching()) == ["no JSON", "no unit"]


def test_a_letter_comes_back_as_it_was_put(state: State) -> None:
    """Payloads are bytes of any kind; the time keeps its microseconds."""
    put = Letter(received=NOON + timedelta(microseconds=7))
    state.dead_letters.put([put])
    (listed,) = state.dead_letters.matching()
    kept = state.dead_letters.letter(listed.id)

    assert kept is not None
    assert Letter(kept.position, kept.topic, kept.family, kept.device, kept.reason, kept.payload, kept.received, kept.kind) == put


FILTERS: dict[str, dict[str, object]] = {
    "family": {"family": "shelly"},
    "device": {"device": "8"},
    "a part of the reason": {"reason": "uni"},
    "since": {"since": NOON + HOUR},
}


@pytest.mark.parametrize("case", FILTERS)
def test_letters_are_found_by(state: State, case: str) -> None:
    """What the command offers; each finds the one letter that differs in all of it."""
    wanted = Letter("p2", "c", "shelly", "8", "no unit", b"", NOON + 2 * HOUR)
    state.dead_letters.put([Letter(), wanted])

    assert [letter.position for letter in state.dead_letters.matching(**FILTERS[case])] == ["p2"]  # type: ignore[arg-type]  # words from a table


def test_a_retried_letter_that_fails_again_is_open_again(state: State) -> None:
    """The fix did not help; one that a person settled stays settled."""
    state.dead_letters.put([Letter(), Letter(position="2")])
    first, second = sorted(state.dead_letters.matching(), key=lambda letter: len(letter.position), reverse=True)
    state.dead_letters.set_state([first.id], LetterState.RETRIED)
    state.dead_letters.set_state([second.id], LetterState.RESOLVED)
    state.dead_letters.put([Letter(), Letter(position="2")])

    assert {letter.position: letter.state for letter in state.dead_letters.matching(state=None)} == {
        Letter().position: LetterState.OPEN,
        "2": LetterState.RESOLVED,
    }


def test_reasons_are_counted(state: State) -> None:
    """The commonest first: that is the one to mend."""
    state.dead_letters.put([Letter(), Letter(position="2"), Letter(reason="no unit")])

    assert [(row.reason, row.count) for row in state.dead_letters.counts()] == [("no JSON", 2), ("no unit", 1)]


def test_an_unknown_device_is_one_row_with_what_was_last_seen(state: State) -> None:
    """Three messages, one of them repeated after a crash: counted twice, not three times."""
    state.unknown_devices.seen([Seen()])
    state.unknown_devices.seen([Seen(value=2.5, received=NOON + HOUR)])
    state.unknown_devices.seen([Seen(), Seen(value=2.5, received=NOON + HOUR)])

    (row,) = state.unknown_devices.rows()
    assert (row.first_seen, row.last_seen, row.count, row.value) == (NOON, NOON + HOUR, 2, 2.5)


def test_a_device_that_became_known_is_forgotten(state: State) -> None:
    """The list is of what is left to do."""
    state.unknown_devices.seen([Seen(), Seen(device="8")])
    state.unknown_devices.forget("wmbusmeters", "7", "heat_energy", "")

    assert [row.device for row in state.unknown_devices.rows()] == ["8"]


def finding(start: int, end: int, code: FindingCode = FindingCode.GAP) -> Finding:
    return Finding("a", code, NOON + start * HOUR, NOON + end * HOUR, "sv", "en", {"silent_s": 7})


def test_settling_again_replaces_the_findings_of_the_window(state: State) -> None:
    """The late reading closed the gap in the middle; what lies outside stays."""
    before, inside, after = finding(0, 2), finding(5, 7), finding(10, 12)
    state.findings.replace("a", NOON, NOON + 12 * HOUR, [before, inside, after])
    state.findings.replace("a", NOON + 4 * HOUR, NOON + 8 * HOUR, [])

    assert state.findings.of("a") == [before, after]


def test_a_finding_over_the_seam_of_two_windows_is_one(state: State) -> None:
    """Chunks of a long history each tell of the same gap."""
    seam = finding(3, 9)
    state.findings.replace("a", NOON, NOON + 6 * HOUR, [seam])
    state.findings.replace("a", NOON + 6 * HOUR, NOON + 12 * HOUR, [seam])

    assert state.findings.of("a") == [seam]


def test_a_finding_of_one_moment_belongs_to_the_window_that_begins_with_it(state: State) -> None:
    """An exchange at midnight is told by the day it begins, and the day before does not take it away."""
    exchange = finding(6, 6, FindingCode.EXCHANGE)
    state.findings.replace("a", NOON + 6 * HOUR, NOON + 12 * HOUR, [exchange])
    state.findings.replace("a", NOON, NOON + 6 * HOUR, [])

    assert state.findings.of("a") == [exchange]


def test_a_file_keeps_the_time_it_first_came(state: State) -> None:
    """Importing it again stores the very same readings, time of receipt and all."""
    first = state.imported_files.received("abc", NOON)

    assert (first, state.imported_files.received("abc", NOON + HOUR)) == (NOON, NOON)


def test_counts_of_a_day_add_up(state: State) -> None:
    """Each batch of intake adds its own."""
    count = MeterDay("m", date(2026, 3, 2), 3, 2, 1, NOON)
    state.message_counts.add([replace(count, heard=NOON + HOUR)])
    state.message_counts.add([count])

    both = replace(count, received=6, stored=4, flagged=2, heard=NOON + HOUR)
    assert state.message_counts.between(date(2026, 3, 2), date(2026, 3, 2)) == [both]
    assert state.message_counts.last_heard() == {"m": NOON + HOUR}


def test_a_meters_last_count_is_kept_however_old(state: State) -> None:
    """It says when a meter that has been silent for years was last heard."""
    days = [MeterDay("m", date(2026, 3, day), 1, 1, 0, NOON) for day in (2, 3)]
    state.message_counts.add(days)

    assert state.message_counts.forget_before(NOON + 400 * 24 * HOUR) == 1
    assert state.message_counts.between(date(2026, 3, 1), date(2026, 3, 9)) == [days[1]]


def test_a_transaction_that_fails_leaves_nothing(state: State) -> None:
    """Half a batch would be neither done nor to do."""

    def half() -> None:
        with state.database.transaction():
            state.dirty_hours.mark([hours("a", 0, 1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()

    assert state.dirty_hours.pending_points() == []


def test_what_was_marked_survives_the_loss_of_power(state: State) -> None:
    """In WAL mode only FULL syncs at every commit."""
    assert state.database.rows("PRAGMA journal_mode") == [("wal",)]
    assert state.database.rows("PRAGMA synchronous") == [(2,)]


def test_an_older_file_is_brought_to_the_newest_schema(tmp_path: Path) -> None:
    """An empty database is the oldest there is; opened twice it stays as it is."""
    sqlite3.connect(tmp_path / "s").close()
    State.open(tmp_path / "s").close()
    with State.open(tmp_path / "s") as state:
        assert state.database.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]


REFUSED = {
    "a newer program's file": (lambda path: _version(path, 99), "schema 99"),
    "no database": (lambda path: path.write_bytes(b"no database " * 100), "not a database"),
    "a folder": (lambda path: path.mkdir(), "unable to open"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_the_state_is_refused_in_words(tmp_path: Path, case: str) -> None:
    """A person must act; the message says where."""
    make, words = REFUSED[case]
    make(tmp_path / "s")

    with pytest.raises(StoreRefused, match=words):
        Database(tmp_path / "s")


def test_a_full_disk_is_waited_for(state: State) -> None:
    """SQLite says so by its own limit here; intake keeps its batch in the journal and tries again."""
    state.database.rows("PRAGMA max_page_count = 1")

    with pytest.raises(StoreUnavailable, match="full"):
        state.dead_letters.put([Letter(position=str(n), payload=b"x" * 4000) for n in range(500)])


def test_a_mistake_of_ours_stays_one(state: State) -> None:
    """A wrong statement is no outage and must not be waited for."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        state.database.rows("SELECT * FROM absent")


def _version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()
