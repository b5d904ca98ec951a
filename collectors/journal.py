"""The journal: every raw message is on disk (fsync) before it is acknowledged, and is kept for a number of days.

One SQLite file a day (UTC, by receipt). The receiver appends, the intake reads from a position, and the two meet nowhere else:
they may be threads of one process or processes of their own. A day's file is only ever appended to.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from collectors.messages import RawMessage
from config.errors import ConfigurationError, JournalFull

log = logging.getLogger(__name__)

RETAINED, DUPLICATE, QOS = 4, 8, 3  # bits of a row's flags
CAP_CHECK_EVERY = 256  # commits; a look at every file's size costs more than a commit
BUSY_S = 30.0  # a reader never blocks the writer in WAL mode; only closing a day's file may
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY_FILES = "????-??-??.sqlite"
_SCHEMA = """
create table if not exists messages (
    id integer primary key, received integer not null, topic text not null, payload blob not null, flags integer not null
)
"""


class Position(NamedTuple):
    """Where a message lies: its day's file and its number there. Positions sort in order of arrival."""

    day: str
    id: int

    def __str__(self) -> str:
        return f"{self.day}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """ "2026-11-23:12345"; "" is before everything.

        Raises:
            ConfigurationError: it is neither.
        """
        if not text:
            return cls("", 0)
        day, _, number = text.partition(":")
        if not number.isdigit():
            raise ConfigurationError(f"{text!r} is no position in the journal; write YYYY-MM-DD:NUMBER")
        return cls(day, int(number))


START = Position("", 0)

Row = tuple[str, bytes, int]  # topic, payload, flags


class JournalWriter:
    """The receiver's side. One writer a folder.

    Args:
        cap_bytes: what all files may hold together; reaching it refuses new messages, it never drops old ones.
    """

    def __init__(self, folder: Path, cap_bytes: int | None = None) -> None:
        self._folder = folder
        self._cap_bytes = cap_bytes
        self._connection: sqlite3.Connection | None = None
        self._day = ""
        self._commits = 0

    def append(self, received: datetime, rows: Iterable[Row]) -> None:
        """Keep the messages in order; when this returns they survive the loss of power.

        Raises:
            JournalFull: nothing of the batch was kept; the same call may succeed later.
        """
        day = max(received.astimezone(UTC).date().isoformat(), self._day)  # a clock set back must not reopen a day
        micros = (received - _EPOCH) // _MICROSECOND
        try:
            connection = self._opened(day)
            self._check_cap()
            connection.execute("begin immediate")
            connection.executemany(
                "insert into messages (received, topic, payload, flags) values (?, ?, ?, ?)",
                [(micros, topic, payload, flags) for topic, payload, flags in rows],
            )
            connection.execute("commit")
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise JournalFull(f"the journal in {self._folder} takes nothing: {error}; make room, or mend the disk") from error

    def _opened(self, day: str) -> sqlite3.Connection:
        if self._connection is None or day != self._day:
            self.close()
            self._folder.mkdir(parents=True, exist_ok=True)
            days = _days(self._folder)
            day = max([day, *days[-1:]])
            connection = sqlite3.connect(
                self._folder / f"{day}.sqlite", timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            try:
                connection.execute("pragma journal_mode = wal")
                connection.execute("pragma synchronous = full")  # each commit is on the disk before it returns
                connection.execute("pragma wal_autocheckpoint = 4000")
                connection.execute(_SCHEMA)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection, self._day = connection, day
        return self._connection

    def _check_cap(self) -> None:
        if self._cap_bytes is not None and self._commits % CAP_CHECK_EVERY == 0:
            held = size(self._folder)
            if held >= self._cap_bytes:
                raise OSError(f"it holds {held:,} bytes, its cap is {self._cap_bytes:,}")
        self._commits += 1

    def close(self) -> None:
        """Close the day's file. The next append opens it again."""
        connection, self._connection = self._connection, None
        self._commits = 0
        if connection is not None:
            try:
                connection.close()
            except sqlite3.Error as error:
                log.warning("the journal's file did not close cleanly; it is read again at the next start: %s", error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class JournalReader:
    """The intake's side, and everybody's who looks back. Not shared between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, sqlite3.Connection] = {}

    def after(self, position: Position, limit: int) -> list[tuple[Position, RawMessage]]:
        """Up to `limit` messages behind `position`, in order of arrival; none when the journal's end is reached."""
        days = [day for day in _days(self._folder) if day >= position.day]  # looked up before reading: see below
        for day in days:
            first = position.id if day == position.day else 0
            rows = self._rows(day, "where id > ? order by id limit ?", (first, limit))
            if rows:
                self._forget_other_days(day)
                return rows
            # Nothing more here. A later day in the list was there before we looked, and a writer never goes back: go on.
        return []

    def at(self, position: Position) -> RawMessage | None:
        """The message at the position; None where its day is no longer kept."""
        if position.day not in _days(self._folder):
            return None
        rows = self._rows(position.day, "where id = ?", (position.id,))
        return rows[0][1] if rows else None

    def between(self, start: datetime, end: datetime, batch: int = 5_000) -> Iterator[tuple[Position, RawMessage]]:
        """Messages received from `start` to before `end`, in order of arrival."""
        low, high = ((instant - _EPOCH) // _MICROSECOND for instant in (start, end))
        for day in _days(self._folder):
            if day < (start - timedelta(days=1)).date().isoformat():
                continue
            last = 0
            while rows := self._rows(day, "where id > ? order by id limit ?", (last, batch)):
                last = rows[-1][0].id
                for position, message in rows:
                    if low <= (message.received - _EPOCH) // _MICROSECOND < high:
                        yield position, message

    def newest(self) -> datetime | None:
        """When the last message came."""
        for day in reversed(_days(self._folder)):
            rows = self._rows(day, "order by id desc limit 1", ())
            if rows:
                return rows[0][1].received
        return None

    def count_after(self, position: Position) -> int:
        """How many messages lie behind the position: the intake's backlog."""
        total = 0
        for day in _days(self._folder):
            if day >= position.day:
                first = position.id if day == position.day else 0
                total += max(0, self._last_id(day) - first)
        return total

    def _last_id(self, day: str) -> int:
        # Rows are only ever added, and numbered without gaps: the highest number is the count.
        found: tuple[int | None] = self._connection(day).execute("select max(id) from messages").fetchone()
        return found[0] or 0

    def _rows(self, day: str, condition: str, parameters: tuple[int, ...]) -> list[tuple[Position, RawMessage]]:
        statement = f"select id, received, topic, payload, flags from messages {condition}"  # noqa: S608 - our own words
        try:
            found = self._connection(day).execute(statement, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # the writer has made the file and not yet its table
                return []
            raise
        return [
            (
                Position(day, number),
                RawMessage(topic, payload, _instant(micros), flags & QOS, bool(flags & RETAINED), bool(flags & DUPLICATE)),
            )
            for number, micros, topic, payload, flags in found
        ]

    def _connection(self, day: str) -> sqlite3.Connection:
        if day not in self._open:
            path = self._folder / f"{day}.sqlite"
            self._open[day] = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        return self._open[day]

    def _forget_other_days(self, day: str) -> None:
        for other in [name for name in self._open if name != day]:
            self._open.pop(other).close()

    def close(self) -> None:
        self._forget_other_days("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class JournalRetention:
    """Deletes days that are older than asked and that the intake has left behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def forget_before(self, instant: datetime) -> int:
        """Delete every day that ended before `instant` and lies wholly behind the intake's position; how many."""
        reached = Progress(self._folder).position()
        deleted = 0
        for day in _days(self._folder)[:-1]:
            if day < reached.day and day < instant.astimezone(UTC).date().isoformat():
                for suffix in ("-wal", "-shm", ""):
                    (self._folder / f"{day}.sqlite{suffix}").unlink(missing_ok=True)
                deleted += 1
        return deleted


class Progress:
    """How far the intake has come, and what it remembers of earlier messages. Kept beside the journal, by collectors alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connection: sqlite3.Connection | None = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._folder / "intake.sqlite", timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute("create table if not exists progress (one integer primary key check (one = 1), position text)")
            connection.execute(
                "create table if not exists remembered (topic text primary key, payload blob, received integer, flags integer)"
            )
            self._connection = connection
        return self._connection

    def position(self) -> Position:
        """Everything up to here is in the store, or a dead letter."""
        found = self._opened().execute("select position from progress").fetchone()
        return Position.parse(found[0]) if found else START

    def remembered(self) -> list[RawMessage]:
        """Messages that later ones need, the longest remembered first."""
        rows = self._opened().execute("select topic, payload, received, flags from remembered order by rowid").fetchall()
        return [
            RawMessage(topic, payload, _instant(micros), flags & QOS, bool(flags & RETAINED), bool(flags & DUPLICATE))
            for topic, payload, micros, flags in rows
        ]

    def advance(self, position: Position, remembered: Iterable[RawMessage] = ()) -> None:
        """Move on to `position`, and remember these messages with it."""
        connection = self._opened()
        connection.execute("begin immediate")
        connection.executemany(
            "insert or replace into remembered values (?, ?, ?, ?)",
            [
                (
                    message.topic,
                    message.payload,
                    (message.received - _EPOCH) // _MICROSECOND,
                    message.qos | (RETAINED if message.retained else 0) | (DUPLICATE if message.duplicate else 0),
                )
                for message in remembered
            ],
        )
        connection.execute("insert or replace into progress values (1, ?)", (str(position),))
        connection.execute("commit")

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def size(folder: Path) -> int:
    """Bytes of all the journal's files."""
    return sum(path.stat().st_size for path in folder.glob("*.sqlite*") if path.exists())


def _days(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob(_DAY_FILES))


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
