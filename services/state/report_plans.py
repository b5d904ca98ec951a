"""What became of the reports that plans send: since when each plan is known, and what of it waits or is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.state.database import Database, from_micros, to_micros


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """One report that a plan was to send.

    Attributes:
        period: by its name (`config.domain.figure_names`).
        since: when it was due first; `looked`: when it was last looked at.
        reason_sv, reason_en: why it waits, or went with a notice.
        number, edition: of what was published; "" and 0 while it waits.
    """

    plan: str
    subject_kind: str
    subject: str
    period: str
    since: datetime
    looked: datetime
    reason_sv: str
    reason_en: str
    number: str
    edition: int

    @property
    def waits(self) -> bool:
        return not self.number

    @property
    def key(self) -> "Key":
        return self.plan, self.subject_kind, self.subject, self.period


_KEY = "plan, subject_kind, subject, period"
_TURN = f"{_KEY}, since, looked, reason_sv, reason_en, number, edition"
Key = tuple[str, str, str, str]  # plan, kind of subject, subject, name of the period


class ReportPlansTable:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self) -> dict[str, datetime]:
        """Plan → since when it is known."""
        return {plan: from_micros(at) for plan, at in self._database.rows("SELECT plan, known FROM report_plans ORDER BY plan")}

    def know(self, plan: str, at: datetime) -> None:
        """The plan holds from now on. Again changes nothing."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO report_plans (plan, known) VALUES (?, ?)", (plan, to_micros(at)))

    def wait(self, key: Key, since: datetime, at: datetime, reason_sv: str, reason_en: str) -> None:
        """It waits, for that reason; since when stays as it was."""
        with self._database.transaction() as connection:
            connection.execute(
                f"INSERT INTO report_turns ({_KEY}, since, looked, reason_sv, reason_en) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 - our own words
                f"ON CONFLICT ({_KEY}) DO UPDATE SET looked = excluded.looked, reason_sv = excluded.reason_sv, "
                "reason_en = excluded.reason_en WHERE number = ''",
                (*key, to_micros(since), to_micros(at), reason_sv, reason_en),
            )

    def done(self, key: Key, since: datetime, at: datetime, number: str, edition: int) -> None:
        """It is published, and its mails are queued."""
        with self._database.transaction() as connection:
            connection.execute(
                f"INSERT INTO report_turns ({_KEY}, since, looked, number, edition) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 - our own words
                f"ON CONFLICT ({_KEY}) DO UPDATE SET looked = excluded.looked, number = excluded.number, "
                "edition = excluded.edition",
                (*key, to_micros(since), to_micros(at), number, edition),
            )

    def turn(self, key: Key) -> PlannedTurn | None:
        """What became of it; None where it was never taken up."""
        rows = self._database.rows(
            f"SELECT {_TURN} FROM report_turns WHERE plan = ? AND subject_kind = ? AND subject = ? AND period = ?",  # noqa: S608 - our own words
            key,
        )
        return _turn(rows[0]) if rows else None

    def waiting(self) -> list[PlannedTurn]:
        """Those that wait, the oldest first."""
        rows = self._database.rows(f"SELECT {_TURN} FROM report_turns WHERE number = '' ORDER BY since, {_KEY}")  # noqa: S608 - our own words
        return [_turn(row) for row in rows]

    def turns(self, since: datetime | None = None) -> list[PlannedTurn]:
        """Those that wait, and those that were due at that instant or later, all where none is named; the newest first."""
        rows = self._database.rows(
            f"SELECT {_TURN} FROM report_turns WHERE number = '' OR since >= ? ORDER BY since DESC, {_KEY}",  # noqa: S608 - our own words
            (0 if since is None else to_micros(since),),
        )
        return [_turn(row) for row in rows]


def _turn(row: Sequence[Any]) -> PlannedTurn:
    plan, kind, subject, period, since, looked, reason_sv, reason_en, number, edition = row
    return PlannedTurn(
        plan, kind, subject, period, from_micros(since), from_micros(looked), reason_sv, reason_en, number, edition
    )
