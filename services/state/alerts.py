"""What was alerted of, whom it was told to, and the messages that it went out in.

An alert is one episode of something: it begins, holds, and ends. A delivery is one part of it (begun, escalated, ended) to one
receiver, and there is never a second one of the same: the key forbids it. A message holds the deliveries that were waiting for
one receiver when it was written; its content is kept, so that a message that may or may not have arrived is sent again as it
was, under the same id. Every method is one transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from services.state.database import Database, from_micros, to_micros


class Part(StrEnum):
    BEGUN = "begun"
    ESCALATED = "escalated"  # nobody acknowledged it elsewhere
    ENDED = "ended"


class MessageState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"  # waits for a person: `energimonitor alerts retry`


@dataclass(frozen=True, slots=True)
class Alert:
    """One episode.

    Attributes:
        key: what it is of; of each there is one episode at a time.
        seen: when it was first noticed; `begun`: since when it has lasted long enough to be told, None before that.
        calm: since when it has not been noticed any more, while that is too short to call it over.
        fields: what is told of it, as it was last seen; JSON.
        note: what who acknowledged it wrote.
    """

    id: int
    key: str
    source: str
    seen: datetime
    begun: datetime | None
    calm: datetime | None
    ended: datetime | None
    acknowledged: datetime | None
    acknowledged_by: str
    fields: Mapping[str, Any]
    note: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that no message holds yet, with the alert that it is of."""

    id: int
    part: Part
    made: datetime
    alert: Alert


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery of an alert that still holds; `at`: when its message was written, None while it waits."""

    receiver: str
    part: Part
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one part of an alert to one receiver.

    Attributes:
        state: of the message that holds it; None while no message does.
        attempts: that were begun; `at`: when the message was taken or given up, None before.
        error: what the receiver's server said last, in Swedish.
    """

    receiver: str
    part: Part
    state: MessageState | None
    attempts: int
    at: datetime | None
    error: str

    @property
    def failed(self) -> bool:
        """Whether it is not sent again by itself."""
        return self.state is MessageState.FAILED


@dataclass(frozen=True, slots=True)
class Message:
    """What goes, or went, to one receiver; `attempts` counts those that were begun, whatever came of them."""

    id: str
    receiver: str
    state: MessageState
    written: datetime
    attempts: int
    next_attempt: datetime
    ended: datetime | None
    error: str
    urgent: bool
    content: Mapping[str, Any]


_ALERT = "id, key, source, seen, begun, calm, ended, acknowledged, acknowledged_by, fields, note"
_MESSAGE = "id, receiver, state, written, attempts, next_attempt, ended, error, urgent, content"


