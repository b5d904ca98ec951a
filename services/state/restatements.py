"""What each building's figures were calculated by, and, while days wait to be calculated again, why in words.

The forms (factors, price lists, a building's entry, the calculations) are texts whose meaning is the job's that compares them. A
building moves from one form to the next in the transaction that marks its days: a loss of the process leaves it where it was, or
where it is to be.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.state.database import Database
from services.state.dirty import DirtyDaysTable, DirtyGroupsTable, GroupPeriod


@dataclass(frozen=True, slots=True)
class Restated:
    """Why days are calculated again.

    Attributes:
        cause: one of `config.domain.changes.Cause`.
        carrier: whose figures alone it reaches; "" where it reaches others too.
        first_day, last_day: both inside.
    """

    cause: str
    carrier: str
    first_day: date
    last_day: date
    sentence_sv: str
    sentence_en: str


class RestatementsTable:
    """Fills its own tables, and marks days and groups along with them."""

    def __init__(self, database: Database, days: DirtyDaysTable, groups: DirtyGroupsTable) -> None:
        self._database = database
        self._days = days
        self._groups = groups

    def calculated_by(self) -> dict[str, dict[str, str]]:
        """Building → kind of form → digest of the form."""
        table: dict[str, dict[str, str]] = {}
        for building, kind, digest in self._database.rows("SELECT building, kind, digest FROM calculated_by"):
            table.setdefault(building, {})[kind] = digest
        return table

    def form(self, digest: str) -> str | None:
        """The form's text; None where it is not known."""
        rows = self._database.rows("SELECT form FROM configuration_forms WHERE digest = ?", (digest,))
        return rows[0][0] if rows else None

    def move(
        self,
        building: str,
        forms: Mapping[str, str],
        why: Iterable[Restated] = (),
        days: Mapping[str, Sequence[date]] | None = None,
        groups: Iterable[GroupPeriod] = (),
    ) -> None:
        """The building is calculated by `forms` (kind → text) from now on; what that changes is marked. All of it or nothing.

        Args:
            days: cause → days to calculate again; what has no day in it is not told either.
        """
        with self._database.transaction() as connection:
            for cause, marked in (days or {}).items():
                self._days.mark(building, marked, cause)
            (last,) = connection.execute("SELECT MAX(id) FROM dirty_days WHERE building = ?", (building,)).fetchone()
            if days and last is not None:
                connection.executemany(
                    "INSERT INTO restatements (building, mark, cause, carrier, first_day, last_day, sentence_sv, sentence_en) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (
                            building, last, item.cause, item.carrier, item.first_day.isoformat(), item.last_day.isoformat(),
                            item.sentence_sv, item.sentence_en,
                        )
                        for item in why
                    ],
                )  # fmt: skip
            self._groups.mark(groups)
            digests = {kind: (digest_of(text), text) for kind, text in forms.items()}
            connection.executemany("INSERT OR IGNORE INTO configuration_forms VALUES (?, ?)", digests.values())
            connection.executemany(
                "INSERT INTO calculated_by VALUES (?, ?, ?) ON CONFLICT (building, kind) DO UPDATE SET digest = excluded.digest",
                [(building, kind, digest) for kind, (digest, _) in digests.items()],
            )
            connection.execute("DELETE FROM configuration_forms WHERE digest NOT IN (SELECT digest FROM calculated_by)")

    def why(self, building: str) -> list[Restated]:
        """Why days of the building wait that are not calculated again yet."""
        rows = self._database.rows(
            "SELECT cause, carrier, first_day, last_day, sentence_sv, sentence_en FROM restatements "
            "WHERE building = ? ORDER BY id",
            (building,),
        )
        return [
            Restated(cause, carrier, date.fromisoformat(first), date.fromisoformat(last), sv, en)
            for cause, carrier, first, last, sv, en in rows
        ]


def digest_of(form: str) -> str:
    """What a form is compared by."""
    return hashlib.sha256(form.encode()).hexdigest()
