"""The log of changes: who did what, when, from where, and what it was before and after. Append-only.

The file's own triggers refuse to alter an entry, and to delete one that is younger than the log's horizon; the horizon moves
only when old entries are forgotten by their retention.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from services.state.database import Database, from_micros, to_micros

OURSELVES = "energimonitor"
LONGEST = 2_000  # characters of a text that came from outside


class Act(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    DEVIATION_ACKNOWLEDGED = "deviation_acknowledged"
    DEVIATION_MUTED = "deviation_muted"
    DEVIATION_ACTED_ON = "deviation_acted_on"
    DEVIATION_CLOSED = "deviation_closed"
    EXCHANGE_CONFIRMED = "exchange_confirmed"
    EXCHANGE_REJECTED = "exchange_rejected"
    EXCHANGE_REOPENED = "exchange_reopened"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    REPORT_REISSUED = "report_reissued"
    REPORT_SENT_AGAIN = "report_sent_again"
    REPORT_ARRIVED = "report_arrived"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_REMOVED = "account_removed"
    ACCOUNT_PASSWORD = "account_password"  # noqa: S105 - the act's name
    LOG_FORGOTTEN = "log_forgotten"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act.

    Attributes:
        who: the account's name; "" for nobody that is known.
        address: from where; "prompt" for a command on the machine.
        subject: what it was done to: "deviation 12", "exchange 3", "account anna".
        before, after: what was known of the subject, as JSON can hold it.
    """

    at: datetime
    who: str
    address: str
    act: Act
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


class AuditTable:
    """Written in the transaction of the change that it tells of, so that neither is there without the other."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, entry: Entry) -> None:
        """Append; `id` is given here."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO audit (at, who, address, act, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    to_micros(entry.at),
                    entry.who[:LONGEST],
                    entry.address[:LONGEST],
                    entry.act,
                    entry.subject[:LONGEST],
                    _json(entry.before),
                    _json(entry.after),
                ),
            )

    def entries(self, *, before: int | None = None, limit: int = 100) -> list[Entry]:
        """The newest first; `before`: those with a lower number only, for the next page."""
        rows = self._database.rows(
            "SELECT id, at, who, address, act, subject, before, after FROM audit WHERE (?1 IS NULL OR id < ?1) "
            "ORDER BY id DESC LIMIT ?2",
            (before, limit),
        )
        return [
            Entry(from_micros(at), who, address, Act(act), subject, orjson.loads(old), orjson.loads(new), number)
            for number, at, who, address, act, subject, old, new in rows
        ]

    def forget_before(self, instant: datetime) -> int:
        """Delete what is older, and say in the log that it was done; how many entries."""
        with self._database.transaction() as connection:
            found, last = connection.execute(
                "SELECT COUNT(*), (SELECT MAX(at) FROM audit) FROM audit WHERE at < ?", (to_micros(instant),)
            ).fetchone()
            if not found:
                return 0
            connection.execute("UPDATE audit_horizon SET at = ?1 WHERE at < ?1", (to_micros(instant),))
            connection.execute("DELETE FROM audit WHERE at < ?", (to_micros(instant),))
            told = max(instant, from_micros(last))  # not older than what was just forgotten, or it would go with the next
            after = {"entries": found, "older_than": instant}
            self.write(Entry(told, OURSELVES, "", Act.LOG_FORGOTTEN, "log", after=after))
            return int(found)


def _json(values: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(values), option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS)