class AlertsTable:
    """The ledger of alerts, deliveries and messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # What holds.

    def active(self) -> list[Alert]:
        """Those that have not ended, the oldest first; also what has not lasted long enough yet."""
        return self._alerts("ended IS NULL")

    def alert(self, number: int) -> Alert | None:
        """The episode of that number, while it is kept."""
        found = self._alerts("id = ?", (number,))
        return found[0] if found else None

    def notice(self, key: str, source: str, fields: Mapping[str, Any], at: datetime, *, told: bool) -> Alert:
        """It holds: the episode that is going on, or a new one.

        Args:
            told: it has lasted long enough to be told.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO alerts (key, source, seen, fields) VALUES (?, ?, ?, ?) ON CONFLICT (key) WHERE ended IS NULL "
                "DO UPDATE SET fields = excluded.fields, calm = NULL",
                (key, source, to_micros(at), orjson.dumps(dict(fields)).decode()),
            )
            if told:
                connection.execute(
                    "UPDATE alerts SET begun = COALESCE(begun, ?) WHERE key = ? AND ended IS NULL", (to_micros(at), key)
                )
            return self._alerts("ended IS NULL AND key = ?", (key,))[0]

    def happened(self, key: str) -> bool:
        """Whether there was ever an episode of it."""
        return bool(self._database.rows("SELECT 1 FROM alerts WHERE key = ? LIMIT 1", (key,)))

    def calm(self, number: int, at: datetime) -> None:
        """It is not noticed now; since when is kept."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE alerts SET calm = COALESCE(calm, ?) WHERE id = ?", (to_micros(at), number))

    def end(self, number: int, at: datetime, over: Mapping[str, Any] | None) -> None:
        """It is over. Those who were told are told so; who was not, because it waited, is told nothing at all.

        Args:
            over: what is said of its end; None: nothing.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM alert_deliveries WHERE alert = ? AND message IS NULL "
                "AND (SELECT begun < ? FROM alerts WHERE id = ?)",
                (number, to_micros(at), number),
            )
            connection.execute("DELETE FROM alerts WHERE id = ? AND begun IS NULL", (number,))
            connection.execute("UPDATE alerts SET ended = ? WHERE id = ?", (to_micros(at), number))
            if over is not None:
                connection.execute(
                    "UPDATE alerts SET fields = json_set(fields, '$.over', json(?)) WHERE id = ?",
                    (orjson.dumps(dict(over)).decode(), number),
                )
                connection.execute(
                    "INSERT OR IGNORE INTO alert_deliveries (alert, receiver, part, made) "
                    "SELECT DISTINCT alert, receiver, 'ended', ? FROM alert_deliveries WHERE alert = ? AND message IS NOT NULL",
                    (to_micros(at), number),
                )

    def acknowledge(self, number: int, at: datetime, who: str, note: str = "") -> bool:
        """Somebody takes it on; whether there is such an alert that holds and nobody had."""
        with self._database.transaction() as connection:
            changed: int = connection.execute(
                "UPDATE alerts SET acknowledged = ?, acknowledged_by = ?, note = ? "
                "WHERE id = ? AND begun IS NOT NULL AND ended IS NULL AND acknowledged IS NULL",
                (to_micros(at), who, note, number),
            ).rowcount
            return changed > 0

    # Whom it is told to.

    def tell(self, number: int, receiver: str, part: Part, at: datetime) -> None:
        """That part of the alert waits for that receiver. Twice is once, also after it was sent."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO alert_deliveries (alert, receiver, part, made) VALUES (?, ?, ?, ?)",
                (number, receiver, part, to_micros(at)),
            )

    def told(self, number: int) -> list[Told]:
        """Every delivery of the alert."""
        rows = self._database.rows(
            "SELECT d.receiver, d.part, m.written FROM alert_deliveries d LEFT JOIN alert_messages m ON m.id = d.message "
            "WHERE d.alert = ? ORDER BY d.id",
            (number,),
        )
        return [Told(receiver, Part(part), None if at is None else from_micros(at)) for receiver, part, at in rows]

    def deliveries(self, number: int | None = None) -> dict[int, list[Delivery]]:
        """Alert → its deliveries, the oldest first: of one alert, or of all that have not ended."""
        rows = self._database.rows(
            "SELECT d.alert, d.receiver, d.part, m.state, COALESCE(m.attempts, 0), m.ended, COALESCE(m.error, '') "
            "FROM alert_deliveries d LEFT JOIN alert_messages m ON m.id = d.message "
            "WHERE d.alert = ?1 OR (?1 IS NULL AND d.alert IN (SELECT id FROM alerts WHERE ended IS NULL)) ORDER BY d.id",
            (number,),
        )
        found: dict[int, list[Delivery]] = {}
        for alert, receiver, part, state, attempts, ended, error in rows:
            known = None if state is None else MessageState(state)
            found.setdefault(alert, []).append(Delivery(receiver, Part(part), known, attempts, _instant(ended), error))
        return found

    def waiting(self, receiver: str) -> list[Waiting]:
        """What no message to the receiver holds yet, the oldest first."""
        columns = ", ".join(f"a.{name}" for name in _ALERT.split(", "))
        rows = self._database.rows(
            f"SELECT d.id, d.part, d.made, {columns} FROM alert_deliveries d JOIN alerts a ON a.id = d.alert "  # noqa: S608 - our own words
            "WHERE d.receiver = ? AND d.message IS NULL ORDER BY d.id",
            (receiver,),
        )
        return [Waiting(row[0], Part(row[1]), from_micros(row[2]), _alert(row[3:])) for row in rows]

    def latest_written(self, receiver: str) -> datetime | None:
        """When a message to the receiver was last written that was not urgent."""
        rows = self._database.rows("SELECT MAX(written) FROM alert_messages WHERE receiver = ? AND NOT urgent", (receiver,))
        return None if rows[0][0] is None else from_micros(rows[0][0])

    def write(
        self, message: str, receiver: str, deliveries: Collection[int], content: Mapping[str, Any], at: datetime, *, urgent: bool
    ) -> None:
        """A message with these deliveries, to be sent from now on. A delivery is in one message only."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO alert_messages (id, receiver, written, next_attempt, urgent, content) VALUES (?, ?, ?, ?, ?, ?)",
                (message, receiver, to_micros(at), to_micros(at), urgent, orjson.dumps(dict(content))),
            )
            connection.executemany(
                "UPDATE alert_deliveries SET message = ? WHERE id = ? AND message IS NULL",
                [(message, item) for item in deliveries],
            )

    # The messages on their way.

    def due(self, receiver: str, at: datetime) -> list[Message]:
        """Messages to the receiver that may be sent now, the oldest first."""
        return self._messages(
            "receiver = ? AND state = 'pending' AND next_attempt <= ? ORDER BY urgent DESC, written, rowid",
            (receiver, to_micros(at)),
        )

    def attempt(self, message: str, at: datetime, next_attempt: datetime) -> bool:
        """An attempt begins; whether it is ours to make: of two processes one gets it, and nobody else before `next_attempt`."""
        with self._database.transaction() as connection:
            changed: int = connection.execute(
                "UPDATE alert_messages SET attempts = attempts + 1, next_attempt = ? "
                "WHERE id = ? AND state = 'pending' AND next_attempt <= ?",
                (to_micros(next_attempt), message, to_micros(at)),
            ).rowcount
            return changed > 0

    def sent(self, message: str, at: datetime) -> None:
        """The receiver's server has taken it."""
        self._set(message, "state = 'sent', ended = ?, error = ''", (to_micros(at),))

    def failed(self, message: str, at: datetime, error: str) -> None:
        """It is not sent again by itself."""
        self._set(message, "state = 'failed', ended = ?, error = ?", (to_micros(at), error))

    def postponed(self, message: str, next_attempt: datetime, error: str) -> None:
        """It was not taken now."""
        self._set(message, "next_attempt = ?, error = ?", (to_micros(next_attempt), error))

    def retry(self, at: datetime, message: str | None = None) -> int:
        """Failed messages, or one of them, are sent again from now on, and what waits for its time at once; how many."""
        with self._database.transaction() as connection:
            changed: int = connection.execute(
                "UPDATE alert_messages SET state = 'pending', next_attempt = ?, retried = ?, ended = NULL "
                "WHERE (state = 'failed' OR (state = 'pending' AND attempts > 0)) AND (? IS NULL OR id = ?)",
                (to_micros(at), to_micros(at), message, message),
            ).rowcount
            return changed

    def since(self, message: str) -> datetime:
        """From when on its attempts are counted: when it was written, or a person asked for it again."""
        rows = self._database.rows("SELECT COALESCE(retried, written) FROM alert_messages WHERE id = ?", (message,))
        return from_micros(rows[0][0])

    def messages(self, state: MessageState | None = None, limit: int = 50) -> list[Message]:
        """The newest first."""
        return self._messages(
            "? IS NULL OR state = ? ORDER BY written DESC, rowid DESC LIMIT ?",
            (state, state, limit),
        )

    def ended(self, limit: int = 50) -> list[Alert]:
        """Those that are over, the latest first."""
        return self._alerts("ended IS NOT NULL", tail="ORDER BY ended DESC, id DESC LIMIT ?", values=(limit,))

    def forget_before(self, instant: datetime) -> int:
        """Delete what ended earlier, with its deliveries, and messages that nothing refers to any more; how many alerts."""
        with self._database.transaction() as connection:
            deleted: int = connection.execute("DELETE FROM alerts WHERE ended < ?", (to_micros(instant),)).rowcount
            connection.execute("DELETE FROM alert_deliveries WHERE alert NOT IN (SELECT id FROM alerts)")
            connection.execute(
                "DELETE FROM alert_messages WHERE written < ? AND id NOT IN "
                "(SELECT message FROM alert_deliveries WHERE message IS NOT NULL)",
                (to_micros(instant),),
            )
            return deleted

    def _set(self, message: str, change: str, values: Sequence[object]) -> None:
        with self._database.transaction() as connection:
            connection.execute(f"UPDATE alert_messages SET {change} WHERE id = ?", (*values, message))  # noqa: S608 - our own words

    def _alerts(self, condition: str, values: Sequence[object] = (), tail: str = "ORDER BY id") -> list[Alert]:
        statement = f"SELECT {_ALERT} FROM alerts WHERE {condition} {tail}"  # noqa: S608 - our own words
        return [_alert(row) for row in self._database.rows(statement, tuple(values))]

    def _messages(self, rest: str, values: Sequence[object]) -> list[Message]:
        rows = self._database.rows(f"SELECT {_MESSAGE} FROM alert_messages WHERE {rest}", tuple(values))  # noqa: S608 - our own words
        return [
            Message(
                row[0],
                row[1],
                MessageState(row[2]),
                from_micros(row[3]),
                row[4],
                from_micros(row[5]),
                _instant(row[6]),
                row[7],
                bool(row[8]),
                orjson.loads(row[9]),
            )
            for row in rows
        ]


def _alert(row: Sequence[Any]) -> Alert:
    number, key, source, seen, begun, calm, ended, acknowledged, who, fields, note = row
    return Alert(
        number,
        key,
        source,
        from_micros(seen),
        _instant(begun),
        _instant(calm),
        _instant(ended),
        _instant(acknowledged),
        who,
        orjson.loads(fields),
        note,
    )


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
