"""What people do about a deviation, at the prompt and on the board alike: checked, done, and logged at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from config.domain.clock import Clock
from config.domain.deviations import Thread, ThreadState
from config.domain.periods import local_date
from config.errors import ChangeRefused
from services.state.audit import Act, Entry
from services.state.state import State

LONGEST = 2_000  # characters of a text


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, and from where; `PROMPT` for a command on the machine."""

    name: str
    address: str


PROMPT = "prompt"


class DeviationKeeping:
    """Every method raises ChangeRefused where it cannot be, and has then changed nothing."""

    def __init__(self, state: State, clock: Clock, timezone: str) -> None:
        self._state = state
        self._threads = state.deviation_threads
        self._clock = clock
        self._timezone = timezone

    @property
    def today(self) -> date:
        """The municipality's day."""
        return local_date(self._clock.now(), self._timezone)

    def thread(self, number: int) -> Thread:
        """The deviation of that number."""
        found = self._threads.thread(number)
        if found is None:
            raise ChangeRefused(
                f"there is no deviation {number}; `energimonitor deviations list --all` shows them",
                f"det finns ingen avvikelse {number}; `energimonitor deviations list --all` visar dem som finns",
            )
        return found

    def acknowledge(self, number: int, doer: Doer, text: str) -> Thread:
        """Somebody takes it on."""
        with self._state.database.transaction():
            before = self._open(number)
            after = self._threads.acknowledge(number, self._clock.now(), doer.name, _short(text))
            self._log(doer, Act.DEVIATION_ACKNOWLEDGED, before, after, text)
            return after

    def mute(self, number: int, doer: Doer, reason: str, until: date) -> Thread:
        """Nothing new of it before `until`."""
        if until <= self.today:
            raise ChangeRefused(
                f"{until}: that day is over or today; name a later one",
                f"{until}: den dagen har varit eller är i dag; ange en senare",
            )
        _needed(
            reason,
            "the reason is empty: say why nobody needs to hear of it",
            "skäl saknas: ange varför ingen behöver få veta det",
        )
        with self._state.database.transaction():
            before = self._open(number)
            after = self._threads.mute(number, self._clock.now(), doer.name, _short(reason), until)
            self._log(doer, Act.DEVIATION_MUTED, before, after, reason)
            return after

    def act(self, number: int, doer: Doer, text: str, day: date) -> Thread:
        """Something was done about it on that day."""
        if day > self.today:
            raise ChangeRefused(
                f"{day}: an action is recorded when it has been taken", f"{day}: en åtgärd antecknas när den är gjord"
            )
        _needed(text, "the action is empty: say what was done", "åtgärden är tom: skriv vad som gjordes")
        with self._state.database.transaction():
            before = self._open(number)
            if day < before.deviation.first_day:
                first = before.deviation.first_day
                raise ChangeRefused(
                    f"{day}: the deviation began on {first}; what was done before has not mended it",
                    f"{day}: avvikelsen började {first}; det som gjordes före dess har inte åtgärdat den",
                )
            after = self._threads.act(number, self._clock.now(), doer.name, _short(text), day)
            self._log(doer, Act.DEVIATION_ACTED_ON, before, after, text)
            return after

    def close(self, number: int, doer: Doer, reason: str) -> Thread:
        """Done with."""
        _needed(reason, "the reason is empty: say why it is done with", "skäl saknas: ange varför den är klar")
        with self._state.database.transaction():
            before = self._open(number)
            after = self._threads.close(number, self._clock.now(), doer.name, _short(reason))
            self._log(doer, Act.DEVIATION_CLOSED, before, after, reason)
            return after

    def _open(self, number: int) -> Thread:
        found = self.thread(number)
        if found.state is ThreadState.CLOSED:
            raise ChangeRefused(
                f"deviation {number} is closed; its history tells why", f"avvikelse {number} är avslutad; historiken visar varför"
            )
        return found

    def _log(self, doer: Doer, act: Act, before: Thread, after: Thread, text: str) -> None:
        subject = f"deviation {after.id}"
        self._state.audit.write(
            Entry(self._clock.now(), doer.name, doer.address, act, subject, _told(before), {**_told(after), "text": text})
        )


def _told(thread: Thread) -> dict[str, Any]:
    return {
        "state": thread.state,
        "building": thread.deviation.building,
        "muted_until": thread.muted_until,
        "mute_reason": thread.mute_reason,
        "action_day": thread.action_day,
    }


def _needed(text: str, english: str, swedish: str) -> None:
    if not text.strip():
        raise ChangeRefused(english, swedish)


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ChangeRefused(f"longer than {LONGEST} characters; shorten the text", f"längre än {LONGEST} tecken; korta texten")
    return text.strip()
