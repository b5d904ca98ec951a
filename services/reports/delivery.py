"""Published reports on their way to mailboxes: each edition to each mailbox once, whatever ends in between.

1. queue    the mail is composed and kept, one row a recipient; the ledger's key forbids a second one of the same
2. attempt  an attempt is counted, and nobody else makes one for a while
3. send     the server gets all of the mail but the dot that ends it
4. commit   "handing over" is on record
5. dot      the mail is the server's
6. keep     what the server said: taken, refused, not now

What ends before 4, whether this process, the line or the server, has delivered nothing (RFC 5321, 4.1.1.10): it is sent again by
itself. What ends between 4 and 6 may have arrived or not, and nobody can find out (RFC 1047): it is in doubt, is shown, and a
person says that it arrived or sends it again. A second copy of a board's report is worse than a question, and a lost one is worse
than both; so it is asked, and only there. To make that stretch short the server is waited for as long as RFC 5321 asks.
"""

import hashlib
import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pydantic import ConfigDict, TypeAdapter, ValidationError

from config.domain.clock import Clock
from config.errors import DeliveryError, DeliveryInDoubt, DeliveryUnavailable, ReportError
from services.mail.mail import Attachment, Mail
from services.mail.retrying import LONGEST_WAIT, next_attempt
from services.reports.file_names import file_name
from services.reports.report import Publication
from services.reports.wording import Language
from services.state.published_reports import KeptFile
from services.state.report_mails import MailWords, ReportMail, ReportMailsTable

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)  # longer than an attempt may take, the wait for its last answer included
GIVE_UP = timedelta(days=5)  # RFC 5321, 4.5.4.1
NO_TIME = datetime.fromtimestamp(0, UTC)
ROUND = 30  # mails, so that who stops the service need not wait long: what is killed in the wrong moment is in doubt
AWAY = 3  # mails in a row that were not taken: the server is away, and the next round will see
LEFT = MailWords(
    "Programmet slutade medan mejlet lämnades över; det kan ha kommit fram.",
    "The program ended while the mail was handed over; it may have arrived.",
)


class StepwiseSender(Protocol):
    """Sends a mail and says when it is about to be the server's.

    Args:
        before_last_dot: called when the server has all but the end; what it raises stops the mail and comes through.

    Raises:
        DeliveryInDoubt: the server may have taken it.
        DeliveryUnavailable: it was not taken now.
        DeliveryError: it will not be taken as it is.
    """

    def send(self, mail: Mail, before_last_dot: Callable[[], None]) -> None: ...


class Archive(Protocol):
    """The files of published reports, as `services.reports.archive` has them."""

    def files(self, number: str, edition: int) -> list[KeptFile]: ...

    def form(self, number: str, edition: int, language: str, suffix: str) -> bytes: ...


class Compose(Protocol):
    """The mail of a publication: its words and pictures, to nobody yet and with nothing attached; the same gives the same."""

    def __call__(self, publication: Publication, language: Language) -> Mail: ...


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a publication goes. `forms`: suffixes of what is attached."""

    recipients: Sequence[str]
    language: Language = "sv"
    forms: Sequence[str] = ("pdf",)


@dataclass(frozen=True, slots=True)
class _Attached:
    """A form of the edition; its bytes stay in the archive."""

    suffix: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class _Content:
    """What is kept of mails until they are old: all of them but recipient, id and time, which each has of its own."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    mail: Mail
    attached: tuple[_Attached, ...]


_CONTENT = TypeAdapter(_Content)


