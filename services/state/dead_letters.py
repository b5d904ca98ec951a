"""Messages that could not be used, kept until a person has mended the cause and they are retried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from services.state.database import Database, from_micros, to_micros


class LetterState(StrEnum):
    OPEN = "open"
    RETRIED = "retried"  # read again after a fix; it worked, or a new letter with a new reason says why not
    RESOLVED = "resolved"  # a person decided that it needs nothing


class Letter(Protocol):
    """What comes in: the collectors' `DeadLetter`, by shape."""

    @property
    def position(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def payload(self) -> bytes: ...
    @property
    def received(self) -> datetime: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A dead letter as it lies here; `id` is what the commands name it by. `kind`: "" of one kept before kinds were."""

    id: int
    position: str
    reason: str
    topic: str
    family: str
    device: str
    payload: bytes
    received: datetime
    state: LetterState
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ReasonCount:
    family: str
    reason: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """The letters of a device. `reason` and `kind` are the newest letter's, `reasons` how many there are."""

    family: str
    device: str
    count: int
    reasons: int
    reason: str
    last: datetime
    kind: str = ""


_COLUMNS = "id, position, reason, topic, family, device, payload, received, state, kind"


class DeadLettersTable:
    """Fills the collectors' `DeadLetters`: the same position and reason is one letter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, letters: Sequence[Letter]) -> None:
        """Keep letters. One that was retried and failed for the same reason is open again."""
        rows = [
            (item.position, item.reason, item.topic, item.family, item.device, item.payload, to_micros(item.received), item.kind)
            for item in letters
        ]
        if rows:
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT INTO dead_letters (position, reason, topic, family, device, payload, received, kind) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (position, reason) DO UPDATE SET state = 'open' WHERE state = 'retried'",
                    rows,
                )

    def matching(
        self,
        *,
        state: LetterState | None = LetterState.OPEN,
        family: str | None = None,
        device: str | None = None,
        reason: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> list[KeptLetter]:
        """Letters, the newest first. `reason` is a part of it; `state` None means any."""
        wanted = {
            "state = ?": state,
            "family = ?": family,
            "device = ?": device,
            "instr(reason, ?) > 0": reason,
            "received >= ?": None if since is None else to_micros(since),
        }
        given = {condition: value for condition, value in wanted.items() if value is not None}
        where = " AND ".join(given) or "1"
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM dead_letters WHERE {where} ORDER BY received DESC, id DESC LIMIT ?",  # noqa: S608 - our own words
            (*given.values(), limit),
        )
        return [_kept(row) for row in rows]

    def letter(self, letter_id: int) -> KeptLetter | None:
        """The letter of that number; None where there is none."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM dead_letters WHERE id = ?", (letter_id,))  # noqa: S608 - our own words
        return _kept(rows[0]) if rows else None

    def set_state(self, letters: Sequence[int], state: LetterState) -> None:
        """Mark letters as retried, resolved or open."""
        with self._database.transaction() as connection:
            connection.executemany("UPDATE dead_letters SET state = ? WHERE id = ?", [(state, number) for number in letters])

    def counts(self, state: LetterState | None = LetterState.OPEN) -> list[ReasonCount]:
        """How many letters a family and reason, the most first."""
        rows = self._database.rows(
            "SELECT family, reason, COUNT(*), MIN(received), MAX(received) FROM dead_letters WHERE ? IS NULL OR state = ? "
            "GROUP BY family, reason ORDER BY COUNT(*) DESC, family, reason",
            (state, state),
        )
        return [
            ReasonCount(family, reason, count, from_micros(first), from_micros(last))
            for family, reason, count, first, last in rows
        ]

    def groups(self, limit: int) -> tuple[list[LetterGroup], int]:
        """Open letters by family and device, the most first, and how many groups there are in all."""
        rows = self._database.rows(
            # beside a MAX alone SQLite takes the other columns from the row that has it
            "SELECT family, device, COUNT(*), COUNT(DISTINCT reason), reason, MAX(received), kind FROM dead_letters "
            "WHERE state = 'open' GROUP BY family, device ORDER BY COUNT(*) DESC, family, device LIMIT ?",
            (limit,),
        )
        number: int = self._database.rows(
            "SELECT COUNT(*) FROM (SELECT DISTINCT family, device FROM dead_letters WHERE state = 'open')"
        )[0][0]
        groups = [
            LetterGroup(family, device, count, reasons, reason, from_micros(last), kind)
            for family, device, count, reasons, reason, last, kind in rows
        ]
        return groups, number

    def count(self, state: LetterState = LetterState.OPEN) -> int:
        """How many letters are in that state."""
        number: int = self._database.rows("SELECT COUNT(*) FROM dead_letters WHERE state = ?", (state,))[0][0]
        return number

    def forget_before(self, instant: datetime) -> int:
        """Delete letters received earlier that are not open; how many."""
        with self._database.transaction() as connection:
            return connection.execute(
                "DELETE FROM dead_letters WHERE state <> 'open' AND received < ?", (to_micros(instant),)
            ).rowcount


def _kept(row: Sequence[Any]) -> KeptLetter:
    number, position, reason, topic, family, device, payload, received, state, kind = row
    return KeptLetter(number, position, reason, topic, family, device, payload, from_micros(received), LetterState(state), kind)
