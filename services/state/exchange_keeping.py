"""What people decide about a suspected exchange, at the prompt and on the board: checked, decided, logged."""

from collections.abc import Callable
from typing import Any

from config.domain.clock import Clock
from config.errors import ChangeRefused, ConfigurationError
from services.state.audit import Act, Entry
from services.state.deviation_keeping import LONGEST, Doer
from services.state.exchange_levels import Contradiction
from services.state.exchanges import LedgerEntry, LedgerStatus
from services.state.state import State

DECIDED = (LedgerStatus.CONFIRMED, LedgerStatus.REJECTED)
STATUS_WORDS = {
    LedgerStatus.OPEN: ("öppen", "open"),
    LedgerStatus.CONFIRMED: ("bekräftad", "confirmed"),
    LedgerStatus.REJECTED: ("avvisad", "rejected"),
    LedgerStatus.WITHDRAWN: ("återtagen", "withdrawn"),
}

LevelCheck = Callable[[LedgerEntry, float | None, float | None], Contradiction | None]
"""What is wrong with the levels beside the readings, or None. Raises ChangeRefused where they cannot be judged at all."""


class ExchangeKeeping:
    """Every method raises ChangeRefused where it cannot be, and has then changed nothing."""

    def __init__(self, state: State, clock: Clock, check: LevelCheck) -> None:
        self._state = state
        self._clock = clock
        self._check = check

    def entry(self, number: int) -> LedgerEntry:
        """The suspicion of that number."""
        try:
            return self._state.exchanges.entry(number)
        except ConfigurationError as error:
            raise ChangeRefused(
                str(error),
                f"det finns inget mätarbyte {number}; `energimonitor exchanges list --all` visar dem som finns",
            ) from error

    def confirm(
        self, number: int, doer: Doer, old_register: float | None, new_register: float | None, note: str, *, anyway: bool = False
    ) -> LedgerEntry:
        """It was an exchange.

        Args:
            old_register, new_register: what was read off the two meters, in the point's unit; None where nobody did.
            anyway: also where the levels contradict the readings.
        """
        if not anyway and (old_register is not None or new_register is not None):
            wrong = self._check(self.entry(number), old_register, new_register)
            if wrong is not None:
                raise ChangeRefused(
                    f"exchange {number}: {wrong.sentence_en}; read them again, or say that it is so anyway",
                    f"mätarbyte {number}: {wrong.sentence_sv}; läs av igen, eller ange att det ändå är så",
                    may_insist=True,
                )
        with self._state.database.transaction():
            before = self._undecided(number)
            after = self._state.exchanges.decide(
                number,
                self._clock.now(),
                accepted=True,
                by=_named(doer),
                old_register=old_register,
                new_register=new_register,
                note=_short(note),
            )
            self._log(doer, Act.EXCHANGE_CONFIRMED, before, after, anyway=anyway)
            return after

    def reject(self, number: int, doer: Doer, note: str) -> LedgerEntry:
        """It was none."""
        with self._state.database.transaction():
            before = self._undecided(number)
            after = self._state.exchanges.decide(number, self._clock.now(), accepted=False, by=_named(doer), note=_short(note))
            self._log(doer, Act.EXCHANGE_REJECTED, before, after)
            return after

    def reopen(self, number: int, doer: Doer, note: str) -> LedgerEntry:
        """Take a decision back."""
        with self._state.database.transaction():
            before = self.entry(number)
            if before.status not in DECIDED:
                raise ChangeRefused(
                    f"exchange {number} is {before.status}: there is no decision to take back",
                    f"mätarbyte {number} är {_sv(before)}: det finns inget beslut att ta tillbaka",
                )
            after = self._state.exchanges.reopen(number, self._clock.now(), by=_named(doer), note=_short(note))
            self._log(doer, Act.EXCHANGE_REOPENED, before, after)
            return after

    def _undecided(self, number: int) -> LedgerEntry:
        found = self.entry(number)
        if found.status in DECIDED:
            raise ChangeRefused(
                f"exchange {number} is {found.status} already, by {found.decided_by} at {found.decided_at:%Y-%m-%d %H:%M} UTC; "
                "if that was wrong, take the decision back first (reopen)",
                f"mätarbyte {number} är redan {_sv(found)}, av {found.decided_by} {found.decided_at:%Y-%m-%d %H:%M} UTC; "
                "om det var fel, ta först tillbaka beslutet (reopen)",
            )
        return found

    def _log(self, doer: Doer, act: Act, before: LedgerEntry, after: LedgerEntry, **more: Any) -> None:
        entry = Entry(
            self._clock.now(), doer.name, doer.address, act, f"exchange {after.id}", _told(before), {**_told(after), **more}
        )
        self._state.audit.write(entry)


def _told(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "point": entry.point,
        "status": entry.status,
        "old_register": entry.old_register,
        "new_register": entry.new_register,
        "note": entry.note,
    }


def _sv(entry: LedgerEntry) -> str:
    return STATUS_WORDS[entry.status][0]


def _named(doer: Doer) -> str:
    if not doer.name.strip():
        raise ChangeRefused("nobody answers for the decision: say who with --by", "ingen svarar för beslutet: ange vem med --by")
    return doer.name.strip()


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ChangeRefused(f"longer than {LONGEST} characters; shorten the text", f"längre än {LONGEST} tecken; korta texten")
    return text.strip()
