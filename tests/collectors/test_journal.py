"""The journal: what is appended is read, in order, and survives."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.journal import START, JournalReader, JournalRetention, JournalWriter, Position, Progress
from collectors.messages import RawMessage
from config.errors import ConfigurationError, JournalFull

EVENING = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 0, 0, 1, tzinfo=UTC)


def texts(folder: Path, after: Position = START, limit: int = 100) -> list[str]:
    with JournalReader(folder) as reader:
        return [message.topic for _, message in reader.after(after, limit)]


def test_a_message_comes_back_as_it_came(tmp_path: Path) -> None:
    """Topic, bytes, receipt to the microsecond, and the flags."""
    received = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
    with JournalWriter(tmp_path) as journal:
        journal.append(received, [("ä/b", b"\x00\xff", 1 | 4 | 8)])

    with JournalReader(tmp_path) as reader:
        ((position, message),) = reader.after(START, 10)

    assert position == Position("2026-11-23", 1)
    assert message == RawMessage("ä/b", b"\x00\xff", received, 1, retained=True, duplicate=True)


def test_reading_goes_on_across_midnight(tmp_path: Path) -> None:
    """One file a day; the reader need not know."""
    with JournalWriter(tmp_path) as journal:
        journal.append(EVENING, [("first", b"", 1), ("second", b"", 1)])
        journal.append(MORNING, [("third", b"", 1)])

    assert texts(tmp_path) == ["first", "second"]
    assert texts(tmp_path, Position("2026-11-23", 2)) == ["third"]
    assert texts(tmp_path, Position("2026-11-24", 1)) == []


def test_a_clock_set_back_does_not_reopen_a_day(tmp_path: Path) -> None:
    """A reader that has gone on to the next day would never see it."""
    with JournalWriter(tmp_path) as journal:
        journal.append(MORNING, [("first", b"", 1)])
        journal.append(EVENING, [("second", b"", 1)])
    with JournalWriter(tmp_path) as journal:
        journal.append(EVENING, [("third", b"", 1)])

    assert texts(tmp_path) == ["first", "second", "third"]
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["2026-11-24.sqlite"]


def test_a_reader_sees_what_is_appended_while_it_is_open(tmp_path: Path) -> None:
    """Receiver and intake run at the same time."""
    with JournalWriter(tmp_path) as journal, JournalReader(tmp_path) as reader:
        assert reader.after(START, 10) == []
        journal.append(EVENING, [("first", b"", 1)])
        ((position, _),) = reader.after(START, 10)
        journal.append(MORNING, [("second", b"", 1)])

        assert [message.topic for _, message in reader.after(position, 10)] == ["second"]


def test_a_cap_refuses_and_never_drops(tmp_path: Path) -> None:
    """Back-pressure: the broker waits, and what was kept stays kept."""
    large = b"x" * 100_000
    with JournalWriter(tmp_path, cap_bytes=50_000) as journal:
        journal.append(EVENING, [("kept", large, 1)])
    with JournalWriter(tmp_path, cap_bytes=50_000) as journal, pytest.raises(JournalFull, match="its cap is 50,000"):
        journal.append(EVENING, [("refused", b"", 1)])

    assert texts(tmp_path) == ["kept"]


def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A torn or foreign file must not be written over."""
    broken = tmp_path / "2026-11-23.sqlite"
    broken.write_bytes(b"no database at all, but long enough to be read as one" * 100)
    before = broken.read_bytes()

    with JournalWriter(tmp_path) as journal, pytest.raises(JournalFull):
        journal.append(EVENING, [("x", b"", 1)])

    assert broken.read_bytes() == before


def test_a_torn_write_ahead_log_loses_only_what_was_not_committed(tmp_path: Path) -> None:
    """As after a power cut: the log's tail is cut off in the middle of a frame."""
    journal = JournalWriter(tmp_path)
    journal.append(EVENING, [("first", b"", 1)])
    whole = (tmp_path / "2026-11-23.sqlite-wal").read_bytes()
    journal.append(EVENING, [("second", b"", 1)])
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "2026-11-23.sqlite").write_bytes((tmp_path / "2026-11-23.sqlite").read_bytes())
    torn = (tmp_path / "2026-11-23.sqlite-wal").read_bytes()[: len(whole) + 100]
    (copy / "2026-11-23.sqlite-wal").write_bytes(torn)
    journal.close()

    assert texts(copy) == ["first"]
    with JournalWriter(copy) as again:
        again.append(EVENING, [("third", b"", 1)])
    assert texts(copy) == ["first", "third"]


def test_a_day_is_deleted_only_when_it_is_old_and_taken_in(tmp_path: Path) -> None:
    """What the intake has not reached yet is nowhere else."""
    with JournalWriter(tmp_path) as journal:
        for day in range(3):
            journal.append(EVENING + timedelta(days=day), [("x", b"", 1)])
    retention, progress = JournalRetention(tmp_path), Progress(tmp_path)
    long_after = EVENING + timedelta(days=400)

    assert retention.forget_before(long_after) == 0
    progress.advance(Position("2026-11-24", 1))
    assert retention.forget_before(EVENING - timedelta(days=1)) == 0
    assert retention.forget_before(long_after) == 1

    progress.close()
    assert sorted(path.stem for path in tmp_path.glob("2*.sqlite")) == ["2026-11-24", "2026-11-25"]


def test_progress_and_memory_come_back(tmp_path: Path) -> None:
    """A restart goes on where it was, with the births it had seen."""
    birth = RawMessage("spBv1.0/g/NBIRTH/n", b"\x01", EVENING)
    progress = Progress(tmp_path)
    progress.advance(Position("2026-11-23", 7), [birth])
    progress.close()

    again = Progress(tmp_path)
    position, remembered = again.position(), again.remembered()
    again.close()

    assert position == Position("2026-11-23", 7)
    assert remembered == [birth]


@pytest.mark.parametrize("text", ["yesterday", "2026-11-23:", "2026-11-23:x"])
def test_a_position_that_is_none_is_refused(text: str) -> None:
    """It comes from a file that a person may have edited."""
    with pytest.raises(ConfigurationError, match="no position"):
        Position.parse(text)


def test_the_journal_is_a_plain_sqlite_file(tmp_path: Path) -> None:
    """Whoever takes over can read it without us."""
    with JournalWriter(tmp_path) as journal:
        journal.append(EVENING, [("topic", b"payload", 1)])
    connection = sqlite3.connect(tmp_path / "2026-11-23.sqlite")

    rows = connection.execute("select topic, payload from messages").fetchall()

    connection.close()
    assert rows == [("topic", b"payload")]
