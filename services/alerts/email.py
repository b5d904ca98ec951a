"""Alerts by mail: words in the receiver's language, twice, with links to the board."""

from config.domain.alerts import Receiver
from services.alerts.sending import items
from services.alerts.wording import Wording
from services.mail.mail import Mail, MailSender
from services.state.alerts import Message


class EmailSender:
    """Fills `Sender`."""

    def __init__(self, mail: MailSender, municipality: str, board: str, zone: str) -> None:
        self._mail = mail
        self._municipality = municipality
        self._board = board
        self._zone = zone

    def send(self, receiver: Receiver, message: Message) -> None:
        """One mail. What it says comes from the message alone, so that a repeat is the same mail."""
        words, told = Wording(receiver.language, self._municipality, self._board, self._zone), items(message)
        self._mail.send(
            Mail(
                id=f"larm-{message.id}",
                to=receiver.address,
                subject=words.subject(told),
                text=words.text(told),
                html=words.html(told),
                written=message.written,
                language=receiver.language,
            )
        )
