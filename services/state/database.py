"""The state's one SQLite file: opened, brought to the newest schema, and shared by threads and processes.

WAL so that intake, jobs and board do not hold each other up; `synchronous=FULL` so that what a call returned from survives the
loss of power. SQLite's errors become ours here and nowhere else.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from config.errors import StoreError, StoreRefused, StoreUnavailable
from services.state.schema import MIGRATIONS

BUSY_S = 30.0  # another process commits within milliseconds; longer means that something is wrong

_TIME_HEALS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM}
_PERSON_MENDS = {
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_AUTH,
}  # fmt: skip


class Database:
    """One connection behind a lock. `transaction` is all or nothing; a transaction inside another joins it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file and migrate it.

        Raises:
            StoreRefused: it cannot be opened, is no database, or was made by a newer version of the program.
        """
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            with self._translated():
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=FULL")
            self._migrate()
        except StoreError:
            self._connection.close()
            raise

    def _migrate(self) -> None:
        with self.transaction() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise StoreRefused(
                    f"{self.path}: schema {version}, this program knows {len(MIGRATIONS)}; "
                    "install the version that wrote it, or a newer one"
                )
            for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
                for statement in statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything done inside is kept when the outermost block ends, nothing of it when the block fails."""
        with self._lock, self._translated():
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._connection
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1
                # A full disk may have rolled it back already, and COMMIT leaves it open when it fails.
                if self._depth == 0 and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows of a SELECT."""
        with self._lock, self._translated():
            return self._connection.execute(statement, parameters).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's words as ours; a mistake of ours in a statement stays what it is."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            if code in _TIME_HEALS:
                raise StoreUnavailable(f"{self.path}: {error}; make room or wait, nothing was kept") from error
            if code in _PERSON_MENDS:
                raise StoreRefused(f"{self.path}: {error}; mend the file or its rights, or restore a copy") from error
            raise
        except OSError as error:
            raise StoreRefused(f"{self.path}: {error.strerror}; mend the folder or its rights") from error


def to_seconds(instant: datetime) -> int:
    """Whole seconds since 1970, as instants lie in the file."""
    return int(instant.timestamp())


def from_seconds(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970, where the exact instant matters."""
    return round(instant.timestamp() * 1_000_000)


def from_micros(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
