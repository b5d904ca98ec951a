"""Mails that a later server returns: which report's mail it is of, and why it did not arrive. Pure but for `take`.

A server that has taken a mail and cannot deliver it writes a delivery status notification to the sender's address:
multipart/report with words for people, a message/delivery-status (RFC 3464; RFC 6533 of international addresses), and the
returned mail or its headers, whose Message-ID is ours.

Left out on purpose: returned mails in no standard's form (qmail, Exim before 4.73 and hosts that write prose), notifications
without the returned mail's id, and everything else that comes to such an address: read receipts, automatic replies, spam.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32

from services.mail.mail import one_line
from services.state.report_mails import MailWords, ReportMail, ReportMailsTable

LONGEST = 512 * 1024  # bytes that are read: status and headers stand before the returned mail's own files
MOST_PARTS = 100  # parts in parts cost their number squared
LONGEST_WORDS, LONGEST_FIELD = 300, 10_000
STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """
    Attributes:
        message_id: of the mail that was returned, without < and >.
        recipient: as the server that gave up names it; "" where it does not.
        status: enhanced status code (RFC 3463), as "5.1.1"; "" where there is none.
        words: the server's, on one line.
    """

    message_id: str
    recipient: str
    status: str
    words: str


def bounce_of(raw: bytes) -> Bounce | None:
    """What the mail tells of one that will not arrive; None of any other mail, also of one that is only delayed.

    Whatever the bytes are, it gives an answer and raises nothing.
    """
    begun = raw[:LONGEST]
    if begun.lower().count(b"content-type") > MOST_PARTS:
        return None
    try:
        message = BytesParser(policy=compat32).parsebytes(begun)
    except RecursionError:  # parts in parts without end
        return None
    parts = _inner(message)  # also of a multipart/mixed: Domino's are
    groups = (group for part in parts if part.get_content_type() in STATUS for group in _groups(part))
    failed = next((group for group in groups if _failed(group)), None)
    found = next((each for each in _ids(message, parts) if each), "")
    if failed is None or not found:
        return None
    status = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", _field(failed, "Status"))
    words = _field(failed, "Diagnostic-Code") or _field(failed, "Status")
    return Bounce(
        message_id=found,
        recipient=_typed(_field(failed, "Final-Recipient") or _field(failed, "Original-Recipient")),
        status="" if status is None else status[0],
        words=_typed(words)[:LONGEST_WORDS],
    )


def take(raw: bytes, ledger: ReportMailsTable, at: datetime) -> ReportMail | None:
    """The mail that was returned, put on record as such; None where the bytes return none of ours.

    Raises:
        StoreError: the ledger cannot be written; whoever hands mails in tries again.
    """
    bounce = bounce_of(raw)
    mail = None if bounce is None else ledger.mail(bounce.message_id.partition("@")[0])
    if bounce is None or mail is None:
        return None
    told = f"{bounce.recipient or mail.recipient}: {bounce.words or bounce.status}"
    ledger.bounced(mail.id, at, MailWords(f"Kom i retur: {told}", f"Returned: {told}"))
    return ledger.mail(mail.id)


def _inner(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _groups(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery status: of the mail, then of each recipient."""
    for group in _inner(part):
        yield group
        rest = group.get_payload()
        if isinstance(rest, str):  # of an international one the library reads the first group only
            yield from (HeaderParser().parsestr(text.lstrip()) for text in re.split(r"\r?\n[ \t]*\r?\n", rest) if text.strip())


def _failed(group: Message) -> bool:
    action = _field(group, "Action").lower()
    return action.startswith("failed") or (not action and _field(group, "Status").startswith("5."))


def _field(group: Message, name: str) -> str:
    """Also behind a server's words that go over several lines without being folded: the library takes the rest for a body."""
    rest = group.get_payload()
    behind = re.search(rf"(?mi)^{name}:(.*)$", rest) if isinstance(rest, str) else None
    return _text(group, name) or ("" if behind is None else one_line(behind[1][:LONGEST_FIELD]))


def _ids(message: Message, parts: list[Message]) -> Iterator[str]:
    """Where the returned mail's Message-ID may stand, the surest place first."""
    for part in parts:
        if part.get_content_type() in RETURNED:
            for returned in _inner(part) or [HeaderParser().parsestr(str(part.get_payload()).lstrip())]:
                yield _id(_text(returned, "Message-ID"))
    for name in ("In-Reply-To", "References"):
        yield _id(_text(message, name))


def _id(text: str) -> str:
    found = re.search(r"<?([^<>\s@]{1,200}@[^<>\s@]{1,250})>?", text)
    return "" if found is None else found[1]


def _text(message: Message, name: str) -> str:
    return one_line(str(message.get(name, ""))[:LONGEST_FIELD])


def _typed(text: str) -> str:
    """What stands behind the type: "rfc822; anna@example.se", "smtp; 550 …"."""
    kind, semicolon, rest = text.partition(";")
    return rest.strip() if semicolon and re.fullmatch(r"[\w-]+", kind.strip()) else text
