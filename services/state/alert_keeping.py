"""What people do about an alert, at the prompt and on the board alike: checked, done, and logged at once."""

from collections.abc import Mapping
from typing import Any

from config.domain.clock import Clock
from config.errors import ChangeRefused
from services.state.alerts import Alert, MessageState
from services.state.audit import Act, Entry
from services.state.deviation_keeping import LONGEST, Doer
from services.state.state import State

MESSAGE_WORDS: Mapping[MessageState, tuple[str, str]] = {
    MessageState.PENDING: ("väntar", "waiting"),
    MessageState.SENT: ("lämnat", "delivered"),
    MessageState.FAILED: ("gick inte fram", "not delivered"),
}


class AlertKeeping:
    """Raises ChangeRefused where it cannot be, and has then changed nothing."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def acknowledge(self, number: int, doer: Doer, note: str) -> Alert:
        """Somebody takes it on: nobody else is told because nobody did."""
        text = note.strip()
        if len(text) > LONGEST:
            raise ChangeRefused(
                f"longer than {LONGEST} characters; shorten the note", f"längre än {LONGEST} tecken; korta texten"
            )
        with self._state.database.transaction():
            before = self._state.alerts.alert(number)
            now = self._clock.now()
            if before is None or not self._state.alerts.acknowledge(number, now, doer.name, text):
                raise _refused(number, before)
            after = {**_told(before), "acknowledged_by": doer.name, "note": text}
            subject = f"alert {number}"
            self._state.audit.write(Entry(now, doer.name, doer.address, Act.ALERT_ACKNOWLEDGED, subject, _told(before), after))
            found = self._state.alerts.alert(number)
            assert found is not None  # noqa: S101 - it was there, and this is the same transaction
            return found


def _refused(number: int, alert: Alert | None) -> ChangeRefused:
    if alert is None or alert.begun is None:
        return ChangeRefused(
            f"there is no alert {number}; `energimonitor alerts list` shows those that hold",
            f"det finns inget larm {number}; `energimonitor alerts list` visar dem som gäller",
        )
    if alert.ended is not None:
        return ChangeRefused(f"alert {number} is over", f"larm {number} är över")
    return ChangeRefused(
        f"alert {number} was acknowledged already, by {alert.acknowledged_by}",
        f"larm {number} är redan kvitterat, av {alert.acknowledged_by}",
    )


def _told(alert: Alert) -> dict[str, Any]:
    fields = alert.fields
    return {
        "alert": fields["title_sv"],
        "building": fields["place"]["building"],
        "acknowledged_by": alert.acknowledged_by or None,
    }
