"""The ledger of exchanges: where a register began anew without a record, and what a person decided about it.

Settlement is run again and again over the same hours, so noticing is repeatable: the same suspicion is one entry, a decision is
never lost or overwritten, and a suspicion that later readings explained away is withdrawn, not deleted. Every decision is kept
with its time, so that any figure can be asked for as it was known then.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson

from config.domain.intervals import ExchangeDecision, Finding, FindingCode
from config.domain.readings import DirtyHours
from config.errors import ConfigurationError
from services.settlement.reach import HISTORY
from services.state.database import Database, from_micros, to_micros
from services.state.dirty import DirtyHoursTable, HourRange

NOTICED = frozenset({FindingCode.EXCHANGE_SUSPECTED, FindingCode.RESET, FindingCode.EXCHANGE})
_SAME = timedelta(hours=3)  # a late reading moves a suspicion by an interval; an exchange is not repeated within hours
_REJECTED_SAME = timedelta(minutes=5)  # settlement follows a rejection: what is found an hour from it is another question
_DAY = timedelta(days=1)


class LedgerStatus(StrEnum):
    OPEN = "open"  # waits for a person
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # later readings explained it; comes back as open when it is found again


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One suspicion and what became of it; `id` is what command and board name it by."""

    id: int
    point: str
    at: datetime
    code: FindingCode
    sentence_sv: str
    sentence_en: str
    evidence: dict[str, Any]
    detected_at: datetime
    status: LedgerStatus
    decided_by: str | None
    decided_at: datetime | None
    old_register: float | None
    new_register: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """Decisions that settlement has not followed yet: the hours they touch, and the number up to which they are meant."""

    ranges: tuple[HourRange, ...]
    up_to: int


_COLUMNS = (
    "id, point, at, code, sentence_sv, sentence_en, evidence, detected_at, status, decided_by, decided_at, "
    "old_register, new_register, note"
)