class ReportDelivery:
    """Several processes may deliver at once. `sender`: None where the settings name no mail server; mails wait then."""

    def __init__(
        self, ledger: ReportMailsTable, archive: Archive, compose: Compose, sender: StepwiseSender | None, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._archive = archive
        self._compose = compose
        self._sender = sender
        self._clock = clock

    # 1. queue

    def queue(self, publication: Publication, to: Addressed, *, other_editions_too: bool = False) -> list[str]:
        """To be sent from the next round on, to those of the recipients who never got it; twice is once.

        Args:
            other_editions_too: also who got another edition of it gets this one.
        Returns:
            The recipients that it was queued for.
        Raises:
            ReportError: it is a preview, or was not published in a form that is to be attached.
        """
        if not publication.number:
            raise ReportError("a preview is not sent; publish it first", "en förhandsvisning sänds inte; publicera den först")
        files = self._archive.files(publication.number, publication.edition)
        kept = {each.suffix: each for each in files if each.language == to.language}
        lacking = [suffix for suffix in to.forms if suffix not in kept]
        if lacking:
            raise ReportError(
                f"{publication.name}: was not published as {', '.join(lacking)}",
                f"{publication.name}: publicerades inte som {', '.join(lacking)}",
            )
        attached = tuple(
            _Attached(suffix, file_name(publication, to.language, suffix), kept[suffix].media_type) for suffix in to.forms
        )
        mail = replace(
            self._compose(publication, to.language), id="", to="", written=datetime.fromtimestamp(0, UTC), attachments=()
        )
        content = zlib.compress(_CONTENT.dump_json(_Content(mail, attached)))
        mails = {recipient: _id_of(publication, recipient) for recipient in to.recipients}
        fingerprint = hashlib.sha256(content).hexdigest()
        return self._ledger.queue(
            publication.number,
            publication.edition,
            to.language,
            mails,
            (fingerprint, content),
            self._clock.now(),
            other_editions_too=other_editions_too,
        )

    # 2. attempt, 3. send, 4. commit, 5. dot, 6. keep

    def waits(self, now: datetime) -> bool:
        """Whether a round would do anything."""
        return bool(self._ledger.left(now - LEASE) or (self._sender is not None and self._ledger.due(now)))

    def send_due(self) -> None:
        """One round of mails that are due, the oldest first. One that is refused stops no other.

        Raises:
            StoreError: the ledger cannot be written. Nothing is sent that is not on record.
        """
        now = self._clock.now()
        for left in self._ledger.abandoned(now - LEASE, now, LEFT):
            log.error("a report's mail is in doubt", extra={"mail": left.id, "error": LEFT.en})
        if self._sender is None:
            return
        away = 0
        for mail in self._ledger.due(now)[:ROUND]:
            away = 0 if self._send(mail, self._sender) else away + 1
            if away == AWAY:
                return

    def _send(self, mail: ReportMail, sender: StepwiseSender) -> bool:
        """Whether the server had a word of its own on it."""
        now = self._clock.now()
        attempt = self._ledger.attempt(mail.id, now, now + LEASE)
        if attempt is None:
            return True
        try:
            sender.send(self._composed(mail), lambda: self._hand_over(mail, attempt))
        except DeliveryInDoubt as error:
            self._ledger.in_doubt(mail.id, attempt, self._clock.now(), _words(error))
            log.error("a report's mail is in doubt", extra={"mail": mail.id, "error": str(error)})
            return False
        except DeliveryUnavailable as error:
            self._postpone(mail, attempt, error)
            return False
        except DeliveryError as error:
            self._ledger.refused(mail.id, attempt, self._clock.now(), _words(error))
            log.error("a report's mail was refused", extra={"mail": mail.id, "error": str(error)})
        else:
            # before it is kept: where the ledger cannot be written it is in doubt, and this tells
            log.info("a report's mail was taken", extra={"mail": mail.id, "attempts": attempt})
            self._ledger.sent(mail.id, attempt, self._clock.now())
        return True

    def _hand_over(self, mail: ReportMail, attempt: int) -> None:
        if not self._ledger.handing_over(mail.id, attempt, self._clock.now()):
            raise DeliveryUnavailable(f"{mail.id}: another process has it", sv=f"{mail.id}: en annan process har det")

    def _postpone(self, mail: ReportMail, attempt: int, error: DeliveryUnavailable) -> None:
        now, words = self._clock.now(), _words(error)
        log.warning("a report's mail was not taken", extra={"mail": mail.id, "error": str(error)})
        if now - self._ledger.since(mail.id) >= GIVE_UP:
            days = GIVE_UP.days
            given_up = MailWords(f"Gavs upp efter {days} dygn: {words.sv}", f"Given up after {days} days: {words.en}")
            self._ledger.refused(mail.id, attempt, now, given_up)
        else:
            self._ledger.postponed(mail.id, attempt, now, next_attempt(now, mail.attempts, error.retry_after), words)

    def _composed(self, mail: ReportMail) -> Mail:
        """The same at every attempt.

        Raises:
            DeliveryError: its content is kept no more, or cannot be read.
            DeliveryUnavailable: the archive has lost a file, and waits for a backup.
        """
        kept = self._ledger.content(mail.id)
        if kept is None:
            raise DeliveryError(f"{mail.id}: its content is kept no more", f"{mail.id}: innehållet sparas inte längre")
        try:
            content = _CONTENT.validate_json(zlib.decompress(kept))
        except ValidationError as error:
            raise DeliveryError(
                f"{mail.id}: another version of the program wrote it; send the report to {mail.recipient} by hand",
                f"{mail.id}: en annan version av programmet skrev det; sänd rapporten till {mail.recipient} för hand",
            ) from error
        try:
            attachments = tuple(
                Attachment(each.name, each.media_type, self._archive.form(mail.number, mail.edition, mail.language, each.suffix))
                for each in content.attached
            )
        except ReportError as error:
            raise DeliveryUnavailable(str(error), LONGEST_WAIT.total_seconds(), error.sentence("sv")) from error
        return replace(content.mail, id=mail.id, to=mail.recipient, written=mail.written, attachments=attachments)


def _id_of(publication: Publication, recipient: str) -> str:
    """The same for the same edition to the same mailbox, also after the state has been brought back from a backup."""
    mailbox = hashlib.sha256(recipient.casefold().encode()).hexdigest()[:12]
    return f"rapport-{publication.name.lower()}-{mailbox}"


def _words(error: DeliveryError) -> MailWords:
    return MailWords(error.sentence("sv"), str(error))
