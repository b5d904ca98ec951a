"""Which mailbox got which edition of a report: the ledger that lets nothing be sent twice, and nothing be lost.

A mail is of one edition to one recipient, and there is never a second one of the same: the key forbids it. It is on its way
(queued), being handed over (all of it but the last dot has been sent), and then sent, refused, or in doubt: handed over by a
process that has no answer on record. What is in doubt is not sent again by itself: a person says that it arrived, or sends it
again. Its content is kept until it is old and at rest, so that a repeat is the same mail under the same id. Every method is one
transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.state.database import Database, from_micros, to_micros


class MailState(StrEnum):
    QUEUED = "queued"  # also between two attempts
    HANDING_OVER = "handing_over"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    REFUSED = "refused"
    BOUNCED = "bounced"  # taken by the first server, returned by a later one


NOT_ARRIVED = (MailState.IN_DOUBT, MailState.REFUSED, MailState.BOUNCED)  # what waits for a person


@dataclass(frozen=True, slots=True)
class ReportMail:
    """
    Attributes:
        id: becomes its Message-ID, by which bounces and mailboxes know it.
        written: when it was queued; `changed`: since when it stands as it does.
        attempts: that were begun, whatever came of them.
        error_sv, error_en: what was in the way last; "" where nothing was.
    """

    id: str
    number: str
    edition: int
    recipient: str
    language: str
    state: MailState
    written: datetime
    changed: datetime
    attempts: int
    next_attempt: datetime
    error_sv: str
    error_en: str

    def error(self, language: str) -> str:
        return self.error_sv if language == "sv" else self.error_en


@dataclass(frozen=True, slots=True)
class MailWords:
    """What was in the way of a mail, in both languages."""

    sv: str
    en: str


_MAIL = "id, number, edition, recipient, language, state, written, changed, attempts, next_attempt, error_sv, error_en"
_OPEN = "state IN ('queued', 'handing_over', 'in_doubt')"  # an answer that came late still counts


class ReportMailsTable:
    """Threads and processes may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(
        self,
        number: str,
        edition: int,
        language: str,
        mails: Mapping[str, str],
        content: tuple[str, bytes],
        at: datetime,
        *,
        other_editions_too: bool = False,
    ) -> list[str]:
        """To be sent from now on: of the recipients only those who never got one of it. Twice is once.

        Args:
            mails: recipient → the mail's id.
            content: its fingerprint, and what the mails are composed of.
            other_editions_too: also who got another edition gets this one.
        Returns:
            The recipients that it was queued for.
        """
        queued = []
        with self._database.transaction() as connection:
            for recipient, mail in mails.items():
                had = connection.execute(
                    "SELECT 1 FROM report_mails WHERE number = ? AND recipient = ? AND (edition = ? OR NOT ?) LIMIT 1",
                    (number, recipient, edition, other_editions_too),
                ).fetchone()
                if had is None:
                    connection.execute(
                        "INSERT INTO report_mails (id, number, edition, recipient, language, written, changed, next_attempt, "
                        "since, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        (mail, number, edition, recipient, language, *[to_micros(at)] * 4, content[0]),
                    )
                    queued.append(recipient)
            if queued:
                connection.execute("INSERT OR IGNORE INTO report_mail_contents (id, content) VALUES (?, ?)", content)
        return queued

    # A mail on its way. `attempt` is the number that the method of that name gave: a process that was overtaken changes nothing.

    def due(self, at: datetime) -> list[ReportMail]:
        """Mails that may be sent now, the oldest first."""
        return self._mails("state = 'queued' AND next_attempt <= ? ORDER BY written, rowid", (to_micros(at),))

    def attempt(self, mail: str, at: datetime, next_attempt: datetime) -> int | None:
        """An attempt begins, its number; None where it is not ours to make: of two processes one gets it, and nobody else before
        `next_attempt`."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "UPDATE report_mails SET attempts = attempts + 1, next_attempt = ? "
                "WHERE id = ? AND state = 'queued' AND next_attempt <= ? RETURNING attempts",
                (to_micros(next_attempt), mail, to_micros(at)),
            ).fetchone()
            return None if row is None else int(row[0])

    def content(self, mail: str) -> bytes | None:
        """What it is composed of; None where that is kept no more."""
        rows = self._database.rows(
            "SELECT content FROM report_mail_contents WHERE id = (SELECT content FROM report_mails WHERE id = ?)", (mail,)
        )
        return rows[0][0] if rows else None

    def handing_over(self, mail: str, attempt: int, at: datetime) -> bool:
        """The last dot is about to be sent; whether it may: not where another attempt has begun, or a person has decided."""
        return self._change("state = 'handing_over', changed = ?", (to_micros(at),), "state = 'queued'", mail, attempt)

    def sent(self, mail: str, attempt: int, at: datetime) -> bool:
        """The server has taken it."""
        change = "state = 'sent', changed = ?, error_sv = '', error_en = ''"
        return self._change(change, (to_micros(at),), _OPEN, mail, attempt)

    def refused(self, mail: str, attempt: int, at: datetime, error: MailWords) -> bool:
        """It is not sent again by itself."""
        change = "state = 'refused', changed = ?, error_sv = ?, error_en = ?"
        return self._change(change, (to_micros(at), error.sv, error.en), _OPEN, mail, attempt)

    def postponed(self, mail: str, attempt: int, at: datetime, next_attempt: datetime, error: MailWords) -> bool:
        """It was not taken now, and is known not to have been."""
        change = "state = 'queued', changed = ?, next_attempt = ?, error_sv = ?, error_en = ?"
        values = (to_micros(at), to_micros(next_attempt), error.sv, error.en)
        return self._change(change, values, _OPEN, mail, attempt)

    def in_doubt(self, mail: str, attempt: int, at: datetime, error: MailWords) -> bool:
        """It was handed over, and nobody knows what became of it."""
        change = "state = 'in_doubt', changed = ?, error_sv = ?, error_en = ?"
        return self._change(change, (to_micros(at), error.sv, error.en), "state = 'handing_over'", mail, attempt)

    def left(self, before: datetime) -> list[ReportMail]:
        """What has been handed over since before that instant without an answer."""
        return self._mails("state = 'handing_over' AND changed <= ? ORDER BY written, rowid", (to_micros(before),))

    def abandoned(self, before: datetime, at: datetime, error: MailWords) -> list[ReportMail]:
        """What is left so is in doubt: its process has ended."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "UPDATE report_mails SET state = 'in_doubt', changed = ?, error_sv = ?, error_en = ? "  # noqa: S608 - our own words
                f"WHERE state = 'handing_over' AND changed <= ? RETURNING {_MAIL}",
                (to_micros(at), error.sv, error.en, to_micros(before)),
            ).fetchall()
            return [_mail(row) for row in rows]

    def since(self, mail: str) -> datetime:
        """From when on its attempts are counted: when it was queued, or a person sent it again."""
        return from_micros(self._database.rows("SELECT since FROM report_mails WHERE id = ?", (mail,))[0][0])

    # What people and other servers say of it.

    def send_again(self, mail: str, at: datetime) -> bool:
        """It is sent again from now on; whether it was in doubt, refused or bounced, or waits for a later attempt."""
        with self._database.transaction() as connection:
            changed: int = connection.execute(
                "UPDATE report_mails SET state = 'queued', changed = ?1, next_attempt = ?1, since = ?1 WHERE id = ?2 "
                "AND (state IN ('in_doubt', 'refused', 'bounced') OR (state = 'queued' AND error_sv <> ''))",
                (to_micros(at), mail),
            ).rowcount
            return changed > 0

    def arrived(self, mail: str, at: datetime) -> bool:
        """A person has seen that it did; whether that was in doubt."""
        with self._database.transaction() as connection:
            changed: int = connection.execute(
                "UPDATE report_mails SET state = 'sent', changed = ?, error_sv = '', error_en = '' "
                "WHERE id = ? AND state = 'in_doubt'",
                (to_micros(at), mail),
            ).rowcount
            return changed > 0

    def bounced(self, mail: str, at: datetime, words: MailWords) -> bool:
        """A later server has returned it; whether it was on record as handed over."""
        with self._database.transaction() as connection:
            changed: int = connection.execute(
                "UPDATE report_mails SET state = 'bounced', changed = ?, error_sv = ?, error_en = ? "
                "WHERE id = ? AND state IN ('sent', 'in_doubt', 'handing_over')",
                (to_micros(at), words.sv, words.en, mail),
            ).rowcount
            return changed > 0

    # What is asked of it.

    def mail(self, mail: str) -> ReportMail | None:
        found = self._mails("id = ?", (mail,))
        return found[0] if found else None

    def of(self, number: str, edition: int | None = None) -> list[ReportMail]:
        """Every mail of a report, or of one edition, the oldest first."""
        return self._mails("number = ?1 AND (?2 IS NULL OR edition = ?2) ORDER BY written, rowid", (number, edition))

    def mails(self, states: Collection[MailState] = tuple(MailState), limit: int = 100) -> list[ReportMail]:
        """The newest first."""
        marks = ", ".join("?" * len(states))
        return self._mails(f"state IN ({marks}) ORDER BY written DESC, rowid DESC LIMIT ?", (*states, limit))

    def counts(self) -> dict[MailState, int]:
        """State → how many; states without one are left out."""
        rows = self._database.rows("SELECT state, COUNT(*) FROM report_mails GROUP BY state ORDER BY state")
        return {MailState(state): count for state, count in rows}

    def forget_before(self, instant: datetime) -> int:
        """Delete the contents of mails that have rested since before; how many. Who got what is kept."""
        with self._database.transaction() as connection:
            deleted: int = connection.execute(
                "DELETE FROM report_mail_contents WHERE id NOT IN "
                "(SELECT content FROM report_mails WHERE changed >= ? OR state IN ('queued', 'handing_over'))",
                (to_micros(instant),),
            ).rowcount
            return deleted

    def _change(self, change: str, values: Sequence[object], allowed: str, mail: str, attempt: int) -> bool:
        with self._database.transaction() as connection:
            changed: int = connection.execute(
                f"UPDATE report_mails SET {change} WHERE id = ? AND attempts = ? AND {allowed}",  # noqa: S608 - our own words
                (*values, mail, attempt),
            ).rowcount
            return changed > 0

    def _mails(self, rest: str, values: Sequence[object]) -> list[ReportMail]:
        return [_mail(row) for row in self._database.rows(f"SELECT {_MAIL} FROM report_mails WHERE {rest}", tuple(values))]  # noqa: S608 - our own words


def _mail(row: Sequence[Any]) -> ReportMail:
    mail, number, edition, recipient, language, state, written, changed, attempts, next_attempt, error_sv, error_en = row
    return ReportMail(
        mail, number, edition, recipient, language, MailState(state), from_micros(written), from_micros(changed), attempts,
        from_micros(next_attempt), error_sv, error_en,
    )  # fmt: skip