class ExchangeLedger:
    """Filled by the settling job, decided upon by people."""

    def __init__(self, database: Database, dirty_hours: DirtyHoursTable) -> None:
        self._database = database
        self._dirty_hours = dirty_hours

    def notice(
        self,
        point: str,
        findings: Sequence[Finding],
        now: datetime,
        *,
        window: HourRange | None = None,
        on_record: Collection[datetime] = (),
    ) -> None:
        """Keep the suspicions among `findings`; saying them again changes nothing, and no decision is touched.

        Args:
            findings: of one settling of the point, of any code.
            window: the hours that were settled; open entries in it that are not found any more are withdrawn.
            on_record: instants of the exchanges in the portfolio, which nobody needs to confirm.
        """
        known = {instant.astimezone(UTC) for instant in on_record}
        suspicions = [
            item
            for item in findings
            if item.code in NOTICED and not (item.code is FindingCode.EXCHANGE and item.start.astimezone(UTC) in known)
        ]
        with self._database.transaction():
            matched = self._matched(point, suspicions)
            if window is not None:
                self._withdraw(point, window, {entry.id for entry in matched if entry is not None})
            for item, entry in zip(suspicions, matched, strict=True):
                self._keep(point, item, entry, now)

    def entry(self, number: int) -> LedgerEntry:
        """The entry of that number.

        Raises:
            ConfigurationError: there is none.
        """
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM exchange_ledger WHERE id = ?", (number,))  # noqa: S608 - our own words
        if not rows:
            raise ConfigurationError(
                f"there is no exchange {number} in the ledger; `energimonitor exchanges list --all` shows them"
            )
        return _entry(rows[0])

    def rows(
        self,
        *,
        status: LedgerStatus | None = LedgerStatus.OPEN,
        points: Collection[str] | None = None,
        limit: int = 1_000,
    ) -> list[LedgerEntry]:
        """Entries, the latest exchange first; `status` None means any, `points` None means all."""
        if points is not None and not points:
            return []
        given: list[str | int] = [] if status is None else [status.value]
        where = "1" if status is None else "status = ?"
        if points is not None:
            where += f" AND point IN ({', '.join('?' * len(points))})"
            given += sorted(points)
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM exchange_ledger WHERE {where} ORDER BY at DESC, id DESC LIMIT ?",  # noqa: S608 - our own words
            (*given, limit),
        )
        return [_entry(row) for row in rows]

    def summary(self) -> tuple[int, ...]:
        """What differs after every suspicion that was noticed, withdrawn or decided."""
        rows = self._database.rows(
            "SELECT COUNT(*), COALESCE(SUM(at), 0), COALESCE(SUM(status = 'open'), 0), COALESCE(SUM(status = 'withdrawn'), 0), "
            "(SELECT COALESCE(MAX(id), 0) FROM exchange_decisions) FROM exchange_ledger"
        )
        return tuple(rows[0])

    def decide(
        self,
        number: int,
        now: datetime,
        *,
        accepted: bool,
        by: str,
        old_register: float | None = None,
        new_register: float | None = None,
        note: str = "",
    ) -> LedgerEntry:
        """Confirm or reject an open entry; the hours it may change are settled again.

        Raises:
            ConfigurationError: no such entry, it is decided already, nobody answers for it, or levels came with a rejection.
        """
        if not by.strip():
            raise ConfigurationError("nobody answers for the decision: say who with --by")
        if not accepted and (old_register is not None or new_register is not None):
            raise ConfigurationError("a rejected exchange has no levels: leave them out, or confirm it")
        with self._database.transaction():
            entry = self.entry(number)
            if entry.status in (LedgerStatus.CONFIRMED, LedgerStatus.REJECTED):
                raise ConfigurationError(
                    f"exchange {number} is {entry.status} already, by {entry.decided_by} at "
                    f"{entry.decided_at:%Y-%m-%d %H:%M} UTC; if that was wrong: `energimonitor exchanges reopen {number}` first"
                )
            status = LedgerStatus.CONFIRMED if accepted else LedgerStatus.REJECTED
            self._decided(entry, status, by.strip(), now, old_register, new_register, note)
            return self.entry(number)

    def reopen(self, number: int, now: datetime, *, by: str, note: str = "") -> LedgerEntry:
        """Take a decision back. It is still what was known until now.

        Raises:
            ConfigurationError: no such entry, it is not decided, or nobody answers for it.
        """
        if not by.strip():
            raise ConfigurationError("nobody answers for taking it back: say who with --by")
        with self._database.transaction():
            entry = self.entry(number)
            if entry.status not in (LedgerStatus.CONFIRMED, LedgerStatus.REJECTED):
                raise ConfigurationError(f"exchange {number} is {entry.status}: there is no decision to take back")
            self._decided(entry, LedgerStatus.OPEN, by.strip(), now, None, None, note)
            return self.entry(number)

    def decisions(self, point: str, known_at: datetime | None = None) -> tuple[ExchangeDecision, ...]:
        """What settlement is to follow, by time; with `known_at`: what had been decided by then."""
        rows = self._database.rows(
            "SELECT ledger.at, said.status, said.old_register, said.new_register "
            "FROM exchange_ledger AS ledger JOIN exchange_decisions AS said ON said.id = ("
            "SELECT MAX(id) FROM exchange_decisions WHERE entry = ledger.id AND (?2 IS NULL OR decided_at <= ?2)) "
            "WHERE ledger.point = ?1 AND said.status <> 'open' ORDER BY ledger.at, ledger.id",
            (point, None if known_at is None else to_micros(known_at)),
        )
        return tuple(
            ExchangeDecision(point, from_micros(at), status == LedgerStatus.CONFIRMED, old, new) for at, status, old, new in rows
        )

    def awaited(self, point: str) -> Awaited:
        """The hours whose figures may move because a person decided, until `followed` is called; for the change log's words."""
        rows = self._database.rows(
            "SELECT said.id, ledger.at FROM exchange_decisions AS said JOIN exchange_ledger AS ledger ON ledger.id = said.entry "
            "WHERE ledger.point = ? AND said.followed = 0 ORDER BY said.id",
            (point,),
        )
        return Awaited(tuple(_touched(from_micros(at)) for _, at in rows), max((number for number, _ in rows), default=0))

    def followed(self, point: str, up_to: int) -> None:
        """The point was settled with the decisions up to the number that `awaited` gave."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE exchange_decisions SET followed = 1 WHERE id <= ? "
                "AND entry IN (SELECT id FROM exchange_ledger WHERE point = ?)",
                (up_to, point),
            )

    def _matched(self, point: str, suspicions: Sequence[Finding]) -> list[LedgerEntry | None]:
        """The entry of each suspicion: the nearest within `_SAME`, each entry once."""
        if not suspicions:
            return []
        first = min(item.start for item in suspicions) - _SAME
        last = max(item.start for item in suspicions) + _SAME
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM exchange_ledger WHERE point = ? AND at BETWEEN ? AND ?",  # noqa: S608 - our own words
            (point, to_micros(first), to_micros(last)),
        )
        entries = [_entry(row) for row in rows]
        near = sorted(
            (abs(item.start - entry.at), number, place)
            for number, item in enumerate(suspicions)
            for place, entry in enumerate(entries)
            if abs(item.start - entry.at) <= (_REJECTED_SAME if entry.status is LedgerStatus.REJECTED else _SAME)
        )
        of_suspicion: dict[int, int] = {}
        for _, number, place in near:
            if number not in of_suspicion and place not in of_suspicion.values():
                of_suspicion[number] = place
        return [entries[of_suspicion[number]] if number in of_suspicion else None for number in range(len(suspicions))]

    def _keep(self, point: str, item: Finding, entry: LedgerEntry | None, now: datetime) -> None:
        fields = (to_micros(item.start), item.code.value, item.sentence_sv, item.sentence_en, _json(item.evidence))
        with self._database.transaction() as connection:
            if entry is None:
                connection.execute(
                    "INSERT INTO exchange_ledger (point, at, code, sentence_sv, sentence_en, evidence, detected_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (point, *fields, to_micros(now)),
                )
            elif entry.status in (LedgerStatus.OPEN, LedgerStatus.WITHDRAWN):
                connection.execute(
                    "UPDATE exchange_ledger SET status = 'open', at = ?, code = ?, sentence_sv = ?, sentence_en = ?, "
                    "evidence = ? WHERE id = ?",
                    (*fields, entry.id),
                )

    def _withdraw(self, point: str, window: HourRange, found: Collection[int]) -> None:
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id FROM exchange_ledger WHERE point = ? AND status = 'open' AND at >= ? AND at < ?",
                (point, to_micros(window.start), to_micros(window.end)),
            ).fetchall()
            gone = [(number,) for (number,) in rows if number not in found]
            connection.executemany("UPDATE exchange_ledger SET status = 'withdrawn' WHERE id = ?", gone)

    def _decided(
        self,
        entry: LedgerEntry,
        status: LedgerStatus,
        by: str,
        now: datetime,
        old_register: float | None,
        new_register: float | None,
        note: str,
    ) -> None:
        open_again = status is LedgerStatus.OPEN
        fields = (status.value, by, to_micros(now), old_register, new_register, note)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO exchange_decisions (entry, status, decided_by, decided_at, old_register, new_register, note) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (entry.id, *fields),
            )
            connection.execute(
                "UPDATE exchange_ledger SET status = ?, decided_by = ?, decided_at = ?, old_register = ?, new_register = ?, "
                "note = ? WHERE id = ?",
                (*((status.value, None, None, None, None, note) if open_again else fields), entry.id),
            )
            start, end = _touched(entry.at)
            self._dirty_hours.mark([DirtyHours(entry.point, start, end)])


def _touched(at: datetime) -> HourRange:
    """The hours that a decision may change: settlement judges by whole UTC days from HISTORY before to HISTORY after."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return HourRange(day - HISTORY, day + _DAY + HISTORY)


def _entry(row: Sequence[Any]) -> LedgerEntry:
    number, point, at, code, sentence_sv, sentence_en, evidence, detected, status, by, decided, old, new, note = row
    return LedgerEntry(
        number,
        point,
        from_micros(at),
        FindingCode(code),
        sentence_sv,
        sentence_en,
        orjson.loads(evidence),
        from_micros(detected),
        LedgerStatus(status),
        by,
        None if decided is None else from_micros(decided),
        old,
        new,
        note,
    )


def _json(evidence: object) -> bytes:
    return orjson.dumps(evidence, option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS)
