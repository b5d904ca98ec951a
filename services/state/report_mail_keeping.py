"""What people do about a report's mail, at the prompt and on the board alike: checked, done, and logged at once."""

from config.domain.clock import Clock
from config.errors import ChangeRefused
from services.state.audit import Act, Entry
from services.state.deviation_keeping import Doer
from services.state.report_mails import ReportMail
from services.state.state import State


class ReportMailKeeping:
    """Raises ChangeRefused where it cannot be, and has then changed nothing.

    The log names the mail, not its recipient: an address is personal data, and no entry of the log can be taken away.
    """

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def send_again(self, mail: str, doer: Doer) -> ReportMail:
        """It goes again with the next round; its recipient may get it twice where it had arrived after all."""
        with self._state.database.transaction():
            before = self._known(mail)
            if self._state.report_mails.content(mail) is None:
                raise ChangeRefused(
                    "what was sent is kept no more; fetch the report here and send it by hand",
                    "det som sändes sparas inte längre; hämta rapporten här och skicka den själv",
                )
            if not self._state.report_mails.send_again(mail, self._clock.now()):
                raise ChangeRefused(
                    "the mail is on its way or has been sent: it is not sent again",
                    "brevet är på väg eller redan sänt: det sänds inte igen",
                )
            return self._changed(Act.REPORT_SENT_AGAIN, before, doer)

    def arrived(self, mail: str, doer: Doer) -> ReportMail:
        """Somebody has asked its recipient: it did."""
        with self._state.database.transaction():
            before = self._known(mail)
            if not self._state.report_mails.arrived(mail, self._clock.now()):
                raise ChangeRefused(
                    "only what is in doubt can be said to have arrived",
                    "bara det som är osäkert kan sägas ha kommit fram",
                )
            return self._changed(Act.REPORT_ARRIVED, before, doer)

    def _known(self, mail: str) -> ReportMail:
        found = self._state.report_mails.mail(mail)
        if found is None:
            raise ChangeRefused(f"there is no mail {mail}", f"det finns inget brev {mail}")
        return found

    def _changed(self, act: Act, before: ReportMail, doer: Doer) -> ReportMail:
        after = self._known(before.id)
        old, new = ({"mail": each.id, "state": each.state.value} for each in (before, after))
        subject = f"report {before.number}"
        self._state.audit.write(Entry(self._clock.now(), doer.name, doer.address, act, subject, old, new))
        return after
