"""A mail as a value, and the seam to whatever sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Protocol

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """`media_type`: as "application/pdf"."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one address.

    Attributes:
        id: the same for the same message however often it is sent; becomes its Message-ID, by which a repeat is dropped.
        written: when it was written, aware; its Date, which a repeat does not change either.
        text, html: the same words twice; html "" where there is no twin.
    """

    id: str
    to: str
    subject: str
    text: str
    written: datetime
    html: str = ""
    language: str = "sv"
    attachments: Sequence[Attachment] = ()


class _Policy(EmailPolicy):
    """The library's own, but for how a subject with å, ä and ö is folded: it loses a space between two encoded words there."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() == "subject" and not value.isascii():
            words = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {words}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


class MailSender(Protocol):
    """Sends a mail. Sending it again sends the same bytes under the same Message-ID.

    Raises:
        DeliveryUnavailable: it was not taken now, or nobody knows whether it was; send it again later.
        DeliveryError: it will not be taken as it is.
    """

    def send(self, mail: Mail) -> None: ...


def composed(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it travels: the same mail gives the same bytes.

    Raises:
        ValueError: an address is none. Line breaks cannot get into a header: they are spaces before they come to one.
    """
    message = EmailMessage(_Policy())
    message["From"] = _address(sender, "Energimonitor")
    message["To"] = _address(mail.to)
    message["Subject"] = one_line(mail.subject)[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(mail.written)
    message["Message-ID"] = f"<{one_line(mail.id)}@{sender.rsplit('@', 1)[-1]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        message.set_boundary(f"text-{one_line(mail.id)}")
    for each in mail.attachments:
        kind, _, subkind = each.media_type.partition("/")
        message.add_attachment(each.content, maintype=kind, subtype=subkind, filename=one_line(each.name))
    if mail.attachments:
        message.set_boundary(f"parts-{one_line(mail.id)}")
        for part in message.iter_parts():  # the pair of texts, when there is one, is the first part
            if part.get_content_maintype() == "multipart":
                part.set_boundary(f"text-{one_line(mail.id)}")
    message["Content-Language"] = mail.language  # last: making content takes headers of content away
    return message


def one_line(text: str) -> str:
    """Without line breaks and other control characters: what a building is called must not add headers."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _address(text: str, name: str = "") -> Address:
    if not text or one_line(text) != text:  # Address fails on "" with an IndexError
        raise ValueError(f"{text!r} is no mail address")
    return Address(name, addr_spec=text)
